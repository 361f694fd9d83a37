/* Facts: what the packets of one incident show, do not show, or leave open. */
#ifndef ANALYSIS_VERDICT_FACT_H
#define ANALYSIS_VERDICT_FACT_H

#include <stdbool.h>
#include <stdint.h>

#include "analysis/verdict/bit_set.h"
#include "analysis/verdict/incident.h"

enum fact {
	/* a reset: always known */
	FACT_RESET_SEEN,
	/* a reset, compared with its alleged sender's packets */
	FACT_RESET_TTL_MATCHES_SENDER,
	FACT_RESET_TTL_FAR_OFF,
	FACT_SENDER_TTL_STEADY,
	FACT_OTHER_ROUTE_FITS,
	FACT_RESET_MADE_HERE,
	FACT_RESET_BY_OTHER_INTERFACE,
	FACT_RESET_IS_STATELESS,
	FACT_RESET_FROM_SOCKET,
	FACT_RESET_SEQUENCE_EXACT,
	FACT_RESET_ANSWERS_PEER,
	FACT_RESET_ANSWERS_STRAY,
	FACT_RESET_ID_CONTINUES,
	FACT_RESET_COPIES_PEER,
	FACT_RESET_TOO_FAST,
	FACT_RESET_WITHIN_ROUND_TRIP,
	FACT_ONLY_TIME_DIFFERS,
	FACT_ACKS_UNDELIVERED,
	FACT_SENDER_CONTINUED,
	FACT_TWO_CONTENTS,
	FACT_DATA_BEYOND_FIN,
	FACT_ODD_SEGMENT,
	FACT_SENDER_HAD_CLOSED,
	FACT_PEER_HAD_CLOSED,
	FACT_DATA_AFTER_CLOSE,
	FACT_DATA_CROSSED_FIN,
	FACT_CLOSE_NOTIFY_AFTER_CLOSE,
	FACT_RESET_NUMBER_OF_HANDSHAKE,
	FACT_FIN_BEHIND_LATE_DATA,
	FACT_CLOSED_AFTER_ANSWER,
	FACT_QUIT_BEFORE_CLOSE,
	FACT_FIN_UNRECORDED,
	FACT_ACKED_IN_PART,
	FACT_ANSWERS_A_REPEAT,
	FACT_PEER_HAD_RESET,
	FACT_RESET_TWICE_ALONE,
	FACT_REFUSED_SOON_AFTER,
	FACT_ANSWERED_BY_NEIGHBOUR,
	FACT_SYNACK_FROM_ELSEWHERE,
	FACT_NOTHING_WAS_SAID,
	FACT_ONLY_GREETED,
	FACT_CLOSED_UNHEARD,
	FACT_CHECKS_END_SO,
	FACT_SENDER_IS_CLIENT,
	FACT_WEB_SERVICE,
	FACT_SSH_SERVICE,
	FACT_GREETING_SERVICE,
	FACT_ANSWERING_SERVICE,
	FACT_HEARTBEAT_PROTOCOL,
	FACT_RESET_FOR_ANSWER,
	FACT_PEER_LONG_QUIET,
	FACT_UNRECORDED_BEFORE,
	/* what another capture point shows */
	FACT_RESET_LEFT_SENDER,
	FACT_TRIGGER_ARRIVED,
	FACT_SEGMENT_ARRIVED,
	FACT_ANSWER_LEFT_PEER,
	FACT_RECORDED_AT_PEER,
	FACT_MAPPING_CHANGED,
	FACT_SCALE_CHANGED,
	/* more of the sender's distance, form and numbers */
	FACT_RESET_FROM_HANDSHAKE,
	FACT_RESET_SAME_HOPS,
	FACT_RESET_USUAL_PLACE,
	FACT_RESET_UNUSUAL_PLACE,
	FACT_RESET_ONE_HOP_NEARER,
	FACT_RESET_TTL_LIMITED,
	FACT_OTHER_STATION,
	FACT_RESET_BEGAN_ON_LINK,
	FACT_RESET_IS_BARE,
	FACT_RESET_ID_FOREIGN,
	FACT_RESET_OTHER_DF,
	FACT_RESET_TEXT,
	FACT_RESET_FARTHER,
	FACT_RESET_NUMBER_BLIND,
	/* whether there was a connection that it could end */
	FACT_WAS_OVER,
	FACT_RESET_UNACCEPTABLE,
	FACT_SURVIVED_RESET,
	FACT_BOTH_RESET_AT_ONCE,
	FACT_OTHER_CONNECTION,
	FACT_SYNACK_AGAIN,
	FACT_SYNACK_REFUSED,
	/* refusals */
	FACT_RESET_REFUSES_SYN,
	FACT_REFUSAL_AS_KERNELS_DO,
	FACT_REFUSED_TWICE,
	FACT_REFUSED_ON_PATH,
	FACT_DSCP_REFLECTED,
	FACT_FLOW_LABEL_SET,
	/* silence */
	FACT_IDLE_BEFORE,
	FACT_IDLE_ENOUGH,
	FACT_RESET_BREAKS_SILENCE,
	FACT_IDLE_TIMER_ON_PATH,
	FACT_DIED_TOGETHER,
	FACT_OWN_PROBES_UNANSWERED,
	FACT_OWN_DATA_UNANSWERED,
	FACT_PEER_DATA_UNANSWERED,
	FACT_PEER_HAD_PAUSED,
	FACT_SYN_UNANSWERED,
	FACT_SYN_ANSWERED_FOR_ANOTHER,
	FACT_EARLIER_GOES_ON,
	FACT_REBOUND,
	FACT_TRANSLATED_OTHERWISE,
	FACT_TRANSLATED_BEFORE,
	FACT_ANSWERED_ELSEWHERE,
	FACT_ONLY_PLAIN_ANSWERED,
	FACT_TIMESTAMPS_MISSING,
	FACT_SYNACK_UNANSWERED,
	FACT_SYN_ACK_RETRANSMITTED,
	FACT_SERVER_NEVER_SPOKE,
	FACT_RETRANSMISSIONS_UNANSWERED,
	FACT_PEER_STILL_ANSWERS,
	FACT_SERVED_MEANWHILE,
	FACT_LOST_SINCE_MARKED,
	FACT_REPEATS_REFUSED,
	FACT_ACKS_UNHEARD,
	FACT_SMALLER_PASSED,
	FACT_SAME_SIZE_PASSED,
	FACT_SIZE_PASSED_BESIDE,
	FACT_FIRST_LARGE_PACKET,
	FACT_REPAIRED_BY_SMALLER,
	FACT_LARGE_MISSING,
	FACT_PEER_WINDOW_CLOSED,
	FACT_OWN_ZERO_WINDOW,
	FACT_PEER_ZERO_WINDOW,
	FACT_WINDOW_MISREAD,
	FACT_NO_RESPONSE,
	FACT_OPEN_AT_THE_END,
	FACT_CLOSED_UNANSWERED,
	FACT_SENDER_WAITED,
	FACT_HEARTBEAT_OVERDUE,
	FACT_CLOSED_WAITING,
	FACT_PEER_DATA_CUT_OFF,
	FACT_SILENT_SIDE_HERE,
	FACT_BOTH_DIRECTIONS_RECORDED,
	/* ICMP */
	FACT_ICMP_ERROR,
	FACT_ICMP_FROM_SERVER,
	FACT_ICMP_FROM_SENDER,
	FACT_ICMP_PROHIBITED,
	FACT_ICMP_PORT,
	FACT_ICMP_TIME_EXCEEDED,
	FACT_ICMP_ALONE,
	FACT_TOO_BIG_IGNORED,
	FACT_TOO_BIG_AT_SENDER,
	FACT_ICMP_OUT_OF_WINDOW,
	/* what is said in clear */
	FACT_TLS_ALERT,
	FACT_REFUSED_IN_CLEAR,
	FACT_HTTP_ERROR_CLOSES,
	FACT_OTHER_PROTOCOL,
	/* SSH */
	FACT_SSH_DISCONNECT,
	FACT_SSH_LOGGED_IN,
	FACT_SSH_PAST_LOGIN,
	FACT_SSH_SAID_MAX_STARTUPS,
	FACT_SSH_SAID_NOT_ALLOWED,
	FACT_SSH_NO_SERVER_BANNER,
	FACT_SSH_BANNER_LATE,
	FACT_SSH_NOTHING_IN_COMMON,
	FACT_SSH_REPLY_MISSING,
	FACT_SSH_BEFORE_LOGIN,
	FACT_SSH_AT_GRACE_TIME,
	FACT_SSH_ALIVE_UNANSWERED,
	FACT_SERVER_CLOSED_FIRST,
	FACT_COUNT,
};

