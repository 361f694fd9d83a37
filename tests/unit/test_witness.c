/* What the other direction tells of late packets, against a search through all
 * of it; and that many late runs cost no more than packets allow. Work is
 * counted, not time. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "analysis/compare/witness.h"

enum { NEAREST = 4 };

static uint64_t next_random(uint64_t *state)
{
	*state = *state * 6364136223846793005u + 1442695040888963407u;
	return *state >> 33;
}

static void take_least(int64_t *least_ns, int64_t delay_ns)
{
	if (delay_ns < *least_ns)
		*least_ns = delay_ns;
}

static bool is_between(const struct passage *one, uint64_t from,
	uint64_t from_there, uint64_t to, uint64_t to_there)
{
	return one->frame > from && one->frame_there > from_there &&
	       one->frame < to && one->frame_there < to_there;
}

/* As simple as it can be. */
static struct witness searched(const struct passages *own,
	const struct passages *back, const struct late_run *run)
{
	struct witness witness = {INT64_MAX, INT64_MAX, INT64_MAX, 0, 0};
	const struct passage *first = &own->list[run->first];
	const struct passage *last = &own->list[run->last];
	unsigned before = 0, after = 0;

	for (uint32_t i = back->count; i-- > 0;) {
		const struct passage *one = &back->list[i];

		if (is_between(one, first->frame, run->first_there, last->frame,
			    run->last_there))
			take_least(&witness.inside_ns, one->delay_ns);
		if (!run->first || before == NEAREST ||
			!is_between(one, 0, 0, first[-1].frame,
				first[-1].frame_there))
			continue;
		if (before++ == 0)
			witness.last_before_ns = one->time_ns;
		take_least(&witness.before_ns, one->delay_ns);
	}
	for (uint32_t i = 0; run->last + 1 < own->count && i < back->count &&
			     after < NEAREST;
		i++) {
		const struct passage *one = &back->list[i];

		if (!is_between(one, last[1].frame, last[1].frame_there,
			    UINT64_MAX, UINT64_MAX))
			continue;
		if (after++ == 0)
			witness.first_after_ns = one->time_ns;
		take_least(&witness.after_ns, one->delay_ns);
	}
	return witness;
}

/* Frames of the lane rise; those of the next are in disorder. */
static struct passages passages_of(
	uint32_t count, uint64_t disorder, uint64_t *state)
{
	struct passages passages = {
		calloc((size_t)count + 1, sizeof(struct passage)), count};

	assert_non_null(passages.list);
	for (uint32_t i = 0; i < count; i++)
		passages.list[i] = (struct passage){
			.frame = 2 * i + 1 + next_random(state) % 2,
			.frame_there =
				2 * i + 1 + next_random(state) % disorder,
			.time_ns = (int64_t)i,
			.delay_ns = (int64_t)(next_random(state) % 1000),
			.is_late = next_random(state) % 3 == 0,
		};
	return passages;
}

static struct late_run run_at(const struct passages *own, uint32_t first)
{
	struct late_run run = {.first = first, .first_there = UINT64_MAX};

	for (uint32_t i = first; i < own->count && own->list[i].is_late; i++) {
		uint64_t there = own->list[i].frame_there;

		run.last = i;
		if (there < run.first_there)
			run.first_there = there;
		if (there > run.last_there)
			run.last_there = there;
	}
	return run;
}

/* All runs; checked against the search if `is_checked`. Returns the work. */
static uint64_t work_of(const struct passages *own, const struct passages *back,
	bool is_checked)
{
	struct witnesses witnesses = {.back = back};

	assert_true(witnesses_begin(&witnesses));
	for (uint32_t i = 0; i < own->count; i++) {
		struct late_run run;
		struct witness found, wanted;

		if (!own->list[i].is_late)
			continue;
		run = run_at(own, i);
		i = run.last;
		found = witness_of(&witnesses, own, &run);
		if (!is_checked)
			continue;
		wanted = searched(own, back, &run);
		assert_int_equal(found.before_ns, wanted.before_ns);
		assert_int_equal(found.inside_ns, wanted.inside_ns);
		assert_int_equal(found.after_ns, wanted.after_ns);
		assert_int_equal(found.last_before_ns, wanted.last_before_ns);
		assert_int_equal(found.first_after_ns, wanted.first_after_ns);
	}
	witnesses_end(&witnesses);
	return witnesses.looked;
}

static void it_finds_what_a_search_through_all_finds(void **state)
{
	uint64_t random = 1;

	(void)state;
	for (unsigned round = 0; round < 600; round++) {
		uint64_t disorder = round % 3 == 0 ? 1 : round % 90 + 2;
		struct passages own =
			passages_of(round % 60, disorder, &random);
		struct passages back = passages_of(
			(uint32_t)(next_random(&random) % 70), disorder,
			&random);

		(void)work_of(&own, &back, true);
		free(own.list);
		free(back.list);
	}
}

static void work_grows_with_packets_and_not_with_their_square(void **state)
{
	enum { PACKETS = 1 << 16, A_RUN = 16 * 20 };
	static const uint64_t disorders[] = {1, 100, 4 * PACKETS};
	uint64_t random = 7;

	(void)state;
	for (unsigned i = 0; i < 3; i++) {
		struct passages own =
			passages_of(PACKETS, disorders[i], &random);
		struct passages back =
			passages_of(PACKETS, disorders[i], &random);

		/* a few walks up and down the tree for each packet */
		assert_true(work_of(&own, &back, false) <
			    (uint64_t)PACKETS * A_RUN);
		free(own.list);
		free(back.list);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_finds_what_a_search_through_all_finds),
		cmocka_unit_test(
			work_grows_with_packets_and_not_with_their_square),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
