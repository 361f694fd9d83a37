#include "tests/support/capture_bytes.h"

#include <lzma.h>
#include <pthread.h>
#include <sys/stat.h>
#include <zlib.h>
#include <zstd.h>

#include "capture/file/source.h"

enum { PLAIN_BYTES = 200000 };

static uint8_t plain[PLAIN_BYTES];
static char folder[] = "/tmp/culprit-source-XXXXXX";

static int prepare(void **state)
{
	uint32_t seed = 1;

	(void)state;
	for (size_t i = 0; i < PLAIN_BYTES; i++) {
		seed = seed * 1664525 + 1013904223;
		plain[i] = (uint8_t)(seed >> 24) & 0x3f;
	}
	return mkdtemp(folder) ? 0 : -1;
}

static int clean_up(void **state)
{
	(void)state;
	return rmdir(folder);
}

static struct bytes gzipped(void)
{
	struct bytes packed = bytes_new(false);
	z_stream stream = {.next_in = plain,
		.avail_in = PLAIN_BYTES,
		.next_out = packed.data,
		.avail_out = BYTES_MOST};

	assert_int_equal(deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8,
				 Z_DEFAULT_STRATEGY),
		Z_OK);
	assert_int_equal(deflate(&stream, Z_FINISH), Z_STREAM_END);
	packed.length = BYTES_MOST - stream.avail_out;
	(void)deflateEnd(&stream);
	return packed;
}

static struct bytes zstandarded(void)
{
	struct bytes packed = bytes_new(false);
	ZSTD_CCtx *context = ZSTD_createCCtx();

	(void)ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1);
	packed.length = ZSTD_compress2(
		context, packed.data, BYTES_MOST, plain, PLAIN_BYTES);
	assert_false(ZSTD_isError(packed.length));
	(void)ZSTD_freeCCtx(context);
	return packed;
}

static struct bytes xzed(void)
{
	struct bytes packed = bytes_new(false);

	/* a failed assertion ends the test, and may leak:
	 * NOLINTNEXTLINE(clang-analyzer-unix.Malloc) */
	assert_int_equal(
		lzma_easy_buffer_encode(6, LZMA_CHECK_CRC64, NULL, plain,
			PLAIN_BYTES, packed.data, &packed.length, BYTES_MOST),
		LZMA_OK);
	return packed;
}

static struct bytes packed_by(unsigned kind)
{
	return kind == 0 ? gzipped() : kind == 1 ? zstandarded() : xzed();
}

static const char *const names[] = {"gzip", "zstd", "xz"};

/* Reads all, in steps of some size; returns how much, -1 in `*last` for an
 * error. */
static size_t read_source(struct source *source, uint8_t *out, size_t step,
	ssize_t *last, struct failure *failure)
{
	size_t total = 0;

	while (total < BYTES_MOST - step &&
		(*last = source_read(source, out + total, step, failure)) > 0)
		total += (size_t)*last;
	return total;
}

static size_t read_packed(const struct bytes *packed, size_t length,
	uint8_t *out, size_t step, ssize_t *last, struct failure *failure)
{
	char path[32];
	int descriptor = nameless(packed->data, length, path);
	struct source *source = source_open(path, failure);

	assert_non_null(source);
	size_t total = read_source(source, out, step, last, failure);
	source_close(source);
	close(descriptor);
	return total;
}

static void each_compression_gives_the_bytes_that_went_in(void **state)
{
	const size_t steps[] = {1000, 65536, 150000};
	uint8_t *out = malloc(BYTES_MOST);
	struct failure failure;
	ssize_t last;

	(void)state;
	for (unsigned kind = 0; kind < 3; kind++)
		for (unsigned i = 0; i < 3; i++) {
			struct bytes packed = packed_by(kind);
			assert_int_equal(
				read_packed(&packed, packed.length, out,
					steps[i], &last, &failure),
				PLAIN_BYTES);
			assert_int_equal(last, 0);
			assert_memory_equal(out, plain, PLAIN_BYTES);
			free(packed.data);
		}
	free(out);
}

