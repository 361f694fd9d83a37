/* How far the exclusion of a cause goes: each guilty path has an innocent
 * twin. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "analysis/cause/cause.h"
#include "analysis/cause/cause_words.h"
#include "analysis/path/path_record.h"
#include "probe/protocol/hop_distance.h"
#include "tests/support/path_story.h"
#include "tests/support/path_talks.h"

enum { FIRST_PORT = 40000, SYNS = 16 };

static const struct cause_verdict *verdict_of(
	const struct diagnosis *diagnosis, enum cause cause)
{
	for (unsigned i = 0; i < diagnosis->count; i++)
		if (diagnosis->verdicts[i].cause == cause)
			return &diagnosis->verdicts[i];
	fail_msg("no verdict about %s", cause_text(cause)->word);
	return NULL;
}

/* Finishes the story's path and frees it: pointers into it are gone. */
static struct diagnosis diagnosed(struct path_story *story)
{
	struct diagnosis diagnosis;

	path_finish(story->path);
	diagnosis_make(story->path, &diagnosis);
	path_free(story->path);
	return diagnosis;
}

/* What answers a SYN. */
enum answer { OPENED, RESET, REJECTED, SILENCE };

static uint16_t port_of(unsigned connection)
{
	return connection ? (uint16_t)(FIRST_PORT + connection)
			  : (uint16_t)PATH_STORY_PORT;
}

static struct packet syn(struct path_story *story, unsigned connection)
{
	struct packet packet =
		path_story_ours(story, port_of(connection), TCP_SYN);

	packet.ttl = HOP_LIMIT_WHOLE_WAY;
	packet.ip_bytes = 44;
	path_packet(story->path, &packet);
	return packet;
}

static uint64_t answer(
	struct path_story *story, const struct packet *sent, enum answer answer)
{
	if (answer == REJECTED)
		path_story_error(story, sent, path_comment(story->path)->target,
			3, 3, 0);
	else if (answer != SILENCE)
		path_story_hear(story, sent->source_port,
			answer == OPENED ? TCP_SYN | TCP_ACK
					 : TCP_RST | TCP_ACK,
			0, 0);
	return story->frame;
}

/* Connections, of which the last ones are answered in another way; after them
 * a second passes. The frame of the first of those. */
static uint64_t connect_all(struct path_story *story, unsigned count,
	unsigned others, enum answer kind)
{
	uint64_t first = 0;

	for (unsigned i = 0; i < count; i++) {
		struct packet sent = syn(story, i);
		bool is_other = i >= count - others;
		uint64_t frame = answer(story, &sent, is_other ? kind : OPENED);

		if (is_other && !first)
			first = frame;
	}
	story->time_ns += 1000000000;
	path_story_echo(story, 100, true);
	return first;
}

static const enum cause filters[] = {
	CAUSE_HOST_FIREWALL, CAUSE_FAIL2BAN, CAUSE_SECURITY_GROUP};

static void check_filters(const struct diagnosis *diagnosis,
	enum cause_state state, const char *reason, uint64_t frame)
{
	for (int i = 0; i < 3; i++) {
		const struct cause_verdict *verdict =
			verdict_of(diagnosis, filters[i]);

		assert_int_equal(verdict->state, state);
		assert_non_null(strstr(verdict->because, reason));
		assert_int_equal(verdict->frame, frame);
		assert_string_equal(verdict->test, "");
	}
}

static void a_port_that_answers_each_syn_is_not_filtered(void **state)
{
	struct path_story story = path_story_begin();
	struct diagnosis diagnosis;

	(void)state;
	connect_all(&story, SYNS, 0, OPENED);
	diagnosis = diagnosed(&story);
	check_filters(&diagnosis, CAUSE_EXCLUDED,
		"Port 22 answers this host's SYN.", 2);
	assert_int_equal(verdict_of(&diagnosis, CAUSE_NO_SERVICE)->state,
		CAUSE_EXCLUDED);
}

