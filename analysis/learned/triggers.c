#include "analysis/learned/triggers.h"

#include <assert.h>
#include <string.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

/* No key begins with a zero byte, whatever the byte order. */
static const uint64_t never_zero = 1ull << 56 | 1;

enum {
	NAMES_MOST = 1 << 12,
	GROUPS_MOST = 1 << 17,
	GROUPS_LEAST = 64,
};

static_assert(sizeof(struct trigger_conn) + LEARNED_MARK_BYTES == 64,
	"what is known of a connection is a line of the cache");

/* Connections that are counted together. */
enum group {
	GROUP_NAMED, /* to one service, and it is known whom they name */
	GROUP_NAME,  /* of these: one name */
	GROUP_HEARD, /* to one service, and their first bytes are known */
	GROUP_BYTES, /* of these: the same bytes */
	GROUP_SERVICE, /* has all connections of the groups before it */
	GROUP_ADDRESS,
	GROUP_PORT,
	GROUP_NETWORK, /* and one port */
	GROUP_COUNT,
};

struct trigger_group {
	uint64_t key;
	uint32_t all, reset;
};

/* Which group stands out, of which. */
static const struct {
	enum group with, all;
} contrasts[TRIGGER_COUNT] = {
	[TRIGGER_SNI] = {GROUP_NAME, GROUP_NAMED},
	[TRIGGER_HOST] = {GROUP_NAME, GROUP_NAMED},
	[TRIGGER_BYTES] = {GROUP_BYTES, GROUP_HEARD},
	[TRIGGER_PORT] = {GROUP_SERVICE, GROUP_ADDRESS},
	[TRIGGER_ADDRESS] = {GROUP_SERVICE, GROUP_PORT},
	[TRIGGER_NETWORK] = {GROUP_NETWORK, GROUP_PORT},
};

bool triggers_init(struct triggers *triggers, uint32_t capacity, uint64_t seed)
{
	triggers->seed = seed;
	return learned_table_init(&triggers->conns, sizeof(struct trigger_conn),
		       sizeof(uint64_t), capacity, seed) &&
	       learned_table_init(&triggers->names, sizeof(struct trigger_name),
		       sizeof(uint64_t),
		       capacity < NAMES_MOST ? capacity : NAMES_MOST, seed);
}

void triggers_release(struct triggers *triggers)
{
	learned_table_release(&triggers->conns);
	learned_table_release(&triggers->names);
	learned_table_release(&triggers->groups);
}

/* Connections of the same name differ by their first frame. */
static uint64_t key_of(const struct triggers *triggers, const struct flow *flow)
{
	return XXH3_64bits_withSeed(flow->identity, sizeof(flow->identity),
		       triggers->seed ^ flow->first_frame) |
	       never_zero;
}

uint64_t triggers_name(struct triggers *triggers, enum trigger_kind kind,
	const char *name, unsigned bytes)
{
	uint64_t key =
		XXH3_64bits_withSeed(name, bytes, triggers->seed + kind) |
		never_zero;
	struct trigger_name *row = learned_table_learn(
		&triggers->names, &key, learned_rank(name, bytes));

	if (row && row->kind == TRIGGER_NONE) {
		row->kind = (uint8_t)kind;
		row->is_cut = bytes > TRIGGER_NAME_MOST;
		row->length =
			(uint8_t)(row->is_cut ? TRIGGER_NAME_MOST : bytes);
		memcpy(row->text, name, row->length);
	}
	return key;
}

/* No two connections begin with the same packet. */
static uint32_t rank_of(const struct flow *flow)
{
	return learned_rank(&flow->first_frame, sizeof(flow->first_frame));
}

void triggers_hear(struct triggers *triggers, const struct flow *flow,
	const struct trigger_conn *heard)
{
	uint64_t key = key_of(triggers, flow);
	struct trigger_conn *row = learned_table_learn(
		&triggers->conns, &key, rank_of(flow));

	if (!row)
		return;
	*row = *heard;
	row->key = key;
}

void triggers_ended(struct triggers *triggers, const struct flow *flow,
	enum trigger_fate fate)
{
	uint64_t key = key_of(triggers, flow);
	struct trigger_conn *row = learned_table_find(&triggers->conns, &key);

	if (row)
		row->fate = (uint8_t)fate;
}

static void add_conn(void *row, const void *more)
{
	*(struct trigger_conn *)row = *(const struct trigger_conn *)more;
}

static void add_name(void *row, const void *more)
{
	*(struct trigger_name *)row = *(const struct trigger_name *)more;
}

void triggers_merge(struct triggers *triggers, const struct triggers *from)
{
	learned_table_merge(&triggers->conns, &from->conns, add_conn);
	learned_table_merge(&triggers->names, &from->names, add_name);
}

const struct trigger_conn *triggers_find(
	const struct triggers *triggers, const struct flow *flow)
{
	uint64_t key = key_of(triggers, flow);

	return learned_table_find(&triggers->conns, &key);
}

const struct trigger_name *triggers_name_of(
	const struct triggers *triggers, const struct trigger_conn *conn)
{
	return conn->name == 0 || conn->name == TRIGGER_NAME_UNKNOWN
		       ? NULL
		       : learned_table_find(&triggers->names, &conn->name);
}

