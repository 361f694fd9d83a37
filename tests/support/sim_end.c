#include "tests/support/sim_end.h"

#include <assert.h>
#include <string.h>

static const int64_t MS = 1000000;

enum {
	DELAYED_ACK_MS = 40,
	MOST_RTO_MS = 120000,
	FAST_RETRANSMIT = 3, /* duplicate ACKs, RFC 5681 */
	STATELESS_WINDOW = 0,
};

void sim_end_begin(struct sim_end *end, struct sim_random *random)
{
	*end = (struct sim_end){
		.random = random,
		.written = 1,
		.peer_fin = UINT64_MAX,
		.resend_ns = INT64_MAX,
		.acknowledge_ns = INT64_MAX,
		.probe_ns = INT64_MAX,
		.is_reading = true,
		.read = 1,
		.super = 1,
	};
}

static uint16_t next_id(struct sim_end *end)
{
	switch (end->id_kind) {
	case SIM_ID_COUNTER:
		return end->ip_id++;
	case SIM_ID_ZERO:
		return 0;
	case SIM_ID_RANDOM: /* none twice in 65,536, as stacks do */
		end->ip_id = (uint16_t)(end->ip_id * 25173 + 13849);
		return end->ip_id;
	case SIM_ID_SHARED:
		end->ip_id = (uint16_t)(end->ip_id +
					sim_random_in(end->random, 1, 40));
		return end->ip_id;
	}
	return 0;
}

static uint32_t window_of(const struct sim_end *end)
{
	uint64_t unread =
		end->peer_next > end->read ? end->peer_next - end->read : 0;

	if (end->is_reading)
		unread = 0;
	return unread < end->buffer ? (uint32_t)(end->buffer - unread) : 0;
}

static void queue(struct sim_end *end, struct sim_segment segment, int64_t now)
{
	if (end->queued == SIM_QUEUE)
		return; /* as a full queue of a card: lost */
	segment.ttl = end->ttl;
	segment.is_df = true;
	segment.ip_id = next_id(end);
	if (end->has_timestamps) {
		segment.has_timestamp = true;
		segment.timestamp_value = end->clock + (uint32_t)(now / MS);
		segment.timestamp_echo =
			segment.flags & TCP_ACK ? end->echo : 0;
	}
	end->queue[end->queued++] = segment;
}

/* What is sent beside data carries the newest acknowledgment. */
static void acknowledge(struct sim_end *end, uint64_t sequence, uint32_t bytes,
	uint16_t flags, int64_t now)
{
	queue(end,
		(struct sim_segment){
			.sequence = sequence,
			.acknowledged = end->peer_next,
			.bytes = bytes,
			.flags = flags,
			.window = window_of(end),
		},
		now);
	end->acknowledge_ns = INT64_MAX;
	end->unacknowledged_segments = 0;
}

static int64_t timeout(const struct sim_end *end)
{
	int64_t wait = end->rto_ns;

	for (unsigned i = 0; i < end->tries && wait < MOST_RTO_MS * MS; i++)
		wait *= 2;
	return wait;
}

static void stop_timers(struct sim_end *end)
{
	end->resend_ns = end->acknowledge_ns = end->probe_ns = INT64_MAX;
}

static void give_up(struct sim_end *end)
{
	end->state = SIM_CLOSED;
	end->has_given_up = true;
	stop_timers(end);
}

void sim_end_vanish(struct sim_end *end)
{
	end->state = SIM_GONE;
	stop_timers(end);
}

static uint64_t end_of_stream(const struct sim_end *end)
{
	return end->written + (end->is_closed ? 1 : 0);
}

static void send_one(
	struct sim_end *end, uint64_t from, uint32_t most, int64_t now)
{
	uint64_t left = end->written > from ? end->written - from : 0;
	uint32_t bytes = left < most ? (uint32_t)left : most;
	bool is_last = from + bytes == end->written;
	uint16_t flags = TCP_ACK;

	if (bytes && is_last)
		flags |= TCP_PSH;
	if (end->is_closed && is_last)
		flags |= TCP_FIN;
	acknowledge(end, from, bytes, flags, now);
	uint64_t behind = from + bytes + !!(flags & TCP_FIN);
	if (behind > end->next)
		end->next = behind;
	if (behind > end->highest)
		end->highest = behind;
}

static void send_data(struct sim_end *end, int64_t now)
{
	if (end->state != SIM_OPEN)
		return;
	uint64_t window = end->peer_window;
	uint64_t most = 10ull * end->mss;
	uint64_t limit = end->unacknowledged + (window < most ? window : most);

	while (end->next < end_of_stream(end)) {
		uint64_t room = limit > end->next ? limit - end->next : 0;
		uint64_t left =
			end->written > end->next ? end->written - end->next : 0;
		uint64_t size = (uint64_t)end->mss * end->super;

		if (left && room == 0)
			break;
		if (left && size > room)
			size = room;
		send_one(end, end->next, (uint32_t)size, now);
	}
	if (end->next > end->unacknowledged && end->resend_ns == INT64_MAX)
		end->resend_ns = now + timeout(end);
	if (end->peer_window == 0 && end->next < end_of_stream(end) &&
		end->next == end->unacknowledged && end->probe_ns == INT64_MAX)
		end->probe_ns = now + timeout(end);
}

