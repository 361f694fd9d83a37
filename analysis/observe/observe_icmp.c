/* ICMP errors are joined to the flow whose packet they quote, and count when
 * that packet was in flight: an off-path attacker can guess addresses and
 * ports, sequence numbers are known only on the path (RFC 5927, 4; Linux'
 * tcp_v4_err checks the same and counts OutOfWindowIcmps). */
#include "analysis/observe/observe.h"

#include <string.h>

#include "capture/icmp_kind.h"
#include "capture/sequence.h"

/* Whether the peer has ever acknowledged data of this side, or the side's
 * initial sequence number is known. */
static bool is_acknowledged_known(const struct flow *flow, unsigned side)
{
	const struct side *peer = &flow->side[!side];

	return flow->side[side].flags & SIDE_SYN ||
	       ((peer->flags & SIDE_SEEN) && (peer->last_flags & TCP_ACK));
}

/* The window scale of this side, or the largest possible if none was
 * recorded. */
static uint8_t scale_of(const struct side_cold *cold)
{
	return cold->window_scale < WINDOW_SCALE_MOST ? cold->window_scale
						      : WINDOW_SCALE_MOST;
}

/* The range of one side that was in flight: [first, last]. */
struct flight {
	uint32_t first, last;
	bool is_known; /* anything of this side was recorded */
};

/* [first, last] covers: unacknowledged data; the next sequence number (a packet
 * may be recorded late; bare ACKs carry it); one below, for a keepalive; the
 * last segment, also when it was acknowledged, for icmp_crossing_ms after it
 * was sent: its ACK can cross the error, and always does where a device
 * acknowledges in the receiver's name. Of a connection that was picked up in
 * the middle, first is the first number that was recorded; where the recording
 * lacks packets of this side, last is the end of the peer's window. */
static struct flight in_flight(const struct thresholds *thresholds,
	const struct flow *flow, const struct evidence *evidence, unsigned side,
	int64_t now_ns)
{
	const struct side *own = &flow->side[side], *peer = &flow->side[!side];
	uint8_t scale = scale_of(&flow->cold[!side]);
	uint32_t last_start = own->next - own->last_payload -
			      !!(own->last_flags & TCP_FIN) -
			      !!(own->last_flags & TCP_SYN);
	struct flight flight = {
		.first = is_acknowledged_known(flow, side)
				 ? peer->acked
				 : flow->cold[side].first_sequence,
		.last = own->next,
		.is_known = own->flags & SIDE_SEEN,
	};
	uint32_t edge = flight.first + ((uint32_t)peer->window << scale);

	if (own->flags & SIDE_UNSEEN && sequence_after(edge, flight.last))
		flight.last = edge;
	if (evidence && evidence->unacked[side].is_active &&
		evidence->unacked[side].is_keepalive)
		flight.first--;
	if (now_ns - own->last_ns <=
			thresholds->icmp_crossing_ms * MILLISECOND_NS &&
		sequence_before(last_start, flight.first))
		flight.first = last_start;
	return flight;
}

static bool is_too_big(const struct packet *packet)
{
	return icmp_kind_is_too_big(
		packet->family, packet->icmp_type, packet->icmp_code);
}

/* Resets are no part of what a side has in flight, and errors about them quote
 * them. None of them is too big: whoever forges a reset knows its number, and
 * may not vouch for a PTB by it. */
static bool is_about_a_reset(const struct evidence *evidence, unsigned side,
	const struct packet *packet)
{
	const struct quotation *quoted = &packet->quoted;

	if (is_too_big(packet))
		return false;
	for (unsigned i = 0; evidence && i < evidence->reset_count; i++)
		if (evidence->resets[i].note.side == side &&
			evidence->resets[i].note.sequence == quoted->sequence)
			return true;
	return false;
}

static bool is_of_the_connection(const struct flight *flight,
	const struct evidence *evidence, unsigned side,
	const struct packet *packet)
{
	const struct quotation *quoted = &packet->quoted;

	if (!quoted->has_sequence)
		return false;
	return (flight->is_known &&
		       !sequence_before(quoted->sequence, flight->first) &&
		       !sequence_after(quoted->sequence, flight->last)) ||
	       is_about_a_reset(evidence, side, packet);
}

