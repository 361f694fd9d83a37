#include "tests/support/sim_random.h"

/* splitmix64 */
uint64_t sim_random_next(struct sim_random *random)
{
	uint64_t value = random->state += 0x9e3779b97f4a7c15u;

	value = (value ^ value >> 30) * 0xbf58476d1ce4e5b9u;
	value = (value ^ value >> 27) * 0x94d049bb133111ebu;
	return value ^ value >> 31;
}

int64_t sim_random_in(struct sim_random *random, int64_t least, int64_t most)
{
	return least + (int64_t)(sim_random_next(random) %
				 ((uint64_t)(most - least) + 1));
}

bool sim_random_is(struct sim_random *random, unsigned of_thousand)
{
	return sim_random_next(random) % 1000 < of_thousand;
}
