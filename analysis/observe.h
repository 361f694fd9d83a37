/* What the observers share: each changes one thing about a flow. `index` is
 * the side that sent the packet. */
#ifndef ANALYSIS_OBSERVE_H
#define ANALYSIS_OBSERVE_H

#include "analysis/state.h"

enum {
	DUPLICATE_NS = 20000000, /* copies of a packet come within it */
	LARGEST_WIRE_BYTES = 9216, /* above it only offload makes packets */
};

static inline uint16_t saturate16(uint32_t value)
{
	return value > UINT16_MAX ? UINT16_MAX : (uint16_t)value;
}

static inline void count16(uint16_t *counter)
{
	if (*counter < UINT16_MAX)
		(*counter)++;
}

/* The dossier of a flow, opened if need be; NULL when none is to be had. */
struct dossier *observe_dossier(struct analysis *analysis, struct flow *flow);

/* Of the newest packet. */
void observe_note(const struct analysis *analysis, struct note *note,
	const struct packet *packet, unsigned side);

/* observe_open.c: how a connection begins */
void observe_first(const struct analysis *analysis, struct flow *flow,
	unsigned index,
	const struct packet *packet);
void observe_syn(struct analysis *analysis, struct flow *flow,
	unsigned index, const struct packet *packet);

/* observe_loss.c: what goes missing and what comes again */
void observe_retransmission(struct analysis *analysis,
	struct flow *flow, unsigned index, const struct packet *packet,
	bool is_probe);
void observe_hole(struct analysis *analysis, struct flow *flow,
	unsigned index, const struct packet *packet);
void observe_above_hole(
	struct dossier *dossier, unsigned index, const struct packet *packet);
void observe_sack(struct dossier *dossier, unsigned index,
	const struct packet *packet);
void observe_answer(struct flow *flow, struct dossier *dossier,
	unsigned index, const struct packet *packet);
void observe_too_big(
	struct flow *flow, struct dossier *dossier, unsigned index,
	const struct packet *packet);

/* observe_ssh.c: what is said before encryption */
void observe_ssh(struct analysis *analysis, struct flow *flow,
	unsigned index, const struct packet *packet);

/* observe_reset.c: resets, and what follows them */
void observe_reset(struct analysis *analysis, struct flow *flow,
	unsigned side, const struct packet *packet);
void observe_after(const struct analysis *analysis, struct dossier *dossier,
	unsigned side, const struct packet *packet);
bool observe_twin_reset(struct analysis *analysis,
	const struct flow *flow, unsigned index, const struct packet *packet);

#endif
