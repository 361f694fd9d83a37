#include "tests/support/sim_talk.h"

#include <assert.h>
#include <stddef.h>

#include "tests/support/sim_settle.h"

enum sim_event_kind {
	EVENT_RECORDER, /* the segment passes the recorder */
	EVENT_ARRIVES,
	EVENT_ALARM,
	EVENT_CONNECTS,
	EVENT_WRITES, /* the program of `end` */
	EVENT_CLOSES,
	EVENT_ABORTS,
	EVENT_READS,
	EVENT_ENDS, /* what is its fate */
};

enum {
	SYN_OPTION_BYTES = 20,
	FRAME_BYTES = 14,
};

static const int64_t MS = 1000000;

const char *sim_fate_word(enum sim_fate fate)
{
	static const char *const words[FATE_COUNT] = {
		[FATE_CLIENT_CLOSES] = "the client closes",
		[FATE_SERVER_CLOSES] = "the server closes",
		[FATE_BOTH_CLOSE] = "both close at once",
		[FATE_STAYS_OPEN] = "stays open",
		[FATE_CLIENT_ABORTS] = "the client aborts",
		[FATE_SERVER_ABORTS] = "the server aborts",
		[FATE_PORT_CLOSED] = "the port is closed",
		[FATE_SYN_DROPPED] = "the SYN is dropped",
		[FATE_INJECTED] = "a device injects resets",
		[FATE_PATH_DIES] = "the path dies",
		[FATE_SERVER_GONE] = "the server loses power",
		[FATE_FORGOTTEN] = "a NAT forgets it",
		[FATE_LARGE_VANISH] = "large packets vanish",
		[FATE_NO_ANSWER] = "a request is not answered",
		[FATE_WINDOW_SHUT] = "the server does not read",
	};

	return words[fate];
}

static bool is_earlier(const struct sim_event *a, const struct sim_event *b)
{
	return a->time_ns != b->time_ns ? a->time_ns < b->time_ns
					: a->order < b->order;
}

static void add(struct sim_talk *talk, int64_t time_ns,
	enum sim_event_kind kind, unsigned end,
	const struct sim_segment *segment)
{
	assert(talk->event_count < SIM_EVENTS);
	struct sim_event *event = &talk->events[talk->event_count++];

	*event = (struct sim_event){
		.time_ns = time_ns,
		.order = talk->order++,
		.kind = (uint8_t)kind,
		.end = (uint8_t)end,
	};
	if (segment)
		event->segment = *segment;
}

static struct sim_event take_first(struct sim_talk *talk)
{
	unsigned first = 0;

	for (unsigned i = 1; i < talk->event_count; i++)
		if (is_earlier(&talk->events[i], &talk->events[first]))
			first = i;
	struct sim_event event = talk->events[first];

	talk->events[first] = talk->events[--talk->event_count];
	return event;
}

static uint32_t header_bytes(
	const struct sim_talk *talk, const struct sim_segment *segment)
{
	unsigned options = segment->flags & TCP_SYN ? SYN_OPTION_BYTES
			   : segment->has_timestamp ? SIM_TIMESTAMP_BYTES
						    : 0;

	unsigned ip = talk->family == 4 ? IP4_HEADER_BYTES : IP6_HEADER_BYTES;

	return ip + TCP_HEADER_BYTES + options;
}

static uint32_t ip_bytes(
	const struct sim_talk *talk, const struct sim_segment *segment)
{
	return header_bytes(talk, segment) + segment->bytes;
}

/* Whether the path between the recorder and `side` loses it. */
static bool is_lost(struct sim_talk *talk, unsigned side, unsigned way,
	const struct sim_segment *segment)
{
	if (talk->is_dead && talk->dead_side == side)
		return true;
	if (talk->hole_bytes && talk->hole_side == side &&
		ip_bytes(talk, segment) > talk->hole_bytes)
		return true;
	return sim_random_is(&talk->random, talk->loss[side][way]);
}

static int64_t on_the_way(struct sim_talk *talk, unsigned side)
{
	return talk->delay_ns[side] +
	       sim_random_in(&talk->random, 0, talk->jitter_ns[side]);
}

/* What an end has queued leaves for the recorder. A packet that was longer
 * than the path takes is recorded so at its sender only. */
