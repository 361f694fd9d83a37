#include "analysis/verdict/icmp_error.h"

#include <stddef.h>

enum {
	TRACING_TTL = 32, /* the smallest initial TTL of any stack */
	ICMP_UNREACHABLE = 3,
	ICMP_TIME_EXCEEDED = 11,
	ICMP6_UNREACHABLE = 1,
	ICMP6_TOO_BIG = 2,
	ICMP6_TIME_EXCEEDED = 3,
};

static bool is_too_big(const struct packet_note *note, bool is_v6)
{
	return is_v6 ? note->icmp_type == ICMP6_TOO_BIG
		     : note->icmp_type == ICMP_UNREACHABLE &&
			       note->icmp_code == 4;
}

bool icmp_error_is_prohibited(const struct packet_note *note, bool is_v6)
{
	if (is_v6) /* RFC 4443, 3.1: 1 admin, 5 policy, 6 reject route */
		return note->icmp_type == ICMP6_UNREACHABLE &&
		       (note->icmp_code == 1 || note->icmp_code == 5 ||
			       note->icmp_code == 6);
	/* RFC 1812, 5.2.7.1: 9 network, 10 host, 13 by filtering */
	return note->icmp_type == ICMP_UNREACHABLE &&
	       (note->icmp_code == 9 || note->icmp_code == 10 ||
		       note->icmp_code == 13);
}

bool icmp_error_is_port(const struct packet_note *note, bool is_v6)
{
	return is_v6 ? note->icmp_type == ICMP6_UNREACHABLE &&
			       note->icmp_code == 4
		     : note->icmp_type == ICMP_UNREACHABLE &&
			       note->icmp_code == 3;
}

static bool is_time_exceeded(const struct packet_note *note, bool is_v6)
{
	return note->icmp_type ==
	       (is_v6 ? ICMP6_TIME_EXCEEDED : ICMP_TIME_EXCEEDED);
}

/* Somebody sends with TTLs that are meant to run out. */
static bool is_tracing(const struct closed_conn *conn, unsigned side)
{
	const struct side_cold *cold = &conn->flow.cold[side];

	if (!(conn->flow.flags & FLOW_SYNACK)) /* a loop lowers later ones */
		return cold->ttl[0] <= TRACING_TTL;
	for (unsigned i = 0; i < SIDE_TTLS; i++)
		if (cold->ttl_count[i] && cold->ttl[i] <= TRACING_TTL)
			return true;
	return conn->flow.side[side].flags & SIDE_TTL_MIXED;
}

/* "Too big" has a story of its own; a traceroute's expiries have none. */
static bool is_deciding(
	const struct closed_conn *conn, const struct packet_note *note)
{
	bool is_v6 = conn->flow.flags & FLOW_V6;

	if (is_time_exceeded(note, is_v6))
		return !is_tracing(conn, note->side);
	return !is_too_big(note, is_v6);
}

const struct error_note *icmp_error_deciding(const struct closed_conn *conn)
{
	const struct evidence *evidence = conn->evidence;

	if (!evidence)
		return NULL;
	if (evidence->last_error.note.kind &&
		is_deciding(conn, &evidence->last_error.note))
		return &evidence->last_error;
	for (unsigned i = 0; i < evidence->error_count; i++)
		if (is_deciding(conn, &evidence->errors[i].note))
			return &evidence->errors[i];
	return NULL;
}
