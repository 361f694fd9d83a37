#include "tests/support/capture_bytes.h"

#include "capture/file/recording_state.h"

#include <pthread.h>
#include <sys/stat.h>
#include <zlib.h>

static const uint32_t microseconds = 0xa1b2c3d4;

/* Several nameless files, by their paths. */
struct files {
	unsigned count;
	int descriptors[8];
	char paths[8][32];
	const char *list[8];
};

static void add_file(struct files *files, const struct bytes *bytes)
{
	unsigned i = files->count++;

	files->descriptors[i] =
		nameless(bytes->data, bytes->length, files->paths[i]);
	files->list[i] = files->paths[i];
}

static void close_files(struct files *files)
{
	for (unsigned i = 0; i < files->count; i++)
		close(files->descriptors[i]);
}

/* `count` frames, one a second. */
static struct bytes capture_from(uint32_t seconds, unsigned count)
{
	struct bytes bytes = bytes_new(false);

	pcap_header(&bytes, microseconds, 65535, 1);
	for (unsigned i = 0; i < count; i++)
		pcap_record(&bytes, seconds + i, 0, 40, 40);
	return bytes;
}

static void files_are_read_in_the_order_of_their_times(void **state)
{
	struct files files = {.count = 0};
	const uint32_t starts[] = {300, 100, 200};
	struct failure failure;
	uint64_t number;

	(void)state;
	for (unsigned i = 0; i < 3; i++) {
		struct bytes bytes = capture_from(starts[i], 10 + i);
		add_file(&files, &bytes);
		free(bytes.data);
	}
	struct result *result = read_paths(files.list, 3);
	assert_whole(result);
	assert_int_equal(result->count, 33);
	assert_int_equal(result->interfaces, 1);
	for (unsigned i = 0; i < 33; i++) {
		uint32_t second = i < 11   ? 100 + i
				  : i < 23 ? 200 + i - 11
					   : 300 + i - 23;
		assert_int_equal(result->frames[i].number, i + 1);
		assert_int_equal(
			result->frames[i].time_ns, second * 1000000000ll);
	}
	free(result);

	struct recording *recording = open_and_begin(files.list, 3, &failure);
	struct batch *batch = batch_new(BATCH_USUAL_BYTES);
	while (recording_read(recording, batch, &failure) == READING_MORE)
		;
	const struct {
		uint64_t sent_probe, number;
		unsigned file;
	} cases[] = {{1, 1, 1}, {11, 11, 1}, {12, 1, 2}, {23, 12, 2},
		{24, 1, 0}, {33, 10, 0}};
	for (unsigned i = 0; i < 6; i++) {
		assert_string_equal(recording_locate(recording,
					    cases[i].sent_probe, &number),
			files.list[cases[i].file]);
		assert_int_equal(number, cases[i].number);
	}
	recording_close(recording);
	batch_free(batch);
	close_files(&files);
}

/* A thousand files, some empty, the last ones not begun: the same as looking at
 * each in turn, in ten looks. */
static void a_frame_is_found_among_a_thousand_files_in_ten_looks(void **state)
{
	enum { FILES = 1000, BEGUN = 990, LOOKS = 10 };
	static struct input inputs[FILES];
	struct recording recording = {.inputs = inputs, .input_count = FILES};
	uint64_t frames = 0;

	(void)state;
	for (unsigned i = 0; i < BEGUN; i++) {
		inputs[i].is_begun = true;
		inputs[i].frames_before = frames;
		frames += i % 5 * (i % 3);
	}
	for (uint64_t frame = 1; frame <= frames; frame++) {
		unsigned expected = 0, steps;

		for (unsigned i = 1; i < BEGUN; i++)
			if (inputs[i].frames_before < frame)
				expected = i;
		assert_int_equal(recording_input_of(&recording, frame, &steps),
			expected);
		assert_in_range(steps, 1, LOOKS);
	}
}