static void streams_that_follow_on_each_other_are_one(void **state)
{
	uint8_t *out = malloc(BYTES_MOST);
	struct failure failure;
	ssize_t last;

	(void)state;
	for (unsigned kind = 0; kind < 3; kind++) {
		struct bytes packed = packed_by(kind);
		size_t length = packed.length;
		if (kind == 2) /* xz streams are multiples of four bytes */
			assert_int_equal(length % 4, 0);
		put(&packed, packed.data, length);
		put(&packed, packed.data, length);
		assert_int_equal(read_packed(&packed, packed.length, out, 70000,
					 &last, &failure),
			3 * PLAIN_BYTES);
		assert_int_equal(last, 0);
		for (unsigned i = 0; i < 3; i++)
			assert_memory_equal(
				out + i * PLAIN_BYTES, plain, PLAIN_BYTES);
		free(packed.data);
	}
	free(out);
}

static void gzip_may_be_padded_but_not_followed_by_others(void **state)
{
	uint8_t *out = malloc(BYTES_MOST);
	struct bytes packed = gzipped();
	struct failure failure;
	ssize_t last;

	(void)state;
	for (unsigned i = 0; i < 70000; i++)
		put(&packed, "", 1);
	assert_int_equal(
		read_packed(&packed, packed.length, out, 4096, &last, &failure),
		PLAIN_BYTES);
	assert_int_equal(last, 0);
	put(&packed, "garbage", 7);
	assert_int_equal(
		read_packed(&packed, packed.length, out, 4096, &last, &failure),
		PLAIN_BYTES);
	assert_int_equal(last, -1);
	assert_non_null(strstr(failure.text, "not gzip"));
	free(packed.data);
	free(out);
}

static void compressed_data_that_ends_early_is_told_in_our_words(void **state)
{
	uint8_t *out = malloc(BYTES_MOST);
	struct failure failure;
	char expected[64];
	ssize_t last;

	(void)state;
	for (unsigned kind = 0; kind < 3; kind++) {
		struct bytes packed = packed_by(kind);
		size_t before = 0;
		for (size_t length = 7; length < packed.length;
			length += length < 100 ? 1 : 997) {
			size_t total = read_packed(
				&packed, length, out, 65536, &last, &failure);
			assert_int_equal(last, -1);
			assert_int_equal(failure.exit_code, EXIT_INPUT_CUT);
			(void)snprintf(expected, sizeof(expected),
				"its %s data ends early, at byte %zu of the "
				"file",
				names[kind], length);
			assert_non_null(strstr(failure.text, expected));
			assert_true(total >= before);
			assert_memory_equal(out, plain, total);
			before = total;
		}
		assert_true(before > PLAIN_BYTES / 4);
		free(packed.data);
	}
	free(out);
}

static void damaged_compressed_data_is_told(void **state)
{
	uint8_t *out = malloc(BYTES_MOST);
	struct failure failure;
	ssize_t last;

	(void)state;
	for (unsigned kind = 0; kind < 3; kind++) {
		struct bytes packed = packed_by(kind);
		for (size_t at = packed.length - 30; at > 8; at -= at / 7 + 1) {
			packed.data[at] ^= 0x10;
			size_t total = read_packed(&packed, packed.length, out,
				65536, &last, &failure);
			assert_true(total <= BYTES_MOST);
			/* what is before the damage is kept, however read */
			assert_int_equal(read_packed(&packed, packed.length,
						 out, 500, &last, &failure),
				total);
			packed.data[at] ^= 0x10;
			if (at < 32) /* a name or a time may be changed */
				continue;
			assert_int_equal(last, -1);
			assert_non_null(strstr(failure.text, names[kind]));
		}
		free(packed.data);
	}
	free(out);
}

static void reading_on_after_the_end_or_an_error_stays_there(void **state)
{
	struct bytes packed = gzipped();
	uint8_t *out = malloc(BYTES_MOST);
	char path[32];
	struct failure failure;
	ssize_t last;
	int descriptor = nameless(packed.data, packed.length / 2, path);
	struct source *source = source_open(path, &failure);

	(void)state;
	(void)read_source(source, out, 65536, &last, &failure);
	for (unsigned i = 0; i < 3; i++)
		assert_int_equal(source_read(source, out, 65536, &failure), -1);
	assert_string_equal(source_compression(source), "gzip");
	source_close(source);
	close(descriptor);
	free(packed.data);
	free(out);
}

