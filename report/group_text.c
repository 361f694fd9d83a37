#include "report/group_text.h"

#include <assert.h>
#include <inttypes.h>
#include <stdarg.h>
#include <string.h>
#include <time.h>

#include "report/address_text.h"

/* Appends to `text` as printf does, as much as fits; "" appends nothing. */
struct phrase {
	char *text;
	size_t size, used;
};

__attribute__((format(printf, 2, 3))) static void say(
	struct phrase *phrase, const char *format, ...)
{
	size_t room = phrase->size - phrase->used;
	va_list arguments;
	int bytes;

	va_start(arguments, format);
	bytes = vsnprintf(phrase->text + phrase->used, room, format, arguments);
	va_end(arguments);
	if (bytes > 0)
		phrase->used += (size_t)bytes < room ? (size_t)bytes : room - 1;
}

static const char *comma(const struct phrase *phrase)
{
	return phrase->used ? ", " : "";
}

const char *network_text(
	char text[NETWORK_TEXT], const struct address *network, uint8_t family)
{
	char address[ADDRESS_TEXT];

	address_text(address, network, family);
	(void)snprintf(
		text, NETWORK_TEXT, "%s/%d", address, family == 6 ? 48 : 24);
	return text;
}

const char *clock_text(char text[CLOCK_TEXT], int64_t time_ns, bool is_dated)
{
	time_t seconds = (time_t)(time_ns / 1000000000);
	struct tm utc;

	if (time_ns == INT64_MIN || !gmtime_r(&seconds, &utc) ||
		strftime(text, CLOCK_TEXT,
			is_dated ? "%Y-%m-%d %H:%M:%S" : "%H:%M:%S", &utc) == 0)
		(void)strcpy(text, "");
	return text;
}

static void say_range(struct phrase *phrase, const char *name,
	const struct group_range *range)
{
	if (range->most == 0)
		return;
	say(phrase, "%s%s %" PRIu32, comma(phrase), name, range->least);
	if (range->least != range->most)
		say(phrase, " to %" PRIu32, range->most);
}

/* One by its name, several by their number; `name` says the one. */
static void say_role(struct phrase *phrase, const struct group *group,
	enum group_role role, const char *name, const char *many)
{
	const struct group_spread *spread = &group->spread[role];
	char count[COUNT_TEXT], address[ADDRESS_TEXT];

	if (spread->distinct == 1) {
		address_text(address, &spread->address, spread->family);
		say(phrase, "%s%s%s", comma(phrase), name, address);
	} else if (spread->distinct > 1) {
		say(phrase, "%s%s %s", comma(phrase),
			count_text(count, spread->distinct), many);
	}
}

static void say_servers(struct phrase *phrase, const struct group *group)
{
	const struct group_spread *servers = &group->spread[GROUP_SERVER];
	const struct group_spread *ports = &group->spread[GROUP_PORT];
	char text[ENDPOINT_TEXT], count[COUNT_TEXT];

	if (servers->distinct == 1 && ports->distinct == 1) {
		struct endpoint endpoint = {servers->address, ports->port};

		endpoint_text(text, &endpoint, servers->family);
		say(phrase, "%s%s", comma(phrase), text);
		return;
	}
	say_role(phrase, group, GROUP_SERVER, "server ", "servers");
	if (ports->distinct == 1)
		say(phrase, "%sport %u", comma(phrase), ports->port);
	else if (ports->distinct > 1)
		say(phrase, "%s%s ports", comma(phrase),
			count_text(count, ports->distinct));
}

/* The place by which the group is told apart, where that is no host or port. */
static void say_networks(struct phrase *phrase, const struct group *group)
{
	char text[NETWORK_TEXT], clients[NETWORK_TEXT];

	if (group->place == GROUP_PLACE_NETWORK)
		say(phrase, "%s",
			network_text(text, &group->address, group->family));
	if (group->place == GROUP_PLACE_PATH)
		say(phrase, "%s → %s",
			network_text(
				clients, &group->client_network, group->family),
			network_text(text, &group->address, group->family));
}

const char *group_where(char text[GROUP_WHERE_TEXT], const struct group *group)
{
	struct phrase phrase = {text, GROUP_WHERE_TEXT, 0};

	text[0] = '\0';
	say_networks(&phrase, group);
	say_servers(&phrase, group);
	say_role(&phrase, group, GROUP_CLIENT, "client ", "clients");
	say_range(&phrase, "hop", &group->counts.hop);
	return text;
}

