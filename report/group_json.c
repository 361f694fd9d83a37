#include "report/group_json.h"

#include "report/address_text.h"
#include "report/group_text.h"

static void address_field(struct json *json, const char *key,
	const struct address *address, uint8_t family)
{
	char text[ADDRESS_TEXT];

	address_text(text, address, family);
	json_string(json, key, text);
}

static void network_field(struct json *json, const char *key,
	const struct address *network, uint8_t family)
{
	char text[NETWORK_TEXT];

	json_string(json, key, network_text(text, network, family));
}

static void look_object(struct json *json, const struct reset_look *look)
{
	if (!look->kind)
		return;
	json_object(json, "packet");
	if (look->kind == PACKET_ICMP) {
		json_string(json, "kind", "icmp");
		if (look->icmp < 32)
			json_number(json, "unreachable_code", look->icmp - 1u);
	} else if (look->window != LOOK_NONE) {
		json_string(json, "kind", "reset");
		json_string(json, "flags", look->has_ack ? "RST,ACK" : "RST");
		json_string(json, "window",
			look_value_word((enum look_value)look->window));
		if (look->ip_id != LOOK_NONE)
			json_string(json, "ip_id",
				look_value_word((enum look_value)look->ip_id));
		json_boolean(json, "df", look->is_df);
		json_boolean(json, "options", look->has_options);
		json_number(json, "initial_ttl", look->initial_ttl);
	} else {
		json_string(json, "kind", "tcp");
	}
	json_object_end(json);
}

static void key_object(struct json *json, const struct group_key *key)
{
	json_object(json, "key");
	json_string(json, "mechanism",
		mechanism_word((enum mechanism)key->mechanism));
	json_string(json, "sender", party_word((enum party)key->sender));
	json_string(json, "culprit", party_word((enum party)key->culprit));
	look_object(json, &key->look);
	if (key->idle_class) {
		json_object(json, "idle");
		json_number(json, "from_s", group_idle_from_s(key->idle_class));
		if (group_idle_below_s(key->idle_class))
			json_number(json, "below_s",
				group_idle_below_s(key->idle_class));
		json_object_end(json);
	}
	json_object_end(json);
}

static void place_object(struct json *json, const struct group *group)
{
	bool is_client = group_key_is_of_clients(&group->key);

	json_object(json, "place");
	json_string(json, "kind", group_place_word(group->place));
	switch (group->place) {
	case GROUP_PLACE_HOST:
		address_field(json, is_client ? "client" : "server",
			&group->address, group->family);
		break;
	case GROUP_PLACE_NETWORK:
		network_field(json,
			is_client ? "client_network" : "server_network",
			&group->address, group->family);
		break;
	case GROUP_PLACE_PATH:
		network_field(json, "client_network", &group->client_network,
			group->family);
		network_field(
			json, "server_network", &group->address, group->family);
		break;
	case GROUP_PLACE_PORT:
		json_number(json, "port", group->port);
		break;
	case GROUP_PLACE_NONE:
	case GROUP_PLACE_COUNT:
		break;
	}
	json_object_end(json);
}

static void range_object(
	struct json *json, const char *key, const struct group_range *range)
{
	if (range->most == 0)
		return;
	json_object(json, key);
	json_number(json, "least", range->least);
	json_number(json, "most", range->most);
	json_object_end(json);
}

static void grades(struct json *json, const struct group *group)
{
	json_object(json, "by_grade");
	for (int i = GRADE_COUNT - 1; i >= 0; i--)
		if (group->by_grade[i])
			json_number(json, grade_word((enum grade)i),
				group->by_grade[i]);
	json_object_end(json);
}

/* How many there are of each, and who has much more than his share. */
static void spreads(struct json *json, const struct group *group)
{
	json_object(json, "distinct");
	for (unsigned i = 0; i < GROUP_ROLE_COUNT; i++)
		if (group->spread[i].distinct)
			json_number(json, group_role_word((enum group_role)i),
				group->spread[i].distinct);
	json_object_end(json);
	json_array(json, "most");
	for (unsigned i = 0; i < GROUP_ROLE_COUNT; i++) {
		const struct group_spread *spread = &group->spread[i];
		const char *word = group_role_word((enum group_role)i);

		if (!group_share_is_told(group, (enum group_role)i))
			continue;
		json_object(json, NULL);
		if (i == GROUP_PORT)
			json_number(json, word, spread->port);
		else if (i == GROUP_SERVER || i == GROUP_CLIENT)
			address_field(
				json, word, &spread->address, spread->family);
		else
			network_field(
				json, word, &spread->address, spread->family);
		json_number(json, "incidents", spread->most);
		json_object_end(json);
	}
	json_array_end(json);
}

void group_json(struct json *json, const struct group *group)
{
	const struct group_counts *counts = &group->counts;

	json_record(json, "group");
	json_number(json, "group", group_key_number(&group->key));
	key_object(json, &group->key);
	place_object(json, group);
	json_number(json, "incidents", counts->incidents);
	json_number(json, "connections", counts->connections);
	grades(json, group);
	spreads(json, group);
	range_object(json, "ttl", &counts->ttl);
	range_object(json, "hop", &counts->hop);
	range_object(json, "window", &counts->window);
	range_object(json, "idle_ms", &counts->idle_ms);
	json_time(json, "first_time", counts->first_ns);
	json_time(json, "last_time", counts->last_ns);
	json_record_end(json);
}
