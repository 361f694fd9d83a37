/* Packets that somebody else sent in an endpoint's name: from another distance,
 * by the machine that recorded them, or outlived by whom they name. */
#include "analysis/verdict/signatures.h"

const struct signature signatures_foreign[] = {
	{
		.name = "reset-twice-alone",
		.needs = FACTS(RESET_TWICE_ALONE),
		.mechanism = MECHANISM_INJECTED,
		.sender = ROLE_MIDDLEBOX,
		.culprit = ROLE_MIDDLEBOX,
		.grade = GRADE_POSSIBLE,
		.summary = "Two resets with the same numbers came from two "
			   "places, and nothing else of the connection was "
			   "recorded: one of them at least is a device's.",
		.also = {ALSO_ABORT},
		.decide = FACTS(RESET_TTL_MATCHES_SENDER),
	},
	{
		.name = "expired-box-answers-outlived",
		.needs = FACTS(SENDER_CONTINUED, RESET_IS_STATELESS,
			RESET_ANSWERS_PEER, IDLE_BEFORE),
		.denies = FACTS(RESET_TTL_MATCHES_SENDER),
		.mechanism = MECHANISM_STATE_EXPIRED,
		.sender = ROLE_MIDDLEBOX,
		.culprit = ROLE_NAT,
		.grade = GRADE_LIKELY,
		.summary = "A device on the path forgot the connection while "
			   "it was idle, and answered the next packet with a "
			   "reset; the other end knows nothing of it and "
			   "talks on.",
		.also = {ALSO_FIREWALL},
		.decide = FACTS(IDLE_TIMER_ON_PATH),
		.outranks = {{"rejected-and-outlived",
				     "the silence before it says why the "
				     "packet was refused"},
			{"expired-box-answers", "the same, and the other end "
						"was heard to talk on"}},
		.why = "A box that answers one side's packet leaves the other "
		       "side ignorant, and talking [measured: a7, c8].",
	},
	{
		.name = "rejected-and-outlived",
		.needs = FACTS(SENDER_CONTINUED, RESET_IS_STATELESS,
			RESET_ANSWERS_PEER),
		.denies = FACTS(RESET_TTL_MATCHES_SENDER),
		.mechanism = MECHANISM_FIREWALL_REJECT,
		.sender = ROLE_MIDDLEBOX,
		.culprit = ROLE_MIDDLEBOX,
		.grade = GRADE_LIKELY,
		.summary = "A firewall on the path rejected a packet of the "
			   "connection with a reset in the endpoint's name; "
			   "the endpoint knows nothing of it and talks on.",
		.also = {{MECHANISM_INJECTED, ROLE_MIDDLEBOX, ROLE_MIDDLEBOX,
			"a device that looks for content"}},
		.outranks = {{"forged-and-outlived",
			"a reset in a packet filter's form, in answer to a "
			"packet, is a packet filter's"}},
	},
	{
		.name = "forged-and-outlived",
		.needs = FACTS(SENDER_CONTINUED),
		.denies = FACTS(RESET_TTL_MATCHES_SENDER),
		.mechanism = MECHANISM_INJECTED,
		.sender = ROLE_MIDDLEBOX,
		.culprit = ROLE_MIDDLEBOX,
		.grade = GRADE_CERTAIN,
		.summary = "A device on the path forged the reset: it came "
			   "from another distance, and the one it was "
			   "forged for went on talking.",
		.outranks = {{"outlived-by-its-sender",
				     "its distance says so too"},
			{"injected-too-fast", "who went on was not reset, "
					      "whatever else shows it"},
			{"refused-from-elsewhere",
				"the server went on: it has not refused"}},
		.why = "A socket that was reset sends nothing more (RFC 9293, "
		       "3.10.7), so what goes on was not reset. Fooled by: "
		       "reordering, hence newer numbers are asked for.",
	},
	{
		.name = "outlived-by-its-sender",
		.needs = FACTS(SENDER_CONTINUED),
		.mechanism = MECHANISM_INJECTED,
		.sender = ROLE_MIDDLEBOX,
		.culprit = ROLE_MIDDLEBOX,
		.grade = GRADE_LIKELY,
		.summary = "Somebody else sent the reset: the one in whose "
			   "name it came went on talking.",
		.also = {{MECHANISM_ABORT, ROLE_SENDER, ROLE_SENDER,
			"the packets after it are late copies of older "
			"ones"}},
		.outranks = {{"answers-a-reset", "somebody else sent it"}},
	},
	{
		.name = "acknowledged-what-never-arrived",
		.needs = FACTS(ACKS_UNDELIVERED),
		.denies = FACTS(RESET_TTL_MATCHES_SENDER),
		.mechanism = MECHANISM_INJECTED,
		.sender = ROLE_MIDDLEBOX,
		.culprit = ROLE_MIDDLEBOX,
		.grade = GRADE_CERTAIN,
		.summary = "A device on the path forged the reset: it "
			   "acknowledges a packet that never reached the "
			   "endpoint, and came from another distance.",
		.why = "A router said that the packet died on its way; nobody "
		       "behind that router can have acknowledged it.",
	},
	{
		.name = "made-here-after-silence",
		.needs = FACTS(RESET_MADE_HERE, IDLE_BEFORE),
		.mechanism = MECHANISM_STATE_EXPIRED,
		.sender = ROLE_MIDDLEBOX,
		.culprit = ROLE_NAT,
		.grade = GRADE_LIKELY,
		.summary = "The machine that recorded this sent the reset "
			   "itself, after a silence: it had forgotten the "
			   "connection.",
		.also = {ALSO_FIREWALL},
		.decide = FACTS(IDLE_TIMER_ON_PATH),
		.outranks = {{"made-here", "the silence before it says why the "
					   "packet was refused"}},
		.why = "Recorded on the box itself: it only ever went out "
		       "[measured].",
	},
	{
		.name = "made-here",
		.needs = FACTS(RESET_MADE_HERE),
		.mechanism = MECHANISM_FIREWALL_REJECT,
		.sender = ROLE_MIDDLEBOX,
		.culprit = ROLE_MIDDLEBOX,
		.grade = GRADE_CERTAIN,
		.summary = "The machine that recorded this sent the reset "
			   "itself, in the endpoint's name.",
		.outranks = {{"answers-a-reset",
			"the endpoint did not send it"}},
	},
	{
		.name = "own-firewall",
		.needs = FACTS(RESET_BY_OTHER_INTERFACE, RESET_IS_STATELESS),
		.mechanism = MECHANISM_FIREWALL_REJECT,
		.sender = ROLE_PEER,
		.culprit = ROLE_PEER,
		.grade = GRADE_POSSIBLE,
		.summary = "The reset came by another interface than the rest "
			   "of the connection: a REJECT rule on the machine "
			   "that recorded this.",
		.also = {ALSO_FIREWALL},
		.outranks = {{"rejected-near",
			"a reset that came by another interface has another "
			"distance for that reason"}},
		.why = "A REJECT rule for outgoing packets answers over the "
		       "loopback interface [measured: h3].",
	},
	{
		.name = "injected-copying",
		.needs = FACTS(RESET_TTL_FAR_OFF, RESET_COPIES_PEER,
			SENDER_TTL_STEADY),
		.mechanism = MECHANISM_INJECTED,
		.sender = ROLE_MIDDLEBOX,
		.culprit = ROLE_MIDDLEBOX,
		.grade = GRADE_CERTAIN,
		.summary = "A device on the path forged the reset: it came "
			   "from another distance and copies fields of the "
			   "packet that it answers.",
		.why = "Whoever writes the other side's identification and "
		       "window into a packet has seen the other side's packet: "
		       "on the path [captures of several injectors].",
	},
	{
		.name = "injected-copying-short",
		.needs = FACTS(RESET_TTL_FAR_OFF, RESET_COPIES_PEER),
		.mechanism = MECHANISM_INJECTED,
		.sender = ROLE_MIDDLEBOX,
		.culprit = ROLE_MIDDLEBOX,
		.grade = GRADE_LIKELY,
		.summary = "A device on the path forged the reset: it came "
			   "from another distance and copies fields of the "
			   "packet that it answers.",
	},
	{
		.name = "injected-too-fast",
		.needs = FACTS(RESET_TTL_FAR_OFF, RESET_TOO_FAST),
		.mechanism = MECHANISM_INJECTED,
		.sender = ROLE_MIDDLEBOX,
		.culprit = ROLE_MIDDLEBOX,
		.grade = GRADE_CERTAIN,
		.summary = "A device on the path forged the reset: it came "
			   "from another distance, and sooner than the "
			   "endpoint could have answered.",
		.outranks = {{"injected-foreign-counter",
			"that it came too soon proves more than a number"}},
	},
	{
		.name = "expired-box-answers",
		.needs = FACTS(
			IDLE_BEFORE, RESET_IS_STATELESS, RESET_ANSWERS_PEER),
		.denies = FACTS(RESET_TTL_MATCHES_SENDER),
		.mechanism = MECHANISM_STATE_EXPIRED,
		.sender = ROLE_MIDDLEBOX,
		.culprit = ROLE_NAT,
		.grade = GRADE_LIKELY,
		.summary = "A device on the path forgot the connection while "
			   "it was idle, and answered the next packet with a "
			   "reset.",
		.also = {ALSO_FIREWALL},
		.decide = FACTS(IDLE_TIMER_ON_PATH),
		.outranks = {{"rejected-far", "the silence before it says why "
					      "the packet was refused"}},
		.why = "A NAT or firewall that answers for a connection it no "
		       "longer knows [measured: a7, c7 after expiry; capture "
		       "of a home gateway].",
	},
	{
		.name = "box-after-close",
		.needs = FACTS(RESET_TTL_FAR_OFF, IDLE_BEFORE, PEER_HAD_CLOSED),
		.mechanism = MECHANISM_STATE_EXPIRED,
		.sender = ROLE_MIDDLEBOX,
		.culprit = ROLE_NAT,
		.grade = GRADE_LIKELY,
		.summary = "A device on the path ended its record of the "
			   "connection after a silence, with a reset in the "
			   "endpoint's name.",
		.also = {ALSO_FIREWALL},
		.outranks = {{"injected-far",
			"after a close and a silence a box's timer is the "
			"plainer reason"}},
	},
	{
		.name = "injected-foreign-counter",
		.needs = FACTS(RESET_TTL_FAR_OFF, SENDER_TTL_STEADY),
		.denies = FACTS(RESET_ID_CONTINUES),
		.mechanism = MECHANISM_INJECTED,
		.sender = ROLE_MIDDLEBOX,
		.culprit = ROLE_MIDDLEBOX,
		.grade = GRADE_CERTAIN,
		.summary = "A device on the path forged the reset: neither "
			   "its distance nor its IP identification is the "
			   "endpoint's.",
		.outranks = {{"rejected-far",
			"the endpoint's counter was known, and this is not "
			"from it"}},
	},
	{
		.name = "rejected-far",
		.needs = FACTS(RESET_TTL_FAR_OFF, RESET_IS_STATELESS,
			RESET_ANSWERS_PEER),
		.mechanism = MECHANISM_FIREWALL_REJECT,
		.sender = ROLE_MIDDLEBOX,
		.culprit = ROLE_MIDDLEBOX,
		.grade = GRADE_LIKELY,
		.summary = "A firewall on the path rejected a packet of the "
			   "established connection, with a reset in the "
			   "endpoint's name.",
		.also = {{MECHANISM_INJECTED, ROLE_MIDDLEBOX, ROLE_MIDDLEBOX,
			"a device that looks for content"}},
		.decide = FACTS(SENDER_CONTINUED),
		.outranks = {{"injected-far",
				     "the form of a packet filter's reset "
				     "tells what kind of device it was"},
			{"rejected-near", "a larger difference says more"}},
		.why = "nf_reject's form: RST, seq = the acknowledgment it "
		       "answers, window 0 [measured: c7, c8, b3, b4]; also "
		       "what other stateful boxes send to packets without a "
		       "record.",
	},
	{
		.name = "injected-far",
		.needs = FACTS(RESET_TTL_FAR_OFF),
		.mechanism = MECHANISM_INJECTED,
		.sender = ROLE_MIDDLEBOX,
		.culprit = ROLE_MIDDLEBOX,
		.grade = GRADE_LIKELY,
		.summary = "A device on the path forged the reset: it came "
			   "from another distance than the endpoint's "
			   "packets.",
		.also = {ALSO_FIREWALL},
		.decide = FACTS(SENDER_CONTINUED),
		.outranks = {{"bare-and-knowing",
			"a large difference of distance needs no further "
			"sign"}},
	},
	{
		.name = "near-but-its-own-socket",
		.needs = FACTS(RESET_FROM_SOCKET, RESET_ID_CONTINUES),
		.denies = FACTS(RESET_TTL_MATCHES_SENDER),
		.mechanism = MECHANISM_ABORT,
		.sender = ROLE_SENDER,
		.culprit = ROLE_SENDER,
		.grade = GRADE_LIKELY,
		.summary = "The endpoint aborted the connection: numbers and "
			   "IP identification go on as its own; its route "
			   "changed a little.",
		.also = {ALSO_INJECTED},
		.outranks = {{"near",
			"numbers and identification are the endpoint's own"}},
		.why = "A distance of one to four: routes differ by that much, "
		       "kernels that answer between two packets do not.",
	},
	{
		.name = "rejected-near",
		.needs = FACTS(RESET_IS_STATELESS, RESET_ANSWERS_PEER,
			SENDER_TTL_STEADY),
		.denies = FACTS(RESET_TTL_MATCHES_SENDER),
		.mechanism = MECHANISM_FIREWALL_REJECT,
		.sender = ROLE_MIDDLEBOX,
		.culprit = ROLE_MIDDLEBOX,
		.grade = GRADE_LIKELY,
		.summary = "A firewall on the path rejected a packet of the "
			   "established connection, with a reset in the "
			   "endpoint's name.",
		.also = {ALSO_UNKNOWN_CONNECTION},
		.decide = FACTS(SENDER_CONTINUED),
		.outranks = {{"near", "the form of a packet filter's reset "
				      "tells what kind of device it was"}},
	},
	{
		.name = "bare-and-knowing",
		.needs = FACTS(RESET_IS_STATELESS, RESET_SEQUENCE_EXACT,
			SENDER_TTL_STEADY),
		.denies = FACTS(RESET_TTL_MATCHES_SENDER, RESET_ANSWERS_PEER),
		.mechanism = MECHANISM_INJECTED,
		.sender = ROLE_MIDDLEBOX,
		.culprit = ROLE_MIDDLEBOX,
		.grade = GRADE_LIKELY,
		.summary = "A device on the path forged the reset: it came "
			   "from another distance, and knows a number that a "
			   "host without the connection could not know.",
		.also = {ALSO_ABORT},
		.decide = FACTS(SENDER_CONTINUED),
		.outranks = {{"near",
			"what it knows tells more than its distance"}},
		.why = "A stack without the connection knows the number that "
		       "it was acknowledged, its owner also sends an "
		       "acknowledgment. Bare and with a newer number it was "
		       "sent by somebody who watched. Fooled by: old stacks "
		       "that abort with a bare RST (RFC 793), hence the "
		       "distance.",
	},
	{
		.name = "near",
		.needs = FACTS(RESET_SEQUENCE_EXACT),
		.denies = FACTS(RESET_TTL_MATCHES_SENDER),
		.mechanism = MECHANISM_INJECTED,
		.sender = ROLE_MIDDLEBOX,
		.culprit = ROLE_MIDDLEBOX,
		.grade = GRADE_POSSIBLE,
		.summary = "The reset came from a slightly other distance: "
			   "a device on the path, or the endpoint over "
			   "another route.",
		.also = {ALSO_ABORT, ALSO_FIREWALL},
		.decide = FACTS(SENDER_CONTINUED),
		.outranks = {{"near-and-inexact", "its numbers are right"}},
	},
	{
		.name = "near-and-inexact",
		.needs = FACTS(SENDER_TTL_STEADY),
		.denies = FACTS(RESET_TTL_MATCHES_SENDER),
		.mechanism = MECHANISM_INJECTED,
		.sender = ROLE_MIDDLEBOX,
		.culprit = ROLE_MIDDLEBOX,
		.grade = GRADE_POSSIBLE,
		.summary = "The reset came from a slightly other distance, "
			   "with numbers that the endpoint would not use.",
		.also = {ALSO_ABORT},
		.decide = FACTS(SENDER_CONTINUED),
		.outranks = {{"answers-a-reset",
			"it came from another distance than the "
			"endpoint's packets"}},
	},
};
const unsigned signatures_foreign_count =
	sizeof(signatures_foreign) / sizeof(signatures_foreign[0]);
