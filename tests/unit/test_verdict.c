/* How rows and their ranks make a verdict. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <string.h>

#include "analysis/verdict/verdict.h"

/* One reset of the server; facts as the test sets them. */
struct scene {
	struct knowledge knowledge;
	struct evidence evidence;
	struct closed_conn conn;
	struct facts facts;
	struct verdict verdict;
};

static const struct signature vague = {
	.name = "vague",
	.needs = FACTS(RESET_SEEN),
	.mechanism = MECHANISM_ABORT,
	.sender = ROLE_SENDER,
	.culprit = ROLE_SENDER,
	.grade = GRADE_POSSIBLE,
	.summary = "vague",
};

static void add(struct scene *scene, const struct signature *row)
{
	struct knowledge *knowledge = &scene->knowledge;

	knowledge->about[knowledge->count] = ENDING_RESET;
	knowledge->rows[knowledge->count++] = row;
}

static void judge(struct scene *scene)
{
	scene->evidence.reset_count = 1;
	scene->evidence.resets[0].note.side = 1;
	scene->conn.evidence = &scene->evidence;
	fact_set(&scene->facts, FACT_RESET_SEEN, TRUTH_YES, 1, 0);
	fact_set(&scene->facts, FACT_SERVER_CLOSED_FIRST, TRUTH_YES, 1, 0);
	knowledge_rank(&scene->knowledge);
	verdict_find(&scene->knowledge, &scene->conn,
		ending_by_reset(&scene->conn, 0), 1u << ENDING_RESET,
		&scene->facts, &scene->verdict);
}

static void a_row_needs_denies_forbids_and_keeps(void **state)
{
	struct bit_set yes = FACTS(RESET_SEEN, SERVER_CLOSED_FIRST);
	struct bit_set no = FACTS(IDLE_BEFORE, SSH_BEFORE_LOGIN);
	struct signature row = {.needs = FACTS(SERVER_CLOSED_FIRST)};

	(void)state;
	assert_true(signature_applies(&row, &yes, &no));
	row.needs = (struct bit_set)FACTS(RESET_SEEN, ICMP_ERROR);
	assert_false(signature_applies(&row, &yes, &no));
	row.needs = (struct bit_set)FACTS(RESET_SEEN);
	row.denies = (struct bit_set)FACTS(IDLE_BEFORE, SSH_BEFORE_LOGIN);
	assert_true(signature_applies(&row, &yes, &no));
	row.denies = (struct bit_set)FACTS(ICMP_ERROR);
	assert_false(signature_applies(&row, &yes, &no));
	row.denies = (struct bit_set){{0}};
	row.forbids = (struct bit_set)FACTS(ICMP_ERROR, SSH_BEFORE_LOGIN);
	assert_true(signature_applies(&row, &yes, &no));
	row.forbids = (struct bit_set)FACTS(SERVER_CLOSED_FIRST);
	assert_false(signature_applies(&row, &yes, &no));
	row.forbids = (struct bit_set){{0}};
	row.keeps = (struct bit_set)FACTS(ICMP_ERROR, RESET_SEEN);
	assert_true(signature_applies(&row, &yes, &no));
	row.keeps = (struct bit_set)FACTS(SSH_BEFORE_LOGIN);
	assert_false(signature_applies(&row, &yes, &no));
}

static void without_a_row_there_is_no_verdict(void **state)
{
	struct scene scene = {0};
	struct signature row = vague;

	(void)state;
	row.needs = (struct bit_set)FACTS(ICMP_ERROR);
	add(&scene, &row);
	judge(&scene);
	assert_null(scene.verdict.row);
	assert_true(bit_set_is_empty(&scene.verdict.applies));
}

static void rows_that_agree_count_as_the_surest(void **state)
{
	struct scene scene = {0};
	struct signature sure = vague;

	(void)state;
	sure.name = "sure";
	sure.sender = ROLE_SERVER; /* who the named side is, here */
	sure.grade = GRADE_CERTAIN;
	add(&scene, &vague);
	add(&scene, &sure);
	judge(&scene);
	assert_string_equal(scene.verdict.row->name, "sure");
	assert_int_equal(scene.verdict.grade, GRADE_CERTAIN);
	assert_int_equal(bit_set_count(&scene.verdict.stands), 2);
}

