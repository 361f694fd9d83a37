/* Injected data and FINs: the segments of their alleged sender contradict
 * them. */
#include "analysis/verdict/facts_forged.h"

#include "capture/sequence.h"

void facts_forged(const struct closed_conn *conn, struct facts *facts)
{
	const struct forged *forged =
		conn->evidence ? &conn->evidence->forged : NULL;
	enum fact fact = FACT_TWO_CONTENTS_FOR_THE_SAME_BYTES;

	if (!forged || !forged->forgery)
		return;
	if (forged->forgery == FORGED_FIN)
		fact = FACT_DATA_BEYOND_ITS_OWN_FIN;
	else if (forged->forgery == FORGED_ODD)
		fact = FACT_SEGMENT_OF_ANOTHER_STACK;
	fact_set(facts, fact, TRUTH_YES, forged->packet.frame,
		forged->contradicts.frame);
	if (forged->forgery == FORGED_ODD) {
		fact_found(facts, fact, "no timestamps, ttl %u",
			forged->packet.ttl);
		fact_expected(facts, fact, "timestamps, ttl %u",
			conn->flow.cold[forged->side].ttl[0]);
		return;
	}
	fact_found(facts, fact, "%u bytes, ttl %u",
		forged->packet.payload_bytes, forged->packet.ttl);
	fact_expected(facts, fact, "%u bytes, ttl %u, that came later",
		forged->contradicts.payload_bytes, forged->contradicts.ttl);
}

void facts_forged_answer(const struct closed_conn *conn,
	const struct reset *reset, struct facts *facts)
{
	unsigned side = reset->note.side;
	const struct side_snapshot *own = &reset->before[side];
	const struct side_snapshot *peer = &reset->before[!side];
	uint32_t end = peer->next - ((peer->last_flags & TCP_FIN) != 0);
	uint32_t start = end - peer->last_payload;

	/* what was cut into other segments when it was sent again, or by
	 * hardware behind the recording, is acknowledged at its new borders;
	 * a receiver whose buffer is full takes what it has room for */
	if (!(own->flags & peer->flags & SIDE_SEEN) || !peer->last_payload ||
		reset->has_repeated[!side] || own->window == 0 ||
		peer->last_payload > conn->flow.mss[side] ||
		!sequence_after(own->acked, start) ||
		!sequence_before(own->acked, end))
		return;
	fact_set(facts, FACT_SEGMENT_ACKNOWLEDGED_IN_PART, TRUTH_YES,
		own->last_frame, peer->last_frame);
	fact_found(facts, FACT_SEGMENT_ACKNOWLEDGED_IN_PART, "%u bytes of it",
		own->acked - start);
	fact_expected(facts, FACT_SEGMENT_ACKNOWLEDGED_IN_PART,
		"none or all of its %u", peer->last_payload);
}

bool facts_forged_is_consequence(
	const struct closed_conn *conn, const struct reset *reset)
{
	const struct forged *forged = &conn->evidence->forged;
	const struct packet_note *note = &reset->note;

	return forged->forgery && forged->side != note->side &&
	       sequence_distance(forged->packet.frame, note->frame) > 0 &&
	       note->ttl == reset->before[note->side].ttl;
}