/* The name of a group of this connection; 0: it is in none of this sort. */
static uint64_t group_key(const struct triggers *triggers,
	const struct trigger_conn *conn, enum group group)
{
	struct {
		struct address address;
		uint64_t name;
		uint16_t port;
		uint8_t family, group, byte_count;
		uint8_t bytes[TRIGGER_BYTES_MOST];
	} of;
	unsigned network_bytes = conn->family == 6 ? 8 : 3;

	memset(&of, 0, sizeof(of)); /* hashed, with what lies between */
	of.family = conn->family;
	of.group = (uint8_t)group;
	if (group != GROUP_ADDRESS)
		of.port = conn->port;
	if (group == GROUP_NETWORK)
		memcpy(&of.address, &conn->server, network_bytes);
	else if (group != GROUP_PORT)
		of.address = conn->server;
	if ((group == GROUP_NAMED || group == GROUP_NAME) &&
		conn->name == TRIGGER_NAME_UNKNOWN)
		return 0;
	if (group == GROUP_NAME) {
		if (conn->name == 0)
			return 0;
		of.name = conn->name;
	}
	if ((group == GROUP_HEARD || group == GROUP_BYTES) &&
		conn->byte_count == 0)
		return 0;
	if (group == GROUP_BYTES) {
		of.byte_count = conn->byte_count;
		memcpy(of.bytes, conn->bytes, sizeof(of.bytes));
	}
	return XXH3_64bits_withSeed(&of, sizeof(of), triggers->seed) |
	       never_zero;
}

/* NULL: there is none in this slot, or its name found no room: it would count
 * among those without one. */
static const struct trigger_conn *conn_at(
	const struct triggers *triggers, uint32_t slot)
{
	const struct trigger_conn *conn =
		learned_table_at(&triggers->conns, slot);

	return conn && (conn->name == 0 || conn->name == TRIGGER_NAME_UNKNOWN ||
			       triggers_name_of(triggers, conn))
		       ? conn
		       : NULL;
}

/* Groups without a connection that was reset are of no use. */
static void add_groups(struct triggers *triggers)
{
	for (uint32_t i = 0; i < triggers->conns.capacity; i++) {
		const struct trigger_conn *conn = conn_at(triggers, i);

		if (!conn || conn->fate != TRIGGER_RESET)
			continue;
		for (unsigned j = 0; j < GROUP_COUNT; j++) {
			uint64_t key = group_key(triggers, conn, (enum group)j);

			if (key)
				(void)learned_table_learn(&triggers->groups,
					&key, learned_rank(&key, sizeof(key)));
		}
	}
}

static bool count_in(struct triggers *triggers,
	const struct trigger_conn *conn, enum group number)
{
	uint64_t key = group_key(triggers, conn, number);
	struct trigger_group *group =
		key ? learned_table_find(&triggers->groups, &key) : NULL;

	if (!group)
		return false;
	group->all++;
	group->reset += conn->fate == TRIGGER_RESET;
	return true;
}

/* A service of which no connection was reset is none of the groups, and so is
 * no part of its connections; unless it found no room. */
static void count_conn(
	struct triggers *triggers, const struct trigger_conn *conn)
{
	bool is_there = count_in(triggers, conn, GROUP_SERVICE) ||
			triggers->groups.not_learned > 0;

	for (unsigned i = 0; i < GROUP_COUNT; i++)
		if (i > GROUP_SERVICE || (i < GROUP_SERVICE && is_there))
			(void)count_in(triggers, conn, (enum group)i);
}

/* Connections of that fate; counts those that are left out as well. */
static uint32_t count_resets(struct triggers *triggers)
{
	uint32_t resets = 0, there = 0;

	for (uint32_t i = 0; i < triggers->conns.capacity; i++) {
		const struct trigger_conn *conn = conn_at(triggers, i);

		there += conn != NULL;
		resets += conn && conn->fate == TRIGGER_RESET;
	}
	triggers->left_out =
		triggers->conns.not_learned + triggers->conns.count - there;
	return resets;
}

void triggers_settle(struct triggers *triggers)
{
	uint32_t capacity = GROUPS_LEAST;
	uint32_t resets = count_resets(triggers);

	learned_table_release(&triggers->groups);
	if (resets == 0)
		return;
	while (capacity < GROUPS_MOST && capacity / 16 < resets)
		capacity *= 2;
	/* without memory no trigger is told */
	if (!learned_table_init(&triggers->groups, sizeof(struct trigger_group),
		    sizeof(uint64_t), capacity, triggers->seed))
		return;
	add_groups(triggers);
	for (uint32_t i = 0; i < triggers->conns.capacity; i++) {
		const struct trigger_conn *conn = conn_at(triggers, i);

		if (conn && conn->fate != TRIGGER_OTHER)
			count_conn(triggers, conn);
	}
}

static const struct trigger_group *find_group(const struct triggers *triggers,
	const struct trigger_conn *conn, enum group group)
{
	uint64_t key = group_key(triggers, conn, group);

	return key ? learned_table_find(&triggers->groups, &key) : NULL;
}

bool triggers_count(const struct triggers *triggers,
	const struct trigger_conn *conn, enum trigger_kind kind,
	struct trigger_counts *counts)
{
	const struct trigger_name *name = triggers_name_of(triggers, conn);
	const struct trigger_group *with, *all;

	if (!triggers->groups.slots || kind == TRIGGER_NONE)
		return false;
	if ((kind == TRIGGER_SNI || kind == TRIGGER_HOST) &&
		!(name && name->kind == kind))
		return false;
	with = find_group(triggers, conn, contrasts[kind].with);
	all = find_group(triggers, conn, contrasts[kind].all);
	if (!with || !all)
		return false;
	*counts = (struct trigger_counts){
		.with = with->all,
		.with_reset = with->reset,
		.without = all->all - with->all,
		.without_reset = all->reset - with->reset,
	};
	return true;
}
