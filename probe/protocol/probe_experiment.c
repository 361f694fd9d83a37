#include "probe/protocol/probe_experiment.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

static const char *const words[] = {
#define EXPERIMENT(NAME, name, word) [EXPERIMENT_##NAME] = (word),
#include "probe/protocol/probe_experiment.def"
#undef EXPERIMENT
};
static_assert(EXPERIMENT_COUNT < 32, "a set has 32 bits");

const char *probe_experiment_word(enum probe_experiment experiment)
{
	assert(experiment < EXPERIMENT_COUNT);
	return words[experiment];
}

bool probe_experiments_read(const char *list, uint32_t *experiments,
	const char **unknown, size_t *unknown_bytes)
{
	*experiments = 0;
	for (bool is_more = true; is_more;) {
		size_t length = strcspn(list, ",");
		int found = 0;

		while (found < EXPERIMENT_COUNT &&
			(strlen(words[found]) != length ||
				strncmp(words[found], list, length) != 0))
			found++;
		if (found == EXPERIMENT_COUNT) {
			*unknown = list;
			*unknown_bytes = length;
			return false;
		}
		*experiments |=
			probe_experiment_bit((enum probe_experiment)found);
		is_more = list[length] == ',';
		list += length + is_more;
	}
	return true;
}

void probe_experiments_write(
	uint32_t experiments, const char *between, char text[EXPERIMENTS_BYTES])
{
	size_t used = 0;

	text[0] = '\0';
	for (int i = 0; i < EXPERIMENT_COUNT; i++) {
		if (!(experiments &
			    probe_experiment_bit((enum probe_experiment)i)))
			continue;
		used += (size_t)snprintf(text + used, EXPERIMENTS_BYTES - used,
			"%s%s", used ? between : "", words[i]);
		assert(used < EXPERIMENTS_BYTES);
	}
}