static void refused_syns_leave_filters_open(void **state)
{
	static const enum answer kinds[] = {RESET, REJECTED};

	(void)state;
	for (int i = 0; i < 2; i++) {
		struct path_story story = path_story_begin();
		uint64_t frame = connect_all(&story, SYNS, 13, kinds[i]);
		struct diagnosis diagnosis = diagnosed(&story);

		check_filters(&diagnosis, CAUSE_OPEN,
			"13 of 16 SYNs to port 22 were refused. ", frame);
		assert_int_equal(
			verdict_of(&diagnosis, CAUSE_NO_SERVICE)->state,
			kinds[i] == RESET ? CAUSE_OPEN : CAUSE_EXCLUDED);
	}
}

static void one_refused_syn_is_enough(void **state)
{
	struct path_story story = path_story_begin();
	uint64_t frame = connect_all(&story, SYNS, 1, REJECTED);
	struct diagnosis diagnosis = diagnosed(&story);

	(void)state;
	check_filters(&diagnosis, CAUSE_OPEN,
		"1 of 16 SYNs to port 22 were refused. ", frame);
}

/* Of so many echo requests so many are lost; then of 16 SYNs. */
static struct diagnosis silent_after(
	unsigned echos, unsigned echos_lost, unsigned silent, uint64_t *frame)
{
	struct path_story story = path_story_begin();

	for (unsigned i = 0; i < echos; i++)
		path_story_echo(&story, 100, i >= echos_lost);
	*frame = connect_all(&story, SYNS, silent, SILENCE);
	return diagnosed(&story);
}

/* With no loss of 50, a share of 1/52: 13 of 16 are no chance, 1 is. */
static void unanswered_syns_are_held_against_loss(void **state)
{
	uint64_t frame;
	struct diagnosis diagnosis = silent_after(50, 0, 13, &frame);

	(void)state;
	check_filters(&diagnosis, CAUSE_OPEN,
		"13 of 16 SYNs to port 22 were not answered. ", frame);
	assert_int_equal(verdict_of(&diagnosis, CAUSE_NO_SERVICE)->state,
		CAUSE_EXCLUDED);
	diagnosis = silent_after(50, 0, 1, &frame);
	check_filters(&diagnosis, CAUSE_EXCLUDED, "answers", 102);
	/* 3 of 16 are no chance, unless a fifth of the echos is lost */
	diagnosis = silent_after(50, 0, 3, &frame);
	check_filters(&diagnosis, CAUSE_OPEN, "3 of 16", frame);
	diagnosis = silent_after(50, 10, 3, &frame);
	check_filters(&diagnosis, CAUSE_EXCLUDED, "answers", 92);
}

/* The answer to the first of two SYNs of a connection came when the second had
 * left, sooner than any round trip; or long after it. */
static void a_late_answer_is_no_silence(void **state)
{
	(void)state;
	for (int is_late = 0; is_late < 2; is_late++) {
		struct path_story story = path_story_begin();
		struct diagnosis diagnosis;
		const struct cause_verdict *verdict;

		for (unsigned i = 0; i < 50; i++)
			path_story_echo(&story, 100, true);
		for (unsigned i = 0; i < SYNS; i++) {
			struct packet sent = syn(&story, i);

			story.time_ns += 99000000;
			if (i > 0) {
				sent = syn(&story, i);
				story.time_ns += is_late ? 0 : 99000000;
			}
			answer(&story, &sent, OPENED);
		}
		story.time_ns += 1000000000;
		path_story_echo(&story, 100, true);
		diagnosis = diagnosed(&story);
		verdict = verdict_of(&diagnosis, CAUSE_HOST_FIREWALL);
		assert_int_equal(
			verdict->state, is_late ? CAUSE_EXCLUDED : CAUSE_OPEN);
		assert_true(is_late || strstr(verdict->because,
					       "15 of 31 SYNs to port 22 were "
					       "not answered."));
	}
}

