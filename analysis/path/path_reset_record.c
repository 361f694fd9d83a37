#include "analysis/path/path_reset_record.h"

#include <string.h>

#include "capture/icmp_kind.h"

/* The latest of that port: a port may be used again. */
static struct reset_flow *flow_of(
	struct path_reset_record *record, uint16_t port)
{
	for (unsigned i = record->flow_count; i-- > 0;)
		if (record->flows[i].port == port)
			return &record->flows[i];
	return NULL;
}

static void take_syn(
	struct path_reset_record *record, const struct packet *packet)
{
	struct reset_flow *flow = flow_of(record, packet->source_port);

	if (!flow || flow->next != packet->sequence + 1) {
		if (record->flow_count == RESET_FLOWS)
			return;
		flow = &record->flows[record->flow_count++];
		*flow = (struct reset_flow){
			.port = packet->source_port,
			.next = packet->sequence + 1,
			.syn_frame = packet->frame,
			.opened_ns = INT64_MIN,
			.provoked_by = -1,
		};
	}
	flow->syn_before_ns = flow->syn_ns;
	flow->syn_ns = packet->time_ns;
	flow->syns += !flow->is_open;
}

/* Other experiments say something as well, and show no control before. */
static void take_data(struct reset_flow *flow, const struct packet *packet)
{
	if (packet->payload_bytes == 0)
		return;
	flow->has_spoken = true;
	if (packet->sequence != flow->next)
		return;
	flow->next += packet->payload_bytes;
	flow->has_sent = flow->has_sent || flow->controls > 0;
}

static void take_show(struct path_reset_record *record, struct reset_flow *flow,
	const struct packet *packet, int row)
{
	enum reset_segment segment = reset_segment_of(packet, flow->next);

	if (segment == RESET_SEGMENT_COUNT) {
		take_data(flow, packet);
		return;
	}
	if (record->show_count == RESET_SHOWS || row < 0)
		return;
	flow->is_asked = flow->is_asked || segment == RESET_QUESTION;
	flow->triggers += segment == RESET_TRIGGER;
	flow->controls += segment == RESET_CONTROL;
	record->shows[record->show_count++] = (struct reset_show){
		.segment = segment,
		.flow = (uint8_t)(flow - record->flows),
		.hop_limit = packet->ttl,
		.ip_id = packet->ip_id,
		.window = packet->window,
		.row = (uint32_t)row,
		.ip_bytes = packet->ip_bytes,
		.sequence = packet->sequence,
		.acknowledged = packet->acknowledged,
		.frame = packet->frame,
		.ns = packet->time_ns,
	};
}

void path_reset_sent(
	struct path_reset_record *record, const struct packet *packet, int row)
{
	struct reset_flow *flow;

	if (packet->tcp_flags & TCP_SYN) {
		take_syn(record, packet);
		return;
	}
	flow = flow_of(record, packet->source_port);
	if (!flow || flow->has_left)
		return;
	if (packet->tcp_flags & (TCP_FIN | TCP_RST)) {
		flow->has_left = true;
		flow->left_ns = packet->time_ns;
	} else {
		take_show(record, flow, packet, row);
	}
}

/* The trigger that was shown last. */
static int last_trigger(
	const struct path_reset_record *record, const struct reset_flow *flow)
{
	for (unsigned i = record->show_count; i-- > 0;)
		if (&record->flows[record->shows[i].flow] == flow &&
			record->shows[i].segment == RESET_TRIGGER)
			return (int)i;
	return -1;
}

static void take_reset(struct path_reset_record *record,
	struct reset_flow *flow, const struct packet *packet)
{
	int trigger = last_trigger(record, flow);
	bool is_known = packet->sequence == flow->server_next ||
			(trigger >= 0 &&
				packet->sequence ==
					record->shows[trigger].acknowledged);

	if (flow->is_asked && !flow->denied_frame)
		flow->denied_frame = packet->frame;
	if (!flow->is_open || flow->has_left || packet->ttl == 0 ||
		flow->is_asked || flow->reset_count == RESET_BURST ||
		(flow->reset_count == 0 && !is_known))
		return;
	if (flow->reset_count == 0) {
		flow->provoked_by = trigger;
		flow->first_number = packet->sequence;
	}
	flow->resets[flow->reset_count++] = (struct reset_packet){
		.frame = packet->frame,
		.ns = packet->time_ns,
		.ahead = packet->sequence - flow->first_number,
		.acknowledged = packet->acknowledged,
		.tcp_flags = packet->tcp_flags,
		.window = packet->window,
		.ip_id = packet->ip_id,
		.ttl = packet->ttl,
	};
}

/* A device may forge packets in our name that end on the path as well: their
 * length tells them apart. */
static void take_expiry(
	struct path_reset_record *record, const struct packet *packet)
{
	const struct quotation *quoted = &packet->quoted;
	bool is_expiry =
		icmp_kind_is_time_exceeded(packet->family, packet->icmp_type);

	for (unsigned i = 0; is_expiry && i < record->show_count; i++) {
		struct reset_show *show = &record->shows[i];

		if (quoted->has_sequence && !show->expired_frame &&
			quoted->sequence == show->sequence &&
			quoted->source_port == record->flows[show->flow].port &&
			quoted->total_bytes == show->ip_bytes)
			show->expired_frame = packet->frame;
	}
}

void path_reset_heard(struct path_reset_record *record,
	const struct address *target, const struct packet *packet)
{
	struct reset_flow *flow;

	record->last_ns = packet->time_ns;
	if (packet->kind == PACKET_ICMP && packet->quoted.family)
		take_expiry(record, packet);
	if (packet->kind != PACKET_TCP ||
		memcmp(&packet->source, target, sizeof(*target)) != 0)
		return;
	flow = flow_of(record, packet->target_port);
	if (!flow)
		return;
	if (packet->tcp_flags & TCP_RST) {
		take_reset(record, flow, packet);
	} else if (packet->tcp_flags & TCP_SYN) {
		if (!flow->is_open)
			flow->opened_ns = packet->time_ns;
		flow->is_open = true;
		flow->server_next = packet->sequence + 1;
	} else if (flow->is_open && packet->sequence == flow->server_next) {
		flow->server_next += packet_sequence_length(packet);
	}
}

bool path_reset_is_sent(const struct path_reset_record *record, uint16_t port)
{
	for (unsigned i = 0; i < record->flow_count; i++)
		if (record->flows[i].port == port && record->flows[i].has_sent)
			return true;
	return false;
}

bool path_reset_is_shown(const struct path_reset_record *record, uint16_t port)
{
	for (unsigned i = 0; i < record->flow_count; i++)
		if (record->flows[i].port == port && record->flows[i].triggers)
			return true;
	return false;
}
