/* Ladders: who speaks, what is left out, where the fatal packet began. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdlib.h>

#include "report/seq_diagram.h"
#include "tests/support/sample_incident.h"

static const struct style plain = {.columns = 160};

static struct packet packet(uint64_t frame, bool is_from_client, uint16_t flags)
{
	struct endpoint client = sample_endpoint(1, 40000);
	struct endpoint server = sample_endpoint(2, 22);
	struct endpoint from = is_from_client ? client : server;
	struct endpoint to = is_from_client ? server : client;

	return (struct packet){
		.time_ns = sample_origin_ns + (int64_t)frame * 1000000,
		.frame = frame,
		.kind = PACKET_TCP,
		.family = 4,
		.protocol = PROTOCOL_TCP,
		.ttl = 64,
		.source = from.address,
		.target = to.address,
		.source_port = from.port,
		.target_port = to.port,
		.tcp_flags = flags,
	};
}

struct scene {
	struct sample sample;
	struct incident incident;
	struct report_source source;
	struct flow_packets packets;
};

/* Frames 1 to 4 are a handshake and data, frame 12 is fatal. */
static void begin(struct scene *scene, uint64_t key_frame)
{
	memset(scene, 0, sizeof(*scene));
	scene->sample.count = 1;
	sample_incident(&scene->sample, 0, &scene->incident);
	scene->source = sample_source(&scene->sample);
	flow_follower_begin(&scene->packets.follower, &scene->incident.flow,
		INT64_MIN, key_frame);
}

static void take(struct scene *scene, struct packet p)
{
	enum speaker speaker = flow_follower_take(&scene->packets.follower, &p);

	if (speaker != SPEAKER_NOBODY)
		flow_packets_keep(&scene->packets, &p, speaker);
}

static char *draw(struct scene *scene, const struct incident *incident)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	assert_non_null(out);
	seq_diagram_print(&(struct packet_view){
		&scene->source, incident, &scene->packets, &plain, out});
	assert_int_equal(fclose(out), 0);
	return text;
}

static void has(const char *text, const char *part)
{
	if (!strstr(text, part))
		fail_msg("no \"%s\" in:\n%s", part, text);
}

static void both_sides_speak_in_their_direction(void **state)
{
	struct scene *scene = malloc(sizeof(*scene));

	(void)state;
	assert_non_null(scene);
	begin(scene, 0);
	take(scene, packet(1, true, TCP_SYN));
	take(scene, packet(2, false, TCP_SYN | TCP_ACK));
	char *text = draw(scene, NULL);
	has(text, "#1 │ ─ SYN ───");
	has(text, "▶ │");
	has(text, "#2 │ ◀──");
	has(text, " SYN,ACK ─ │");
	has(text, "+0.001000");
	free(text);
	free(scene);
}

static void a_forged_reset_begins_in_the_middle(void **state)
{
	struct scene *scene = malloc(sizeof(*scene));

	(void)state;
	assert_non_null(scene);
	begin(scene, 12);
	scene->incident.sender = PARTY_MIDDLEBOX;
	take(scene, packet(11, true, TCP_PSH | TCP_ACK));
	take(scene, packet(12, false, TCP_RST));
	char *text = draw(scene, &scene->incident);
	has(text, "hop 4");
	has(text, "┼");
	has(text, "> #2 │ ◀─");
	has(text, " RST ─ ┤ ");
	has(text, "(1) reset-ttl-matches-sender: yes, found 54");
	free(text);
	free(scene);
}

static const char from_the_middle[] = " RST ─ ┤ ";

static void so_does_each_reset_of_a_train_and_no_other(void **state)
{
	struct scene *scene = malloc(sizeof(*scene));
	struct packet next = packet(13, false, TCP_RST);
	struct packet foreign = packet(14, false, TCP_RST);
	struct packet reply = packet(15, true, TCP_RST);

	(void)state;
	assert_non_null(scene);
	begin(scene, 12);
	scene->incident.sender = PARTY_MIDDLEBOX;
	next.ttl = 53; /* the sample's came with 54 */
	foreign.ttl = 60;
	reply.ttl = 54;
	take(scene, packet(12, false, TCP_RST));
	take(scene, next);
	take(scene, foreign);
	take(scene, reply);
	char *text = draw(scene, &scene->incident);
	unsigned count = 0;
	for (const char *at = text; (at = strstr(at, from_the_middle)); at++)
		count++;
	assert_int_equal(count, 2);
	free(text);
	scene->incident.sender = PARTY_SERVER;
	text = draw(scene, &scene->incident);
	assert_null(strstr(text, from_the_middle));
	free(text);
	free(scene);
}

