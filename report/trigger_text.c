#include "report/trigger_text.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* The network of an address, /24 and /64 as everywhere. */
static void network_text(
	char text[TRIGGER_VALUE], const struct endpoint *server, uint8_t family)
{
	unsigned bytes = family == 6 ? 8 : 3;
	struct address network = {{0}};
	char address[ADDRESS_TEXT];

	memcpy(&network, &server->address, bytes);
	address_text(address, &network, family);
	(void)snprintf(text, TRIGGER_VALUE, "%s/%u", address, 8 * bytes);
}

void trigger_value(char text[TRIGGER_VALUE], const struct incident *incident)
{
	const struct endpoint *server = &incident->flow.server;
	char address[ADDRESS_TEXT];

	switch (incident->trigger.kind) {
	case TRIGGER_PORT:
		(void)snprintf(text, TRIGGER_VALUE, "%u", server->port);
		return;
	case TRIGGER_ADDRESS:
		address_text(address, &server->address, incident->flow.family);
		(void)snprintf(text, TRIGGER_VALUE, "%s", address);
		return;
	case TRIGGER_NETWORK:
		network_text(text, server, incident->flow.family);
		return;
	case TRIGGER_NONE:
	case TRIGGER_SNI:
	case TRIGGER_HOST:
	case TRIGGER_BYTES:
	case TRIGGER_COUNT:
		break;
	}
	(void)snprintf(text, TRIGGER_VALUE, "%s", incident->trigger.text);
}

void trigger_sentence(
	char text[TRIGGER_SENTENCE], const struct incident *incident)
{
	static const struct {
		const char *before, *after, *with, *without;
		bool is_of_port; /* the others are of the same port */
	} words[] = {
		[TRIGGER_NONE] = {"", "", "", "", false},
		[TRIGGER_SNI] = {"SNI ", "", "with it", "without", false},
		[TRIGGER_HOST] = {"Host ", "", "with it", "without", false},
		[TRIGGER_BYTES] = {"first bytes \"", "\"", "with them",
			"without", false},
		[TRIGGER_PORT] = {"server port ", "", "to it",
			"to other ports of the server", false},
		[TRIGGER_ADDRESS] = {"server address ", "", "to it",
			"to other servers", true},
		[TRIGGER_NETWORK] = {"server network ", "", "into it",
			"to servers outside", true},
	};
	static_assert(sizeof(words) / sizeof(words[0]) == TRIGGER_COUNT,
		"every kind of trigger has its words");
	const struct incident_trigger *trigger = &incident->trigger;
	char value[TRIGGER_VALUE], port[24] = "", left_out[64] = "";

	trigger_value(value, incident);
	if (words[trigger->kind].is_of_port)
		(void)snprintf(port, sizeof(port), " on port %u",
			incident->flow.server.port);
	if (trigger->left_out)
		(void)snprintf(left_out, sizeof(left_out),
			" (no room to compare %" PRIu64 " more)",
			trigger->left_out);
	(void)snprintf(text, TRIGGER_SENTENCE,
		"%s%s%s: %u of %u connections %s were reset, %u of %u %s%s%s.",
		words[trigger->kind].before, value, words[trigger->kind].after,
		trigger->counts.with_reset, trigger->counts.with,
		words[trigger->kind].with, trigger->counts.without_reset,
		trigger->counts.without, words[trigger->kind].without, port,
		left_out);
}
