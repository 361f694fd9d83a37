/* A packet that a lane has and none before it on its way.
 *
 * A device between both lanes sent it if what it claims is untrue: its sender
 * goes on as if it had not, has other data at these numbers, or numbers that
 * never came so far; or if it comes from elsewhere, by its TTL. Numbers of the
 * sender that went on behind it say that the recorder missed it. */
#include "analysis/compare/outcome.h"

#include <string.h>

#include "analysis/compare/row_cover.h"
#include "analysis/compare/usual_ttl.h"
#include "capture/sequence.h"

/* What the lane before recorded of the same sender. */
struct sender_there {
	const struct seen_packet *later;  /* than the packet, without RST */
	const struct seen_packet *other;  /* data at its numbers */
	const struct seen_packet *behind; /* later, and not as far */
	const struct seen_packet *ahead;  /* numbers behind the packet's */
	bool has_begun_anew; /* a later SYN: it goes on with another */
	const struct seen_packet *same; /* of which it is one more copy */
};

static bool is_copy(
	const struct seen_packet *one, const struct seen_packet *other)
{
	return one->sequence == other->sequence &&
	       one->acknowledged == other->acknowledged &&
	       one->flags == other->flags && one->ip_id == other->ip_id &&
	       one->timestamp_value == other->timestamp_value &&
	       one->payload_bytes == other->payload_bytes &&
	       one->window == other->window && one->digest == other->digest;
}

static void look_at(const struct judging *judging, const struct packet_row *row,
	const struct seen_packet *own, unsigned first, int64_t time_there_ns,
	bool is_time_known, struct sender_there *found)
{
	const struct row_set *rows = judging->rows;
	const struct seen_packet *there = row_packet(rows, row, first - 1);
	const struct seen_packet *twin = row_packet(rows, row, first);
	uint32_t sequence = row_sequence(rows, own, first), end;
	bool is_later, is_pure;

	if (twin && twin != own && there && is_copy(twin, own))
		found->same = there;
	if (there && there->flags & TCP_SYN && is_time_known &&
		there->time_ns > time_there_ns)
		found->has_begun_anew = true;
	if (!there || there->flags & (TCP_RST | TCP_SYN))
		return;
	end = row_sequence(rows, there, first - 1);
	is_pure = seen_packet_length(there) == 0;
	is_later = is_time_known && there->time_ns > time_there_ns;
	if (is_later && !found->later)
		found->later = there;
	if (end == sequence && there->payload_bytes &&
		(seen_packet_differs_in_payload(own, there) ||
			(own->flags & TCP_FIN && own->payload_bytes == 0)))
		found->other = there;
	if (is_later && is_pure &&
		sequence_before(end, sequence + seen_packet_length(own)) &&
		(end + 1 != sequence + seen_packet_length(own) ||
			own->flags & TCP_FIN))
		found->behind = there;
	end += seen_packet_length(there);
	if (!sequence_before(end, sequence + seen_packet_length(own)))
		found->ahead = there;
}

/* At which TTLs packets arrive that the sender sent for sure: the lane before
 * has them. */
static struct ttl_range genuine_ttls(const struct row_set *rows,
	const struct seen_packet *own, unsigned first)
{
	const struct track *track = conn_set_track(rows->set, own->track);
	struct ttl_range range = {0, 0, 0};

	for (uint32_t i = 0; i < rows->count; i++) {
		const struct packet_row *row = &rows->rows[i];
		const struct seen_packet *packet = row_packet(rows, row, first);

		if (packet && row->at[first - 1] &&
			conn_set_track(rows->set, packet->track) == track)
			ttl_range_add(&range, packet->ttl, 1);
	}
	return range;
}

/* The number behind the data that a reset without ACK answers: the reset's own
 * is what that acknowledges (RFC 9293, 3.5.2), so that it is the last such
 * segment or an earlier one. False: that is no data, or there is none. */