static void an_error_of_a_router_begins_in_the_middle(void **state)
{
	struct scene *scene = malloc(sizeof(*scene));
	struct packet data = packet(3, true, TCP_ACK);
	struct packet error = {
		.frame = 4,
		.kind = PACKET_ICMP,
		.family = 4,
		.icmp_type = 3,
		.icmp_code = 4,
		.icmp_mtu = 1400,
		.source = {{10, 0, 0, 9}},
		.target = data.source,
		.quoted = {.family = 4,
			.protocol = PROTOCOL_TCP,
			.has_ports = true,
			.source = data.source,
			.target = data.target,
			.source_port = data.source_port,
			.target_port = data.target_port},
	};

	(void)state;
	assert_non_null(scene);
	begin(scene, 0);
	take(scene, data);
	take(scene, error);
	char *text = draw(scene, NULL);
	has(text, " ICMP 3/4 ─ ┤");
	has(text, "fragmentation needed, mtu 1400");
	free(text);
	free(scene);
}

static void long_connections_are_cut_and_the_cut_is_counted(void **state)
{
	struct scene *scene = malloc(sizeof(*scene));
	const struct flow_packet *list[FLOW_PACKETS_MAX];

	(void)state;
	assert_non_null(scene);
	begin(scene, 5000);
	for (uint64_t frame = 1; frame <= 10000; frame++)
		take(scene, packet(frame, frame % 2 == 0, TCP_ACK));
	unsigned count = flow_packets_list(&scene->packets, list);
	assert_int_equal(count, FLOW_PACKETS_MAX);
	bool has_key = false;
	for (unsigned i = 0; i < count; i++) {
		has_key = has_key || list[i]->packet.frame == 5000;
		if (i > 0)
			assert_true(list[i]->ordinal > list[i - 1]->ordinal);
		assert_int_equal(list[i]->ordinal + 1, list[i]->packet.frame);
	}
	assert_true(has_key);
	assert_int_equal(list[count - 1]->packet.frame, 10000);
	char *text = draw(scene, NULL);
	has(text, "… 4,860 packets …");
	has(text, "… 4,940 packets …");
	free(text);
	free(scene);
}

static void another_connection_on_the_same_ports_is_not_shown(void **state)
{
	struct scene *scene = malloc(sizeof(*scene));
	struct packet next = packet(20, true, TCP_SYN);
	const struct flow_packet *list[FLOW_PACKETS_MAX];

	(void)state;
	assert_non_null(scene);
	next.sequence = 77;
	begin(scene, 12);
	take(scene, packet(1, true, TCP_SYN));
	take(scene, packet(2, true, TCP_SYN)); /* the same again */
	take(scene, packet(12, false, TCP_RST));
	take(scene, packet(13, true, TCP_ACK)); /* late, and still its own */
	take(scene, next);
	take(scene, packet(21, false, TCP_ACK));
	assert_int_equal(flow_packets_list(&scene->packets, list), 4);
	/* and not the one before */
	begin(scene, 12);
	scene->packets.follower.began_ns = sample_origin_ns + 5000000;
	take(scene, packet(1, true, TCP_SYN));
	take(scene, packet(12, false, TCP_RST));
	assert_int_equal(flow_packets_list(&scene->packets, list), 1);
	free(scene);
}

static void strangers_are_not_part_of_it(void **state)
{
	struct flow_name flow = {.client = sample_endpoint(1, 40000),
		.server = sample_endpoint(2, 22),
		.family = 4};
	struct packet p = packet(1, true, TCP_ACK);

	(void)state;
	assert_int_equal(flow_speaker(&flow, &p), SPEAKER_CLIENT);
	p.source_port++;
	assert_int_equal(flow_speaker(&flow, &p), SPEAKER_NOBODY);
	p = packet(1, false, TCP_ACK);
	assert_int_equal(flow_speaker(&flow, &p), SPEAKER_SERVER);
	p.family = 6;
	assert_int_equal(flow_speaker(&flow, &p), SPEAKER_NOBODY);
	p.family = 4;
	p.kind = PACKET_FRAGMENT;
	assert_int_equal(flow_speaker(&flow, &p), SPEAKER_NOBODY);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(both_sides_speak_in_their_direction),
		cmocka_unit_test(a_forged_reset_begins_in_the_middle),
		cmocka_unit_test(so_does_each_reset_of_a_train_and_no_other),
		cmocka_unit_test(an_error_of_a_router_begins_in_the_middle),
		cmocka_unit_test(
			long_connections_are_cut_and_the_cut_is_counted),
		cmocka_unit_test(
			another_connection_on_the_same_ports_is_not_shown),
		cmocka_unit_test(strangers_are_not_part_of_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
