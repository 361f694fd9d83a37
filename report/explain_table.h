/* The texts of `culprit explain`. Their statements were measured on Linux or
 * are in the RFC or source named; unverified statements are not included. */
#ifndef REPORT_EXPLAIN_TABLE_H
#define REPORT_EXPLAIN_TABLE_H

#include "analysis/cause/cause.h"
#include "analysis/compare/outcome.h"
#include "analysis/flow/conn_state.h"
#include "analysis/learned/triggers.h"
#include "analysis/path/finding.h"
#include "analysis/path/path_row.h"
#include "analysis/verdict/vocabulary.h"

struct signature;

struct explanation {
	const char *word;
	const char *meaning;
	const char *recognised;	      /* how, from packets */
	const char *also;	      /* what else it could be; NULL: nothing */
	const char *remedy;	      /* what to do; NULL: nothing */
	const struct path_when *when; /* the facts of a signature, of a path */
	const struct signature *row;  /* the same of a connection */
	const char *place;	      /* of a field: in its record, and */
	const char *records;	      /* which records have it */
};

enum {
	EXPLAIN_FINDINGS = 16,
};

extern const struct explanation explain_mechanisms[MECHANISM_COUNT];
extern const struct explanation explain_findings[EXPLAIN_FINDINGS];
extern const struct explanation explain_grades[GRADE_COUNT];
extern const struct explanation explain_parties[PARTY_COUNT];

enum {
	EXPLAIN_PORT_STATES = PORT_STATE_COUNT - 1,
	EXPLAIN_FRAGMENTS = FRAGMENTS_COUNT - 1,
	EXPLAIN_FIELDS = FIELD_COUNT - 2, /* two are a source */
	EXPLAIN_TRIGGERS = TRIGGER_COUNT, /* the word itself is one */
	EXPLAIN_CAUSES = CAUSE_COUNT,
	EXPLAIN_OUTCOMES = OUTCOME_COUNT,
	EXPLAIN_REASONS = REASON_COUNT - 1,
	EXPLAIN_PATH_FACTS = PATH_FACT_COUNT - 1,
	EXPLAIN_PATTERNS = 4,
	EXPLAIN_VALUES = 12,
	EXPLAIN_MARKS = 16,
};

/* Of what findings and triggers consist of, counted from 0. A fact's
 * `recognised` is where it is known from, its `also` what could fool it. */
struct explanation explain_port_state(int index);
struct explanation explain_fragments(int index);
struct explanation explain_field(int index);
struct explanation explain_trigger(int index);
struct explanation explain_cause(int index);
struct explanation explain_path_fact(int index);
/* Of comparisons. */
struct explanation explain_outcome(int index);
struct explanation explain_reason(int index);
struct explanation explain_path_row(int index);
int explain_path_row_count(void);
/* Facts and signatures of verdicts about connections, in the order of their
 * tables. */
struct explanation explain_fact(int index);
int explain_fact_count(void);
struct explanation explain_signature(int index);
int explain_signature_count(void);
/* What the packets of known injectors look like; values of other fields. */
struct explanation explain_pattern(int index);
struct explanation explain_value(int index);
struct explanation explain_conn_state(int index);
struct explanation explain_mark(int index);
/* Fields of --json, in the order of report/json_fields.c. */
struct explanation explain_json_field(int index);
int explain_json_field_count(void);

#endif
