#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/path_story.h"

static const struct finding *analysed(struct path_story *story)
{
	path_finish(story->path);
	assert_int_equal(path_finding_count(story->path), 1);
	return path_finding(story->path, 0);
}

static void check_hole(const struct finding *finding)
{
	assert_int_equal(finding->kind, FINDING_BLACK_HOLE);
	assert_int_equal(finding->mtu, PATH_STORY_HOLE_BYTES);
	assert_int_equal(finding->direction, PATH_FORWARD);
	assert_int_equal(finding->after_hop, PATH_STORY_HOLE_LINK - 1);
	assert_int_equal(finding->before_hop, PATH_STORY_HOLE_LINK);
}

static void a_hole_is_named_by_size_and_link(void **state)
{
	struct path_story story = path_story_begin();

	(void)state;
	path_story_tell_hole(&story);
	check_hole(analysed(&story));
	assert_int_equal(path_finding(story.path, 0)->grade, GRADE_CERTAIN);
	assert_int_equal(path_hop_count(story.path), PATH_STORY_DISTANCE);
	path_free(story.path);
}

static void a_size_asked_once_is_not_certain(void **state)
{
	struct path_story story = path_story_begin();

	(void)state;
	path_story_ask(&story, 48, PATH_STORY_DISTANCE);
	path_story_ask(&story, 1400, 64);
	path_story_ask(&story, 1401, 64);
	assert_true(analysed(&story)->grade < GRADE_LIKELY);
	path_free(story.path);
}

static void absurd_claims_change_nothing(void **state)
{
	static const uint32_t claims[] = {
		0, 1, 67, 68, 1399, 1401, 65535, UINT32_MAX};

	(void)state;
	for (unsigned i = 0; i < sizeof(claims) / sizeof(claims[0]); i++) {
		struct path_story story = path_story_begin();

		path_story_tell_hole(&story);
		/* About a packet that did arrive, from where no router is. */
		struct packet sent_probe = path_story_segment(&story, 1300, 64);
		path_story_error(&story, &sent_probe,
			(struct address){{6, 6, 6, 6}}, 3, 4, claims[i]);
		path_story_named(&story, &sent_probe);
		check_hole(analysed(&story));
		path_free(story.path);
	}
}

static void strangers_errors_change_nothing(void **state)
{
	struct path_story story = path_story_begin();

	(void)state;
	path_story_tell_hole(&story);
	for (uint16_t id = 1; id < 2000; id++) {
		/* Right in everything but the numbers. */
		struct packet sent_probe = {.ip_bytes = 999,
			.ip_id = (uint16_t)(40000 + id),
			.sequence = id};

		path_story_error(&story, &sent_probe,
			(struct address){{6, 6, 6, 6}}, 11, 0, 0);
		path_story_error(&story, &sent_probe,
			(struct address){{6, 6, 6, 6}}, 3, 4, 600);
	}
	check_hole(analysed(&story));
	assert_int_equal(path_hop_count(story.path), PATH_STORY_DISTANCE);
	path_free(story.path);
}

static void an_end_by_the_server_is_no_silence(void **state)
{
	struct path_story story = path_story_begin();
	struct packet opened =
			      path_story_ours(&story, PATH_STORY_PORT, TCP_SYN),
		      fin;

	(void)state;
	opened.sequence = 99999;
	path_packet(story.path, &opened);
	opened = path_story_theirs(&story, PATH_STORY_PORT, TCP_SYN | TCP_ACK);
	opened.acknowledged = 100000;
	path_packet(story.path, &opened);
	fin = path_story_theirs(&story, PATH_STORY_PORT, TCP_FIN | TCP_ACK);
	path_packet(story.path, &fin);
	for (int i = 0; i < 100; i++)
		(void)path_story_segment(&story, 1300 + (uint32_t)i, 64);
	path_finish(story.path);
	assert_int_equal(path_finding_count(story.path), 0);
	path_free(story.path);
}

static const struct finding *found_back(struct path_story *story)
{
	path_finish(story->path);
	for (unsigned i = 0; i < path_finding_count(story->path); i++)
		if (path_finding(story->path, i)->direction == PATH_REVERSE)
			return path_finding(story->path, i);
	return NULL;
}

static void measure_way_there(struct path_story *story)
{
	path_story_say(story, PATH_STORY_PORT, TCP_SYN, 0, 1460);
	for (int i = 0; i < 10; i++) {
		struct packet sent_probe = path_story_segment(story, 1500, 64);

		path_story_named(story, &sent_probe);
	}
}

/* One segment of 1460 bytes comes; of this many others only the rest does. */
static const struct finding *way_back(
	struct path_story *story, uint16_t missing, uint32_t echo_bytes)
{
	measure_way_there(story);
	path_story_echo(story, echo_bytes, true);
	for (uint16_t i = 0; i <= missing; i++) {
		uint16_t port = (uint16_t)(PATH_STORY_PORT + 1 + i);
		uint32_t first = i == 0 ? 1 : 1461;

		path_story_say(story, port, TCP_SYN, 0, i == 0 ? 1420 : 1460);
		path_story_hear(story, port, TCP_SYN | TCP_ACK, 0, 0);
		path_story_hear(story, port, TCP_ACK, first, 1420);
		story->time_ns += 200000000;
		path_story_hear(story, port, TCP_ACK, first, 1420);
		path_story_say(story, port, TCP_ACK, 1, 0);
	}
	return found_back(story);
}

static void a_lost_segment_is_no_hole_where_echo_comes_back(void **state)
{
	struct path_story story = path_story_begin();
	const struct finding *finding = way_back(&story, 1, 1500);

	(void)state;
	assert_non_null(finding);
	assert_int_equal(finding->kind, FINDING_PATH_MTU);
	assert_int_equal(finding->mtu, 1500);
	path_free(story.path);
}

