/* The origin of a reset: its TTL compared with those of its alleged sender. */
#include "analysis/verdict/facts_distance.h"

#include <string.h>

#include "analysis/verdict/facts_neighbour.h"
#include "analysis/verdict/facts_shape.h"
#include "analysis/verdict/facts_station.h"
#include "analysis/verdict/ttl_spread.h"
#include "capture/frame.h"

static bool has_right_numbers(const struct verdict_context *context,
	const struct closed_conn *conn, const struct reset *reset)
{
	const struct packet_note *note = &reset->note;
	const struct side_snapshot *own = &reset->before[note->side];
	const struct side_snapshot *peer = &reset->before[!note->side];

	return !(own->flags & SIDE_SEEN) || own->next == note->sequence ||
	       peer->acked == note->sequence ||
	       facts_shape_answers_older(context, conn, reset);
}

/* Of this connection alone; fewer packets tell neither. */
static void set_steady(const struct thresholds *limits,
	const struct ttl_spread *spread, uint32_t against, struct facts *facts)
{
	bool is_one = spread->count == 1;

	if (spread->is_host ||
		(is_one && spread->packets < limits->steady_packets))
		return;
	fact_set(facts, FACT_SENDER_TTL_STEADY, is_one ? TRUTH_YES : TRUTH_NO,
		against, 0);
	fact_found(facts, FACT_SENDER_TTL_STEADY,
		is_one ? "%u packets, ttl %u" : "%u packets, ttl %u to %u",
		spread->packets, ttl_spread_low(spread),
		ttl_spread_high(spread));
	fact_expected(facts, FACT_SENDER_TTL_STEADY,
		"at least %u packets, one TTL",
		(unsigned)limits->steady_packets);
}

/* Most of what the side sent has the reset's TTL; who slips in an answer sends
 * little. */
static void set_usual_place(const struct thresholds *limits,
	const struct side_cold *cold, const struct packet_note *note,
	struct facts *facts)
{
	for (unsigned i = 1; i < SIDE_TTLS; i++) {
		if (cold->ttl_count[i] < limits->steady_packets ||
			cold->ttl[i] != note->ttl)
			continue;
		fact_set(facts, FACT_RESET_FROM_THE_USUAL_DISTANCE, TRUTH_YES,
			note->frame, 0);
		fact_found(facts, FACT_RESET_FROM_THE_USUAL_DISTANCE,
			"ttl %u, as %u packets before", note->ttl,
			cold->ttl_count[i]);
		fact_expected(facts, FACT_RESET_FROM_THE_USUAL_DISTANCE,
			"at least %u packets from there",
			(unsigned)limits->steady_packets);
	}
}

/* The side speaks from the handshake's place, and has sent less from the
 * reset's, and little, but more than one packet without data, which is no
 * answer. Not where the reset has the connection's timestamps: who slips in a
 * segment rarely has them. */
static void set_unusual_place(const struct thresholds *limits,
	const struct closed_conn *conn, const struct reset *reset,
	struct facts *facts)
{
	const struct packet_note *note = &reset->note;
	const struct side_cold *cold = &conn->flow.cold[note->side];
	const struct side_snapshot *own = &reset->before[note->side];
	bool is_last_bare = own->ttl == note->ttl && own->last_payload == 0;
	int apart = note->ttl - cold->ttl[0];

	if (note->options & OPTION_TIMESTAMP ||
		(apart <= limits->one_place_hops &&
			-apart <= limits->one_place_hops))
		return;
	for (unsigned i = 1; i < SIDE_TTLS; i++) {
		if (cold->ttl_count[i] <= is_last_bare ||
			cold->ttl[i] != note->ttl ||
			cold->ttl_count[i] >= cold->ttl_count[0] ||
			cold->ttl_count[i] >= limits->steady_packets)
			continue;
		fact_set(facts, FACT_RESET_FROM_AN_UNUSUAL_DISTANCE, TRUTH_YES,
			note->frame, 0);
		fact_found(facts, FACT_RESET_FROM_AN_UNUSUAL_DISTANCE,
			"ttl %u, as %u before", note->ttl, cold->ttl_count[i]);
		fact_expected(facts, FACT_RESET_FROM_AN_UNUSUAL_DISTANCE,
			"%u, as %u packets before", cold->ttl[0],
			cold->ttl_count[0]);
	}
}

/* A device in front of the server has answered the handshake, and the server
 * behind it has sent since; or the other way round, a forged response came
 * after the handshake. Fooled by: a route that changes right after it; hence
 * one of the two distances has to be the SYN-ACK's alone, or the reset has to
 * come from the handshake's distance while the side sends from the other, last
 * or mostly. True where the distance tells no more than that. */
