/* SSH before encryption: which side closed at which stage, and its messages. */
#include "analysis/verdict/facts_ssh.h"

#include <stddef.h>
#include <string.h>

#include "analysis/observe/ssh.h"
#include "analysis/verdict/facts_app_message.h"
#include "capture/safe_text.h"

/* The first FIN or reset of the server. */
struct server_close {
	int64_t time_ns;
	uint32_t frame; /* 0: there is none */
	bool is_first;	/* the client's, if any, has a larger frame */
};

static struct server_close server_close_of(const struct closed_conn *conn)
{
	const struct flow *flow = &conn->flow;
	const struct evidence *evidence = conn->evidence;
	unsigned server = flow_server(flow);
	uint32_t first[2] = {0, 0};
	int64_t times[2] = {0, 0};

	for (unsigned side = 0; side < 2; side++) {
		if (flow->side[side].flags & SIDE_FIN) {
			first[side] = flow->cold[side].fin_frame;
			times[side] = evidence->fin[side].frame
					      ? evidence->fin[side].time_ns
					      : flow->side[side].last_ns;
		}
		for (unsigned i = 0; i < evidence->reset_count; i++) {
			const struct packet_note *note =
				&evidence->resets[i].note;

			if (note->side != side ||
				(first[side] && (int32_t)(note->frame -
							  first[side]) >= 0))
				continue;
			first[side] = note->frame;
			times[side] = note->time_ns;
		}
	}
	return (struct server_close){
		.time_ns = times[server],
		.frame = first[server],
		.is_first = first[server] &&
			    (!first[!server] || (int32_t)(first[server] -
							  first[!server]) < 0),
	};
}

/* When an answer to the handshake's last ACK would be here at the earliest: a
 * round trip to the server for the SYN, one for that ACK. */
static int64_t opened_ns(const struct flow *flow)
{
	int64_t opened = flow->first_ns;

	if (flow->flags & FLOW_SYN_RTT)
		opened += 2 * (int64_t)flow->server_rtt_us * 1000;
	if (flow->flags & FLOW_ACK_RTT)
		opened += (int64_t)flow->client_rtt_us * 1000;
	return opened;
}

static void set_disconnect(const struct ssh_talk *talk, struct facts *facts)
{
	char safe[FOUND_BYTES];

	if (!talk || !talk->has_disconnect)
		return;
	(void)safe_text_copy(safe, sizeof(safe), talk->disconnect_text,
		strlen(talk->disconnect_text));
	fact_set(facts, FACT_SSH_DISCONNECT, TRUTH_YES, talk->disconnect.frame,
		0);
	fact_found(facts, FACT_SSH_DISCONNECT, "reason %u: %.40s",
		talk->disconnect_reason, safe);
}

/* What a server sends before a login is short: services, methods, failures,
 * perhaps a text of some lines. */
static void set_logged_in(const struct thresholds *limits,
	const struct flow *flow, const struct ssh_talk *talk,
	struct facts *facts)
{
	unsigned server = flow_server(flow);
	bool is_since_keys = talk->has_newkeys[SSH_SERVER];
	uint32_t bytes = flow->side[server].next -
			 (is_since_keys ? talk->newkeys_sequence[SSH_SERVER]
					: flow->cold[server].first_sequence);

	/* what could not be followed holds the key exchange, which is no
	 * longer than that */
	if (bytes < limits->ssh_login_bytes * (is_since_keys ? 1 : 2))
		return;
	fact_set(facts, FACT_SSH_LOGGED_IN, TRUTH_YES,
		flow->side[server].last_frame, talk->newkeys_frame[SSH_SERVER]);
	fact_found(facts, FACT_SSH_LOGGED_IN, "%u bytes of the server%s", bytes,
		is_since_keys ? " since NEWKEYS" : "");
}

/* A login takes few answers of the server. From there on attempts that fail
 * and a session look the same. Before it, all that a server says is an
 * answer. */
static void set_past_login(const struct thresholds *limits,
	const struct flow *flow, const struct ssh_talk *talk,
	struct facts *facts)
{
	if (talk->alive.answers < limits->ssh_login_answers &&
		!talk->alive.has_spoken_unasked)
		return;
	fact_set(facts, FACT_SSH_PAST_LOGIN, TRUTH_YES,
		flow->side[flow_server(flow)].last_frame,
		talk->newkeys_frame[SSH_SERVER]);
	if (talk->alive.has_spoken_unasked) {
		fact_found(facts, FACT_SSH_PAST_LOGIN, "spoke unasked");
		fact_expected(facts, FACT_SSH_PAST_LOGIN, "answers");
		return;
	}
	fact_found(facts, FACT_SSH_PAST_LOGIN, "%u answers since NEWKEYS",
		talk->alive.answers);
	fact_expected(facts, FACT_SSH_PAST_LOGIN, "fewer than %u",
		(unsigned)limits->ssh_login_answers);
}

