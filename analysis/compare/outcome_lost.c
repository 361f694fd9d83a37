/* A packet that one lane has and no later one.
 *
 * It was lost if the receiver says so: it acknowledges nothing of it before a
 * copy arrives, or acknowledges what came behind it only up to it; or if every
 * copy is absent and nobody acknowledges any. What the receiver does
 * acknowledge arrived, and the recorder missed it. Acknowledgments and resets
 * are not acknowledged: nothing but their absence tells of them. */
#include "analysis/compare/outcome.h"

#include "analysis/compare/row_cover.h"
#include "capture/sequence.h"

/* Longer than Linux and Windows wait before they acknowledge; nobody sends
 * again by a timer sooner. */
enum { ACK_DELAY_NS = 200000000 };

/* What the rows tell of the bytes of one packet. */
struct traces {
	/* of what is absent, by the first lane's numbers */
	uint32_t sequence, end, payload_bytes;
	/* the first that arrived later, of its last byte at least: what is too
	 * large is sent again in smaller segments */
	const struct seen_packet *copy;
	const struct seen_packet *earlier; /* one that had arrived before */
	const struct seen_packet *behind;  /* the first of later bytes */
	const struct seen_packet *acknowledged_there; /* first, at that lane */
	const struct seen_packet *acknowledged;	      /* wherever */
	/* for it and nothing before it, after `behind` */
	const struct seen_packet *asked;
	const struct seen_packet *reset; /* the first there, from either end */
	const struct seen_packet *sent_again; /* that copy, where it was sent */
	uint32_t absent;	   /* copies that did not arrive either */
	int64_t first_ns, last_ns; /* when the first and the last were sent */
};

static bool is_sooner(
	const struct seen_packet *one, const struct seen_packet *other)
{
	return !other || one->time_ns < other->time_ns;
}

static void look_at_row(const struct judging *judging,
	const struct packet_row *row, const struct seen_packet *own,
	unsigned last, struct traces *traces)
{
	const struct row_set *rows = judging->rows;
	const struct seen_packet *sent = row_packet(rows, row, last);
	const struct seen_packet *there = row_packet(rows, row, last + 1);
	uint32_t sequence, end;

	if (!there) {
		if (!sent ||
			(sent != own &&
				(sent->payload_bytes != traces->payload_bytes ||
					row_sequence(rows, sent, last) !=
						traces->sequence ||
					(sent->flags ^ own->flags) &
						(TCP_SYN | TCP_RST))))
			return;
		traces->absent++;
		if (sent->time_ns < traces->first_ns)
			traces->first_ns = sent->time_ns;
		if (sent->time_ns > traces->last_ns)
			traces->last_ns = sent->time_ns;
		return;
	}
	if (there->flags & TCP_RST) {
		if (is_sooner(there, traces->reset))
			traces->reset = there;
		return;
	}
	sequence = row_sequence(rows, there, last + 1);
	end = sequence + seen_packet_length(there);
	if (!sequence_before(sequence, traces->end) &&
		seen_packet_length(there) && is_sooner(there, traces->behind))
		traces->behind = there;
	if (sequence_before(end, traces->end) ||
		!sequence_before(sequence, traces->end))
		return;
	if (sent && sent->time_ns <= own->time_ns) {
		if (!sequence_after(sequence, traces->sequence))
			traces->earlier = there;
	} else if (is_sooner(there, traces->copy)) {
		traces->copy = there;
		traces->sent_again = sent;
	}
}

static void look_back(const struct judging *judging,
	const struct packet_row *row, unsigned there, struct traces *traces)
{
	const struct row_set *back = judging->back;

	for (unsigned lane = 0; lane < back->lane_count; lane++) {
		const struct seen_packet *answer = row_packet(back, row, lane);
		uint32_t acknowledged;

		if (answer && lane == there && answer->flags & TCP_RST &&
			is_sooner(answer, traces->reset))
			traces->reset = answer;
		if (!answer || (answer->flags & (TCP_ACK | TCP_RST)) != TCP_ACK)
			continue;
		acknowledged = answer->acknowledged - back->shift[lane][1];
		if (!sequence_before(acknowledged, traces->end)) {
			if (is_sooner(answer, traces->acknowledged))
				traces->acknowledged = answer;
			if (lane == there &&
				is_sooner(answer, traces->acknowledged_there))
				traces->acknowledged_there = answer;
		} else if (lane == there && traces->behind &&
			   answer->time_ns > traces->behind->time_ns &&
			   acknowledged == traces->sequence) {
			traces->asked = answer;
		}
	}
}

