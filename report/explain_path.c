/* Words that findings of a probe consist of. The facts' own texts stand with
 * them, in analysis/path/path_fact_text.c. */
#include "report/explain_table.h"

#include <assert.h>
#include <stddef.h>

#include "analysis/path/path_fact_text.h"
#include "analysis/path/path_rows.h"

static const struct explanation states[] = {
	{"closed", "Nothing listens on the port, or a firewall says so.",
		"A reset acknowledges the SYN.",
		"A firewall that refuses with a reset.", NULL},
	{"rejected", "Somebody refuses connections to the port, in words.",
		"An ICMP error quotes the SYN; its source is the target "
		"itself, "
		"or a device on the path.",
		"Where it says that host or network is unreachable: the target "
		"is down, or a router has no way to it.",
		"See syn-rejected."},
	{"filtered", "SYNs to the port get no answer at all.",
		"It was repeated, and neither SYN-ACK nor reset nor error "
		"came.",
		"The target is down, or its answers get lost.",
		"See syn-unanswered."},
};
static_assert(sizeof(states) / sizeof(states[0]) == PORT_STATE_COUNT - 1,
	"an explanation of every state");

static const struct explanation fragments[] = {
	[FRAGMENTS_NONE] = {NULL, NULL, NULL, NULL, NULL},
	[FRAGMENTS_ANY] = {"any",
		"All fragments are dropped, or which of them is not known.",
		"No kind of cut echo request is answered, and the whole one "
		"is.",
		NULL, "See fragments-dropped."},
	[FRAGMENTS_FIRST] = {"first",
		"Fragments with the beginning of a packet are dropped, and "
		"later ones pass.",
		"Routers, or the target, report later ones from farther on "
		"(IPv6).",
		NULL, "See fragments-dropped."},
	[FRAGMENTS_LATER] = {"later",
		"Fragments without the beginning of a packet are dropped.",
		"The target reports the first one as incomplete, and of later "
		"ones nothing.",
		"A target that drops them itself.",
		"They have no ports: who filters by ports has to keep state "
		"for them."},
	[FRAGMENTS_TWO] = {"two", "Packets cut in two do not arrive.",
		"Echo cut in two is not answered; cut otherwise, or whole, it "
		"is.",
		"A target that drops them itself.", "See fragments-dropped."},
	[FRAGMENTS_MANY] = {"many", "Packets cut in eight do not arrive.",
		"Echo cut in eight is not answered; cut otherwise, or whole, "
		"it is.",
		"A target that drops them itself.", "See fragments-dropped."},
	[FRAGMENTS_TINY_FIRST] = {"tiny-first",
		"Packets whose first fragment holds eight bytes do not arrive.",
		"Such an echo is not answered; cut otherwise, or whole, it is.",
		"RFC 1858 advises firewalls to drop such fragments of TCP.",
		NULL},
	[FRAGMENTS_REVERSED] = {"reversed",
		"Packets whose last fragment comes first do not arrive.",
		"Echo sent in that order is not answered; in the usual one, or "
		"whole, it is.",
		"A target that drops them itself.", "See fragments-dropped."},
	[FRAGMENTS_ANSWER] = {"answer",
		"An answer that has to come back in fragments does not.",
		"A long echo is not answered; one that fits a packet is, and a "
		"whole one as large as its fragments.",
		"A target that does not answer echo of that size.",
		"See fragments-dropped."},
};
static_assert(sizeof(fragments) / sizeof(fragments[0]) == FRAGMENTS_COUNT,
	"an explanation of all fragments that are dropped");

#define QUOTED                                                                 \
	"What a router, or the target, quotes of a packet differs in it from " \
	"what was sent."

