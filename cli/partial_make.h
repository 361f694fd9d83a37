/* Writes the partial result of captures (capture/file/partial_format.h): the
 * steps of `analyze --partial`. */
#ifndef CLI_PARTIAL_MAKE_H
#define CLI_PARTIAL_MAKE_H

#include "analysis/observe/payload_need.h"
#include "capture/file/partial_writer.h"
#include "capture/live/filter.h"
#include "cli/command.h"

/* The state of a run; all zero at first. */
struct partial_make {
	const char *path;	/* of the partial result */
	const char *expression; /* of the filter; NULL: none */
	struct filter *filter;
	struct recording *recording;
	struct run_files *files;
	int descriptor; /* until the writer has it; else -1 */
	struct partial_writer *writer;
	struct payload_need *need;
	bool *is_named; /* of the operands */
	/* of the capture file that is being read */
	const char *file;
	unsigned declared;	   /* interfaces */
	uint64_t frames_before;	   /* of the recording */
	uint64_t number;	   /* of its last frame */
	int64_t first_ns, last_ns; /* of all files so far */
};

bool partial_make_open(struct partial_make *make, struct command_run *run,
	struct failure *failure);
bool partial_make_prepare(struct partial_make *make, struct command_run *run,
	struct failure *failure);
bool partial_make_begin(struct partial_make *make, struct failure *failure);
enum exit_code partial_make_work(struct partial_make *make,
	const struct command_run *run, struct failure *failure);
void partial_make_close(struct partial_make *make);

#endif
