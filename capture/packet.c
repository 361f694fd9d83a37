#include "capture/packet.h"

#include <assert.h>

static const char *const tunnel_words[] = {
	[TUNNEL_NONE] = "none",
	[TUNNEL_GRE] = "gre",
	[TUNNEL_VXLAN] = "vxlan",
	[TUNNEL_GENEVE] = "geneve",
	[TUNNEL_IP_IN_IP] = "ip-in-ip",
	[TUNNEL_6IN4] = "6in4",
	[TUNNEL_TEREDO] = "teredo",
	[TUNNEL_ERSPAN] = "erspan",
	[TUNNEL_GTP] = "gtp",
};
static_assert(sizeof(tunnel_words) / sizeof(*tunnel_words) == TUNNEL_COUNT,
	"every tunnel has a word");

static const char *const undecoded_words[] = {
	[UNDECODED_NONE] = "none",
	[UNDECODED_LINKTYPE] = "link-type",
	[UNDECODED_ARP] = "arp",
	[UNDECODED_ETHERTYPE] = "ethertype",
	[UNDECODED_LLC] = "llc",
	[UNDECODED_IP_PROTOCOL] = "ip-protocol",
	[UNDECODED_ENCRYPTED] = "encrypted",
	[UNDECODED_MANAGEMENT] = "link-management",
	[UNDECODED_TRUNCATED] = "truncated",
	[UNDECODED_MALFORMED] = "malformed",
	[UNDECODED_SCTP] = "sctp",
	[UNDECODED_DEPTH] = "nested-too-deep",
};
static_assert(
	sizeof(undecoded_words) / sizeof(*undecoded_words) == UNDECODED_COUNT,
	"every reason has a word");

const char *tunnel_word(enum tunnel tunnel)
{
	assert(tunnel < TUNNEL_COUNT);
	return tunnel_words[tunnel];
}

const char *undecoded_word(enum undecoded undecoded)
{
	assert(undecoded < UNDECODED_COUNT);
	return undecoded_words[undecoded];
}
