#include "analysis/learned/passed_sizes.h"

bool passed_sizes_init(
	struct passed_sizes *sizes, uint32_t capacity, uint64_t seed)
{
	return learned_table_init(&sizes->table, sizeof(struct passed_size),
		sizeof(((struct passed_size *)NULL)->key), capacity, seed);
}

void passed_sizes_release(struct passed_sizes *sizes)
{
	learned_table_release(&sizes->table);
}

static struct passed_size named(const struct address *sender,
	const struct address *receiver, uint16_t port, uint8_t family)
{
	return (struct passed_size){.key = {.family = family,
					    .port = port,
					    .sender = *sender,
					    .target = *receiver}};
}

static void add(void *row, const void *more)
{
	struct passed_size *size = row;
	const struct passed_size *other = more;

	if (other->ip_bytes < size->ip_bytes ||
		(other->ip_bytes == size->ip_bytes &&
			other->begun_ns <= size->begun_ns))
		return;
	size->ip_bytes = other->ip_bytes;
	size->begun_ns = other->begun_ns;
}

void passed_sizes_learn(struct passed_sizes *sizes,
	const struct address *sender, const struct address *receiver,
	uint16_t port, uint8_t family, uint32_t ip_bytes, int64_t begun_ns)
{
	struct passed_size one = named(sender, receiver, port, family);
	struct passed_size *size = learned_table_learn(&sizes->table, &one.key,
		learned_rank(&one.key, sizeof(one.key)));

	one.ip_bytes = ip_bytes;
	one.begun_ns = begun_ns;
	if (size)
		add(size, &one);
}

void passed_sizes_merge(
	struct passed_sizes *sizes, const struct passed_sizes *from)
{
	learned_table_merge(&sizes->table, &from->table, add);
}

const struct passed_size *passed_sizes_find(const struct passed_sizes *sizes,
	const struct address *sender, const struct address *receiver,
	uint16_t port, uint8_t family)
{
	struct passed_size one = named(sender, receiver, port, family);

	return learned_table_find(&sizes->table, &one.key);
}