/* A server that was asked for 1460 bytes and has more to say sends so many. */
static const struct finding *cut_to(struct path_story *story, uint32_t bytes)
{
	uint16_t port = PATH_STORY_PORT + 1;

	measure_way_there(story);
	path_story_say(story, port, TCP_SYN, 0, 1460);
	path_story_hear(story, port, TCP_SYN | TCP_ACK, 0, 0);
	path_story_say(story, port, TCP_ACK | TCP_PSH, 1, 0);
	path_story_say(story, port, TCP_ACK, 17, 0);
	path_story_hear(story, port, TCP_ACK, 1, bytes);
	story->time_ns += 200000000;
	path_story_hear(story, port, TCP_ACK, 1, bytes);
	return found_back(story);
}

static void a_smaller_segment_is_a_limit(void **state)
{
	struct path_story story = path_story_begin();
	const struct finding *finding = cut_to(&story, 1260);

	(void)state;
	assert_non_null(finding);
	assert_int_equal(finding->mtu, 1300);
	assert_int_equal(finding->grade, GRADE_POSSIBLE);
	path_free(story.path);
}

static void half_a_segment_is_no_limit(void **state)
{
	struct path_story story = path_story_begin();
	const struct finding *finding = cut_to(&story, 730);

	(void)state;
	assert_non_null(finding);
	assert_int_equal(finding->mtu, 0);
	assert_int_equal(finding->grade, GRADE_UNDETERMINED);
	path_free(story.path);
}

/* On each of so many ports a segment of the interface's MTU comes. */
static const struct finding *full_on(
	struct path_story *story, const uint16_t *ports, unsigned count)
{
	measure_way_there(story);
	path_story_echo(story, 1500, true);
	for (unsigned i = 0; i < count; i++) {
		path_story_say(story, ports[i], TCP_SYN, 0, 1460);
		path_story_hear(story, ports[i], TCP_SYN | TCP_ACK, 0, 0);
		path_story_say(story, ports[i], TCP_ACK | TCP_PSH, 1, 0);
		path_story_say(story, ports[i], TCP_ACK, 17, 0);
		path_story_hear(story, ports[i], TCP_ACK, 1, 1460);
		story->time_ns += 200000000;
		path_story_hear(story, ports[i], TCP_ACK, 1, 1460);
	}
	return found_back(story);
}

/* Load balancers choose by a port's lowest bits. */
static void sizes_of_ports_of_one_parity_are_not_certain(void **state)
{
	static const uint16_t odd[] = {50001, 50003}, even[] = {50002, 50004},
			      both[] = {50001, 50002};
	static const struct {
		const uint16_t *ports;
		enum grade grade;
	} cases[] = {{odd, GRADE_LIKELY}, {even, GRADE_LIKELY},
		{both, GRADE_CERTAIN}};

	(void)state;
	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct path_story story = path_story_begin();
		const struct finding *finding =
			full_on(&story, cases[i].ports, 2);

		assert_non_null(finding);
		assert_int_equal(finding->kind, FINDING_PATH_MTU);
		assert_int_equal(finding->mtu, 1500);
		assert_int_equal(finding->grade, cases[i].grade);
		path_free(story.path);
	}
}

static void many_lost_segments_are_a_hole_for_tcp(void **state)
{
	struct path_story story = path_story_begin();
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
	struct path_story story = path_story_begin();
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

/* Four SYNs without an answer, and so many of 30 echo requests. By the rule of
 * succession loss takes all four with a chance of (lost + 1)^4 / 32^4: 1 in
 * 4,096 where 3 of 30 are lost, 1 in 100 where 9 are, 1 in 37 where 12 are. No
 * echo answered tells nothing of loss. */
static void assert_filtered(unsigned lost, enum grade grade, const char *other)
{
	struct path_story story = path_story_begin();
	const struct finding *finding;

	for (int i = 0; i < 4; i++)
		path_story_say(&story, PATH_STORY_PORT, TCP_SYN, 0, 1460);
	for (unsigned i = 0; i < 30; i++)
		path_story_echo(&story, 100, i >= lost);
	path_finish(story.path);
	assert_in_range(path_finding_count(story.path), 1, 9);
	finding = path_finding(story.path, 0);
	assert_int_equal(finding->kind, FINDING_PORT_STATE);
	assert_int_equal(finding->state, PORT_FILTERED);
	assert_int_equal(finding->grade, grade);
	assert_string_equal(finding->other, other);
	path_free(story.path);
}

static void silence_to_syns_may_be_loss(void **state)
{
	static const char down[] =
		"the target is down, or its responses are lost";

	(void)state;
	assert_filtered(0, GRADE_LIKELY, down);
	assert_filtered(3, GRADE_LIKELY, down);
	assert_filtered(9, GRADE_LIKELY, down);
	assert_filtered(10, GRADE_POSSIBLE,
		"the SYNs were lost by chance: of 30 ICMP echo requests 20 "
		"were answered");
	assert_filtered(12, GRADE_POSSIBLE,
		"the SYNs were lost by chance: of 30 ICMP echo requests 18 "
		"were answered");
	assert_filtered(30, GRADE_LIKELY, down);
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
		cmocka_unit_test(sizes_of_ports_of_one_parity_are_not_certain),
		cmocka_unit_test(many_lost_segments_are_a_hole_for_tcp),
		cmocka_unit_test(a_smaller_segment_is_a_limit),
		cmocka_unit_test(half_a_segment_is_no_limit),
		cmocka_unit_test(
			a_hole_that_is_not_exact_says_what_else_it_may_be),
		cmocka_unit_test(silence_to_syns_may_be_loss),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
