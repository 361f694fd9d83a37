#include "analysis/learned/checks.h"

bool checks_init(struct checks *checks, uint32_t capacity, uint64_t seed)
{
	return learned_table_init(&checks->table, sizeof(struct check),
		sizeof(((struct check *)NULL)->key), capacity, seed);
}

void checks_release(struct checks *checks)
{
	learned_table_release(&checks->table);
}

static struct check check_named(const struct address *client,
	const struct address *server, uint16_t port, uint8_t family)
{
	return (struct check){.key = {.client = *client,
				      .server = *server,
				      .port = port,
				      .family = family}};
}

static void add(void *row, const void *more)
{
	struct check *check = row;
	const struct check *other = more;

	if (check->count == 0 || other->first_ns < check->first_ns)
		check->first_ns = other->first_ns;
	if (check->count == 0 || other->last_ns > check->last_ns)
		check->last_ns = other->last_ns;
	if (check->count > UINT32_MAX - other->count)
		check->count = UINT32_MAX;
	else
		check->count += other->count;
}

void checks_learn(struct checks *checks, const struct address *client,
	const struct address *server, uint16_t port, uint8_t family,
	int64_t time_ns)
{
	struct check one = check_named(client, server, port, family);
	struct check *check = learned_table_learn(&checks->table, &one.key,
		learned_rank(&one.key, sizeof(one.key)));

	one.count = 1;
	one.first_ns = one.last_ns = time_ns;
	if (check)
		add(check, &one);
}

void checks_merge(struct checks *checks, const struct checks *from)
{
	learned_table_merge(&checks->table, &from->table, add);
}

const struct check *checks_find(const struct checks *checks,
	const struct address *client, const struct address *server,
	uint16_t port, uint8_t family)
{
	struct check one = check_named(client, server, port, family);

	return learned_table_find(&checks->table, &one.key);
}
