/* Could the sender of a reset have received what the reset acknowledges? */
#include "analysis/verdict/facts_timing.h"

#include "capture/sequence.h"

static const int64_t never = INT64_MAX;

/* When the reset came, counted from the data before it, beside the shortest
 * round trip of such data to the reset's sender. */
struct answer_time {
	int64_t after_us;
	uint32_t rtt_us;
};

/* When was the data sent that the reset answers, at the earliest? The peer's
 * last segment, if the reset acknowledges all of it, or, without ACK, if all
 * before it was acknowledged. Else a segment of the first request, if nothing
 * of that was acknowledged before: none came before the SYN-ACK. `never`: it
 * answers none, or that is not known. */
static int64_t asked_ns(const struct packet_note *note,
	const struct side_snapshot *own, const struct side_snapshot *peer)
{
	bool has_ack = note->tcp_flags & TCP_ACK;

	if (has_ack ? note->acknowledged == peer->next
		    : own->acked == peer->next - peer->last_payload)
		return peer->last_ns;
	if (own->last_flags & TCP_SYN &&
		(!has_ack || sequence_after(note->acknowledged, own->acked)))
		return own->last_ns;
	return never;
}

/* False: there is no data that this reset may answer, or no round trip to
 * compare with. */
static bool time_answer(const struct verdict_context *context,
	const struct closed_conn *conn, const struct reset *reset,
	struct answer_time *time)
{
	const struct flow *flow = &conn->flow;
	const struct packet_note *note = &reset->note;
	const struct side_snapshot *own = &reset->before[note->side];
	const struct side_snapshot *peer = &reset->before[!note->side];
	bool is_server = note->side == flow_server(flow);
	bool is_rtt_known =
		flow->flags & (is_server ? FLOW_SYN_RTT : FLOW_ACK_RTT);
	int64_t from_ns;

	time->rtt_us = is_server ? flow->server_rtt_us : flow->client_rtt_us;
	if (!is_rtt_known ||
		time->rtt_us < context->thresholds->measurable_rtt_us ||
		peer->last_payload == 0 || !(peer->flags & SIDE_SEEN))
		return false;
	from_ns = asked_ns(note, own, peer);
	if (from_ns == never)
		return false;
	time->after_us = (note->time_ns - from_ns) / 1000;
	if (time->after_us < 0)
		return false;
	/* the answer to the first copy seems fast beside a later one */
	return !reset->has_repeated[!note->side];
}

static void set_sooner(const struct reset *reset, enum fact fact,
	const struct answer_time *time, bool holds, struct facts *facts)
{
	const struct packet_note *note = &reset->note;

	fact_set(facts, fact, holds ? TRUTH_YES : TRUTH_NO, note->frame,
		reset->before[!note->side].last_frame);
	fact_found(facts, fact, "%.3f ms", (double)time->after_us / 1000);
	fact_expected(facts, fact, "about %.3f ms, the shortest round trip",
		(double)time->rtt_us / 1000);
}

/* Distance, form and numbers are the side's own, and no identification tells
 * more. Its answers may all have been its program's, and slow, where
 * acknowledgments ride on them; the SYN-ACK may have waited for an address. */
static void set_only_time(const struct reset *reset, struct facts *facts)
{
	const struct packet_note *note = &reset->note;

	if (!fact_holds(facts, FACT_RESET_FASTER_THAN_PATH) ||
		!fact_holds(facts, FACT_RESET_TTL_MATCHES_SENDER) ||
		!fact_holds(facts, FACT_RESET_FROM_SOCKET) ||
		fact_holds(facts, FACT_RESET_HAS_OTHER_DF) ||
		fact_truth(facts, FACT_RESET_IP_ID_CONTINUES) != TRUTH_UNKNOWN)
		return;
	fact_set(facts, FACT_ONLY_ITS_TIME_DIFFERS, TRUTH_YES, note->frame,
		reset->before[note->side].last_frame);
	fact_found(facts, FACT_ONLY_ITS_TIME_DIFFERS,
		"distance, form and numbers of this side");
	fact_expected(facts, FACT_ONLY_ITS_TIME_DIFFERS,
		"another difference than the time");
}

/* A reset that acknowledges data cannot be at the capture point sooner than
 * the data's round trip to the sender. Fooled by: a route that got shorter;
 * hence a quarter of the shortest seen. Between that and nearly the whole the
 * endpoint is only doubtful; so it is without ACK, where the reset may have
 * been under way. */
void facts_timing(const struct verdict_context *context,
	const struct closed_conn *conn, const struct reset *reset,
	struct facts *facts)
{
	const struct thresholds *limits = context->thresholds;
	struct answer_time time;

	if (!time_answer(context, conn, reset, &time))
		return;
	set_sooner(reset, FACT_RESET_WITHIN_ROUND_TRIP, &time,
		time.after_us * 100 < time.rtt_us * limits->within_rtt_percent,
		facts);
	/* only acknowledged data proves that the packet was waited for */
	if (reset->note.tcp_flags & TCP_ACK)
		set_sooner(reset, FACT_RESET_FASTER_THAN_PATH, &time,
			time.after_us < time.rtt_us / limits->too_fast_share,
			facts);
	set_only_time(reset, facts);
}