static bool answered_end(const struct judging *judging,
	const struct seen_packet *own, unsigned first, uint32_t *end)
{
	const struct row_set *back = judging->back;
	unsigned lane = back->lane_count - 1 - first;
	const struct seen_packet *last = NULL;

	for (uint32_t i = 0; i < back->count; i++) {
		const struct seen_packet *packet =
			row_packet(back, &back->rows[i], lane);

		if (packet && packet->acknowledged == own->sequence &&
			packet->time_ns <= own->time_ns &&
			(!last || packet->time_ns > last->time_ns))
			last = packet;
	}
	if (!last || !last->payload_bytes)
		return false;
	*end = last->sequence - back->shift[lane][0] + seen_packet_length(last);
	return true;
}

/* A segment at the lane before that its sender can't have sent but after the
 * reset, by its numbers; NULL: there is none. With ACK it is a socket's, which
 * sends nothing more (RFC 9293, 3.10.7). Without, it answers a segment for
 * which there is no socket: not one that a socket acknowledged. */
static const struct seen_packet *went_on(const struct judging *judging,
	const struct seen_packet *own, unsigned first)
{
	const struct row_set *rows = judging->rows;
	bool is_sockets = own->flags & TCP_ACK;
	uint32_t sequence = row_sequence(rows, own, first);
	uint32_t acknowledged = own->acknowledged - rows->shift[first][1];

	if (!is_sockets && !answered_end(judging, own, first, &acknowledged))
		return NULL;
	for (uint32_t i = 0; i < rows->count; i++) {
		const struct seen_packet *there =
			row_packet(rows, &rows->rows[i], first - 1);
		uint32_t more;

		if (!there || (there->flags & (TCP_RST | TCP_ACK)) != TCP_ACK)
			continue;
		more = there->acknowledged - rows->shift[first - 1][1];
		if (is_sockets ? sequence_after(more, acknowledged) ||
					 sequence_after(
						 row_sequence(rows, there,
							 first - 1) +
							 seen_packet_length(
								 there),
						 sequence)
			       : !sequence_before(more, acknowledged))
			return there;
	}
	return NULL;
}

/* Would the reset end this connection? One with other numbers answers another,
 * and its sender goes on with this one (RFC 9293, 3.5.2). */
static bool is_of_connection(
	const struct conn_set *set, const struct seen_packet *own)
{
	enum { WINDOW = 1 << 16 };
	const struct track *track = conn_set_track(set, own->track);
	const struct track_side *side = &track->side[own->side];

	return side->has_sent &&
	       sequence_distance(side->isn, own->sequence) >= 0 &&
	       sequence_distance(own->sequence, side->next) > -WINDOW;
}

static void by_reset(const struct judging *judging,
	const struct seen_packet *own, unsigned first,
	const struct sender_there *found, struct outcome *outcome)
{
	const struct row_set *rows = judging->rows;
	struct ttl_range range = genuine_ttls(rows, own, first);
	const struct seen_packet *later = went_on(judging, own, first);

	if (range.packets == 0)
		range = usual_ttl_of(judging->set, own, rows->lanes[first]);
	outcome->usual_ttl = range.packets ? range.most : 0;
	if (ttl_range_is_foreign(&range, own->ttl))
		outcome_set(outcome, OUTCOME_NEVER_SENT, GRADE_CERTAIN,
			REASON_OTHER_TTL, NULL);
	else if (judging->group->is_renumbered)
		outcome_set(outcome, OUTCOME_NOT_JUDGED, GRADE_UNDETERMINED,
			REASON_NONE, NULL);
	else if ((found->later || later) && !found->has_begun_anew &&
		 is_of_connection(judging->set, own))
		outcome_set(outcome, OUTCOME_NEVER_SENT, GRADE_CERTAIN,
			REASON_SENDER_WENT_ON,
			found->later ? found->later : later);
	else
		outcome_set(outcome, OUTCOME_NEVER_SENT, GRADE_LIKELY,
			REASON_ABSENT, NULL);
}