/* The server answered and closed in one go: its program ended, and no time ran
 * out while it waited for the client. */
static bool has_just_spoken(const struct flow *flow,
	const struct ssh_talk *talk, int64_t closed_ns)
{
	return talk->has_newkeys[SSH_SERVER] && talk->alive.count == 1 &&
	       closed_ns - talk->alive.time_ns <= flow_round_trip_ns(flow);
}

/* Did the client have to send again what it said before the banner came? */
static bool has_client_repeated(
	const struct closed_conn *conn, const struct ssh_talk *talk)
{
	const struct unacked_run *recovered =
		&conn->evidence->recovered[flow_client(&conn->flow)];

	return recovered->count && recovered->first.time_ns <
					   talk->banner[SSH_SERVER].time_ns;
}

/* Lines before a version may say anything (RFC 4253, 4.2). */
static void set_refusal_text(const struct ssh_talk *talk, struct facts *facts)
{
	if (!talk || talk->has_banner[SSH_SERVER])
		return;
	if (talk->refusal == SSH_EXCEEDED_MAX_STARTUPS) {
		fact_set(facts, FACT_SSH_SAID_MAX_STARTUPS, TRUTH_YES,
			talk->refusal_frame, 0);
		fact_found(facts, FACT_SSH_SAID_MAX_STARTUPS,
			"Exceeded MaxStartups");
	}
	if (talk->refusal == SSH_NOT_ALLOWED) {
		fact_set(facts, FACT_SSH_SAID_NOT_ALLOWED, TRUTH_YES,
			talk->refusal_frame, 0);
		fact_found(facts, FACT_SSH_SAID_NOT_ALLOWED,
			"Not allowed at this time");
	}
}

static void set_banner_late(const struct thresholds *limits,
	const struct closed_conn *conn, const struct ssh_talk *talk,
	struct facts *facts)
{
	int64_t wait_ns =
		talk->banner[SSH_SERVER].time_ns - opened_ns(&conn->flow);
	unsigned skipped = talk->banner_skipped[SSH_SERVER];
	bool is_late = wait_ns >= limits->ssh_slow_banner_s * SECOND_NS &&
		       flow_syns(&conn->flow) == 1;

	if (!talk->has_banner[SSH_SERVER] || !talk->banner[SSH_SERVER].time_ns)
		return;
	/* Missing packets may have been earlier copies of it; what the
	 * client had to send again was lost, or its answers were. */
	fact_set(facts, FACT_SSH_BANNER_LATE,
		!is_late				     ? TRUTH_NO
		: skipped || has_client_repeated(conn, talk) ? TRUTH_UNKNOWN
							     : TRUTH_YES,
		talk->banner[SSH_SERVER].frame, conn->flow.synack_frame);
	fact_found(facts, FACT_SSH_BANNER_LATE,
		skipped ? "%.1f s, %u packets before it not seen" : "%.1f s",
		(double)wait_ns / 1e9, skipped);
	fact_expected(facts, FACT_SSH_BANNER_LATE, "within a round trip or so");
}

static void set_nothing_in_common(
	const struct ssh_talk *talk, struct facts *facts)
{
	if (!talk->has_compared)
		return;
	fact_set(facts, FACT_SSH_NOTHING_IN_COMMON,
		talk->missing ? TRUTH_YES : TRUTH_NO,
		talk->kexinit_frame[SSH_SERVER],
		talk->kexinit_frame[SSH_CLIENT]);
	for (unsigned i = 0; i < SSH_ALGORITHM_COUNT; i++)
		if (talk->missing >> i & 1) {
			fact_found(facts, FACT_SSH_NOTHING_IN_COMMON,
				"no common %s",
				ssh_algorithm_name((enum ssh_algorithm)i));
			break;
		}
}

static void set_reply_missing(const struct flow *flow,
	const struct ssh_talk *talk, struct facts *facts)
{
	if (!talk->has_asked || !(flow->flags & FLOW_ASKED))
		return;
	fact_set(facts, FACT_SSH_KEY_EXCHANGE_REPLY_MISSING, TRUTH_YES,
		flow->side[flow_client(flow)].last_frame,
		talk->kexinit_frame[SSH_SERVER]);
	fact_found(facts, FACT_SSH_KEY_EXCHANGE_REPLY_MISSING,
		"the client's part, acknowledged");
	fact_expected(facts, FACT_SSH_KEY_EXCHANGE_REPLY_MISSING,
		"the server's part and NEWKEYS");
}

static void set_before_login(const struct ssh_talk *talk, struct facts *facts)
{
	bool is_before = !talk->has_newkeys[SSH_CLIENT];

	if (talk->is_broken[SSH_CLIENT])
		return;
	fact_set(facts, FACT_SSH_BEFORE_LOGIN, is_before ? TRUTH_YES : TRUTH_NO,
		talk->newkeys_frame[SSH_CLIENT], 0);
	fact_found(facts, FACT_SSH_BEFORE_LOGIN, "%s",
		is_before ? "no NEWKEYS from the client"
			  : "NEWKEYS from the client");
}

