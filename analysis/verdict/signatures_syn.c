/* SYNs and SYN-ACKs that went unanswered, or were refused with ICMP errors. */
#include "analysis/verdict/signatures.h"

const struct signature signatures_syn[] = {
	{
		.name = "syn-rejected-by-server",
		.needs = FACTS(SYN_UNANSWERED, ICMP_FROM_SERVER),
		.mechanism = MECHANISM_SYN_REJECTED,
		.sender = ROLE_SERVER,
		.culprit = ROLE_SERVER,
		.grade = GRADE_LIKELY,
		.summary = "The server's own firewall refused the SYN with "
			   "an ICMP error (a REJECT rule, a ban).",
		.also = {ALSO_REJECTED_BY_BOX},
		.outranks = {{"syn-prohibited-on-path",
				     "the error came from the server itself"},
			{"syn-port-unreachable-on-path",
				"the error came from the server itself"}},
		.why = "RFC 792 and RFC 4443; REJECT rules answer so by "
		       "default [measured: h2 from the server's address, c6c "
		       "from a router's]. Fooled by: forged ICMP.",
	},
	{
		.name = "syn-prohibited-on-path",
		.needs = FACTS(SYN_UNANSWERED, ICMP_PROHIBITED),
		.mechanism = MECHANISM_SYN_REJECTED,
		.sender = ROLE_MIDDLEBOX,
		.culprit = ROLE_MIDDLEBOX,
		.grade = GRADE_LIKELY,
		.summary = "A firewall on the path refused the SYN and said "
			   "so with an ICMP error.",
		.outranks = {{"syn-unanswered", "an ICMP error is an answer"}},
	},
	{
		.name = "syn-port-unreachable-on-path",
		.needs = FACTS(SYN_UNANSWERED, ICMP_PORT),
		.mechanism = MECHANISM_SYN_REJECTED,
		.sender = ROLE_MIDDLEBOX,
		.culprit = ROLE_MIDDLEBOX,
		.grade = GRADE_LIKELY,
		.summary = "A firewall on the path refused the SYN and said "
			   "so with an ICMP error.",
		.outranks = {{"syn-unreachable",
			"a router with no way to the server does not speak of "
			"ports"}},
	},
	{
		.name = "syn-unreachable",
		.needs = FACTS(SYN_UNANSWERED),
		.denies = FACTS(ICMP_PROHIBITED, ICMP_FROM_SERVER),
		.mechanism = MECHANISM_ICMP_UNREACHABLE,
		.sender = ROLE_MIDDLEBOX,
		.culprit = ROLE_UNKNOWN,
		.grade = GRADE_LIKELY,
		.summary = "A router had no way to the server: the server is "
			   "off, or the route to it is missing.",
		.also = {{MECHANISM_ICMP_UNREACHABLE, ROLE_MIDDLEBOX,
				 ROLE_SERVER, "the server is switched off"},
			{MECHANISM_ICMP_UNREACHABLE, ROLE_MIDDLEBOX,
				ROLE_MIDDLEBOX, "a route is missing"}},
		.outranks = {{"syn-unanswered", "an ICMP error is an answer"}},
		.why = "e1: host unreachable from the last router, 3 s after "
		       "the SYN, when nobody answers ARP [measured].",
	},
	{
		.name = "ecn-unanswered",
		.needs = FACTS(ONLY_PLAIN_ANSWERED),
		.mechanism = MECHANISM_OPTION_REFUSED,
		.sender = ROLE_NONE,
		.culprit = ROLE_MIDDLEBOX,
		.grade = GRADE_LIKELY,
		.summary = "SYNs that ask for ECN vanish; plain ones to the "
			   "same port are answered.",
		.also = {{MECHANISM_SYN_UNANSWERED, ROLE_NONE, ROLE_LOSS,
			"the path lost them by chance"}},
		.outranks = {{"syn-unanswered", "others are answered"}},
		.why = "RFC 3168, 6.1.1.1: devices that drop SYNs with ECE and "
		       "CWR. Fooled by: an outage that ends between the two.",
	},
	{
		.name = "syn-unanswered",
		.needs = FACTS(SYN_UNANSWERED),
		.mechanism = MECHANISM_SYN_UNANSWERED,
		.sender = ROLE_NONE,
		.culprit = ROLE_UNKNOWN,
		.grade = GRADE_POSSIBLE,
		.summary = "Nobody answered the SYN.",
		.also = {{MECHANISM_SYN_UNANSWERED, ROLE_NONE, ROLE_MIDDLEBOX,
				 "a firewall or security group drops it"},
			{MECHANISM_SYN_UNANSWERED, ROLE_NONE, ROLE_SERVER,
				"the server is down, drops it, or its accept "
				"queue is full"},
			{MECHANISM_SYN_UNANSWERED, ROLE_NONE, ROLE_LOSS,
				"the path lost it"}},
		.decide = FACTS(SYN_UNANSWERED),
		.why = "A drop rule, a full backlog and a dead host are alike "
		       "from here [measured: c6d, c15, c16].",
	},
	{
		.name = "syn-ack-unanswered",
		.needs = FACTS(SYNACK_UNANSWERED),
		.mechanism = MECHANISM_SYN_UNANSWERED,
		.sender = ROLE_NONE,
		.culprit = ROLE_UNKNOWN,
		.grade = GRADE_POSSIBLE,
		.summary = "The server answered the SYN again and again; its "
			   "answer did not arrive, or the client's did not "
			   "come back.",
		.also = {{MECHANISM_SYN_UNANSWERED, ROLE_NONE, ROLE_MIDDLEBOX,
				 "a firewall drops one direction"},
			{MECHANISM_SYN_UNANSWERED, ROLE_NONE, ROLE_CLIENT,
				"a scan, or a forged source address"},
			{MECHANISM_SYN_UNANSWERED, ROLE_NONE, ROLE_LOSS,
				"the path lost it"}},
		.decide = FACTS(SYNACK_UNANSWERED),
	},
	{
		.name = "handshake-not-heard",
		.needs = FACTS(HANDSHAKE_NOT_HEARD, RETRANSMISSIONS_UNANSWERED),
		.mechanism = MECHANISM_RETRANSMISSION_TIMEOUT,
		.sender = ROLE_NONE,
		.culprit = ROLE_SERVER,
		.grade = GRADE_POSSIBLE,
		.summary = "The server repeats its SYN-ACK though the client "
			   "has acknowledged it, and takes no data: its "
			   "accept queue is full, or the path loses "
			   "everything towards it.",
		.also = {ALSO_LOSS},
		.decide = FACTS(SYN_UNANSWERED),
		.outranks = {{"never-served",
			"the repeated SYN-ACK says who did not hear"}},
		.why = "The accept queue was full when the last ACK came: the "
		       "client thinks it is connected, the server drops "
		       "everything [measured: c16b]. Fooled by: that one ACK "
		       "lost and all data after it.",
	},
};
const unsigned signatures_syn_count =
	sizeof(signatures_syn) / sizeof(signatures_syn[0]);