static void by_numbers(
	const struct sender_there *found, struct outcome *outcome)
{
	if (found->other)
		outcome_set(outcome, OUTCOME_NEVER_SENT, GRADE_CERTAIN,
			REASON_OTHER_DATA, found->other);
	else if (found->behind)
		outcome_set(outcome, OUTCOME_NEVER_SENT, GRADE_CERTAIN,
			REASON_NUMBERS_BEHIND, found->behind);
	else if (found->ahead)
		outcome_set(outcome, OUTCOME_NOT_RECORDED, GRADE_CERTAIN,
			REASON_NUMBERS_AHEAD, found->ahead);
	else
		outcome_set(outcome, OUTCOME_NOT_JUDGED, GRADE_POSSIBLE,
			REASON_ABSENT, NULL);
}

/* The sender's packets begin at the lane before: it is the sender's own, and
 * nothing but the sender is beyond it. */
static bool is_at_sender(const struct row_set *rows, unsigned lane)
{
	for (uint32_t i = 0; i < rows->count; i++) {
		const struct packet_row *row = &rows->rows[i];
		const struct seen_packet *packet = row_packet(rows, row, lane);

		if (packet && row->at[lane + 1])
			return packet->ttl == 64 || packet->ttl == 128 ||
			       packet->ttl == 255;
	}
	return false;
}

/* Even where the lane before had ended: from elsewhere than its host is from
 * between. */
static bool is_from_between(const struct row_set *rows,
	const struct seen_packet *own, unsigned first, struct outcome *outcome)
{
	struct ttl_range range = genuine_ttls(rows, own, first);

	if (!(own->flags & TCP_RST) || !is_at_sender(rows, first - 1) ||
		!ttl_range_is_foreign(&range, own->ttl))
		return false;
	outcome->usual_ttl = range.most;
	outcome_set(outcome, OUTCOME_NEVER_SENT, GRADE_CERTAIN,
		REASON_OTHER_TTL, NULL);
	return true;
}

/* Is there a router between the lane and the one before, by packets that both
 * have, of either direction? */
static bool has_hop_between(const struct judging *judging, unsigned first)
{
	const struct row_set *sets[] = {judging->rows, judging->back};

	for (unsigned i = 0; i < 2; i++) {
		const struct row_set *rows = sets[i];
		unsigned lane = i == 0 ? first : rows->lane_count - 1 - first;
		unsigned before = i == 0 ? first - 1 : lane + 1;

		for (uint32_t j = 0; j < rows->count; j++) {
			const struct seen_packet *one =
				row_packet(rows, &rows->rows[j], lane);
			const struct seen_packet *other =
				row_packet(rows, &rows->rows[j], before);

			if (one && other)
				return one->ttl != other->ttl;
		}
	}
	return true; /* other connections passed both */
}

/* Where it entered: the lane before is the sender's own, or the packet begins
 * behind it, or several are absent there; else its recorder may have missed
 * one that entered before. */
static bool is_placed(const struct judging *judging,
	const struct packet_row *row, unsigned first)
{
	const struct row_set *rows = judging->rows;
	const struct seen_packet *own = row_packet(rows, row, first);
	struct ttl_range range = genuine_ttls(rows, own, first);
	unsigned alike = 0;

	if (range.packets == 0)
		range = usual_ttl_of(judging->set, own, rows->lanes[first]);
	if (is_at_sender(rows, first - 1) ||
		((own->ttl == 64 || own->ttl == 255) && range.packets &&
			ttl_range_is_foreign(&range, own->ttl) &&
			has_hop_between(judging, first)))
		return true;
	for (uint32_t i = 0; i < rows->count; i++)
		if (row_first(rows, &rows->rows[i]) == first &&
			row_packet(rows, &rows->rows[i], first)->flags ==
				own->flags)
			alike++;
	return alike > 1 && own->flags & TCP_RST;
}

/* Nearly every packet has a copy that the lane before has not: its recorder
 * writes packets twice, as on a mirror of both directions of a port. */
static bool is_recorded_twice(const struct row_set *rows, unsigned lane)
{
	uint32_t both = 0, alone = 0;

	for (uint32_t i = 0; i < rows->count; i++) {
		const struct packet_row *row = &rows->rows[i];

		both += row->at[lane] && row->at[lane - 1];
		alone += row->at[lane] && !row->at[lane - 1];
	}
	return 2 * alone > both;
}

