/* What a probe is to find out: for each question the report says that it was
 * found, that it is excluded, or that it is not determined. */
#ifndef ANALYSIS_PATH_PATH_QUESTION_H
#define ANALYSIS_PATH_PATH_QUESTION_H

#include "analysis/path/finding.h"

/* In this order they are reported. */
enum path_question {
	QUESTION_HOLE_FORWARD,
	QUESTION_HOLE_REVERSE,
	QUESTION_FRAGMENTS_FORWARD,
	QUESTION_FRAGMENTS_REVERSE,
	QUESTION_MSS_FORWARD,
	QUESTION_MSS_REVERSE,
	QUESTION_DF_CLEARED,
	QUESTION_REWRITTEN,
	QUESTION_OPTION_REFUSED,
	QUESTION_IDLE_TIMEOUT,
	QUESTION_IDLE_LONGER,
	QUESTION_INJECTOR,
	QUESTION_LOSS,
	QUESTION_TOO_BIG_IGNORED,
	QUESTION_SSH_REFUSED,
	QUESTION_SSH_STARTUPS,
	QUESTION_SSH_SLOW,
	QUESTION_SSH_ALGORITHMS,
	QUESTION_SSH_EXCHANGE,
	QUESTION_SSH_GRACE,
	QUESTION_SSH_DSCP,
	QUESTION_TLS_REFUSED,
	QUESTION_TLS_OLD_CLIENTS,
	QUESTION_TLS_CERTIFICATE,
	QUESTION_TLS_CLIENT_CERTIFICATE,
	QUESTION_TLS_LARGE,
	QUESTION_COUNT,
};

/* The row of what no experiment looked for. */
#define PATH_ROW_NOT_TESTED "not-tested"

/* A set of questions. */
#define QUESTION_BIT(name) (1u << QUESTION_##name)

/* NOLINTNEXTLINE(clang-analyzer-optin.performance.Padding): as tables read */
struct path_question_text {
	const char *name; /* for people */
	enum finding_kind kind;
	enum path_direction direction;
	/* that looks for it; questions about a server's protocol are listed
	 * only where it did */
	enum probe_experiment experiment;
	const char *settled_by; /* what determines it, where it was tested */
	unsigned causes; /* a set: findings about a protocol that answer it */
	/* It arises from a finding of that kind, which does not answer it, and
	 * is listed only where a row leaves it open. */
	bool is_further;
};
const struct path_question_text *path_question_text(
	enum path_question question);

/* Whether the finding answers it. */
bool path_question_is_of(
	enum path_question question, const struct finding *finding);

#endif
