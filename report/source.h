/* What a report is made of: the incidents and totals of an analysis, and where
 * in which file a frame stands. A table of functions, so that a report can be
 * made of any analysis, finished or built by hand. */
#ifndef REPORT_SOURCE_H
#define REPORT_SOURCE_H

#include <stddef.h>

#include "analysis/places.h"

/* A capture point. */
struct report_place {
	const char *name;
	uint64_t packets;
	struct clock_offset clock;
};

struct report_source {
	const void *context; /* handed to the functions */
	uint64_t incident_count;
	/* Writes incident `index`; in the order of fatal frames. */
	void (*incident)(
		const void *context, uint64_t index, struct incident *incident);
	/* The same by incident_brief; NULL: there is no shorter way. */
	void (*brief)(
		const void *context, uint64_t index, struct incident *incident);
	uint64_t flow_count; /* with --all-flows, else 0 */
	void (*flow)(const void *context, uint64_t index,
		struct flow_summary *summary);
	/* Wireshark's number of the connection of that name which the frame is
	 * of; UINT32_MAX: not known. NULL: they were not counted. */
	uint32_t (*tcp_stream)(const void *context,
		const struct flow_name *flow, uint64_t frame);
	/* File and number in it of a frame; NULL when there is no such. */
	const char *(*locate)(
		const void *context, uint64_t frame, uint64_t *number_in_file);
	const char *const *paths;
	unsigned path_count;
	unsigned place_count; /* 0: there is one, and it has no name */
	struct report_place places[PLACES_MOST];
	/* Index in `places` of where a frame was recorded; not called unless
	 * there are several. */
	unsigned (*place)(const void *context, uint64_t frame);
	bool is_cut; /* the input was not read to its end */
	struct analysis_totals totals;
};

/* The name of the capture point of a frame; NULL where there is one only. */
static inline const char *report_place_name(
	const struct report_source *source, uint64_t frame)
{
	unsigned number;

	if (source->place_count == 0)
		return NULL;
	number = source->place(source->context, frame);
	return number < source->place_count ? source->places[number].name
					    : NULL;
}

/* Wireshark's number of the connection which the frame is of. */
#define TCP_STREAM_UNKNOWN UINT32_MAX
static inline uint32_t report_tcp_stream(const struct report_source *source,
	const struct flow_name *flow, uint64_t frame)
{
	return source->tcp_stream && frame
		       ? source->tcp_stream(source->context, flow, frame)
		       : TCP_STREAM_UNKNOWN;
}

/* A frame's number in its file, as Wireshark counts. */
static inline uint64_t report_frame(
	const struct report_source *source, uint64_t frame)
{
	uint64_t number = frame;

	(void)source->locate(source->context, frame, &number);
	return number;
}

#endif
