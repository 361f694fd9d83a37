#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

#include "analysis/observe/payload_need.h"
#include "capture/file/partial_check.h"
#include "capture/file/partial_writer.h"
#include "capture/linktype.h"
#include "tests/support/open_recording.h"

enum { PAYLOAD_MOST = 4096 };

static const uint8_t contents[64] = {2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 8, 0};
static const int64_t day_ns = 1700000000000000000;

static const struct recording_interface micro = {.linktype = LINKTYPE_ETHERNET,
	.snap_bytes = 96,
	.ticks_per_second = 1000000,
	.name = "eth0"};
static const struct recording_interface nano = {
	.linktype = LINKTYPE_RAW, .ticks_per_second = 1000000000};

/* A file in memory, and its name. */
static int new_file(char name[32])
{
	int file = memfd_create("partial", MFD_CLOEXEC);

	assert_true(file >= 0);
	(void)snprintf(name, 32, "/proc/self/fd/%d", file);
	return file;
}

static struct partial_writer *writer_on(int file, const char *filter)
{
	struct failure failure;
	struct partial_writer *writer =
		partial_writer_on(dup(file), "partial", filter, &failure);

	assert_non_null(writer);
	return writer;
}

static void put(struct partial_writer *writer, uint32_t interface,
	int64_t time_ns, uint8_t direction)
{
	struct frame frame = {.time_ns = time_ns,
		.bytes = contents,
		.captured_bytes = 61,
		.original_bytes = 1514,
		.interface = interface,
		.direction = direction};

	assert_true(partial_writer_frame(writer, &frame));
}

/* Two captures, of which the first gives numbers 2 and 3 to no frame. */
static void write_two(int file, const char *filter, const char *cut)
{
	struct partial_writer *writer = writer_on(file, filter);
	struct failure failure;

	assert_true(partial_writer_file(writer, "a.pcap"));
	assert_true(partial_writer_interface(writer, &micro));
	put(writer, 0, day_ns + 1000, FRAME_INBOUND);
	assert_true(partial_writer_skip(writer, 2));
	put(writer, 0, INT64_MIN, FRAME_ANY_WAY);
	assert_true(partial_writer_file(writer, "b.pcapng"));
	assert_true(partial_writer_interface(writer, &micro));
	assert_true(partial_writer_interface(writer, &nano));
	put(writer, 1, day_ns + 2001, FRAME_OUTBOUND);
	assert_true(partial_writer_end(writer, cut, &failure));
}

static bool check(const char *name, struct partial_info *info)
{
	struct failure failure = {.text = ""};
	struct recording *recording = recording_open(&name, 1, &failure);
	bool is_whole;

	assert_non_null(recording);
	is_whole = recording_check_partial(recording, info, &failure);
	assert_true(is_whole || failure.text[0]);
	recording_close(recording);
	return is_whole;
}

static void what_is_written_is_read_back(void **state)
{
	static const struct {
		uint64_t number, in_file;
		int64_t time_ns;
		uint32_t interface;
		uint16_t linktype;
		uint8_t direction;
		const char *file;
	} expected[] = {
		{1, 1, 1700000000000001000, 0, LINKTYPE_ETHERNET, FRAME_INBOUND,
			"a.pcap"},
		{4, 4, INT64_MIN, 0, LINKTYPE_ETHERNET, FRAME_ANY_WAY,
			"a.pcap"},
		{5, 1, 1700000000000002001, 1, LINKTYPE_RAW, FRAME_OUTBOUND,
			"b.pcapng"},
	};
	char name[32];
	const char *path = name;
	int file = new_file(name);
	struct batch *batch = batch_new(BATCH_USUAL_BYTES);
	struct failure failure;
	struct recording *recording;

	(void)state;
	write_two(file, NULL, NULL);
	recording = open_and_begin(&path, 1, &failure);
	assert_non_null(recording);
	assert_int_equal(
		recording_read(recording, batch, &failure), READING_MORE);
	assert_int_equal(batch->count, 3);
	for (unsigned i = 0; i < 3; i++) {
		const struct frame *frame = &batch->frames[i];
		uint64_t number;

		assert_int_equal(frame->number, expected[i].number);
		assert_true(frame->time_ns == expected[i].time_ns);
		assert_int_equal(frame->interface, expected[i].interface);
		assert_int_equal(frame->linktype, expected[i].linktype);
		assert_int_equal(frame->direction, expected[i].direction);
		assert_int_equal(frame->captured_bytes, 61);
		assert_int_equal(frame->original_bytes, 1514);
		assert_memory_equal(frame->bytes, contents, 61);
		assert_string_equal(
			recording_locate(recording, frame->number, &number),
			expected[i].file);
		assert_int_equal(number, expected[i].in_file);
	}
	assert_int_equal(recording_interface_count(recording), 2);
	assert_int_equal(
		recording_interface(recording, 0)->ticks_per_second, 1000000);
	assert_int_equal(
		recording_read(recording, batch, &failure), READING_END);
	recording_close(recording);
	batch_free(batch);
	(void)close(file);
}

