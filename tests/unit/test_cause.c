/* Why connections fail: the tables of causes fit the tables of paths, and the
 * client's settings are read from foreign text. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "analysis/cause/cause_bound.h"
#include "analysis/cause/cause_keepalive.h"
#include "analysis/cause/cause_row.h"
#include "analysis/cause/cause_words.h"
#include "analysis/path/path_rows.h"
#include "probe/protocol/client_settings.h"
#include "tests/support/path_talks.h"
#include "tests/support/probe_recordings.h"

enum { SIGNS_MOST = 64 };

static const struct section_comment comment = {.version = 2,
	.own = {{10, 0, 0, 1}},
	.target = {{10, 0, 9, 9}},
	.family = 4,
	.port = 22,
	.interface_mtu = 1500};

/* A row that a sign may name: of a finding or, where the sign says nothing by
 * itself, of a statement. */
static bool is_named(const struct cause_sign *sign, const struct path_row *row)
{
	if (!sign->row)
		return row->kind == sign->kind;
	if (strcmp(sign->row, row->name) != 0)
		return false;
	if (sign->state == CAUSE_OPEN)
		return sign->says ? row->excludes != 0 : row->opens != 0;
	return sign->says ? row->kind != FINDING_COUNT : row->excludes != 0;
}

static bool is_row(const struct cause_sign *sign)
{
	for (int i = 0; i < PATH_SUBJECT_COUNT; i++)
		for (unsigned j = 0; j < path_rows[i]->row_count; j++)
			if (is_named(sign, &path_rows[i]->rows[j]))
				return true;
	return false;
}

static bool is_experiment(const char *word)
{
	const char *unknown;
	size_t bytes;
	uint32_t set;

	return !word || probe_experiments_read(word, &set, &unknown, &bytes);
}

static void every_sign_is_a_row_of_the_judge(void **state)
{
	(void)state;
	for (int i = 0; i < CAUSE_SIGN_TABLES; i++) {
		const struct cause_signs *table = cause_sign_tables[i];

		/* what a build does not have finds nothing */
		for (unsigned j = 0;
			is_experiment(table->experiment) && j < table->count;
			j++)
			if (!is_row(&table->signs[j]))
				fail_msg("no row %s that says so",
					table->signs[j].row);
	}
}

static void no_sign_stands_twice(void **state)
{
	(void)state;
	for (int i = 0; i < CAUSE_SIGN_TABLES; i++)
		for (unsigned j = 0; j < cause_sign_tables[i]->count; j++)
			for (unsigned k = 0; k < j; k++) {
				const struct cause_sign *one =
					&cause_sign_tables[i]->signs[j];
				const struct cause_sign *other =
					&cause_sign_tables[i]->signs[k];

				assert_false(
					one->cause == other->cause &&
					(one->row && other->row
							? strcmp(one->row,
								  other->row) ==
								  0
							: !one->row &&
								  !other->row &&
								  one->kind ==
									  other->kind));
			}
}

static struct path *new_path(void)
{
	struct failure failure;
	struct path *path = path_new(&comment, &failure);

	assert_non_null(path);
	return path;
}

static void a_text_with_a_brace_of_its_own_is_kept(void **state)
{
	struct path *path = new_path();
	char text[64], small[8];

	(void)state;
	cause_words_fill(path, NULL, "awk '{print}' {port} {own} {mtu} {", text,
		sizeof(text));
	assert_string_equal(text, "awk '{print}' 22 10.0.0.1 {mtu} {");
	cause_words_fill(path, NULL, "{own} {own}", small, sizeof(small));
	assert_string_equal(small, "10.0.0.");
	path_free(path);
}

static void every_check_is_filled_in(void **state)
{
	struct path *path = new_path();

	(void)state;
	for (int i = 0; i < CAUSE_COUNT; i++) {
		const struct cause_text *text = cause_text((enum cause)i);
		const char *checks[] = {
			text->client, text->server, text->log, text->network};
		char filled[512];

		for (int j = 0; j < 4; j++) {
			if (!checks[j])
				continue;
			cause_words_fill(
				path, NULL, checks[j], filled, sizeof(filled));
			assert_null(strchr(filled, '{'));
			assert_true(strlen(filled) > 0);
		}
	}
	path_free(path);
}

/* What ends before the identification, after so long; all on two connections
 * unless it is possible only. */
static struct cause_verdict ended(
	enum cause cause, double wait_s, enum grade grade)
{
	static struct finding finding;
	struct cause_verdict verdict = {.cause = cause,
		.state = CAUSE_FOUND,
		.grade = GRADE_POSSIBLE,
		.finding = &finding};

