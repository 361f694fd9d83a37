#ifndef TESTS_SUPPORT_SIM_RANDOM_H
#define TESTS_SUPPORT_SIM_RANDOM_H

#include <stdbool.h>
#include <stdint.h>

/* A generator of pseudo-random numbers; the same seed, the same numbers. */
struct sim_random {
	uint64_t state;
};
uint64_t sim_random_next(struct sim_random *random);
/* In [least, most]. */
int64_t sim_random_in(struct sim_random *random, int64_t least, int64_t most);
/* True in so many cases of a thousand. */
bool sim_random_is(struct sim_random *random, unsigned of_thousand);

#endif
