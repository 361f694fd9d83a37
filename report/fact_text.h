/* What facts about a connection mean, for people. */
#ifndef REPORT_FACT_TEXT_H
#define REPORT_FACT_TEXT_H

#include "analysis/verdict/fact.h"

struct fact_text {
	enum fact fact;
	const char *holds;  /* when it does */
	const char *source; /* where it is known from; NULL: by definition */
	const char *fooled; /* what could fool it; NULL: nothing known */
};

/* One text for every fact, in three tables. */
extern const struct fact_text fact_texts_reset[], fact_texts_silence[],
	fact_texts_message[];
extern const unsigned fact_texts_reset_count, fact_texts_silence_count,
	fact_texts_message_count;

#endif
