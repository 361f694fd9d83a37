/* The fragments' experiment and its judge on every small path there is: what
 * is dropped, where, who puts fragments together, who reports what. No packets
 * on wires, no clock. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "probe/experiments/registry.h"
#include "tests/support/fragment_world.h"

static const char *const kinds[] = {
	[DROP_ALL] = "any",
	[DROP_FIRST] = "first",
	[DROP_LATER] = "later",
	[DROP_TINY] = "tiny-first",
};

static struct fragment_run explored(const struct fragment_world *world)
{
	struct fragment_run run = fragment_world_play(world);

	assert_false(run.goes_on);
	assert_in_range(run.sent, 1, experiment_fragments.most_packets);
	path_finish(run.path);
	return run;
}

static const struct finding *dropped(const struct fragment_run *run)
{
	for (unsigned i = 0; i < path_finding_count(run->path); i++)
		if (path_finding(run->path, i)->kind ==
			FINDING_FRAGMENTS_DROPPED)
			return path_finding(run->path, i);
	return NULL;
}

static bool is_within(const struct finding *finding, unsigned link)
{
	return finding->after_hop < (int)link &&
	       (int)link <= finding->before_hop;
}

/* What nobody can tell from packets: hops that do not report later pieces, from
 * hops that do not get any. And where none are reported, who swallows first
 * ones because it waits for the others; or a target that does not say what it
 * misses, from a last link. */
static bool is_excusable(
	const struct fragment_world *world, const struct finding *finding)
{
	if (finding->grade == GRADE_CERTAIN || !finding->other[0])
		return false;
	if (world->mute_from && world->dropper == DROP_LATER &&
		finding->before_hop >= (int)world->mute_from)
		return true;
	for (unsigned hop = 1; hop < world->link; hop++)
		if (fragment_world_reports_later(world, hop))
			return false;
	return (world->joiner && finding->before_hop >= (int)world->joiner) ||
	       (finding->before_hop == FRAGMENT_WORLD_DISTANCE &&
		       world->is_target_quiet);
}

static void check(const struct fragment_world *world)
{
	struct fragment_run run = explored(world);
	const struct finding *finding = dropped(&run);

	assert_non_null(finding);
	assert_int_equal(finding->direction, PATH_FORWARD);
	if (finding->before_hop != HOP_NOT_KNOWN &&
		!is_within(finding, world->link) &&
		!is_excusable(world, finding))
		fail_msg("IPv%u, %s dropped on link %u, joiner %u, quiet %u, "
			 "of later from %u, target %d: said after %d before %d",
			world->family, kinds[world->dropper], world->link,
			world->joiner, world->quiet_hop, world->mute_from,
			world->is_target_quiet, finding->after_hop,
			finding->before_hop);
	if (finding->fragments != FRAGMENTS_ANY)
		assert_string_equal(finding_fragments_word(finding->fragments),
			kinds[world->dropper]);
	path_free(run.path);
}

static void no_innocent_link_is_named(void **state)
{
	struct fragment_world world = {0};

	(void)state;
	for (world.family = 4; world.family <= 6; world.family += 2)
		for (int dropper = DROP_ALL; dropper <= DROP_TINY; dropper++)
			for (unsigned i = 0; i < 4 * 4 * 4 * 4 * 2; i++) {
				world.dropper = (enum dropper)dropper;
				world.link = 1 + i % 4;
				world.joiner = i / 4 % 4;
				world.quiet_hop = i / 16 % 4;
				world.mute_from = i / 64 % 4;
				world.is_target_quiet = i / 256 % 2;
				check(&world);
			}
}

static void check_place(const struct fragment_world *world, const char *kind,
	bool is_placed, enum grade grade)
{
	struct fragment_run run = explored(world);
	const struct finding *finding = dropped(&run);
	int link = is_placed ? (int)world->link : HOP_NOT_KNOWN;

	assert_non_null(finding);
	assert_string_equal(finding_fragments_word(finding->fragments), kind);
	assert_int_equal(finding->before_hop, link);
	assert_int_equal(
		finding->after_hop, is_placed ? link - 1 : HOP_NOT_KNOWN);
	assert_int_equal(finding->grade, grade);
	path_free(run.path);
}

static void each_link_is_found_where_all_report(void **state)
{
	(void)state;
	for (unsigned link = 1; link <= FRAGMENT_WORLD_DISTANCE; link++) {
		enum grade by_routers = link < FRAGMENT_WORLD_DISTANCE
						? GRADE_CERTAIN
						: GRADE_LIKELY;

		/* One whose others are waited for looks alike in IPv4. */
		check_place(&(struct fragment_world){4, DROP_ALL, link}, "any",
			true, link == 1 ? GRADE_CERTAIN : GRADE_LIKELY);
		check_place(&(struct fragment_world){6, DROP_ALL, link}, "any",
			true, by_routers);
		check_place(&(struct fragment_world){6, DROP_FIRST, link},
			"first", true, by_routers);
		check_place(&(struct fragment_world){6, DROP_TINY, link},
			"tiny-first", true, by_routers);
		/* That no router reports later pieces, they may not do. */
		check_place(&(struct fragment_world){6, DROP_LATER, link},
			"later", link > 1, GRADE_LIKELY);
		check_place(&(struct fragment_world){4, DROP_LATER, link},
			"later", false, GRADE_LIKELY);
	}
}