static void leave(struct sim_talk *talk, unsigned from, int64_t now)
{
	struct sim_end *end = &talk->end[from];

	for (unsigned i = 0; i < end->queued; i++) {
		const struct sim_segment *segment = &end->queue[i];

		if (talk->hops[from] == 0)
			add(talk, now + talk->delay_ns[from], EVENT_RECORDER,
				from, segment);
		else if (!is_lost(talk, from, from, segment))
			add(talk, now + on_the_way(talk, from), EVENT_RECORDER,
				from, segment);
	}
	end->queued = 0;
	int64_t alarm = sim_end_alarm(end);
	if (alarm != INT64_MAX && alarm != talk->alarm_ns[from]) {
		talk->alarm_ns[from] = alarm;
		add(talk, alarm > now ? alarm : now + 1, EVENT_ALARM, from,
			NULL);
	}
}

static void go_on(struct sim_talk *talk, unsigned from,
	struct sim_segment segment, int64_t now)
{
	unsigned to = !from;

	if (is_lost(talk, to, from, &segment))
		return;
	add(talk, now + on_the_way(talk, to), EVENT_ARRIVES, from, &segment);
	if (sim_random_is(&talk->random, talk->copies))
		add(talk, now + 2 * on_the_way(talk, to), EVENT_ARRIVES, from,
			&segment);
}

/* The network card cuts what the kernel handed to it whole. */
static void pass(struct sim_talk *talk, unsigned from,
	const struct sim_segment *whole, int64_t now)
{
	uint32_t mss = talk->end[from].mss;
	struct sim_segment segment = *whole;

	for (uint32_t left = whole->bytes; left > mss; left -= mss) {
		segment.bytes = mss;
		segment.flags = (uint16_t)(whole->flags & ~(TCP_FIN | TCP_PSH));
		go_on(talk, from, segment, now);
		segment.sequence += mss;
	}
	segment.bytes =
		(uint32_t)(whole->sequence + whole->bytes - segment.sequence);
	segment.flags = whole->flags;
	go_on(talk, from, segment, now);
}

static void count_seen(
	struct sim_talk *talk, unsigned from, const struct sim_segment *segment)
{
	struct sim_seen *seen = &talk->seen[from];
	uint64_t behind = segment->sequence + segment->bytes +
			  !!(segment->flags & TCP_SYN) +
			  !!(segment->flags & TCP_FIN);

	seen->packets++;
	seen->payload_bytes += segment->bytes;
	seen->has_syn |= segment->flags & TCP_SYN;
	seen->has_fin |= segment->flags & TCP_FIN;
	seen->has_reset |= segment->flags & TCP_RST;
	seen->has_forged |= segment->is_forged;
	if (segment->flags & TCP_RST)
		return;
	seen->ttl = (uint8_t)(segment->ttl - talk->hops[from]);
	if (behind > seen->next)
		seen->next = behind;
	if (segment->flags & TCP_ACK &&
		segment->acknowledged > seen->acknowledged)
		seen->acknowledged = segment->acknowledged;
}

static void record(const struct sim_talk *talk, unsigned from,
	const struct sim_segment *segment, int64_t now, struct packet *packet)
{
	const struct sim_end *end = &talk->end[from];
	const struct sim_segment bare = {0};
	bool is_syn = segment->flags & TCP_SYN;
	bool is_4 = talk->family == 4;

	*packet = (struct packet){
		.time_ns = now,
		.ip_bytes = ip_bytes(talk, segment),
		.wire_bytes = ip_bytes(talk, segment) + FRAME_BYTES,
		.kind = PACKET_TCP,
		.family = talk->family,
		.protocol = PROTOCOL_TCP,
		.ttl = segment->is_forged
			       ? segment->ttl
			       : (uint8_t)(segment->ttl - talk->hops[from]),
		.ip_id = is_4 ? segment->ip_id : 0,
		.is_df = is_4 && segment->is_df,
		.source = talk->address[from],
		.target = talk->address[!from],
		.source_port = talk->port[from],
		.target_port = talk->port[!from],
		.tcp_flags = segment->flags,
		.sequence = talk->isn[from] + (uint32_t)segment->sequence,
		.acknowledged =
			segment->flags & TCP_ACK
				? talk->isn[!from] +
					  (uint32_t)segment->acknowledged
				: 0,
		.payload_bytes = segment->bytes,
		.window = (uint16_t)(is_syn ? segment->window
					    : segment->window >>
						      end->window_scale),
	};
	if (is_syn) {
		packet->options = OPTION_MSS | OPTION_WINDOW_SCALE;
		packet->mss = (uint16_t)end->mss;
		packet->window_scale = end->window_scale;
		packet->option_order = 1;
	}
	if (segment->has_timestamp) {
		packet->options |= OPTION_TIMESTAMP;
		packet->option_order += 2;
		packet->timestamp_value = segment->timestamp_value;
		packet->timestamp_echo = segment->timestamp_echo;
	}
	packet->tcp_header_bytes =
		(uint8_t)(header_bytes(talk, segment) -
			  header_bytes(talk, &bare) + TCP_HEADER_BYTES);
	packet->option_bytes =
		(uint8_t)(packet->tcp_header_bytes - TCP_HEADER_BYTES);
}

