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

static void set(struct outcome *outcome, enum outcome_kind kind,
	enum grade grade, enum outcome_reason reason,
	const struct seen_packet *proof)
{
	outcome->kind = kind;
	outcome->grade = grade;
	outcome->reason = reason;
	outcome->proof = proof ? proof->frame : 0;
}

/* What the lane before recorded of the same sender. */
struct sender_there {
	const struct seen_packet *later; /* than the packet, without RST */
	const struct seen_packet *other; /* data at its numbers */
	const struct seen_packet *behind; /* later, and not as far */
	const struct seen_packet *ahead; /* numbers behind the packet's */
	const struct seen_packet *same;  /* of which it is one more copy */
};

static bool is_copy(const struct seen_packet *one, const struct seen_packet *other)
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
	if (!there || there->flags & (TCP_RST | TCP_SYN))
		return;
	end = row_sequence(rows, there, first - 1);
	is_pure = seen_packet_length(there) == 0;
	is_later = is_time_known &&
		   there->time_ns > time_there_ns + CLOCK_MARGIN_NS / 10;
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

static void by_reset(const struct judging *judging,
	const struct seen_packet *own, unsigned first,
	const struct sender_there *found, struct outcome *outcome)
{
	const struct row_set *rows = judging->rows;

	if (usual_ttl_is_foreign(judging->set, own, rows->lanes[first],
		    &outcome->usual_ttl))
		set(outcome, OUTCOME_NEVER_SENT, GRADE_CERTAIN,
			REASON_OTHER_TTL, NULL);
	else if (found->later)
		set(outcome, OUTCOME_NEVER_SENT, GRADE_CERTAIN,
			REASON_SENDER_WENT_ON, found->later);
	else
		set(outcome, OUTCOME_NEVER_SENT, GRADE_LIKELY, REASON_ABSENT,
			NULL);
}

static void by_numbers(
	const struct sender_there *found, struct outcome *outcome)
{
	if (found->other)
		set(outcome, OUTCOME_NEVER_SENT, GRADE_CERTAIN,
			REASON_OTHER_DATA, found->other);
	else if (found->behind)
		set(outcome, OUTCOME_NEVER_SENT, GRADE_CERTAIN,
			REASON_NUMBERS_BEHIND, found->behind);
	else if (found->ahead)
		set(outcome, OUTCOME_NOT_RECORDED, GRADE_CERTAIN,
			REASON_NUMBERS_AHEAD, found->ahead);
	else
		set(outcome, OUTCOME_NEVER_SENT, GRADE_POSSIBLE, REASON_ABSENT,
			NULL);
}

void outcome_of_entered(struct judging *judging, const struct packet_row *row,
	unsigned first, struct outcome *outcome)
{
	const struct row_set *rows = judging->rows;
	const struct seen_packet *own = row_packet(rows, row, first);
	struct sender_there found = {.later = NULL};
	int64_t time_ns;
	bool is_known;

	if (row_is_covered(rows, row, first - 1)) {
		set(outcome, OUTCOME_ARRIVED, GRADE_CERTAIN, REASON_NONE, NULL);
		return;
	}
	if (judging->looked++ >= JUDGED_MOST ||
		!judging_covers(judging, first - 1, own, first)) {
		set(outcome, OUTCOME_NOT_JUDGED, GRADE_UNDETERMINED,
			REASON_NONE, NULL);
		return;
	}
	is_known = conn_set_time_at(judging->set, rows->lanes[first],
		rows->lanes[first - 1], own->time_ns, &time_ns);
	for (uint32_t i = 0; i < rows->count; i++)
		look_at(judging, &rows->rows[i], own, first, time_ns, is_known,
			&found);
	outcome->copies = 1;
	if (found.same)
		set(outcome, OUTCOME_DUPLICATED, GRADE_CERTAIN, REASON_NONE,
			found.same);
	else if (own->flags & TCP_RST)
		by_reset(judging, own, first, &found, outcome);
	else if (seen_packet_length(own) == 0)
		set(outcome, OUTCOME_NOT_JUDGED, GRADE_POSSIBLE,
			REASON_ACK_ONLY, NULL);
	else
		by_numbers(&found, outcome);
}
