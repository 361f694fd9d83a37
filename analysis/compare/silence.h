/* When a recorder wrote nothing.
 *
 * That a packet is absent tells of its loss only if the recorder was at work.
 * What it wrote in between tells that it was; a silence has two readings. The
 * longest ones are remembered. */
#ifndef ANALYSIS_COMPARE_SILENCE_H
#define ANALYSIS_COMPARE_SILENCE_H

#include <stdbool.h>
#include <stdint.h>

enum { SILENCES_MOST = 512 };

struct silence {
	int64_t from_ns, to_ns; /* frames before and behind it */
};

struct silences {
	struct silence *kept; /* in no order; owned */
	uint32_t count;
	int64_t least_ns; /* shorter ones may be forgotten */
	int64_t last_ns;
	bool has_begun;
};

/* A frame of that time, in the order of recording. Without memory nothing is
 * remembered, and every time is one of silence. */
void silences_note(struct silences *silences, int64_t time_ns);
void silences_release(struct silences *silences);

/* Did the recorder write anything between those times, both by its clock? */
bool silences_wrote(
	const struct silences *silences, int64_t from_ns, int64_t to_ns);

#endif