static void damage_in_one_file_does_not_keep_the_next_from_being_read(
	void **state)
{
	struct files files = {.count = 0};
	struct failure failure;
	unsigned frames = 0, cuts = 0;
	enum reading reading;

	(void)state;
	struct bytes first = capture_from(100, 3),
		     second = capture_from(200, 4);
	struct bytes empty = bytes_new(false);
	first.length -= 5;
	add_file(&files, &second);
	add_file(&files, &first);
	add_file(&files, &empty);
	struct recording *recording = open_and_begin(files.list, 3, &failure);
	assert_non_null(recording);
	struct batch *batch = batch_new(BATCH_USUAL_BYTES);
	while ((reading = recording_read(recording, batch, &failure)) !=
		READING_END) {
		frames += batch->count;
		if (reading != READING_CUT)
			continue;
		cuts++;
		if (cuts == 1) {
			assert_int_equal(frames, 2);
			assert_non_null(strstr(failure.text,
				": packet 3 at byte 136: the file ends"));
			assert_ptr_equal(strstr(failure.text, files.paths[1]),
				failure.text);
		} else {
			assert_int_equal(frames, 6);
			assert_non_null(
				strstr(failure.text, "an empty capture"));
		}
	}
	assert_int_equal(frames, 6);
	assert_int_equal(cuts, 2);
	recording_close(recording);
	batch_free(batch);
	close_files(&files);
	free(first.data);
	free(second.data);
	free(empty.data);
}

static void what_is_no_capture_is_named(void **state)
{
	const struct {
		const char *bytes;
		size_t length;
		const char *expected;
	} cases[] = {
		{"", 0, "an empty capture"},
		{"\xd4\xc3\xb2\xa1\2\0\4\0", 8,
			"ends within the file header, after 8 bytes"},
		{"\n\r\r\n", 4, "ends within the file header, after 4 bytes"},
		{"Some notes\non a host", 20, "it is text"},
		{"BZh91AY&SY\x01", 11, "bunzip2"},
		{"snoop\0\0\0\0\0\0\2\0\0\0\4", 16, "editcap"},
		{"\1\2\3\4\5\6\7\x80", 8, "neither pcap nor pcapng"},
		{"\xd4", 1, "neither pcap nor pcapng"},
	};

	(void)state;
	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct bytes bytes = bytes_new(false);
		put(&bytes, cases[i].bytes, cases[i].length);
		struct result *result = read_bytes(&bytes);
		assert_false(result->is_open);
		assert_int_equal(result->failure.exit_code, EXIT_INPUT_CUT);
		assert_non_null(
			strstr(result->failure.text, cases[i].expected));
		free(result);
		free(bytes.data);
	}
}

static void a_capture_without_packets_is_no_failure(void **state)
{
	struct bytes bytes = capture_from(1, 0);
	struct result *result = read_bytes(&bytes);

	(void)state;
	assert_whole(result);
	assert_int_equal(result->count, 0);
	free(result);
	free(bytes.data);
}

/* Thousands of frames of changing sizes pass the seams between batches of any
 * size without a scratch. */
static void batches_join_without_a_seam(void **state)
{
	struct bytes bytes = bytes_new(false);
	const size_t capacities[] = {BATCH_LEAST_BYTES, 40000, 1000000};
	struct failure failure;
	char path[32];
	const char *paths[] = {path};
	unsigned total = 0;

	(void)state;
	pcap_header(&bytes, microseconds, 65535, 1);
	while (bytes.length < BYTES_MOST - 40000) {
		total++;
		pcap_record(&bytes, total, 0,
			total % 1000 == 0 ? 30000 : (total * 7919) % 301,
			65535);
	}
	int descriptor = nameless(bytes.data, bytes.length, path);
	for (unsigned i = 0; i < 3; i++) {
		struct recording *recording =
			open_and_begin(paths, 1, &failure);
		struct batch *batch = batch_new(capacities[i]);
		unsigned count = 0;
		while (recording_read(recording, batch, &failure) ==
			READING_MORE)
			for (uint32_t j = 0; j < batch->count; j++) {
				const struct frame *frame = &batch->frames[j];
				count++;
				assert_int_equal(frame->number, count);
				assert_int_equal(
					frame->time_ns / 1000000000, count);
				for (uint32_t k = 0; k < frame->captured_bytes;
					k++)
					assert_true(frame->bytes[k] ==
						    (uint8_t)(count * 31 + k));
			}
		assert_int_equal(count, total);
		recording_close(recording);
		batch_free(batch);
	}
	close(descriptor);
	free(bytes.data);
}

