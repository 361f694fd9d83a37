#include "analysis/compare/late.h"

#include <stdlib.h>

#include "analysis/compare/witness.h"

enum { MEANWHILE_NS = 2000000000 };

static int by_frame(const void *one, const void *other)
{
	const struct passage *a = one, *b = other;

	return a->frame < b->frame ? -1 : a->frame > b->frame;
}

/* Of the judging's own direction the first lane is `lane`; of the other, the
 * packets come from the next one. */
static bool passages_make(struct passages *passages,
	const struct judging *judging, unsigned lane, bool is_own)
{
	const struct row_set *rows = judging->rows;

	passages->count = 0;
	passages->list =
		calloc((size_t)rows->count + 1, sizeof(*passages->list));
	for (uint32_t i = 0; passages->list && i < rows->count; i++) {
		struct passage *passage = &passages->list[passages->count];
		const struct seen_packet *one, *other;

		if (!judging_delay(
			    judging, &rows->rows[i], lane, &passage->delay_ns))
			continue;
		one = row_packet(rows, &rows->rows[i], lane + !is_own);
		other = row_packet(rows, &rows->rows[i], lane + is_own);
		passage->row = i;
		passage->frame = one->frame;
		passage->frame_there = other->frame;
		passage->time_ns = one->time_ns;
		passage->is_late = is_own && judging_seems_late(judging,
						     &rows->rows[i], lane);
		passages->count++;
	}
	if (passages->count)
		qsort(passages->list, passages->count, sizeof(*passages->list),
			by_frame);
	return passages->list != NULL;
}

static struct late_run run_of(const struct judging *judging, unsigned lane,
	const struct passages *own, uint32_t first)
{
	struct late_run run = {.first = first,
		.first_there = UINT64_MAX,
		.least_ns = INT64_MAX};

	for (uint32_t i = first; i < own->count && own->list[i].is_late; i++) {
		const struct passage *passage = &own->list[i];
		int64_t more_ns = passage->delay_ns - judging->least_ns[lane];

		run.last = i;
		if (passage->frame_there < run.first_there)
			run.first_there = passage->frame_there;
		if (passage->frame_there > run.last_there)
			run.last_there = passage->frame_there;
		if (more_ns < run.least_ns)
			run.least_ns = more_ns;
	}
	return run;
}

/* Is a delay lower than another by about as much as the run is late? Neither
 * is INT64_MAX. */
static bool is_lower(int64_t delay_ns, int64_t than_ns, int64_t late_ns)
{
	int64_t apart_ns;

	return !__builtin_sub_overflow(than_ns, delay_ns, &apart_ns) &&
	       apart_ns > late_ns / 2;
}

static uint8_t late_of(struct witnesses *witnesses, const struct passages *own,
	const struct late_run *run)
{
	struct witness w = witness_of(witnesses, own, run);
	bool has_before = w.before_ns != INT64_MAX;
	bool has_after = w.after_ns != INT64_MAX;

	if (w.inside_ns != INT64_MAX) {
		if ((has_before && is_lower(w.inside_ns, w.before_ns,
					   run->least_ns)) ||
			(has_after && is_lower(w.inside_ns, w.after_ns,
					      run->least_ns)))
			return LATE_CLOCK;
		return has_before || has_after ? LATE_CERTAIN : LATE_POSSIBLE;
	}
	/* the clock stays set: behind the run, or before it */
	if (has_before && has_after &&
		(is_lower(w.after_ns, w.before_ns, run->least_ns) ||
			is_lower(w.before_ns, w.after_ns, run->least_ns)))
		return LATE_CLOCK;
	/* set, and set back in a moment? */
	if (has_before && has_after)
		return w.first_after_ns - w.last_before_ns - run->least_ns <
				       MEANWHILE_NS
			       ? LATE_CERTAIN
			       : LATE_LIKELY;
	return LATE_POSSIBLE;
}

static void judge_runs(const struct judging *judging, unsigned lane,
	const struct passages *own, struct witnesses *witnesses, uint8_t *late,
	int64_t *step_ns)
{
	for (uint32_t i = 0; i < own->count; i++) {
		struct late_run run;
		uint8_t said;

		if (!own->list[i].is_late)
			continue;
		run = run_of(judging, lane, own, i);
		said = late_of(witnesses, own, &run);
		if (said == LATE_CLOCK)
			*step_ns = run.least_ns;
		for (; i <= run.last; i++)
			late[own->list[i].row] = said;
	}
}

uint8_t *late_rows(
	const struct judging *judging, unsigned lane, int64_t *step_ns)
{
	struct judging turned = *judging;
	struct passages own = {NULL, 0}, back = {NULL, 0};
	struct witnesses witnesses = {.back = &back};
	uint8_t *late = NULL;
	bool is_any = false;

	*step_ns = 0;
	turned.rows = judging->back;
	turned.back = judging->rows;
	if (!passages_make(&own, judging, lane, true))
		return NULL;
	for (uint32_t i = 0; i < own.count; i++)
		is_any |= own.list[i].is_late;
	if (is_any && passages_make(&back, &turned,
			      judging->rows->lane_count - 2 - lane, false) &&
		witnesses_begin(&witnesses))
		late = calloc((size_t)judging->rows->count + 1, 1);
	if (late)
		judge_runs(judging, lane, &own, &witnesses, late, step_ns);
	free(own.list);
	free(back.list);
	witnesses_end(&witnesses);
	return late;
}