static void set_grace_time(const struct thresholds *limits,
	const struct flow *flow, const struct ssh_talk *talk,
	const struct server_close *closing, struct facts *facts)
{
	int64_t age_ns = closing->time_ns - opened_ns(flow);
	int64_t grace_ns = limits->ssh_grace_s * SECOND_NS;
	int64_t early_ns = limits->ssh_grace_early_ms * MILLISECOND_NS;
	int64_t late_ns = limits->ssh_grace_late_ms * MILLISECOND_NS;
	bool is_default =
		age_ns >= grace_ns - early_ns && age_ns <= grace_ns + late_ns;

	if (!closing->is_first)
		return;
	if (has_just_spoken(flow, talk, closing->time_ns)) {
		fact_set(facts, FACT_SSH_AT_GRACE_TIME, TRUTH_NO,
			closing->frame, talk->alive.frame);
		return;
	}
	if (age_ns < limits->ssh_least_grace_ms * MILLISECOND_NS) {
		fact_set(facts, FACT_SSH_AT_GRACE_TIME, TRUTH_NO,
			closing->frame, flow->first_frame);
		return;
	}
	fact_set(facts, FACT_SSH_AT_GRACE_TIME,
		is_default ? TRUTH_YES : TRUTH_UNKNOWN, closing->frame,
		flow->first_frame);
	fact_found(
		facts, FACT_SSH_AT_GRACE_TIME, "%.1f s", (double)age_ns / 1e9);
	fact_expected(facts, FACT_SSH_AT_GRACE_TIME,
		"LoginGraceTime, default %u s", (unsigned)limits->ssh_grace_s);
}

static void set_alive_unanswered(const struct thresholds *limits,
	const struct ssh_talk *talk, const struct server_close *closing,
	struct facts *facts)
{
	int64_t interval_ns = talk->alive.interval_ns;
	int64_t slack_ns = interval_ns / limits->ssh_alive_slack_share;
	int64_t since_ns = closing->time_ns - talk->alive.time_ns;

	/* two requests make an interval */
	if (closing->is_first && interval_ns &&
		since_ns > interval_ns - slack_ns &&
		since_ns < interval_ns + slack_ns) {
		fact_set(facts, FACT_SSH_ALIVE_REQUESTS_UNANSWERED, TRUTH_YES,
			talk->alive.frame, 0);
		fact_found(facts, FACT_SSH_ALIVE_REQUESTS_UNANSWERED,
			"%u requests and the close, %.1f s apart",
			talk->alive.count, (double)interval_ns / 1e9);
		fact_expected(facts, FACT_SSH_ALIVE_REQUESTS_UNANSWERED,
			"a reply from the client");
	} else if (talk->has_newkeys[SSH_SERVER]) {
		fact_set(facts, FACT_SSH_ALIVE_REQUESTS_UNANSWERED, TRUTH_NO, 0,
			0);
	}
}

void facts_ssh(const struct verdict_context *context,
	const struct closed_conn *conn, struct facts *facts)
{
	const struct thresholds *limits = context->thresholds;
	const struct flow *flow = &conn->flow;
	const struct ssh_talk *talk =
		conn->evidence ? conn->evidence->ssh : NULL;
	unsigned server = flow_server(flow);
	struct server_close closing;
	bool is_whole;

	if (!conn->evidence || !facts_app_message_is_ssh(conn))
		return;
	is_whole = (flow->flags & FLOW_ORIENTED) &&
		   (flow->flags & FLOW_SYNACK) &&
		   !((flow->side[0].flags | flow->side[1].flags) & SIDE_UNSEEN);
	closing = server_close_of(conn);
	fact_set(facts, FACT_SERVER_CLOSED_FIRST,
		closing.is_first ? TRUTH_YES : TRUTH_NO, closing.frame, 0);
	set_refusal_text(talk, facts);
	set_disconnect(talk, facts);
	if (!is_whole)
		return;
	fact_set(facts, FACT_SSH_NO_SERVER_BANNER,
		!(flow->side[server].flags & SIDE_DATA) ? TRUTH_YES : TRUTH_NO,
		talk ? talk->banner[SSH_SERVER].frame : 0, 0);
	if (!talk)
		return;
	set_banner_late(limits, conn, talk, facts);
	set_logged_in(limits, flow, talk, facts);
	set_past_login(limits, flow, talk, facts);
	set_nothing_in_common(talk, facts);
	set_reply_missing(flow, talk, facts);
	set_before_login(talk, facts);
	set_grace_time(limits, flow, talk, &closing, facts);
	set_alive_unanswered(limits, talk, &closing, facts);
}
