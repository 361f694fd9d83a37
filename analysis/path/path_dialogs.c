#include "analysis/path/path_dialogs.h"

#include <string.h>

#include "capture/sequence.h"
#include "probe/protocol/ssh_rules.h"

static struct path_dialog *flow_of(struct path_dialogs *dialogs, uint16_t port)
{
	if (dialogs->run.syn_frame && dialogs->run.port == port)
		return &dialogs->run;
	for (unsigned i = dialogs->flow_count; i-- > 0;)
		if (dialogs->flows[i].port == port)
			return &dialogs->flows[i];
	return NULL;
}

/* Whether it was open, and nobody has ended it. */
static bool is_held(const struct path_dialog *flow)
{
	return flow->is_open && !flow->left_frame && !flow->closed_frame &&
	       !flow->reset_frame;
}

static unsigned held_count(const struct path_dialogs *dialogs)
{
	unsigned count = is_held(&dialogs->run);

	for (unsigned i = 0; i < dialogs->flow_count; i++)
		count += is_held(&dialogs->flows[i]);
	return count;
}

static void open_flow(
	struct path_dialogs *dialogs, const struct packet *packet, bool is_run)
{
	struct path_dialog *flow = flow_of(dialogs, packet->source_port);

	if (flow && flow->own_first == packet->sequence + 1) {
		flow->syn_count++;
		return;
	}
	if (!is_run && dialogs->flow_count == PATH_DIALOGS)
		return;
	flow = is_run ? &dialogs->run : &dialogs->flows[dialogs->flow_count];
	flow->port = packet->source_port;
	flow->own_first = flow->own.first = packet->sequence + 1;
	flow->syn_frame = packet->frame;
	flow->syn_ns = packet->time_ns;
	flow->syn_count = 1;
	flow->open_beside = held_count(dialogs);
	dialogs->flow_count += !is_run;
}

static void note_arrival(
	struct dialog_stream *stream, const struct packet *packet)
{
	if (stream->arrival_count == DIALOG_ARRIVALS)
		return;
	stream->arrivals[stream->arrival_count++] = (struct dialog_arrival){
		stream->known, packet->frame, packet->time_ns};
}

/* Data in any order; one range beyond a gap is kept, the first. */
static void take_bytes(
	struct dialog_stream *stream, const struct packet *packet)
{
	int32_t at = sequence_distance(stream->first, packet->sequence);
	uint32_t count = packet->payload_captured, start = (uint32_t)at, end;

	if (at < 0 || start >= DIALOG_BYTES || count == 0 ||
		count < packet->payload_bytes || !packet->payload)
		return;
	if (count > DIALOG_BYTES - start)
		count = DIALOG_BYTES - start;
	end = start + count;
	if (end <= stream->known)
		return; /* a retransmission changes nothing */
	if (start > stream->known) {
		if (stream->beyond == stream->beyond_end) {
			stream->beyond = start;
			stream->beyond_end = end;
		} else if (start == stream->beyond_end) {
			stream->beyond_end = end;
		} else {
			return;
		}
		memcpy(stream->bytes + start, packet->payload, count);
		return;
	}
	memcpy(stream->bytes + stream->known,
		packet->payload + (stream->known - start), end - stream->known);
	stream->known = end;
	if (stream->beyond != stream->beyond_end && end >= stream->beyond) {
		if (stream->beyond_end > end)
			stream->known = stream->beyond_end;
		stream->beyond = stream->beyond_end = 0;
	}
	note_arrival(stream, packet);
}

static void note_large(struct path_dialog *flow, const struct packet *packet)
{
	struct dialog_large *large = &flow->large;
	uint32_t end = packet->sequence + packet->payload_bytes;

	if (packet->payload_bytes > SSH_SMALL_MSS) {
		if (packet->ip_bytes > large->ip_bytes && !large->sent) {
			large->ip_bytes = packet->ip_bytes;
			large->payload_bytes = packet->payload_bytes;
			large->end = end;
			large->frame = packet->frame;
		}
		large->sent += packet->ip_bytes == large->ip_bytes &&
			       end == large->end && !large->smaller_frame;
		return;
	}
	if (large->sent && !large->arrived_frame && !large->smaller_frame &&
		sequence_before(packet->sequence, large->end) &&
		!sequence_before(packet->sequence,
			large->end - large->payload_bytes))
		large->smaller_frame = packet->frame;
}

