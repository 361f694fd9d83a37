/* The interface by which a reset came, and the station that sent its frame. */
#include "analysis/verdict/facts_station.h"

#include "analysis/verdict/ttl_spread.h"
#include "capture/frame.h"

/* A forwarded packet goes out with one hop less than it came in with. A reset
 * that does so may have come in as well, and the recording lacks that copy. */
static bool may_be_forwarded(
	const struct side_cold *cold, const struct packet_note *note)
{
	for (unsigned i = 0; i < SIDE_TTLS; i++)
		if (cold->ttl_count[i] && cold->ttl[i] == note->ttl + 1)
			return true;
	return false;
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
	if (note->direction == FRAME_OUTBOUND &&
		may_be_forwarded(&flow->cold[note->side], note))
		return;
	fact_set(facts, FACT_RESET_MADE_AT_CAPTURE_POINT,
		note->direction == FRAME_OUTBOUND ? TRUTH_YES : TRUTH_NO,
		note->frame, flow->side[note->side].last_frame);
	fact_found(facts, FACT_RESET_MADE_AT_CAPTURE_POINT, "%s",
		note->direction == FRAME_OUTBOUND ? "only went out"
						  : "came in");
	fact_expected(facts, FACT_RESET_MADE_AT_CAPTURE_POINT,
		"came in, as this side's other packets");
}

/* On one link, the sender of a frame is the sender of the packet in it. Behind
 * a router all of a side's packets come from the router; that there are two is
 * no sign. Fooled by: a host with two addresses on the link, or one that was
 * replaced. */
static void set_station(const struct closed_conn *conn,
	const struct reset *reset, struct facts *facts)
{
	const struct flow *flow = &conn->flow;
	const struct evidence *evidence = conn->evidence;
	const struct packet_note *note = &reset->note;
	const struct side_cold *cold = &flow->cold[note->side];
	const struct side *side = &flow->side[note->side];
	bool is_foreign = note->link_source != cold->link_source;

	if (!note->link_source || !cold->link_source || !cold->ttl_count[0] ||
		!ttl_is_initial(cold->ttl[0]) ||
		flow->flags & FLOW_DUPLICATED ||
		side->capture_point != note->capture_point)
		return;
	for (unsigned i = 0; i < evidence->after_count; i++)
		if (evidence->after[i].side == note->side &&
			evidence->after[i].link_source == note->link_source)
			is_foreign = false;
	fact_set(facts, FACT_RESET_FROM_ANOTHER_STATION,
		is_foreign ? TRUTH_YES : TRUTH_NO, note->frame, 0);
	fact_found(facts, FACT_RESET_FROM_ANOTHER_STATION, "%s",
		is_foreign ? "another MAC address" : "the same MAC address");
	fact_expected(facts, FACT_RESET_FROM_ANOTHER_STATION,
		"the MAC address of this side's first packet");
	if (!is_foreign)
		return;
	fact_set(facts, FACT_RESET_BEGAN_ON_THE_LINK,
		ttl_is_initial(note->ttl) ? TRUTH_YES : TRUTH_NO, note->frame,
		0);
	fact_found(facts, FACT_RESET_BEGAN_ON_THE_LINK, "ttl %u", note->ttl);
	fact_expected(facts, FACT_RESET_BEGAN_ON_THE_LINK, "64, 128 or 255");
}

void facts_station(const struct closed_conn *conn, const struct reset *reset,
	struct facts *facts)
{
	set_made_here(conn, reset, facts);
	set_station(conn, reset, facts);
}
