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
	const char *name;	  /* stable, for tests and docs */
	struct fact_bits needs;	  /* must be known to hold; never empty */
	struct fact_bits denies;  /* must be known not to hold */
	struct fact_bits forbids; /* must not be known to hold */
	struct fact_bits keeps;	  /* must not be known not to hold */
	enum mechanism mechanism;
	enum role sender, culprit;
	enum grade grade;
	const char *summary;
	struct also also[3];
	struct fact_bits decide; /* what would settle the rest */
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
