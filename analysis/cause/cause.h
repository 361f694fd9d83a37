/* Why a connection to the target of a probe dies, or does not come about: the
 * causes that users ask for. Each is found, excluded by evidence, or open, with
 * what tests it. They are derived from the findings and statements of the
 * path's judge, and from the client's settings in the recording. */
#ifndef ANALYSIS_CAUSE_CAUSE_H
#define ANALYSIS_CAUSE_CAUSE_H

#include "analysis/path/path.h"

enum cause {
	CAUSE_PATH_MTU,
	CAUSE_IDLE_TIMEOUT,
	CAUSE_KEEPALIVE,
	CAUSE_LOSS,
	CAUSE_MIDDLEBOX_RESET,
	CAUSE_SSH_MISMATCH,
	CAUSE_MAX_STARTUPS,
	CAUSE_TCP_WRAPPERS,
	CAUSE_LOGIN_GRACE,
	CAUSE_SLOW_DNS,
	CAUSE_DSCP,
	CAUSE_NO_HOST,
	CAUSE_NO_SERVICE,
	CAUSE_HOST_FIREWALL,
	CAUSE_FAIL2BAN,
	CAUSE_SECURITY_GROUP,
	CAUSE_CLIENT_ALIVE,
	CAUSE_SERVER_LOG,
	CAUSE_COUNT,
};

enum cause_state { CAUSE_FOUND, CAUSE_OPEN, CAUSE_EXCLUDED, CAUSE_STATE_COUNT };
/* "found", "undetermined", "excluded" */
const char *cause_state_word(enum cause_state state);

enum { CAUSE_BECAUSE = 512, CAUSE_COMMAND = 320 };

/* What is known of one cause. Pointers are into the path, or static. */
struct cause_verdict {
	enum cause cause;
	enum cause_state state;
	enum grade grade; /* if it is found */
	/* what it was derived from; NULL: none */
	const struct finding *finding;
	const struct path_statement *statement;
	uint64_t frame; /* of a packet that shows it; 0: see those */
	char because[CAUSE_BECAUSE]; /* one or two sentences */
	char other[FINDING_OTHER]; /* if it is found: what else it may be; "" */
	char advice[FINDING_ADVICE]; /* if it is found: what to change; "" */
	char test[CAUSE_COMMAND]; /* if it is open: a probe that tests it; "" */
};

struct diagnosis {
	unsigned count;
	/* Those found first, the surest first of all; then the open ones, then
	 * the excluded ones. */
	struct cause_verdict verdicts[CAUSE_COUNT];
};

/* Of a path that is finished, for as long as that is there. */
void diagnosis_make(const struct path *path, struct diagnosis *diagnosis);

/* What is known of a cause whatever was measured; NULL: nothing. */
struct cause_text {
	const char *word;  /* "idle-timeout" */
	const char *title; /* for people */
	const char *meaning;
	/* Where no probe can tell: a command at the client, one at the server,
	 * a line of the server's log, and where else to look. */
	const char *client, *server, *log, *network;
};
const struct cause_text *cause_text(enum cause cause);

#endif