/* What has one IP ID was sent once, so that a device copied it; without an ID
 * it may have been sent again, which the recorder before missed. Copied before
 * that recorder, it may have missed one of both as well. */
static enum grade duplicate_grade(const struct judging *judging,
	const struct packet_row *row, unsigned first)
{
	const struct row_set *rows = judging->rows;
	const struct seen_packet *own = row_packet(rows, row, first);

	if (is_recorded_twice(rows, first))
		return GRADE_POSSIBLE;
	if (own->ip_id == 0 || rows->has_other_ids)
		return GRADE_POSSIBLE;
	return is_at_sender(rows, first - 1) ? GRADE_CERTAIN : GRADE_LIKELY;
}

/* What the lane before recorded of the same sender; `lacks`: how many bytes of
 * the packet it has not. */
static struct sender_there sender_of(const struct judging *judging,
	const struct seen_packet *own, unsigned first, uint32_t lacks)
{
	const struct row_set *rows = judging->rows;
	struct sender_there found = {.later = NULL};
	int64_t time_ns;
	bool is_known;

	is_known = conn_set_time_at(judging->set, rows->lanes[first],
		rows->lanes[first - 1], own->time_ns, &time_ns);
	is_known &= !__builtin_add_overflow(time_ns,
		conn_set_error_ns(judging->set, rows->lanes[first],
			rows->lanes[first - 1]),
		&time_ns);
	for (uint32_t i = 0; i < rows->count; i++)
		look_at(judging, &rows->rows[i], own, first, time_ns, is_known,
			&found);
	/* a part of it passed there */
	if (lacks < own->payload_bytes)
		found.other = found.behind = NULL;
	return found;
}

static void by_sender(const struct judging *judging,
	const struct packet_row *row, unsigned first, uint32_t lacks,
	struct outcome *outcome)
{
	const struct seen_packet *own = row_packet(judging->rows, row, first);
	struct sender_there found = sender_of(judging, own, first, lacks);

	outcome->copies = 1;
	if (found.same)
		outcome_set(outcome, OUTCOME_DUPLICATED,
			duplicate_grade(judging, row, first), REASON_NONE,
			found.same);
	else if (own->flags & TCP_RST)
		by_reset(judging, own, first, &found, outcome);
	else if (seen_packet_length(own) == 0)
		outcome_set(outcome, OUTCOME_NOT_JUDGED, GRADE_POSSIBLE,
			REASON_ACK_ONLY, NULL);
	else
		by_numbers(&found, outcome);
	if (outcome->kind == OUTCOME_NEVER_SENT &&
		outcome->grade == GRADE_CERTAIN &&
		!is_placed(judging, row, first))
		outcome->grade = GRADE_LIKELY;
}

/* Can the lane before tell of it? Of a proxy's handshakes each is its own. */
static bool is_comparable(struct judging *judging,
	const struct seen_packet *own, unsigned first)
{
	return !(judging->group->is_renumbered && own->flags & TCP_SYN) &&
	       judging_covers(judging, first - 1, own, first);
}

void outcome_of_entered(struct judging *judging, const struct packet_row *row,
	unsigned first, struct outcome *outcome)
{
	const struct row_set *rows = judging->rows;
	const struct seen_packet *own = row_packet(rows, row, first);
	uint32_t sequence, end;
	bool has_record;

	if (!row_cover_lacks(rows, row, first, first - 1, &sequence, &end)) {
		outcome_set(outcome, OUTCOME_ARRIVED, GRADE_CERTAIN,
			REASON_NONE, NULL);
		return;
	}
	has_record = is_comparable(judging, own, first);
	outcome_set(outcome, OUTCOME_NOT_JUDGED, GRADE_UNDETERMINED,
		REASON_NONE, NULL);
	if (!has_record && !(own->flags & TCP_RST))
		return;
	if (!judging_may_look(judging))
		outcome->reason = REASON_LIMIT;
	else if (!is_from_between(rows, own, first, outcome) && has_record)
		by_sender(judging, row, first, end - sequence, outcome);
}
