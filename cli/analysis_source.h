/* A finished analysis of a recording, as the report takes it. */
#ifndef CLI_ANALYSIS_SOURCE_H
#define CLI_ANALYSIS_SOURCE_H

#include "capture/file/recording.h"
#include "analysis/parts.h"
#include "analysis/places.h"
#include "cli/inputs.h"
#include "cli/recorder.h"
#include "cli/tcp_streams.h"
#include "report/source.h"

struct analysed {
	const struct analysis *analysis; /* or `places` */
	const struct places *places;
	const struct inputs *inputs; /* of places */
	/* where its frames lie; both NULL: nowhere */
	const struct recording *recording;
	const struct recorder *recorder;
	const struct tcp_streams *streams; /* NULL: they were not counted */
};

/* `analysed` has to live as long as the source. */
struct report_source analysis_source(const struct analysed *analysed,
	const char *const *paths, unsigned path_count, bool is_cut);

/* What the run came to: EXIT_INPUT_CUT when not all of it was read, or there
 * was no memory for some of it. */
enum exit_code analysis_code(const struct report_source *source);
/* Says on standard error for how many packets there was none, if any. */
void analysis_tell_left_out(const struct report_source *source);
/* For commands that take no bounds, and whose reports tell of none: says on
 * standard error what else could not be followed, judged or kept, and counts
 * it as well. */
enum exit_code analysis_code_unbounded(const struct report_source *source);

/* A seed for tables that hold foreign names. */
uint64_t analysis_seed(void);

/* A new analysis with a hash seed of its own, so that no capture can be made
 * to collide in its tables. The seed changes no result. */
struct analysis *analysis_start(
	const struct analysis_options *options, struct failure *failure);

struct places *analysis_start_places(const struct analysis_options *options,
	bool is_single, struct failure *failure);
struct parts *analysis_start_parts(const struct analysis_options *options,
	unsigned count, struct failure *failure);

#endif
