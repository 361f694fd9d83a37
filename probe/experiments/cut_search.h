/* Where packets without the don't-fragment bit are fragmented, and to what size
 * (IPv4): a router behind the smaller link quotes the first fragment. */
#ifndef PROBE_EXPERIMENTS_CUT_SEARCH_H
#define PROBE_EXPERIMENTS_CUT_SEARCH_H

#include "probe/engine/experiment.h"

struct cut_search {
	unsigned hop;	     /* the nearest that quoted a fragment; 0: none */
	uint32_t whole, cut; /* sizes: quoted whole there, or as long as the
				first fragment; and in fragments */
	uint64_t answered;   /* bit ttl - 1 */
	unsigned rounds;
};

/* Sends the next round; returns how many probes, 0 when it is done. */
unsigned cut_search_ask(struct cut_search *search,
	struct probe_context *context, struct tx_queue *tx_queue);
/* Takes the response to one of its probes. */
void cut_search_take(struct cut_search *search, const struct event *event);

#endif
