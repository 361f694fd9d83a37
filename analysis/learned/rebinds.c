#include "analysis/learned/rebinds.h"

#include <stdlib.h>
#include <string.h>

bool rebinds_init(struct rebinds *rebinds)
{
	/* not zeroed: that would touch it all in each run, and few have any */
	rebinds->rebinds =
		reallocarray(NULL, REBINDS_MOST, sizeof(*rebinds->rebinds));
	rebinds->count = 0;
	rebinds->is_any_translated = false;
	return rebinds->rebinds != NULL;
}

void rebinds_release(struct rebinds *rebinds)
{
	free(rebinds->rebinds);
	rebinds->rebinds = NULL;
}

void rebinds_learn(struct rebinds *rebinds, const struct flow *flow,
	unsigned side, const struct packet *packet)
{
	if (rebinds->count == REBINDS_MOST)
		return;
	rebinds->rebinds[rebinds->count++] = (struct rebind){
		.identity = {flow->identity[0], flow->identity[1]},
		.frame = packet->frame,
		.time_ns = packet->time_ns,
		.sequence = packet->sequence,
		.acknowledged = packet->acknowledged,
		.source = packet->source,
		.target = packet->target,
		.source_port = packet->source_port,
		.target_port = packet->target_port,
		.rebound = {.side = (uint8_t)side},
	};
}

void rebinds_merge(struct rebinds *rebinds, const struct rebinds *from)
{
	struct rebind *all = reallocarray(NULL, REBINDS_MOST, sizeof(*all));
	unsigned own = 0, other = 0, count = 0;

	if (!all)
		return; /* fewer are looked for */
	while (count < REBINDS_MOST &&
		(own < rebinds->count || other < from->count)) {
		bool is_own = own < rebinds->count &&
			      (other == from->count ||
				      rebinds->rebinds[own].frame <
					      from->rebinds[other].frame);

		all[count++] = is_own ? rebinds->rebinds[own++]
				      : from->rebinds[other++];
	}
	free(rebinds->rebinds);
	rebinds->rebinds = all;
	rebinds->count = count;
}

const struct rebind *rebinds_find(
	const struct rebinds *rebinds, const struct flow *flow)
{
	if (!(flow->flags & FLOW_MIDSTREAM))
		return NULL;
	for (unsigned i = 0; i < rebinds->count; i++) {
		const struct rebind *rebind = &rebinds->rebinds[i];

		if ((uint32_t)rebind->frame == flow->first_frame &&
			memcmp(rebind->identity, flow->identity,
				sizeof(rebind->identity)) == 0)
			return rebind;
	}
	return NULL;
}

const struct rebound *rebinds_rebound(
	const struct rebinds *rebinds, const struct flow *flow)
{
	const struct rebind *rebind = rebinds_find(rebinds, flow);

	return rebind && rebind->rebound.idle_ns ? &rebind->rebound : NULL;
}

const struct translated *rebinds_translated(
	const struct rebinds *rebinds, const struct flow *flow)
{
	const struct rebind *rebind = rebinds_find(rebinds, flow);

	return rebind && rebind->translated.last_ns ? &rebind->translated
						    : NULL;
}

const struct rebind *rebinds_of(const struct rebinds *rebinds,
	const struct flow *flow, int64_t before_ns)
{
	const struct rebind *last = NULL;

	for (unsigned i = 0; rebinds->is_any_translated && i < rebinds->count;
		i++) {
		const struct rebind *rebind = &rebinds->rebinds[i];

		if (rebind->translated.last_ns && rebind->time_ns < before_ns &&
			rebind->time_ns >= flow->first_ns &&
			memcmp(rebind->translated.identity, flow->identity,
				sizeof(flow->identity)) == 0)
			last = rebind;
	}
	return last;
}
