/* Words about what a device that resets connections looks for. */
#include "report/explain_table.h"

#include <assert.h>

static const struct explanation triggers[] = {
	{"trigger",
		"What the connections that a device reset have in common, and "
		"others lack.",
		"At least five connections with it were reset by a device and "
		"at least five without it survived; at most one in ten is an "
		"exception, on either side. Compared is a client's first data: "
		"the name it asks for and its first bytes; and the server's "
		"port, address and network.",
		"What the same connections have in common besides, such as the "
		"client or the time: the counts show that they go together, "
		"not which of them the device looks for.",
		"Change this and nothing else, by turns, as the report's line "
		"Prove says.",
		NULL},
	{"sni",
		"The name in the client's TLS ClientHello, in clear unless it "
		"is encrypted (ECH).",
		"Of connections to one server and port, those with the name "
		"were reset by a device, those with another or none were not.",
		NULL, "See trigger.", NULL},
	{"host", "The Host of the client's first HTTP request.",
		"Of connections to one server and port, those with the name "
		"were reset by a device, those with another or none were not.",
		"The request's path, where it goes with the name.",
		"See trigger.", NULL},
	{"first-bytes",
		"The first 16 bytes that the client sent; of TLS the two that "
		"every ClientHello begins with.",
		"Of connections to one server and port, those with the bytes "
		"were reset by a device, those with others were not.",
		"Something behind these bytes that goes with them.",
		"See trigger.", NULL},
	{"port", "The server's port.",
		"Of connections to one server, those to the port were reset by "
		"a device, those to other ports were not.",
		"What is said on that port, where it is always the same.",
		"See trigger.", NULL},
	{"address", "The server's address.",
		"Of connections to one port, those to the address were reset "
		"by a device, those to other servers were not.",
		"A name that clients ask for at that server only.",
		"See trigger.", NULL},
	{"network", "The server's network, /24 or for IPv6 /64.",
		"Of connections to one port, those into the network were reset "
		"by a device, those to servers outside were not.",
		"A device that only connections into that network pass.",
		"See trigger.", NULL},
};
static_assert(sizeof(triggers) / sizeof(triggers[0]) == EXPLAIN_TRIGGERS,
	"an explanation of every kind, and of the word itself");

struct explanation explain_trigger(int index)
{
	return triggers[index];
}