static void a_rewound_file_gives_the_same_bytes_again(void **state)
{
	const size_t parts[] = {3, 70000, BYTES_MOST / 2};
	uint8_t *out = malloc(BYTES_MOST);
	char path[32];
	struct failure failure;
	uint64_t done, total;
	ssize_t last;

	(void)state;
	for (unsigned kind = 0; kind < 4; kind++) {
		struct bytes packed =
			kind == 3 ? bytes_new(false) : packed_by(kind);
		if (kind == 3)
			put(&packed, plain, PLAIN_BYTES);
		int descriptor = nameless(packed.data, packed.length, path);
		struct source *source = source_open(path, &failure);
		for (unsigned i = 0; i < 3; i++) {
			assert_true(source_read(source, out, parts[i],
					    &failure) > 0);
			source_rewind(source);
			source_progress(source, &done, &total);
			assert_int_equal(done, 0);
			memset(out, 0, BYTES_MOST);
			assert_int_equal(read_source(source, out, 65536, &last,
						 &failure),
				PLAIN_BYTES);
			assert_int_equal(last, 0);
			assert_memory_equal(out, plain, PLAIN_BYTES);
			source_rewind(source);
		}
		source_close(source);
		close(descriptor);
		free(packed.data);
	}
	free(out);
}

static void standard_input_that_is_a_file_is_read_from_where_it_stands(
	void **state)
{
	uint8_t *out = malloc(BYTES_MOST);
	struct failure failure;
	uint64_t done, total;
	ssize_t last;
	char path[32];
	int kept = dup(STDIN_FILENO);
	int descriptor = nameless(plain, PLAIN_BYTES, path);

	(void)state;
	assert_int_equal(dup2(descriptor, STDIN_FILENO), STDIN_FILENO);
	assert_int_equal(lseek(STDIN_FILENO, 1000, SEEK_SET), 1000);
	struct source *one = source_open("-", &failure);
	struct source *other = source_open("-", &failure);
	source_progress(one, &done, &total);
	assert_int_equal(total, PLAIN_BYTES - 1000);
	assert_int_equal(source_read(one, out, 500, &failure), 6);
	for (unsigned i = 0; i < 2; i++) {
		/* neither moves the other, nor the offset that both share */
		assert_int_equal(
			read_source(other, out, 65536, &last, &failure),
			PLAIN_BYTES - 1000);
		assert_memory_equal(out, plain + 1000, PLAIN_BYTES - 1000);
		source_rewind(other);
	}
	assert_int_equal(lseek(STDIN_FILENO, 0, SEEK_CUR), 1000);
	source_close(one);
	source_close(other);
	(void)dup2(kept, STDIN_FILENO);
	close(kept);
	close(descriptor);
	free(out);
}

static void progress_counts_the_bytes_on_disk(void **state)
{
	struct bytes packed = xzed();
	uint8_t *out = malloc(BYTES_MOST);
	char path[32];
	struct failure failure;
	uint64_t done, total;
	ssize_t last;
	int descriptor = nameless(packed.data, packed.length, path);
	struct source *source = source_open(path, &failure);

	(void)state;
	assert_null(source_compression(source));
	source_progress(source, &done, &total);
	assert_int_equal(done, 0);
	assert_int_equal(total, packed.length);
	(void)read_source(source, out, 65536, &last, &failure);
	source_progress(source, &done, &total);
	assert_int_equal(done, packed.length);
	source_close(source);
	close(descriptor);
	free(packed.data);
	free(out);
}

static void what_cannot_be_opened_is_told_with_what_to_do(void **state)
{
	char path[80];
	struct failure failure;

	(void)state;
	(void)snprintf(path, sizeof(path), "%s/missing", folder);
	assert_null(source_open(path, &failure));
	assert_int_equal(failure.exit_code, EXIT_INPUT_CUT);
	assert_non_null(strstr(failure.text, "/missing: there is no such"));
	assert_null(source_open(folder, &failure));
	assert_non_null(strstr(failure.text, "it is a directory"));
	if (geteuid() == 0)
		return; /* root may read everything */
	(void)snprintf(path, sizeof(path), "%s/secret", folder);
	close(open(path, O_CREAT | O_WRONLY, 0));
	assert_null(source_open(path, &failure));
	assert_int_equal(failure.exit_code, EXIT_NO_PERMISSION);
	assert_non_null(strstr(failure.text, "you may not read it"));
	(void)unlink(path);
}

