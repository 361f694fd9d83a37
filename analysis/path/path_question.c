#include "analysis/path/path_question.h"

#include <assert.h>

#define AT_SERVER "the server's log: {log}"
#define CAUSE(name) (1u << SSH_CAUSE_##name)
#define TLS_CAUSE(name) (1u << TLS_CAUSE_##name)

static const struct path_question_text texts[] = {
	[QUESTION_HOLE_FORWARD] = {"path MTU black hole, forward",
		FINDING_BLACK_HOLE, PATH_FORWARD, EXPERIMENT_MTU,
		"{probe host} -p PORT, with an open port"},
	[QUESTION_HOLE_REVERSE] = {"path MTU black hole, reverse",
		FINDING_BLACK_HOLE, PATH_REVERSE, EXPERIMENT_MTU,
		"{probe host} -p 443, or another port whose server sends more"},
	[QUESTION_FRAGMENTS_FORWARD] = {"fragments dropped, forward",
		FINDING_FRAGMENTS_DROPPED, PATH_FORWARD, EXPERIMENT_FRAGMENTS,
		"a capture at the target"},
	[QUESTION_FRAGMENTS_REVERSE] = {"fragments dropped, reverse",
		FINDING_FRAGMENTS_DROPPED, PATH_REVERSE, EXPERIMENT_FRAGMENTS,
		"a capture at the target"},
	[QUESTION_MSS_FORWARD] = {"MSS clamped, forward", FINDING_MSS_CLAMPED,
		PATH_FORWARD, EXPERIMENT_REWRITTEN,
		"a capture at the target, or a port whose server sends "
		"segments of full size"},
	[QUESTION_MSS_REVERSE] = {"MSS clamped, reverse", FINDING_MSS_CLAMPED,
		PATH_REVERSE, EXPERIMENT_ROUTE,
		"{probe host} -p PORT, with an open port"},
	[QUESTION_DF_CLEARED] = {"DF cleared", FINDING_DF_CLEARED, PATH_FORWARD,
		EXPERIMENT_REWRITTEN, "a capture at the target"},
	[QUESTION_REWRITTEN] = {"headers rewritten, other than by a NAT",
		FINDING_REWRITTEN, PATH_FORWARD, EXPERIMENT_REWRITTEN,
		"a capture at the target"},
	/* behind the last router nothing is seen of it */
	[QUESTION_OPTION_REFUSED] = {"SYNs dropped for an option, up to the "
				     "last router",
		FINDING_OPTION_REFUSED, PATH_FORWARD, EXPERIMENT_REWRITTEN,
		"a capture at the target"},
	[QUESTION_IDLE_TIMEOUT] = {"idle time-out", FINDING_IDLE_TIMEOUT,
		PATH_NO_DIRECTION, EXPERIMENT_IDLE,
		"{probe host} -p PORT --only idle, with an open port whose "
		"server keeps idle connections"},
	[QUESTION_IDLE_LONGER] = {"longer idle time-outs, of other devices",
		FINDING_IDLE_TIMEOUT, PATH_NO_DIRECTION, EXPERIMENT_IDLE,
		"{probe} --only idle, from a host behind that hop, or once the "
		"device there keeps connections for longer",
		.is_further = true},
	[QUESTION_INJECTOR] = {"resets by a device", FINDING_INJECTOR,
		PATH_NO_DIRECTION, EXPERIMENT_RESET,
		"{probe host} -p PORT --only reset, with an open port, and the "
		"bytes that are suspected (--trigger)"},
	[QUESTION_LOSS] = {"loss", FINDING_LOSS, PATH_NO_DIRECTION,
		EXPERIMENT_LOSS, "{probe host} -p PORT, with an open port"},
	[QUESTION_TOO_BIG_IGNORED] = {"\"too big\" ignored",
		FINDING_TOO_BIG_IGNORED, PATH_REVERSE, EXPERIMENT_TOO_BIG,
		"{probe host} -p 443, or another port whose server sends more"},
	[QUESTION_SSH_REFUSED] = {"SSH refused before the banner", FINDING_SSH,
		PATH_NO_DIRECTION, EXPERIMENT_SSH, AT_SERVER,
		CAUSE(REFUSED) | CAUSE(NOT_ALLOWED) | CAUSE(SILENT)},
	[QUESTION_SSH_STARTUPS] = {"MaxStartups", FINDING_SSH,
		PATH_NO_DIRECTION, EXPERIMENT_SSH, AT_SERVER,
		CAUSE(MAX_STARTUPS) | CAUSE(NOT_ALLOWED)},
	[QUESTION_SSH_SLOW] = {"slow SSH banner", FINDING_SSH,
		PATH_NO_DIRECTION, EXPERIMENT_SSH, AT_SERVER,
		CAUSE(SLOW_BANNER)},
	[QUESTION_SSH_ALGORITHMS] = {"no common SSH algorithm", FINDING_SSH,
		PATH_NO_DIRECTION, EXPERIMENT_SSH, "ssh -vv {ssh target}",
		CAUSE(NO_COMMON_ALGORITHM)},
	[QUESTION_SSH_EXCHANGE] = {"SSH key exchange fails", FINDING_SSH,
		PATH_NO_DIRECTION, EXPERIMENT_SSH, "ssh -vv {ssh target}",
		CAUSE(LARGE_LOST) | CAUSE(NO_REPLY) | CAUSE(CLOSED)},
	[QUESTION_SSH_GRACE] = {"LoginGraceTime", FINDING_SSH,
		PATH_NO_DIRECTION, EXPERIMENT_SSH,
		"{probe} --only ssh --login-grace", CAUSE(LOGIN_GRACE)},
	[QUESTION_SSH_DSCP] = {"DSCP of sessions dropped", FINDING_SSH,
		PATH_NO_DIRECTION, EXPERIMENT_SSH,
		"ssh -o IPQoS=none {ssh target}, beside ssh {ssh target}",
		CAUSE(DSCP)},
	[QUESTION_TLS_REFUSED] = {"TLS client refused", FINDING_TLS,
		PATH_NO_DIRECTION, EXPERIMENT_TLS, AT_SERVER,
		TLS_CAUSE(NOT_TLS) | TLS_CAUSE(NAME) | TLS_CAUSE(VERSION) |
			TLS_CAUSE(NO_COMMON) | TLS_CAUSE(ALERT) |
			TLS_CAUSE(CLOSED) | TLS_CAUSE(SILENT) |
			TLS_CAUSE(HELLO_LOST)},
	[QUESTION_TLS_OLD_CLIENTS] = {"TLS 1.2 refused", FINDING_TLS,
		PATH_NO_DIRECTION, EXPERIMENT_TLS,
		"openssl s_client -tls1_2 -connect {endpoint}",
		TLS_CAUSE(NEW_ONLY)},
	[QUESTION_TLS_CERTIFICATE] = {"certificate for another name",
		FINDING_TLS, PATH_NO_DIRECTION, EXPERIMENT_TLS,
		"openssl s_client -connect {endpoint} -servername NAME "
		"-verify_hostname NAME",
		TLS_CAUSE(OTHER_CERTIFICATE)},
	[QUESTION_TLS_CLIENT_CERTIFICATE] = {"client certificate demanded",
		FINDING_TLS, PATH_NO_DIRECTION, EXPERIMENT_TLS,
		"openssl s_client -connect {endpoint}, which prints which "
		"ones are acceptable",
		TLS_CAUSE(CLIENT_CERTIFICATE)},
	[QUESTION_TLS_LARGE] = {"large TLS messages lost", FINDING_TLS,
		PATH_NO_DIRECTION, EXPERIMENT_TLS, "{probe} --only mtu",
		TLS_CAUSE(LARGE_LOST)},
};
static_assert(sizeof(texts) / sizeof(texts[0]) == QUESTION_COUNT,
	"a text for every question");

const struct path_question_text *path_question_text(enum path_question question)
{
	assert(question < QUESTION_COUNT);
	return &texts[question];
}

bool path_question_is_of(
	enum path_question question, const struct finding *finding)
{
	const struct path_question_text *text = path_question_text(question);

	if (text->is_further)
		return false;
	if (text->causes && !(text->causes >> finding->cause & 1))
		return false;
	return finding->kind == text->kind &&
	       (text->direction == PATH_NO_DIRECTION ||
		       finding->direction == text->direction);
}