/* Of the bytes from `sequence` to `end`: all of the packet's payload, or the
 * part of it that is absent. */
static struct traces traces_of(struct judging *judging,
	const struct seen_packet *own, unsigned last, uint32_t sequence,
	uint32_t end)
{
	const struct row_set *rows = judging->rows;
	const struct row_set *back = judging->back;
	struct traces traces = {
		.sequence = sequence,
		.end = end,
		.payload_bytes = end - sequence,
		.first_ns = own->time_ns,
		.last_ns = own->time_ns,
	};

	/* SYN and FIN take a number each */
	if (end == row_sequence(rows, own, last) + own->payload_bytes)
		traces.end =
			row_sequence(rows, own, last) + seen_packet_length(own);
	for (uint32_t i = 0; i < rows->count; i++)
		look_at_row(judging, &rows->rows[i], own, last, &traces);
	for (uint32_t i = 0; i < back->count; i++)
		look_back(judging, &back->rows[i], back->lane_count - 2 - last,
			&traces);
	return traces;
}

/* The receiver's packets begin there: nothing is lost behind it. */
static bool is_at_receiver(const struct row_set *back, unsigned lane)
{
	for (uint32_t i = 0; i < back->count; i++) {
		const struct seen_packet *packet =
			row_packet(back, &back->rows[i], lane);

		if (packet && !(packet->flags & TCP_RST))
			return packet->ttl == 64 || packet->ttl == 128 ||
			       packet->ttl == 255;
	}
	return false;
}

/* `is_sure`: that it is absent is no recorder's miss of one packet that was
 * lost further on. */
static void by_numbers(
	const struct traces *traces, bool is_sure, struct outcome *outcome)
{
	const struct seen_packet *early = traces->acknowledged_there;
	enum grade grade = is_sure ? GRADE_CERTAIN : GRADE_LIKELY;

	outcome->copies = traces->absent ? traces->absent : 1;
	if (traces->earlier)
		outcome_set(outcome, OUTCOME_NOT_JUDGED, GRADE_POSSIBLE,
			REASON_COPY_WAS_THERE, traces->earlier);
	else if (traces->copy && early &&
		 early->time_ns < traces->copy->time_ns)
		outcome_set(outcome, OUTCOME_NOT_RECORDED, GRADE_CERTAIN,
			REASON_ACKNOWLEDGED, early);
	else if (traces->copy)
		outcome_set(outcome, OUTCOME_LOST, grade, REASON_COPY_ARRIVED,
			traces->copy);
	else if (traces->acknowledged)
		outcome_set(outcome, OUTCOME_NOT_RECORDED, GRADE_CERTAIN,
			REASON_ACKNOWLEDGED, traces->acknowledged);
	else if (traces->asked)
		outcome_set(outcome, OUTCOME_LOST, grade, REASON_HOLE_ANSWERED,
			traces->asked);
	else if (traces->absent > 1)
		outcome_set(outcome, OUTCOME_LOST, GRADE_CERTAIN,
			REASON_COPIES_ABSENT, NULL);
	else
		outcome_set(outcome, OUTCOME_LOST, GRADE_LIKELY, REASON_ABSENT,
			NULL);
}

/* May it have arrived, and nobody acknowledged it? A copy may be sent before a
 * delayed acknowledgment is (a tail loss probe, RFC 8985, 7), an end that was
 * reset acknowledges nothing more, and a SYN may be answered by an ACK of an
 * earlier connection (RFC 9293, 3.10.7.4). */
static bool may_be_unanswered(
	const struct traces *traces, const struct seen_packet *own)
{
	int64_t apart_ns;

	if (traces->reset)
		return true;
	if (traces->sent_again &&
		(__builtin_sub_overflow(traces->sent_again->time_ns,
			 own->time_ns, &apart_ns) ||
			apart_ns < ACK_DELAY_NS))
		return true;
	return own->flags & TCP_SYN;
}

/* Does the receiver, in its own lane `there` of the way back, go on after that
 * time as if nothing of it had come? */