static void next_turn(struct sim_talk *talk, int64_t now)
{
	talk->is_begun = true;
	if (talk->turn == talk->turn_count) {
		if (!talk->is_ending)
			add(talk, now + talk->end_think_ns, EVENT_ENDS, 0,
				NULL);
		talk->is_ending = true;
		return;
	}
	const struct sim_turn *turn = &talk->turns[talk->turn];

	talk->said[turn->who] += turn->bytes;
	add(talk, now + turn->think_ns, EVENT_WRITES, turn->who, NULL);
}

/* A turn is over when the other has got all of it. */
static void follow(struct sim_talk *talk, int64_t now)
{
	if (!talk->is_begun || talk->is_ending)
		return;
	const struct sim_turn *turn = &talk->turns[talk->turn];

	if (talk->end[!turn->who].peer_next >= talk->said[turn->who] + 1 &&
		talk->end[turn->who].written > talk->said[turn->who]) {
		talk->turn++;
		next_turn(talk, now);
	}
}

static void inject(struct sim_talk *talk, unsigned victim, int64_t now)
{
	const struct sim_end *end = &talk->end[victim];
	struct sim_segment reset = {
		.sequence = end->peer_next,
		.acknowledged = end->next,
		.flags = TCP_RST | TCP_ACK,
		.is_forged = true,
		.ip_id = (uint16_t)sim_random_next(&talk->random),
		.is_df = sim_random_is(&talk->random, 500),
	};
	uint8_t usual = (uint8_t)(talk->end[!victim].ttl - talk->hops[!victim]);

	do
		reset.ttl = (uint8_t)sim_random_in(&talk->random, 30, 250);
	while (reset.ttl + 6 > usual && reset.ttl < usual + 6);
	for (int64_t copies = sim_random_in(&talk->random, 1, 3); copies > 0;
		copies--) {
		/* Seen where the recorder is, if the device is not between
		 * the recorder and the victim. */
		if (talk->device_side != victim)
			add(talk, now, EVENT_RECORDER, !victim, &reset);
		else
			add(talk, now + talk->delay_ns[victim] / 2,
				EVENT_ARRIVES, !victim, &reset);
	}
}

static void meet_fate(struct sim_talk *talk, int64_t now)
{
	switch (talk->fate) {
	case FATE_CLIENT_CLOSES:
	case FATE_SERVER_CLOSES:
		add(talk, now, EVENT_CLOSES, talk->fate == FATE_SERVER_CLOSES,
			NULL);
		break;
	case FATE_BOTH_CLOSE:
		add(talk, now, EVENT_CLOSES, 0, NULL);
		add(talk, now, EVENT_CLOSES, 1, NULL);
		break;
	case FATE_CLIENT_ABORTS:
	case FATE_SERVER_ABORTS:
		add(talk, now, EVENT_ABORTS, talk->fate == FATE_SERVER_ABORTS,
			NULL);
		break;
	case FATE_INJECTED:
		inject(talk, 0, now);
		if (sim_random_is(&talk->random, 500))
			inject(talk, 1, now);
		break;
	case FATE_SERVER_GONE:
		sim_end_vanish(&talk->end[1]);
		talk->said[0] += 500;
		add(talk, now + MS, EVENT_WRITES, 0, NULL);
		break;
	case FATE_PATH_DIES:
	case FATE_FORGOTTEN: {
		int64_t silence =
			talk->fate == FATE_PATH_DIES
				? MS
				: 1000 * MS *
					  sim_random_in(&talk->random, 60, 900);

		talk->is_dead = true;
		talk->said[0] += 500;
		add(talk, now + silence, EVENT_WRITES, 0, NULL);
		break;
	}
	case FATE_LARGE_VANISH:
		talk->hole_bytes = talk->end[0].mss;
		talk->said[0] += 3 * (uint64_t)talk->end[0].mss;
		add(talk, now + MS, EVENT_WRITES, 0, NULL);
		break;
	case FATE_NO_ANSWER:
		talk->said[0] += 200;
		add(talk, now + MS, EVENT_WRITES, 0, NULL);
		add(talk, now + 40000 * MS, EVENT_CLOSES, 0, NULL);
		break;
	case FATE_WINDOW_SHUT:
		talk->said[0] += 200000;
		sim_end_read(&talk->end[1], false, now);
		add(talk, now + MS, EVENT_WRITES, 0, NULL);
		add(talk, now + 300000 * MS, EVENT_ABORTS, 0, NULL);
		break;
	case FATE_STAYS_OPEN:
	case FATE_PORT_CLOSED:
	case FATE_SYN_DROPPED:
	case FATE_COUNT:
		break;
	}
}