static void a_batch_gives_the_memory_of_a_huge_frame_back(void **state)
{
	enum { HUGE_BYTES = 8000000 };
	uint8_t *file = calloc(1, 24 + 3 * 16 + 2 * 40 + HUGE_BYTES);
	struct bytes bytes = bytes_new(false);
	struct failure failure;
	char path[32];
	const char *paths[] = {path};

	(void)state;
	pcap_header(&bytes, microseconds, 0, 1);
	pcap_record(&bytes, 1, 0, 40, 40);
	put32(&bytes, 2);
	put32(&bytes, 0);
	put32(&bytes, HUGE_BYTES);
	put32(&bytes, HUGE_BYTES);
	memcpy(file, bytes.data, bytes.length);
	size_t second = bytes.length + HUGE_BYTES;
	bytes.length = 0;
	for (unsigned i = 0; i < 1; i++)
		pcap_record(&bytes, 3, 0, 40, 40);
	memcpy(file + second, bytes.data, bytes.length);
	int descriptor = nameless(file, second + bytes.length, path);
	struct recording *recording = open_and_begin(paths, 1, &failure);
	struct batch *batch = batch_new(0);
	unsigned count = 0;
	while (recording_read(recording, batch, &failure) == READING_MORE)
		for (uint32_t i = 0; i < batch->count; i++)
			if (++count == 2)
				assert_int_equal(
					batch->frames[i].captured_bytes,
					HUGE_BYTES);
	assert_int_equal(count, 3);
	assert_true(batch->capacity_bytes <= BATCH_USUAL_BYTES);
	recording_close(recording);
	batch_free(batch);
	close(descriptor);
	free(file);
	free(bytes.data);
}

