/* A server that takes its time to think, behind a hole on its way back, for
 * experiment_reverse to talk to. Times are made up; nothing waits. */
#ifndef TESTS_UNIT_REVERSE_TALK_H
#define TESTS_UNIT_REVERSE_TALK_H

#include <stdlib.h>

#include "probe/experiments/registry.h"

enum {
	TALK_LINES = 24,
	TALK_PACKETS = 256,
	TALK_EVENTS = 20000,
	TALK_HEADER = 40,
	TALK_WAY_MS = 1,
	TALK_PATIENCE_MS = 26,
	TALK_RESEND_MS = 200, /* at first; then twice as long, and so on */
	TALK_PORT = 40000,    /* of the first line */
	TALK_FIRST = 7000,    /* sequence number of the server's SYN */
	TALK_NEVER = INT32_MAX,
};

struct talk_server {
	uint16_t port;
	uint32_t words_bytes; /* what it has to hear before it answers */
	uint32_t head_bytes, rest_bytes; /* that it says at two times */
	const uint8_t *greeting; /* the head, said unasked; NULL: to words */
	int head_ms, rest_ms;	 /* of thinking; one connection at a time */
	unsigned slow_line, slow_count; /* connections on which it takes */
	int slow_times;			/* so many times as long */
	uint32_t passes_bytes; /* the largest IP packet that comes back */
	/* the same for even ports; 0: no other */
	uint32_t even_passes_bytes;
	uint32_t echo_limit; /* what echo tells of the limit; 0: nothing */
	int echo_ms;	     /* and when */
	bool is_unsummed;    /* no checksum tells a segment from several */
	bool is_resetting;   /* it answers the first words with a reset */
};

/* The server's end of a connection. */
struct talk_end {
	uint32_t mss, heard_next, next, window_end, queued_end;
	uint32_t first_heard;
	int head_ms, rest_ms; /* when it has them to say */
	uint32_t unheard;     /* the first byte that is not acknowledged */
	uint32_t first_bytes; /* of the segment that begins there */
	uint16_t first_flags;
	int resend_ms, resend_after_ms; /* when, and how long after */
	bool is_open, is_left, has_ended;
};

struct talk_arrival {
	int ms;
	unsigned line;
	struct packet packet;
};

struct reverse_talk {
	struct talk_server server;
	struct connection lines[TALK_LINES];
	struct talk_end ends[TALK_LINES];
	struct probe_context context;
	struct forward_result forward; /* what is known of the way there */
	struct tx_queue *tx_queue;
	struct talk_arrival arrivals[TALK_PACKETS];
	unsigned arrival_count, opened;
	int now_ms, busy_until_ms, since_ms, timer_ms;
	uint32_t largest;    /* segment that came back, as IP packet */
	uint32_t least_lost; /* of those whose rest came; 0: none */
	/* the same on even and on odd ports */
	uint32_t largest_on[2], least_lost_on[2];
	unsigned lost_count;
};

static inline void talk_send_back(struct reverse_talk *talk, unsigned line,
	uint16_t flags, uint32_t bytes)
{
	struct talk_end *end = &talk->ends[line];
	struct talk_arrival *arrival = &talk->arrivals[talk->arrival_count];

	uint32_t at = end->next - (TALK_FIRST + 1);
	bool is_greeting = talk->server.greeting && !(flags & TCP_SYN) &&
			   at + bytes <= talk->server.head_bytes;

	*arrival = (struct talk_arrival){.ms = talk->now_ms + TALK_WAY_MS,
		.line = line,
		.packet = {.kind = PACKET_TCP,
			.time_ns = (int64_t)talk->now_ms * 1000000,
			.tcp_flags = flags | TCP_ACK,
			.sequence = end->next,
			.acknowledged = end->heard_next,
			.payload_bytes = bytes,
			.payload =
				is_greeting ? talk->server.greeting + at : NULL,
			.payload_captured = is_greeting ? bytes : 0,
			.ip_bytes = TALK_HEADER + bytes,
			.options = OPTION_MSS | OPTION_SACK_PERMITTED,
			.mss = 1460,
			.ttl = 60}};
	uint32_t passes_bytes = line % 2 == 0 && talk->server.even_passes_bytes
					? talk->server.even_passes_bytes
					: talk->server.passes_bytes;

	/* What several segments stay together in is as long as the longest. */
	if (bytes > end->mss)
		bytes = end->mss;
	if (TALK_HEADER + bytes > passes_bytes)
		return;
	if (++talk->arrival_count == TALK_PACKETS)
		abort();
}