const char *group_look(char text[GROUP_LOOK_TEXT], const struct group *group)
{
	const struct reset_look *look = &group->key.look;
	struct phrase phrase = {text, GROUP_LOOK_TEXT, 0};

	text[0] = '\0';
	if (look->kind == PACKET_ICMP) {
		say(&phrase, "ICMP errors");
		if (look->icmp < 32)
			say(&phrase, ", unreachable, code %u", look->icmp - 1u);
	}
	if (look->window == LOOK_NONE)
		return text;
	say(&phrase, "%s, window %s%s", look->has_ack ? "RST,ACK" : "RST",
		look_value_word((enum look_value)look->window),
		look->is_df ? ", DF" : "");
	if (look->ip_id != LOOK_NONE)
		say(&phrase, ", id %s",
			look_value_word((enum look_value)look->ip_id));
	say(&phrase, ", %s, initial ttl %u",
		look->has_options ? "options" : "no options",
		look->initial_ttl);
	return text;
}

static void say_grades(struct phrase *phrase, const struct group *group)
{
	char count[COUNT_TEXT];

	for (int grade = GRADE_COUNT - 1; grade >= 0; grade--)
		if (group->by_grade[grade])
			say(phrase, "%s%s %s", comma(phrase),
				count_text(count, group->by_grade[grade]),
				grade_word((enum grade)grade));
}

static bool is_same_day(int64_t one_ns, int64_t other_ns)
{
	const int64_t day_ns = 86400 * (int64_t)1000000000;

	return one_ns / day_ns == other_ns / day_ns;
}

static void say_times(struct phrase *phrase, const struct group_counts *counts)
{
	bool is_dated = !is_same_day(counts->first_ns, counts->last_ns);
	char first[CLOCK_TEXT], last[CLOCK_TEXT];

	if (counts->first_ns == INT64_MIN)
		return;
	clock_text(first, counts->first_ns, is_dated);
	clock_text(last, counts->last_ns, is_dated);
	if (strcmp(first, last) == 0)
		say(phrase, "%s%s UTC", comma(phrase), first);
	else
		say(phrase, "%s%s to %s UTC", comma(phrase), first, last);
}

/* Those with much more than their share. A network says no more than its
 * busiest host where nearly all of it is that host's. */
static void say_shares(struct phrase *phrase, const struct group *group)
{
	static const char *const names[] = {
		[GROUP_SERVER] = "server",
		[GROUP_CLIENT] = "client",
		[GROUP_SERVER_NETWORK] = "servers of",
		[GROUP_CLIENT_NETWORK] = "clients of",
		[GROUP_PORT] = "port",
	};

	for (unsigned role = 0; role < GROUP_ROLE_COUNT; role++) {
		const struct group_spread *spread = &group->spread[role];
		bool is_network = role == GROUP_SERVER_NETWORK ||
				  role == GROUP_CLIENT_NETWORK;
		char name[NETWORK_TEXT], count[COUNT_TEXT];

		if (!group_share_is_told(group, (enum group_role)role))
			continue;
		if (is_network)
			network_text(name, &spread->address, spread->family);
		else if (role == GROUP_PORT)
			(void)snprintf(name, sizeof(name), "%u", spread->port);
		else
			address_text(name, &spread->address, spread->family);
		say(phrase, "%s%s %s has %s", phrase->used ? "; " : "",
			names[role], name, count_text(count, spread->most));
	}
}

void group_spread_lines(
	const struct layout *layout, unsigned indent, const struct group *group)
{
	char where[GROUP_WHERE_TEXT], look[GROUP_LOOK_TEXT], text[512];
	struct phrase phrase = {text, sizeof(text), 0};

	text[0] = '\0';
	say(&phrase, "%s", group_where(where, group));
	if (!group->key.look.kind)
		say_range(&phrase, "ttl", &group->counts.ttl);
	say_times(&phrase, &group->counts);
	layout_labelled(layout, indent, "Spread:", text);
	phrase.used = 0;
	text[0] = '\0';
	say_grades(&phrase, group);
	layout_labelled(layout, indent, "Grades:", text);
	phrase.used = 0;
	text[0] = '\0';
	say(&phrase, "%s", group_look(look, group));
	if (group->key.look.kind) {
		say_range(&phrase, "ttl", &group->counts.ttl);
		say_range(&phrase, "window", &group->counts.window);
		layout_labelled(layout, indent, "Alike:", text);
	}
	phrase.used = 0;
	text[0] = '\0';
	say_shares(&phrase, group);
	if (text[0])
		layout_labelled(layout, indent, "Most:", text);
}