static void it_says_what_it_is_of(void **state)
{
	struct partial_info info;
	char name[32];
	int file = new_file(name);

	(void)state;
	write_two(file, "tcp", "a.pcap: it ends early");
	assert_true(check(name, &info));
	assert_int_equal(info.frames, 3);
	assert_true(info.first_ns == day_ns + 1000);
	assert_true(info.last_ns == day_ns + 2001);
	assert_int_equal(info.name_count, 2);
	assert_string_equal(info.names[0], "a.pcap");
	assert_string_equal(info.names[1], "b.pcapng");
	assert_string_equal(info.filter, "tcp");
	assert_string_equal(info.cut, "a.pcap: it ends early");
	partial_info_release(&info);
	(void)close(file);
}

static void any_other_byte_is_found(void **state)
{
	struct partial_info info;
	char name[32];
	int file = new_file(name);

	(void)state;
	write_two(file, NULL, NULL);
	for (off_t at = 0; at < lseek(file, 0, SEEK_END); at++) {
		uint8_t byte, other;

		assert_int_equal(pread(file, &byte, 1, at), 1);
		other = byte ^ (uint8_t)(1u << at % 8);
		assert_int_equal(pwrite(file, &other, 1, at), 1);
		assert_false(check(name, &info));
		partial_info_release(&info);
		assert_int_equal(pwrite(file, &byte, 1, at), 1);
	}
	assert_true(check(name, &info));
	partial_info_release(&info);
	(void)close(file);
}

static void any_shorter_file_is_found(void **state)
{
	struct partial_info info;
	char name[32];
	int file = new_file(name);
	off_t whole;

	(void)state;
	write_two(file, NULL, NULL);
	whole = lseek(file, 0, SEEK_END);
	for (off_t size = whole - 1; size >= 0; size--) {
		assert_int_equal(ftruncate(file, size), 0);
		assert_false(check(name, &info));
		partial_info_release(&info);
	}
	(void)close(file);
}

static void what_is_abandoned_is_not_whole(void **state)
{
	struct partial_info info;
	char name[32];
	int file = new_file(name);
	struct partial_writer *writer = writer_on(file, NULL);

	(void)state;
	assert_true(partial_writer_file(writer, "a.pcap"));
	partial_writer_abandon(writer);
	assert_false(check(name, &info));
	partial_info_release(&info);
	(void)close(file);
}

/* A packet of one connection with as many bytes of payload. */
static struct packet packet_of(
	const char *payload, uint32_t payload_bytes, uint16_t port)
{
	static uint8_t held[PAYLOAD_MOST];

	assert_true(payload_bytes <= sizeof(held));
	memset(held, 0xee, sizeof(held));
	for (size_t i = 0; payload[i]; i++)
		held[i] = (uint8_t)payload[i];
	return (struct packet){.kind = PACKET_TCP,
		.family = 4,
		.source = {.bytes = {10, 0, 0, 1}},
		.target = {.bytes = {10, 0, 0, 2}},
		.source_port = 40000,
		.target_port = port,
		.tcp_flags = TCP_ACK,
		.payload = held,
		.payload_bytes = payload_bytes,
		.payload_captured = payload_bytes};
}