static inline void talk_send_new(struct reverse_talk *talk, unsigned line,
	uint16_t flags, uint32_t bytes)
{
	struct talk_end *end = &talk->ends[line];

	talk_send_back(talk, line, flags, bytes);
	if (end->unheard == end->next) {
		end->first_bytes = bytes < end->mss ? bytes : end->mss;
		end->first_flags = bytes < end->mss ? flags : 0;
		end->resend_after_ms = TALK_RESEND_MS;
		end->resend_ms = talk->now_ms + TALK_RESEND_MS;
	}
	end->next += bytes + !!(flags & (TCP_SYN | TCP_FIN));
}

/* The first segment alone, until it is acknowledged (RFC 6298, 5.4). */
static inline void talk_resend(struct reverse_talk *talk, unsigned line)
{
	struct talk_end *end = &talk->ends[line];
	uint32_t next = end->next;

	end->next = end->unheard;
	talk_send_back(talk, line, end->first_flags, end->first_bytes);
	end->next = next;
	end->resend_after_ms *= 2;
	end->resend_ms = talk->now_ms + end->resend_after_ms;
}

static inline void talk_acknowledge(
	struct reverse_talk *talk, struct talk_end *end, uint32_t acknowledged)
{
	if (acknowledged <= end->unheard || acknowledged > end->next)
		return;
	end->unheard = acknowledged;
	/* What follows has been sent, in segments as long as it may be. */
	end->first_bytes = end->next - acknowledged;
	end->first_flags = TCP_PSH;
	if (end->first_bytes > end->mss) {
		end->first_bytes = end->mss;
		end->first_flags = 0;
	}
	end->resend_after_ms = TALK_RESEND_MS;
	end->resend_ms =
		end->first_bytes ? talk->now_ms + TALK_RESEND_MS : TALK_NEVER;
}

/* What the window has room for; the last of what it has is marked. Where no
 * checksums are made, segments that are sent at once stay together. */
static inline void talk_say_more(struct reverse_talk *talk, unsigned line)
{
	struct talk_end *end = &talk->ends[line];
	uint32_t left = end->queued_end - end->next, room, bytes;

	if (end->has_ended || end->resend_after_ms > TALK_RESEND_MS)
		return; /* until that arrives nothing new is sent */
	while (left > 0) {
		room = end->window_end - end->next;
		bytes = left < end->mss ? left : end->mss;
		if (end->window_end < end->next + bytes)
			return;
		if (talk->server.is_unsummed)
			bytes = left < room ? left : room - room % end->mss;
		left -= bytes;
		talk_send_new(talk, line, left ? 0 : TCP_PSH, bytes);
	}
	if (end->is_left) {
		end->has_ended = true;
		talk_send_new(talk, line, TCP_FIN, 0);
	}
}

/* The words are whole: it thinks of one answer after another. */
static inline void talk_think(struct reverse_talk *talk, unsigned line)
{
	const struct talk_server *server = &talk->server;
	struct talk_end *end = &talk->ends[line];
	bool is_slow = line - server->slow_line < server->slow_count;
	int times = is_slow ? server->slow_times : 1;
	int start = talk->now_ms > talk->busy_until_ms ? talk->now_ms
						       : talk->busy_until_ms;

	if (!server->greeting)
		end->head_ms = start + server->head_ms * times;
	end->rest_ms = start + server->rest_ms * times;
	talk->busy_until_ms = end->rest_ms;
}