static void syn(struct sim_end *end, int64_t now)
{
	queue(end,
		(struct sim_segment){
			.flags = end->state == SIM_SYN_SENT ? TCP_SYN
							    : TCP_SYN | TCP_ACK,
			.acknowledged = end->peer_next,
			.window = end->buffer < 65535 ? end->buffer : 65535,
		},
		now);
	end->next = end->highest = 1;
	end->resend_ns = now + timeout(end);
}

void sim_end_connect(struct sim_end *end, int64_t now)
{
	end->state = SIM_SYN_SENT;
	syn(end, now);
}

void sim_end_write(struct sim_end *end, uint64_t bytes, int64_t now)
{
	if (end->is_closed || end->state != SIM_OPEN)
		return;
	end->written += bytes;
	send_data(end, now);
}

void sim_end_close(struct sim_end *end, int64_t now)
{
	if (end->state != SIM_OPEN || end->is_closed)
		return;
	end->is_closed = true;
	end->is_passive = end->peer_fin < end->peer_next;
	send_data(end, now);
}

void sim_end_abort(struct sim_end *end, int64_t now)
{
	if (end->state != SIM_OPEN)
		return;
	acknowledge(end, end->next, 0, TCP_RST | TCP_ACK, now);
	end->state = SIM_CLOSED;
	stop_timers(end);
}

void sim_end_read(struct sim_end *end, bool is_reading, int64_t now)
{
	bool was_shut = window_of(end) < end->mss;

	if (is_reading == end->is_reading)
		return;
	end->is_reading = is_reading;
	end->read = end->peer_next;
	if (is_reading && was_shut && end->state == SIM_OPEN)
		acknowledge(end, end->next, 0, TCP_ACK, now);
}

/* Without a socket there is nothing but the segment to answer from. */
static void refuse(struct sim_end *end, const struct sim_segment *segment)
{
	struct sim_segment reset = {.flags = TCP_RST, .is_df = true};

	if (segment->flags & TCP_RST || end->queued == SIM_QUEUE)
		return;
	if (segment->flags & TCP_ACK) {
		reset.sequence = segment->acknowledged;
	} else {
		reset.flags |= TCP_ACK;
		reset.acknowledged = segment->sequence + segment->bytes +
				     !!(segment->flags & TCP_SYN) +
				     !!(segment->flags & TCP_FIN);
	}
	reset.ttl = end->ttl;
	reset.window = STATELESS_WINDOW;
	reset.ip_id = end->id_kind == SIM_ID_COUNTER ? 0 : next_id(end);
	end->queue[end->queued++] = reset;
}

/* Ranges beyond a gap, joined to what is in order as gaps are filled. */
static void receive(struct sim_end *end, uint64_t start, uint64_t behind)
{
	if (start > end->peer_next) {
		for (unsigned i = 0; i < SIM_AHEAD; i++) {
			struct sim_range *range = &end->ahead[i];

			if (range->start == range->end) {
				*range = (struct sim_range){start, behind};
				return;
			}
		}
		return; /* no room: it will come again */
	}
	if (behind > end->peer_next)
		end->peer_next = behind;
	for (bool is_joined = true; is_joined;) {
		is_joined = false;
		for (unsigned i = 0; i < SIM_AHEAD; i++) {
			struct sim_range *range = &end->ahead[i];

			if (range->start == range->end ||
				range->start > end->peer_next)
				continue;
			if (range->end > end->peer_next)
				end->peer_next = range->end;
			range->end = range->start;
			is_joined = true;
		}
	}
}

static bool is_finished(const struct sim_end *end)
{
	return end->is_closed && end->unacknowledged == end_of_stream(end) &&
	       end->peer_fin != UINT64_MAX && end->peer_next > end->peer_fin;
}

static void take_acknowledgment(
	struct sim_end *end, const struct sim_segment *segment, int64_t now)
{
	bool is_empty =
		segment->bytes == 0 && !(segment->flags & (TCP_FIN | TCP_SYN));

	if (segment->acknowledged > end->highest)
		return;
	bool is_update = segment->window != end->peer_window;
	end->peer_window = segment->window;
	if (end->peer_window)
		end->probe_ns = INT64_MAX, end->probes = 0;
	if (segment->acknowledged > end->unacknowledged) {
		end->unacknowledged = segment->acknowledged;
		if (end->next < end->unacknowledged)
			end->next = end->unacknowledged;
		end->tries = end->duplicate_acks = 0;
		end->resend_ns = end->next > end->unacknowledged
					 ? now + timeout(end)
					 : INT64_MAX;
	} else if (is_empty && !is_update && end->next > end->unacknowledged &&
		   ++end->duplicate_acks == FAST_RETRANSMIT) {
		send_one(end, end->unacknowledged, end->mss, now);
	}
}

static void take_stream(
	struct sim_end *end, const struct sim_segment *segment, int64_t now)
{
	uint64_t behind = segment->sequence + segment->bytes;
	bool is_expected = segment->sequence == end->peer_next;

