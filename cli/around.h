/* The packets before and after one of a connection. */
#ifndef CLI_AROUND_H
#define CLI_AROUND_H

#include "report/flow_packets.h"

enum { AROUND_MOST = 60 };

/* All zero: all packets pass. */
struct around {
	uint64_t most;	/* on each side; 0: all */
	uint64_t frame; /* the packet in the middle; 0: the first ones */
	uint64_t before, after;
	bool has_passed; /* the one in the middle */
	struct packet held[AROUND_MOST];
	enum speaker speakers[AROUND_MOST];
};

/* Gives `take` what is around that packet, in order. */
void around_packet(struct around *around, const struct packet *packet,
	enum speaker speaker,
	void (*take)(void *, const struct packet *, enum speaker),
	void *context);
/* What was held back for one that did not come. */
void around_end(struct around *around,
	void (*take)(void *, const struct packet *, enum speaker),
	void *context);

#endif
