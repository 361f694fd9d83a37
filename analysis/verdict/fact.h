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
	FACT_ANOTHER_ROUTE_FITS,
	FACT_RESET_MADE_AT_CAPTURE_POINT,
	FACT_RESET_BY_OTHER_INTERFACE,
	FACT_RESET_IS_STATELESS,
	FACT_RESET_FROM_SOCKET,
	FACT_RESET_SEQUENCE_EXACT,
	FACT_RESET_ANSWERS_PEER,
	FACT_RESET_ANSWERS_STRAY_SEGMENT,
	FACT_RESET_IP_ID_CONTINUES,
	FACT_RESET_COPIES_PEER_HEADER,
	FACT_RESET_FASTER_THAN_PATH,
	FACT_RESET_WITHIN_ROUND_TRIP,
	FACT_ONLY_ITS_TIME_DIFFERS,
	FACT_ACKNOWLEDGES_WHAT_NEVER_ARRIVED,
	FACT_SENDER_CONTINUED_AFTER_RESET,
	FACT_TWO_CONTENTS_FOR_THE_SAME_BYTES,
	FACT_DATA_BEYOND_ITS_OWN_FIN,
	FACT_SEGMENT_OF_ANOTHER_STACK,
	FACT_SENDER_HAD_CLOSED,
	FACT_PEER_HAD_CLOSED,
	FACT_DATA_AFTER_CLOSE,
	FACT_DATA_CROSSED_THE_FIN,
	FACT_CLOSE_NOTIFY_AFTER_CLOSE,
	FACT_RESET_NUMBER_OF_HANDSHAKE,
	FACT_FIN_BEHIND_LATE_DATA,
	FACT_CLIENT_CLOSED_AFTER_THE_ANSWER,
	FACT_QUIT_BEFORE_CLOSE,
	FACT_FIN_NOT_RECORDED,
	FACT_SEGMENT_ACKNOWLEDGED_IN_PART,
	FACT_ONLY_A_REPEAT_WAS_ANSWERED,
	FACT_PEER_HAD_RESET,
	FACT_RESETS_FROM_TWO_PLACES,
	FACT_REFUSED_SOON_AFTER,
	FACT_ANSWERED_BY_NEIGHBOUR,
	FACT_SYN_ACK_FROM_ELSEWHERE,
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
	FACT_RESET_FOR_AN_ANSWER,
	FACT_PEER_LONG_QUIET,
	FACT_PACKETS_BEFORE_NOT_RECORDED,
	/* what another capture point shows */
	FACT_RESET_LEFT_ITS_SENDER,
	FACT_WHAT_IT_ANSWERS_ARRIVED,
	FACT_SEGMENT_ARRIVED_AT_PEER,
	FACT_ANSWER_LEFT_PEER,
	FACT_RECORDED_AT_THE_PEER,
	FACT_MAPPING_CHANGED,
	FACT_WINDOW_SCALE_CHANGED,
	/* more of the sender's distance, form and numbers */
	FACT_RESET_FROM_THE_HANDSHAKES_PLACE,
	FACT_RESET_AS_MANY_HOPS_AWAY,
	FACT_RESET_FROM_THE_USUAL_DISTANCE,
	FACT_RESET_FROM_AN_UNUSUAL_DISTANCE,
	FACT_RESET_ONE_HOP_NEARER,
	FACT_RESET_TTL_LIMITED,
	FACT_RESET_FROM_ANOTHER_STATION,
	FACT_RESET_BEGAN_ON_THE_LINK,
	FACT_RESET_IS_BARE,
	FACT_RESET_IP_ID_FOREIGN,
	FACT_RESET_HAS_OTHER_DF,
	FACT_RESET_CARRIES_TEXT,
	FACT_RESET_FROM_FARTHER_AWAY,
	FACT_RESET_NUMBER_OF_NOBODY,
	/* whether there was a connection that it could end */
	FACT_CONNECTION_WAS_OVER,
	FACT_RESET_IS_UNACCEPTABLE,
	FACT_CONNECTION_SURVIVED_RESET,
	FACT_BOTH_SIDES_RESET_BY_ONE_DEVICE,
	FACT_ACKNOWLEDGES_ANOTHER_CONNECTION,
	FACT_SERVER_REPEATED_ITS_SYN_ACK,
	FACT_CLIENT_REPEATED_ITS_SYN,
	/* refusals */
	FACT_RESET_REFUSES_SYN,
	FACT_REFUSAL_AS_KERNELS_DO,
	FACT_REFUSED_FROM_TWO_PLACES,
	FACT_REFUSED_ON_THE_PATH,
	FACT_DSCP_REFLECTED,
	FACT_FLOW_LABEL_SET,
	/* silence */
	FACT_IDLE_BEFORE,
	FACT_IDLE_LONG_ENOUGH,
	FACT_RESET_BREAKS_THE_SILENCE,
	FACT_IDLE_TIMER_ON_PATH,
	FACT_DIED_TOGETHER,
	FACT_OWN_PROBES_UNANSWERED,
	FACT_OWN_DATA_UNANSWERED,
	FACT_PEER_DATA_UNANSWERED,
	FACT_PEER_HAD_PAUSED,
	FACT_SYN_UNANSWERED,
	FACT_SYN_ANSWERED_FOR_ANOTHER_CONNECTION,
	FACT_EARLIER_CONNECTION_GOES_ON,
	FACT_GOES_ON_UNDER_ANOTHER_NAME,
	FACT_TRANSLATED_OTHERWISE,
	FACT_PACKET_TRANSLATED_OTHERWISE_BEFORE,
	FACT_SYN_ANSWERED_FROM_ELSEWHERE,
	FACT_ONLY_PLAIN_SYN_ANSWERED,
	FACT_TIMESTAMPS_MISSING,
	FACT_SYN_ACK_UNANSWERED,
	FACT_SYN_ACK_RETRANSMITTED,
	FACT_SERVER_NEVER_SPOKE,
	FACT_RETRANSMISSIONS_UNANSWERED,
	FACT_PEER_STILL_ANSWERS,
	FACT_ANOTHER_CONNECTION_SERVED,
	FACT_LOST_SINCE_DSCP_CHANGED,
	FACT_RETRANSMISSIONS_NOT_TAKEN,
	FACT_ACKNOWLEDGED_DATA_SENT_AGAIN,
	FACT_SMALLER_PACKETS_PASSED,
	FACT_SAME_SIZE_PASSED_BEFORE,
	FACT_SIZE_PASSED_BESIDE,
	FACT_FIRST_LARGE_PACKET,
	FACT_REPAIRED_BY_SMALLER_PACKETS,
	FACT_LARGE_PACKETS_MISSING,
	FACT_PEER_WINDOW_CLOSED,
	FACT_OWN_ZERO_WINDOW_TO_THE_END,
	FACT_PEER_ZERO_WINDOW_TO_THE_END,
	FACT_WINDOW_MISREAD,
	FACT_REQUEST_WITHOUT_AN_ANSWER,
	FACT_OPEN_AT_THE_END,
	FACT_CLOSED_WITHOUT_AN_ANSWER,
	FACT_SENDER_HAD_THE_LAST_WORD,
	FACT_HEARTBEAT_OVERDUE,
	FACT_CLOSED_WHILE_WAITING,
	FACT_PEER_DATA_CUT_OFF,
	FACT_SILENT_SIDE_BESIDE_THE_RECORDING,
	FACT_BOTH_DIRECTIONS_RECORDED,
	/* ICMP */
	FACT_ICMP_ERROR,
	FACT_ICMP_FROM_THE_SERVER_ITSELF,
	FACT_ICMP_FROM_THE_SENDER_ITSELF,
	FACT_ICMP_SAYS_PROHIBITED,
	FACT_ICMP_SAYS_PORT_UNREACHABLE,
	FACT_ICMP_SAYS_TIME_EXCEEDED,
	FACT_ICMP_ERRORS_ALONE,
	FACT_TOO_BIG_IGNORED,
	FACT_TOO_BIG_RECORDED_AT_THE_SENDER,
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
	FACT_SSH_KEY_EXCHANGE_REPLY_MISSING,
	FACT_SSH_BEFORE_LOGIN,
	FACT_SSH_AT_GRACE_TIME,
	FACT_SSH_ALIVE_REQUESTS_UNANSWERED,
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
