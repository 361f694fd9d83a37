/* The marks of a ladder's packets, by the packets of the connection that the
 * ladder has and nothing else: see report/segment_fates.h. */
#ifndef REPORT_LADDER_MARKS_H
#define REPORT_LADDER_MARKS_H

#include "report/segment_fates.h"

struct ladder_marks {
	uint8_t of[FLOW_PACKETS_MAX]; /* enum segment_mark, by place in the list
				       */
	uint32_t hole_bytes[FLOW_PACKETS_MAX];
};

void ladder_marks_make(struct ladder_marks *marks,
	const struct flow_packet *const *list, unsigned count);

#endif
