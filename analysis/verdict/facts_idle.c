/* Idle times: the one before the ending, and those of other connections
 * between the same networks. */
#include "analysis/verdict/facts_idle.h"

#include "analysis/verdict/ending.h"
#include "analysis/verdict/facts_shape.h"
#include "analysis/verdict/facts_size.h"

/* The idle times of connections between these networks; NULL where too few
 * died of them. */
static const struct idle_path *deadly_path_of(
	const struct verdict_context *context, const struct closed_conn *conn)
{
	unsigned client = flow_client(&conn->flow);
	const struct idle_path *path = idle_stats_find(
		&context->learned->idle_stats, &conn->address[client],
		&conn->address[!client], conn->flow.flags & FLOW_V6 ? 6 : 4);

	return path && path->died >= context->thresholds->idle_deaths ? path
								      : NULL;
}

/* Whether a timer separates the idle times that connections of this path
 * survived from those after which they failed. */
static void set_timer(const struct verdict_context *context,
	const struct closed_conn *conn, struct facts *facts)
{
	const struct flow *flow = &conn->flow;
	unsigned client = flow_client(flow);
	const struct idle_path *path = deadly_path_of(context, conn);

	if (!path || !path->longest_survived_ms)
		return;
	if (idle_path_is_separated(path) &&
		idle_path_may_be_one_event(path, &conn->address[!client]))
		return;
	fact_set(facts, FACT_IDLE_TIMER_ON_PATH,
		idle_path_is_separated(path) ? TRUTH_YES : TRUTH_NO,
		flow->gap_frame, 0);
	fact_found(facts, FACT_IDLE_TIMER_ON_PATH,
		"survived %.1f s, died %.1f s",
		(double)path->longest_survived_ms / 1000,
		(double)path->shortest_died_ms / 1000);
}

/* Did connections of this path that had been idle for quite different times,
 * or for less than others had survived, all fail at one moment? A timer kills
 * each in its own time. Of an answer in the form and from the place of the
 * server's kernel. */
static void set_together(const struct verdict_context *context,
	const struct closed_conn *conn, const struct reset *reset,
	struct facts *facts)
{
	unsigned client = flow_client(&conn->flow);
	const struct idle_path *path = deadly_path_of(context, conn);

	if (!path || idle_path_is_separated(path) ||
		reset->note.side == client ||
		reset->before[!client].flags & SIDE_FIN ||
		!facts_shape_is_stateless(&reset->note) ||
		!fact_holds(facts, FACT_RESET_ANSWERS_PEER) ||
		!fact_holds(facts, FACT_RESET_TTL_MATCHES_SENDER) ||
		!idle_path_may_be_one_event(path, &conn->address[!client]) ||
		(!path->longest_survived_ms &&
			path->longest_died_ms / 2 < path->shortest_died_ms))
		return;
	fact_set(facts, FACT_DIED_TOGETHER, TRUTH_YES, reset->note.frame, 0);
	fact_found(facts, FACT_DIED_TOGETHER,
		"%u at one moment, idle for %.1f s to %.1f s", path->died,
		(double)path->shortest_died_ms / 1000,
		(double)path->longest_died_ms / 1000);
	fact_expected(facts, FACT_DIED_TOGETHER, "each after one time");
}

/* Was the host that answers nothing heard in another connection after that? One
 * that is off leaves all its connections unanswered, the longest idle ones with
 * them. */
static bool is_heard_since(
	const struct verdict_context *context, const struct closed_conn *conn)
{
	const struct host_ttl *host;
	unsigned victim;

	if (!ending_unanswered_side(conn, &victim))
		return false;
	host = host_ttls_find(&context->learned->host_ttls,
		&conn->address[!victim], conn->flow.flags & FLOW_V6 ? 6 : 4);
	return host && host->last_ns > conn->evidence->unacked[victim].since_ns;
}

/* Could a device have forgotten the connection in the gap? After
 * FACT_IDLE_BEFORE. */
static void set_enough(const struct thresholds *limits, uint32_t gap_ms,
	uint32_t gap_frame, struct facts *facts)
{
	bool is_enough = gap_ms >= limits->shortest_timer_s * 1000;

	fact_set(facts, FACT_IDLE_LONG_ENOUGH,
		is_enough && fact_holds(facts, FACT_IDLE_BEFORE) ? TRUTH_YES
								 : TRUTH_NO,
		gap_frame, 0);
	fact_found(
		facts, FACT_IDLE_LONG_ENOUGH, "%.1f s", (double)gap_ms / 1000);
	fact_expected(facts, FACT_IDLE_LONG_ENOUGH,
		"at least %u s, the shortest timers of devices",
		(unsigned)limits->shortest_timer_s);
}

