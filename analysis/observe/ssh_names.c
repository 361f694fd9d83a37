#include "analysis/observe/ssh_names.h"

#include <stddef.h>
#include <string.h>

/* At most half full. */
enum { SLOTS = 2 * NAMES_MOST };

struct ssh_name {
	const uint8_t *bytes;
	uint32_t length;
};

/* The server's names, by hash. */
struct name_set {
	struct ssh_name names[NAMES_MOST];
	uint16_t slots[SLOTS]; /* index + 1; 0: free */
	uint32_t count, steps;
};

/* Takes the first name off the list; false at its end. */
static bool next_name(struct cursor *list, struct ssh_name *name)
{
	const uint8_t *comma;

	if (list->left == 0)
		return false;
	comma = memchr(list->at, ',', list->left);
	name->bytes = list->at;
	name->length =
		comma ? (uint32_t)(comma - list->at) : (uint32_t)list->left;
	cursor_skip(list, name->length + (comma != NULL));
	return true;
}

static bool is_same(
	const struct ssh_name *name, const void *bytes, size_t length)
{
	return name->length == length &&
	       memcmp(name->bytes, bytes, length) == 0;
}

static bool is_signal(const struct ssh_name *name)
{
	return (name->length >= 8 && memcmp(name->bytes, "ext-info", 8) == 0) ||
	       (name->length >= 10 &&
		       memcmp(name->bytes, "kex-strict", 10) == 0);
}

static uint32_t hash_of(const struct ssh_name *name)
{
	uint32_t hash = 2166136261u;

	for (uint32_t i = 0; i < name->length; i++)
		hash = (hash ^ name->bytes[i]) * 16777619u; /* FNV-1a */
	return hash ^ hash >> 16;
}

/* The slot that has the name or would take it; NULL: too many others are in its
 * way. */
static uint16_t *slot_of(struct name_set *set, const struct ssh_name *name)
{
	uint32_t hash = hash_of(name);

	for (uint32_t i = 0; i < NAMES_PROBES; i++) {
		uint16_t *slot = &set->slots[(hash + i) % SLOTS];

		set->steps++;
		if (*slot == 0 || is_same(&set->names[*slot - 1], name->bytes,
					  name->length))
			return slot;
	}
	return NULL;
}

static bool take_all(struct name_set *set, struct cursor list)
{
	struct ssh_name name;

	for (unsigned i = 0; next_name(&list, &name); i++) {
		uint16_t *slot = slot_of(set, &name);

		if (!slot || i == NAMES_MOST)
			return false;
		if (*slot)
			continue; /* twice in the list */
		set->names[set->count++] = name;
		*slot = (uint16_t)set->count;
	}
	return true;
}

static enum names_common look_for(struct name_set *set, struct cursor list)
{
	struct ssh_name name;

	for (unsigned i = 0; next_name(&list, &name); i++) {
		const uint16_t *slot = slot_of(set, &name);

		if (!slot || i == NAMES_MOST)
			return NAMES_UNKNOWN;
		if (*slot && !is_signal(&name))
			return NAMES_SOME;
	}
	return NAMES_NONE;
}

/* Is the client's first name in the server's list? Mostly it is, and no table
 * has to be made. */
static bool has_first(
	struct cursor client, struct cursor server, uint32_t *steps)
{
	struct ssh_name first, name;

	if (!next_name(&client, &first) || is_signal(&first))
		return false;
	while (next_name(&server, &name)) {
		++*steps;
		if (is_same(&name, first.bytes, first.length))
			return true;
	}
	return false;
}

enum names_common ssh_names_common(
	struct cursor client, struct cursor server, uint32_t *steps)
{
	struct name_set set;
	enum names_common common = NAMES_UNKNOWN;

	set.count = set.steps = 0;
	if (has_first(client, server, &set.steps)) {
		common = NAMES_SOME;
	} else {
		memset(set.slots, 0, sizeof(set.slots));
		if (take_all(&set, server))
			common = look_for(&set, client);
	}
	if (steps)
		*steps = set.steps;
	return common;
}

/* Those of the list, as bits. */
static unsigned ciphers_with_integrity(struct cursor list)
{
	static const char *const names[] = {"chacha20-poly1305@openssh.com",
		"aes256-gcm@openssh.com", "aes128-gcm@openssh.com"};
	unsigned found = 0;
	struct ssh_name name;

	while (next_name(&list, &name))
		for (unsigned i = 0; i < sizeof(names) / sizeof(names[0]); i++)
			if (is_same(&name, names[i], strlen(names[i])))
				found |= 1u << i;
	return found;
}

bool ssh_names_need_no_mac(struct cursor client, struct cursor server)
{
	return ciphers_with_integrity(client) & ciphers_with_integrity(server);
}
