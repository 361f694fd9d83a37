#include "analysis/verdict/facts_undelivered.h"

#include "capture/icmp_kind.h"
#include "capture/numbers.h"
#include "capture/sequence.h"

/* A packet that a router reported as expired cannot have been acknowledged by
 * a host behind that router. Only tools that limit TTLs make such packets;
 * fooled by: the same bytes sent again with a larger TTL, hence no
 * retransmissions, and a FIN that such a tool sends with the number of those
 * bytes, hence all of them. */
void facts_undelivered(const struct verdict_context *context,
	const struct closed_conn *conn, unsigned side, uint32_t acknowledged,
	uint32_t frame, struct facts *facts)
{
	const struct evidence *evidence = conn->evidence;
	bool is_v6 = conn->flow.flags & FLOW_V6;
	/* a longer packet carries data */
	int64_t bare_bytes = context->thresholds->bare_packet_bytes +
			     (is_v6 ? IP6_HEADER_BYTES - IP4_HEADER_BYTES : 0);

	if (flow_has_repeated(&conn->flow, !side))
		return;
	for (unsigned i = 0; i < evidence->error_count; i++) {
		const struct packet_note *error = &evidence->errors[i].note;

		if (!icmp_kind_is_time_exceeded(
			    is_v6 ? 6 : 4, error->icmp_type) ||
			error->icmp_code != 0 || /* of a reassembly */
			error->side == side || !error->has_sequence ||
			error->payload_bytes <= bare_bytes ||
			sequence_distance(error->sequence, acknowledged) <
				error->payload_bytes - bare_bytes ||
			sequence_distance(error->sequence, acknowledged) >
				context->thresholds->undelivered_bytes)
			continue;
		fact_set(facts, FACT_ACKNOWLEDGES_WHAT_NEVER_ARRIVED, TRUTH_YES,
			frame, error->frame);
		fact_found(facts, FACT_ACKNOWLEDGES_WHAT_NEVER_ARRIVED,
			"acknowledges a packet whose TTL ran out before");
		return;
	}
}
