/* SYNs and SYN-ACKs that went unanswered, or were refused with ICMP errors. */
#include "analysis/verdict/signatures.h"

const struct signature signatures_syn[] = {
	{
		.name = "syn-rejected-by-server",
		.needs = FACTS(SYN_UNANSWERED, ICMP_FROM_THE_SERVER_ITSELF,
			ICMP_SAYS_PORT_UNREACHABLE),
		.mechanism = MECHANISM_SYN_REJECTED,
		.sender = ROLE_SERVER,
		.culprit = ROLE_SERVER,
		.grade = GRADE_LIKELY,
		.summary = "The server's own firewall refused the SYN with "
			   "an ICMP error (a REJECT rule, a ban).",
		.also = {ALSO_REJECTED_BY_BOX},
		.outranks = {{"syn-port-unreachable-on-path",
			"the error came from the server itself"}},
		.why = "RFC 792 and RFC 4443; REJECT rules answer so by "
		       "default [measured: h2 from the server's address, c6c "
		       "from a router's]. Not host unreachable: a gateway that "
		       "holds the server's address says that of the machine "
		       "behind it. Fooled by: forged ICMP.",
	},
	{
		.name = "syn-prohibited-by-server",
		.needs = FACTS(SYN_UNANSWERED, ICMP_FROM_THE_SERVER_ITSELF,
			ICMP_SAYS_PROHIBITED),
		.mechanism = MECHANISM_SYN_REJECTED,
		.sender = ROLE_SERVER,
		.culprit = ROLE_SERVER,
		.grade = GRADE_LIKELY,
		.summary = "The server's own firewall refused the SYN with "
			   "an ICMP error (a REJECT rule, a ban).",
		.also = {ALSO_REJECTED_BY_BOX},
		.outranks = {{"syn-prohibited-on-path",
			"the error came from the server itself"}},
		.why = "As syn-rejected-by-server.",
	},
	{
		.name = "syn-rejected-by-own-host",
		.needs = FACTS(SYN_UNANSWERED, ICMP_FROM_THE_SENDER_ITSELF,
			ICMP_SAYS_PORT_UNREACHABLE),
		.mechanism = MECHANISM_SYN_REJECTED,
		.sender = ROLE_CLIENT,
		.culprit = ROLE_CLIENT,
		.grade = GRADE_LIKELY,
		.summary = "The client's own host refused its SYN with an ICMP "
			   "error: its firewall, or a service's address that "
			   "has no server behind it.",
		.also = {ALSO_REJECTED_BY_BOX},
		.outranks = {{"syn-port-unreachable-on-path",
			"the error came from the client's own host"}},
		.why = "Linux' REJECT for outgoing packets answers from the "
		       "host's own address; kube-proxy rejects so what has no "
		       "endpoints.",
	},
	{
		.name = "syn-prohibited-by-own-host",
		.needs = FACTS(SYN_UNANSWERED, ICMP_FROM_THE_SENDER_ITSELF,
			ICMP_SAYS_PROHIBITED),
		.mechanism = MECHANISM_SYN_REJECTED,
		.sender = ROLE_CLIENT,
		.culprit = ROLE_CLIENT,
		.grade = GRADE_LIKELY,
		.summary = "The client's own host refused its SYN with an ICMP "
			   "error: its firewall.",
		.also = {ALSO_REJECTED_BY_BOX},
		.outranks = {{"syn-prohibited-on-path",
			"the error came from the client's own host"}},
		.why = "As syn-rejected-by-own-host.",
	},
	{
		.name = "syn-prohibited-on-path",
		.needs = FACTS(SYN_UNANSWERED, ICMP_SAYS_PROHIBITED),
		.mechanism = MECHANISM_SYN_REJECTED,
		.sender = ROLE_MIDDLEBOX,
		.culprit = ROLE_MIDDLEBOX,
		.grade = GRADE_LIKELY,
		.summary = "A firewall on the path refused the SYN with an "
			   "ICMP error.",
		.outranks = {{"syn-unanswered", "an ICMP error is a response"}},
	},
	{
		.name = "syn-port-unreachable-on-path",
		.needs = FACTS(SYN_UNANSWERED, ICMP_SAYS_PORT_UNREACHABLE),
		.mechanism = MECHANISM_SYN_REJECTED,
		.sender = ROLE_MIDDLEBOX,
		.culprit = ROLE_MIDDLEBOX,
		.grade = GRADE_LIKELY,
		.summary = "A firewall on the path refused the SYN with an "
			   "ICMP error.",
		.outranks = {{"syn-unreachable",
			"a router without a route to the server does not send "
			"port unreachable"}},
	},
	{
		.name = "syn-unreachable",
		.needs = FACTS(SYN_UNANSWERED),
		.denies = FACTS(ICMP_SAYS_PROHIBITED),
		.mechanism = MECHANISM_ICMP_UNREACHABLE,
		.sender = ROLE_MIDDLEBOX,
		.culprit = ROLE_UNKNOWN,
		.grade = GRADE_LIKELY,
		.summary = "A router could not deliver to the server: the "
			   "server is off, or the route to it is missing.",
		.also = {{MECHANISM_ICMP_UNREACHABLE, ROLE_MIDDLEBOX,
				 ROLE_SERVER, "the server is switched off"},
			{MECHANISM_ICMP_UNREACHABLE, ROLE_MIDDLEBOX,
				ROLE_MIDDLEBOX, "a route is missing"}},
		.outranks = {{"syn-unanswered", "an ICMP error is a response"}},
		.why = "e1: host unreachable from the last router, 3 s after "
		       "the SYN, when nobody answers ARP [measured].",
	},
	{
		.name = "syn-in-a-routing-loop",
		.needs = FACTS(SYN_UNANSWERED, ICMP_SAYS_TIME_EXCEEDED),
		.mechanism = MECHANISM_ICMP_UNREACHABLE,
		.sender = ROLE_MIDDLEBOX,
		.culprit = ROLE_MIDDLEBOX,
		.grade = GRADE_LIKELY,
		.summary = "The SYN's TTL was used up on the way: routers send "
			   "it in a loop.",
		.also = {{MECHANISM_ICMP_UNREACHABLE, ROLE_MIDDLEBOX,
			ROLE_CLIENT,
			"the client sends with a TTL that is too small for "
			"the path"}},
		.outranks = {{"syn-unreachable",
			"a router without a route says so"}},
		.why = "RFC 1812, 5.3.1. Traceroutes do not count: their "
		       "SYNs have small TTLs.",
	},
	{
		.name = "answered-from-elsewhere",
		.needs = FACTS(SYN_ANSWERED_FROM_ELSEWHERE),
		.mechanism = MECHANISM_NAT_MISMATCH,
		.sender = ROLE_MIDDLEBOX,
		.culprit = ROLE_MIDDLEBOX,
		.grade = GRADE_CERTAIN,
		.summary = "The SYN was answered from another address than it "
			   "was sent to: a NAT or balancer translates one "
			   "direction only, and the client takes no such "
			   "answer.",
		.outranks = {{"syn-unanswered", "somebody answered"}},
		.why = "The answer acknowledges this SYN's number, to the port "
		       "that it came from: 48 bits do not agree by chance.",
	},
	{
		.name = "ecn-unanswered",
		.needs = FACTS(ONLY_PLAIN_SYN_ANSWERED),
		.mechanism = MECHANISM_OPTION_REFUSED,
		.sender = ROLE_NONE,
		.culprit = ROLE_MIDDLEBOX,
		.grade = GRADE_LIKELY,
		.summary = "SYNs that ask for ECN are lost; plain ones to the "
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
		.summary = "No response to the SYN arrived.",
		.also = {{MECHANISM_SYN_UNANSWERED, ROLE_NONE, ROLE_MIDDLEBOX,
				 "a firewall or security group drops it"},
			{MECHANISM_SYN_UNANSWERED, ROLE_NONE, ROLE_SERVER,
				"the server is down, drops it, or its accept "
				"queue is full"},
			{MECHANISM_SYN_UNANSWERED, ROLE_NONE, ROLE_LOSS,
				"the path lost it"}},
		.decide = FACTS(SYN_UNANSWERED),
		.why = "A drop rule, a full backlog and a host that is off "
		       "look the same from here [measured: c6d, c15, c16].",
	},
	{
		.name = "syn-ack-unanswered",
		.needs = FACTS(SYN_ACK_UNANSWERED),
		.mechanism = MECHANISM_SYN_UNANSWERED,
		.sender = ROLE_NONE,
		.culprit = ROLE_UNKNOWN,
		.grade = GRADE_POSSIBLE,
		.summary = "The server retransmitted its SYN-ACK; the SYN-ACK "
			   "did not arrive, or the client's ACK did not come "
			   "back.",
		.also = {{MECHANISM_SYN_UNANSWERED, ROLE_NONE, ROLE_MIDDLEBOX,
				 "a firewall drops one direction"},
			{MECHANISM_SYN_UNANSWERED, ROLE_NONE, ROLE_CLIENT,
				"a scan, or a forged source address"},
			{MECHANISM_SYN_UNANSWERED, ROLE_NONE, ROLE_LOSS,
				"the path lost it"}},
		.decide = FACTS(SYN_ACK_UNANSWERED),
	},
	{
		.name = "syn-ack-retransmitted",
		.needs = FACTS(
			SYN_ACK_RETRANSMITTED, RETRANSMISSIONS_UNANSWERED),
		.mechanism = MECHANISM_RETRANSMISSION_TIMEOUT,
		.sender = ROLE_NONE,
		.culprit = ROLE_SERVER,
		.grade = GRADE_POSSIBLE,
		.summary = "The server retransmits its SYN-ACK although the "
			   "client has acknowledged it, and acknowledges no "
			   "data: its accept queue is full, or the path drops "
			   "every packet towards it.",
		.also = {ALSO_LOSS,
			{MECHANISM_RETRANSMISSION_TIMEOUT, ROLE_NONE,
				ROLE_MIDDLEBOX,
				"a stateful firewall that did not see one "
				"direction of the handshake drops the "
				"client's packets"}},
		.decide = FACTS(SYN_UNANSWERED),
		.outranks = {{"never-served",
			"the retransmitted SYN-ACK shows that the server did "
			"not receive the ACK"}},
		.why = "The accept queue was full when the handshake's ACK "
		       "came: the client is in ESTABLISHED, the server drops "
		       "everything [measured: c16b]. Fooled by: the loss of "
		       "that ACK and of all data after it.",
	},
};
const unsigned signatures_syn_count =
	sizeof(signatures_syn) / sizeof(signatures_syn[0]);
