/* What is known of a path: its hops, and findings with their evidence. */
#ifndef ANALYSIS_PATH_FINDING_H
#define ANALYSIS_PATH_FINDING_H

#include "analysis/verdict/incident.h"

enum finding_kind {
	FINDING_PATH_MTU,
	FINDING_BLACK_HOLE,
	FINDING_TOO_BIG_IGNORED,
	FINDING_MSS_CLAMPED,
	FINDING_DF_CLEARED,
	FINDING_FRAGMENTS_DROPPED,
	FINDING_PORT_STATE,
	FINDING_LOSS,
	FINDING_REWRITTEN,
	FINDING_COUNT,
};
const char *finding_word(enum finding_kind kind);

enum path_direction { PATH_FORWARD, PATH_REVERSE, PATH_NO_DIRECTION };

enum { FINDING_EVIDENCE = 12, FINDING_ADVICE = 512, HOP_NOT_KNOWN = -1 };

struct finding {
	enum finding_kind kind;
	enum grade grade;
	enum path_direction direction;
	uint32_t mtu;  /* 0: not part of it, as everywhere below */
	int after_hop; /* 0 is this host; HOP_NOT_KNOWN */
	int before_hop;
	int hop;
	int limited_after_hop;
	bool has_reporter;
	struct address reporter; /* who said "too big" */
	uint32_t sent, arrived;	 /* mss-clamped */
	const char *state;	 /* port-state: open, closed, ...; static */
	const char *by;		 /* port-state: target or path; static */
	const char *what;	 /* fragments-dropped: kind; rewritten: field */
	bool has_percent;
	double percent, percent_large;	  /* loss */
	double percent_low, percent_high; /* its interval of 95 % */
	char other[160];		  /* what else it could be; "" */
	char advice[FINDING_ADVICE];
	unsigned evidence_count;
	struct evidence_row evidence[FINDING_EVIDENCE];
};

struct path_hop {
	unsigned ttl;
	bool has_address;
	bool is_target;
	struct address address; /* of the first answer */
	int64_t rtt_ns;		/* least; INT64_MAX: no answer */
	unsigned sent, lost;
};

#endif
