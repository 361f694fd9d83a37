/* Outcomes and changes of a kind, told together. */
#ifndef REPORT_COMPARISON_FINDINGS_H
#define REPORT_COMPARISON_FINDINGS_H

#include "report/comparison.h"
#include "report/layout.h"

struct comparison_finding {
	const struct outcome *outcome;	   /* the first of the kind, or NULL */
	const struct field_change *change; /* the same */
	uint64_t packets, connections;
	uint32_t last_group; /* that was counted */
};

struct comparison_findings {
	struct comparison_finding *rows; /* worst first */
	uint32_t count, room;
};

/* All but what arrived and what was not judged. False without memory. */
bool comparison_findings_make(
	struct comparison_findings *findings, const struct compare *compare);
void comparison_findings_free(struct comparison_findings *findings);

/* One line: what, how sure, where, how often. */
void comparison_finding_line(const struct layout *layout,
	const struct comparison *comparison,
	const struct comparison_finding *finding);

/* All of them, the worst with the packets around it. */
void comparison_findings_text(
	const struct layout *layout, const struct comparison *comparison);

#endif
