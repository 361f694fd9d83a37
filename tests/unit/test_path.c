#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "analysis/path/path.h"

/* A path of four routers and a target, the fifth, as a probe would see it. */
enum { DISTANCE = 5, HOLE_LINK = 3, HOLE_BYTES = 1400, PORT = 50000 };

static const struct address own = {{10, 0, 0, 1}};
static const struct address target = {{10, 0, 9, 9}};

struct story {
	struct path *path;
	uint64_t frame;
	int64_t time_ns;
	uint16_t ip_id;
	uint32_t offset;
};

static struct story begin(void)
{
	struct section_comment comment = {.version = 1,
		.own = own,
		.target = target,
		.family = 4,
		.port = 22,
		.interface_mtu = 1500,
		.experiments = probe_experiment_bit(EXPERIMENT_ROUTE) |
			       probe_experiment_bit(EXPERIMENT_MTU)};
	struct failure failure;
	struct story story = {.path = path_new(&comment, &failure)};

	assert_non_null(story.path);
	return story;
}

static struct packet next(
	struct story *story, struct address source, struct address to)
{
	story->time_ns += 1000000;
	return (struct packet){.frame = ++story->frame,
		.time_ns = story->time_ns,
		.family = 4,
		.source = source,
		.target = to,
		.ttl = 60};
}

static struct address router(unsigned hop)
{
	return (struct address){{10, 0, (uint8_t)hop, 1}};
}

/* On a connection from this port. */
static struct packet own_traffic(
	struct story *story, uint16_t port, uint16_t flags)
{
	struct packet packet = next(story, own, target);

	packet.kind = PACKET_TCP;
	packet.protocol = PROTOCOL_TCP;
	packet.source_port = port;
	packet.target_port = 22;
	packet.tcp_flags = flags;
	return packet;
}

static struct packet theirs(struct story *story, uint16_t port, uint16_t flags)
{
	struct packet packet = next(story, target, own);

	packet.kind = PACKET_TCP;
	packet.protocol = PROTOCOL_TCP;
	packet.source_port = 22;
	packet.target_port = port;
	packet.tcp_flags = flags;
	return packet;
}

static struct packet segment(
	struct story *story, uint32_t ip_bytes, uint8_t ttl)
{
	struct packet packet = own_traffic(story, PORT, TCP_ACK);

	packet.ip_bytes = ip_bytes;
	packet.payload_bytes = ip_bytes - 40;
	packet.sequence = 100000 - story->offset++ - packet.payload_bytes;
	packet.ttl = ttl;
	packet.ip_id = ++story->ip_id;
	packet.is_df = true;
	path_packet(story->path, &packet);
	return packet;
}

static void named(struct story *story, const struct packet *sent_probe)
{
	struct packet packet = theirs(story, PORT, TCP_ACK);

	packet.acknowledged = 100000;
	packet.sack_count = 1;
	packet.sack[0] = (struct sack_block){sent_probe->sequence,
		sent_probe->sequence + sent_probe->payload_bytes};
	path_packet(story->path, &packet);
}

static void error(struct story *story, const struct packet *sent_probe,
	struct address from, uint8_t type, uint8_t code, uint32_t mtu)
{
	struct packet packet = next(story, from, own);

	packet.kind = PACKET_ICMP;
	packet.protocol = PROTOCOL_ICMP;
	packet.icmp_type = type;
	packet.icmp_code = code;
	packet.icmp_mtu = mtu;
	packet.quoted = (struct quotation){.family = 4,
		.protocol = PROTOCOL_TCP,
		.source = own,
		.target = target,
		.source_port = PORT,
		.target_port = 22,
		.has_ports = true,
		.sequence = sent_probe->sequence,
		.has_sequence = true,
		.ip_id = sent_probe->ip_id,
		.total_bytes = (uint16_t)sent_probe->ip_bytes,
		.ttl = 1};
	path_packet(story->path, &packet);
}

static void answer(struct story *story, const struct packet *sent_probe)
{
	if (sent_probe->ip_bytes > HOLE_BYTES && sent_probe->ttl >= HOLE_LINK)
		return;
	if (sent_probe->ttl < DISTANCE)
		error(story, sent_probe, router(sent_probe->ttl), 11, 0, 0);
	else
		named(story, sent_probe);
}

static void ask_and_answer(struct story *story, uint32_t bytes, uint8_t ttl)
{
	struct packet sent_probe = segment(story, bytes, ttl);

	answer(story, &sent_probe);
}

/* What the experiments ask on such a path. */
static void tell(struct story *story)
{
	for (unsigned ttl = 1; ttl <= DISTANCE + 1; ttl++)
		ask_and_answer(story, 48, (uint8_t)ttl);
	for (uint32_t bytes = 1280; bytes <= 1500; bytes += 4)
		ask_and_answer(story, bytes, 64);
	for (int i = 0; i < 4; i++)
		ask_and_answer(story, 1401, 64);
	for (int i = 0; i < 3; i++)
		for (unsigned ttl = 1; ttl < DISTANCE; ttl++) {
			ask_and_answer(story, 1401, (uint8_t)ttl);
			ask_and_answer(story, 1400, (uint8_t)ttl);
		}
}