static struct bytes gzipped(const struct bytes *plain)
{
	struct bytes packed = bytes_new(false);
	z_stream stream = {.next_in = plain->data,
		.avail_in = (uInt)plain->length,
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

static void compressed_captures_read_as_plain_ones(void **state)
{
	struct bytes plain = capture_from(1, 5000);
	struct bytes packed = gzipped(&plain);
	struct result *expected = read_bytes(&plain);
	struct result *result = read_bytes(&packed);

	(void)state;
	assert_whole(result);
	assert_int_equal(result->count, 5000);
	assert_int_equal(result->checksum, expected->checksum);
	free(result);
	/* cut in the compressed data: what came out of it is there */
	result = read_part(&packed, packed.length / 2);
	assert_int_equal(result->cuts, 1);
	assert_true(result->count > 500 && result->count < 5000);
	assert_non_null(strstr(result->failure.text, "gzip data ends early"));
	char last[64];
	(void)snprintf(last, sizeof(last), "(packet %u was the last whole one)",
		result->count);
	assert_non_null(strstr(result->failure.text, last));
	free(result);
	free(expected);
	free(packed.data);
	packed = gzipped(&plain);
	struct bytes twice = gzipped(&packed);
	result = read_bytes(&twice);
	assert_false(result->is_open);
	assert_non_null(strstr(result->failure.text, "compressed twice"));
	free(result);
	free(twice.data);
	free(packed.data);
	/* cut before it was compressed */
	plain.length -= 3;
	packed = gzipped(&plain);
	result = read_bytes(&packed);
	assert_int_equal(result->count, 4999);
	assert_non_null(strstr(result->failure.text,
		"packet 5000 at byte 279968 (decompressed): the file ends"));
	free(result);
	free(packed.data);
	free(plain.data);
}

struct feeding {
	int descriptor;
	const struct bytes *bytes;
	size_t step;
};

static void *feed(void *argument)
{
	struct feeding *feeding = argument;
	const struct bytes *bytes = feeding->bytes;

	for (size_t at = 0; at < bytes->length; at += feeding->step) {
		size_t count = bytes->length - at < feeding->step
				       ? bytes->length - at
				       : feeding->step;
		if (write(feeding->descriptor, bytes->data + at, count) !=
			(ssize_t)count)
			break;
	}
	close(feeding->descriptor);
	return NULL;
}

static void a_pipe_gives_the_same_frames_in_any_portions(void **state)
{
	struct bytes bytes = bytes_new(true);
	const size_t steps[] = {7, 100, 4096, 65536};

	(void)state;
	section(&bytes);
	interface(&bytes, 1, 0, 9, 0);
	for (unsigned i = 0; i < 1500; i++)
		packet(&bytes, 0, i, i, i % 97);
	struct result *expected = read_bytes(&bytes);
	assert_int_equal(expected->count, 1500);
	for (unsigned i = 0; i < 4; i++) {
		char path[32];
		const char *paths[] = {path};
		pthread_t thread;
		int ends[2];
		assert_int_equal(pipe(ends), 0);
		(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", ends[0]);
		struct feeding feeding = {ends[1], &bytes, steps[i]};
		assert_int_equal(
			pthread_create(&thread, NULL, feed, &feeding), 0);
		struct result *result = read_paths(paths, 1);
		assert_whole(result);
		assert_int_equal(result->count, 1500);
		assert_int_equal(result->checksum, expected->checksum);
		free(result);
		assert_int_equal(pthread_join(thread, NULL), 0);
		close(ends[0]);
	}
	free(expected);
	free(bytes.data);
}

/* A packet that has come through the pipe is not held back for the next. */
static void frames_leave_a_live_pipe_as_they_arrive(void **state)
{
	struct bytes bytes = capture_from(1, 40);
	char path[32];
	const char *paths[] = {path};
	struct failure failure;
	struct batch *batch = batch_new(BATCH_USUAL_BYTES);
	int ends[2];

	(void)state;
	assert_int_equal(pipe(ends), 0);
	(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", ends[0]);
	assert_int_equal(write(ends[1], bytes.data, 24), 24);
	struct recording *recording = open_and_begin(paths, 1, &failure);
	assert_non_null(recording);
	for (unsigned i = 0; i < 39; i += i < 5 ? 1 : 2) {
		size_t count = i < 5 ? 56 : 112;
		assert_int_equal(
			write(ends[1], bytes.data + 24 + i * 56, count), count);
		assert_int_equal(recording_read(recording, batch, &failure),
			READING_MORE);
		assert_int_equal(batch->count, count / 56);
		assert_int_equal(batch->frames[0].number, i + 1);
	}
	/* the pipe closes within a packet */
	assert_int_equal(write(ends[1], bytes.data + 24, 30), 30);
	close(ends[1]);
	assert_int_equal(
		recording_read(recording, batch, &failure), READING_CUT);
	assert_non_null(strstr(failure.text, "ends within a packet"));
	assert_int_equal(
		recording_read(recording, batch, &failure), READING_END);
	recording_close(recording);
	batch_free(batch);
	close(ends[0]);
	free(bytes.data);
}

static volatile sig_atomic_t is_stopped;

static void *stop_soon(void *argument)
{
	(void)argument;
	usleep(30000);
	is_stopped = 1;
	return NULL;
}

/* Nothing more comes through the pipe, and nobody closes it. */
static void waiting_for_a_pipe_can_be_stopped(void **state)
{
	struct bytes bytes = capture_from(1, 2);
	char path[32];
	const char *paths[] = {path};
	struct failure failure;
	struct batch *batch = batch_new(BATCH_USUAL_BYTES);
	pthread_t thread;
	int ends[2];

	(void)state;
	assert_int_equal(pipe(ends), 0);
	(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", ends[0]);
	/* one packet, and half of another */
	assert_int_equal(write(ends[1], bytes.data, 24 + 56 + 30), 110);
	struct recording *recording = open_and_begin(paths, 1, &failure);
	assert_non_null(recording);
	recording_stop_on(recording, &is_stopped);
	assert_int_equal(
		recording_read(recording, batch, &failure), READING_MORE);
	assert_int_equal(pthread_create(&thread, NULL, stop_soon, NULL), 0);
	assert_int_equal(
		recording_read(recording, batch, &failure), READING_END);
	assert_int_equal(
		recording_read(recording, batch, &failure), READING_END);
	assert_int_equal(pthread_join(thread, NULL), 0);
	recording_close(recording);
	batch_free(batch);
	close(ends[0]);
	close(ends[1]);
	free(bytes.data);
}

static void with_a_pipe_among_them_files_keep_the_given_order(void **state)
{
	struct files files = {.count = 0};
	struct bytes late = capture_from(200, 2), early = capture_from(100, 2);
	char path[32];
	int ends[2];

	(void)state;
	add_file(&files, &late);
	assert_int_equal(pipe(ends), 0);
	assert_int_equal(
		write(ends[1], early.data, early.length), early.length);
	close(ends[1]);
	(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", ends[0]);
	files.list[1] = path;
	struct result *result = read_paths(files.list, 2);
	assert_whole(result);
	assert_int_equal(result->count, 4);
	assert_int_equal(result->frames[0].time_ns, 200000000000);
	assert_int_equal(result->frames[2].time_ns, 100000000000);
	free(result);
	close(ends[0]);
	close_files(&files);
	free(late.data);
	free(early.data);
}

static void progress_ends_at_the_total(void **state)
{
	struct files files = {.count = 0};
	struct bytes bytes = capture_from(1, 3000);
	struct failure failure;
	uint64_t done, total, before = 0;

	(void)state;
	add_file(&files, &bytes);
	add_file(&files, &bytes);
	struct recording *recording = open_and_begin(files.list, 2, &failure);
	struct batch *batch = batch_new(BATCH_USUAL_BYTES);
	while (recording_read(recording, batch, &failure) == READING_MORE) {
		recording_progress(recording, &done, &total);
		assert_int_equal(total, 2 * bytes.length);
		assert_true(done >= before && done <= total);
		before = done;
	}
	recording_progress(recording, &done, &total);
	assert_int_equal(done, total);
	recording_close(recording);
	batch_free(batch);
	close_files(&files);
	free(bytes.data);
}

static void one_missing_file_is_a_failure_before_anything_is_read(void **state)
{
	struct bytes bytes = capture_from(1, 1);
	struct files files = {.count = 0};

	(void)state;
	add_file(&files, &bytes);
	files.list[1] = "/nonexistent/b.pcap";
	struct result *result = read_paths(files.list, 2);
	assert_false(result->is_open);
	assert_non_null(strstr(result->failure.text, "/nonexistent/b.pcap"));
	free(result);
	close_files(&files);
	free(bytes.data);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			a_frame_is_found_among_a_thousand_files_in_ten_looks),
		cmocka_unit_test(files_are_read_in_the_order_of_their_times),
		cmocka_unit_test(
			damage_in_one_file_does_not_keep_the_next_from_being_read),
		cmocka_unit_test(what_is_no_capture_is_named),
		cmocka_unit_test(a_capture_without_packets_is_no_failure),
		cmocka_unit_test(batches_join_without_a_seam),
		cmocka_unit_test(a_batch_gives_the_memory_of_a_huge_frame_back),
		cmocka_unit_test(compressed_captures_read_as_plain_ones),
		cmocka_unit_test(a_pipe_gives_the_same_frames_in_any_portions),
		cmocka_unit_test(frames_leave_a_live_pipe_as_they_arrive),
		cmocka_unit_test(waiting_for_a_pipe_can_be_stopped),
		cmocka_unit_test(
			with_a_pipe_among_them_files_keep_the_given_order),
		cmocka_unit_test(progress_ends_at_the_total),
		cmocka_unit_test(
			one_missing_file_is_a_failure_before_anything_is_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
