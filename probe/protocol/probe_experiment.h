/* The experiments of a probe, as `--only`, the recording's section comment and
 * the reports name them. */
#ifndef PROBE_PROTOCOL_PROBE_EXPERIMENT_H
#define PROBE_PROTOCOL_PROBE_EXPERIMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum probe_experiment {
#define EXPERIMENT(NAME, name, word) EXPERIMENT_##NAME,
#include "probe/protocol/probe_experiment.def"
#undef EXPERIMENT
	EXPERIMENT_COUNT,
};

/* Room for the words of all, with two characters between them. */
enum {
	EXPERIMENTS_BYTES =
#define EXPERIMENT(NAME, name, word) sizeof(word) + 1 +
#include "probe/protocol/probe_experiment.def"
#undef EXPERIMENT
		1
};

/* "too-big" */
const char *probe_experiment_word(enum probe_experiment experiment);

/* A set of experiments: bit 1 << experiment. */
static inline uint32_t probe_experiment_bit(enum probe_experiment experiment)
{
	return UINT32_C(1) << experiment;
}

/* Reads "route,mtu". False for an unknown name: `unknown` is then where it
 * begins, and `unknown_bytes` its length. */
bool probe_experiments_read(const char *list, uint32_t *experiments,
	const char **unknown, size_t *unknown_bytes);
/* "route,mtu", with another text between. */
void probe_experiments_write(uint32_t experiments, const char *between,
	char text[EXPERIMENTS_BYTES]);

#endif
