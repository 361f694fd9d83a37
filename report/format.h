/* The formats that reports come in, one list: options, help, --version, the
 * file names of -o, the manual and the completions all read it. To add one,
 * write its functions and its row (docs/extending.md). */
#ifndef REPORT_FORMAT_H
#define REPORT_FORMAT_H

#include "analysis/path/path.h"
#include "report/comparison.h"
#include "report/packet_view.h"

/* What there is to be reported. */
enum report_kind {
	REPORT_INCIDENTS, /* of a recording, which may be a probe's, or live */
	REPORT_PATH,	  /* a probe's findings */
	REPORT_PACKETS,	  /* of one connection */
	REPORT_COMPARISON, /* of several capture points */
	REPORT_WORDS,	  /* what words mean */
};

/* A format has functions for what it can report, and NULL for what it can't. */
struct report_format {
	const char *name;   /* its option is --NAME */
	const char *suffix; /* of a file of -o that is to be so; NULL: none */
	const char *help;   /* one line */
	bool is_for_people; /* else for programs: no words but its own */
	bool is_picture;    /* of a connection: a ladder or a plot */
	bool is_binary;	    /* not for a terminal */
	bool has_words;	    /* report/explain.h writes so */
	void (*incidents)(const struct report_source *source,
		const struct style *style, FILE *out);
	/* one of them as it closes, live; NULL: the end tells */
	void (*notice)(const struct report_source *source,
		const struct incident *incident, const struct style *style,
		FILE *out);
	/* a notice that packets have since shown to be wrong, of which flow,
	 * frame, time, mechanism and culprit are known; as `notice` */
	void (*withdrawal)(const struct report_source *source,
		const struct incident *incident, const struct style *style,
		FILE *out);
	void (*path)(
		const struct path *path, const struct style *style, FILE *out);
	void (*comparison)(const struct comparison *comparison,
		const struct style *style, FILE *out);
	void (*begin_packets)(const struct packet_view *view);
	/* in the order of recording; never SPEAKER_NOBODY */
	void (*packet)(const struct packet_view *view,
		const struct packet *packet, enum speaker speaker);
	void (*end_packets)(const struct packet_view *view);
	/* instead of all three where there is no connection to show; NULL:
	 * nothing is written */
	void (*no_packets)(const char *sentence, FILE *out);
};

/* By place in the list; NULL behind the last. */
const struct report_format *report_format_at(unsigned place);

/* Whether it can. */
bool report_format_has(
	const struct report_format *format, enum report_kind kind);

/* The first that can, which is used when none is asked for. */
const struct report_format *report_format_usual(enum report_kind kind);

/* The first that can and whose suffix the file name has; NULL: none. */
const struct report_format *report_format_of_file(
	const char *name, enum report_kind kind);

#endif
