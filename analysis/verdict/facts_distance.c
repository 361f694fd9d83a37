/* The origin of a reset: its TTL compared with those of its alleged sender,
 * and the interface on which it was captured. */
#include "analysis/verdict/facts_distance.h"

#include <string.h>

#include "capture/frame.h"

/* The TTLs at which a side's packets arrive, as far as is known. */
struct spread {
	unsigned low, high;
	unsigned packets; /* 0: known from other connections only, or not */
	bool is_known;
	bool is_mixed; /* SYN-ACK and later packets from different places */
	bool is_host;  /* learned from other connections */
};

static struct spread spread_of(const struct verdict_context *context,
	const struct closed_conn *conn, const struct packet_note *note)
{
	unsigned side = note->side;
	uint8_t ttl = note->ttl;
	const struct side_cold *cold = &conn->flow.cold[side];
	const struct host_ttl *host = host_ttls_find(
		&context->learned->host_ttls, &conn->address[side],
		conn->flow.flags & FLOW_V6 ? 6 : 4);
	struct spread spread = {255, 0, 0, false, false, false};

	for (unsigned i = 0; i < SIDE_TTLS; i++) {
		if (!cold->ttl_count[i])
			continue;
		spread.is_known = true;
		spread.packets += cold->ttl_count[i];
		if (cold->ttl[i] < spread.low)
			spread.low = cold->ttl[i];
		if (cold->ttl[i] > spread.high)
			spread.high = cold->ttl[i];
	}
	/* A block page that was slipped in has another TTL than the SYN-ACK;
	 * so has everything behind a SYN proxy. A route that changed later
	 * leaves more than the SYN-ACK at the first distance. */
	spread.is_mixed =
		(conn->flow.side[side].flags & SIDE_SYN) && spread.is_known &&
		spread.high >
			spread.low + context->thresholds->one_place_hops &&
		cold->ttl_count[0] == 1 && cold->ttl_count[1];
	if (host && host->capture_point != note->capture_point)
		host = NULL; /* that was on another interface */
	for (unsigned i = 0; host && i < HOST_TTLS; i++) {
		if (!host->connections[i])
			continue;
		spread.packets += spread.is_host ? host->connections[i] : 0;
		/* its other connections widen the spread where they fit the
		 * reset: routes of one host differ */
		if (!spread.is_known || (spread.is_host)) {
			if (!spread.is_host)
				spread.packets = host->connections[i];
			spread.is_known = spread.is_host = true;
			if (host->ttl[i] < spread.low)
				spread.low = host->ttl[i];
			if (host->ttl[i] > spread.high)
				spread.high = host->ttl[i];
		} else if (host->ttl[i] == ttl) {
			if (ttl < spread.low)
				spread.low = ttl;
			if (ttl > spread.high)
				spread.high = ttl;
		}
	}
	return spread;
}

/* Routers passed, if the packet began with one of the usual TTLs. */
static unsigned distance_of(uint8_t ttl)
{
	unsigned initial = ttl > 128  ? 255
			   : ttl > 64 ? 128
			   : ttl > 32 ? 64
				      : 32;

	return initial - ttl;
}

static bool is_initial(uint8_t ttl)
{
	return ttl == 64 || ttl == 128 || ttl == 255;
}

static bool is_public_v4(const struct address *address)
{
	const uint8_t *b = address->bytes;

	return !(b[0] == 10 || b[0] == 127 || b[0] >= 224 ||
		 (b[0] == 172 && b[1] >= 16 && b[1] < 32) ||
		 (b[0] == 192 && b[1] == 168) || (b[0] == 169 && b[1] == 254) ||
		 (b[0] == 100 && b[1] >= 64 && b[1] < 128));
}

static bool is_public(const struct closed_conn *conn, unsigned side)
{
	if (conn->flow.flags & FLOW_V6)
		return (conn->address[side].bytes[0] & 0xe0) == 0x20;
	return is_public_v4(&conn->address[side]);
}

/* No router decremented the TTL of this side, nor the peer's: both are next to
 * the capture point. When the server is on the public Internet and the client
 * is not, an adjacent device answers in the server's name. Fooled by: servers
 * that choose odd initial TTLs. */