	finding = (struct finding){.row = "ssh-refused-before-banner",
		.grade = grade,
		.ssh = {.wait_ns = (int64_t)(wait_s * 1e9)}};
	cause_bound_wait(&verdict);
	return verdict;
}

static void the_wait_tells_wrappers_from_max_startups(void **state)
{
	(void)state;
	assert_int_equal(ended(CAUSE_TCP_WRAPPERS, 5.02, GRADE_LIKELY).grade,
		GRADE_LIKELY);
	assert_int_equal(ended(CAUSE_MAX_STARTUPS, 5.02, GRADE_LIKELY).state,
		CAUSE_EXCLUDED);
	for (int i = 0; i < 2; i++) {
		double other_s = i ? 6.5 : 4.4;

		assert_int_equal(
			ended(CAUSE_TCP_WRAPPERS, other_s, GRADE_LIKELY).grade,
			GRADE_POSSIBLE);
		assert_int_equal(
			ended(CAUSE_MAX_STARTUPS, other_s, GRADE_LIKELY).state,
			CAUSE_FOUND);
	}
	/* once only */
	assert_int_equal(ended(CAUSE_TCP_WRAPPERS, 5.02, GRADE_POSSIBLE).grade,
		GRADE_POSSIBLE);
	assert_int_equal(ended(CAUSE_MAX_STARTUPS, 5.02, GRADE_POSSIBLE).state,
		CAUSE_FOUND);
}

static void settings_are_read_as_written(void **state)
{
	struct client_settings settings = {.is_ssh_known = true,
		.alive_s = 30,
		.alive_count = 3,
		.has_tcp_keepalive = true,
		.has_proxy = true,
		.port = 2222,
		.kernel_idle_s = 7200,
		.kernel_interval_s = 75,
		.kernel_probes = 9};
	struct client_settings again;
	char text[CLIENT_SETTINGS_BYTES];

	(void)state;
	client_settings_write(&settings, text);
	assert_string_equal(text,
		" alive=30 alive-count=3 tcp-keepalive=1 proxy=1 ssh-port=2222 "
		"kernel-idle=7200 kernel-interval=75 kernel-probes=9");
	client_settings_read(text, &again);
	assert_true(again.is_ssh_known && again.has_tcp_keepalive &&
		    again.has_proxy);
	assert_int_equal(again.alive_s, 30);
	assert_int_equal(again.alive_count, 3);
	assert_int_equal(again.port, 2222);
	assert_int_equal(again.kernel_idle_s, 7200);
	assert_int_equal(again.kernel_probes, 9);
	settings = (struct client_settings){.is_ssh_known = false};
	client_settings_write(&settings, text);
	assert_string_equal(text, "");
	client_settings_read(text, &again);
	assert_false(again.is_ssh_known);
	assert_int_equal(again.kernel_idle_s, 0);
}

static void hostile_settings_are_not_known(void **state)
{
	static const char *const texts[] = {" alive=1",
		" alive=x alive-count=3 tcp-keepalive=1 proxy=0 ssh-port=22",
		" alive=-1 alive-count=3 tcp-keepalive=1 proxy=0 ssh-port=22",
		" alive=1 alive-count=3 tcp-keepalive=2 proxy=0 ssh-port=22",
		" alive=1 alive-count=3 tcp-keepalive=1 proxy=0 ssh-port=65536",
		(" alive=99999999999999999 alive-count=3 tcp-keepalive=1 "
		 "proxy=0 ssh-port=22"),
		" kernel-idle=7200", " kernel-idle= kernel-interval=75"};
	struct client_settings settings;

	(void)state;
	for (unsigned i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		client_settings_read(texts[i], &settings);
		assert_false(settings.is_ssh_known);
		assert_int_equal(settings.kernel_idle_s, 0);
	}
}

static void lines_of_ssh_are_read(void **state)
{
	struct client_settings settings = {.is_ssh_known = false};

	(void)state;
	client_settings_line(&settings, "port 2222");
	client_settings_line(&settings, "serveralivecountmax 5");
	client_settings_line(&settings, "proxyusefdpass no");
	client_settings_line(&settings, "proxyjump none");
	client_settings_line(&settings, "");
	assert_false(settings.is_ssh_known);
	client_settings_line(&settings, "serveraliveinterval 15");
	client_settings_line(&settings, "tcpkeepalive no");
	assert_true(settings.is_ssh_known);
	assert_int_equal(settings.alive_s, 15);
	assert_int_equal(settings.alive_count, 5);
	assert_int_equal(settings.port, 2222);
	assert_false(settings.has_tcp_keepalive || settings.has_proxy);
	client_settings_line(&settings, "proxycommand nc %h %p");
	assert_true(settings.has_proxy);
}