static bool set_two_places(const struct thresholds *limits,
	const struct closed_conn *conn, const struct reset *reset,
	const struct ttl_spread *spread, struct facts *facts)
{
	const struct packet_note *note = &reset->note;
	const struct side_snapshot *own = &reset->before[note->side];
	const struct side_cold *cold = &conn->flow.cold[note->side];
	int apart = note->ttl - spread->first;
	int moved = own->ttl - spread->first;
	bool is_handshakes;

	if (!(conn->flow.side[note->side].flags & SIDE_SYN) ||
		!ttl_spread_is_split(limits, spread))
		return false;
	is_handshakes = apart <= limits->one_place_hops &&
			-apart <= limits->one_place_hops;
	if (is_handshakes && note->side == flow_server(&conn->flow) &&
		(moved > limits->one_place_hops ||
			-moved > limits->one_place_hops ||
			spread->packets >= 2u * cold->ttl_count[0])) {
		fact_set(facts, FACT_RESET_FROM_THE_HANDSHAKES_PLACE, TRUTH_YES,
			note->frame, conn->flow.synack_frame);
		fact_found(facts, FACT_RESET_FROM_THE_HANDSHAKES_PLACE,
			"%u, the SYN-ACK's %u", note->ttl, spread->first);
		fact_expected(facts, FACT_RESET_FROM_THE_HANDSHAKES_PLACE,
			"%u, as this side's last packet", own->ttl);
		return true;
	}
	if (cold->ttl_count[0] != 1)
		return false;
	fact_set(facts, FACT_SYN_ACK_FROM_ELSEWHERE, TRUTH_YES,
		conn->flow.synack_frame, own->last_frame);
	fact_found(facts, FACT_SYN_ACK_FROM_ELSEWHERE, "ttl %u to %u",
		ttl_spread_low(spread), ttl_spread_high(spread));
	fact_expected(facts, FACT_SYN_ACK_FROM_ELSEWHERE, "one distance");
	set_usual_place(limits, cold, note, facts);
	return true;
}

/* The kernel under a program that made its SYN itself refuses the SYN-ACK: the
 * TTL of such a SYN was chosen by the program. */
static bool is_refused_synack(
	const struct closed_conn *conn, const struct reset *reset)
{
	const struct packet_note *note = &reset->note;
	const struct side_snapshot *own = &reset->before[note->side];
	const struct side_snapshot *peer = &reset->before[!note->side];

	return note->side == flow_client(&conn->flow) &&
	       own->packets <= flow_syns(&conn->flow) &&
	       (own->last_flags & (TCP_SYN | TCP_ACK)) == TCP_SYN &&
	       (peer->last_flags & (TCP_SYN | TCP_ACK)) ==
		       (TCP_SYN | TCP_ACK) &&
	       !(note->tcp_flags & TCP_ACK) && note->sequence == peer->acked;
}

/* A stack may give its resets another initial TTL; then the distance is the
 * same, and the numbers are right. On one link all distances are 0, so that
 * alone says nothing there: the rest of the IP header has to be the side's
 * too. */
static bool is_other_initial(const struct verdict_context *context,
	const struct closed_conn *conn, const struct reset *reset,
	const struct ttl_spread *spread, uint8_t *known)
{
	const struct packet_note *note = &reset->note;
	const struct side_snapshot *own = &reset->before[note->side];
	uint16_t df = own->flags & (SIDE_DF | SIDE_NO_DF);
	struct facts shape;

	if (!ttl_spread_has_other_initial(spread, note->ttl, 0, known) ||
		!has_right_numbers(context, conn, reset))
		return false;
	if (ttl_hops(note->ttl) != 0)
		return true;
	memset(&shape, 0, sizeof(shape));
	facts_shape(context, conn, reset, &shape);
	return df != (note->is_df ? SIDE_NO_DF : SIDE_DF) &&
	       !fact_holds(&shape, FACT_RESET_IP_ID_FOREIGN);
}

