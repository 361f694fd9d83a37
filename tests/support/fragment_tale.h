/* A recording of the fragments' experiment, told by how many packets of each
 * sort were sent and what was said of them; three routers, and the target is
 * the fourth hop. Unlike a world (fragment_world.h) it does not say why. */
#ifndef TESTS_SUPPORT_FRAGMENT_TALE_H
#define TESTS_SUPPORT_FRAGMENT_TALE_H

#include "analysis/path/path.h"
#include "probe/protocol/echo_kind.h"

enum { FRAGMENT_TALE_ROUTERS = 3 };

/* Packets of two fragments to a hop; the hop reports the first so many first
 * fragments, later fragments, and whole packets beside them. */
struct fragment_tale_hop {
	unsigned pairs, firsts, laters, controls;
};

struct fragment_tale {
	uint8_t family;
	bool is_distance_unknown;
	/* small ICMP echo to the target, and of so many bytes of IP, if that is
	 * not 0; the last so many have no answer */
	unsigned echos, echos_lost;
	uint32_t echo_bytes;
	unsigned larger, larger_lost; /* the same, of 1400 bytes */
	/* kinds of echo, 1 << enum echo_kind: sent so often, and those of them
	 * that are answered. One whole echo is answered before. */
	unsigned kinds, answered, tries;
	bool is_reply_whole; /* the long request's */
	bool is_joined_here; /* first fragments leave longer than they were
				made */
	struct fragment_tale_hop hops[FRAGMENT_TALE_ROUTERS];
	/* IPv6: of odd length; IPv4: the firsts are reported after 31 s */
	struct fragment_tale_hop target;
	/* if not 0: so long after all that another whole echo is answered */
	int64_t listened_s;
};

/* The path has taken all packets; it is not finished, and to be freed. */
struct path *fragment_tale_play(const struct fragment_tale *tale);

#endif
