/* Facts about a path: what the packets of a probe show of one thing that is
 * judged (a way, a port, a header field ...), do not show, or leave open. */
#ifndef ANALYSIS_PATH_PATH_FACT_H
#define ANALYSIS_PATH_PATH_FACT_H

#include <stdint.h>

#include "analysis/verdict/incident.h"

enum path_fact {
	PATH_FACT_NONE, /* ends a list */
	/* of all */
	PATH_FACT_IPV6,
	PATH_FACT_DISTANCE_KNOWN,
	PATH_FACT_LOSS_UNLIKELY,
	PATH_FACT_LOSS_EXCLUDED,
	/* the port */
	PATH_FACT_SYN_REPEATED,
	PATH_FACT_SYN_ACK_CAME,
	PATH_FACT_RESET_CAME,
	PATH_FACT_ERROR_CAME,
	PATH_FACT_SYN_ANSWERED,
	PATH_FACT_ERROR_FROM_TARGET,
	PATH_FACT_ERROR_REFUSES,
	PATH_FACT_ECHO_ALONE_MEASURED,
	/* sizes, of both ways */
	PATH_FACT_NEXT_SIZE_FAILS,
	PATH_FACT_NEXT_ECHO_FAILS, /* its word is the same */
	PATH_FACT_TCP_AGREES,
	PATH_FACT_ECHO_AGREES,
	PATH_FACT_UDP_AGREES,
	/* the way there */
	PATH_FACT_INTERFACE_MTU_PASSES,
	PATH_FACT_MOST_OF_SIZE_ARRIVE,
	PATH_FACT_NEXT_SIZE_REFUSED,
	PATH_FACT_TOO_BIG_TRUE,
	PATH_FACT_REPORTER_IS_HOP,
	PATH_FACT_LARGER_ARRIVED_BEFORE,
	PATH_FACT_LARGER_REFUSED,
	PATH_FACT_SIZE_MEASURABLE,
	PATH_FACT_LARGER_VANISH,
	PATH_FACT_SMALLER_ARRIVE,
	PATH_FACT_TOO_BIG_HEARD,
	PATH_FACT_OTHERS_PASS,
	PATH_FACT_WAY_TOLD,
	PATH_FACT_LINK_KNOWN,
	PATH_FACT_LINK_LOSS_UNLIKELY,
	PATH_FACT_LINK_LOSS_EXCLUDED,
	PATH_FACT_HOP_ANSWERS_LARGE,
	PATH_FACT_NEXT_HOP_ANSWERS_LARGE,
	PATH_FACT_ONE_LINK,
	PATH_FACT_HOP_REPORTS_EXPIRY,
	PATH_FACT_TOO_BIG_GETS_HERE,
	PATH_FACT_TOO_BIG_FROM_HOP,
	/* the way back */
	PATH_FACT_ONLY_REST_ARRIVES,
	PATH_FACT_SMALLER_SEGMENT_ARRIVES,
	PATH_FACT_ECHO_OF_MISSING_RETURNS,
	PATH_FACT_SERVERS_SEGMENT_ARRIVES,
	PATH_FACT_SERVER_HAD_MORE,
	PATH_FACT_SAME_LIMIT_THERE,
	PATH_FACT_FULL_SIZE_OFFERED,
	PATH_FACT_CONNECTIONS_AGREE,
	PATH_FACT_ECHO_IN_FRAGMENTS,
	PATH_FACT_LARGER_RETURNS_WHOLE,
	PATH_FACT_FRAGMENT_SIZE_EXACT,
	PATH_FACT_ECHO_FULL_RETURNS,
	PATH_FACT_WAY_THERE_PASSES,
	PATH_FACT_ECHO_OF_SIZE_RETURNS,
	PATH_FACT_LARGER_SEGMENT_ARRIVES,
	/* "too big" to the server */
	PATH_FACT_PTB_SENT,
	PATH_FACT_SAME_SIZE_AGAIN,
	PATH_FACT_SMALLER_SEGMENTS,
	PATH_FACT_PTB_HONOURED,
	/* fragments */
	PATH_FACT_FULL_SIZE_ANSWERED,
	PATH_FACT_FRAGMENTS_ANSWERED,
	PATH_FACT_WHOLE_ANSWERED,
	PATH_FACT_ALL_KINDS_ANSWERED,
	PATH_FACT_FRAGMENTS_RETURN,
	PATH_FACT_SILENCE_MAY_BE_LOSS,
	PATH_FACT_TRIED_OFTEN,
	PATH_FACT_LOSS_WELL_KNOWN,
	PATH_FACT_SENT_TO_HOPS,
	PATH_FACT_FIRST_REACH,
	PATH_FACT_LATER_REACH,
	PATH_FACT_LATER_TOLD_APART,
	PATH_FACT_LATER_AS_FAR,
	PATH_FACT_LATER_FARTHER,
	PATH_FACT_FIRST_END_IS_TARGET,
	PATH_FACT_FIRST_PASS_ROUTER,
	PATH_FACT_FIRST_END_MAY_BE_LOSS,
	PATH_FACT_LATER_END_IS_TARGET,
	PATH_FACT_LATER_END_MAY_BE_LOSS,
	PATH_FACT_TARGET_REPORTS_EACH,
	PATH_FACT_TARGET_MISSES_LATER,
	/* headers */
	PATH_FACT_QUOTED_AS_SENT,
	PATH_FACT_DONT_FRAGMENT_KEPT,
	PATH_FACT_MSS_KEPT,
	PATH_FACT_FIRST_FRAGMENT_AS_SENT,
	PATH_FACT_CHECKSUM_MATCHES,
	PATH_FACT_HOP_BEHIND_CONFIRMS,
	PATH_FACT_HOPS_ARE_NEIGHBOURS,
	PATH_FACT_OTHER_CHANGE_EXPLAINS,
	PATH_FACT_TTL_FOLLOWS_SENT,
	PATH_FACT_LAST_ROUTER_QUOTES,
	PATH_FACT_FULL_SEGMENT_CAME,
	PATH_FACT_SYN_ACK_MSS_FULL,
	PATH_FACT_LARGER_THAN_MSS_CAME,
	/* loss */
	PATH_FACT_SENT_OFTEN,
	PATH_FACT_SEVERAL_LOST,
	PATH_FACT_MANY_LOST,
	PATH_FACT_HANDSHAKE_COMPLETE,
	PATH_FACT_OLD_DATA_ANSWERED,
	PATH_FACT_ECHO_ANSWERED,
	PATH_FACT_HOPS_MEASURED,
	PATH_FACT_HOP_BEFORE_LOSES,
	PATH_FACT_HOP_BEHIND_LOSES,
	PATH_FACT_COUNT,
};

