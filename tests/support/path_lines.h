/* What is said of a path, as lines of text: for tests that compare it. */
#ifndef TESTS_SUPPORT_PATH_LINES_H
#define TESTS_SUPPORT_PATH_LINES_H

#include <stddef.h>

#include "analysis/path/path.h"

enum path_lines_part {
	PATH_LINES_EVIDENCE = 1 << 0, /* facts, frames and values behind it */
	PATH_LINES_ADVICE = 1 << 1,
	PATH_LINES_DELAYS = 1 << 2, /* how many round trips are told */
	/* what was tested and is not determined, and by which row */
	PATH_LINES_OPEN = 1 << 3,
};

struct path_lines {
	char *text; /* ends with 0 */
	size_t used, room;
};

/* To be freed with path_lines_free(). */
struct path_lines path_lines_new(void);
void path_lines_free(struct path_lines *lines);
void path_lines_clear(struct path_lines *lines);
void path_lines_add(struct path_lines *lines, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* One finding:
 *
 *   port-state likely by port-filtered, filtered; or the target is down
 *
 * `parts` are of enum path_lines_part. */
void path_lines_finding(struct path_lines *lines, const struct finding *finding,
	unsigned parts);
/* All findings of a path that is judged, and a line "excluded:" with what is,
 * if anything is. */
void path_lines_path(
	struct path_lines *lines, const struct path *path, unsigned parts);

#endif