static const struct explanation fields[] = {
	[FIELD_NONE] = {NULL, NULL, NULL, NULL, NULL},
	[FIELD_MSS] = {"mss", "The MSS option is taken out of the SYN.", QUOTED,
		NULL, "Both ends then send no more than 536 bytes (RFC 9293)."},
	[FIELD_DF] = {"df", "The don't-fragment bit is cleared.", QUOTED, NULL,
		"See df-cleared."},
	[FIELD_DSCP] = {"dscp", "The DSCP is another one.", QUOTED, NULL,
		"Classes of traffic do not survive that device."},
	[FIELD_ECN] = {"ecn", "The ECN field of the IP header is another one.",
		QUOTED " A congestion mark is none.", NULL,
		"ECN does not work across that device (RFC 3168)."},
	[FIELD_ECN_FLAGS] = {"ecn-flags",
		"The flags by which a SYN offers ECN are cleared.", QUOTED,
		NULL, "ECN is not agreed upon across that device."},
	[FIELD_TIMESTAMP] = {"timestamps",
		"The SYN's time stamp option is taken out, or another one.",
		QUOTED, NULL, NULL},
	[FIELD_SACK] = {"sack-permitted",
		"The SYN's offer of selective acknowledgments is taken out.",
		QUOTED, NULL, "Loss costs more without them (RFC 2018)."},
	[FIELD_SCALE] = {"window-scale",
		"The SYN's window scale is taken out, or another one.", QUOTED,
		NULL,
		"A scale that only one end knows of stalls connections; "
		"without it windows end at 64 KiB."},
	[FIELD_SEQUENCE] = {"sequence", "The sequence number is another one.",
		QUOTED, NULL,
		"A firewall that does not change SACK blocks with it stalls "
		"connections."},
	[FIELD_WINDOW] = {"window", "The window is another one.", QUOTED, NULL,
		"A device there paces connections, or ends them."},
	[FIELD_IP_ID] = {"ip-id", "The IPv4 identification is another one.",
		QUOTED, NULL, NULL},
	[FIELD_TARGET] = {"target",
		"The packet goes on to another address or port.", QUOTED, NULL,
		"A load balancer or a port forwarding stands there."},
	[FIELD_SOURCE] = {"source",
		"The packet goes on in the name of another address or port.",
		QUOTED " Or the quoted addresses and ports are ours, and the "
		       "quoted checksum is that of others.",
		"A device that spoils checksums and changes nothing else.",
		"A NAT stands there."},
	[FIELD_CHECKSUM] = {NULL, NULL, NULL, NULL, NULL}, /* a source */
	[FIELD_FRAGMENTS] = {"fragmentation", "Fragments are put together.",
		"A whole packet is quoted, of which a fragment was sent.", NULL,
		"A firewall or a NAT stands there that keeps state."},
	[FIELD_TTL] = {"ttl", "Every packet gets the same hop limit.",
		"The target quotes one hop limit of packets that were sent "
		"with different ones.",
		"A target that quotes one whatever arrived.",
		"Hops behind that device can't be seen from here."},
};
static_assert(sizeof(fields) / sizeof(fields[0]) == FIELD_COUNT,
	"an explanation of every field");

struct explanation explain_port_state(int index)
{
	return states[index];
}

/* Those of words that are one each, counted from 0. */
static struct explanation nth(
	const struct explanation *list, int count, int index)
{
	for (int i = 0; i < count; i++)
		if (list[i].word && index-- == 0)
			return list[i];
	assert(false && "an explanation of that number");
	return list[0];
}

struct explanation explain_fragments(int index)
{
	return nth(fragments, FRAGMENTS_COUNT, index);
}

struct explanation explain_field(int index)
{
	return nth(fields, FIELD_COUNT, index);
}

struct explanation explain_path_fact(int index)
{
	const struct path_fact_text *text =
		path_fact_text((enum path_fact)(index + 1));

	return (struct explanation){.word = text->word,
		.meaning = text->holds,
		.recognised = text->source,
		.also = text->fooled};
}

struct explanation explain_path_row(int index)
{
	for (int i = 0; i < PATH_SUBJECT_COUNT; i++) {
		const struct path_table *table = path_rows[i];

		if (index < (int)table->row_count)
			return (struct explanation){
				.word = table->rows[index].name,
				.meaning = table->rows[index].says,
				.when = &table->rows[index].when};
		index -= (int)table->row_count;
	}
	assert(false && "a row of that number");
	return (struct explanation){.word = ""};
}

int explain_path_row_count(void)
{
	int count = 0;

	for (int i = 0; i < PATH_SUBJECT_COUNT; i++)
		count += (int)path_rows[i]->row_count;
	return count;
}