/* Is the difference one that tells nothing? */
static bool is_excused(const struct thresholds *limits,
	const struct packet_note *note, const struct ttl_spread *spread,
	unsigned off)
{
	uint8_t known;
	bool is_near = off && off <= limits->ttl_near_hops;

	/* Routers that speak BGP send with a TTL of 1, traceroutes with small
	 * ones; the kernel under them answers with its usual TTL. */
	if (note->ttl > ttl_spread_high(spread) &&
		ttl_spread_high(spread) <= limits->tracing_ttl)
		return true;
	if (!spread->is_host)
		return false;
	if (off && ttl_spread_low(spread) <= limits->tracing_ttl)
		return true;
	/* A device at the server's distance may have another initial TTL: a
	 * load balancer in front of it. What has passed no router was not sent
	 * from there. */
	if (off > limits->ttl_near_hops &&
		ttl_spread_has_other_initial(spread, note->ttl,
			(unsigned)limits->ttl_near_hops, &known) &&
		!(ttl_is_initial(note->ttl) && !ttl_is_initial(known)))
		return true;
	/* A device on the path to a host is nearer than the host: a
	 * slightly larger distance means another route. */
	if (is_near && note->ttl < ttl_spread_low(spread))
		return true;
	/* One other connection is weak evidence for a small difference; but a
	 * TTL of an adjacent host in one and of a distant host in the other
	 * are not one host. */
	return is_near && spread->packets < limits->host_connections &&
	       !(ttl_is_initial(note->ttl) &&
		       !ttl_is_initial(ttl_spread_high(spread)));
}

/* A client whose packets leave their host at the recording sends a reset that
 * is to end on the way: programs that hide from devices on the path do, and
 * probes of the path. Fooled by: a device next to the recording that begins
 * with a small TTL. */
static bool set_limited(const struct thresholds *limits,
	const struct closed_conn *conn, const struct packet_note *note,
	const struct ttl_spread *spread, uint32_t against, struct facts *facts)
{
	if (note->side != flow_client(&conn->flow) || spread->is_host ||
		spread->count != 1 || !ttl_is_initial(spread->first) ||
		note->ttl > limits->tracing_ttl)
		return false;
	fact_set(facts, FACT_RESET_TTL_LIMITED, TRUTH_YES, note->frame,
		against);
	fact_found(facts, FACT_RESET_TTL_LIMITED, "%u", note->ttl);
	fact_expected(facts, FACT_RESET_TTL_LIMITED, "%u, as its host sends",
		spread->first);
	return true;
}

/* A device on the path is nearer than the endpoint, so a few hops more are
 * another route's. Over IPv6 a few hops less can be too: packets of no socket
 * carry another flow label than the connection's, and routers choose the route
 * by it. What has passed no router came by no route. */
static void set_other_route(const struct packet_note *note, bool is_v6,
	const struct ttl_spread *spread, struct facts *facts)
{
	bool is_farther = note->ttl < ttl_spread_low(spread);
	bool has_own_label = is_v6 && !(note->tcp_flags & TCP_ACK);

	fact_set(facts, FACT_ANOTHER_ROUTE_FITS,
		!ttl_is_initial(note->ttl) && (is_farther || has_own_label)
			? TRUTH_YES
			: TRUTH_NO,
		note->frame, 0);
	fact_found(facts, FACT_ANOTHER_ROUTE_FITS, "%u", note->ttl);
	fact_expected(facts, FACT_ANOTHER_ROUTE_FITS,
		has_own_label ? "about %u" : "less than %u",
		ttl_spread_low(spread));
}

/* A host that answers for a container or a virtual machine of its own, which is
 * gone, is one hop nearer than that was; so is the last router before a
 * host. */
static void set_one_hop_nearer(const struct packet_note *note,
	const struct ttl_spread *spread, struct facts *facts)
{
	uint8_t high = ttl_spread_high(spread);

	if (note->ttl != high + 1)
		return;
	fact_set(facts, FACT_RESET_ONE_HOP_NEARER, TRUTH_YES, note->frame, 0);
	fact_found(facts, FACT_RESET_ONE_HOP_NEARER, "ttl %u", note->ttl);
	fact_expected(facts, FACT_RESET_ONE_HOP_NEARER,
		"%u, or of a device farther from that host", high);
}

/* A device on the path is nearer than the endpoint. What began with the same
 * initial TTL and has passed more routers than all packets of the side comes
 * from no device between. */
static void set_farther(const struct packet_note *note,
	const struct ttl_spread *spread, struct facts *facts)
{
	uint8_t low = ttl_spread_low(spread);

	if (!fact_holds(facts, FACT_RESET_TTL_FAR_OFF) || note->ttl > low ||
		ttl_initial(note->ttl) != ttl_initial(low))
		return;
	fact_set(
		facts, FACT_RESET_FROM_FARTHER_AWAY, TRUTH_YES, note->frame, 0);
	fact_found(facts, FACT_RESET_FROM_FARTHER_AWAY, "%u", note->ttl);
	fact_expected(facts, FACT_RESET_FROM_FARTHER_AWAY, "more than %u", low);
}

