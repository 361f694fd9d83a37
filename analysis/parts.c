#include "analysis/parts.h"

#include <assert.h>
#include <stdlib.h>

#include "analysis/analysis_state.h"
#include "analysis/rebind.h"

static_assert((int)PARTS_MOST <= (int)CONN_STORES_MOST, "a store for each");

struct parts {
	struct analysis *part[PARTS_MOST];
	unsigned count;
	struct sighter sighter;
	/* What all have learned, from parts_settle on; of a single part it is
	 * its own. */
	struct learned whole;
};

struct parts *parts_new(const struct analysis_options *options, unsigned count,
	struct failure *failure)
{
	struct parts *parts = calloc(1, sizeof(*parts));
	uint64_t flows = options->max_flows ? options->max_flows : UINT64_MAX;
	struct analysis_options of_part = *options;

	assert(count > 0 && count <= PARTS_MOST);
	if (!parts || (count > 1 && !learned_init(&parts->whole, flows,
					    options->seed))) {
		(void)failure_set(failure, EXIT_INPUT_CUT, "out of memory");
		parts_free(parts);
		return NULL;
	}
	of_part.part_count = count;
	for (; parts->count < count; parts->count++) {
		parts->part[parts->count] = analysis_new(&of_part, failure);
		if (!parts->part[parts->count]) {
			parts_free(parts);
			return NULL;
		}
	}
	sighter_init(&parts->sighter, parts->part[0]->observer.thresholds,
		count, options->seed);
	return parts;
}

void parts_free(struct parts *parts)
{
	if (!parts)
		return;
	for (unsigned i = 0; i < parts->count; i++)
		analysis_free(parts->part[i]);
	learned_release(&parts->whole);
	free(parts);
}

unsigned parts_within(uint64_t memory_bytes)
{
	uint64_t count = (memory_bytes ? memory_bytes : ANALYSIS_MEMORY_LEAST) /
			 (4 * (uint64_t)ANALYSIS_FIXED_BYTES);

	return count > PARTS_MOST ? PARTS_MOST
	       : count < 1	  ? 1
				  : (unsigned)count;
}

void parts_leave_memory(struct parts *parts, uint64_t bytes)
{
	for (unsigned i = 0; i < parts->count; i++)
		budget_leave(&parts->part[i]->budget, bytes / parts->count);
}

unsigned parts_count(const struct parts *parts)
{
	return parts->count;
}

struct sighter *parts_sighter(struct parts *parts)
{
	return &parts->sighter;
}

void parts_take(
	struct parts *parts, unsigned part, const struct sighting *sighting)
{
	analysis_take(parts->part[part], sighting, part);
}

void parts_settle(struct parts *parts)
{
	if (parts->count == 1)
		return;
	for (unsigned i = 0; i < parts->count; i++) {
		struct analysis *part = parts->part[i];

		learned_merge_services(&parts->whole, &part->learned);
		part->told = &parts->whole;
		/* of frames, 32 bits are kept, below the newest */
		if (part->frame > parts->part[0]->frame)
			parts->part[0]->frame = part->frame;
	}
	rebind_look(&parts->whole.rebinds, parts->part, parts->count);
}

void parts_close(struct parts *parts, unsigned part)
{
	analysis_close(parts->part[part]);
}

static void join_learned(struct parts *parts)
{
	struct analysis *first = parts->part[0];

	for (unsigned i = 0; i < parts->count; i++) {
		learned_merge_ended(&parts->whole, &parts->part[i]->learned);
		parts->part[i]->told = NULL;
		if (i == 0)
			continue;
		analysis_absorb(first, parts->part[i]);
	}
	learned_release(&first->learned);
	first->learned = parts->whole;
	parts->whole = (struct learned){.closed_numbers = {.mask = 0}};
}

struct analysis *parts_join(struct parts *parts)
{
	struct analysis *first = parts->part[0];

	if (parts->count > 1)
		join_learned(parts);
	first->sighter = parts->sighter;
	parts->part[0] = parts->part[parts->count - 1];
	parts->count--;
	parts_free(parts);
	return first;
}
