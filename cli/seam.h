/* Where one file ends and another begins shortly before that: whether both
 * recorded the same packets.
 *
 * A recorder writes frames a little out of order, so the files of a rotated
 * capture may overlap; so do those of two capture points whose last, or only,
 * connection is that short. No packet is in two files of one point, save for
 * a recorder that sees each of them twice (a mirror of both ways, a router's
 * `any`), and for duplicates that nothing tells apart (acknowledgments
 * without timestamps), which are of one direction. */
#ifndef CLI_SEAM_H
#define CLI_SEAM_H

#include "capture/frame.h"

enum {
	/* By what the clock's reader and the writer of frames are apart. */
	SEAM_NS = 1000000,
	SEAM_HEAD = 32,
	SEAM_TAIL = 128,
};

struct seam_packet {
	uint64_t identity;
	int64_t time_ns;
	unsigned direction;
};

/* The first TCP packets of a file. */
struct seam_head {
	struct seam_packet row[SEAM_HEAD];
	unsigned count;
};

/* The last ones, of those that were added. */
struct seam_tail {
	struct seam_packet row[SEAM_TAIL];
	uint64_t count;
};

/* Of the first frames of a file. */
void seam_begin(struct seam_head *head, const struct batch *batch);
void seam_add(struct seam_tail *tail, const struct frame *frame);

/* Whether the file with this head, before `last_ns`, and what ends with this
 * tail have packets of both directions in common, of a recorder that does not
 * see packets twice. */
bool seam_is_shared(const struct seam_tail *tail, const struct seam_head *head,
	int64_t last_ns);

#endif
