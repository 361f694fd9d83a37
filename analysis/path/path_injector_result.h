/* What the triggers that were shown come to, as the files of the judge share
 * it. */
#ifndef ANALYSIS_PATH_PATH_INJECTOR_RESULT_H
#define ANALYSIS_PATH_PATH_INJECTOR_RESULT_H

#include "analysis/path/path_record.h"

struct injector_result {
	unsigned shown, reset; /* connections with the trigger */
	unsigned controls, control_resets;
	const struct reset_flow *first; /* reset, of those with the trigger */
	const struct reset_show *least; /* the nearest trigger that provoked */
	unsigned short_of_it;		/* triggers with one hop limit less */
	/* a segment of its connection, with that hop limit or a larger one,
	 * that expired; 0: none did */
	uint64_t such_expired_frame;
	/* old data without the trigger, the whole way */
	unsigned sent, lost;
	uint64_t control_frame;	  /* a control's answer after the first reset */
	uint64_t continued_frame; /* a question's answer, after a reset */
	uint64_t denied_frame;
	/* triggers the whole way, of connections on which the server answered
	 * afterwards, and the first answer */
	unsigned whole, whole_delivered;
	uint64_t delivered_frame, expired_frame;
	int64_t soonest_ns; /* from a trigger to its reset */
	int64_t watched_ns; /* after the last trigger */
};

static inline const struct reset_flow *injector_flow(
	const struct path *path, const struct reset_show *show)
{
	return &path->resets.flows[show->flow];
}

/* The trigger that the first reset came after; NULL: none. */
static inline const struct reset_show *injector_provoker(
	const struct path *path, const struct reset_flow *flow)
{
	return flow->reset_count && flow->provoked_by >= 0
		       ? &path->resets.shows[flow->provoked_by]
		       : NULL;
}

struct injector_result injector_result_of(const struct path *path);

/* The first that was reset of the connections on which all triggers had this
 * hop limit; NULL: none. */
const struct reset_flow *injector_reset_by_whole(
	const struct path *path, unsigned hop_limit);
/* Whether the device may wait for longer than triggers were apart on the
 * connection of this one: then the one before a reset need not be the one that
 * provoked it. Connections with one hop limit tell the time; without a reset on
 * one of them it is not known. */
bool injector_is_late(const struct path *path, const struct reset_show *least);

#endif
