/* Rows: the facts of a finding, other explanations, and the remedy. Every row
 * that applies is computed. A row that outranks another names it, with the
 * reason; the remaining rows are reported. A row outranks the rows of its own
 * table that it names, for the same facts, and no others: neither those that
 * these outrank (as among signatures, verdict.h) nor rows of another subject.
 * The order of rows means nothing for what is found. */
#ifndef ANALYSIS_PATH_PATH_ROW_H
#define ANALYSIS_PATH_PATH_ROW_H

#include "analysis/path/finding.h"
#include "analysis/path/path_fact.h"
#include "analysis/path/path_question.h"

/* What is judged, each by facts of its own. In this order it is reported. */
enum path_subject {
	PATH_SUBJECT_PORT,
	PATH_SUBJECT_RESET, /* of connections */
	PATH_SUBJECT_PROXY,
	PATH_SUBJECT_FORWARD,
	PATH_SUBJECT_ABOVE, /* sizes above a reported limit */
	PATH_SUBJECT_FLOWS, /* sizes that other connections pass */
	PATH_SUBJECT_REVERSE,
	PATH_SUBJECT_FULL_SIZE,
	PATH_SUBJECT_FRAGMENTS,
	PATH_SUBJECT_FRAGMENTS_BACK,
	PATH_SUBJECT_FRAGMENTS_ALL, /* whether all kinds are known of */
	PATH_SUBJECT_FIELD,	    /* of a header */
	PATH_SUBJECT_FEATURES,	    /* of SYNs, that are refused */
	PATH_SUBJECT_HEADERS,	    /* whether they were seen at all */
	PATH_SUBJECT_HOP_LIMIT,
	PATH_SUBJECT_IDLE,
	PATH_SUBJECT_INJECTOR, /* resets that a trigger provokes */
	PATH_SUBJECT_SSH,
	PATH_SUBJECT_TLS,
	PATH_SUBJECT_LOSS,
	PATH_SUBJECT_PTB, /* "too big", to the server */
	PATH_SUBJECT_COUNT,
};

enum {
	PATH_FACTS_MOST = 8,  /* in a list */
	PATH_SHOWN_MOST = 14, /* of a finding */
	PATH_OUTRANKS_MOST = 7,
	PATH_OF_MOST = 8,
};

struct path_when {
	enum path_fact needs[PATH_FACTS_MOST];	 /* known to hold */
	enum path_fact denies[PATH_FACTS_MOST];	 /* known not to hold */
	enum path_fact forbids[PATH_FACTS_MOST]; /* not known to hold */
	enum path_fact keeps[PATH_FACTS_MOST];	 /* not known to fail */
};

/* Another row of the same table. */
struct path_outranks {
	const char *name; /* NULL ends the list */
	const char *why;
};

/* What of the measurement is part of the finding. */
enum path_figure {
	FIGURE_MTU = 1 << 0,
	FIGURE_MTU_ECHO = 1 << 1,      /* what echo says of it */
	FIGURE_MTU_FRAGMENTS = 1 << 2, /* what echo in fragments does */
	FIGURE_LINK = 1 << 3,	       /* after_hop, before_hop */
	FIGURE_LINK_LATER = 1 << 4,    /* those of later fragments */
	FIGURE_LINK_BOTH = 1 << 5, /* from where later ones were last seen on */
	FIGURE_HOP = 1 << 6,
	FIGURE_LIMITED_AFTER = 1 << 7,
	FIGURE_REPORTER = 1 << 8,
	FIGURE_MSS = 1 << 9, /* sent, arrived */
	FIGURE_PERCENT = 1 << 10,
	FIGURE_FRAGMENTS = 1 << 11,
	FIGURE_FIELD = 1 << 12,
	FIGURE_IDLE = 1 << 13,	   /* survived, died, keepalive, timers */
	FIGURE_INJECTOR = 1 << 14, /* trigger, style and what it does */
	FIGURE_SSH_WAIT = 1 << 15,
	FIGURE_SSH_OPEN = 1 << 16,
	FIGURE_SSH_DSCP = 1 << 17,
	FIGURE_TLS = 1 << 18, /* alert, version, suite, name */
};

/* Texts contain placeholders in braces for measured values: "{mtu}". */

struct path_row {
	const char *name;      /* stable, for tests and docs */
	struct path_when when; /* its needs or denies are never empty */
	struct path_outranks outranks[PATH_OUTRANKS_MOST];
	enum finding_kind kind; /* FINDING_COUNT: nothing is found */
	enum grade grade;	/* at most: see struct path_doubt */
	enum path_direction direction;
	unsigned figures; /* enum path_figure */
	enum port_state state;
	enum rejecter by;
	enum party sender; /* of resets */
	enum idle_expiry on_expiry;
	enum finding_cause cause;
	/* instead of the measured ones, if those are FRAGMENTS_ANY */
	enum dropped_fragments fragments;
	enum path_fact shows[PATH_SHOWN_MOST]; /* as evidence, in this order */
	/* sets of questions (QUESTION_BIT): what `shows` would have shown and
	 * is excluded, unless another row finds it or leaves it open; what is
	 * not determined, for the reason that `says` says */
	unsigned excludes, opens;
	const char *says; /* one sentence for people */
	/* of a row that leaves open: what determines it; NULL: what does for
	 * the question */
	const char *settled_by;
};

/* Another explanation of a finding, and the highest grade with it. */
struct path_doubt {
	const char *name;
	const char *of[PATH_OF_MOST]; /* rows; none: of any */
	struct path_when when;
	struct path_outranks outranks[PATH_OUTRANKS_MOST];
	enum grade most;   /* GRADE_CERTAIN: lowers nothing */
	const char *other; /* NULL: it lowers the grade and no more */
};

/* What to do; all that apply, in the order of the table. */
struct path_remedy {
	const char *name;
	const char *of[PATH_OF_MOST]; /* rows; none: of any */
	struct path_when when;
	const char *advice;
};

/* All that is known of one subject. */
struct path_table {
	const char *title; /* for documents */
	const struct path_row *rows;
	const struct path_doubt *doubts;
	const struct path_remedy *remedies;
	unsigned row_count, doubt_count, remedy_count;
};

#endif
