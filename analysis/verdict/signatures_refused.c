/* SYNs that were refused with a reset. */
#include "analysis/verdict/signatures.h"

const struct signature signatures_refused[] = {
	{
		.name = "ecn-refused",
		.needs = FACTS(ONLY_PLAIN_SYN_ANSWERED),
		.forbids = FACTS(RESET_TTL_FAR_OFF),
		.mechanism = MECHANISM_OPTION_REFUSED,
		.sender = ROLE_SERVER,
		.culprit = ROLE_MIDDLEBOX,
		.grade = GRADE_POSSIBLE,
		.summary = "Only SYNs that ask for ECN are refused; plain ones "
			   "to the same port are answered.",
		.also = {{MECHANISM_OPTION_REFUSED, ROLE_SERVER, ROLE_SERVER,
				 "the server itself, or its firewall, refuses "
				 "them"},
			{MECHANISM_PORT_CLOSED, ROLE_SERVER, ROLE_SERVER,
				"the service was started between the two"}},
		.decide = FACTS(DSCP_REFLECTED),
		.outranks = {{"reject-rule-at-the-server",
			"the port is open for others"}},
		.why = "RFC 3360 and RFC 3168, 6.1.1.1: devices and hosts "
		       "that treat ECE and CWR in a SYN as an attack. Fooled "
		       "by: a service that is started between the two.",
	},
	{
		.name = "ecn-refused-from-elsewhere",
		.needs = FACTS(ONLY_PLAIN_SYN_ANSWERED, RESET_TTL_FAR_OFF),
		.mechanism = MECHANISM_OPTION_REFUSED,
		.sender = ROLE_MIDDLEBOX,
		.culprit = ROLE_MIDDLEBOX,
		.grade = GRADE_LIKELY,
		.summary = "A device on the path refuses SYNs that ask for "
			   "ECN; plain ones reach the same port.",
		.outranks = {{"refused-from-elsewhere",
			"the reason for the refusal is known"}},
	},
	{
		.name = "syn-ack-refused",
		.needs = FACTS(CLIENT_REPEATED_ITS_SYN),
		.mechanism = MECHANISM_OPTION_REFUSED,
		.sender = ROLE_CLIENT,
		.culprit = ROLE_UNKNOWN,
		.grade = GRADE_POSSIBLE,
		.summary = "The client's kernel did not accept the SYN-ACK: it "
			   "reset it and sent its SYN again.",
		.also = {{MECHANISM_OPTION_REFUSED, ROLE_CLIENT, ROLE_MIDDLEBOX,
				 "a device on the path changes the SYN's "
				 "timestamp or number, or those of the answer"},
			{MECHANISM_NAT_MISMATCH, ROLE_CLIENT, ROLE_MIDDLEBOX,
				"a NAT gave the SYN this address, and the "
				"answer came past it"},
			ALSO_INJECTED},
		.decide = FACTS(SENDER_CONTINUED_AFTER_RESET),
		.outranks = {{"nothing-was-said", "it wants to connect"}},
		.why = "RFC 9293, 3.10.7.3; RFC 7323, 3.2. Linux refuses a "
		       "SYN-ACK that echoes another timestamp than the SYN's "
		       "[measured]. Fooled by: a program that sends its SYNs "
		       "itself, over a kernel that refuses the answers.",
	},
	{
		.name = "refused-at-another-distance",
		.needs = FACTS(RESET_REFUSES_SYN),
		.denies = FACTS(RESET_TTL_MATCHES_SENDER),
		.forbids = FACTS(RESET_ONE_HOP_NEARER),
		.mechanism = MECHANISM_SYN_REJECTED,
		.sender = ROLE_MIDDLEBOX,
		.culprit = ROLE_MIDDLEBOX,
		.grade = GRADE_POSSIBLE,
		.summary = "The refusal came from another distance than the "
			   "server's other ports are: from a firewall on the "
			   "path, or from a gateway or balancer that has the "
			   "address and does not serve that port.",
		.also = {ALSO_PORT_CLOSED},
		.decide = FACTS(REFUSED_ON_THE_PATH, DSCP_REFLECTED),
		.outranks = {{"refused-in-no-stacks-form",
				     "where it came from says more"},
			{"injected-far",
				"it answers a SYN: that is a firewall's form"}},
		.why = "Forwarded ports, balancers and anycast: ports of one "
		       "address are served by machines at several distances.",
	},
	{
		.name = "refused-from-elsewhere",
		.needs = FACTS(REFUSED_ON_THE_PATH),
		.denies = FACTS(RESET_TTL_MATCHES_SENDER),
		.forbids = FACTS(RESET_ONE_HOP_NEARER),
		.mechanism = MECHANISM_SYN_REJECTED,
		.sender = ROLE_MIDDLEBOX,
		.culprit = ROLE_MIDDLEBOX,
		.grade = GRADE_LIKELY,
		.summary = "A firewall on the path refused the connection "
			   "in the server's name: the server is at another "
			   "distance.",
		.also = {ALSO_PORT_CLOSED},
		.decide = FACTS(DSCP_REFLECTED),
		.outranks = {{"refused-at-another-distance",
			"a gateway serves that port, or stands no hop away"}},
		.why = "Known from other connections of the host. Fooled by: "
		       "anycast; a server's gateway that is one of its own.",
	},
	{
		.name = "refused-one-hop-nearer",
		.needs = FACTS(RESET_REFUSES_SYN, RESET_ONE_HOP_NEARER),
		.mechanism = MECHANISM_SYN_REJECTED,
		.sender = ROLE_MIDDLEBOX,
		.culprit = ROLE_MIDDLEBOX,
		.grade = GRADE_POSSIBLE,
		.summary = "The refusal came from one hop nearer than the "
			   "server's other connections: from the host of a "
			   "container or of forwarded ports, which refuses "
			   "itself when nothing takes them, or from a firewall "
			   "on the last router before the server.",
		.also = {{MECHANISM_PORT_CLOSED, ROLE_SERVER, ROLE_SERVER,
			"the host of a container or of forwarded ports "
			"refuses itself"}},
		.decide = FACTS(DSCP_REFLECTED),
		.outranks = {{"refused-in-no-stacks-form",
			"where it came from says more"}},
		.why = "A published port of a container that is stopped is a "
		       "closed port of its host, one hop nearer than the "
		       "container.",
	},
	{
		.name = "refused-twice-this-one-odd",
		.needs = FACTS(REFUSED_FROM_TWO_PLACES),
		.mechanism = MECHANISM_SYN_REJECTED,
		.sender = ROLE_MIDDLEBOX,
		.culprit = ROLE_MIDDLEBOX,
		.grade = GRADE_LIKELY,
		.summary = "A device on the path also refused the connection: "
			   "two refusals came from two distances, and this one "
			   "is not in the form that hosts use.",
		.also = {ALSO_PORT_CLOSED},
		.decide = FACTS(RESET_TTL_MATCHES_SENDER),
		.outranks = {{"refused-in-no-stacks-form",
			"another refusal came from another distance"}},
		.why = "Two refusals from two distances; no stack refuses with "
		       "a nonzero window [captures of a device one hop before "
		       "the host].",
	},
	{
		.name = "refused-twice",
		.needs = FACTS(RESET_REFUSES_SYN, REFUSED_FROM_TWO_PLACES,
			REFUSAL_AS_KERNELS_DO),
		.mechanism = MECHANISM_PORT_CLOSED,
		.sender = ROLE_SERVER,
		.culprit = ROLE_SERVER,
		.grade = GRADE_POSSIBLE,
		.summary = "Two refusals came, from two distances; this one is "
			   "in the form that hosts use.",
		.also = {ALSO_REJECTED_BY_BOX},
		.decide = FACTS(RESET_TTL_MATCHES_SENDER),
		.outranks = {{"refused-twice-this-one-odd",
			"in the form that hosts use it may be the server's "
			"own"}},
	},
	{
		.name = "refused-by-a-neighbour",
		.needs = FACTS(RESET_REFUSES_SYN, ANSWERED_BY_NEIGHBOUR),
		.forbids = FACTS(RESET_ONE_HOP_NEARER),
		.mechanism = MECHANISM_SYN_REJECTED,
		.sender = ROLE_MIDDLEBOX,
		.culprit = ROLE_MIDDLEBOX,
		.grade = GRADE_POSSIBLE,
		.summary = "The next hop refused the connection in the "
			   "server's name.",
		.also = {ALSO_PORT_CLOSED},
		.decide = FACTS(DSCP_REFLECTED),
		.outranks = {{"reject-rule-v6",
			"the sender of the refusal is known, whatever its "
			"form"}},
		.why = "A proxy or a gateway that refuses for others. Fooled "
		       "by: clouds and overlays in which no hop decrements the "
		       "TTL, and a server within a millisecond; a gateway that "
		       "is the server.",
	},
	{
		.name = "reject-rule-at-the-server",
		.needs = FACTS(RESET_REFUSES_SYN, REFUSAL_AS_KERNELS_DO,
			RESET_TTL_MATCHES_SENDER),
		.denies = FACTS(DSCP_REFLECTED),
		.mechanism = MECHANISM_SYN_REJECTED,
		.sender = ROLE_SERVER,
		.culprit = ROLE_SERVER,
		.grade = GRADE_POSSIBLE,
		.summary = "The refusal does not reflect the SYN's DSCP: a "
			   "REJECT rule rather than a closed port.",
		.also = {ALSO_PORT_CLOSED, ALSO_REJECTED_BY_BOX},
		.decide = FACTS(DSCP_REFLECTED),
		.outranks = {{"reject-rule-somewhere",
			"it came from the server's distance"}},
		.why = "Linux's stack reflects the DSCP of the SYN that it "
		       "refuses, nf_reject sets 0 [measured; "
		       "net/ipv4/tcp_ipv4.c, nf_reject_ipv4.c]. Fooled by: a "
		       "return path that clears the DSCP, and other stacks.",
	},
	{
		.name = "reject-rule-somewhere",
		.needs = FACTS(RESET_REFUSES_SYN),
		.denies = FACTS(DSCP_REFLECTED),
		.mechanism = MECHANISM_SYN_REJECTED,
		.sender = ROLE_UNKNOWN,
		.culprit = ROLE_UNKNOWN,
		.grade = GRADE_POSSIBLE,
		.summary = "The refusal does not reflect the SYN's DSCP: a "
			   "REJECT rule, on the server or on the path.",
		.also = {ALSO_REJECTED_BY_HOST, ALSO_REJECTED_BY_BOX,
			ALSO_PORT_CLOSED},
		.decide = FACTS(RESET_TTL_MATCHES_SENDER),
		.outranks = {{"port-closed",
			"a closed port reflects the DSCP"}},
	},
	{
		.name = "reject-rule-v6",
		.needs = FACTS(RESET_REFUSES_SYN),
		.denies = FACTS(FLOW_LABEL_SET),
		.mechanism = MECHANISM_SYN_REJECTED,
		.sender = ROLE_UNKNOWN,
		.culprit = ROLE_UNKNOWN,
		.grade = GRADE_POSSIBLE,
		.summary = "The refusal has no flow label: a REJECT rule on "
			   "the server or on the path, if the server runs "
			   "Linux.",
		.also = {ALSO_REJECTED_BY_HOST, ALSO_REJECTED_BY_BOX,
			ALSO_PORT_CLOSED},
		.decide = FACTS(RESET_TTL_MATCHES_SENDER),
		.outranks = {{"port-closed",
			"Linux sets a flow label where a port is closed"}},
		.why = "IPv6: Linux's refusal carries a flow label, "
		       "nf_reject6's none [measured]. Fooled by: other stacks, "
		       "which send 0 too.",
	},
	{
		.name = "port-closed-reflected",
		.needs = FACTS(RESET_REFUSES_SYN, DSCP_REFLECTED),
		.mechanism = MECHANISM_PORT_CLOSED,
		.sender = ROLE_SERVER,
		.culprit = ROLE_SERVER,
		.grade = GRADE_LIKELY,
		.summary = "Nothing listens on that port: the host's own "
			   "stack refused the SYN.",
		.also = {ALSO_REJECTED_BY_BOX},
		.decide = FACTS(RESET_TTL_MATCHES_SENDER),
		.outranks = {{"port-closed", "the reflected DSCP distinguishes "
					     "a closed port from a REJECT "
					     "rule"}},
	},
	{
		.name = "port-closed-v6",
		.needs = FACTS(RESET_REFUSES_SYN, FLOW_LABEL_SET),
		.mechanism = MECHANISM_PORT_CLOSED,
		.sender = ROLE_SERVER,
		.culprit = ROLE_SERVER,
		.grade = GRADE_LIKELY,
		.summary = "Nothing listens on that port: the host's own "
			   "stack refused the SYN.",
		.also = {ALSO_REJECTED_BY_BOX},
		.decide = FACTS(RESET_TTL_MATCHES_SENDER),
		.outranks = {{"port-closed", "the flow label distinguishes a "
					     "closed port from a REJECT rule"}},
	},
	{
		.name = "port-closed",
		.needs = FACTS(RESET_REFUSES_SYN, RESET_TTL_MATCHES_SENDER),
		.mechanism = MECHANISM_PORT_CLOSED,
		.sender = ROLE_SERVER,
		.culprit = ROLE_SERVER,
		.grade = GRADE_LIKELY,
		.summary = "Nothing listens on that port: the server refused "
			   "the SYN from its usual distance.",
		.also = {ALSO_REJECTED_BY_HOST},
		.decide = FACTS(DSCP_REFLECTED),
		.outranks = {{"refused",
			"its form and its distance are the server's"}},
	},
	{
		.name = "refused-for-another-connection",
		.needs = FACTS(ACKNOWLEDGES_ANOTHER_CONNECTION),
		.mechanism = MECHANISM_UNKNOWN_CONNECTION,
		.sender = ROLE_UNKNOWN,
		.culprit = ROLE_UNKNOWN,
		.grade = GRADE_POSSIBLE,
		.summary = "The response to the SYN acknowledges another "
			   "number: it belongs to an earlier connection of "
			   "these ports, which the server or a device on the "
			   "path still holds.",
		.also = {ALSO_REJECTED_BY_BOX},
		.decide = FACTS(RESET_TTL_MATCHES_SENDER),
		.outranks = {{"refused-in-no-stacks-form",
			"its acknowledgment shows its connection"}},
		.why = "RFC 9293, 3.10.7.3: a client drops it and retransmits "
		       "its SYN [report of an NFS client].",
	},
	{
		.name = "refused-in-no-stacks-form",
		.needs = FACTS(RESET_REFUSES_SYN),
		.denies = FACTS(REFUSAL_AS_KERNELS_DO),
		.mechanism = MECHANISM_SYN_REJECTED,
		.sender = ROLE_UNKNOWN,
		.culprit = ROLE_UNKNOWN,
		.grade = GRADE_POSSIBLE,
		.summary = "The connection was refused, in a form that no "
			   "stack that was measured uses: by a firewall "
			   "somewhere, or by a host of another kind.",
		.also = {ALSO_REJECTED_BY_BOX, ALSO_PORT_CLOSED},
		.decide = FACTS(RESET_TTL_MATCHES_SENDER),
		.outranks = {{"reject-rule-somewhere",
				     "REJECT rules have another form"},
			{"reject-rule-v6", "REJECT rules have another form"},
			{"port-closed-reflected",
				"Linux refuses in another form"},
			{"port-closed-v6", "Linux refuses in another form"}},
		.why = "No stack that was measured refuses with a window or "
		       "options. Fooled by: one that was not.",
	},
	{
		.name = "refused",
		.needs = FACTS(RESET_REFUSES_SYN),
		.mechanism = MECHANISM_PORT_CLOSED,
		.sender = ROLE_SERVER,
		.culprit = ROLE_SERVER,
		.grade = GRADE_POSSIBLE,
		.summary = "The connection was refused, by the server or by a "
			   "firewall in the server's name.",
		.also = {ALSO_REJECTED_BY_BOX, ALSO_REJECTED_BY_HOST},
		.decide = FACTS(RESET_TTL_MATCHES_SENDER, DSCP_REFLECTED),
		.outranks = {{"inexact-at-the-right-distance",
				     "the reset answers a SYN; acknowledging "
				     "nothing more is right"},
			{"without-baseline", "the reset answers a SYN: there "
					     "was no connection to abort"}},
	},
};
const unsigned signatures_refused_count =
	sizeof(signatures_refused) / sizeof(signatures_refused[0]);
