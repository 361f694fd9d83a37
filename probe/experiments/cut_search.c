#include "probe/experiments/cut_search.h"

#include <stdio.h>

#include "probe/engine/probe_build.h"

enum { MOST_ROUNDS = 8, HOP_ROUNDS = 3 };
static const uint32_t unit_bytes = 8; /* of fragments */

static unsigned ask(struct probe_context *context, uint32_t ip_bytes,
	unsigned ttl, struct tx_queue *tx_queue)
{
	struct probe_packet *probe = probe_build(
		context, METHOD_TCP, ip_bytes, (uint8_t)ttl, tx_queue);

	if (!probe)
		return 0;
	(void)snprintf(probe->comment, sizeof(probe->comment),
		"mtu: does %u reach hop %u whole?", ip_bytes, ttl);
	return 1;
}

static unsigned ask_hops(const struct cut_search *search,
	struct probe_context *context, struct tx_queue *tx_queue)
{
	const struct route_result *route = context->results.route;
	unsigned sent = 0;

	for (unsigned ttl = 1; ttl < route->distance; ttl++)
		if (route->answering_hops >> (ttl - 1) & 1 &&
			!(search->answered >> (ttl - 1) & 1))
			sent += ask(
				context, context->interface_mtu, ttl, tx_queue);
	return sent;
}

unsigned cut_search_ask(struct cut_search *search,
	struct probe_context *context, struct tx_queue *tx_queue)
{
	bool is_exact = search->hop && search->cut == search->whole + 1;

	if (is_exact || search->rounds++ == MOST_ROUNDS ||
		!connection_is_measuring(context->connection))
		return 0;
	if (search->hop)
		return ask(context, (search->whole + search->cut) / 2,
			search->hop, tx_queue);
	return search->rounds <= HOP_ROUNDS
		       ? ask_hops(search, context, tx_queue)
		       : 0;
}

void cut_search_take(struct cut_search *search, const struct event *event)
{
	const struct quotation *quoted = &event->packet->quoted;
	uint32_t bytes = event->sent_probe->ip_bytes;
	unsigned ttl = event->sent_probe->ttl;

	if (event->answer != RESPONSE_EXPIRED || quoted->family != 4 ||
		ttl == 0 || ttl > HOP_LIMIT_WHOLE_WAY)
		return;
	search->answered |= UINT64_C(1) << (ttl - 1);
	if (quoted->total_bytes < bytes && !quoted->is_df &&
		(search->hop == 0 || ttl < search->hop)) {
		search->hop = ttl;
		search->whole = quoted->total_bytes;
		search->cut = quoted->total_bytes + unit_bytes < bytes
				      ? quoted->total_bytes + unit_bytes
				      : bytes;
	} else if (ttl == search->hop && bytes > search->whole &&
		   bytes < search->cut) {
		if (quoted->total_bytes < bytes)
			search->cut = bytes;
		else
			search->whole = bytes;
	}
}
