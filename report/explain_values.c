/* Words that stand as values in reports: how resets look, ways, weights. */
#include "report/explain_table.h"

#include <assert.h>

static const struct explanation patterns[] = {
	{"train-1460-4380",
		"Resets of an injector that sends three at a time.",
		"Resets of one side at the expected sequence number, 1460 and "
		"4380 above it (Clayton, Murdoch, Watson 2006).",
		NULL, NULL},
	{"window-follows-ttl",
		"Resets of an injector that counts TTL and window together.",
		"The window of the reset changes as its TTL does.", NULL,
		NULL},
	{"mirrors-client-header",
		"Resets of a device that answers with the client's own "
		"header.",
		"A reset without ACK that has an acknowledgment number, the "
		"window of the peer's last packet and its IP identification "
		"plus one.",
		NULL, NULL},
	{"little-endian-ip-id",
		"Resets of a device whose IP identification is a counter in "
		"little-endian byte order.",
		"Two resets of one side with one TTL whose identifications are "
		"256 apart.",
		"Two resets of a random counter, once in 65,536.", NULL},
};

static const struct explanation values[] = {
	{"zero", "The field of the reset is 0.", NULL, NULL, NULL},
	{"own",
		"The field continues the side in whose name the reset came: "
		"its last window, or an identification soon after its last.",
		NULL, NULL, NULL},
	{"copied",
		"The field is the peer's: the window of the packet that the "
		"reset answers, or its identification or one above.",
		NULL, NULL, NULL},
	{"other", "The field is neither zero nor of one of the two sides.",
		NULL, NULL, NULL},
	{"forward", "From the client to the server; of a probe: to the target.",
		NULL, NULL, NULL},
	{"reverse",
		"From the server to the client; of a probe: from the target.",
		NULL, NULL, NULL},
	{"for",
		"A fact on which the verdict rests (+ in text): otherwise this "
		"signature would not apply.",
		NULL, NULL, NULL},
	{"against",
		"A fact on which another explanation rests (- in text) that "
		"stands beside the verdict, and the verdict does not. As a "
		"field of evidence: the packet of comparison.",
		NULL, NULL, NULL},
	{"changed",
		"Of a comparison: a field that differs between two capture "
		"points; the field is named.",
		NULL, NULL, NULL},
	{"to-server", "The way from the client to the server.", NULL, NULL,
		NULL},
	{"to-client", "The way from the server to the client.", NULL, NULL,
		NULL},
	{"neutral",
		"A known fact that neither the verdict nor another "
		"explanation beside it rests on.",
		NULL, NULL, NULL},
};

struct explanation explain_pattern(int index)
{
	static_assert(sizeof(patterns) / sizeof(patterns[0]) ==
			      EXPLAIN_PATTERNS,
		"a text for every pattern");
	return patterns[index];
}

struct explanation explain_value(int index)
{
	static_assert(sizeof(values) / sizeof(values[0]) == EXPLAIN_VALUES,
		"a text for every value");
	return values[index];
}
