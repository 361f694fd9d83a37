#include "analysis/verdict/group_key.h"

#include <assert.h>
#include <string.h>

static const char *const place_words[] = {
	[GROUP_PLACE_NONE] = "anywhere",
	[GROUP_PLACE_HOST] = "host",
	[GROUP_PLACE_NETWORK] = "network",
	[GROUP_PLACE_PATH] = "path",
	[GROUP_PLACE_PORT] = "port",
};
static_assert(sizeof(place_words) / sizeof(place_words[0]) == GROUP_PLACE_COUNT,
	"a word for every kind of place");

const char *group_place_word(enum group_place place)
{
	assert(place < GROUP_PLACE_COUNT);
	return place_words[place];
}

static uint8_t idle_class_of(int64_t idle_ns)
{
	uint8_t class = 1;

	while (class < GROUP_IDLE_CLASSES &&
		idle_ns / 1000000000 >= group_idle_below_s(class))
		class ++;
	return class;
}

uint32_t group_idle_from_s(unsigned idle_class)
{
	return idle_class <= 1 ? 0 : (uint32_t)GROUP_IDLE_S << (idle_class - 2);
}

uint32_t group_idle_below_s(unsigned idle_class)
{
	return idle_class >= GROUP_IDLE_CLASSES
		       ? 0
		       : (uint32_t)GROUP_IDLE_S << (idle_class - 1);
}

static uint32_t milliseconds(int64_t time_ns)
{
	int64_t ms = time_ns / 1000000;

	return ms > UINT32_MAX ? UINT32_MAX : (uint32_t)ms;
}

void group_verdict_of(
	const struct incident *incident, struct group_verdict *verdict)
{
	const struct flow_name *flow = &incident->flow;

	memset(verdict, 0, sizeof(*verdict)); /* keys are compared whole */
	verdict->key.mechanism = (uint8_t)incident->mechanism;
	verdict->key.sender = (uint8_t)incident->sender;
	verdict->key.culprit = (uint8_t)incident->culprit;
	if (incident->culprit == PARTY_MIDDLEBOX)
		verdict->key.look = incident->look;
	if (incident->culprit == PARTY_NAT_TIMEOUT && incident->idle_ns > 0) {
		verdict->key.idle_class = idle_class_of(incident->idle_ns);
		verdict->idle_ms = milliseconds(incident->idle_ns);
	}
	verdict->client = flow->client.address;
	verdict->server = flow->server.address;
	verdict->server_port = flow->server.port;
	verdict->family = flow->family;
	verdict->grade = (uint8_t)incident->grade;
	verdict->ttl = incident->ttl;
	verdict->window = incident->window;
	verdict->hop = incident->hop > UINT8_MAX ? 0 : (uint8_t)incident->hop;
	verdict->time_ns = incident->time_ns;
	verdict->frame = incident->frame;
}

enum group_place group_key_place(const struct group_key *key)
{
	switch ((enum party)key->culprit) {
	case PARTY_MIDDLEBOX:
		return GROUP_PLACE_NONE;
	case PARTY_NAT_TIMEOUT:
	case PARTY_PATH_MTU:
	case PARTY_PATH_LOSS:
		return GROUP_PLACE_PATH;
	case PARTY_UNKNOWN:
	case PARTY_CLIENT:
	case PARTY_SERVER:
	case PARTY_NONE:
	case PARTY_COUNT:
		break;
	}
	return GROUP_PLACE_HOST;
}

bool group_key_is_of_clients(const struct group_key *key)
{
	return key->culprit == PARTY_CLIENT;
}

uint32_t group_key_number(const struct group_key *key)
{
	const uint8_t *at = (const uint8_t *)key;
	uint32_t hash = 2166136261u;

	for (size_t i = 0; i < sizeof(*key); i++)
		hash = (hash ^ at[i]) * 16777619u; /* FNV-1a */
	return hash;
}

int group_key_compare(const struct group_key *a, const struct group_key *b)
{
	return memcmp(a, b, sizeof(*a));
}
