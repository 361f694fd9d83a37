/* Two capture points of one connection. A packet of a side passes the point
 * that is nearer to that side first, so that what is recorded only at the
 * further one was made between them, and what is recorded only at the nearer
 * one was lost between them. That a packet is absent counts only if it could
 * not have been missed: the other point recorded that connection's two
 * directions, before and after, without a gap.
 *
 * Fooled by: a path on which packets of one direction go by the nearer point at
 * times and around it at others (asymmetric routing, several links), hence only
 * points at the end itself count for what is absent; captures with a filter
 * that takes some packets of a connection and not others. */
#include "analysis/verdict/facts_places.h"

#include <string.h>

#include "analysis/flow/ttl.h"
#include "analysis/observe/conn_view.h"
#include "analysis/verdict/ending.h"
#include "capture/sequence.h"

static uint8_t usual_ttl(const struct flow *flow, unsigned side)
{
	const struct side_cold *cold = &flow->cold[side];
	unsigned usual = 0;

	for (unsigned i = 1; i < SIDE_TTLS; i++)
		if (cold->ttl_count[i] > cold->ttl_count[usual])
			usual = i;
	return cold->ttl[usual];
}

/* Is the other point nearer to this side? By TTL, and not against what the
 * round trips say. */
static bool is_nearer_there(const struct closed_conn *conn, unsigned side)
{
	const struct flow *flow = &conn->flow;
	const struct conn_link *link = conn->link;
	const struct conn_view *view = link->view;
	const struct view_side *there = &view->side[conn_link_side(link, side)];
	bool is_server = side == flow_server(flow);
	uint32_t known = is_server ? FLOW_SYN_RTT : FLOW_ACK_RTT;
	uint32_t rtt_here =
		is_server ? flow->server_rtt_us : flow->client_rtt_us;
	uint32_t rtt_there =
		is_server ? view->server_rtt_us : view->client_rtt_us;

	if (!flow->cold[side].ttl_count[0] || !there->has_ttl ||
		there->ttl <= usual_ttl(flow, side))
		return false;
	return !(flow->flags & view->flags & known) || rtt_there <= rtt_here;
}

/* Was the connection recorded there at that time (by the clock here), whole? */
static bool is_covered(const struct closed_conn *conn, int64_t time_ns)
{
	const struct conn_link *link = conn->link;
	const struct conn_view *view = link->view;

	return !((view->side[0].flags | view->side[1].flags) & SIDE_UNSEEN) &&
	       !(view->flags & FLOW_WEAKENED) && view->side[0].packets &&
	       view->side[1].packets && link->covered_from_ns <= time_ns &&
	       link->covered_until_ns > time_ns;
}

static void set(struct facts *facts, enum fact fact, bool holds, uint32_t frame,
	uint32_t against)
{
	fact_set(facts, fact, holds ? TRUTH_YES : TRUTH_NO, frame, against);
	if (against)
		fact_set_elsewhere(facts, fact);
}

static const struct view_reset *find_reset(
	const struct conn_link *link, const struct packet_note *note)
{
	const struct conn_view *view = link->view;

	for (unsigned i = 0; i < view->reset_count; i++) {
		const struct view_reset *reset = &view->resets[i];

		if (reset->side == conn_link_side(link, note->side) &&
			reset->tcp_flags == note->tcp_flags &&
			reset->sequence == note->sequence &&
			reset->acknowledged == note->acknowledged)
			return reset;
	}
	return NULL;
}

static bool is_same_endpoint(const struct closed_conn *conn, unsigned side)
{
	const struct conn_link *link = conn->link;
	unsigned there = conn_link_side(link, side);

	return conn->port[side] == link->view->port[there] &&
	       memcmp(&conn->address[side], &link->view->address[there],
		       sizeof(conn->address[side])) == 0;
}

/* Did the packet arrive there that came just before the reset? Only one that
 * carries something new, once, can be told from others. */
static void set_trigger(const struct closed_conn *conn,
	const struct reset *reset, struct facts *facts)
{
	const struct packet_note *note = &reset->note;
	const struct side_snapshot *peer = &reset->before[!note->side];
	const struct view_side *there =
		&conn->link->view
			 ->side[conn_link_side(conn->link, !note->side)];

	if (!(peer->flags & SIDE_SEEN) ||
		flow_has_repeated(&conn->flow, !note->side) ||
		(peer->last_payload == 0 && !(peer->last_flags & TCP_FIN)) ||
		there->has_gap)
		return;
	set(facts, FACT_WHAT_IT_ANSWERS_ARRIVED,
		!sequence_before(there->next, peer->next), note->frame,
		there->last_frame);
	fact_found(facts, FACT_WHAT_IT_ANSWERS_ARRIVED,
		"seq up to %u arrived there", there->next);
	fact_expected(facts, FACT_WHAT_IT_ANSWERS_ARRIVED,
		"up to %u, sent before it", peer->next);
}