static const struct finding *analysed(struct story *story)
{
	path_finish(story->path);
	assert_int_equal(path_finding_count(story->path), 1);
	return path_finding(story->path, 0);
}

static void check_hole(const struct finding *finding)
{
	assert_int_equal(finding->kind, FINDING_BLACK_HOLE);
	assert_int_equal(finding->mtu, HOLE_BYTES);
	assert_int_equal(finding->direction, PATH_FORWARD);
	assert_int_equal(finding->after_hop, HOLE_LINK - 1);
	assert_int_equal(finding->before_hop, HOLE_LINK);
}

static void a_hole_is_named_by_size_and_link(void **state)
{
	struct story story = begin();

	(void)state;
	tell(&story);
	check_hole(analysed(&story));
	assert_int_equal(path_finding(story.path, 0)->grade, GRADE_CERTAIN);
	assert_int_equal(path_hop_count(story.path), DISTANCE);
	path_free(story.path);
}

static void a_size_asked_once_is_not_certain(void **state)
{
	struct story story = begin();

	(void)state;
	ask_and_answer(&story, 48, DISTANCE);
	ask_and_answer(&story, 1400, 64);
	ask_and_answer(&story, 1401, 64);
	assert_true(analysed(&story)->grade < GRADE_LIKELY);
	path_free(story.path);
}

static void absurd_claims_change_nothing(void **state)
{
	static const uint32_t claims[] = {
		0, 1, 67, 68, 1399, 1401, 65535, UINT32_MAX};

	(void)state;
	for (unsigned i = 0; i < sizeof(claims) / sizeof(claims[0]); i++) {
		struct story story = begin();

		tell(&story);
		/* About a packet that did arrive, from where no router is. */
		struct packet sent_probe = segment(&story, 1300, 64);
		error(&story, &sent_probe, (struct address){{6, 6, 6, 6}}, 3, 4,
			claims[i]);
		named(&story, &sent_probe);
		check_hole(analysed(&story));
		path_free(story.path);
	}
}

static void strangers_errors_change_nothing(void **state)
{
	struct story story = begin();

	(void)state;
	tell(&story);
	for (uint16_t id = 1; id < 2000; id++) {
		/* Right in everything but the numbers. */
		struct packet sent_probe = {.ip_bytes = 999,
			.ip_id = (uint16_t)(40000 + id),
			.sequence = id};

		error(&story, &sent_probe, (struct address){{6, 6, 6, 6}}, 11,
			0, 0);
		error(&story, &sent_probe, (struct address){{6, 6, 6, 6}}, 3, 4,
			600);
	}
	check_hole(analysed(&story));
	assert_int_equal(path_hop_count(story.path), DISTANCE);
	path_free(story.path);
}

static void an_end_by_the_server_is_no_silence(void **state)
{
	struct story story = begin();
	struct packet opened = own_traffic(&story, PORT, TCP_SYN), fin;

	(void)state;
	opened.sequence = 99999;
	path_packet(story.path, &opened);
	opened = theirs(&story, PORT, TCP_SYN | TCP_ACK);
	opened.acknowledged = 100000;
	path_packet(story.path, &opened);
	fin = theirs(&story, PORT, TCP_FIN | TCP_ACK);
	path_packet(story.path, &fin);
	for (int i = 0; i < 100; i++)
		(void)segment(&story, 1300 + (uint32_t)i, 64);
	path_finish(story.path);
	assert_int_equal(path_finding_count(story.path), 0);
	path_free(story.path);
}

/* With words where it says so. */
static void say(struct story *story, uint16_t port, uint16_t flags,
	uint32_t sequence, uint16_t mss)
{
	struct packet packet = own_traffic(story, port, flags);

	packet.payload_bytes = flags & TCP_PSH ? 16 : 0;
	packet.sequence = sequence;
	packet.options = OPTION_MSS;
	packet.mss = mss;
	packet.window = 65535;
	path_packet(story->path, &packet);
}

static void hear(struct story *story, uint16_t port, uint16_t flags,
	uint32_t sequence, uint32_t bytes)
{
	struct packet packet = theirs(story, port, flags);

	packet.sequence = sequence;
	packet.acknowledged = 1;
	packet.payload_bytes = bytes;
	packet.ip_bytes = bytes + 40;
	path_packet(story->path, &packet);
}

static void ask_echo(struct story *story, uint32_t bytes, bool is_answered)
{
	struct packet packet = next(story, own, target);

	packet.kind = PACKET_ICMP;
	packet.protocol = PROTOCOL_ICMP;
	packet.icmp_type = 8;
	packet.icmp_id = PORT;
	packet.icmp_sequence = (uint16_t)story->frame;
	packet.ip_bytes = bytes;
	packet.ttl = 64;
	path_packet(story->path, &packet);
	if (!is_answered)
		return;
	packet.source = target;
	packet.target = own;
	packet.icmp_type = 0;
	packet.frame = ++story->frame;
	packet.time_ns = story->time_ns += 1000000;
	path_packet(story->path, &packet);
}

