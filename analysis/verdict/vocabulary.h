/* The words of verdicts, as scripts rely on them. */
#ifndef ANALYSIS_VERDICT_VOCABULARY_H
#define ANALYSIS_VERDICT_VOCABULARY_H

#include <stdbool.h>
#include <stdint.h>

/* Who put the fatal packet on the wire, or who is to blame. */
enum party {
	PARTY_UNKNOWN,
	PARTY_CLIENT,
	PARTY_SERVER,
	PARTY_MIDDLEBOX,
	PARTY_NONE,	   /* senders only: silence */
	PARTY_NAT_TIMEOUT, /* culprits only, as the next two */
	PARTY_PATH_MTU,
	PARTY_PATH_LOSS,
	PARTY_COUNT,
};
const char *party_word(enum party party);

enum grade {
	GRADE_UNDETERMINED,
	GRADE_POSSIBLE,
	GRADE_LIKELY,
	GRADE_CERTAIN,
	GRADE_COUNT,
};
const char *grade_word(enum grade grade);

enum mechanism {
	MECHANISM_UNKNOWN, /* "unknown": goes with GRADE_UNDETERMINED only */
	MECHANISM_PORT_CLOSED,
	MECHANISM_SYN_REJECTED,
	MECHANISM_SYN_UNANSWERED,
	MECHANISM_ABORT,
	MECHANISM_LATE_DATA,
	MECHANISM_UNKNOWN_CONNECTION,
	MECHANISM_STATE_EXPIRED,
	MECHANISM_INJECTED,
	MECHANISM_FIREWALL_REJECT,
	MECHANISM_PROXY_CLOSED,
	MECHANISM_KEEPALIVE_TIMEOUT,
	MECHANISM_RETRANSMISSION_TIMEOUT,
	MECHANISM_PMTU_BLACK_HOLE,
	MECHANISM_PMTU_IGNORED,
	MECHANISM_ICMP_UNREACHABLE,
	MECHANISM_SSH_MAX_STARTUPS,
	MECHANISM_SSH_REFUSED_BEFORE_BANNER,
	MECHANISM_SSH_LOGIN_GRACE,
	MECHANISM_SSH_NO_COMMON_ALGORITHM,
	MECHANISM_SSH_SLOW_BANNER,
	MECHANISM_SSH_CLIENT_ALIVE,
	MECHANISM_ORDERLY,
	MECHANISM_COUNT,
};
const char *mechanism_word(enum mechanism mechanism);
/* False when the word is none of them. */
bool mechanism_of_word(const char *word, enum mechanism *mechanism);
bool party_of_word(const char *word, enum party *party);

#endif
