#include "probe/experiments/mtu_methods.h"

#include <stdio.h>

#include "probe/engine/probe_build.h"

enum { TRIES = 2 };

static unsigned send_sized(struct probe_context *context,
	enum probe_method method, uint32_t ip_bytes, struct tx_queue *tx_queue)
{
	struct probe_packet *probe = probe_build(
		context, method, ip_bytes, HOP_LIMIT_WHOLE_WAY, tx_queue);

	if (!probe)
		return 0;
	(void)snprintf(probe->comment, sizeof(probe->comment),
		"mtu: does %u pass?", ip_bytes);
	return 1;
}

static unsigned ask_by(const struct mtu_methods *methods,
	const struct mtu_search *found, unsigned round,
	struct probe_context *context, enum probe_method method,
	struct tx_queue *tx_queue)
{
	uint32_t least = probe_build_least_bytes(context->family, method) + 1;
	unsigned sent = 0;

	/* Answered by a short error: it measures the way there alone, which
	 * echo does not. */
	if (found->method == METHOD_ECHO && found->failed && !methods->has_top)
		sent += send_sized(context, method, found->top, tx_queue);
	if (!methods->has_least[method])
		sent += send_sized(context, method, least, tx_queue);
	sent += send_sized(context, method, found->passed, tx_queue);
	for (int t = 0; t < TRIES && found->failed && round == 0; t++)
		sent += send_sized(context, method, found->failed, tx_queue);
	return sent;
}

unsigned mtu_methods_ask(const struct mtu_methods *methods,
	const struct mtu_search *found, unsigned round,
	struct probe_context *context, struct tx_queue *tx_queue)
{
	unsigned sent = 0;

	for (int i = 0; i < METHOD_COUNT; i++) {
		enum probe_method method = (enum probe_method)i;

		if (method != found->method && method != METHOD_TCP &&
			!methods->has_passed[method])
			sent += ask_by(methods, found, round, context, method,
				tx_queue);
	}
	return sent;
}

void mtu_methods_take(struct mtu_methods *methods,
	const struct mtu_search *found, const struct probe_context *context,
	const struct sent_probe *sent_probe)
{
	enum probe_method method = probe_method_of(sent_probe);
	uint32_t ip_bytes = sent_probe->ip_bytes;

	if (method == METHOD_UDP && ip_bytes >= found->top)
		methods->has_top = true;
	if (ip_bytes <= probe_build_least_bytes(context->family, method) + 1)
		methods->has_least[method] = true;
	else if (ip_bytes == found->passed)
		methods->has_passed[method] = true;
}
