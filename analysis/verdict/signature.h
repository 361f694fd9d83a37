/* Signatures: which facts together mean what. */
#ifndef ANALYSIS_VERDICT_SIGNATURE_H
#define ANALYSIS_VERDICT_SIGNATURE_H

#include "analysis/verdict/fact.h"

/* Parties as a signature can name them before it is known who is who. */
enum role {
	ROLE_UNKNOWN,
	ROLE_SENDER, /* the side whose name the reset bears; for silence, the
			side whose packets go unanswered */
	ROLE_PEER,
	ROLE_SERVER,
	ROLE_CLIENT,
	ROLE_MIDDLEBOX,
	ROLE_NONE,
	ROLE_NAT,
	ROLE_MTU,
	ROLE_LOSS,
};

struct also {
	enum mechanism mechanism; /* MECHANISM_UNKNOWN ends the list */
	enum role sender, culprit;
	const char *why;
};

struct signature {
	const char *name; /* stable, for tests and docs */
	uint64_t needs;	  /* must be known to hold; never empty */
	uint64_t denies;  /* must be known not to hold */
	uint64_t forbids; /* must not be known to hold */
	uint64_t keeps;	  /* must not be known not to hold */
	enum mechanism mechanism;
	enum role sender, culprit;
	enum grade grade;
	const char *summary;
	struct also also[3];
	enum fact decide[2]; /* what would settle the rest; FACT_COUNT: end */
	unsigned decide_count;
};

enum signature_table {
	SIGNATURES_RESET,
	SIGNATURES_SILENCE,
	SIGNATURES_SSH,
	SIGNATURES_MTU,
	SIGNATURES_FORGED,
};

/* The first row of the table that applies, NULL if none does. `from` is where
 * to begin, and is left behind the row found: call again for the next. */
const struct signature *signature_match(
	enum signature_table table, const struct facts *facts, unsigned *from);

#endif
