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
	ROLE_FIRST_TO_CLOSE,
};

/* What else the packets could mean, and no fact tells. */
struct also {
	enum mechanism mechanism; /* MECHANISM_UNKNOWN ends the list */
	enum role sender, culprit;
	const char *why;
};

/* Another row that this one is preferred to where both apply. */
struct rank {
	const char *over; /* its name; NULL ends the list */
	const char *why;
};

enum { SIGNATURE_ALSO = 3, SIGNATURE_RANKS = 8 };

struct signature {
	const char *name; /* stable, for tests and docs */
	struct bit_set
		needs; /* facts that must be known to hold; never empty */
	struct bit_set denies;	/* must be known not to hold */
	struct bit_set forbids; /* must not be known to hold */
	struct bit_set keeps;	/* must not be known not to hold */
	enum mechanism mechanism;
	enum role sender, culprit;
	enum grade grade;
	bool is_untold; /* not listed beside a device's reset: no reset of an
			   endpoint's own */
	const char *summary;
	struct also also[SIGNATURE_ALSO];
	struct bit_set decide; /* what would settle the rest */
	struct rank outranks[SIGNATURE_RANKS];
	/* Why it outranks every row about such an ending that does not say the
	 * same of itself; NULL: it does not. For proof from elsewhere. */
	const char *outranks_others;
	const char *why; /* where the knowledge comes from, and what could fool
			    it: for docs/evidence.md. "measured": on real
			    kernels in the lab */
};

/* Does the row apply to facts of which these are known to hold and known not
 * to? */
static inline bool signature_applies(const struct signature *row,
	const struct bit_set *yes, const struct bit_set *no)
{
	return bit_set_holds_all(yes, &row->needs) &&
	       bit_set_holds_all(no, &row->denies) &&
	       !bit_set_holds_any(yes, &row->forbids) &&
	       !bit_set_holds_any(no, &row->keeps);
}

#endif