static void set_neighbour(const struct closed_conn *conn, unsigned side,
	const struct packet_note *note, struct facts *facts)
{
	const struct flow *flow = &conn->flow;
	const struct side_cold *cold = &flow->cold[side];
	const struct side_cold *peer = &flow->cold[!side];
	uint8_t ttl = cold->ttl_count[0] ? cold->ttl[0] : note->ttl;

	if (side != flow_server(flow) || !peer->ttl_count[0])
		return;
	if (!is_initial(ttl) || !is_initial(peer->ttl[0]) ||
		!is_initial(note->ttl)) {
		fact_set(facts, FACT_ANSWERED_BY_NEIGHBOUR, TRUTH_NO,
			note->frame, 0);
	} else if (is_public(conn, side) && !is_public(conn, !side)) {
		fact_set(facts, FACT_ANSWERED_BY_NEIGHBOUR, TRUTH_YES,
			note->frame, 0);
	} else {
		return;
	}
	fact_found(facts, FACT_ANSWERED_BY_NEIGHBOUR,
		"ttl %u, before it %u; client's %u", note->ttl, ttl,
		peer->ttl[0]);
	fact_expected(facts, FACT_ANSWERED_BY_NEIGHBOUR,
		"not all of them 64, 128 or 255");
}

static bool has_right_numbers(const struct reset *reset)
{
	const struct packet_note *note = &reset->note;
	const struct side_snapshot *own = &reset->before[note->side];
	const struct side_snapshot *peer = &reset->before[!note->side];

	return !(own->flags & SIDE_SEEN) || own->next == note->sequence ||
	       peer->acked == note->sequence;
}

/* Of this connection alone; fewer packets tell neither. */
static void set_steady(const struct thresholds *limits,
	const struct spread *spread, uint32_t against, struct facts *facts)
{
	bool is_one = spread->low == spread->high;

	if (spread->is_host ||
		(is_one && spread->packets < limits->steady_packets))
		return;
	fact_set(facts, FACT_SENDER_TTL_STEADY, is_one ? TRUTH_YES : TRUTH_NO,
		against, 0);
	fact_found(facts, FACT_SENDER_TTL_STEADY,
		is_one ? "%u packets, ttl %u" : "%u packets, ttl %u to %u",
		spread->packets, spread->low, spread->high);
	fact_expected(facts, FACT_SENDER_TTL_STEADY,
		"at least %u packets, one TTL",
		(unsigned)limits->steady_packets);
}

/* Fooled by: route changes (hence the spread), devices that copy or normalise
 * TTLs, SYN proxies (hence is_mixed). */
static void set_ttl(const struct verdict_context *context,
	const struct closed_conn *conn, const struct reset *reset,
	struct facts *facts)
{
	const struct packet_note *note = &reset->note;
	const struct side_snapshot *own = &reset->before[note->side];
	const struct thresholds *limits = context->thresholds;
	struct spread spread = spread_of(context, conn, note);
	uint32_t against = reset->before[note->side].last_frame
				   ? reset->before[note->side].last_frame
				   : conn->flow.side[note->side].last_frame;
	unsigned off = 0;

