/* Could the sender of a reset have received what the reset acknowledges? */
#include "analysis/verdict/facts_timing.h"

/* A reset that acknowledges data cannot be at the capture point sooner than
 * the data's round trip to the sender. Fooled by: a route that got shorter;
 * hence a quarter
 * of the shortest seen. */
void facts_timing(const struct verdict_context *context,
	const struct closed_conn *conn, const struct reset *reset,
	struct facts *facts)
{
	const struct thresholds *limits = context->thresholds;
	const struct flow *flow = &conn->flow;
	const struct packet_note *note = &reset->note;
	const struct side_snapshot *peer = &reset->before[!note->side];
	bool is_server = note->side == flow_server(flow);
	uint32_t rtt_us = is_server ? flow->server_rtt_us : flow->client_rtt_us;
	bool is_rtt_known =
		flow->flags & (is_server ? FLOW_SYN_RTT : FLOW_ACK_RTT);
	int64_t after_us = (note->time_ns - peer->last_ns) / 1000;
	bool answers_data = note->acknowledged == peer->next;

	if (!is_rtt_known || rtt_us < limits->measurable_rtt_us ||
		!answers_data || peer->last_payload == 0 || after_us < 0 ||
		!(peer->flags & SIDE_SEEN))
		return;
	/* the answer to the first copy seems fast beside a later one */
	if (reset->has_repeated[!note->side])
		return;
	/* only acknowledged data proves that the packet was waited for */
	if (!(note->tcp_flags & TCP_ACK))
		return;
	fact_set(facts, FACT_RESET_TOO_FAST,
		after_us < rtt_us / limits->too_fast_share ? TRUTH_YES
							   : TRUTH_NO,
		note->frame, peer->last_frame);
	fact_found(
		facts, FACT_RESET_TOO_FAST, "%.3f ms", (double)after_us / 1000);
	fact_expected(facts, FACT_RESET_TOO_FAST,
		"about %.3f ms, the shortest round trip",
		(double)rtt_us / 1000);
}
