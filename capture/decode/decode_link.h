/* From the frame to the IP header: every link type has its way. */
#ifndef CAPTURE_DECODE_DECODE_LINK_H
#define CAPTURE_DECODE_DECODE_LINK_H

#include "capture/decode/decode.h"

/* What is known of a link type. To add one: its number in capture/linktype.h,
 * its row in the table of decode_link.c (docs/extending.md). Filters
 * (capture/live/filter.c) are compiled for all that are in the table. */
struct link_type {
	/* the frame's bytes */
	void (*decode)(struct decoding *decoding, struct cursor cursor);
};

/* The row of a LINKTYPE_ number in its canonical form; NULL when it is not
 * decoded. */
const struct link_type *link_type_of(uint16_t linktype);
/* One above the highest number in the table. */
unsigned link_type_count(void);

/* A frame of this LINKTYPE_ number, canonical or not. */
void decode_link(
	struct decoding *decoding, struct cursor cursor, uint16_t linktype);

#endif