static inline void talk_take(
	struct reverse_talk *talk, const struct probe_packet *probe)
{
	unsigned line = probe->source_port - TALK_PORT;
	struct talk_end *end = &talk->ends[line];
	uint32_t bytes = probe->payload_bytes;

	if (probe->tcp_flags & TCP_SYN) {
		*end = (struct talk_end){.mss = probe->mss,
			.heard_next = probe->sequence + 1,
			.first_heard = probe->sequence + 1,
			.next = TALK_FIRST,
			.unheard = TALK_FIRST,
			.resend_ms = TALK_NEVER,
			.queued_end = TALK_FIRST + 1,
			.head_ms = talk->server.greeting
					   ? talk->now_ms + talk->server.head_ms
					   : TALK_NEVER,
			.rest_ms = TALK_NEVER,
			.is_open = true};
		talk->opened++;
		talk_send_new(talk, line, TCP_SYN, 0);
		return;
	}
	talk_acknowledge(talk, end, probe->acknowledged);
	end->window_end = probe->acknowledged + probe->window;
	if (probe->sequence == end->heard_next && bytes > 0) {
		end->heard_next += bytes;
		if (talk->server.is_resetting) {
			talk_send_back(talk, line, TCP_RST, 0);
			return;
		}
		if (end->heard_next - end->first_heard ==
			talk->server.words_bytes)
			talk_think(talk, line);
		talk_send_back(talk, line, 0, 0);
	}
	if (probe->tcp_flags & TCP_FIN && probe->sequence == end->heard_next) {
		end->heard_next++;
		end->is_left = true;
		talk_send_back(talk, line, 0, 0);
	}
	talk_say_more(talk, line);
}

static inline void talk_begin_reverse(
	struct reverse_talk *talk, uint32_t forward_limit)
{
	static const struct connection main = {
		.state = CONNECTION_OPEN, .has_sack = true};

	talk->tx_queue = calloc(1, sizeof(*talk->tx_queue));
	talk->timer_ms = TALK_NEVER;
	talk->forward = (struct forward_result){
		.path_mtu = 1500, .limit = forward_limit};
	talk->context = (struct probe_context){.connection = &main,
		.family = 4,
		.port = talk->server.port,
		.interface_mtu = 1500,
		.results = {.forward = &talk->forward,
			.final = probe_result_bit(RESULT_FORWARD)},
		.own = talk->lines,
		.own_count = TALK_LINES};
	for (unsigned i = 0; i < TALK_LINES; i++)
		talk->lines[i] = (struct connection){
			.own_port = (uint16_t)(TALK_PORT + i),
			.target_port = talk->server.port,
			.first_sequence = 1000};
}

static inline void talk_take_lost(uint32_t *least_lost, uint32_t lost)
{
	if (*least_lost == 0 || lost < *least_lost)
		*least_lost = lost;
}

static inline void talk_take_largest(uint32_t *largest, uint32_t ip_bytes)
{
	if (ip_bytes > *largest)
		*largest = ip_bytes;
}

/* What arrived tells: a size, or the rest of one that did not. */
static inline void talk_note(
	struct reverse_talk *talk, const struct talk_arrival *arrival)
{
	const struct connection *line = &talk->lines[arrival->line];
	const struct packet *packet = &arrival->packet;
	uint32_t lost = line->offered_mss + TALK_HEADER;

	if (packet->payload_bytes == 0)
		return;
	talk_take_largest(&talk->largest, packet->ip_bytes);
	talk_take_largest(
		&talk->largest_on[arrival->line % 2], packet->ip_bytes);
	if (packet->sequence - line->receive_next != line->offered_mss)
		return;
	talk->lost_count++;
	talk_take_lost(&talk->least_lost, lost);
	talk_take_lost(&talk->least_lost_on[arrival->line % 2], lost);
}