static void echo(struct story *story, uint32_t bytes)
{
	ask_echo(story, bytes, true);
}

static const struct finding *found_back(struct story *story)
{
	path_finish(story->path);
	for (unsigned i = 0; i < path_finding_count(story->path); i++)
		if (path_finding(story->path, i)->direction == PATH_REVERSE)
			return path_finding(story->path, i);
	return NULL;
}

static void measure_way_there(struct story *story)
{
	say(story, PORT, TCP_SYN, 0, 1460);
	for (int i = 0; i < 10; i++) {
		struct packet sent_probe = segment(story, 1500, 64);

		named(story, &sent_probe);
	}
}

/* One segment of 1460 bytes comes; of this many others only the rest does. */
static const struct finding *way_back(
	struct story *story, uint16_t missing, uint32_t echo_bytes)
{
	measure_way_there(story);
	echo(story, echo_bytes);
	for (uint16_t i = 0; i <= missing; i++) {
		uint16_t port = (uint16_t)(PORT + 1 + i);
		uint32_t first = i == 0 ? 1 : 1461;

		say(story, port, TCP_SYN, 0, i == 0 ? 1420 : 1460);
		hear(story, port, TCP_SYN | TCP_ACK, 0, 0);
		hear(story, port, TCP_ACK, first, 1420);
		story->time_ns += 200000000;
		hear(story, port, TCP_ACK, first, 1420);
		say(story, port, TCP_ACK, 1, 0);
	}
	return found_back(story);
}

static void a_lost_segment_is_no_hole_where_echo_comes_back(void **state)
{
	struct story story = begin();
	const struct finding *finding = way_back(&story, 1, 1500);

	(void)state;
	assert_non_null(finding);
	assert_int_equal(finding->kind, FINDING_PATH_MTU);
	assert_int_equal(finding->mtu, 1500);
	path_free(story.path);
}

/* A server that was asked for 1460 bytes and has more to say sends so many. */
static const struct finding *cut_to(struct story *story, uint32_t bytes)
{
	uint16_t port = PORT + 1;

	measure_way_there(story);
	say(story, port, TCP_SYN, 0, 1460);
	hear(story, port, TCP_SYN | TCP_ACK, 0, 0);
	say(story, port, TCP_ACK | TCP_PSH, 1, 0);
	say(story, port, TCP_ACK, 17, 0);
	hear(story, port, TCP_ACK, 1, bytes);
	story->time_ns += 200000000;
	hear(story, port, TCP_ACK, 1, bytes);
	return found_back(story);
}

static void a_smaller_segment_is_a_limit(void **state)
{
	struct story story = begin();
	const struct finding *finding = cut_to(&story, 1260);

	(void)state;
	assert_non_null(finding);
	assert_int_equal(finding->mtu, 1300);
	assert_int_equal(finding->grade, GRADE_POSSIBLE);
	path_free(story.path);
}

static void half_a_segment_is_no_limit(void **state)
{
	struct story story = begin();
	const struct finding *finding = cut_to(&story, 730);

	(void)state;
	assert_non_null(finding);
	assert_int_equal(finding->mtu, 0);
	assert_int_equal(finding->grade, GRADE_UNDETERMINED);
	path_free(story.path);
}

static void many_lost_segments_are_a_hole_for_tcp(void **state)
{
	struct story story = begin();
	const struct finding *finding = way_back(&story, 6, 1500);

	(void)state;
	assert_non_null(finding);
	assert_int_equal(finding->kind, FINDING_BLACK_HOLE);
	assert_true(finding->grade != GRADE_CERTAIN);
	assert_string_not_equal(finding->other, "");
	path_free(story.path);
}

static void a_hole_that_is_not_exact_says_what_else_it_may_be(void **state)
{
	struct story story = begin();
	const struct finding *finding = way_back(&story, 6, 69);

	(void)state;
	assert_non_null(finding);
	assert_int_equal(finding->kind, FINDING_BLACK_HOLE);
	assert_int_equal(finding->mtu, 1460);
	assert_int_equal(finding->grade, GRADE_LIKELY);
	assert_string_equal(finding->other,
		"any size from 1460 to 1499 bytes: no size between was sent");
	for (unsigned i = 0; i < finding->evidence_count; i++)
		assert_string_not_equal(
			finding->evidence[i].fact, "icmp-echo-agrees");
	path_free(story.path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_hole_is_named_by_size_and_link),
		cmocka_unit_test(a_size_asked_once_is_not_certain),
		cmocka_unit_test(absurd_claims_change_nothing),
		cmocka_unit_test(strangers_errors_change_nothing),
		cmocka_unit_test(an_end_by_the_server_is_no_silence),
		cmocka_unit_test(
			a_lost_segment_is_no_hole_where_echo_comes_back),
		cmocka_unit_test(many_lost_segments_are_a_hole_for_tcp),
		cmocka_unit_test(a_smaller_segment_is_a_limit),
		cmocka_unit_test(half_a_segment_is_no_limit),
		cmocka_unit_test(
			a_hole_that_is_not_exact_says_what_else_it_may_be),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