static void tell_distance(const struct thresholds *limits,
	const struct packet_note *note, const struct ttl_spread *spread,
	unsigned off, uint32_t against, struct facts *facts)
{
	const char *of = spread->is_host ? " (its other connections)" : "";
	uint8_t low = ttl_spread_low(spread), high = ttl_spread_high(spread);

	fact_set(facts, FACT_RESET_TTL_MATCHES_SENDER,
		off ? TRUTH_NO : TRUTH_YES, note->frame, against);
	fact_found(facts, FACT_RESET_TTL_MATCHES_SENDER, "%u", note->ttl);
	if (low == high)
		fact_expected(
			facts, FACT_RESET_TTL_MATCHES_SENDER, "%u%s", low, of);
	else
		fact_expected(facts, FACT_RESET_TTL_MATCHES_SENDER,
			high - low <= limits->ttl_near_hops ? "%u to %u%s"
							    : "%u or %u%s",
			low, high, of);
	fact_set(facts, FACT_RESET_TTL_FAR_OFF,
		off > limits->ttl_near_hops ? TRUTH_YES : TRUTH_NO, note->frame,
		against);
	fact_found(facts, FACT_RESET_TTL_FAR_OFF, "a difference of %u", off);
	fact_expected(facts, FACT_RESET_TTL_FAR_OFF, "at most %u",
		(unsigned)limits->ttl_near_hops);
	set_farther(note, spread, facts);
	set_steady(limits, spread, against, facts);
}

/* SYN proxies offer no window until the server has answered [measured: f1,
 * f2]: that was not the server's distance. */
static bool set_proxied(const struct closed_conn *conn,
	const struct side_snapshot *own, struct facts *facts)
{
	if (own->packets != 1 || !(own->last_flags & TCP_SYN) || own->window)
		return false;
	fact_set(facts, FACT_SYN_ACK_FROM_ELSEWHERE, TRUTH_YES,
		conn->flow.synack_frame, 0);
	fact_found(facts, FACT_SYN_ACK_FROM_ELSEWHERE, "SYN-ACK with window 0");
	fact_expected(facts, FACT_SYN_ACK_FROM_ELSEWHERE, "a window");
	return true;
}

/* Fooled by: route changes (hence the spread), boxes that copy or normalise
 * TTLs, SYN proxies. */
static void set_ttl(const struct verdict_context *context,
	const struct closed_conn *conn, const struct reset *reset,
	struct facts *facts)
{
	const struct packet_note *note = &reset->note;
	const struct side_snapshot *own = &reset->before[note->side];
	const struct thresholds *limits = context->thresholds;
	struct ttl_spread spread = ttl_spread_of(context, conn, note);
	uint32_t against = own->last_frame
				   ? own->last_frame
				   : conn->flow.side[note->side].last_frame;
	uint8_t known;
	unsigned off;

	facts->is_distance_open = spread.count == 0 || spread.is_host;
	/* on its way in and on its way out a packet has different TTLs */
	if (spread.count == 0 ||
		(own->packets &&
			capture_point_way(
				conn->flow.side[note->side].capture_point) !=
				capture_point_way(note->capture_point)))
		return;
	off = ttl_spread_off(limits, &spread, note->ttl);
	if (is_refused_synack(conn, reset) || set_proxied(conn, own, facts) ||
		(set_two_places(limits, conn, reset, &spread, facts) &&
			(off == 0 ||
				fact_holds(facts,
					FACT_RESET_FROM_THE_HANDSHAKES_PLACE))))
		return;
	if (off > limits->ttl_near_hops &&
		is_other_initial(context, conn, reset, &spread, &known)) {
		if (ttl_hops(note->ttl) == 0)
			return; /* where all are next door, neither for nor
				   against the side */
		fact_set(facts, FACT_RESET_AS_MANY_HOPS_AWAY, TRUTH_YES,
			note->frame, against);
		fact_found(facts, FACT_RESET_AS_MANY_HOPS_AWAY, "%u of %u",
			note->ttl, ttl_initial(note->ttl));
		fact_expected(facts, FACT_RESET_AS_MANY_HOPS_AWAY, "%u of %u",
			known, ttl_initial(known));
		return;
	}
	if (is_excused(limits, note, &spread, off) ||
		set_limited(limits, conn, note, &spread, against, facts))
		return;
	tell_distance(limits, note, &spread, off, spread.is_host ? 0 : against,
		facts);
	set_unusual_place(limits, conn, reset, facts);
	if (off == 0 || off > limits->ttl_near_hops)
		return;
	set_other_route(note, conn->flow.flags & FLOW_V6, &spread, facts);
	set_one_hop_nearer(note, &spread, facts);
}

void facts_distance(const struct verdict_context *context,
	const struct closed_conn *conn, const struct reset *reset,
	struct facts *facts)
{
	set_ttl(context, conn, reset, facts);
	facts_neighbour(context->thresholds, conn, reset, facts);
	facts_station(conn, reset, facts);
}
