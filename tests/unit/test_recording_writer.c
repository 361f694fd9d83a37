#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "capture/linktype.h"
#include "capture/file/recording_writer.h"
#include "tests/support/open_recording.h"

static char folder[] = "/tmp/culprit-writer-XXXXXX";
static char path[64];

static int make_folder(void **state)
{
	(void)state;
	(void)signal(SIGPIPE, SIG_IGN);
	(void)signal(SIGXFSZ, SIG_IGN);
	if (!mkdtemp(folder))
		return -1;
	(void)snprintf(path, sizeof(path), "%s/w.pcapng", folder);
	return 0;
}

static int remove_folder(void **state)
{
	(void)state;
	(void)unlink(path);
	return rmdir(folder);
}

static const uint8_t bytes[61] = {
	2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 8, 0, 0x45, 0, 0, 47};

static struct frame frame_at(int64_t time_ns, uint32_t captured)
{
	return (struct frame){.time_ns = time_ns,
		.bytes = bytes,
		.captured_bytes = captured,
		.original_bytes = 1514};
}

static struct recording_writer *open_writer(
	const char *name, const char *comment, struct failure *failure)
{
	int descriptor =
		open(name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	assert_true(descriptor >= 0);
	return recording_writer_on(descriptor, name, comment, failure);
}

/* What a shell command prints, without its last newline. */
static void output_of(const char *command, char *text, size_t capacity)
{
	/* commands of this file: NOLINTNEXTLINE(cert-env33-c) */
	FILE *pipe = popen(command, "r");
	size_t count;

	assert_non_null(pipe);
	count = fread(text, 1, capacity - 1, pipe);
	text[count] = '\0';
	if (count && text[count - 1] == '\n')
		text[count - 1] = '\0';
	(void)pclose(pipe);
}

static void need_tshark(void)
{
	/* NOLINTNEXTLINE(cert-env33-c): the same */
	if (system("tshark -v >/dev/null 2>&1") != 0)
		skip();
}

static void what_is_written_is_read_back(void **state)
{
	const int64_t times[] = {1700000000000000001, 1700000000999999999, 0};
	const char *comments[] = {"one", "two"};
	struct failure failure = {.text = ""};
	const char *paths[] = {path};

	(void)state;
	struct recording_writer *writer =
		open_writer(path, "a comment", &failure);
	assert_non_null(writer);
	assert_int_equal(recording_writer_interface(
				 writer, LINKTYPE_ETHERNET, 262144, "eth0"),
		0);
	assert_int_equal(
		recording_writer_interface(writer, LINKTYPE_RAW, 0, NULL), 1);
	for (unsigned i = 0; i < 3; i++) {
		struct frame frame = frame_at(times[i], 58 + i);
		frame.direction = (uint8_t)i;
		frame.interface = i % 2;
		assert_true(
			recording_writer_frame(writer, &frame, comments, i));
	}
	assert_true(recording_writer_end_comment(writer, 1, "early"));
	assert_true(recording_writer_end_comment(writer, 0, "at the end"));
	assert_true(recording_writer_statistics(writer, 0, 3, UINT64_MAX));
	assert_true(recording_writer_close(writer, &failure));

	struct recording *recording = open_and_begin(paths, 1, &failure);
	assert_string_equal(failure.text, "");
	assert_non_null(recording);
	struct batch *batch = batch_new(BATCH_USUAL_BYTES);
	assert_int_equal(
		recording_read(recording, batch, &failure), READING_MORE);
	assert_int_equal(batch->count, 3);
	for (unsigned i = 0; i < 3; i++) {
		const struct frame *frame = &batch->frames[i];
		assert_int_equal(frame->time_ns, times[i]);
		assert_int_equal(frame->number, i + 1);
		assert_int_equal(frame->captured_bytes, 58 + i);
		assert_int_equal(frame->original_bytes, 1514);
		assert_memory_equal(frame->bytes, bytes, 58 + i);
		assert_int_equal(frame->direction, i);
		assert_int_equal(frame->interface, i % 2);
		assert_int_equal(frame->linktype,
			i % 2 ? LINKTYPE_RAW : LINKTYPE_ETHERNET);
	}
	assert_int_equal(
		recording_read(recording, batch, &failure), READING_END);
	assert_string_equal(recording_comment(recording), "a comment");
	assert_string_equal(recording_end_comment(recording), "at the end");
	assert_int_equal(recording_interface_count(recording), 2);
	assert_string_equal(recording_interface(recording, 0)->name, "eth0");
	assert_int_equal(recording_interface(recording, 0)->snap_bytes, 262144);
	assert_int_equal(recording_interface(recording, 0)->ticks_per_second,
		1000000000);
	recording_close(recording);
	batch_free(batch);
}

static void wireshark_shows_comments_directions_and_statistics(void **state)
{
	const char *comments[] = {"sender: server, h\xc3\xb6"
				  "chstens",
		"verdict: injected"};
	char command[400], text[400];
	struct failure failure;

	(void)state;
	need_tshark();
	struct recording_writer *writer =
		open_writer(path, "section comment", &failure);
	assert_non_null(writer);
	(void)recording_writer_interface(writer, LINKTYPE_ETHERNET, 0, "eth0");
	struct frame frame = frame_at(1700000000123456789, 61);
	frame.direction = FRAME_OUTBOUND;
	assert_true(recording_writer_frame(writer, &frame, comments, 2));
	frame.direction = FRAME_INBOUND;
	assert_true(recording_writer_frame(writer, &frame, NULL, 0));
	assert_true(recording_writer_statistics(writer, 0, 7, 5));
	assert_true(recording_writer_close(writer, &failure));

	(void)snprintf(command, sizeof(command),
		"tshark -n -r %s -T fields -E separator=/s -e frame.number "
		"-e frame.time_epoch -e frame.interface_name "
		"-e frame.packet_flags_direction -e frame.comment 2>/dev/null",
		path);
	output_of(command, text, sizeof(text));
	assert_string_equal(text, "1 1700000000.123456789 eth0 0x00000002 "
				  "sender: server, h\xc3\xb6"
				  "chstens,verdict: injected\n"
				  "2 1700000000.123456789 eth0 0x00000001 ");
	(void)snprintf(command, sizeof(command),
		"capinfos %s | grep -c -e 'section comment' "
		"-e 'culprit " CULPRIT_VERSION "'",
		path);
	output_of(command, text, sizeof(text));
	assert_string_equal(text, "2");
	(void)snprintf(command, sizeof(command),
		"capinfos -I %s | grep -c 'Number of stat entries = 1'", path);
	output_of(command, text, sizeof(text));
	assert_string_equal(text, "1");
}

static void a_comment_longer_than_an_option_is_cut_between_letters(void **state)
{
	enum { LENGTH = 70000 };
	char *comment = malloc(LENGTH + 1);
	const char *comments[] = {comment, "and another"};
	const char *paths[] = {path};
	struct failure failure = {.text = ""};
	uint8_t *file = malloc(200000);

	(void)state;
	for (unsigned i = 0; i + 1 < LENGTH; i += 2)
		memcpy(comment + i, "\xc3\xb6", 2);
	comment[LENGTH] = '\0';
	struct recording_writer *writer = open_writer(path, comment, &failure);
	(void)recording_writer_interface(writer, LINKTYPE_RAW, 0, "");
	struct frame frame = frame_at(1, 40);
	assert_true(recording_writer_frame(writer, &frame, comments, 2));
	assert_true(recording_writer_close(writer, &failure));
	struct recording *recording = open_and_begin(paths, 1, &failure);
	struct batch *batch = batch_new(BATCH_USUAL_BYTES);
	assert_int_equal(
		recording_read(recording, batch, &failure), READING_MORE);
	assert_int_equal(batch->count, 1);
	assert_int_equal(
		recording_read(recording, batch, &failure), READING_END);
	FILE *written = fopen(path, "rb");
	size_t count = fread(file, 1, 200000, written);
	(void)fclose(written);
	/* 65534: the last byte of 65535 would be half a letter */
	assert_memory_equal(file + 24, "\x01\x00\xfe\xff", 4);
	assert_true(count < 2 * 65600 + 400);
	recording_close(recording);
	batch_free(batch);
	free(comment);
	free(file);
}

static void frames_larger_than_the_buffer_are_written(void **state)
{
	enum { LARGE = 262144 };
	uint8_t *large = calloc(1, LARGE);
	const char *paths[] = {path};
	struct failure failure;

	(void)state;
	memset(large, 0x5a, LARGE);
	struct recording_writer *writer = open_writer(path, NULL, &failure);
	(void)recording_writer_interface(writer, LINKTYPE_RAW, 0, "");
	struct frame frame = {.time_ns = 5,
		.bytes = large,
		.captured_bytes = LARGE,
		.original_bytes = LARGE};
	struct frame small = frame_at(6, 40);
	assert_true(recording_writer_frame(writer, &small, NULL, 0));
	assert_true(recording_writer_frame(writer, &frame, NULL, 0));
	assert_true(recording_writer_frame(writer, &small, NULL, 0));
	assert_true(recording_writer_close(writer, &failure));
	struct recording *recording = open_and_begin(paths, 1, &failure);
	struct batch *batch = batch_new(BATCH_LEAST_BYTES);
	unsigned frames = 0;
	while (recording_read(recording, batch, &failure) == READING_MORE)
		for (uint32_t i = 0; i < batch->count; i++)
			if (++frames == 2)
				assert_memory_equal(
					batch->frames[i].bytes, large, LARGE);
	assert_int_equal(frames, 3);
	recording_close(recording);
	batch_free(batch);
	free(large);
}

static void flushing_leaves_a_readable_file_at_once(void **state)
{
	const char *paths[] = {path};
	struct failure failure;

	(void)state;
	struct recording_writer *writer = open_writer(path, NULL, &failure);
	(void)recording_writer_interface(writer, LINKTYPE_RAW, 0, "");
	struct frame frame = frame_at(1, 40);
	assert_true(recording_writer_frame(writer, &frame, NULL, 0));
	assert_true(recording_writer_flush(writer));
	struct recording *recording = open_and_begin(paths, 1, &failure);
	struct batch *batch = batch_new(BATCH_USUAL_BYTES);
	assert_int_equal(
		recording_read(recording, batch, &failure), READING_MORE);
	assert_int_equal(batch->count, 1);
	assert_int_equal(
		recording_read(recording, batch, &failure), READING_END);
	recording_close(recording);
	batch_free(batch);
	assert_true(recording_writer_close(writer, &failure));
}

static void the_section_is_in_the_file_before_any_packet(void **state)
{
	const char *paths[] = {path};
	struct failure failure = {.text = ""};

	(void)state;
	struct recording_writer *writer =
		open_writer(path, "a comment", &failure);
	struct recording *recording = recording_open(paths, 1, &failure);
	assert_non_null(recording);
	struct batch *batch = batch_new(BATCH_USUAL_BYTES);
	assert_int_equal(
		recording_read(recording, batch, &failure), READING_END);
	assert_string_equal(recording_comment(recording), "a comment");
	recording_close(recording);
	batch_free(batch);
	assert_true(recording_writer_close(writer, &failure));
}

/* A file size limit stops writes within a block, as a full disk does. */
static void a_full_disk_leaves_whole_blocks_and_a_sentence(void **state)
{
	struct rlimit old, limit;
	enum { LIMIT = 100001, FRAME_BLOCK = 96 };
	const char *paths[] = {path};
	struct failure failure;
	struct stat status;
	unsigned written = 0, frames = 0;

	(void)state;
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
	limit = old;
	limit.rlim_cur = LIMIT;
	struct recording_writer *writer = open_writer(path, NULL, &failure);
	(void)recording_writer_interface(writer, LINKTYPE_RAW, 0, "");
	struct frame frame = frame_at(1, 61);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
	while (written < 100000 &&
		recording_writer_frame(writer, &frame, NULL, 0))
		written++;
	assert_false(recording_writer_frame(writer, &frame, NULL, 0));
	assert_false(recording_writer_flush(writer));
	assert_false(recording_writer_close(writer, &failure));
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
	assert_true(written < 100000);
	assert_non_null(strstr(failure.text, "w.pcapng: it can't be written"));
	assert_int_equal(stat(path, &status), 0);
	assert_in_range(status.st_size, LIMIT - FRAME_BLOCK + 1, LIMIT);
	struct recording *recording = open_and_begin(paths, 1, &failure);
	struct batch *batch = batch_new(BATCH_USUAL_BYTES);
	enum reading reading;
	while ((reading = recording_read(recording, batch, &failure)) ==
		READING_MORE)
		frames += batch->count;
	assert_int_equal(reading, READING_END);
	assert_true(frames > 500);
	recording_close(recording);
	batch_free(batch);
}

static void a_full_device_is_called_a_full_disk(void **state)
{
	struct failure failure;

	(void)state;
	struct recording_writer *writer =
		open_writer("/dev/full", NULL, &failure);
	assert_non_null(writer);
	assert_int_equal(
		recording_writer_interface(writer, LINKTYPE_RAW, 0, ""), -1);
	assert_false(recording_writer_flush(writer));
	assert_false(recording_writer_close(writer, &failure));
	assert_non_null(strstr(failure.text, "/dev/full: the disk is full"));
}

static void a_reader_that_has_gone_is_told(void **state)
{
	struct failure failure;
	int ends[2];

	(void)state;
	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	struct recording_writer *writer =
		recording_writer_on(ends[1], "a pipe", NULL, &failure);
	close(ends[0]);
	(void)recording_writer_interface(writer, LINKTYPE_RAW, 0, NULL);
	assert_false(recording_writer_flush(writer));
	assert_false(recording_writer_close(writer, &failure));
	assert_non_null(strstr(failure.text, "its reader closed the pipe"));
}

static void *drain(void *argument)
{
	const int *descriptor = argument;
	static char sink[512];
	size_t *total = calloc(1, sizeof(*total));
	struct pollfd wanted = {*descriptor, POLLIN, 0};
	ssize_t count;

	while (poll(&wanted, 1, -1) > 0 &&
		(count = read(*descriptor, sink, sizeof(sink))) > 0)
		*total += (size_t)count;
	return total;
}

static void a_slow_reader_behind_a_nonblocking_pipe_gets_everything(
	void **state)
{
	struct failure failure;
	pthread_t thread;
	size_t *total;
	int ends[2];

	(void)state;
	assert_int_equal(pipe2(ends, O_CLOEXEC | O_NONBLOCK), 0);
	struct recording_writer *writer =
		recording_writer_on(ends[1], "a pipe", NULL, &failure);
	assert_int_equal(pthread_create(&thread, NULL, drain, &ends[0]), 0);
	(void)recording_writer_interface(writer, LINKTYPE_RAW, 0, NULL);
	struct frame frame = frame_at(1, 60);
	for (unsigned i = 0; i < 5000; i++)
		assert_true(recording_writer_frame(writer, &frame, NULL, 0));
	assert_true(recording_writer_close(writer, &failure));
	assert_int_equal(pthread_join(thread, (void **)&total), 0);
	assert_int_equal((*total - 32) / (60 + 32), 5000);
	free(total);
	close(ends[0]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_written_is_read_back),
		cmocka_unit_test(
			wireshark_shows_comments_directions_and_statistics),
		cmocka_unit_test(
			a_comment_longer_than_an_option_is_cut_between_letters),
		cmocka_unit_test(frames_larger_than_the_buffer_are_written),
		cmocka_unit_test(flushing_leaves_a_readable_file_at_once),
		cmocka_unit_test(the_section_is_in_the_file_before_any_packet),
		cmocka_unit_test(
			a_full_disk_leaves_whole_blocks_and_a_sentence),
		cmocka_unit_test(a_full_device_is_called_a_full_disk),
		cmocka_unit_test(a_reader_that_has_gone_is_told),
		cmocka_unit_test(
			a_slow_reader_behind_a_nonblocking_pipe_gets_everything),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
