#include "analysis/learned/refusals.h"

#include "analysis/learned/listeners.h"

struct refusal {
	uint64_t service; /* as listeners_hash */
	int64_t first_ns, last_ns;
	bool has_times;
};

bool refusals_init(struct refusals *refusals, uint32_t capacity)
{
	return learned_table_init(&refusals->table, sizeof(struct refusal),
		sizeof(uint64_t), capacity, 0);
}

void refusals_release(struct refusals *refusals)
{
	learned_table_release(&refusals->table);
}

static void note_times(
	struct refusal *refusal, int64_t first_ns, int64_t last_ns)
{
	if (!refusal->has_times || first_ns < refusal->first_ns)
		refusal->first_ns = first_ns;
	if (!refusal->has_times || last_ns > refusal->last_ns)
		refusal->last_ns = last_ns;
	refusal->has_times = true;
}

void refusals_learn(struct refusals *refusals, const struct address *address,
	uint16_t port, int64_t time_ns)
{
	uint64_t hash = listeners_hash(address, port);
	struct refusal *refusal = learned_table_learn(&refusals->table, &hash,
		learned_rank(&hash, sizeof(hash)));

	if (refusal)
		note_times(refusal, time_ns, time_ns);
}

static void add(void *row, const void *more)
{
	const struct refusal *other = more;

	note_times(row, other->first_ns, other->last_ns);
}

void refusals_merge(struct refusals *refusals, const struct refusals *from)
{
	learned_table_merge(&refusals->table, &from->table, add);
}

bool refusals_know(const struct refusals *refusals,
	const struct address *address, uint16_t port, int64_t from_ns,
	int64_t until_ns)
{
	uint64_t hash = listeners_hash(address, port);
	const struct refusal *refusal =
		learned_table_find(&refusals->table, &hash);

	return refusal && ((refusal->first_ns >= from_ns &&
				   refusal->first_ns <= until_ns) ||
				  (refusal->last_ns >= from_ns &&
					  refusal->last_ns <= until_ns));
}
