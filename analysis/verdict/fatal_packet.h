/* The one packet that stands for an incident: the report marks it, JSON names
 * its frame and time, the copy of a recording has the verdict at it. */
#ifndef ANALYSIS_VERDICT_FATAL_PACKET_H
#define ANALYSIS_VERDICT_FATAL_PACKET_H

#include "analysis/observe/closed_conn.h"
#include "analysis/verdict/verdict_context.h"

/* A reset, an ICMP error (`from` and `to` are its addresses), or a packet of
 * which no more is known than struct packet_summary tells. */
struct fatal_packet {
	struct packet_note note;
	struct address from, to;
};

/* The fatal packet of one ending of a record, see judge.h. Its frame is 0 only
 * for a record without any packet. */
void fatal_packet_of(const struct verdict_context *context,
	const struct closed_conn *conn, unsigned cluster,
	struct fatal_packet *fatal);

#endif