static void the_more_frequent_keepalive_counts(void **state)
{
	static const struct {
		bool is_known, has_tcp;
		unsigned alive_s, kernel_s, wanted_s;
	} cases[] = {
		{false, true, 30, 7200, 0},
		{true, true, 0, 7200, 7200},
		{true, false, 0, 7200, 0},
		{true, true, 30, 7200, 30},
		{true, true, 30, 10, 10},
		{true, false, 30, 10, 30},
	};

	(void)state;
	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(
			client_settings_keepalive_s(&(struct client_settings){
				.is_ssh_known = cases[i].is_known,
				.has_tcp_keepalive = cases[i].has_tcp,
				.alive_s = cases[i].alive_s,
				.kernel_idle_s = cases[i].kernel_s}),
			cases[i].wanted_s);
}

/* Whether a verdict comes from a sign. */
static bool is_of_sign(
	const struct cause_verdict *verdict, const struct cause_sign *sign)
{
	if (verdict->cause != sign->cause || verdict->state != sign->state)
		return false;
	if (verdict->finding && sign->says)
		return sign->row ? strcmp(verdict->finding->row, sign->row) == 0
				 : verdict->finding->kind == sign->kind;
	return verdict->statement &&
	       (!sign->says || sign->state == CAUSE_OPEN) &&
	       strcmp(verdict->statement->row, sign->row) == 0;
}

/* What holds of every diagnosis. */
static void check_diagnosis(const struct diagnosis *diagnosis, const char *name)
{
	unsigned seen[CAUSE_COUNT] = {0};

	for (unsigned i = 0; i < diagnosis->count; i++) {
		const struct cause_verdict *verdict = &diagnosis->verdicts[i];

		if (seen[verdict->cause]++)
			fail_msg("%s: a cause twice", name);
		if (!verdict->because[0])
			fail_msg("%s: a cause without a reason", name);
		if (i > 0 && verdict->state < verdict[-1].state)
			fail_msg("%s: not in order", name);
		if (verdict->state != CAUSE_FOUND)
			continue;
		if (!verdict->finding || verdict->grade == GRADE_UNDETERMINED ||
			verdict->grade > verdict->finding->grade)
			fail_msg("%s: found surer than its finding", name);
		if (i > 0 && verdict->grade > verdict[-1].grade)
			fail_msg("%s: the surest is not the first", name);
		if (verdict->grade == GRADE_POSSIBLE && !verdict->other[0] &&
			verdict->finding && verdict->finding->other[0])
			fail_msg("%s: possible, and what else is not said",
				name);
	}
}

static void note_signs(const struct diagnosis *diagnosis,
	bool met[CAUSE_SIGN_TABLES][SIGNS_MOST])
{
	for (unsigned v = 0; v < diagnosis->count; v++)
		for (int i = 0; i < CAUSE_SIGN_TABLES; i++)
			for (unsigned j = 0; j < cause_sign_tables[i]->count;
				j++)
				if (is_of_sign(&diagnosis->verdicts[v],
					    &cause_sign_tables[i]->signs[j]))
					met[i][j] = true;
}

/* Finishes a path, looks at its diagnosis, and frees it. */
static void look(struct path *path, const char *name,
	bool met[CAUSE_SIGN_TABLES][SIGNS_MOST])
{
	struct diagnosis diagnosis;

	path_finish(path);
	diagnosis_make(path, &diagnosis);
	check_diagnosis(&diagnosis, name);
	note_signs(&diagnosis, met);
	path_free(path);
}

static void look_at_recordings(bool met[CAUSE_SIGN_TABLES][SIGNS_MOST])
{
	struct probe_recordings *recordings = probe_recordings_load();

	for (unsigned i = 0; i < recordings->count; i++) {
		const struct probe_recording *one = &recordings->recording[i];
		struct failure failure;
		struct path *path = path_new(&one->comment, &failure);

		assert_non_null(path);
		for (unsigned j = 0; j < one->count; j++)
			path_packet(path, &one->packets[j]);
		look(path, one->name, met);
	}
	probe_recordings_free(recordings);
}

static void each_sign_decides_somewhere(void **state)
{
	static bool met[CAUSE_SIGN_TABLES][SIGNS_MOST];
	const struct path_talk *talks[PATH_TALKS_MOST];
	unsigned count = path_talks_all(talks), missing = 0;

	(void)state;
	for (unsigned i = 0; i < count; i++)
		look(path_talk_play(talks[i], NULL), talks[i]->name, met);
	look_at_recordings(met);
	for (int i = 0; i < CAUSE_SIGN_TABLES; i++) {
		const struct cause_signs *table = cause_sign_tables[i];

		assert_true(table->count <= SIGNS_MOST);
		for (unsigned j = 0;
			is_experiment(table->experiment) && j < table->count;
			j++) {
			if (!met[i][j])
				print_error("%s of %s decides nowhere\n",
					table->signs[j].row
						? table->signs[j].row
						: "a kind",
					cause_text(table->signs[j].cause)
						->word);
			missing += !met[i][j];
		}
	}
	assert_int_equal(missing, 0);
}