/* Three SYNs without an answer, so long before all others are answered; the
 * target may have answered an echo request before them. */
static void check_first_silent(
	int64_t before_ns, bool is_known, bool is_open, enum cause_state state)
{
	struct path_story story = path_story_begin();
	struct diagnosis diagnosis;

	if (is_known)
		path_story_echo(&story, 100, true);
	for (unsigned i = 0; i < 3; i++)
		(void)syn(&story, i);
	story.time_ns += before_ns;
	for (unsigned i = 0; i < 50; i++)
		path_story_echo(&story, 100, true);
	connect_all(&story, SYNS, is_open ? 0 : SYNS, SILENCE);
	diagnosis = diagnosed(&story);
	assert_int_equal(
		verdict_of(&diagnosis, CAUSE_HOST_FIREWALL)->state, state);
}

static void the_first_syns_may_wait_for_addresses(void **state)
{
	const int64_t second_ns = 1000000000;

	(void)state;
	check_first_silent(second_ns, false, true, CAUSE_EXCLUDED);
	check_first_silent(5 * second_ns / 2, false, true, CAUSE_EXCLUDED);
	check_first_silent(7 * second_ns / 2, false, true, CAUSE_OPEN);
	check_first_silent(second_ns, true, true, CAUSE_OPEN);
	check_first_silent(second_ns, false, false, CAUSE_FOUND);
}

/* Nobody waited for the answers to the last SYNs. */
static void the_last_syns_are_not_counted(void **state)
{
	struct path_story story = path_story_begin();
	struct diagnosis diagnosis;

	(void)state;
	connect_all(&story, 2, 0, OPENED);
	for (unsigned i = 2; i < SYNS; i++) {
		struct packet packet =
			path_story_ours(&story, port_of(i), TCP_SYN);

		packet.ttl = HOP_LIMIT_WHOLE_WAY;
		packet.time_ns = story.time_ns;
		path_packet(story.path, &packet);
		story.time_ns -= 1000000;
	}
	diagnosis = diagnosed(&story);
	check_filters(&diagnosis, CAUSE_EXCLUDED, "answers", 2);
}

/* The server's text on a connection, from so many bytes behind its first. */
static void say(struct path_story *story, unsigned connection, uint32_t behind,
	const char *text)
{
	struct packet packet = path_story_theirs(
		story, port_of(connection), TCP_ACK | TCP_PSH);

	packet.sequence = 1 + behind;
	packet.acknowledged = 1;
	packet.payload = (const uint8_t *)text;
	packet.payload_bytes = packet.payload_captured = (uint32_t)strlen(text);
	packet.ip_bytes = 40 + packet.payload_bytes;
	path_packet(story->path, &packet);
}

static void a_refusal_on_any_connection_is_found(void **state)
{
	static const unsigned connections[] = {0, 3};

	(void)state;
	for (int i = 0; i < 2; i++) {
		struct path_story story = path_story_begin();
		const struct finding *finding;
		struct diagnosis diagnosis;
		uint64_t frame;

		connect_all(&story, 4, 0, OPENED);
		say(&story, connections[i], 0, "Exceeded MaxStartups\r\n");
		frame = story.frame;
		path_finish(story.path);
		diagnosis_make(story.path, &diagnosis);
		assert_int_equal(
			diagnosis.verdicts[0].cause, CAUSE_MAX_STARTUPS);
		assert_int_equal(diagnosis.verdicts[0].state, CAUSE_FOUND);
		assert_int_equal(diagnosis.verdicts[0].grade, GRADE_CERTAIN);
		finding = diagnosis.verdicts[0].finding;
		assert_string_equal(finding->row, "ssh-max-startups");
		assert_int_equal(finding->evidence[0].frame, frame);
		assert_int_equal(
			finding->evidence[0].against, 1 + 2 * connections[i]);
		path_free(story.path);
	}
}