static bool is_unaware(const struct judging *judging, unsigned there,
	const struct traces *traces, int64_t since_ns)
{
	const struct row_set *back = judging->back;

	if (!is_at_receiver(back, there))
		return false;
	for (uint32_t i = 0; i < back->count; i++) {
		const struct seen_packet *packet =
			row_packet(back, &back->rows[i], there);

		if (packet &&
			(packet->flags & (TCP_ACK | TCP_RST)) == TCP_ACK &&
			packet->time_ns > since_ns &&
			sequence_before(
				packet->acknowledged - back->shift[there][1],
				traces->end))
			return true;
	}
	return false;
}

/* Was the recorder of the next lane at work between the first copy that is
 * absent there and the last, or the one that arrived? It wrote something in
 * between, or the receiver shows later that it got none. Else all copies may
 * have passed while the recorder stood still. */
static bool was_recording(const struct judging *judging, unsigned last,
	const struct traces *traces)
{
	const struct conn_set *conns = judging->set;
	const uint8_t *lanes = &judging->rows->lanes[last];
	const struct silences *silences =
		&conns->table->files[conns->table->lanes[lanes[1]].file]
			 .silences;
	int64_t error_ns = conn_set_error_ns(conns, lanes[0], lanes[1]);
	int64_t from_ns = traces->first_ns, to_ns = traces->last_ns;

	if (traces->sent_again && traces->sent_again->time_ns > to_ns)
		to_ns = traces->sent_again->time_ns;
	if (!conn_set_time_at(conns, lanes[0], lanes[1], from_ns, &from_ns) ||
		!conn_set_time_at(conns, lanes[0], lanes[1], to_ns, &to_ns) ||
		__builtin_add_overflow(error_ns, ACK_DELAY_NS, &error_ns))
		return false;
	return silences_wrote(silences, from_ns, to_ns) ||
	       (!__builtin_add_overflow(to_ns, error_ns, &to_ns) &&
		       is_unaware(judging, judging->back->lane_count - 2 - last,
			       traces, to_ns));
}

void outcome_of_lost(struct judging *judging, const struct packet_row *row,
	unsigned last, struct outcome *outcome)
{
	const struct seen_packet *own = row_packet(judging->rows, row, last);
	bool is_reset = own->flags & TCP_RST;
	/* of a proxy's handshakes each is its own */
	bool is_foreign = judging->group->is_renumbered &&
			  own->flags & (TCP_SYN | TCP_RST);
	uint32_t sequence, end;

	if (!row_cover_lacks(
		    judging->rows, row, last, last + 1, &sequence, &end)) {
		outcome_set(outcome, OUTCOME_ARRIVED, GRADE_CERTAIN,
			REASON_NONE, NULL);
		return;
	}
	if (judging->group->expected != EXPECTED_NOT &&
		last + 2 == judging->rows->lane_count) {
		outcome_of_unanswered(judging, row, last, outcome);
		return;
	}
	if (is_foreign || !judging_covers(judging, last + 1, own, last)) {
		outcome_set(outcome, OUTCOME_NOT_JUDGED, GRADE_UNDETERMINED,
			REASON_NONE, NULL);
		return;
	}
	if (seen_packet_length(own) == 0 || is_reset) {
		outcome_set(outcome,
			is_reset ? OUTCOME_LOST : OUTCOME_NOT_JUDGED,
			is_reset ? GRADE_LIKELY : GRADE_POSSIBLE,
			is_reset ? REASON_ABSENT : REASON_ACK_ONLY, NULL);
		return;
	}
	if (!judging_may_look(judging)) {
		outcome_set(outcome, OUTCOME_NOT_JUDGED, GRADE_UNDETERMINED,
			REASON_LIMIT, NULL);
		return;
	}
	struct traces traces = traces_of(judging, own, last, sequence, end);

	unsigned there = judging->back->lane_count - 2 - last;

	by_numbers(&traces,
		traces.absent > 1 ||
			(!may_be_unanswered(&traces, own) &&
				is_at_receiver(judging->back, there)),
		outcome);
	if (outcome->kind == OUTCOME_LOST && outcome->grade == GRADE_CERTAIN &&
		outcome->reason != REASON_HOLE_ANSWERED &&
		!was_recording(judging, last, &traces))
		outcome->grade = GRADE_LIKELY;
}
