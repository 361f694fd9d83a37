#include "probe/runner_state.h"

#include "capture/tcp_checksum.h"

static void record(struct runner *runner, const struct frame *frame,
	struct packet *packet, const char *comment)
{
	struct frame copy = *frame;

	copy.number = ++runner->recorded;
	copy.interface = 0;
	packet->frame = copy.number;
	packet->interface = 0;
	if (runner->options.writer)
		/* a full disk is told of by recording_writer_close */
		(void)recording_writer_frame(runner->options.writer, &copy,
			comment ? &comment : NULL, comment ? 1 : 0);
	runner->options.on_packet(runner->options.context, packet);
}

static void hear_own(struct runner *runner, struct frame *frame,
	struct packet *packet)
{
	int row = ours_find_sent(&runner->ours, packet);

	frame->direction = FRAME_OUTBOUND;
	packet->direction = FRAME_OUTBOUND;
	record(runner, frame, packet, row >= 0 ? runner->comments[row] : NULL);
	if (row < 0)
		return;
	runner->table.asked[row].frame = packet->frame;
	runner->table.asked[row].time_ns = packet->time_ns;
}

/* To its owner; what is on no experiment's own connection, to all. */
static void tell(struct runner *runner, const struct event *event, int line)
{
	unsigned owner = line < 0 ? RUN_OWNER : runner->lines[line].owner;

	for (unsigned i = 0; i < runner->options.experiment_count; i++)
		if (owner == RUN_OWNER || owner == i)
			schedule_step(runner, i, event);
}

static void hear_answer(struct runner *runner, struct packet *packet)
{
	enum answer_kind kind;
	int row = answer_find(&runner->table, packet, &kind);
	int line = -1;

	if (packet->kind == PACKET_TCP &&
		packet->source_port == runner->options.port)
		line = line_of_port(runner, packet->target_port);
	if (line >= 0)
		connection_hear(&runner->connections[line], packet,
			line_outbox(runner, (unsigned)line));
	else if (row >= 0)
		line = line_of_port(
			runner, runner->table.asked[row].source_port);
	struct event event = {.kind = EVENT_PACKET,
		.packet = packet,
		.is_one_segment = tcp_checksum_is_right(packet) ||
			(line >= 0 && runner->connections[line].is_repeat),
		.connection = line >= 0 ? &runner->connections[line] : NULL};

	if (row < 0) {
		tell(runner, &event, line);
		return;
	}
	const struct asked *asked = &runner->table.asked[row];

	event.kind = EVENT_ANSWER;
	event.answer = kind;
	event.is_first = !runner->has_answer[row];
	event.asked = asked;
	if (event.is_first && kind == ANSWER_ARRIVED)
		patience_take(
			&runner->patience, packet->time_ns - asked->time_ns);
	runner->has_answer[row] = true;
	if (event.connection && kind == ANSWER_UNREACHABLE &&
		event.connection->state == CONNECTION_OPENING)
		runner->connections[line].is_rejected = true;
	if (asked->tag < runner->options.experiment_count)
		schedule_step(runner, asked->tag, &event);
}

bool runner_hear(struct runner *runner, struct failure *failure)
{
	struct batch *batch = runner->batch;

	batch->count = 0;
	batch->used_bytes = 0;
	if (live_read(runner->live, batch, 1, failure) < 0)
		return false;
	for (uint32_t i = 0; i < batch->count; i++) {
		struct frame *frame = &batch->frames[i];
		struct packet *packet = &batch->packets[i];

		packet_decode(frame, packet);
		if (ours_is_question(&runner->ours, packet)) {
			hear_own(runner, frame, packet);
		} else if (ours_is_answer(&runner->ours, packet)) {
			frame->direction = FRAME_INBOUND;
			packet->direction = FRAME_INBOUND;
			record(runner, frame, packet, NULL);
			hear_answer(runner, packet);
		}
	}
	return true;
}