/* Forged or late: the quoted data was never sent, or has arrived since. */
static void note_out_of_window(struct out_of_window *note,
	const struct packet_note *error, const struct flight *flight)
{
	if (note->count == 0) {
		note->frame = error->frame;
		note->sequence = error->sequence;
		note->has_sequence = error->has_sequence;
		note->first = flight->first;
		note->last = flight->last;
		note->icmp_type = error->icmp_type;
		note->icmp_code = error->icmp_code;
	}
	count16(&note->count);
}

static void note_too_big(
	struct too_big *too_big, const struct packet_note *error)
{
	/* a PTB without a size (RFC 792) means that the quoted packet's size
	 * was above it; a quote without a length gives no size */
	uint32_t told = error->icmp_mtu	       ? error->icmp_mtu
			: error->payload_bytes ? error->payload_bytes - 1u
					       : UINT16_MAX;
	uint16_t mtu = told > UINT16_MAX ? UINT16_MAX : (uint16_t)told;

	if (error->icmp_mtu)
		too_big->is_mtu_told = true;
	if (too_big->count == 0) {
		too_big->first_frame = error->frame;
		too_big->first_ns = error->time_ns;
		too_big->mtu = mtu;
	}
	if (mtu < too_big->mtu) {
		/* a smaller one: packets sent before it could not honour it */
		too_big->mtu = mtu;
		too_big->first_ns = error->time_ns;
		too_big->larger_after = 0;
	}
	if (too_big->count < UINT16_MAX)
		too_big->count++;
}

/* Whether only ICMP errors of this connection were recorded. */
static bool is_unrecorded(const struct flow *flow)
{
	return !((flow->side[0].flags | flow->side[1].flags) &
		 (SIDE_SEEN | SIDE_RST));
}

/* A connection of which nothing was recorded (a filter for ICMP, one direction
 * of an asymmetric route), by what the error quotes. Where there is no room,
 * none is made: such errors can be forged by the thousand. */
static struct flow *flow_of_error(struct observer *observer,
	const struct flow_key *key, struct packet *named,
	const struct packet *packet)
{
	struct flow *flow;

	if (flow_table_is_full(&observer->flows))
		return NULL;
	named->frame = packet->frame;
	named->time_ns = packet->time_ns;
	flow = flow_table_insert(&observer->flows, key, named);
	if (!flow)
		return NULL;
	observer->icmp_flows++;
	observe_first(flow, key->side, named);
	return flow;
}

/* The quoted packet, as far as its name goes. */
static struct packet quoted_of(const struct packet *packet)
{
	const struct quotation *quoted = &packet->quoted;

	return (struct packet){
		.family = quoted->family,
		.context = packet->context,
		.source = quoted->source,
		.target = quoted->target,
		.source_port = quoted->source_port,
		.target_port = quoted->target_port,
	};
}

bool observe_icmp_names(const struct observer *observer,
	const struct packet *packet, struct flow_key *key)
{
	const struct quotation *quoted = &packet->quoted;
	struct packet named;

	if (quoted->family == 0 || quoted->protocol != PROTOCOL_TCP ||
		!quoted->has_ports ||
		icmp_kind_is_advice(packet->family, packet->icmp_type))
		return false;
	named = quoted_of(packet);
	flow_key_of(&named, observer->flows.seed, key);
	return true;
}

static void note_error(const struct observer *observer,
	struct error_note *error, const struct packet *packet, unsigned side)
{
	const struct quotation *quoted = &packet->quoted;
	struct packet_note *note = &error->note;

	observe_note(observer, note, packet, side);
	note->icmp_type = packet->icmp_type;
	note->icmp_code = packet->icmp_code;
	note->icmp_mtu = packet->icmp_mtu > UINT16_MAX
				 ? UINT16_MAX
				 : (uint16_t)packet->icmp_mtu;
	note->sequence = quoted->sequence;
	note->has_sequence = quoted->has_sequence;
	note->payload_bytes = quoted->total_bytes;
	error->from = packet->source;
	error->to = packet->target;
}

