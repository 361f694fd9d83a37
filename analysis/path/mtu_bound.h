/* Sizes of packets that arrived and that did not, shared by both directions. A
 * size that arrived has passed: that is proof. A size that did not arrive may
 * have been lost: the number of tries and the loss of sizes that could pass
 * give the probability. */
#ifndef ANALYSIS_PATH_MTU_BOUND_H
#define ANALYSIS_PATH_MTU_BOUND_H

#include "analysis/path/path_record.h"

/* The sizes measured by one method's packets to the target. */
struct mtu_bound {
	enum probe_method method;
	uint32_t passed; /* largest that arrived; 0: none */
	uint32_t failed; /* least above it that was sent; 0: none was */
	unsigned sent_below, lost_below;
	unsigned sent_above; /* of `failed` */
	/* packets of all methods and hop limits that could pass */
	unsigned sent_any, lost_any;
	const struct path *path;
};

/* Counts the packets that the other functions use: once, when hops are
 * known. */
void mtu_bound_count_sizes(struct path *path);

struct mtu_bound mtu_bound_of(
	const struct path *path, enum probe_method method);
/* Whether a size arrived, and was rejected more often: the path has changed
 * since, as where a tunnel learns its own path MTU. */
bool mtu_bound_is_overruled(const struct size_tally *size);
/* The return path's bound by echo: a reply that came in fragments did not
 * pass. Not used where echo and the connection have different distances, or
 * where the target shortens its replies. */
struct mtu_bound mtu_bound_back(const struct path *path);

/* The probability that so many packets were all lost, by the loss of those
 * that could pass, and by what this host's capture lost. */
double mtu_bound_chance(const struct mtu_bound *bound, unsigned tries);

/* Sets the two facts of a probability: that it is small, and very small. */
void mtu_bound_set_chance(const struct path *path, struct path_facts *facts,
	enum path_fact unlikely, enum path_fact excluded, double chance);
/* Sets what the methods say of the same size; they are told apart. */
void mtu_bound_set_methods(const struct path *path, struct path_facts *facts,
	const struct mtu_bound *bound);
/* Sets whether the next size is known to fail. */
void mtu_bound_set_exactness(const struct path *path, struct path_facts *facts,
	enum path_fact fact, const struct mtu_bound *bound);

#endif