static void of_rows_that_differ_the_least_sure_is_the_verdict(void **state)
{
	struct scene scene = {0};
	struct signature sure = vague;

	(void)state;
	sure.name = "sure";
	sure.grade = GRADE_LIKELY;
	sure.culprit = ROLE_MIDDLEBOX;
	add(&scene, &sure);
	add(&scene, &vague);
	judge(&scene);
	assert_string_equal(scene.verdict.row->name, "vague");
	assert_int_equal(scene.verdict.reading.culprit, PARTY_SERVER);
	assert_int_equal(scene.verdict.grade, GRADE_POSSIBLE);
	assert_int_equal(bit_set_count(&scene.verdict.stands), 2);
}

static void where_two_are_level_the_verdict_is_possible(void **state)
{
	struct scene scene = {0};
	struct signature one = vague, other = vague;

	(void)state;
	one.name = "a-shorter-row";
	one.grade = other.grade = GRADE_LIKELY;
	other.name = "longer-row";
	other.needs = (struct bit_set)FACTS(RESET_SEEN, SERVER_CLOSED_FIRST);
	other.culprit = ROLE_NAT;
	add(&scene, &one);
	add(&scene, &other);
	judge(&scene);
	assert_string_equal(scene.verdict.row->name, "longer-row");
	assert_int_equal(scene.verdict.grade, GRADE_POSSIBLE);
	scene.knowledge.rows[0] = &other; /* the order means nothing */
	scene.knowledge.rows[1] = &one;
	judge(&scene);
	assert_string_equal(scene.verdict.row->name, "longer-row");
	assert_int_equal(scene.verdict.grade, GRADE_POSSIBLE);
}

static void what_is_outranked_is_set_aside(void **state)
{
	struct scene scene = {0};
	struct signature sure = vague, between = vague;

	(void)state;
	sure.name = "sure";
	sure.grade = GRADE_LIKELY;
	sure.culprit = ROLE_MIDDLEBOX;
	sure.outranks[0] = (struct rank){"between", "a test"};
	between.name = "between";
	between.needs = (struct bit_set)FACTS(ICMP_ERROR); /* does not apply */
	between.outranks[0] = (struct rank){"vague", "a test"};
	add(&scene, &vague);
	add(&scene, &between);
	add(&scene, &sure);
	judge(&scene);
	assert_string_equal(scene.verdict.row->name, "sure");
	assert_int_equal(scene.verdict.grade, GRADE_LIKELY);
	assert_true(bit_set_has(&scene.verdict.applies, 0));
	assert_false(bit_set_has(&scene.verdict.stands, 0));
	assert_false(bit_set_has(&scene.verdict.applies, 1));
}

static void names_of_rows_are_unique(void **state)
{
	static struct knowledge knowledge;
	unsigned number;

	(void)state;
	knowledge_init(&knowledge);
	assert_true(knowledge.count > 0);
	for (unsigned i = 0; i < knowledge.count; i++) {
		assert_true(knowledge_find(
			&knowledge, knowledge.rows[i]->name, &number));
		assert_int_equal(number, i);
	}
}

static void ranks_name_rows_and_make_no_circle(void **state)
{
	static struct knowledge knowledge;
	unsigned number;

	(void)state;
	knowledge_init(&knowledge);
	for (unsigned i = 0; i < knowledge.count; i++) {
		const struct rank *ranks = knowledge.rows[i]->outranks;

		for (unsigned j = 0; j < SIGNATURE_RANKS && ranks[j].over;
			j++) {
			assert_true(knowledge_find(
				&knowledge, ranks[j].over, &number));
			assert_true(ranks[j].why && ranks[j].why[0]);
		}
		assert_false(bit_set_has(&knowledge.outranked[i], i));
	}
}

static void every_row_needs_a_fact_and_says_all(void **state)
{
	static struct knowledge knowledge;

	(void)state;
	knowledge_init(&knowledge);
	for (unsigned i = 0; i < knowledge.count; i++) {
		const struct signature *row = knowledge.rows[i];

		assert_false(bit_set_is_empty(&row->needs));
		assert_true(row->mechanism != MECHANISM_UNKNOWN);
		assert_true(row->grade > GRADE_UNDETERMINED);
		assert_true(row->summary && row->summary[0]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_row_needs_denies_forbids_and_keeps),
		cmocka_unit_test(without_a_row_there_is_no_verdict),
		cmocka_unit_test(rows_that_agree_count_as_the_surest),
		cmocka_unit_test(
			of_rows_that_differ_the_least_sure_is_the_verdict),
		cmocka_unit_test(where_two_are_level_the_verdict_is_possible),
		cmocka_unit_test(what_is_outranked_is_set_aside),
		cmocka_unit_test(names_of_rows_are_unique),
		cmocka_unit_test(ranks_name_rows_and_make_no_circle),
		cmocka_unit_test(every_row_needs_a_fact_and_says_all),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