struct path_fact_value {
	enum truth truth;
	uint64_t frame, against; /* 0: none */
	char found[FOUND_BYTES], expected[FOUND_BYTES];
};

struct path_facts {
	struct path_fact_value value[PATH_FACT_COUNT];
};

/* TRUTH_YES or TRUTH_NO, for facts that are known. */
static inline enum truth path_fact_truth(bool holds)
{
	return holds ? TRUTH_YES : TRUTH_NO;
}

/* Sets one that is known, and no evidence for it. */
static inline void path_fact_set(
	struct path_facts *facts, enum path_fact fact, bool holds)
{
	facts->value[fact].truth = path_fact_truth(holds);
}

/* The frames that it rests on; 0: none. */
static inline void path_fact_frames(struct path_facts *facts,
	enum path_fact fact, uint64_t frame, uint64_t against)
{
	facts->value[fact].frame = frame;
	facts->value[fact].against = against;
}

void path_fact_found(struct path_facts *facts, enum path_fact fact,
	const char *format, ...) __attribute__((format(printf, 3, 4)));
void path_fact_expected(struct path_facts *facts, enum path_fact fact,
	const char *format, ...) __attribute__((format(printf, 3, 4)));
/* What was found is what was expected. */
void path_fact_as_expected(struct path_facts *facts, enum path_fact fact,
	const char *format, ...) __attribute__((format(printf, 3, 4)));

#endif
