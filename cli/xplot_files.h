/* The two files of --xplot PREFIX: PREFIX-client.xpl has what the client sent,
 * PREFIX-server.xpl what the server did. */
#ifndef CLI_XPLOT_FILES_H
#define CLI_XPLOT_FILES_H

#include "cli/command.h"
#include "report/xplot.h"

enum { XPLOTS = 2 };

struct xplot_files {
	const char *prefix; /* NULL: none are asked for */
	char *paths[XPLOTS];
	FILE *streams[XPLOTS];
	struct xplot plots[XPLOTS];
	struct segment_tracker *tracker; /* once they have begun */
};

/* Opens both and adds them to the run's files; true when none are asked for. */
bool xplot_files_open(struct xplot_files *files, struct command_run *run,
	struct failure *failure);

/* False without memory. */
bool xplot_files_begin(struct xplot_files *files, const struct flow_name *flow,
	const struct incident *incident, struct failure *failure);
void xplot_files_packet(struct xplot_files *files, const struct packet *packet,
	enum speaker speaker);

/* Writes the rest and closes both. False with a sentence when something was
 * lost. May be called again. */
bool xplot_files_close(struct xplot_files *files, struct failure *failure);

#endif