/* Other words, or those words later, or of a connection that nobody opened. */
static void other_words_refuse_nothing(void **state)
{
	static const struct {
		unsigned connection;
		uint32_t behind;
		const char *text;
	} cases[] = {
		{1, 0, "SSH-2.0-OpenSSH_9.2p1\r\n"},
		{1, 0, "Exceeded MaxStartup"},
		{1, 1, "Exceeded MaxStartups\r\n"},
		{9, 0, "Exceeded MaxStartups\r\n"},
	};

	(void)state;
	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct path_story story = path_story_begin();
		struct diagnosis diagnosis;

		connect_all(&story, 4, 0, OPENED);
		say(&story, cases[i].connection, cases[i].behind,
			cases[i].text);
		diagnosis = diagnosed(&story);
		assert_int_equal(
			verdict_of(&diagnosis, CAUSE_MAX_STARTUPS)->state,
			CAUSE_OPEN);
	}
}

enum { OURS = 7001, THEIRS = 9001 };

/* A packet of connection 1 that is asked, or answers. */
static void idle_ask(struct path_story *story, bool is_answer, uint16_t flags,
	uint32_t sequence)
{
	static const uint8_t number = 0;
	struct packet packet =
		is_answer ? path_story_theirs(story, port_of(1), flags)
			  : path_story_ours(story, port_of(1), flags);

	packet.sequence = sequence;
	packet.acknowledged = is_answer ? OURS : THEIRS;
	packet.ttl = HOP_LIMIT_WHOLE_WAY;
	packet.ip_bytes = 40;
	if (!is_answer && sequence < OURS && !(flags & TCP_SYN)) {
		packet.ip_bytes = 41;
		packet.payload = &number;
		packet.payload_bytes = packet.payload_captured = 1;
	}
	path_packet(story->path, &packet);
}

/* A connection that survives so many seconds, where those are all to be
 * tested. */
static struct diagnosis survived(
	unsigned seconds, const struct client_settings *settings)
{
	struct path_story story = path_story_begin();

	path_story_asks(&story, EXPERIMENT_IDLE);
	story.path->comment.idle_max_s = seconds;
	path_set_client(story.path, settings);
	connect_all(&story, 1, 0, OPENED);
	idle_ask(&story, false, TCP_SYN, OURS - 1);
	idle_ask(&story, true, TCP_SYN | TCP_ACK, THEIRS - 1);
	idle_ask(&story, false, TCP_ACK, OURS);
	idle_ask(&story, false, TCP_ACK, OURS - 1);
	idle_ask(&story, true, TCP_ACK, THEIRS);
	story.time_ns += seconds * INT64_C(1000000000);
	idle_ask(&story, false, TCP_ACK, OURS - 1);
	idle_ask(&story, true, TCP_ACK, THEIRS);
	return diagnosed(&story);
}

static const struct client_settings without_keepalives = {.is_ssh_known = true};

static void an_idle_time_out_is_excluded_up_to_what_was_survived(void **state)
{
	struct diagnosis diagnosis = survived(6, &without_keepalives);
	const struct cause_verdict *verdict =
		verdict_of(&diagnosis, CAUSE_IDLE_TIMEOUT);

	(void)state;
	assert_int_equal(verdict->state, CAUSE_OPEN);
	assert_non_null(strstr(verdict->because, "up to 6.0 s"));
	assert_string_equal(verdict->test,
		"sudo culprit probe 10.0.9.9 -p 22 --only idle --idle-max 360");
	diagnosis = survived(359, &without_keepalives);
	assert_int_equal(
		verdict_of(&diagnosis, CAUSE_IDLE_TIMEOUT)->state, CAUSE_OPEN);
	diagnosis = survived(360, &without_keepalives);
	verdict = verdict_of(&diagnosis, CAUSE_IDLE_TIMEOUT);
	assert_int_equal(verdict->state, CAUSE_EXCLUDED);
	assert_non_null(strstr(verdict->because, "up to 360.0 s"));
}