void observe_icmp(struct observer *observer, const struct packet *packet)
{
	struct packet named;
	struct flow_key key;
	struct flow *flow;
	struct evidence *evidence;
	struct error_note error;
	struct flight flight;

	if (!observe_icmp_names(observer, packet, &key))
		return;
	named = quoted_of(packet);
	flow = flow_table_find(&observer->flows, &key);
	if (!flow && !is_too_big(packet) &&
		!icmp_kind_is_time_exceeded(packet->family, packet->icmp_type))
		flow = flow_of_error(observer, &key, &named, packet);
	if (!flow)
		return;
	evidence = flow->evidence ? evidence_at(&observer->evidence_pool,
					    flow->evidence)
				  : NULL;
	flight = in_flight(observer->thresholds, flow, evidence, key.side,
		packet->time_ns);
	note_error(observer, &error, packet, key.side);
	if (!is_unrecorded(flow) &&
		!is_of_the_connection(&flight, evidence, key.side, packet)) {
		observer->out_of_window_icmp++;
		if (evidence)
			note_out_of_window(
				&evidence->out_of_window, &error.note, &flight);
		return;
	}
	evidence = observe_evidence(observer, flow);
	if (!evidence)
		return;
	evidence->last_error = error;
	if (evidence->error_count < EVIDENCE_ERRORS)
		evidence->errors[evidence->error_count++] = error;
	else if (evidence->errors_more < UINT16_MAX)
		evidence->errors_more++;
	if (is_too_big(packet))
		note_too_big(&evidence->too_big[key.side], &error.note);
}

/* The numbers that may have been in flight shortly before the first packet of
 * the connection was recorded: within the largest window without a scale. */
static struct flight flight_before(const struct error_note *error,
	unsigned side, const struct packet *first)
{
	bool is_own = error->note.side == side;
	uint32_t number = is_own ? first->sequence : first->acknowledged;

	return (struct flight){
		.first = number - UINT16_MAX,
		.last = number + UINT16_MAX,
		.is_known = is_own || first->tcp_flags & TCP_ACK,
	};
}

static bool is_before(
	const struct error_note *error, const struct flight *flight)
{
	return error->note.has_sequence &&
	       (!flight->is_known ||
		       (!sequence_before(error->note.sequence, flight->first) &&
			       !sequence_after(
				       error->note.sequence, flight->last)));
}

/* What is left of the errors is told as if no others had come. */
static void keep_errors(
	struct evidence *evidence, unsigned count, const struct packet *first)
{
	memset(&evidence->errors[count], 0,
		sizeof(evidence->errors[0]) * (EVIDENCE_ERRORS - count));
	memset(evidence->too_big, 0, sizeof(evidence->too_big));
	memset(&evidence->last_error, 0, sizeof(evidence->last_error));
	evidence->error_count = (uint8_t)count;
	evidence->errors_more = 0;
	for (unsigned i = 0; i < count; i++) {
		const struct packet_note *note = &evidence->errors[i].note;

		evidence->last_error = evidence->errors[i];
		if (icmp_kind_is_too_big(
			    first->family, note->icmp_type, note->icmp_code))
			note_too_big(&evidence->too_big[note->side], note);
	}
}

void observe_icmp_check(struct observer *observer, struct evidence *evidence,
	unsigned side, const struct packet *first)
{
	unsigned count = evidence->error_count, kept = 0;

	for (unsigned i = 0; i < count; i++) {
		const struct error_note *error = &evidence->errors[i];
		struct flight flight = flight_before(error, side, first);

		if (is_before(error, &flight)) {
			evidence->errors[kept++] = *error;
			continue;
		}
		observer->out_of_window_icmp++;
		note_out_of_window(
			&evidence->out_of_window, &error->note, &flight);
	}
	if (kept == count)
		return;
	/* These were not kept, and are not known any better. */
	observer->out_of_window_icmp += evidence->errors_more;
	keep_errors(evidence, kept, first);
}