/* "reset-ttl-matches-sender" */
const char *fact_word(enum fact fact);
/* What would settle it, when it is not known. */
const char *fact_settled_by(enum fact fact);

/* By what it is known. */
struct fact_value {
	uint32_t frame, against;   /* low 32 bits */
	bool is_against_elsewhere; /* `against` is another capture point's */
	char found[FOUND_BYTES], expected[FOUND_BYTES];
};

struct facts {
	struct bit_set yes, no; /* known to hold, known not to hold */
	/* Only those two are asked for: no values are written. */
	bool is_brief;
	/* The connection itself does not tell at which distance the reset's
	 * sender is; its host's other connections may, now or later. */
	bool is_distance_open;
	uint8_t size_side; /* whose large packets are lost, where a fact shows
			      it */
	struct bit_set written; /* those that have a value */
	struct fact_value value[FACT_COUNT];
};

/* Nothing is known yet. Values are large, and nobody reads them at a close. */
void facts_init(struct facts *facts, bool is_brief);

/* A set of facts as a constant: FACTS(RESET_SEEN, IDLE_BEFORE), at most eight.
 * Macros, because a constant table takes no function calls. */
#define FACTS(...)                                                             \
	{                                                                      \
		{                                                              \
			FACTS_IN_WORD(0, __VA_ARGS__),                         \
				FACTS_IN_WORD(1, __VA_ARGS__),                 \
				FACTS_IN_WORD(2, __VA_ARGS__)                  \
		}                                                              \
	}
