#include "report/groups.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* What sorting needs of an incident: the whole is some kilobytes large. */
struct group_member {
	uint64_t index;
	uint64_t connection; /* equal for incidents of one */
	struct group_verdict verdict;
	uint32_t group;
	uint8_t severity;
};

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

/* Members in an order: they are large, and are sorted by this. */
struct ordered {
	uint64_t key;
	uint64_t at; /* which member */
};

/* Of each connection the benign incidents last, those of a key together, the
 * surest of them first. */
static int by_connection(const void *left, const void *right, void *context)
{
	const struct ordered *one = left, *other = right;
	const struct group_member *members = context;
	const struct group_member *a = &members[one->at];
	const struct group_member *b = &members[other->at];
	int order;

	if (one->key != other->key)
		return one->key < other->key ? -1 : 1;
	if (a->severity != b->severity)
		return a->severity > b->severity ? -1 : 1;
	order = group_key_compare(&a->verdict.key, &b->verdict.key);
	if (order != 0)
		return order;
	if (a->verdict.grade != b->verdict.grade)
		return a->verdict.grade > b->verdict.grade ? -1 : 1;
	return a->index < b->index ? -1 : a->index > b->index;
}

/* By group, the most certain first, then the earliest. */
static int by_group(const void *left, const void *right, void *context)
{
	const struct ordered *one = left, *other = right;
	const struct group_member *members = context;
	uint64_t a = members[one->at].index, b = members[other->at].index;

	if (one->key != other->key)
		return one->key < other->key ? -1 : 1;
	return a < b ? -1 : a > b;
}

