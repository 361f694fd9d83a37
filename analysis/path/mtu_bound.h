/* Sizes of packets that arrived and that did not: what the judges of both
 * directions share. A size that arrived has passed: that is proof. A size that
 * did not may have been lost: how often it was sent and how much of what could
 * pass was lost say how likely that is. */
#ifndef ANALYSIS_PATH_MTU_BOUND_H
#define ANALYSIS_PATH_MTU_BOUND_H

#include "analysis/path/path_record.h"

/* What packets of one method, sent the whole way, say of sizes. */
struct mtu_bound {
	enum probe_method method;
	uint32_t passed; /* largest that arrived; 0: none */
	uint32_t failed; /* least above it that was sent; 0: none was */
	unsigned sent_below, lost_below;
	unsigned sent_above; /* of `failed` */
	/* packets of all methods and hop limits that could pass */
	unsigned sent_any, lost_any;
};

/* Counts what the others look at: once, when hops are known. */
void mtu_bound_count_sizes(struct path *path);

struct mtu_bound mtu_bound_of(
	const struct path *path, enum probe_method method);
/* Of a size that arrived, and was refused more often: the path has changed
 * since, as where a tunnel learns what its own path takes. */
bool mtu_bound_is_overruled(const struct size_tally *size);
/* What echo says of the way back: an answer that came in fragments did not
 * pass. Nothing where echo and the connection go to different places. */
struct mtu_bound mtu_bound_back(const struct path *path);

/* That as many packets were all lost by chance, by the loss of those that
 * could pass. */
double mtu_bound_chance(const struct mtu_bound *bound, unsigned tries);

/* Sets the two facts of a chance: that it is small, and very small. */
void mtu_bound_set_chance(const struct path *path, struct path_facts *facts,
	enum path_fact unlikely, enum path_fact excluded, double chance);
/* Sets what the methods say of the same size; they are told apart. */
void mtu_bound_set_methods(const struct path *path, struct path_facts *facts,
	const struct mtu_bound *bound);
/* Sets whether the next size is known to fail. */
void mtu_bound_set_exactness(const struct path *path, struct path_facts *facts,
	enum path_fact fact, const struct mtu_bound *bound);

#endif
