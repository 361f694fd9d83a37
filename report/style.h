/* How text for people is to look. */
#ifndef REPORT_STYLE_H
#define REPORT_STYLE_H

#include <stdbool.h>
#include <stdint.h>

/* How times are told (--time). */
enum times {
	TIMES_USUAL, /* of days in local time, of packets since the beginning */
	TIMES_RELATIVE,
	TIMES_LOCAL,
	TIMES_UTC,
};

/* What failures are counted by (--by). */
enum tally_by {
	TALLY_NONE,
	TALLY_MECHANISM,
	TALLY_SERVER,
	TALLY_CLIENT,
	TALLY_PORT,
	TALLY_HOP,
	TALLY_SNI,
	TALLY_MINUTE,
	TALLY_COUNT,
};

struct style {
	bool is_colored;
	bool is_quiet;	    /* one line per verdict */
	enum times times;
	enum tally_by by;
	uint32_t most;	    /* groups and rows of tables; 0: the usual */
	bool is_advice;	    /* of a path: what to change, and no more */
	unsigned columns;   /* of the page */
	unsigned verbosity; /* 0: what decides; more: all of it */
};

#endif