struct slow_writing {
	const char *path; /* opened for writing, or NULL */
	int descriptor;
	const uint8_t *data;
	size_t length, step;
};

static void *write_slowly(void *argument)
{
	struct slow_writing *writing = argument;

	if (writing->path)
		writing->descriptor = open(writing->path, O_WRONLY | O_CLOEXEC);
	for (size_t at = 0; at < writing->length; at += writing->step) {
		size_t count = writing->length - at < writing->step
				       ? writing->length - at
				       : writing->step;
		if (write(writing->descriptor, writing->data + at, count) !=
			(ssize_t)count)
			break;
	}
	close(writing->descriptor);
	return NULL;
}

static void a_fifo_is_read_as_a_file_is(void **state)
{
	uint8_t *out = malloc(BYTES_MOST);
	char path[80];
	struct failure failure;
	pthread_t thread;
	ssize_t last;

	(void)state;
	(void)snprintf(path, sizeof(path), "%s/fifo", folder);
	assert_int_equal(mkfifo(path, 0600), 0);
	for (unsigned kind = 0; kind < 4; kind++) {
		struct bytes packed =
			kind == 3 ? bytes_new(false) : packed_by(kind);
		if (kind == 3)
			put(&packed, plain, PLAIN_BYTES);
		struct slow_writing writing = {.path = path,
			.data = packed.data,
			.length = packed.length,
			.step = 1237};
		assert_int_equal(
			pthread_create(&thread, NULL, write_slowly, &writing),
			0);
		struct source *source = source_open(path, &failure);
		assert_non_null(source);
		assert_false(source_is_file(source));
		assert_int_equal(
			read_source(source, out, 65536, &last, &failure),
			PLAIN_BYTES);
		assert_int_equal(last, 0);
		assert_memory_equal(out, plain, PLAIN_BYTES);
		source_close(source);
		assert_int_equal(pthread_join(thread, NULL), 0);
		free(packed.data);
	}
	(void)unlink(path);
	free(out);
}

static void standard_input_may_be_a_pipe_that_does_not_wait(void **state)
{
	uint8_t *out = malloc(BYTES_MOST);
	struct failure failure;
	pthread_t thread;
	ssize_t last;
	int ends[2], kept = dup(STDIN_FILENO);
	struct bytes packed = zstandarded();

	(void)state;
	assert_int_equal(pipe(ends), 0);
	assert_int_equal(fcntl(ends[0], F_SETFL, O_NONBLOCK), 0);
	assert_int_equal(dup2(ends[0], STDIN_FILENO), STDIN_FILENO);
	struct slow_writing writing = {.descriptor = ends[1],
		.data = packed.data,
		.length = packed.length,
		.step = 777};
	struct source *source = source_open("-", &failure);
	assert_non_null(source);
	assert_string_equal(source_name(source), "standard input");
	assert_int_equal(
		pthread_create(&thread, NULL, write_slowly, &writing), 0);
	assert_int_equal(
		read_source(source, out, 65536, &last, &failure), PLAIN_BYTES);
	assert_int_equal(last, 0);
	assert_int_equal(pthread_join(thread, NULL), 0);
	source_close(source);
	close(ends[0]);
	(void)dup2(kept, STDIN_FILENO);
	close(kept);
	free(packed.data);
	free(out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_compression_gives_the_bytes_that_went_in),
		cmocka_unit_test(streams_that_follow_on_each_other_are_one),
		cmocka_unit_test(gzip_may_be_padded_but_not_followed_by_others),
		cmocka_unit_test(
			compressed_data_that_ends_early_is_told_in_our_words),
		cmocka_unit_test(damaged_compressed_data_is_told),
		cmocka_unit_test(
			reading_on_after_the_end_or_an_error_stays_there),
		cmocka_unit_test(a_rewound_file_gives_the_same_bytes_again),
		cmocka_unit_test(
			standard_input_that_is_a_file_is_read_from_where_it_stands),
		cmocka_unit_test(progress_counts_the_bytes_on_disk),
		cmocka_unit_test(what_cannot_be_opened_is_told_with_what_to_do),
		cmocka_unit_test(a_fifo_is_read_as_a_file_is),
		cmocka_unit_test(
			standard_input_may_be_a_pipe_that_does_not_wait),
	};

	return cmocka_run_group_tests(tests, prepare, clean_up);
}