static uint32_t need_after_syn(
	const char *payload, uint32_t payload_bytes, uint16_t port)
{
	struct payload_need *need = payload_need_new();
	struct packet syn = packet_of("", 0, port);
	struct packet packet;
	uint32_t bytes;

	assert_non_null(need);
	syn.tcp_flags = TCP_SYN;
	assert_int_equal(payload_need_of(need, &syn), 0);
	packet = packet_of(payload, payload_bytes, port);
	bytes = payload_need_of(need, &packet);
	payload_need_free(need);
	return bytes;
}

static void of_most_payloads_the_beginning_is_needed(void **state)
{
	(void)state;
	assert_int_equal(need_after_syn("", 1000, 443), PAYLOAD_NEED_LEAST);
	assert_int_equal(need_after_syn("", 40, 443), 40);
}

static void what_is_said_in_clear_is_needed(void **state)
{
	(void)state;
	assert_int_equal(
		need_after_syn("\x16\x03\x01\x0f\xff\x01\x01", 4000, 443),
		4000);
	assert_int_equal(need_after_syn("GET / HTTP/1.1\r\n", 4000, 80), 2048);
	assert_int_equal(need_after_syn("421 too busy\r\n", 4000, 25), 128);
}

static void ssh_is_needed_until_it_must_be_encrypted(void **state)
{
	struct payload_need *need = payload_need_new();
	struct packet packet = packet_of("SSH-2.0-x\r\n", 4096, 2222);

	(void)state;
	assert_non_null(need);
	packet.tcp_flags = TCP_SYN;
	packet.payload_captured = 0;
	(void)payload_need_of(need, &packet);
	packet.tcp_flags = TCP_ACK;
	packet.payload_captured = 4096;
	assert_int_equal(payload_need_of(need, &packet), 4096);
	packet = packet_of("", 4096, 2222);
	for (unsigned i = 1; i < SSH_NEED_BYTES / 4096; i++)
		assert_int_equal(payload_need_of(need, &packet), 4096);
	assert_int_equal(payload_need_of(need, &packet), PAYLOAD_NEED_LEAST);
	payload_need_free(need);
}

/* What SSH's port carries may be SSH from the first byte on, a retransmitted
 * SYN or none. */
static void on_the_port_of_ssh_all_of_the_beginning_is_needed(void **state)
{
	(void)state;
	assert_int_equal(need_after_syn("", 4000, 22), 4000);
}

static void of_unknown_beginnings_more_is_needed(void **state)
{
	struct payload_need *need = payload_need_new();
	struct packet packet = packet_of("", 4096, 443);
	struct packet answer = packet;

	(void)state;
	assert_non_null(need);
	answer.source = packet.target;
	answer.target = packet.source;
	answer.source_port = packet.target_port;
	answer.target_port = packet.source_port;
	for (unsigned i = 0; i < UNKNOWN_NEED_BYTES / 4096; i++)
		assert_int_equal(
			payload_need_of(need, i % 2 ? &answer : &packet), 4096);
	assert_int_equal(payload_need_of(need, &answer), PAYLOAD_NEED_LEAST);
	payload_need_free(need);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_written_is_read_back),
		cmocka_unit_test(it_says_what_it_is_of),
		cmocka_unit_test(any_other_byte_is_found),
		cmocka_unit_test(any_shorter_file_is_found),
		cmocka_unit_test(what_is_abandoned_is_not_whole),
		cmocka_unit_test(of_most_payloads_the_beginning_is_needed),
		cmocka_unit_test(what_is_said_in_clear_is_needed),
		cmocka_unit_test(ssh_is_needed_until_it_must_be_encrypted),
		cmocka_unit_test(
			on_the_port_of_ssh_all_of_the_beginning_is_needed),
		cmocka_unit_test(of_unknown_beginnings_more_is_needed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
