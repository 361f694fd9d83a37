/* A path made of rules that drops fragments, or puts them together, and the
 * fragments' experiment on it: what its packets are, as its recording would
 * hold them. No wires, no clock. */
#ifndef TESTS_SUPPORT_FRAGMENT_WORLD_H
#define TESTS_SUPPORT_FRAGMENT_WORLD_H

#include "analysis/path/path.h"

enum { FRAGMENT_WORLD_DISTANCE = 4 }; /* of the target */

enum dropper { DROP_NONE, DROP_ALL, DROP_FIRST, DROP_LATER, DROP_TINY };

struct fragment_world {
	uint8_t family;
	enum dropper dropper;
	unsigned link;	       /* that it is on; link k leads to hop k */
	unsigned joiner;       /* a hop that puts fragments together; 0: none */
	unsigned quiet_hop;    /* reports nothing that expires; 0: none */
	unsigned mute_from;    /* hops from it on do not report later pieces, in
				  IPv6; 0: all do */
	bool is_target_quiet;  /* it does not say that pieces are missing */
	unsigned spent_hop;    /* reports no more after the route; 0: none */
	bool is_interrupted;   /* the user does not want to wait so long */
	unsigned lost_percent; /* of questions */
	uint32_t seed;
};

/* The experiment, played to its end. */
struct fragment_run {
	struct path
		*path; /* has taken all packets; not finished, to be freed */
	unsigned sent; /* by the experiment */
	int64_t ended_ns;
	bool goes_on; /* for ever: it had no end */
};
struct fragment_run fragment_world_play(const struct fragment_world *world);

/* Whether a hop reports later fragments that expire. */
bool fragment_world_reports_later(
	const struct fragment_world *world, unsigned hop);

#endif
