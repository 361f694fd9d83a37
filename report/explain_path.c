/* Words that findings of a probe consist of. The facts' own texts stand with
 * them, in analysis/path/path_fact_text.c. */
#include "report/explain_table.h"

#include <assert.h>
#include <stddef.h>

#include "analysis/path/path_fact_text.h"
#include "analysis/path/path_rows.h"

static const struct explanation states[] = {
	{"closed",
		"Nothing listens on the port, or a firewall refuses with a "
		"reset.",
		"A reset acknowledges the SYN.",
		"A firewall that refuses with a reset.", NULL},
	{"rejected",
		"A firewall or router rejects connections to the port "
		"with an ICMP error.",
		"An ICMP error quotes the SYN; its source is the target "
		"itself, "
		"or a device on the path.",
		"If the error is host or network unreachable: the target is "
		"down, or a router has no route to it.",
		"See syn-rejected."},
	{"filtered", "SYNs to the port get no response.",
		"The SYN was retransmitted, and neither SYN-ACK nor reset nor "
		"ICMP error came.",
		"The target is down, or its responses are lost.",
		"See syn-unanswered."},
};
static_assert(sizeof(states) / sizeof(states[0]) == PORT_STATE_COUNT - 1,
	"an explanation of every state");

static const struct explanation fragments[] = {
	[FRAGMENTS_NONE] = {NULL, NULL, NULL, NULL, NULL},
	[FRAGMENTS_ANY] = {"any",
		"All fragments are dropped, or it is not known which.",
		"No kind of fragmented echo request is answered, and the whole "
		"one is.",
		NULL, "See fragments-dropped."},
	[FRAGMENTS_FIRST] = {"first",
		"First fragments are dropped, and later ones pass.",
		"Routers farther on, or the target, report later fragments "
		"(IPv6).",
		NULL, "See fragments-dropped."},
	[FRAGMENTS_LATER] = {"later",
		"Later fragments are dropped, and first ones pass.",
		"The target reports the reassembly timeout of the first "
		"fragment, and reports no later one.",
		"A target that drops them itself.",
		"Later fragments have no ports: a filter by ports has to keep "
		"state for them."},
	[FRAGMENTS_TWO] = {"two", "Packets of two fragments do not arrive.",
		"Echo requests in two fragments are not answered; those "
		"fragmented otherwise, or whole, are.",
		"A target that drops them itself.", "See fragments-dropped."},
	[FRAGMENTS_MANY] = {"many", "Packets of eight fragments do not arrive.",
		"Echo requests in eight fragments are not answered; those "
		"fragmented otherwise, or whole, are.",
		"A target that drops them itself.", "See fragments-dropped."},
	[FRAGMENTS_TINY_FIRST] = {"tiny-first",
		"Packets whose first fragment holds eight bytes do not arrive.",
		"Such an echo request is not answered; those fragmented "
		"otherwise, or whole, are.",
		"RFC 1858 advises firewalls to drop such fragments of TCP.",
		NULL},
	[FRAGMENTS_REVERSED] = {"reversed",
		"Packets whose last fragment is sent first do not arrive.",
		"Echo requests sent in that order are not answered; those in "
		"the usual order, or whole, are.",
		"A target that drops them itself.", "See fragments-dropped."},
	[FRAGMENTS_ANSWER] = {"answer",
		"An echo reply that has to come back in fragments does not "
		"arrive.",
		"A long echo request is not answered; one that fits a packet "
		"is, and a whole one as large as the fragments is.",
		"A target that does not answer echo requests of that size.",
		"See fragments-dropped."},
};
static_assert(sizeof(fragments) / sizeof(fragments[0]) == FRAGMENTS_COUNT,
	"an explanation of all fragments that are dropped");

#define QUOTED                                                                 \
	"The field that a router, or the target, quotes differs from the "     \
	"field that was sent."

static const struct explanation fields[] = {
	[FIELD_NONE] = {NULL, NULL, NULL, NULL, NULL},
	[FIELD_MSS] = {"mss", "The MSS option is removed from the SYN.", QUOTED,
		NULL, "Both ends then send no more than 536 bytes (RFC 9293)."},
	[FIELD_DF] = {"df", "The don't-fragment bit is cleared.", QUOTED, NULL,
		"See df-cleared."},
	[FIELD_DSCP] = {"dscp", "The DSCP is changed.", QUOTED, NULL,
		"Traffic classes are lost at that device."},
	[FIELD_ECN] = {"ecn", "The ECN field of the IP header is changed.",
		QUOTED " A congestion mark is none.", NULL,
		"ECN does not work across that device (RFC 3168)."},
	[FIELD_ECN_FLAGS] = {"ecn-flags",
		"The flags by which a SYN offers ECN are cleared.", QUOTED,
		NULL, "ECN is not agreed upon across that device."},
	[FIELD_TIMESTAMP] = {"timestamps",
		"The SYN's timestamp option is removed or changed.", QUOTED,
		NULL, NULL},
	[FIELD_SACK] = {"sack-permitted",
		"The SYN's SACK-permitted option is removed.", QUOTED, NULL,
		"Loss costs more without them (RFC 2018)."},
	[FIELD_SCALE] = {"window-scale",
		"The SYN's window scale option is removed or changed.", QUOTED,
		NULL,
		"A scale that only one endpoint knows stalls connections; "
		"without it windows are at most 64 KiB."},
	[FIELD_SEQUENCE] = {"sequence", "The sequence number is changed.",
		QUOTED, NULL,
		"A firewall that does not also change the SACK blocks stalls "
		"connections."},
	[FIELD_WINDOW] = {"window", "The window is changed.", QUOTED, NULL,
		"A device there shapes or terminates connections."},
	[FIELD_IP_ID] = {"ip-id", "The IPv4 ID is changed.", QUOTED, NULL,
		NULL},
	[FIELD_TARGET] = {"target",
		"The destination address or port is changed.", QUOTED, NULL,
		"A load balancer or a port forwarding is there."},
	[FIELD_SOURCE] = {"source", "The source address or port is changed.",
		QUOTED " Or the quoted addresses and ports are those sent, "
		       "and the quoted checksum is that of others.",
		"A device that corrupts checksums and changes nothing else.",
		"A NAT is there."},
	[FIELD_CHECKSUM] = {NULL, NULL, NULL, NULL, NULL}, /* a source */
	[FIELD_FRAGMENTS] = {"fragmentation", "Fragments are reassembled.",
		"A router quotes a whole packet where a fragment was sent.",
		NULL, "A firewall or a NAT that keeps state is there."},
	[FIELD_TTL] = {"ttl",
		"Every packet leaves the device with the same "
		"hop limit.",
		"The target quotes one hop limit for packets that were sent "
		"with different ones.",
		"A target that quotes one value whatever arrived.",
		"Hops behind that device can't be seen from here."},
};
static_assert(sizeof(fields) / sizeof(fields[0]) == FIELD_COUNT,
	"an explanation of every field");

struct explanation explain_port_state(int index)
{
	return states[index];
}

struct explanation explain_cause(int index)
{
	const struct cause_text *text = cause_text((enum cause)index);

	return (struct explanation){
		.word = text->word, .meaning = text->meaning};
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