/* How sure the path's MTU is as the cause, on a path that takes 1400 bytes from
 * where the server's MSS is that. */
static enum grade grade_of_mtu(const char *talk_name)
{
	const struct path_talk *talks[PATH_TALKS_MOST];
	unsigned count = path_talks_all(talks);
	enum grade grade = GRADE_UNDETERMINED;
	struct diagnosis diagnosis;

	for (unsigned i = 0; i < count; i++) {
		struct path *path;

		if (strcmp(talks[i]->name, talk_name) != 0)
			continue;
		path = path_talk_play(talks[i], NULL);
		path_finish(path);
		diagnosis_make(path, &diagnosis);
		for (unsigned j = 0; j < diagnosis.count; j++)
			if (diagnosis.verdicts[j].cause == CAUSE_PATH_MTU &&
				diagnosis.verdicts[j].state == CAUSE_FOUND)
				grade = diagnosis.verdicts[j].grade;
		path_free(path);
	}
	return grade;
}

static void a_hole_above_the_mss_is_hardly_the_cause(void **state)
{
	(void)state;
	assert_int_equal(
		grade_of_mtu("a hole above the MSS spares the connection"),
		GRADE_POSSIBLE);
	assert_int_equal(grade_of_mtu("a hole a byte below the MSS hits it"),
		GRADE_CERTAIN);
}

/* A time-out between 58 and 60 seconds. */
static struct cause_verdict keepalive(
	const struct client_settings *settings, enum grade grade)
{
	static const struct finding finding = {.kind = FINDING_IDLE_TIMEOUT,
		.has_idle = true,
		.idle = {.survived_ns = 58000000000, .died_ns = 60000000000},
		.advice = "ServerAliveInterval 19"};
	struct cause_verdict timeout = {.cause = CAUSE_IDLE_TIMEOUT,
		.state = CAUSE_FOUND,
		.grade = grade,
		.finding = &finding};
	struct cause_verdict verdict = {
		.cause = CAUSE_KEEPALIVE, .state = CAUSE_OPEN, .advice = ""};
	struct path *path = new_path();

	path_set_client(path, settings);
	cause_keepalive_judge(path, &timeout, &verdict);
	path_free(path);
	return verdict;
}

static void keepalives_are_held_against_the_time_out(void **state)
{
	struct client_settings settings = {.is_ssh_known = true,
		.has_tcp_keepalive = true,
		.kernel_idle_s = 7200};
	struct cause_verdict verdict = keepalive(&settings, GRADE_CERTAIN);

	(void)state;
	assert_int_equal(verdict.state, CAUSE_FOUND);
	assert_int_equal(verdict.grade, GRADE_LIKELY);
	assert_string_equal(verdict.advice, "ServerAliveInterval 19");
	assert_int_equal(
		keepalive(&settings, GRADE_POSSIBLE).grade, GRADE_POSSIBLE);
	settings.alive_s = 58;
	assert_int_equal(
		keepalive(&settings, GRADE_CERTAIN).state, CAUSE_EXCLUDED);
	settings.alive_s = 59; /* between */
	assert_int_equal(keepalive(&settings, GRADE_CERTAIN).state, CAUSE_OPEN);
	settings.alive_s = 60;
	assert_int_equal(
		keepalive(&settings, GRADE_CERTAIN).state, CAUSE_FOUND);
	settings.is_ssh_known = false;
	assert_int_equal(keepalive(&settings, GRADE_CERTAIN).state, CAUSE_OPEN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_sign_is_a_row_of_the_judge),
		cmocka_unit_test(no_sign_stands_twice),
		cmocka_unit_test(a_text_with_a_brace_of_its_own_is_kept),
		cmocka_unit_test(every_check_is_filled_in),
		cmocka_unit_test(the_wait_tells_wrappers_from_max_startups),
		cmocka_unit_test(settings_are_read_as_written),
		cmocka_unit_test(hostile_settings_are_not_known),
		cmocka_unit_test(lines_of_ssh_are_read),
		cmocka_unit_test(the_more_frequent_keepalive_counts),
		cmocka_unit_test(each_sign_decides_somewhere),
		cmocka_unit_test(a_hole_above_the_mss_is_hardly_the_cause),
		cmocka_unit_test(keepalives_are_held_against_the_time_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
