/* The line on a terminal that says how far a long run is, redrawn in place: the
 * share of the bytes, packets, how fast, and how long it will take. */
#ifndef CLI_PROGRESS_H
#define CLI_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

enum {
	PROGRESS_AFTER_MS = 1000, /* shorter runs show none */
	PROGRESS_EVERY_MS = 200,
	PROGRESS_TEXT = 120,
};

/* How far it is. */
struct progress_state {
	uint64_t done_bytes, total_bytes; /* total 0: not known */
	uint64_t packets;
	int64_t elapsed_ms;
};

/* "42 %  8,400,000 packets  3.1 million/s  4 s left"; what is not known is left
 * out. */
const char *progress_text(
	char text[PROGRESS_TEXT], const struct progress_state *state);

struct progress {
	bool is_wanted, is_shown;
	int64_t began_ms, next_ms; /* by the monotonic clock */
};

void progress_begin(struct progress *progress, bool is_wanted);
/* Whether it is time to show it again. */
bool progress_is_due(struct progress *progress);
/* Writes it on standard error; sets the elapsed time of `state`. */
void progress_show(struct progress *progress, struct progress_state *state);
/* Takes the line away, if there is one. */
void progress_end(struct progress *progress);

#endif