void path_dialogs_sent(
	struct path_dialogs *dialogs, const struct packet *packet, bool is_run)
{
	struct path_dialog *flow;

	if (packet->tcp_flags & TCP_SYN) {
		open_flow(dialogs, packet, is_run);
		return;
	}
	flow = flow_of(dialogs, packet->source_port);
	if (!flow || flow->left_frame)
		return;
	if (packet->tcp_flags & (TCP_FIN | TCP_RST)) {
		flow->left_frame = packet->frame;
		flow->left_ns = packet->time_ns;
	}
	/* What is old is no part of the stream. */
	if (packet->payload_bytes == 0 ||
		sequence_before(packet->sequence, flow->own_first))
		return;
	note_large(flow, packet);
	take_bytes(&flow->own, packet);
}

static void take_acknowledgment(
	struct path_dialog *flow, const struct packet *packet)
{
	struct dialog_large *large = &flow->large;

	if (!flow->acked_frame &&
		sequence_after(packet->acknowledged, flow->own_first))
		flow->acked_frame = packet->frame;
	if (!large->sent || sequence_before(packet->acknowledged, large->end))
		return;
	if (!large->smaller_frame && !large->arrived_frame)
		large->arrived_frame = packet->frame;
	if (large->smaller_frame && !large->smaller_arrived_frame)
		large->smaller_arrived_frame = packet->frame;
}

void path_dialogs_heard(
	struct path_dialogs *dialogs, const struct packet *packet)
{
	struct path_dialog *flow = flow_of(dialogs, packet->target_port);
	uint32_t next;

	if (!flow || flow->closed_frame || flow->reset_frame)
		return;
	if (packet->tcp_flags & TCP_SYN) {
		if (flow->is_open || !(packet->tcp_flags & TCP_ACK) ||
			packet->acknowledged != flow->own_first)
			return;
		flow->is_open = true;
		flow->open_frame = packet->frame;
		flow->open_ns = packet->time_ns;
		flow->server.first = packet->sequence + 1;
		return;
	}
	if (!flow->is_open)
		return;
	next = flow->server.first + flow->server.known;
	/* Only the exact number counts (RFC 5961, 3.2). */
	if (packet->tcp_flags & TCP_RST) {
		if (packet->sequence != next || flow->left_frame)
			return;
		flow->reset_frame = packet->frame;
		flow->closed_ns = packet->time_ns;
		flow->reset_ttl = packet->ttl;
		return;
	}
	if (packet->tcp_flags & TCP_ACK)
		take_acknowledgment(flow, packet);
	if (packet->payload_bytes)
		take_bytes(&flow->server, packet);
	next = flow->server.first + flow->server.known;
	if (packet->tcp_flags & TCP_FIN &&
		packet->sequence + packet->payload_bytes == next) {
		flow->closed_frame = packet->frame;
		flow->closed_ns = packet->time_ns;
	}
}

const struct path_dialog *path_dialog_ended(
	const struct path_dialogs *dialogs, uint16_t port)
{
	for (unsigned i = 0; i < dialogs->flow_count; i++)
		if (dialogs->flows[i].port == port &&
			(dialogs->flows[i].reset_frame ||
				dialogs->flows[i].closed_frame))
			return &dialogs->flows[i];
	return NULL;
}

const struct dialog_arrival *path_dialog_arrival(
	const struct dialog_stream *stream, uint32_t end)
{
	if (end == 0)
		return NULL;
	for (unsigned i = 0; i < stream->arrival_count; i++)
		if (stream->arrivals[i].end >= end)
			return &stream->arrivals[i];
	return NULL;
}