/* The program of the other end closes when it is told that nothing more will
 * come, at once or after a while. */
static void answer_close(struct sim_talk *talk, unsigned end, int64_t now)
{
	struct sim_end *one = &talk->end[end];

	if (one->state == SIM_OPEN && !one->is_closed &&
		one->peer_fin < one->peer_next)
		add(talk,
			now + MS * sim_random_in(&talk->random, 0,
					   sim_random_is(&talk->random, 100)
						   ? 3000
						   : 30),
			EVENT_CLOSES, end, NULL);
}

static void handle(struct sim_talk *talk, const struct sim_event *event)
{
	int64_t now = event->time_ns;
	unsigned at = event->end;
	struct sim_end *end = &talk->end[at];

	switch ((enum sim_event_kind)event->kind) {
	case EVENT_RECORDER:
		return; /* sim_talk_next */
	case EVENT_ARRIVES: {
		struct sim_seen *seen = &talk->seen[at];
		bool was_open = talk->end[!at].state == SIM_OPEN;

		at = !at; /* whom it reaches */
		end = &talk->end[at];
		if (end->state != SIM_GONE &&
			ip_bytes(talk, &event->segment) > seen->largest_arrived)
			seen->largest_arrived = ip_bytes(talk, &event->segment);
		sim_end_take(end, &event->segment, now);
		if (at == 0 && !was_open && end->state == SIM_OPEN)
			next_turn(talk, now);
		answer_close(talk, at, now);
		break;
	}
	case EVENT_ALARM:
		if (talk->alarm_ns[at] <= now)
			talk->alarm_ns[at] = INT64_MAX;
		if (sim_end_alarm(end) <= now)
			sim_end_wake(end, now);
		else
			return; /* it was set again since */
		break;
	case EVENT_CONNECTS:
		sim_end_connect(end, now);
		break;
	case EVENT_WRITES: {
		const struct sim_turn *turn = &talk->turns[talk->turn];

		if (talk->turn < talk->turn_count && turn->pause_ns) {
			sim_end_read(&talk->end[!at], false, now);
			add(talk, now + turn->pause_ns, EVENT_READS, !at, NULL);
		}
		if (end->written < talk->said[at] + 1)
			sim_end_write(
				end, talk->said[at] + 1 - end->written, now);
		break;
	}
	case EVENT_CLOSES:
		sim_end_close(end, now);
		break;
	case EVENT_ABORTS:
		sim_end_abort(end, now);
		break;
	case EVENT_READS:
		sim_end_read(end, true, now);
		break;
	case EVENT_ENDS:
		meet_fate(talk, now);
		break;
	}
	follow(talk, now);
	leave(talk, at, now);
	if (talk->end[!at].queued)
		leave(talk, !at, now);
}

bool sim_talk_next(struct sim_talk *talk, struct packet *packet)
{
	while (talk->event_count) {
		struct sim_event event = take_first(talk);

		if (event.time_ns > talk->limit_ns)
			return false;
		if (event.kind != EVENT_RECORDER) {
			handle(talk, &event);
			continue;
		}
		pass(talk, event.end, &event.segment, event.time_ns);
		if (talk->begins_after > 0)
			talk->begins_after--;
		else if (!sim_random_is(&talk->random, talk->unrecorded)) {
			count_seen(talk, event.end, &event.segment);
			record(talk, event.end, &event.segment, event.time_ns,
				packet);
			return true;
		}
	}
	return false;
}

void sim_talk_begin(struct sim_talk *talk, const struct sim_place *place,
	unsigned number, int64_t start_ns)
{
	sim_settle(talk, place, number, start_ns);
	add(talk, start_ns, EVENT_CONNECTS, 0, NULL);
}
