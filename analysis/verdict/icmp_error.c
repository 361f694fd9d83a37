#include "analysis/verdict/icmp_error.h"

#include <stddef.h>

#include "capture/icmp_kind.h"
#include "capture/sequence.h"

bool icmp_error_is_prohibited(const struct packet_note *note, bool is_v6)
{
	if (is_v6)
		return note->icmp_type == ICMP6_UNREACHABLE &&
		       (note->icmp_code == ICMP6_ADMINISTRATOR ||
			       note->icmp_code == ICMP6_SOURCE_POLICY ||
			       note->icmp_code == ICMP6_REJECT_ROUTE);
	return note->icmp_type == ICMP4_UNREACHABLE &&
	       (note->icmp_code == ICMP4_NETWORK_PROHIBITED ||
		       note->icmp_code == ICMP4_HOST_PROHIBITED ||
		       note->icmp_code == ICMP4_ADMINISTRATOR);
}

/* A side sends with TTLs that are meant to expire. */
static bool is_tracing(const struct thresholds *thresholds,
	const struct closed_conn *conn, unsigned side)
{
	const struct side_cold *cold = &conn->flow.cold[side];

	if (!(conn->flow.flags & FLOW_SYNACK)) /* a loop lowers later ones */
		return cold->ttl[0] <= thresholds->tracing_ttl;
	for (unsigned i = 0; i < SIDE_TTLS; i++)
		if (cold->ttl_count[i] &&
			cold->ttl[i] <= thresholds->tracing_ttl)
			return true;
	return conn->flow.side[side].flags & SIDE_TTL_MIXED;
}

/* What it is about was acknowledged, and only later was data sent that was not:
 * a trouble of another time. */
static bool is_of_another_time(
	const struct closed_conn *conn, const struct packet_note *note)
{
	const struct unacked_run *run = &conn->evidence->unacked[note->side];

	return run->is_active && note->has_sequence &&
	       note->time_ns < run->since_ns &&
	       sequence_after(
		       conn->flow.side[!note->side].acked, note->sequence + 1);
}

/* PTBs have their own facts; a traceroute's time exceeded is ignored, and that
 * of a reassembly, code 1: the packet had arrived, but for a fragment. */
static bool is_deciding(const struct thresholds *thresholds,
	const struct closed_conn *conn, const struct packet_note *note)
{
	uint8_t family = conn->flow.flags & FLOW_V6 ? 6 : 4;

	if (is_of_another_time(conn, note))
		return false;
	if (icmp_kind_is_time_exceeded(family, note->icmp_type))
		return note->icmp_code == 0 &&
		       !is_tracing(thresholds, conn, note->side);
	return !icmp_kind_is_too_big(family, note->icmp_type, note->icmp_code);
}

const struct error_note *icmp_error_deciding(
	const struct thresholds *thresholds, const struct closed_conn *conn)
{
	const struct evidence *evidence = conn->evidence;

	if (!evidence)
		return NULL;
	if (evidence->last_error.note.kind &&
		is_deciding(thresholds, conn, &evidence->last_error.note))
		return &evidence->last_error;
	for (unsigned i = 0; i < evidence->error_count; i++)
		if (is_deciding(thresholds, conn, &evidence->errors[i].note))
			return &evidence->errors[i];
	return NULL;
}