/* The packet that the reset answers arrived there from another address or port
 * than the connection had. */
static void set_moved(const struct closed_conn *conn, const struct reset *reset,
	struct facts *facts)
{
	const struct conn_view *moved = conn->link->moved;
	const struct packet_note *note = &reset->note;
	unsigned client = flow_client(&conn->flow);
	unsigned there = conn_link_side(conn->link, client);
	unsigned side = moved->side[1].packets != 0;

	if (note->side == client || note->sequence != moved->side[side].acked)
		return;
	set(facts, FACT_MAPPING_CHANGED, true, note->frame,
		moved->side[side].last_frame);
	fact_found(facts, FACT_MAPPING_CHANGED,
		"it came there from another %s, port %u",
		memcmp(&moved->address[side], &conn->link->view->address[there],
			sizeof(moved->address[side])) == 0
			? "port"
			: "address",
		moved->port[side]);
	fact_expected(facts, FACT_MAPPING_CHANGED, "port %u, as before",
		conn->link->view->port[there]);
}

/* A side's SYN does not have the same window scale at both points, whose
 * recorders kept its options: what was sent is what the point has that is
 * nearer to that side, and of both it is known that a device between them
 * changed it. */
static void set_scale(const struct closed_conn *conn, struct facts *facts)
{
	const struct conn_link *link = conn->link;

	for (unsigned i = 0; i < 2; i++) {
		const struct view_side *there =
			&link->view->side[conn_link_side(link, i)];
		unsigned here = conn->flow.cold[i].window_scale;

		if (!(conn->flow.side[i].flags & there->flags & SIDE_SYN) ||
			there->window_scale == here ||
			there->window_scale == WINDOW_SCALE_UNKNOWN ||
			here == WINDOW_SCALE_UNKNOWN)
			continue;
		set(facts, FACT_WINDOW_SCALE_CHANGED, true,
			conn->flow.side[i].last_frame, there->last_frame);
		fact_found(facts, FACT_WINDOW_SCALE_CHANGED, "scale %u there",
			there->window_scale);
		fact_expected(facts, FACT_WINDOW_SCALE_CHANGED,
			"scale %u, as here", here);
	}
}

void facts_places_reset(const struct verdict_context *context,
	const struct closed_conn *conn, const struct reset *reset,
	struct facts *facts)
{
	const struct conn_link *link = conn->link;
	const struct packet_note *note = &reset->note;
	const struct view_reset *same;
	const struct view_side *own_there;

	(void)context;
	if (!link)
		return;
	if (link->moved)
		set_moved(conn, reset, facts);
	set_scale(conn, facts);
	if (!is_nearer_there(conn, note->side))
		return;
	set_trigger(conn, reset, facts);
	own_there = &link->view->side[conn_link_side(link, note->side)];
	same = find_reset(link, note);
	if (same) {
		set(facts, FACT_RESET_LEFT_ITS_SENDER, true, note->frame,
			same->frame);
		fact_found(facts, FACT_RESET_LEFT_ITS_SENDER,
			"recorded nearer to its sender too");
		return;
	}
	/* a translated name is a balancer's, with several hosts behind it */
	if (link->view->has_more_resets || !link->is_lossless ||
		!ttl_is_initial(own_there->ttl) ||
		!is_same_endpoint(conn, note->side) ||
		!is_covered(conn, note->time_ns))
		return;
	set(facts, FACT_RESET_LEFT_ITS_SENDER, false, note->frame,
		own_there->last_frame);
	fact_found(facts, FACT_RESET_LEFT_ITS_SENDER,
		"not recorded at the end that it names");
	fact_expected(facts, FACT_RESET_LEFT_ITS_SENDER,
		"there first: its packets begin there (ttl %u)",
		own_there->ttl);
}