static void what_is_put_together_has_both_pieces(void **state)
{
	(void)state;
	for (unsigned joiner = 1; joiner < FRAGMENT_WORLD_DISTANCE - 1;
		joiner++)
		check_place(&(struct fragment_world){.family = 6,
				    .dropper = DROP_LATER,
				    .link = FRAGMENT_WORLD_DISTANCE,
				    .joiner = joiner},
			"later", true, GRADE_LIKELY);
}

static void an_interrupted_listener_has_no_place(void **state)
{
	(void)state;
	check_place(&(struct fragment_world){.family = 4,
			    .dropper = DROP_ALL,
			    .link = FRAGMENT_WORLD_DISTANCE,
			    .is_interrupted = true},
		"any", false, GRADE_LIKELY);
	check_place(&(struct fragment_world){.family = 4,
			    .dropper = DROP_LATER,
			    .link = 2,
			    .is_interrupted = true},
		"any", false, GRADE_LIKELY);
}

/* A router that reports nothing any more is not taken for the end. */
static void a_spent_ration_is_no_dropper(void **state)
{
	struct fragment_world world = {.link = FRAGMENT_WORLD_DISTANCE};

	(void)state;
	for (world.family = 4; world.family <= 6; world.family += 2)
		for (unsigned hop = 1; hop < FRAGMENT_WORLD_DISTANCE; hop++) {
			world.spent_hop = hop;
			world.dropper = DROP_ALL;
			check(&world);
			world.dropper = DROP_LATER;
			check(&world);
		}
}

static void loss_makes_nothing_certain_that_is_wrong(void **state)
{
	struct fragment_world world = {.lost_percent = 30};
	unsigned placed = 0;

	(void)state;
	for (unsigned i = 0; i < 1000; i++) {
		world.seed = i;
		world.family = i % 2 ? 4 : 6;
		world.dropper = (enum dropper)(DROP_ALL + i / 2 % 4);
		world.link = 1 + i / 8 % 4;
		struct fragment_run run = explored(&world);
		const struct finding *finding = dropped(&run);

		if (finding && finding->before_hop != HOP_NOT_KNOWN) {
			placed += is_within(finding, world.link);
			if (!is_within(finding, world.link))
				assert_int_not_equal(
					finding->grade, GRADE_CERTAIN);
		}
		path_free(run.path);
	}
	assert_in_range(placed, 290, 1000);
}

/* Loss of a tenth each way: a fifth of the echo requests stay unanswered. The
 * first two whole ones may both be lost and no reason to give up: another
 * whole one is answered. (With that reason 954 were found.) */
static void a_dropper_is_found_behind_loss(void **state)
{
	struct fragment_world world = {
		.lost_percent = 19, .dropper = DROP_ALL, .link = 2};
	unsigned found = 0;

	(void)state;
	for (unsigned i = 0; i < 1000; i++) {
		world.seed = i;
		world.family = i % 2 ? 4 : 6;
		struct fragment_run run = explored(&world);

		found += dropped(&run) != NULL;
		path_free(run.path);
	}
	assert_in_range(found, 975, 1000);
}

static bool is_excluded(const struct path *path, enum path_question question)
{
	for (unsigned i = 0; i < path_excluded_count(path); i++)
		if (path_excluded(path, i)->question == question)
			return true;
	return false;
}

static void healthy_paths_have_no_finding(void **state)
{
	struct fragment_world world = {0};

	(void)state;
	for (world.family = 4; world.family <= 6; world.family += 2)
		for (unsigned i = 0; i < 4 * 4 * 2; i++) {
			world.joiner = i % 4;
			world.quiet_hop = i / 4 % 4;
			world.is_target_quiet = i / 16 % 2;
			struct fragment_run run = explored(&world);

			assert_null(dropped(&run));
			assert_true(is_excluded(
				run.path, QUESTION_FRAGMENTS_FORWARD));
			assert_true(is_excluded(
				run.path, QUESTION_FRAGMENTS_REVERSE));
			assert_in_range(run.sent, 1, 40);
			assert_in_range(
				run.ended_ns, 0, INT64_C(6) * 1000000000);
			path_free(run.path);
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_innocent_link_is_named),
		cmocka_unit_test(each_link_is_found_where_all_report),
		cmocka_unit_test(what_is_put_together_has_both_pieces),
		cmocka_unit_test(an_interrupted_listener_has_no_place),
		cmocka_unit_test(a_spent_ration_is_no_dropper),
		cmocka_unit_test(loss_makes_nothing_certain_that_is_wrong),
		cmocka_unit_test(a_dropper_is_found_behind_loss),
		cmocka_unit_test(healthy_paths_have_no_finding),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
