/* Sizes of packets that arrived and that did not: what the judges of both
 * directions share. A size that arrived has passed: that is proof. A size that
 * did not may have been lost: how often it was asked and how much of what could
 * pass was lost say how likely that is. */
#ifndef ANALYSIS_PATH_MTU_BOUND_H
#define ANALYSIS_PATH_MTU_BOUND_H

#include "analysis/path/path_state.h"

/* What packets of one ruler, sent the whole way, say of sizes. */
struct mtu_bound {
	enum probe_method method;
	uint32_t passed; /* largest that arrived; 0: none */
	uint32_t failed; /* least above it that was asked; 0: none was */
	unsigned asked_below, lost_below;
	unsigned asked_above; /* of `failed` */
	/* packets of all rulers and hop limits that could pass */
	unsigned asked_any, lost_any;
};

struct mtu_bound mtu_bound_of(
	const struct path *path, enum probe_method method);
/* Of a size that arrived, and was refused more often: the path has changed
 * since, as where a tunnel learns what its own path takes. */
bool mtu_bound_is_overruled(const struct tally *size);
/* What echo says of the way back: an answer that came in pieces did not pass.
 * Nothing where echo and the connection go to different places. */
struct mtu_bound mtu_bound_back(const struct path *path);

/* That as many packets were all lost by chance, by the loss of those that
 * could pass (rule of succession, so that no loss seen is not taken for none
 * possible). */
double mtu_bound_chance(const struct mtu_bound *limit, unsigned tries);
/* Certain: less than one in 10,000. */
enum grade mtu_bound_grade(double chance);
enum grade mtu_bound_lesser(enum grade a, enum grade b);

void mtu_bound_number(char text[FOUND_BYTES], uint32_t number);
/* What the other rulers say of the same size; they are told apart. */
void mtu_bound_add_methods(const struct path *path, struct finding *finding,
	const struct mtu_bound *limit);
void mtu_bound_add_exactness(struct finding *finding, const struct path *path,
	const struct mtu_bound *limit);
void mtu_bound_advise(struct finding *finding, const struct path *path);

/* The way back, after `forward` was judged. */
void path_judge_reverse(struct path *path, const struct mtu_bound *forward);

#endif