/* Was nothing waiting for an acknowledgment? */
static bool is_quiet(
	const struct side_snapshot *own, const struct side_snapshot *peer)
{
	return (!(peer->flags & SIDE_SEEN) || own->next == peer->acked) &&
	       (!(own->flags & SIDE_SEEN) || peer->next == own->acked);
}

void facts_idle_before(const struct verdict_context *context,
	const struct closed_conn *conn, const struct reset *reset,
	struct facts *facts)
{
	const struct thresholds *limits = context->thresholds;
	const struct flow *flow = &conn->flow;
	const struct packet_note *note = &reset->note;
	const struct side_snapshot *own = &reset->before[note->side];
	const struct side_snapshot *peer = &reset->before[!note->side];
	uint32_t gap_ms = 0, gap_frame = note->frame;
	int64_t last_ns =
		own->last_ns > peer->last_ns ? own->last_ns : peer->last_ns;

	if (flow->flags & FLOW_GAP_PENDING) {
		gap_ms = flow->pending_gap_ms;
		gap_frame = flow->gap_frame;
	} else if ((own->flags | peer->flags) & SIDE_SEEN &&
		   is_quiet(own, peer) && note->time_ns > last_ns &&
		   /* a wait for an answer is no idleness */
		   !reset->unanswered[0] && !reset->unanswered[1]) {
		gap_ms = (uint32_t)((note->time_ns - last_ns) / 1000000);
	}
	if (fact_holds(facts, FACT_PACKETS_BEFORE_NOT_RECORDED) ||
		!(flow->flags & FLOW_ESTABLISHED) ||
		flow->flags & FLOW_CLOCK_STEP)
		return;
	fact_set(facts, FACT_IDLE_BEFORE,
		gap_ms >= limits->idle_ms && gap_ms > flow->gap_ms ? TRUTH_YES
								   : TRUTH_NO,
		gap_frame, 0);
	fact_found(facts, FACT_IDLE_BEFORE, "%.1f s", (double)gap_ms / 1000);
	if (gap_ms >= limits->idle_ms) {
		set_timer(context, conn, facts);
		set_together(context, conn, reset, facts);
	}
	fact_set(facts, FACT_RESET_BREAKS_THE_SILENCE,
		fact_holds(facts, FACT_IDLE_BEFORE) && gap_frame == note->frame
			? TRUTH_YES
			: TRUTH_NO,
		gap_frame, 0);
	set_enough(limits, gap_ms, gap_frame, facts);
	if (flow->gap_ms)
		fact_expected(facts, FACT_IDLE_BEFORE,
			"more than the %.1f s survived before",
			(double)flow->gap_ms / 1000);
	else
		fact_expected(facts, FACT_IDLE_BEFORE, "at least %.1f s",
			(double)limits->idle_ms / 1000);
}

/* Was the peer of the side that is unanswered in the midst of its data? Its
 * last segment was full and did not push (RFC 9293, 3.9.1): what followed was a
 * wait for the rest, and no idleness. */
static bool is_amidst(const struct closed_conn *conn)
{
	const struct flow *flow = &conn->flow;
	unsigned victim;

	if (!ending_unanswered_side(conn, &victim))
		return false;
	const struct side *peer = &flow->side[!victim];

	return peer->last_payload &&
	       peer->last_payload >= facts_size_least_full(flow, !victim) &&
	       !(peer->last_flags & TCP_PSH);
}

void facts_idle_silence(const struct verdict_context *context,
	const struct closed_conn *conn, struct facts *facts)
{
	const struct flow *flow = &conn->flow;
	uint32_t gap_ms = flow->pending_gap_ms;

	if (!(flow->flags & FLOW_ESTABLISHED) || flow->flags & FLOW_CLOCK_STEP)
		return;
	if (!(flow->flags & FLOW_GAP_PENDING) ||
		gap_ms < context->thresholds->idle_ms ||
		flow->gap_ms >= gap_ms || /* it had survived longer ones */
		is_amidst(conn)) {
		fact_set(facts, FACT_IDLE_BEFORE, TRUTH_NO, 0, 0);
		return;
	}
	fact_set(facts, FACT_IDLE_BEFORE, TRUTH_YES, flow->gap_frame, 0);
	fact_found(facts, FACT_IDLE_BEFORE, "%.1f s", (double)gap_ms / 1000);
	set_enough(context->thresholds, gap_ms, flow->gap_frame, facts);
	if (is_heard_since(context, conn))
		set_timer(context, conn, facts);
}
