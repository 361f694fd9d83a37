/* The place of the limiting link: a packet that just passes and one of a byte
 * more to each hop. The hop that answers only the smaller one is behind the
 * link. */
#ifndef PROBE_EXPERIMENTS_HOP_MATRIX_H
#define PROBE_EXPERIMENTS_HOP_MATRIX_H

#include "probe/engine/experiment.h"

enum { HOP_MATRIX_HOPS = HOP_LIMIT_WHOLE_WAY + 1 };

struct hop_matrix {
	enum probe_method method;
	uint32_t passed, failed; /* the two sizes */
	/* what hop limits were answered for */
	bool large[HOP_MATRIX_HOPS], small[HOP_MATRIX_HOPS];
	unsigned tries[HOP_MATRIX_HOPS];
	/* small ones answered since routers had time to rest */
	unsigned rested[HOP_MATRIX_HOPS];
	bool is_rested;
	/* small ones sent, and unanswered, beside the route's */
	uint8_t small_sent[HOP_MATRIX_HOPS], unanswered[HOP_MATRIX_HOPS];
	bool has_asked_target; /* again, with large packets */
};

/* Probes routers from the first that large packets did not reach, in round 0
 * all; once they reach the last one, the target again. Returns how many packets
 * that takes. */
unsigned hop_matrix_probe(struct hop_matrix *matrix,
	struct probe_context *context, unsigned round,
	struct tx_queue *tx_queue);
/* Probes hops up to the first that answered after a rest for the small packet
 * only; returns how many packets that takes. */
unsigned hop_matrix_probe_rested(struct hop_matrix *matrix,
	struct probe_context *context, struct tx_queue *tx_queue);
/* Whether the hop behind the link is not known because of rate limits: where
 * every router that responds answers all probes, one without responses never
 * sends errors. */
bool hop_matrix_is_out_of_errors(
	const struct hop_matrix *matrix, const struct probe_context *context);
/* Takes the response to one of its probes. */
void hop_matrix_take(struct hop_matrix *matrix, const struct event *event);

#endif