enum table_column {
	COLUMN_COUNT,
	COLUMN_FAILURE,
	COLUMN_CULPRIT,
	COLUMN_GRADE,
	COLUMN_FIRST,
	COLUMN_LAST,
	COLUMNS, /* and where, which may take several lines */
};
enum { CELL_TEXT = 32, GAP = 2, WHERE_INDENT = 8 };

static const char *cell_text(char text[CELL_TEXT], const struct group_row *row,
	enum table_column column, bool is_dated)
{
	switch (column) {
	case COLUMN_COUNT:
		return count_text(text, row->connections);
	case COLUMN_FAILURE:
		return mechanism_word((enum mechanism)row->mechanism);
	case COLUMN_CULPRIT:
		return party_word((enum party)row->culprit);
	case COLUMN_GRADE:
		return grade_word((enum grade)row->grade);
	case COLUMN_FIRST:
		return clock_text(text, row->first_ns, is_dated);
	case COLUMN_LAST:
		return clock_text(text, row->last_ns, is_dated);
	case COLUMNS:
		break;
	}
	return "";
}
static_assert(
	(int)COUNT_TEXT <= (int)CELL_TEXT && (int)CLOCK_TEXT <= (int)CELL_TEXT,
	"a cell has room for a number and a time");

static const char *const heads[COLUMNS] = {
	[COLUMN_COUNT] = "#",
	[COLUMN_FAILURE] = "failure",
	[COLUMN_CULPRIT] = "culprit",
	[COLUMN_GRADE] = "grade",
	[COLUMN_FIRST] = "from",
	[COLUMN_LAST] = "to (UTC)",
};

static unsigned width_of(
	const struct groups *groups, enum table_column column, bool is_dated)
{
	unsigned width = layout_columns(heads[column]);
	char text[CELL_TEXT];

	for (uint32_t i = 0; i < groups->row_count; i++) {
		unsigned columns = layout_columns(
			cell_text(text, &groups->rows[i], column, is_dated));

		if (columns > width)
			width = columns;
	}
	return width;
}

/* Numbers end, words begin at the edge of their column. */
static void put_cell(const struct layout *layout, enum ink ink,
	enum table_column column, unsigned width, const char *text)
{
	unsigned rest = width - layout_columns(text);

	layout_space(layout, GAP + (column == COLUMN_COUNT ? rest : 0));
	layout_text(layout, ink, text);
	layout_space(layout, column == COLUMN_COUNT ? 0 : rest);
}

static void where_cell(const struct layout *layout, unsigned at,
	const struct groups *groups, const struct group_row *row)
{
	char where[GROUP_WHERE_TEXT], count[COUNT_TEXT];

	if (row->groups == 1)
		group_where(where, groups->entries[row->entry].group);
	else
		(void)snprintf(where, sizeof(where), "in %s groups",
			count_text(count, row->groups));
	layout_wrap(layout, at, WHERE_INDENT, INK_PLAIN, where);
}

/* Whether the table's times are of several days. */
static bool has_several_days(const struct groups *groups)
{
	int64_t first_ns = INT64_MIN;

	for (uint32_t i = 0; i < groups->row_count; i++) {
		const struct group_row *row = &groups->rows[i];

		if (row->first_ns == INT64_MIN)
			continue;
		if (first_ns == INT64_MIN)
			first_ns = row->first_ns;
		if (!is_same_day(first_ns, row->first_ns) ||
			!is_same_day(first_ns, row->last_ns))
			return true;
	}
	return false;
}

void group_table_text(const struct layout *layout, const struct groups *groups)
{
	bool is_dated = has_several_days(groups);
	unsigned widths[COLUMNS], at = GAP;

	for (unsigned i = 0; i < COLUMNS; i++) {
		widths[i] = width_of(groups, (enum table_column)i, is_dated);
		at += GAP + widths[i];
	}
	(void)fputc('\n', layout->out);
	for (unsigned i = 0; i < COLUMNS; i++)
		put_cell(layout, INK_FAINT, (enum table_column)i, widths[i],
			heads[i]);
	layout_wrap(layout, at - GAP, at, INK_FAINT, "where");
	for (uint32_t i = 0; i < groups->row_count; i++) {
		const struct group_row *row = &groups->rows[i];
		char text[CELL_TEXT];

		for (unsigned j = 0; j < COLUMNS; j++)
			put_cell(layout,
				j <= COLUMN_FAILURE ? INK_STRONG : INK_PLAIN,
				(enum table_column)j, widths[j],
				cell_text(text, row, (enum table_column)j,
					is_dated));
		layout_space(layout, GAP);
		where_cell(layout, at, groups, row);
	}
}
