#include "report/group_text.h"

#include <assert.h>
#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

#include "report/address_text.h"
#include "report/clock.h"

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

static void say_times(struct phrase *phrase, const struct layout *layout,
	const struct group_counts *counts)
{
	bool is_dated =
		!clock_is_same_day(layout, counts->first_ns, counts->last_ns);
	char first[CLOCK_TEXT], last[CLOCK_TEXT], zone[CLOCK_TEXT];

	if (counts->first_ns == INT64_MIN)
		return;
	clock_text(first, layout, counts->first_ns, is_dated);
	clock_text(last, layout, counts->last_ns, is_dated);
	clock_zone(zone, layout, counts->last_ns);
	say(phrase, "%s%s%s%s%s%s", comma(phrase), first,
		strcmp(first, last) == 0 ? "" : " to ",
		strcmp(first, last) == 0 ? "" : last, zone[0] ? " " : "", zone);
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
	say_times(&phrase, layout, &group->counts);
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
