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

static const char *const skip_reason_words[] = {
	[SKIP_NONE] = "none",
	[SKIP_LINKTYPE] = "link-type",
	[SKIP_ARP] = "arp",
	[SKIP_ETHERTYPE] = "ethertype",
	[SKIP_LLC] = "llc",
	[SKIP_IP_PROTOCOL] = "ip-protocol",
	[SKIP_ENCRYPTED] = "encrypted",
	[SKIP_MANAGEMENT] = "link-management",
	[SKIP_TRUNCATED] = "truncated",
	[SKIP_MALFORMED] = "malformed",
	[SKIP_SCTP] = "sctp",
	[SKIP_DEPTH] = "nested-too-deep",
};
static_assert(
	sizeof(skip_reason_words) / sizeof(*skip_reason_words) == SKIP_COUNT,
	"every reason has a word");

const char *tunnel_word(enum tunnel tunnel)
{
	assert(tunnel < TUNNEL_COUNT);
	return tunnel_words[tunnel];
}

const char *skip_reason_word(enum skip_reason skip_reason)
{
	assert(skip_reason < SKIP_COUNT);
	return skip_reason_words[skip_reason];
}
