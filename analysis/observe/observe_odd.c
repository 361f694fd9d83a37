/* Segments that contradict their side's earlier segments: other data for the
 * same sequence numbers, data beyond its own FIN, no timestamps where both
 * sides use them, pieces as long as the window without its scale. One host
 * does not send those: another device forges segments in its name, or changes
 * them. */
#include "analysis/flow/ttl.h"
#include "analysis/observe/observe.h"

#include "analysis/observe/observe_side.h"
#include "capture/sequence.h"

uint16_t observe_digest(const struct packet *packet)
{
	return observe_digest_of(packet->payload, packet->payload_captured);
}

/* Sent with a TTL that is to end on the way, by a client whose other packets
 * leave it at the recording: a probe of the path, or a decoy for devices on it.
 * Both are the host's own, and nobody forged them. */
static bool is_ttl_limited(const struct observer *observer,
	const struct flow *flow, unsigned index, uint8_t ttl)
{
	int64_t most = observer->thresholds->tracing_ttl;

	return index == flow_client(flow) && ttl <= most &&
	       ttl_is_initial(flow->cold[index].ttl[0]);
}

static void note_forged(struct observer *observer, struct flow *flow,
	unsigned index, const struct packet *packet, enum forgery forgery)
{
	struct evidence *evidence = observe_evidence(observer, flow);
	const struct side *side = &flow->side[index];
	struct forged *forged;

	if (is_ttl_limited(observer, flow, index, packet->ttl) ||
		(forgery != FORGED_ODD &&
			is_ttl_limited(observer, flow, index, side->ttl)))
		return;
	/* an odd segment may yet be contradicted by its own side */
	if (!evidence || (evidence->forged.forgery &&
				 evidence->forged.forgery != FORGED_ODD))
		return;
	if (evidence->forged.forgery && forgery == FORGED_ODD)
		return;
	forged = &evidence->forged;
	forged->forgery = (uint8_t)forgery;
	forged->side = (uint8_t)index;
	forged->contradicts = packet_summary_of(packet);
	if (forgery == FORGED_ODD) {
		forged->packet = packet_summary_of(packet);
		forged->sequence = packet->sequence;
		forged->digest = observe_digest(packet);
		return;
	}
	/* the one that was believed came first: the FIN, or the last */
	forged->packet = (struct packet_summary){
		.time_ns = side->last_ns,
		.frame = side->last_frame,
		.payload_bytes = side->last_payload,
		.tcp_flags = side->last_flags,
		.ttl = side->ttl,
	};
	if (forgery == FORGED_FIN)
		forged->packet.frame = flow->cold[index].fin_frame;
}

/* The odd segment in whose place the side sends other data. It need not be the
 * side's last: the acknowledgment of the request may have come between. */
static struct forged *odd_contradicted(const struct observer *observer,
	const struct flow *flow, unsigned index, const struct packet *packet)
{
	struct forged *odd =
		flow->evidence
			? &evidence_at(&observer->evidence_pool, flow->evidence)
				   ->forged
			: NULL;
	uint16_t digest = observe_digest(packet);

	return odd && odd->forgery == FORGED_ODD && odd->side == index &&
			       odd->sequence == packet->sequence && digest &&
			       odd->digest && odd->digest != digest
		       ? odd
		       : NULL;
}

/* Data that comes again, or goes on from bytes that were sent before. Its
 * beginning is compared with that of the side's last segment, if it is the same
 * bytes' (RFC 9293, 3.4: a number stands for one octet). */
void observe_again(struct observer *observer, struct flow *flow, unsigned index,
	const struct packet *packet)
{
	const struct side *side = &flow->side[index];
	uint32_t last_start = side->next - side->last_payload -
			      !!(side->last_flags & TCP_FIN);
	uint32_t end = packet->sequence + packet->payload_bytes;
	uint16_t digest = observe_digest(packet);
	/* where each packet is recorded twice, the second may be changed: of
	 * bytes, those are compared that come in where the side's first packet
	 * did */
	bool is_copy = flow->flags & FLOW_DUPLICATED &&
		       observer->capture_point != side->capture_point;
	struct forged *odd = odd_contradicted(observer, flow, index, packet);

	if (packet->payload_bytes == 0)
		return;
	/* no copy of what the side has sent ends beyond its FIN */
	if (side->flags & SIDE_FIN && sequence_after(end, side->next))
		note_forged(observer, flow, index, packet, FORGED_FIN);
	else if (!is_copy && odd) {
		odd->forgery = FORGED_CONTENTS;
		odd->contradicts = packet_summary_of(packet);
	} else if (!is_copy && side->last_payload &&
		   packet->sequence == last_start &&
		   side->packets <= observer->thresholds->rtt_samples &&
		   digest && side->digest && digest != side->digest)
		note_forged(observer, flow, index, packet, FORGED_CONTENTS);
}

/* Both sides use timestamps, which then have to be in every segment (RFC 7323,
 * 3.2). */
void observe_untimed(struct observer *observer, struct flow *flow,
	unsigned index, const struct packet *packet)
{
	struct evidence *evidence = observe_evidence(observer, flow);

	if (!evidence)
		return;
	if (packet->payload_bytes && packet->ttl != flow->side[index].ttl &&
		!(flow->side[index].flags & SIDE_TTL_MIXED))
		note_forged(observer, flow, index, packet, FORGED_ODD);
	if (evidence->untimed[index] == 0)
		evidence->untimed_first[index] = packet_summary_of(packet);
	count16(&evidence->untimed[index]);
}

/* Did the sender wait for the window? Then nothing was under way, and the last
 * that it heard was a bare acknowledgment (the window may open by a timer). A
 * program that writes pieces of that length writes them as it has them, or in
 * answer to data. Fooled by: such pieces at intervals longer than round
 * trips. */
static bool has_waited_for_room(
	const struct flow *flow, unsigned index, const struct packet *packet)
{
	const struct side *peer = &flow->side[!index];

	return packet->sequence == peer->acked && peer->last_payload == 0;
}

/* A segment that fills the peer's window as the header has it, while the window
 * meant is larger: its sender does not know of the scale (RFC 7323, 2.3), or a
 * device has changed it. */
void observe_misread(struct observer *observer, struct flow *flow,
	unsigned index, const struct packet *packet)
{
	const struct side_cold *peer = &flow->cold[!index];
	struct evidence *evidence;

	if (!peer->window_scale || peer->window_scale > WINDOW_SCALE_MOST ||
		!flow->mss[!index] ||
		packet->payload_bytes >= flow->mss[!index] / 2 ||
		!has_waited_for_room(flow, index, packet))
		return;
	evidence = observe_evidence(observer, flow);
	if (!evidence)
		return;
	if (evidence->misread[index] == 0)
		evidence->misread_first[index] = packet_summary_of(packet);
	count16(&evidence->misread[index]);
}
