/* One incident (or many of a kind) as a block of the report for people. */
#ifndef REPORT_INCIDENT_TEXT_H
#define REPORT_INCIDENT_TEXT_H

#include "report/layout.h"
#include "report/source.h"

struct incident_block {
	const struct report_source *source;
	const struct incident *incident; /* the one that stands for all */
	unsigned number;   /* of the block on the page; 0: none is shown */
	uint64_t members;  /* connections of this block */
};

/* Number, failure, grade, culprit and connections, on one line where it has
 * room. */
void incident_headline(
	const struct layout *layout, const struct incident_block *block);

/* The whole in one line, for --quiet: failure, grade, culprit, connections,
 * server, time and frame. */
void incident_line(
	const struct layout *layout, const struct incident_block *block);

/* What happened, in a sentence. */
void incident_sentence(
	const struct layout *layout, const struct incident *incident);

/* When, and which packet. */
void incident_moment(
	const struct layout *layout, const struct incident_block *block);

/* The commands that show more. */
void incident_see_lines(const struct layout *layout,
	const struct report_source *source, const struct incident *incident);

/* What follows the headline: the sentence, packets, evidence, advice. */
void incident_body(
	const struct layout *layout, const struct incident_block *block);

/* "10.0.0.1:40000 → 192.0.2.7:22" */
enum { FLOW_TEXT = 128 };
const char *flow_text(char text[FLOW_TEXT], const struct flow_name *flow);

#endif
