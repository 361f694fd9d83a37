/* The packets of a connection in HTML reports: differences, asides, and how
 * many of a long one are left out. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>

#include "report/page/page_flow.h"

enum { FILE_FRAMES = 1000 };

static const char *const paths[] = {"a", "b"};

/* Two files, of FILE_FRAMES frames the first. */
static const char *locate(
	const void *context, uint64_t frame, uint64_t *number_in_file)
{
	(void)context;
	*number_in_file = frame <= FILE_FRAMES ? frame : frame - FILE_FRAMES;
	return paths[frame > FILE_FRAMES];
}

struct written {
	char *bytes;
	size_t count;
	FILE *out;
	struct report_page *page;
	struct report_source source;
	struct incident incident;
	struct page_flow flow;
};

static void begin(struct written *written, uint64_t fatal_frame)
{
	static const struct flow_name name = {.family = 4};

	*written = (struct written){
		.source = {.locate = locate, .paths = paths, .path_count = 2},
		.incident = {.frame = fatal_frame},
	};
	written->out = open_memstream(&written->bytes, &written->count);
	assert_non_null(written->out);
	written->page = page_begin(written->out);
	assert_non_null(written->page);
	page_flow_begin(&written->flow, written->page, &written->source,
		fatal_frame ? &written->incident : NULL, &name, UINT64_MAX);
}

/* The lines behind the connection's first. */
static char *lines_of(struct written *written)
{
	page_end(written->page);
	assert_int_equal(fclose(written->out), 0);
	char *lines = strstr(written->bytes, "[\"f\",");
	assert_non_null(lines);
	lines = strchr(lines, '\n') + 1;
	*strstr(lines, "</script>") = '\0';
	return lines;
}

static struct packet packet_at(uint64_t frame)
{
	return (struct packet){
		.kind = PACKET_TCP,
		.family = 4,
		.frame = frame,
		.time_ns = (int64_t)frame * 10,
		.tcp_flags = TCP_ACK,
		.sequence = 0xfffffff0u + (uint32_t)frame,
		.acknowledged = 7,
		.payload_bytes = 1,
		.window = 9,
		.ttl = 64,
		.ip_id = 3,
	};
}

static void numbers_are_differences_and_wrap(void **state)
{
	struct written written;
	struct packet packet = packet_at(1);

	(void)state;
	begin(&written, 0);
	page_flow_packet(&written.flow, &packet, SPEAKER_CLIENT, 0);
	packet = packet_at(33);
	page_flow_packet(&written.flow, &packet, SPEAKER_CLIENT, 0);
	packet = packet_at(34);
	page_flow_packet(&written.flow, &packet, SPEAKER_SERVER, 0);
	page_flow_end(&written.flow, 3);
	/* ACK is bit 4, and flags begin at bit 6; bit 0: to the client */
	assert_string_equal(lines_of(&written),
		"[\"n\",0]\n[10,1,1024,-15,7,1,9,64,3]\n"
		"[320,32,1024,32,0,1,9,64,3]\n"
		"[10,1,1025,18,7,1,9,64,3]\n[\"e\",3]\n");
	free(written.bytes);
}

static void options_and_sack_stand_last(void **state)
{
	struct written written;
	struct packet packet = packet_at(1);

	(void)state;
	packet.options = OPTION_TIMESTAMP | OPTION_SACK;
	packet.timestamp_value = 5;
	packet.timestamp_echo = 6;
	packet.sack_count = 1;
	packet.sack[0] = (struct sack_block){107, 117};
	begin(&written, 0);
	page_flow_packet(&written.flow, &packet, SPEAKER_CLIENT, 0);
	page_flow_end(&written.flow, 1);
	assert_string_equal(lines_of(&written),
		"[\"n\",0]\n"
		"[10,1,1064,-15,7,1,9,64,3,5,6,{\"sack\":[100,10]}]\n"
		"[\"e\",1]\n");
	free(written.bytes);
}

