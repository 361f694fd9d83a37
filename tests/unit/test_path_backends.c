#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/path_story.h"

enum { FIRST_PORT = 41000, OURS = 1000, THEIRS = 5000, NO_SCALE = 255 };

/* A connection whose SYN-ACK looks so, and on which the server says this first;
 * an empty text: nothing. */
struct connection_seen {
	uint8_t ttl, window_scale;
	const char *words;
};

static void open_one(
	struct path_story *story, uint16_t port, struct connection_seen seen)
{
	struct packet syn = path_story_ours(story, port, TCP_SYN);
	struct packet syn_ack, data;

	syn.sequence = OURS;
	path_packet(story->path, &syn);
	syn_ack = path_story_theirs(story, port, TCP_SYN | TCP_ACK);
	syn_ack.sequence = THEIRS;
	syn_ack.acknowledged = OURS + 1;
	syn_ack.ttl = seen.ttl;
	if (seen.window_scale != NO_SCALE) {
		syn_ack.options |= OPTION_WINDOW_SCALE;
		syn_ack.window_scale = seen.window_scale;
	}
	path_packet(story->path, &syn_ack);
	data = path_story_theirs(story, port, TCP_ACK);
	data.sequence = THEIRS + 1;
	data.acknowledged = OURS + 1;
	data.ttl = seen.ttl;
	data.payload = (const uint8_t *)seen.words;
	data.payload_bytes = data.payload_captured =
		(uint32_t)strlen(seen.words);
	if (seen.words[0])
		path_packet(story->path, &data);
}

static struct path_backends backends_of(
	const struct connection_seen *seen, unsigned count)
{
	struct path_story story = path_story_begin();
	struct path_totals totals;

	for (unsigned i = 0; i < count; i++)
		open_one(&story, (uint16_t)(FIRST_PORT + i), seen[i]);
	path_finish(story.path);
	path_totals(story.path, &totals);
	path_free(story.path);
	return totals.backends;
}

static void check_backends(struct connection_seen one,
	struct connection_seen other, unsigned count)
{
	const struct connection_seen seen[] = {one, other};

	assert_int_equal(backends_of(seen, 2).count, count);
}

static void initial_ttls_differ(void **state)
{
	const struct connection_seen seen[] = {
		{60, 7, ""}, {60, 7, ""}, {124, 7, ""}, {251, 7, ""},
		{58, 7, ""}};
	struct path_backends backends = backends_of(seen, 5);

	(void)state;
	assert_int_equal(backends.count, 3);
	assert_int_equal(backends.sign, BACKEND_INITIAL_TTL);
	/* The second of three frames, of the first connection and the third. */
	assert_int_equal(backends.frame, 2);
	assert_int_equal(backends.other_frame, 8);
}

static void distances_say_nothing(void **state)
{
	(void)state;
	check_backends((struct connection_seen){60, 7, ""},
		(struct connection_seen){58, 7, ""}, 1);
}

/* What is left of 64 after 32 routers looks like one that began with 32. */
static void long_routes_say_nothing(void **state)
{
	(void)state;
	check_backends((struct connection_seen){33, 7, ""},
		(struct connection_seen){32, 7, ""}, 1);
	check_backends((struct connection_seen){40, 7, ""},
		(struct connection_seen){24, 7, ""}, 1);
	check_backends((struct connection_seen){41, 7, ""},
		(struct connection_seen){24, 7, ""}, 2);
}

static void window_scales_differ(void **state)
{
	const struct connection_seen seen[] = {{60, 0, ""}, {60, 7, ""}};

	(void)state;
	assert_int_equal(backends_of(seen, 2).count, 2);
	assert_int_equal(backends_of(seen, 2).sign, BACKEND_WINDOW_SCALE);
}

static void a_missing_window_scale_says_nothing(void **state)
{
	(void)state;
	check_backends((struct connection_seen){60, 7, ""},
		(struct connection_seen){60, NO_SCALE, ""}, 1);
}

static void identifications_differ(void **state)
{
	const struct connection_seen seen[] = {
		{60, 7, "SSH-2.0-OpenSSH_9.2p1\r\n"},
		{60, 7, "SSH-2.0-OpenSSH_9.7\r\n"}};

	(void)state;
	assert_int_equal(backends_of(seen, 2).count, 2);
	assert_int_equal(backends_of(seen, 2).sign, BACKEND_IDENTIFICATION);
}

static void other_words_say_nothing(void **state)
{
	(void)state;
	check_backends(
		(struct connection_seen){60, 7, "SSH-2.0-OpenSSH_9.2p1\r\n"},
		(struct connection_seen){60, 7, "Exceeded MaxStartups\r\n"},
		1);
	check_backends(
		(struct connection_seen){60, 7, "SSH-2.0-OpenSSH_9.2p1\r\n"},
		(struct connection_seen){60, 7, "SSH-2.0-Open"}, 1);
	check_backends((struct connection_seen){60, 7, "SSH-2.0-a\r\nb"},
		(struct connection_seen){60, 7, "SSH-2.0-a\r\nc"}, 1);
	check_backends((struct connection_seen){60, 7, "220 one\r\n"},
		(struct connection_seen){60, 7, "220 two\r\n"}, 1);
}

static void nothing_open_is_none(void **state)
{
	(void)state;
	assert_int_equal(backends_of(NULL, 0).count, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(initial_ttls_differ),
		cmocka_unit_test(distances_say_nothing),
		cmocka_unit_test(long_routes_say_nothing),
		cmocka_unit_test(window_scales_differ),
		cmocka_unit_test(a_missing_window_scale_says_nothing),
		cmocka_unit_test(identifications_differ),
		cmocka_unit_test(other_words_say_nothing),
		cmocka_unit_test(nothing_open_is_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
