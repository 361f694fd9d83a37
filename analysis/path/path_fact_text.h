/* What facts about a path mean, for people. */
#ifndef ANALYSIS_PATH_PATH_FACT_TEXT_H
#define ANALYSIS_PATH_PATH_FACT_TEXT_H

#include "analysis/path/path_fact.h"

struct path_fact_text {
	const char *word;   /* stable: "next-size-fails" */
	const char *holds;  /* when it does, one clause */
	const char *source; /* where the knowledge comes from; NULL: by
				definition */
	const char *fooled; /* what could fool it; NULL: nothing known */
};

const struct path_fact_text *path_fact_text(enum path_fact fact);

#endif