static void another_file_and_what_is_left_out_have_lines(void **state)
{
	struct written written;
	struct packet packet = packet_at(FILE_FRAMES);

	(void)state;
	begin(&written, 0);
	page_flow_packet(&written.flow, &packet, SPEAKER_CLIENT, 0);
	packet = packet_at(FILE_FRAMES + 2);
	packet.time_ns = INT64_MIN;
	page_flow_packet(&written.flow, &packet, SPEAKER_CLIENT, 12);
	page_flow_end(&written.flow, 14);
	assert_string_equal(lines_of(&written),
		"[\"n\",0]\n[10000,1000,1024,984,7,1,9,64,3]\n"
		"[\"n\",1]\n[\"s\",12]\n[\"\",-998,1024,2,0,1,9,64,3]\n"
		"[\"e\",14]\n");
	free(written.bytes);
}

/* Of a packet that is left out nothing is said, and it counts. */
static void what_never_arrived_has_a_line(void **state)
{
	struct written written;
	struct packet packet;

	(void)state;
	begin(&written, 0);
	for (unsigned i = 0; i < 3; i++) {
		packet = packet_at(1 + i);
		packet.sequence = 100;
		packet.payload_bytes = 2;
		page_flow_packet(&written.flow, &packet, SPEAKER_CLIENT, 0);
	}
	page_flow_end(&written.flow, 3);
	assert_non_null(strstr(lines_of(&written),
		"[\"z\",0,2]\n[\"z\",1,2]\n[\"z\",2,2]\n[\"e\",3]\n"));
	free(written.bytes);

	begin(&written, 0);
	for (unsigned i = 0; i < 6; i++) {
		/* a segment, three ACKs that ask for it, a copy, its ACK */
		packet = packet_at(1 + i);
		packet.sequence = 100;
		packet.acknowledged = i == 5 ? 102 : 100;
		packet.payload_bytes = i == 0 || i == 4 ? 2 : 0;
		page_flow_packet(&written.flow, &packet,
			packet.payload_bytes ? SPEAKER_CLIENT : SPEAKER_SERVER,
			0);
		if (i == 0) { /* the fourth that asks */
			packet.payload_bytes = 0;
			packet.acknowledged = 100;
			page_flow_packet(&written.flow, &packet,
				SPEAKER_SERVER, 0);
		}
	}
	page_flow_end(&written.flow, 7);
	assert_non_null(strstr(
		lines_of(&written), "[\"z\",0,1]\n[\"e\",7]\n"));
	free(written.bytes);
}

/* The first ones, those near the fatal packet, and a count of the others. */
static void a_long_connection_is_sampled(void **state)
{
	enum { PACKETS = 400000, FATAL = 300000 };
	struct written written;

	(void)state;
	begin(&written, FATAL);
	for (uint64_t i = 1; i <= PACKETS; i++) {
		struct packet packet = packet_at(i);

		page_flow_sample(&written.flow, &packet, SPEAKER_CLIENT);
	}
	page_flow_end(&written.flow, PACKETS);
	assert_int_equal(written.flow.written,
		PAGE_FIRST_PACKETS + 2 * PAGE_NEAR_FRAMES - 1);
	const char *lines = lines_of(&written);
	const char *aside = strstr(lines, "[\"s\",");
	assert_non_null(aside);
	assert_int_equal(strtoul(aside + strlen("[\"s\","), NULL, 10),
		FATAL - PAGE_NEAR_FRAMES - PAGE_FIRST_PACKETS);
	assert_null(strstr(aside + 1, "[\"s\","));
	free(written.bytes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_are_differences_and_wrap),
		cmocka_unit_test(options_and_sack_stand_last),
		cmocka_unit_test(another_file_and_what_is_left_out_have_lines),
		cmocka_unit_test(what_never_arrived_has_a_line),
		cmocka_unit_test(a_long_connection_is_sampled),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