	if (segment->flags & TCP_FIN) {
		end->peer_fin = behind;
		behind++;
	}
	if (behind <= end->peer_next && segment->sequence < end->peer_next) {
		if (behind > segment->sequence)
			acknowledge(end, end->next, 0, TCP_ACK, now);
		return; /* all of it was there already */
	}
	if (behind == segment->sequence)
		return;
	if (window_of(end) == 0) {
		acknowledge(end, end->next, 0, TCP_ACK, now);
		return;
	}
	receive(end, segment->sequence, behind);
	end->unacknowledged_segments++;
	if (!is_expected || end->is_quick || segment->flags & TCP_FIN ||
		end->unacknowledged_segments >= 2)
		acknowledge(end, end->next, 0, TCP_ACK, now);
	else if (end->acknowledge_ns == INT64_MAX)
		end->acknowledge_ns = now + DELAYED_ACK_MS * MS;
}

static void become_open(struct sim_end *end, const struct sim_segment *segment)
{
	end->state = SIM_OPEN;
	end->unacknowledged = 1;
	end->tries = 0;
	end->resend_ns = INT64_MAX;
	end->peer_window = segment->window;
}

static void take_syn(
	struct sim_end *end, const struct sim_segment *segment, int64_t now)
{
	if (end->state == SIM_LISTEN) {
		end->state = SIM_SYN_RECEIVED;
		end->peer_next = 1;
		syn(end, now);
	} else if (end->state == SIM_SYN_SENT && segment->flags & TCP_ACK) {
		end->peer_next = 1;
		become_open(end, segment);
		acknowledge(end, 1, 0, TCP_ACK, now);
	} else if (end->state == SIM_SYN_RECEIVED) {
		syn(end, now);
	} else if (end->state == SIM_OPEN || end->state == SIM_TIME_WAIT) {
		acknowledge(end, end->next, 0, TCP_ACK, now);
	}
}

static void take_reset(struct sim_end *end, const struct sim_segment *segment)
{
	/* RFC 5961: exactly the next number. */
	bool is_right = end->state == SIM_SYN_SENT
				? (segment->flags & TCP_ACK) &&
					  segment->acknowledged == 1
				: segment->sequence == end->peer_next;

	if (!is_right || end->state == SIM_LISTEN || end->state == SIM_CLOSED ||
		end->state == SIM_TIME_WAIT)
		return;
	end->state = SIM_CLOSED;
	stop_timers(end);
}

void sim_end_take(
	struct sim_end *end, const struct sim_segment *segment, int64_t now)
{
	if (end->state == SIM_GONE)
		return;
	if (segment->flags & TCP_RST) {
		take_reset(end, segment);
		return;
	}
	if (end->state == SIM_CLOSED ||
		(end->state == SIM_LISTEN && !(segment->flags & TCP_SYN))) {
		refuse(end, segment);
		return;
	}
	if (segment->has_timestamp)
		end->echo = segment->timestamp_value;
	if (segment->flags & TCP_SYN) {
		take_syn(end, segment, now);
		return;
	}
	if (end->state == SIM_SYN_SENT)
		return;
	if (end->state == SIM_SYN_RECEIVED) {
		if (segment->acknowledged != 1)
			return;
		become_open(end, segment);
	}
	take_acknowledgment(end, segment, now);
	take_stream(end, segment, now);
	send_data(end, now);
	/* A keepalive, or a probe of a shut window: old, and answered. */
	if (segment->bytes == 0 && !(segment->flags & TCP_FIN) &&
		segment->sequence + 1 == end->peer_next)
		acknowledge(end, end->next, 0, TCP_ACK, now);
	if (end->state == SIM_OPEN && is_finished(end)) {
		/* Who closed last has nothing to wait for. */
		end->state = end->is_passive ? SIM_CLOSED : SIM_TIME_WAIT;
		stop_timers(end);
	}
}

int64_t sim_end_alarm(const struct sim_end *end)
{
	int64_t alarm = end->resend_ns;

	if (end->acknowledge_ns < alarm)
		alarm = end->acknowledge_ns;
	return end->probe_ns < alarm ? end->probe_ns : alarm;
}

static void resend(struct sim_end *end, int64_t now)
{
	if (++end->tries > end->most_tries) {
		give_up(end);
		return;
	}
	end->duplicate_acks = 0;
	if (end->state == SIM_OPEN) {
		send_one(end, end->unacknowledged, end->mss, now);
		/* Go back: the rest follows as it is acknowledged. */
		end->resend_ns = now + timeout(end);
	} else {
		syn(end, now);
	}
}

void sim_end_wake(struct sim_end *end, int64_t now)
{
	if (end->acknowledge_ns <= now)
		acknowledge(end, end->next, 0, TCP_ACK, now);
	if (end->probe_ns <= now) {
		acknowledge(end, end->next - 1, 0, TCP_ACK, now);
		end->tries = ++end->probes < 6 ? end->probes : 6;
		end->probe_ns = now + timeout(end);
		end->tries = 0;
	}
	if (end->resend_ns <= now)
		resend(end, now);
}