static void missing_keepalives_are_not_excluded_by_what_was_survived(
	void **state)
{
	static const struct {
		struct client_settings settings;
		enum cause_state state;
	} cases[] = {
		{{.is_ssh_known = true}, CAUSE_OPEN},
		{{.is_ssh_known = false}, CAUSE_OPEN},
		{{.is_ssh_known = true, .alive_s = 360}, CAUSE_EXCLUDED},
		{{.is_ssh_known = true, .alive_s = 361}, CAUSE_OPEN},
		{{.is_ssh_known = true,
			 .has_tcp_keepalive = true,
			 .kernel_idle_s = 7200},
			CAUSE_OPEN},
		{{.is_ssh_known = true,
			 .has_tcp_keepalive = true,
			 .kernel_idle_s = 60},
			CAUSE_EXCLUDED},
	};

	(void)state;
	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct diagnosis diagnosis = survived(360, &cases[i].settings);
		const struct cause_verdict *verdict =
			verdict_of(&diagnosis, CAUSE_KEEPALIVE);

		assert_int_equal(verdict->state, cases[i].state);
		assert_non_null(strstr(verdict->because, "360.0 s"));
	}
}

/* A talk of tests/support/path_talks.h. */
static struct diagnosis played(const char *name)
{
	const struct path_talk *talks[PATH_TALKS_MOST];
	unsigned count = path_talks_all(talks);

	for (unsigned i = 0; i < count; i++)
		if (strcmp(talks[i]->name, name) == 0) {
			struct path_story story = {
				.path = path_talk_play(talks[i], NULL)};

			return diagnosed(&story);
		}
	fail_msg("no talk \"%s\"", name);
	return (struct diagnosis){.count = 0};
}

static void a_trigger_that_provokes_nothing_is_named(void **state)
{
	struct diagnosis diagnosis =
		played("two acknowledged triggers exclude a device");
	const struct cause_verdict *verdict =
		verdict_of(&diagnosis, CAUSE_MIDDLEBOX_RESET);

	(void)state;
	assert_int_equal(verdict->state, CAUSE_EXCLUDED);
	assert_non_null(strstr(verdict->because, "For the bytes ssh,"));
	assert_non_null(strstr(verdict->because, "nothing was reset within "));
	assert_non_null(
		strstr(verdict->because, "Other bytes were not tried."));
}

static void accepted_connections_are_counted(void **state)
{
	struct diagnosis diagnosis =
		played("a healthy SSH server: all is excluded");
	const struct cause_verdict *verdict =
		verdict_of(&diagnosis, CAUSE_MAX_STARTUPS);

	(void)state;
	assert_int_equal(verdict->state, CAUSE_EXCLUDED);
	assert_non_null(strstr(
		verdict->because, "Up to 8 connections at once were accepted"));
	diagnosis = played("fewer connections at once show no MaxStartups");
	verdict = verdict_of(&diagnosis, CAUSE_MAX_STARTUPS);
	assert_int_equal(verdict->state, CAUSE_OPEN);
	assert_non_null(strstr(verdict->because, "No more than 7"));
}

/* sshd looks names up at the login as well. */
static void an_identification_in_time_excludes_no_slow_names(void **state)
{
	struct diagnosis diagnosis =
		played("a healthy SSH server: all is excluded");
	const struct cause_verdict *verdict =
		verdict_of(&diagnosis, CAUSE_SLOW_DNS);

	(void)state;
	assert_int_equal(verdict->state, CAUSE_OPEN);
	assert_non_null(
		strstr(verdict->because, "The identification came in time"));
	assert_true(verdict->frame > 0);
	assert_int_equal(verdict_of(&diagnosis, CAUSE_TCP_WRAPPERS)->state,
		CAUSE_EXCLUDED);
}

