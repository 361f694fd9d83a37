#include "analysis/verdict/group_role.h"

#include <assert.h>

static const char *const role_words[] = {
	[GROUP_SERVER] = "server",
	[GROUP_CLIENT] = "client",
	[GROUP_SERVER_NETWORK] = "server_network",
	[GROUP_CLIENT_NETWORK] = "client_network",
	[GROUP_PORT] = "port",
};
static_assert(sizeof(role_words) / sizeof(role_words[0]) == GROUP_ROLE_COUNT,
	"a word for every role");

const char *group_role_word(enum group_role role)
{
	assert(role < GROUP_ROLE_COUNT);
	return role_words[role];
}

bool group_role_of(const struct group_kind *kind, const struct group_cell *cell,
	enum group_role role, struct group_tally *tally)
{
	bool is_client = role == GROUP_CLIENT || role == GROUP_CLIENT_NETWORK;
	bool is_network =
		role == GROUP_SERVER_NETWORK || role == GROUP_CLIENT_NETWORK;
	bool is_place = is_client == group_key_is_of_clients(&kind->key);
	unsigned forgotten =
		is_place ? GROUP_LEVEL_NETWORK : GROUP_LEVEL_OTHER_NETWORK;
	const struct group_cell_name *name = &cell->name;

	*tally = (struct group_tally){.incidents = cell->counts.incidents};
	if (role == GROUP_PORT) {
		tally->port = name->server_port;
		return kind->level < GROUP_LEVEL_KEY;
	}
	tally->family = name->family;
	tally->address = is_place ? name->place : name->other;
	if (is_network)
		tally->address =
			group_network_of(&tally->address, name->family);
	return kind->level < forgotten + is_network;
}

/* A host or network with a twentieth of the group and four times the mean. */
static bool has_more_than_its_share(
	const struct group_spread *spread, uint64_t all)
{
	return spread->most * GROUP_SHARE_PART >= all &&
	       spread->most * spread->distinct >= all * GROUP_SHARE_TIMES;
}

void group_role_count(struct group_spread *spread, uint64_t all,
	struct group_tally *tallies, uint32_t count)
{
	uint64_t incidents;
	uint32_t end;

	group_tally_sort(tallies, count);
	for (uint32_t i = 0; i < count; i = end) {
		end = group_tally_run(tallies, i, count, &incidents);
		spread->distinct++;
		if (incidents <= spread->most)
			continue;
		spread->most = incidents;
		spread->address = tallies[i].address;
		spread->port = tallies[i].port;
		spread->family = tallies[i].family;
	}
	spread->is_more = has_more_than_its_share(spread, all);
}
