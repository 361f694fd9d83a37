/* How text for people is to look. */
#ifndef REPORT_STYLE_H
#define REPORT_STYLE_H

#include <stdbool.h>

struct style {
	bool is_colored;
	bool is_quiet;	    /* one line per verdict */
	bool is_advice;	    /* of a path: what to change, and no more */
	unsigned columns;   /* of the page */
	unsigned verbosity; /* 0: what decides; more: all of it */
};

#endif