/* Sixty segments, whose answers take so many milliseconds more by turns. */
static struct diagnosis jittery(unsigned ms)
{
	struct path_story story = path_story_begin();

	path_story_asks(&story, EXPERIMENT_LOSS);
	connect_all(&story, 1, 0, OPENED);
	for (unsigned i = 0; i < 60; i++) {
		struct packet sent = path_story_segment(&story, 64, 64);

		story.time_ns += i % 2 * ms * INT64_C(1000000);
		path_story_named(&story, &sent);
	}
	return diagnosed(&story);
}

static void large_jitter_is_not_excluded(void **state)
{
	struct diagnosis diagnosis = jittery(200);
	const struct cause_verdict *verdict =
		verdict_of(&diagnosis, CAUSE_LOSS);

	(void)state;
	assert_int_equal(verdict->state, CAUSE_OPEN);
	assert_non_null(strstr(verdict->because,
		"Round trips take 1.0 to 201.0 ms, with a jitter of "));
	assert_string_equal(verdict->test,
		"sudo culprit probe 10.0.9.9 -p 22 --only loss, again");
	diagnosis = jittery(20);
	verdict = verdict_of(&diagnosis, CAUSE_LOSS);
	assert_int_equal(verdict->state, CAUSE_EXCLUDED);
	assert_non_null(strstr(verdict->because, "Round trips take 1.0 to "));
}

/* What is to be looked at, at the server of a port that is closed; whether it
 * spoke SSH before. */
static void closed_port(
	uint16_t port, bool is_ssh, char ban[200], char log[200])
{
	struct path_story story = path_story_begin();

	story.path->comment.port = port;
	story.path->totals.is_ssh = is_ssh;
	path_finish(story.path);
	cause_words_fill(
		story.path, NULL, cause_text(CAUSE_FAIL2BAN)->server, ban, 200);
	cause_words_fill(story.path, NULL, cause_text(CAUSE_SERVER_LOG)->server,
		log, 200);
	path_free(story.path);
}

static void the_log_of_sshd_is_named_where_ssh_is_spoken(void **state)
{
	static const struct {
		uint16_t port;
		bool spoke, is_sshd;
	} cases[] = {{22, false, true}, {2222, true, true},
		{2222, false, false}, {80, false, false}, {443, false, false}};

	(void)state;
	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char ban[200], log[200];

		closed_port(cases[i].port, cases[i].spoke, ban, log);
		assert_true(!strstr(ban, "sshd") == !cases[i].is_sshd);
		assert_true(
			!strstr(log, "journalctl -u ssh") == !cases[i].is_sshd);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_port_that_answers_each_syn_is_not_filtered),
		cmocka_unit_test(refused_syns_leave_filters_open),
		cmocka_unit_test(one_refused_syn_is_enough),
		cmocka_unit_test(unanswered_syns_are_held_against_loss),
		cmocka_unit_test(a_late_answer_is_no_silence),
		cmocka_unit_test(the_first_syns_may_wait_for_addresses),
		cmocka_unit_test(the_last_syns_are_not_counted),
		cmocka_unit_test(a_refusal_on_any_connection_is_found),
		cmocka_unit_test(other_words_refuse_nothing),
		cmocka_unit_test(
			an_idle_time_out_is_excluded_up_to_what_was_survived),
		cmocka_unit_test(
			missing_keepalives_are_not_excluded_by_what_was_survived),
		cmocka_unit_test(a_trigger_that_provokes_nothing_is_named),
		cmocka_unit_test(accepted_connections_are_counted),
		cmocka_unit_test(
			an_identification_in_time_excludes_no_slow_names),
		cmocka_unit_test(large_jitter_is_not_excluded),
		cmocka_unit_test(the_log_of_sshd_is_named_where_ssh_is_spoken),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
