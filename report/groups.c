#include "report/groups.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* What sorting needs of an incident: the whole is some kilobytes large. */
struct member {
	uint64_t index;
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

static void read_members(
	struct member *members, const struct report_source *source)
{
	for (uint64_t i = 0; i < source->incident_count; i++) {
		struct incident incident;

		source->incident(source->context, i, &incident);
		members[i] = (struct member){
			.index = i,
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

	*groups = (struct groups){
		.groups = calloc(count + 1, sizeof(*groups->groups)),
		.members = calloc(count + 1, sizeof(*groups->members)),
	};
	if (!members || !groups->groups || !groups->members) {
		free(members);
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
	qsort(groups->groups, groups->count, sizeof(*groups->groups),
		by_weight);
	free(members);
	return true;
}

void groups_free(struct groups *groups)
{
	free(groups->groups);
	free(groups->members);
	*groups = (struct groups){0};
}