#define FACTS_IN_WORD(word, ...)                                               \
	FACTS_BY_COUNT(__VA_ARGS__, FACTS_8, FACTS_7, FACTS_6, FACTS_5,        \
		FACTS_4, FACTS_3, FACTS_2, FACTS_1, none)                      \
	(word, __VA_ARGS__)
#define FACTS_BY_COUNT(a, b, c, d, e, f, g, h, chosen, ...) chosen
#define FACT_IN_WORD(word, name)                                               \
	(FACT_##name / 64 == (word) ? (uint64_t)1 << FACT_##name % 64 : 0)
#define FACTS_1(word, a) FACT_IN_WORD(word, a)
#define FACTS_2(word, a, ...) FACT_IN_WORD(word, a) | FACTS_1(word, __VA_ARGS__)
#define FACTS_3(word, a, ...) FACT_IN_WORD(word, a) | FACTS_2(word, __VA_ARGS__)
#define FACTS_4(word, a, ...) FACT_IN_WORD(word, a) | FACTS_3(word, __VA_ARGS__)
#define FACTS_5(word, a, ...) FACT_IN_WORD(word, a) | FACTS_4(word, __VA_ARGS__)
#define FACTS_6(word, a, ...) FACT_IN_WORD(word, a) | FACTS_5(word, __VA_ARGS__)
#define FACTS_7(word, a, ...) FACT_IN_WORD(word, a) | FACTS_6(word, __VA_ARGS__)
#define FACTS_8(word, a, ...) FACT_IN_WORD(word, a) | FACTS_7(word, __VA_ARGS__)

static inline bool fact_holds(const struct facts *facts, enum fact fact)
{
	return bit_set_has(&facts->yes, fact);
}

static inline enum truth fact_truth(const struct facts *facts, enum fact fact)
{
	return bit_set_has(&facts->yes, fact)  ? TRUTH_YES
	       : bit_set_has(&facts->no, fact) ? TRUTH_NO
					       : TRUTH_UNKNOWN;
}

static inline enum truth truth_of(bool holds)
{
	return holds ? TRUTH_YES : TRUTH_NO;
}

/* NULL: it has none. */
const struct fact_value *fact_value_of(
	const struct facts *facts, enum fact fact);

/* Sets one; `found` and `expected` may be NULL. */
void fact_set(struct facts *facts, enum fact fact, enum truth truth,
	uint32_t frame, uint32_t against);
void fact_found(struct facts *facts, enum fact fact, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
void fact_expected(struct facts *facts, enum fact fact, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* `against`, which is set, is a frame of another capture point. */
void fact_set_elsewhere(struct facts *facts, enum fact fact);

#endif