static int by_weight(const void *left, const void *right)
{
	const struct group_entry *a = left, *b = right;

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

/* Feeds the table connection by connection, and counts those that failed. */
static void fill_table(struct groups *groups, struct group_member *members,
	struct ordered *order, uint64_t count)
{
	for (uint64_t i = 0; i < count; i++)
		order[i] = (struct ordered){members[i].connection, i};
	if (count)
		qsort_r(order, count, sizeof(*order), by_connection, members);
	for (uint64_t i = 0; i < count; i++) {
		struct group_member *member = &members[order[i].at];
		const struct group_member *before =
			i > 0 ? &members[order[i - 1].at] : NULL;
		bool is_new =
			!before || member->connection != before->connection;

		member->verdict.is_further =
			!is_new && group_key_compare(&member->verdict.key,
					   &before->verdict.key) == 0;
		groups->died += is_new && member->severity > 0;
		group_table_add(&groups->table, &member->verdict);
	}
	group_table_settle(&groups->table);
}

/* The members of each group, and the one that is shown for all. */
static void fill_entries(struct groups *groups, struct group_member *members,
	struct ordered *order, uint64_t count)
{
	for (uint64_t i = 0; i < count; i++) {
		members[i].group = group_list_find(
			&groups->list, &groups->table, &members[i].verdict);
		order[i] = (struct ordered){
			((uint64_t)members[i].group << 8) +
				(UINT8_MAX - members[i].verdict.grade),
			i};
	}
	if (count)
		qsort_r(order, count, sizeof(*order), by_group, members);
	for (uint64_t i = 0; i < count; i++) {
		const struct group_member *member = &members[order[i].at];
		struct group_entry *entry = &groups->entries[member->group];

		groups->members[i] = member->index;
		if (entry->member_count++ > 0)
			continue;
		*entry = (struct group_entry){
			.group = &groups->list.groups[member->group],
			.representative = member->index,
			.first_member = i,
			.member_count = 1,
			.severity = member->severity,
			.grade = member->verdict.grade,
		};
	}
	if (groups->list.count)
		qsort(groups->entries, groups->list.count,
			sizeof(*groups->entries), by_weight);
}

static struct group_row *row_of(
	struct groups *groups, const struct group_key *key, uint8_t grade)
{
	struct group_row *row = groups->rows;

	while (row < groups->rows + groups->row_count &&
		(row->mechanism != key->mechanism ||
			row->culprit != key->culprit || row->grade != grade))
		row++;
	if (row == groups->rows + groups->row_count) {
		groups->row_count++;
		*row = (struct group_row){
			.mechanism = key->mechanism,
			.culprit = key->culprit,
			.grade = grade,
			.severity = severity((enum mechanism)key->mechanism),
			.first_ns = INT64_MIN,
			.last_ns = INT64_MIN,
			.entry = UINT32_MAX,
		};
	}
	return row;
}

static void add_to_row(struct group_row *row, const struct group_counts *counts)
{
	row->connections += counts->connections;
	if (counts->first_ns == INT64_MIN)
		return;
	if (row->first_ns == INT64_MIN || counts->first_ns < row->first_ns)
		row->first_ns = counts->first_ns;
	if (row->last_ns == INT64_MIN || counts->last_ns > row->last_ns)
		row->last_ns = counts->last_ns;
}

static int by_entry(const void *left, const void *right)
{
	const struct group_row *a = left, *b = right;

	if (a->severity != b->severity)
		return a->severity > b->severity ? -1 : 1;
	if (a->grade != b->grade)
		return a->grade > b->grade ? -1 : 1;
	if (a->connections != b->connections)
		return a->connections > b->connections ? -1 : 1;
	if (a->mechanism != b->mechanism)
		return a->mechanism < b->mechanism ? -1 : 1;
	return a->culprit - b->culprit;
}

static void fill_rows(struct groups *groups)
{
	const struct group_table *table = &groups->table;

	for (uint32_t i = 0; i < table->count; i++)
		for (uint32_t j = 0; j < table->kinds[i].count; j++) {
			const struct group_cell *cell =
				&table->kinds[i].cells[j];

			add_to_row(row_of(groups, &table->kinds[i].key,
					   cell->name.grade),
				&cell->counts);
		}
	for (uint32_t i = 0; i < groups->list.count; i++) {
		const struct group *group = groups->entries[i].group;

		for (unsigned grade = 0; grade < GRADE_COUNT; grade++) {
			struct group_row *row;

			if (group->by_grade[grade] == 0)
				continue;
			row = row_of(groups, &group->key, (uint8_t)grade);
			if (row->groups++ == 0)
				row->entry = i;
		}
	}
	if (groups->row_count)
		qsort(groups->rows, groups->row_count, sizeof(*groups->rows),
			by_entry);
}

/* There are no more rows than words of each kind, and none without a cell. */
static bool make_entries(struct groups *groups, struct group_member *members,
	struct ordered *order, uint64_t count)
{
	enum { ROWS_MOST = MECHANISM_COUNT * PARTY_COUNT * GRADE_COUNT };

	if (groups->table.has_no_memory ||
		!group_list_make(&groups->list, &groups->table))
		return false;
	groups->entries =
		calloc(groups->list.count + 1u, sizeof(*groups->entries));
	groups->rows = calloc(ROWS_MOST, sizeof(*groups->rows));
	if (!groups->entries || !groups->rows)
		return false;
	fill_entries(groups, members, order, count);
	fill_rows(groups);
	return true;
}

bool groups_begin(struct groups *groups, uint64_t most)
{
	*groups = (struct groups){
		.taken = calloc(most + 1, sizeof(*groups->taken)),
		.members = calloc(most + 1, sizeof(*groups->members)),
	};
	group_table_init(&groups->table, 0);
	if (groups->taken && groups->members)
		return true;
	groups_free(groups);
	return false;
}

void groups_take(
	struct groups *groups, uint64_t index, const struct incident *incident)
{
	struct group_member *member = &groups->taken[groups->taken_count++];

	member->index = index;
	member->connection = connection_of(incident);
	member->severity = severity(incident->mechanism);
	group_verdict_of(incident, &member->verdict);
}

bool groups_end(struct groups *groups)
{
	struct ordered *order = calloc(groups->taken_count + 1, sizeof(*order));
	bool is_made = false;

	if (order) {
		fill_table(groups, groups->taken, order, groups->taken_count);
		is_made = make_entries(
			groups, groups->taken, order, groups->taken_count);
	}
	free(order);
	if (!is_made) {
		groups_free(groups);
		return false;
	}
	free(groups->taken);
	groups->taken = NULL;
	return true;
}

bool groups_make(struct groups *groups, const struct report_source *source)
{
	void (*describe)(const void *context, uint64_t index,
		struct incident *incident) =
		source->brief ? source->brief : source->incident;

	if (!groups_begin(groups, source->incident_count))
		return false;
	for (uint64_t i = 0; i < source->incident_count; i++) {
		struct incident incident;

		describe(source->context, i, &incident);
		groups_take(groups, i, &incident);
	}
	return groups_end(groups);
}

void groups_free(struct groups *groups)
{
	free(groups->taken);
	free(groups->entries);
	free(groups->members);
	free(groups->rows);
	group_list_free(&groups->list);
	group_table_release(&groups->table);
	*groups = (struct groups){0};
}