/* Is the other capture the peer's own, or of a device before it? */
static void set_at_peer(
	const struct closed_conn *conn, unsigned side, struct facts *facts)
{
	const struct conn_link *link = conn->link;
	const struct view_side *there =
		&link->view->side[conn_link_side(link, side)];
	uint8_t ttl = there->has_ttl ? there->ttl : link->host_ttl[side];

	if (ttl == 0)
		return;
	set(facts, FACT_RECORDED_AT_THE_PEER, ttl_is_initial(ttl),
		conn->flow.side[!side].last_frame, there->last_frame);
	fact_found(facts, FACT_RECORDED_AT_THE_PEER, "ttl %u there", ttl);
	fact_expected(facts, FACT_RECORDED_AT_THE_PEER, "64, 128 or 255");
}

static void set_answer(bool has_answered, uint32_t frame, uint32_t against,
	struct facts *facts)
{
	set(facts, FACT_ANSWER_LEFT_PEER, has_answered, frame, against);
	fact_found(facts, FACT_ANSWER_LEFT_PEER, "%s",
		has_answered ? "an answer was recorded there"
			     : "no answer was recorded there");
}

/* A SYN that is not answered here. */
static void set_syn(const struct closed_conn *conn, struct facts *facts)
{
	const struct flow *flow = &conn->flow;
	const struct conn_link *link = conn->link;
	unsigned client = flow_client(flow);
	const struct view_side *client_there =
		&link->view->side[conn_link_side(link, client)];
	const struct view_side *server_there =
		&link->view->side[conn_link_side(link, !client)];

	if (!(client_there->flags & SIDE_SYN) || !client_there->has_ttl ||
		client_there->ttl >= usual_ttl(flow, client))
		return; /* not behind the client */
	set(facts, FACT_SEGMENT_ARRIVED_AT_PEER, true,
		flow->side[client].last_frame, client_there->last_frame);
	fact_found(
		facts, FACT_SEGMENT_ARRIVED_AT_PEER, "the SYN arrived there");
	set_at_peer(conn, !client, facts);
	if (server_there->packets)
		set_answer(true, flow->side[client].last_frame,
			server_there->last_frame, facts);
	else if (!(link->view->flags & (FLOW_RESET | FLOW_WEAKENED)) &&
		 link->covered_until_ns > flow->side[client].last_ns)
		set_answer(false, flow->side[client].last_frame,
			client_there->last_frame, facts);
}

void facts_places_silence(const struct verdict_context *context,
	const struct closed_conn *conn, struct facts *facts)
{
	const struct conn_link *link = conn->link;
	const struct unacked_run *unacked;
	const struct view_side *own_there, *peer_there;
	bool has_arrived;
	unsigned victim;

	(void)context;
	if (!link)
		return;
	set_scale(conn, facts);
	if (fact_holds(facts, FACT_SYN_UNANSWERED)) {
		set_syn(conn, facts);
		return;
	}
	if (!ending_unanswered_side(conn, &victim) ||
		!is_nearer_there(conn, !victim))
		return;
	unacked = &conn->evidence->unacked[victim];
	own_there = &link->view->side[conn_link_side(link, victim)];
	peer_there = &link->view->side[conn_link_side(link, !victim)];
	if (unacked->is_keepalive || !(own_there->flags & SIDE_SEEN))
		return;
	if (own_there->has_gap &&
		!sequence_before(unacked->start, own_there->gap_end))
		return; /* there may be further gaps behind the first */
	has_arrived = sequence_after(own_there->next, unacked->start) &&
		      !(own_there->has_gap && !sequence_before(unacked->start,
						      own_there->gap_start));
	if (!has_arrived && !is_covered(conn, unacked->last.time_ns))
		return;
	set(facts, FACT_SEGMENT_ARRIVED_AT_PEER, has_arrived,
		unacked->last.frame, own_there->last_frame);
	fact_found(facts, FACT_SEGMENT_ARRIVED_AT_PEER,
		"seq up to %u arrived there",
		own_there->has_gap ? own_there->gap_start : own_there->next);
	fact_expected(facts, FACT_SEGMENT_ARRIVED_AT_PEER,
		"beyond %u, sent %u times", unacked->start, unacked->count + 1);
	if (!has_arrived)
		return;
	set_at_peer(conn, !victim, facts);
	if (sequence_after(peer_there->acked, unacked->start))
		set_answer(true, unacked->last.frame, peer_there->last_frame,
			facts);
	else if (is_covered(conn, unacked->last.time_ns))
		set_answer(false, unacked->last.frame, peer_there->last_frame,
			facts);
}
