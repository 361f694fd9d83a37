/* Words of ladders and of packets in reports. */
#include "report/explain_table.h"

#include <assert.h>
#include <stddef.h>

static const struct explanation marks[] = {
	{"retransmission", "The packet carries numbers that were sent before.",
		"Its first sequence number lies before what its side had sent.",
		"Reordering, where the capture has the later packet first.",
		NULL},
	{"unacknowledged",
		"No copy of the packet is ever acknowledged in the capture.",
		"Copies of it were sent, and no ACK reaches its end.",
		"The packet arrived, and the acknowledgments were lost.", NULL},
	{"keepalive",
		"A probe whether the other end is still there (RFC 9293, "
		"3.8.4).",
		"At most one byte, one before what comes next.", NULL, NULL},
	{"SACK",
		"Selective acknowledgment (RFC 2018): the receiver names data "
		"that came behind a hole.",
		"The option of that name.", NULL, NULL},
	{"hole", "Bytes that the receiver lacks, before bytes that it has.",
		"From what is acknowledged to the first block of a SACK.", NULL,
		NULL},
	{"RST",
		"TCP flag of a packet that ends the connection at once (RFC "
		"9293, 3.5.2).",
		"The flag.", NULL, NULL},
	{"FIN", "TCP flag: its sender has no more data.", "The flag.", NULL,
		NULL},
	{"SYN", "TCP flag of the first packet of each side.", "The flag.", NULL,
		NULL},
	{"PSH", "TCP flag: the receiver is to hand the data on at once.",
		"The flag.", NULL, NULL},
	{"ACK",
		"TCP flag: the packet says up to where its sender has received "
		"everything.",
		"The flag.", NULL, NULL},
	{"ECE",
		"TCP flag of ECN (RFC 3168): congestion was seen; in a SYN, "
		"ECN "
		"is offered.",
		"The flag.", NULL, NULL},
	{"CWR",
		"TCP flag of ECN (RFC 3168): its sender has slowed down; in a "
		"SYN, ECN is offered.",
		"The flag.", NULL, NULL},
	{"URG", "TCP flag: the urgent pointer counts.", "The flag.", NULL,
		NULL},
	{"DF",
		"Don't fragment: a router that can't send the packet on whole "
		"drops it and reports that (RFC 1191).",
		"The bit of the IPv4 header.", NULL, NULL},
	{"MSS",
		"Maximum segment size: the most payload that an end takes in a "
		"segment; 40 bytes less than the MTU with IPv4, 60 with IPv6.",
		"The option of the SYN.", NULL, NULL},
	{"stdev", "Standard deviation of a hop's round trips in ms, as in mtr.",
		"All responses of the hop.", NULL, NULL},
};
static_assert(sizeof(marks) / sizeof(marks[0]) == EXPLAIN_MARKS,
	"as many as are listed");

struct explanation explain_mark(int index)
{
	return marks[index];
}
