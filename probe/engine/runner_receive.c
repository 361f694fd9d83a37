/* What comes in: recorded, joined to the probe that it answers, and handed to
 * the connection and the experiment that it concerns. */
#include "capture/decode/packet_decode.h"
#include "probe/engine/runner_state.h"
#include "probe/protocol/stray_segment.h"

#include "capture/checksum.h"

enum { MOST_BATCHES = 16 };

static void record(struct runner *runner, const struct frame *frame,
	struct packet *packet, const char *comment)
{
	struct frame copy = *frame;

	copy.number = ++runner->recorded;
	copy.interface = 0;
	packet->frame = copy.number;
	packet->interface = 0;
	if (runner->writer)
		/* recording_writer_close reports a full disk */
		(void)recording_writer_frame(runner->writer, &copy,
			comment ? &comment : NULL, comment ? 1 : 0);
	runner->options.on_packet(runner->options.context, packet);
}

static void hear_own(
	struct runner *runner, struct frame *frame, struct packet *packet)
{
	int row = own_traffic_find(&runner->own_traffic, packet);

	frame->direction = FRAME_OUTBOUND;
	packet->direction = FRAME_OUTBOUND;
	record(runner, frame, packet, row >= 0 ? runner->comments[row] : NULL);
	if (row < 0)
		return;
	runner->table.sent_probe[row].frame = packet->frame;
	runner->table.sent_probe[row].time_ns = packet->time_ns;
}

static bool is_told(
	const struct runner *runner, unsigned owner, unsigned experiment)
{
	return owner == RUN_OWNER || owner == experiment ||
	       (owner == SHARED_OWNER &&
		       runner->running[experiment].experiment->is_sharing);
}

/* To the connection's owner, or those who share it; packets on no experiment's
 * own connection go to all. */
static void tell(struct runner *runner, const struct event *event, int slot)
{
	unsigned owner = slot < 0 ? RUN_OWNER : runner->slots[slot].owner;

	for (unsigned i = 0; i < runner->options.experiment_count; i++)
		if (is_told(runner, owner, i))
			schedule_step(runner, i, event);
}

/* A reset of an open connection is for all who use it. One that acknowledges
 * the SYN would else be taken for the response to that SYN, and told to its
 * sender alone. */
static bool is_late_reset(
	const struct runner *runner, const struct packet *packet, int slot)
{
	return slot >= 0 && packet->tcp_flags & TCP_RST &&
	       runner->connections[slot].state == CONNECTION_OPEN;
}

static void hear_answer(struct runner *runner, struct packet *packet)
{
	enum response_kind kind;
	int row = response_match(&runner->table, packet, &kind);
	int slot = -1;

	if (packet->kind == PACKET_TCP &&
		packet->source_port == runner->options.port)
		slot = conn_slot_of_port(runner, packet->target_port);
	if (is_late_reset(runner, packet, slot))
		row = -1;
	if (row >= 0 && packet->kind == PACKET_TCP)
		conn_slots_refuse(
			runner, packet, runner->table.sent_probe[row].tag);
	if (slot >= 0) {
		connection_receive(&runner->connections[slot], packet,
			conn_slot_tx_queue(runner, (unsigned)slot));
		conn_slots_note_greeting(runner, (unsigned)slot);
	} else if (row >= 0) {
		slot = conn_slot_of_port(
			runner, runner->table.sent_probe[row].source_port);
	}
	struct event event = {.kind = EVENT_PACKET,
		.packet = packet,
		.is_one_segment =
			tcp_checksum_is_right(packet) ||
			(slot >= 0 && runner->connections[slot].is_repeat),
		.connection = slot >= 0 ? &runner->connections[slot] : NULL};

	if (row < 0) {
		tell(runner, &event, slot);
		return;
	}
	const struct sent_probe *sent_probe = &runner->table.sent_probe[row];

	event.kind = EVENT_RESPONSE;
	event.answer = kind;
	event.is_first = !runner->has_answer[row];
	event.is_awaited =
		event.is_first &&
		sent_probe->tag < runner->options.experiment_count &&
		(uint32_t)row >= runner->running[sent_probe->tag].given_up;
	event.sent_probe = sent_probe;
	/* A device may reset stray segments, nearer than the target. */
	if (event.is_first && kind == RESPONSE_ARRIVED &&
		!stray_segment_is(sent_probe) && !sent_probe->is_repeated_syn)
		rto_take(&runner->rto, packet->time_ns - sent_probe->time_ns);
	runner->has_answer[row] = true;
	if (event.connection && kind == RESPONSE_UNREACHABLE &&
		event.connection->state == CONNECTION_OPENING)
		runner->connections[slot].is_rejected = true;
	if (sent_probe->tag < runner->options.experiment_count)
		schedule_step(runner, sent_probe->tag, &event);
}

static void hear(
	struct runner *runner, struct frame *frame, struct packet *packet)
{
	packet_decode(frame, packet);
	if (own_traffic_is_probe(&runner->own_traffic, packet)) {
		hear_own(runner, frame, packet);
	} else if (own_traffic_is_response(&runner->own_traffic, packet)) {
		frame->direction = FRAME_INBOUND;
		packet->direction = FRAME_INBOUND;
		record(runner, frame, packet, NULL);
		hear_answer(runner, packet);
	}
}

bool runner_receive(struct runner *runner, struct failure *failure)
{
	struct batch *batch = runner->batch;
	int64_t before_ns = runner->heard_ns;

	runner->heard_ns = time_now_ns(CLOCK_REALTIME);
	/* A flood of packets can't hold the loop for ever. */
	for (int i = 0; i < MOST_BATCHES; i++) {
		batch->count = 0;
		batch->used_bytes = 0;
		if (live_read(runner->live, batch, 1, failure) < 0)
			return false;
		if (batch->count > 0)
			rto_take_late(&runner->rto, batch->frames[0].time_ns,
				before_ns);
		for (uint32_t j = 0; j < batch->count; j++)
			hear(runner, &batch->frames[j], &batch->packets[j]);
		if (batch->count < BATCH_FRAMES)
			break;
	}
	/* However the probe ends, the packets received are in the file. A
	 * wake-up brings few packets, and the total is small. */
	if (runner->writer)
		(void)recording_writer_flush(runner->writer); /* kept */
	return true;
}
