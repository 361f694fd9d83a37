#include "report/groups.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* What sorting needs of an incident: the whole is some kilobytes large. */
struct member {
	uint64_t index;
	uint64_t connection; /* equal for incidents of one */
	uint32_t group;
	uint8_t mechanism, grade, severity;
};
static_assert(MECHANISM_COUNT <= UINT8_MAX && GRADE_COUNT <= UINT8_MAX,
	"mechanism and grade fit a byte");

/* A failed established connection ranks above one that never opened, and that
 * above a benign reset. */
static uint8_t severity(enum mechanism mechanism)
{
	switch (mechanism) {
	case MECHANISM_ORDERLY:
		return 0;
	case MECHANISM_PORT_CLOSED:
	case MECHANISM_SYN_REJECTED:
	case MECHANISM_SYN_UNANSWERED:
	case MECHANISM_HALF_OPEN:
	case MECHANISM_OPTION_REFUSED:
		return 1;
	case MECHANISM_UNKNOWN:
	case MECHANISM_ABORT:
	case MECHANISM_LATE_DATA:
	case MECHANISM_UNKNOWN_CONNECTION:
	case MECHANISM_STATE_EXPIRED:
	case MECHANISM_INJECTED:
	case MECHANISM_FIREWALL_REJECT:
	case MECHANISM_PROXY_CLOSED:
	case MECHANISM_KEEPALIVE_TIMEOUT:
	case MECHANISM_RETRANSMISSION_TIMEOUT:
	case MECHANISM_PMTU_BLACK_HOLE:
	case MECHANISM_PMTU_IGNORED:
	case MECHANISM_ICMP_UNREACHABLE:
	case MECHANISM_NAT_MISMATCH:
	case MECHANISM_NO_RESPONSE:
	case MECHANISM_WINDOW_CLOSED:
	case MECHANISM_PEER_PROTOCOL:
	case MECHANISM_SSH_MAX_STARTUPS:
	case MECHANISM_SSH_REFUSED_BEFORE_BANNER:
	case MECHANISM_SSH_LOGIN_GRACE:
	case MECHANISM_SSH_NO_COMMON_ALGORITHM:
	case MECHANISM_SSH_SLOW_BANNER:
	case MECHANISM_SSH_CLIENT_ALIVE:
	case MECHANISM_COUNT:
		break;
	}
	return 2;
}

/* By group, the most certain first, then the earliest. */
static int by_group(const void *left, const void *right)
{
	const struct member *a = left, *b = right;

	if (a->group != b->group)
		return a->group < b->group ? -1 : 1;
	if (a->mechanism != b->mechanism)
		return a->mechanism < b->mechanism ? -1 : 1;
	if (a->grade != b->grade)
		return a->grade > b->grade ? -1 : 1;
	return a->index < b->index ? -1 : a->index > b->index;
}

static int by_weight(const void *left, const void *right)
{
	const struct group *a = left, *b = right;

	if (a->severity != b->severity)
		return a->severity > b->severity ? -1 : 1;
	if (a->grade != b->grade)
		return a->grade > b->grade ? -1 : 1;
	if (a->member_count != b->member_count)
		return a->member_count > b->member_count ? -1 : 1;
	return a->representative < b->representative
		       ? -1
		       : a->representative > b->representative;
}

static uint64_t mix(uint64_t hash, const void *bytes, size_t count)
{
	const uint8_t *at = bytes;

	while (count--)
		hash = (hash ^ *at++) * 1099511628211u; /* FNV-1a */
	return hash;
}

static uint64_t connection_of(const struct incident *incident)
{
	const struct flow_name *name = &incident->flow;
	uint16_t ports[2] = {name->client.port, name->server.port};
	uint64_t hash = 14695981039346656037u;

	hash = mix(hash, &name->client.address, sizeof(name->client.address));
	hash = mix(hash, &name->server.address, sizeof(name->server.address));
	hash = mix(hash, ports, sizeof(ports));
	return mix(hash, &incident->began_ns, sizeof(incident->began_ns));
}

static int by_number(const void *left, const void *right)
{
	uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;

	return a < b ? -1 : a > b;
}

/* How many different numbers there are; sorts them. */
static uint64_t distinct(uint64_t *numbers, uint64_t count)
{
	uint64_t found = 0;

	qsort(numbers, count, sizeof(*numbers), by_number);
	for (uint64_t i = 0; i < count; i++)
		found += i == 0 || numbers[i] != numbers[i - 1];
	return found;
}

/* Of each group, and of all that hurt somebody; `room` for all members. */
static void count_connections(
	struct groups *groups, const struct member *members, uint64_t *room)
{
	uint64_t dead = 0;

	for (uint64_t i = 0; i < groups->count; i++) {
		struct group *group = &groups->groups[i];

		for (uint64_t j = 0; j < group->member_count; j++)
			room[j] = members[group->first_member + j].connection;
		group->connections = distinct(room, group->member_count);
	}
	for (uint64_t i = 0; i < groups->count; i++) {
		const struct group *group = &groups->groups[i];

		for (uint64_t j = 0; group->severity && j < group->member_count;
			j++)
			room[dead++] =
				members[group->first_member + j].connection;
	}
	groups->died = distinct(room, dead);
}

static void read_members(
	struct member *members, const struct report_source *source)
{
	for (uint64_t i = 0; i < source->incident_count; i++) {
		struct incident incident;

		source->incident(source->context, i, &incident);
		members[i] = (struct member){
			.index = i,
			.connection = connection_of(&incident),
			.group = incident.group,
			.mechanism = (uint8_t)incident.mechanism,
			.grade = (uint8_t)incident.grade,
			.severity = severity(incident.mechanism),
		};
	}
}

bool groups_make(struct groups *groups, const struct report_source *source)
{
	uint64_t count = source->incident_count;
	struct member *members = calloc(count + 1, sizeof(*members));
	uint64_t *room = calloc(count + 1, sizeof(*room));

	*groups = (struct groups){
		.groups = calloc(count + 1, sizeof(*groups->groups)),
		.members = calloc(count + 1, sizeof(*groups->members)),
	};
	if (!members || !room || !groups->groups || !groups->members) {
		free(members);
		free(room);
		groups_free(groups);
		return false;
	}
	read_members(members, source);
	qsort(members, count, sizeof(*members), by_group);
	for (uint64_t i = 0; i < count; i++) {
		const struct member *member = &members[i];

		groups->members[i] = member->index;
		if (i == 0 || member->group != members[i - 1].group ||
			member->mechanism != members[i - 1].mechanism)
			groups->groups[groups->count++] = (struct group){
				.representative = member->index,
				.first_member = i,
				.severity = member->severity,
				.grade = member->grade,
			};
		groups->groups[groups->count - 1].member_count++;
	}
	count_connections(groups, members, room);
	qsort(groups->groups, groups->count, sizeof(*groups->groups),
		by_weight);
	free(members);
	free(room);
	return true;
}

void groups_free(struct groups *groups)
{
	free(groups->groups);
	free(groups->members);
	*groups = (struct groups){0};
}
