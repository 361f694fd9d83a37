/* Resets whose TTL is one to four off: from a device near the endpoint, or from
 * the endpoint over another route. */
#include "analysis/verdict/signatures.h"

const struct signature signatures_near[] = {
	{
		.name = "late-data-over-another-route",
		.needs = FACTS(DATA_AFTER_CLOSE, RESET_IS_BARE),
		.denies = FACTS(RESET_TTL_MATCHES_SENDER, RESET_TTL_FAR_OFF),
		.forbids = FACTS(SENDER_CONTINUED_AFTER_RESET),
		.mechanism = MECHANISM_LATE_DATA,
		.sender = ROLE_SENDER,
		.culprit = ROLE_SENDER,
		.grade = GRADE_POSSIBLE,
		.summary = "The endpoint had closed the connection; data came "
			   "after that, and its kernel answered with a reset, "
			   "over a slightly different route.",
		.also = {ALSO_FIREWALL},
		.decide = FACTS(SENDER_CONTINUED_AFTER_RESET),
		.outranks = {{"expired-box-answers-long-silence",
			"after its FIN the endpoint's own kernel answers so"}},
		.why = "As late-data. A kernel's answers for a closed socket "
		       "may go by another route than the socket's packets: "
		       "over IPv6 they carry another flow label.",
	},
	{
		.name = "near-but-its-own-socket",
		.needs = FACTS(RESET_FROM_SOCKET, RESET_IP_ID_CONTINUES),
		.denies = FACTS(RESET_TTL_MATCHES_SENDER),
		.mechanism = MECHANISM_ABORT,
		.sender = ROLE_SENDER,
		.culprit = ROLE_SENDER,
		.grade = GRADE_LIKELY,
		.summary = "The endpoint aborted the connection: the reset "
			   "continues its sequence numbers and IP ID; the "
			   "route changed slightly.",
		.also = {ALSO_INJECTED},
		.outranks = {{"near",
			"sequence numbers and IP ID are the endpoint's own"}},
		.why = "A TTL difference of one to four: routes differ by that "
		       "much, but a kernel's answers between two packets do "
		       "not.",
	},
	{
		.name = "rejected-near",
		.needs = FACTS(RESET_IS_STATELESS, RESET_ANSWERS_PEER,
			SENDER_TTL_STEADY),
		.denies = FACTS(RESET_TTL_MATCHES_SENDER),
		.forbids = FACTS(ANOTHER_ROUTE_FITS, RESET_ONE_HOP_NEARER),
		.mechanism = MECHANISM_FIREWALL_REJECT,
		.sender = ROLE_MIDDLEBOX,
		.culprit = ROLE_MIDDLEBOX,
		.grade = GRADE_LIKELY,
		.summary = "A firewall on the path rejected a packet of the "
			   "established connection, with a reset in the "
			   "endpoint's name.",
		.also = {ALSO_UNKNOWN_CONNECTION},
		.decide = FACTS(SENDER_CONTINUED_AFTER_RESET),
		.outranks = {{"rejected-or-gone",
			"a host that answers for a guest of its own is one hop "
			"nearer"}},
	},
	{
		.name = "rejected-or-gone",
		.needs = FACTS(RESET_IS_STATELESS, RESET_ANSWERS_PEER,
			SENDER_TTL_STEADY),
		.denies = FACTS(RESET_TTL_MATCHES_SENDER),
		.mechanism = MECHANISM_FIREWALL_REJECT,
		.sender = ROLE_MIDDLEBOX,
		.culprit = ROLE_MIDDLEBOX,
		.grade = GRADE_POSSIBLE,
		.summary = "A packet of the established connection was "
			   "answered with a reset from slightly nearer than "
			   "the endpoint: by a firewall on the path; by the "
			   "machine that hosts the endpoint, if that (a "
			   "container, a virtual machine) is gone; or by the "
			   "restarted endpoint over another route.",
		.also = {ALSO_UNKNOWN_CONNECTION,
			{MECHANISM_UNKNOWN_CONNECTION, ROLE_MIDDLEBOX,
				ROLE_SENDER,
				"the machine that hosts the endpoint answers "
				"for it, which is gone"}},
		.decide = FACTS(SENDER_CONTINUED_AFTER_RESET),
		.outranks = {{"near", "the reset's form shows that a kernel "
				      "without the connection, or a packet "
				      "filter, sent it"}},
		.why = "A node answers for a pod that is gone one hop nearer "
		       "than the pod [captures]; over IPv6 a kernel's answers "
		       "for no socket carry another flow label and may take "
		       "another route.",
	},
	{
		.name = "near-with-another-counter",
		.needs = FACTS(RESET_IP_ID_FOREIGN, RESET_IS_STATELESS,
			SENDER_TTL_STEADY),
		.denies = FACTS(RESET_TTL_MATCHES_SENDER),
		.forbids = FACTS(ANOTHER_ROUTE_FITS, RESET_ONE_HOP_NEARER),
		.mechanism = MECHANISM_INJECTED,
		.sender = ROLE_MIDDLEBOX,
		.culprit = ROLE_MIDDLEBOX,
		.grade = GRADE_LIKELY,
		.summary = "A device on the path forged the reset: the reset "
			   "came from another distance, and its IP ID is none "
			   "that the endpoint had reached.",
		.also = {ALSO_FIREWALL, ALSO_UNKNOWN_CONNECTION},
		.decide = FACTS(SENDER_CONTINUED_AFTER_RESET),
		.outranks = {{"rejected-near",
			"packet filters and kernels without the connection "
			"give their resets no IP ID"}},
		.why = "nf_reject and Linux leave the identification 0 "
		       "[measured: c7, c9]; other packet filters and kernels "
		       "were not measured and may count, so one hop nearer, "
		       "or farther, such a reset is as open as one without "
		       "identification. Fooled by: packet filters that "
		       "count.",
	},
	{
		.name = "bare-and-knowing",
		.needs = FACTS(RESET_IS_STATELESS, RESET_SEQUENCE_EXACT,
			SENDER_TTL_STEADY),
		.denies = FACTS(RESET_TTL_MATCHES_SENDER, RESET_ANSWERS_PEER),
		.forbids = FACTS(ANOTHER_ROUTE_FITS),
		.mechanism = MECHANISM_INJECTED,
		.sender = ROLE_MIDDLEBOX,
		.culprit = ROLE_MIDDLEBOX,
		.grade = GRADE_LIKELY,
		.summary = "A device on the path forged the reset: the reset "
			   "came from another distance, and carries a sequence "
			   "number that a host without the connection could "
			   "not know.",
		.also = {ALSO_ABORT},
		.decide = FACTS(SENDER_CONTINUED_AFTER_RESET),
		.outranks = {{"near",
			"its sequence number is stronger evidence than its "
			"distance"}},
		.why = "A stack without the connection knows only the sequence "
		       "number that the packet acknowledges; the socket's "
		       "owner sends RST,ACK. A bare RST with a newer number "
		       "was sent by a device that observed the connection. "
		       "Fooled by: old stacks that abort with a bare RST (RFC "
		       "793), hence the distance, which has to be less than "
		       "theirs.",
	},
	{
		.name = "near",
		.needs = FACTS(RESET_SEQUENCE_EXACT),
		.denies = FACTS(RESET_TTL_MATCHES_SENDER),
		.mechanism = MECHANISM_INJECTED,
		.sender = ROLE_MIDDLEBOX,
		.culprit = ROLE_MIDDLEBOX,
		.grade = GRADE_POSSIBLE,
		.summary = "The reset came from a slightly different distance: "
			   "a device on the path sent it, or the endpoint over "
			   "another route.",
		.also = {ALSO_ABORT, ALSO_FIREWALL},
		.decide = FACTS(SENDER_CONTINUED_AFTER_RESET),
		.outranks = {{"near-and-inexact", "its sequence numbers are "
						  "right"}},
	},
	{
		.name = "near-and-inexact",
		.needs = FACTS(SENDER_TTL_STEADY),
		.denies = FACTS(RESET_TTL_MATCHES_SENDER),
		.mechanism = MECHANISM_INJECTED,
		.sender = ROLE_MIDDLEBOX,
		.culprit = ROLE_MIDDLEBOX,
		.grade = GRADE_POSSIBLE,
		.summary = "The reset came from a slightly different distance, "
			   "with sequence numbers that the endpoint would not "
			   "use.",
		.also = {ALSO_ABORT},
		.decide = FACTS(SENDER_CONTINUED_AFTER_RESET),
		.outranks = {{"answers-a-reset",
			"it came from another distance than the "
			"endpoint's packets"}},
	},
};
const unsigned signatures_near_count =
	sizeof(signatures_near) / sizeof(signatures_near[0]);