	facts->is_distance_open = !spread.is_known || spread.is_host;
	/* on its way in and on its way out a packet has different TTLs */
	if (!spread.is_known ||
		(own->packets &&
			capture_point_way(
				conn->flow.side[note->side].capture_point) !=
				capture_point_way(note->capture_point)))
		return;
	if (own->packets == 1 && (own->last_flags & TCP_SYN) &&
		own->window == 0) {
		/* SYN proxies offer no window until the server has answered
		 * [measured: f1, f2]: that was not the server's distance */
		fact_set(facts, FACT_SYNACK_FROM_ELSEWHERE, TRUTH_YES,
			conn->flow.synack_frame, 0);
		fact_found(facts, FACT_SYNACK_FROM_ELSEWHERE,
			"SYN-ACK with window 0");
		fact_expected(facts, FACT_SYNACK_FROM_ELSEWHERE, "a window");
		return;
	}
	if (note->ttl < spread.low)
		off = spread.low - note->ttl;
	else if (note->ttl > spread.high)
		off = note->ttl - spread.high;
	if (spread.is_mixed) {
		fact_set(facts, FACT_SYNACK_FROM_ELSEWHERE, TRUTH_YES,
			conn->flow.synack_frame, against);
		fact_found(facts, FACT_SYNACK_FROM_ELSEWHERE, "ttl %u to %u",
			spread.low, spread.high);
		fact_expected(
			facts, FACT_SYNACK_FROM_ELSEWHERE, "one distance");
		if (off == 0)
			return;
	}
	/* A stack may give its resets another initial TTL; then the distance
	 * is the same, and the numbers are right. */
	if (off > limits->ttl_near_hops && has_right_numbers(reset) &&
		distance_of(note->ttl) == distance_of((uint8_t)spread.low))
		return;
	/* Routers that speak BGP send with a TTL of 1, traceroutes with small
	 * ones; the kernel under them answers with its usual TTL. */
	if (note->ttl > spread.high && spread.high <= limits->tracing_ttl)
		return;
	/* One other connection is weak evidence for a small difference; but a
	 * TTL of an adjacent host in one and of a distant host in the other
	 * are not one host. */
	/* And a device on the path to a host is nearer than the host: a
	 * slightly larger distance means another route. */
	if (spread.is_host && off && off <= limits->ttl_near_hops &&
		note->ttl < spread.low)
		return;
	if (spread.is_host && off && off <= limits->ttl_near_hops &&
		spread.packets < limits->host_connections &&
		!(is_initial(note->ttl) && !is_initial((uint8_t)spread.high)))
		return;
	if (spread.is_host)
		against = 0;
	fact_set(facts, FACT_RESET_TTL_MATCHES_SENDER,
		off ? TRUTH_NO : TRUTH_YES, note->frame, against);
	fact_found(facts, FACT_RESET_TTL_MATCHES_SENDER, "%u", note->ttl);
	if (spread.low == spread.high)
		fact_expected(facts, FACT_RESET_TTL_MATCHES_SENDER, "%u%s",
			spread.low,
			spread.is_host ? " (its other connections)" : "");
	else
		fact_expected(facts, FACT_RESET_TTL_MATCHES_SENDER,
			"%u to %u%s", spread.low, spread.high,
			spread.is_host ? " (its other connections)" : "");
	fact_set(facts, FACT_RESET_TTL_FAR_OFF,
		off > limits->ttl_near_hops ? TRUTH_YES : TRUTH_NO, note->frame,
		against);
	fact_found(facts, FACT_RESET_TTL_FAR_OFF, "a difference of %u", off);
	fact_expected(facts, FACT_RESET_TTL_FAR_OFF, "at most %u",
		(unsigned)limits->ttl_near_hops);
	set_steady(limits, &spread, against, facts);
}

/* On a machine with several interfaces: the side's packets come in, this
 * reset only went out. */
static void set_made_here(const struct closed_conn *conn,
	const struct reset *reset, struct facts *facts)
{
	const struct flow *flow = &conn->flow;
	const struct packet_note *note = &reset->note;
	uint8_t capture_point = flow->side[note->side].capture_point;

	if (!(flow->side[note->side].flags & SIDE_SEEN))
		return;
	if (!(flow->flags & FLOW_DUPLICATED) &&
		capture_point_way(capture_point) != FRAME_ANY_WAY &&
		capture_point_interface(capture_point) !=
			capture_point_interface(note->capture_point)) {
		fact_set(facts, FACT_RESET_BY_OTHER_INTERFACE, TRUTH_YES,
			note->frame, flow->side[note->side].last_frame);
		fact_found(facts, FACT_RESET_BY_OTHER_INTERFACE, "interface %u",
			capture_point_interface(note->capture_point));
		fact_expected(facts, FACT_RESET_BY_OTHER_INTERFACE,
			"interface %u, as this side's other packets",
			capture_point_interface(capture_point));
	}
	if (!(flow->flags & FLOW_DUPLICATED) ||
		capture_point_way(capture_point) != FRAME_INBOUND)
		return;
	fact_set(facts, FACT_RESET_MADE_HERE,
		note->direction == FRAME_OUTBOUND ? TRUTH_YES : TRUTH_NO,
		note->frame, flow->side[note->side].last_frame);
	fact_found(facts, FACT_RESET_MADE_HERE, "%s",
		note->direction == FRAME_OUTBOUND ? "only went out"
						  : "came in");
	fact_expected(facts, FACT_RESET_MADE_HERE,
		"came in, as this side's other packets");
}

void facts_distance(const struct verdict_context *context,
	const struct closed_conn *conn, const struct reset *reset,
	struct facts *facts)
{
	set_ttl(context, conn, reset, facts);
	set_neighbour(conn, reset->note.side, &reset->note, facts);
	set_made_here(conn, reset, facts);
}