static inline bool talk_hear(struct reverse_talk *talk, void *memory)
{
	struct talk_arrival arrival = talk->arrivals[0];

	talk->arrival_count--;
	memmove(talk->arrivals, talk->arrivals + 1,
		talk->arrival_count * sizeof(arrival));
	connection_receive(
		&talk->lines[arrival.line], &arrival.packet, talk->tx_queue);
	/* No bytes are there to be summed. */
	talk->lines[arrival.line].is_unsummed = talk->server.is_unsummed;
	talk_note(talk, &arrival);
	struct event event = {.kind = EVENT_PACKET,
		.packet = &arrival.packet,
		.is_one_segment = !talk->server.is_unsummed ||
				  talk->lines[arrival.line].is_repeat,
		.connection = &talk->lines[arrival.line]};
	return experiment_reverse.step(
		memory, &talk->context, &event, talk->tx_queue);
}

/* What the server has thought of by now; returns when it has more. */
static inline int talk_serve(struct reverse_talk *talk)
{
	int next = TALK_NEVER;

	for (unsigned i = 0; i < TALK_LINES; i++) {
		struct talk_end *end = &talk->ends[i];

		if (end->head_ms <= talk->now_ms) {
			end->queued_end += talk->server.head_bytes;
			end->head_ms = TALK_NEVER;
		}
		if (end->rest_ms <= talk->now_ms) {
			end->queued_end += talk->server.rest_bytes;
			end->rest_ms = TALK_NEVER;
		}
		if (end->is_open && end->resend_ms <= talk->now_ms)
			talk_resend(talk, i);
		if (end->is_open)
			talk_say_more(talk, i);
		if (end->is_open && end->resend_ms < next)
			next = end->resend_ms;
		next = end->head_ms < next ? end->head_ms : next;
		next = end->rest_ms < next ? end->rest_ms : next;
	}
	return next;
}

/* What happens next; false when the experiment is over. */
static inline bool talk_event(struct reverse_talk *talk, void *memory)
{
	const struct probe_packet *probe;
	unsigned wait = talk->tx_queue->wait_ms > TALK_PATIENCE_MS
				? talk->tx_queue->wait_ms
				: TALK_PATIENCE_MS;

	if (talk->now_ms >= talk->server.echo_ms)
		talk->forward.echo_limit = talk->server.echo_limit;
	while ((probe = tx_queue_take(talk->tx_queue)) != NULL) {
		talk_take(talk, probe);
		talk->since_ms = talk->now_ms;
	}
	if (talk->tx_queue->timer_ms)
		talk->timer_ms = talk->now_ms + (int)talk->tx_queue->timer_ms;
	talk->tx_queue->timer_ms = 0;
	int silence = talk->since_ms + (int)wait;
	int due = silence < talk->timer_ms ? silence : talk->timer_ms;
	int said = talk_serve(talk);
	int heard = talk->arrival_count ? talk->arrivals[0].ms : TALK_NEVER;

	if (heard <= due && heard <= said) {
		talk->now_ms = heard;
		return talk_hear(talk, memory);
	}
	if (said <= due) {
		talk->now_ms = said;
		return true;
	}
	struct event event = {.kind = EVENT_TIMEOUT};

	talk->now_ms = due;
	if (due == talk->timer_ms) {
		event.kind = EVENT_TIMER;
		talk->timer_ms = TALK_NEVER;
	} else {
		talk->since_ms = talk->now_ms;
	}
	return experiment_reverse.step(
		memory, &talk->context, &event, talk->tx_queue);
}

/* With what is known of the way there (0: no limit). False when it goes on for
 * ever. */
static inline bool talk_measure(
	struct reverse_talk *talk, uint32_t forward_limit)
{
	void *memory = calloc(1, experiment_reverse.state_bytes);
	unsigned events = 0;

	talk_begin_reverse(talk, forward_limit);
	bool goes_on = experiment_reverse.start(
		memory, &talk->context, talk->tx_queue);
	while (goes_on && events++ < TALK_EVENTS)
		goes_on = talk_event(talk, memory);
	free(memory);
	free(talk->tx_queue);
	return !goes_on;
}

#endif
