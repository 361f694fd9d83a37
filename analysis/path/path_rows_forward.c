/* The forward path: which sizes pass, and who reports the others. */
#include "analysis/path/path_rows.h"

static const struct path_row rows[] = {
	{
		.name = "full-size-passes",
		.when = {.needs = FACTS(INTERFACE_MTU_PASSES)},
		.kind = FINDING_PATH_MTU,
		.grade = GRADE_CERTAIN,
		.direction = PATH_FORWARD,
		.figures = FIGURE_MTU,
		.shows = FACTS(INTERFACE_MTU_PASSES, DF_REACHES_HOPS,
			MOST_OF_THAT_SIZE_ARRIVE, TCP_AGREES, ICMP_ECHO_AGREES,
			UDP_AGREES, FLOWS_AGREE, SAME_ROUTERS, PATH_KEPT),
		.says = "Packets as large as the interface's MTU reach the "
			"target.",
	},
	/* RFC 791, 3.2: without the bit, a smaller link's router fragments.
	 * [lab: test_limits] */
	{
		.name = "limit-in-fragments",
		.when = {.needs = FACTS(QUOTED_IN_FRAGMENTS)},
		.outranks = {{"full-size-passes",
			"what arrives in fragments does not pass whole"}},
		.kind = FINDING_PATH_MTU,
		.grade = GRADE_CERTAIN,
		.direction = PATH_FORWARD,
		.figures = FIGURE_MTU_FRAGMENTS | FIGURE_LIMITED_AFTER,
		.shows = FACTS(QUOTED_IN_FRAGMENTS, DF_REACHES_HOPS,
			INTERFACE_MTU_PASSES),
		.says = "A device clears the don't-fragment bit, and a router "
			"behind it fragments packets to a smaller link's MTU.",
	},
	/* RFC 1191, RFC 8201: a router that says what its link takes. */
	{
		.name = "limit-reported",
		.when = {.needs = FACTS(NEXT_SIZE_REFUSED)},
		.kind = FINDING_PATH_MTU,
		.grade = GRADE_CERTAIN,
		.direction = PATH_FORWARD,
		.figures = FIGURE_MTU | FIGURE_LIMITED_AFTER | FIGURE_REPORTER,
		.shows = FACTS(TOO_BIG_TELLS_THE_TRUTH, NEXT_SIZE_FAILS,
			TCP_AGREES, ICMP_ECHO_AGREES, UDP_AGREES, FLOWS_AGREE,
			SAME_ROUTERS, PATH_KEPT, LARGER_PACKETS_ARRIVED_BEFORE,
			LARGER_SIZES_REFUSED),
		.says = "The path MTU is below the interface's MTU, and a "
			"router reports it (PTB).",
	},
	{
		.name = "hole-at-link",
		.when = {.needs = FACTS(LINK_KNOWN)},
		.kind = FINDING_BLACK_HOLE,
		.grade = GRADE_CERTAIN,
		.direction = PATH_FORWARD,
		.figures = FIGURE_MTU | FIGURE_LINK,
		.shows = FACTS(NEXT_SIZE_FAILS, LARGER_PACKETS_VANISH,
			SMALLER_PACKETS_ARRIVE, TOO_BIG_RECEIVED,
			HOP_ANSWERS_LARGE, NEXT_HOP_ANSWERS_LARGE, TCP_AGREES,
			ICMP_ECHO_AGREES, UDP_AGREES, FLOWS_AGREE, SAME_ROUTERS,
			PATH_KEPT, HOP_BEFORE_REPORTS_EXPIRY,
			TOO_BIG_GETS_HERE),
		.says = "Packets above a size are lost between two hops, "
			"without an ICMP error.",
	},
	{
		.name = "hole-somewhere",
		.when = {.needs = FACTS(DIRECTION_KNOWN),
			.denies = FACTS(LINK_KNOWN)},
		.kind = FINDING_BLACK_HOLE,
		.grade = GRADE_CERTAIN,
		.direction = PATH_FORWARD,
		.figures = FIGURE_MTU,
		.shows = FACTS(NEXT_SIZE_FAILS, LARGER_PACKETS_VANISH,
			SMALLER_PACKETS_ARRIVE, TOO_BIG_RECEIVED, TCP_AGREES,
			ICMP_ECHO_AGREES, UDP_AGREES, FLOWS_AGREE, SAME_ROUTERS,
			PATH_KEPT),
		.says = "Packets above a size are lost, without an ICMP error; "
			"the place is not known.",
	},
	/* RFC 9293, 3.7.1: as where a router lowers the MSS for a tunnel. */
	{
		.name = "hole-beyond-mss",
		.when = {.needs = FACTS(DIRECTION_KNOWN, BEYOND_MSS)},
		.outranks = {{"hole-at-link", "the connection never sends such "
					      "a size"},
			{"hole-somewhere",
				"the connection never sends such a size"}},
		.kind = FINDING_BLACK_HOLE,
		.grade = GRADE_CERTAIN,
		.direction = PATH_FORWARD,
		.figures = FIGURE_MTU | FIGURE_LINK,
		.shows = FACTS(NEXT_SIZE_FAILS, LARGER_PACKETS_VANISH,
			SMALLER_PACKETS_ARRIVE, TOO_BIG_RECEIVED, BEYOND_MSS,
			HOP_ANSWERS_LARGE, NEXT_HOP_ANSWERS_LARGE, TCP_AGREES,
			ICMP_ECHO_AGREES, UDP_AGREES, FLOWS_AGREE, SAME_ROUTERS,
			PATH_KEPT),
		.says = "Packets above a size are lost without an ICMP error, "
			"and connections to this port send none: the MSS of "
			"the SYN-ACK is less.",
	},
	/* RFC 1812, 4.3.2.8: routers rate-limit their errors; Cisco IOS two a
	 * second. [lab: test_limits] */
	{
		.name = "limit-reported-at-times",
		.when = {.needs = FACTS(TOO_BIG_NAMES_THAT_SIZE)},
		.outranks = {{"hole-at-link", "a router names exactly that "
					      "size"},
			{"hole-somewhere", "a router names exactly that size"},
			{"hole-beyond-mss",
				"a router names exactly that size"}},
		.kind = FINDING_PATH_MTU,
		.grade = GRADE_LIKELY,
		.direction = PATH_FORWARD,
		.figures = FIGURE_MTU | FIGURE_LIMITED_AFTER | FIGURE_REPORTER,
		.shows = FACTS(TOO_BIG_NAMES_THAT_SIZE, NEXT_SIZE_FAILS,
			TCP_AGREES, ICMP_ECHO_AGREES, UDP_AGREES),
		.opens = QUESTION_BIT(HOLE_FORWARD),
		.says = "A router names the size that passes, and reports few "
			"of the packets that are larger.",
		.settled_by = "{probe}, again",
	},
	{
		.name = "hole-on-either-path",
		.when = {.denies = FACTS(DIRECTION_KNOWN, WAY_BACK_EXPLAINS)},
		.kind = FINDING_BLACK_HOLE,
		.grade = GRADE_POSSIBLE,
		.figures = FIGURE_MTU,
		.shows = FACTS(NEXT_SIZE_FAILS, LARGER_PACKETS_VANISH,
			SMALLER_PACKETS_ARRIVE, TOO_BIG_RECEIVED, TCP_AGREES,
			ICMP_ECHO_AGREES, UDP_AGREES),
		.says = "Echo above a size does not come back, without an ICMP "
			"error; on which path it is lost is not known.",
	},
	{
		.name = "forward-not-measured",
		.when = {.needs = FACTS(WAY_BACK_EXPLAINS)},
		.kind = FINDING_PATH_MTU,
		.grade = GRADE_UNDETERMINED,
		.direction = PATH_FORWARD,
		.shows = FACTS(WAY_BACK_EXPLAINS),
		.says = "The return path loses large echo replies, and nothing "
			"else measures the forward path.",
	},
	/* No link's MTU is below 68 bytes (RFC 791), or 1280 in IPv6 (RFC
	 * 8200): such a limit is not an MTU. */
	{
		.name = "nothing-larger-arrives",
		.when = {.needs = FACTS(SENT_OFTEN_ENOUGH, LOSS_EXCLUDED)},
		.kind = FINDING_BLACK_HOLE,
		.grade = GRADE_UNDETERMINED,
		.direction = PATH_FORWARD,
		.shows = FACTS(LARGER_PACKETS_VANISH),
		.says = "Only the shortest packets reach the target.",
	},
	/* [lab: test_limits] */
	{
		.name = "sizes-vanish-between",
		.when = {.denies = FACTS(SMALLER_SIZES_ARRIVE)},
		.kind = FINDING_BLACK_HOLE,
		.grade = GRADE_LIKELY,
		.direction = PATH_FORWARD,
		.shows = FACTS(SMALLER_SIZES_ARRIVE),
		.says = "Packets of some sizes are lost, and larger ones "
			"arrive.",
	},
	{
		.name = "no-hole-up-to-full-size",
		.when = {.needs = FACTS(INTERFACE_MTU_PASSES),
			.keeps = FACTS(MOST_OF_THAT_SIZE_ARRIVE,
				ICMP_ECHO_AGREES, FLOWS_AGREE)},
		.kind = FINDING_COUNT,
		.shows = FACTS(INTERFACE_MTU_PASSES, TCP_AGREES,
			ICMP_ECHO_AGREES, FLOWS_AGREE),
		.excludes = QUESTION_BIT(HOLE_FORWARD),
		.says = "Packets as large as the interface's MTU arrive.",
	},
	{
		.name = "no-hole-up-to-limit",
		.when = {.needs = FACTS(NEXT_SIZE_REFUSED),
			.keeps = FACTS(LARGER_SIZES_REFUSED, ICMP_ECHO_AGREES,
				FLOWS_AGREE, CLAIM_IS_HEEDED)},
		.kind = FINDING_COUNT,
		.shows = FACTS(TOO_BIG_TELLS_THE_TRUTH, NEXT_SIZE_FAILS,
			TCP_AGREES, ICMP_ECHO_AGREES, FLOWS_AGREE),
		.excludes = QUESTION_BIT(HOLE_FORWARD),
		.says = "Packets that are too large are reported by a router "
			"(PTB).",
	},
	/* RFC 8201, 4; Linux ignores such a PTB. */
	{
		.name = "limit-not-heeded",
		.when = {.denies = FACTS(CLAIM_IS_HEEDED)},
		.kind = FINDING_COUNT,
		.shows = FACTS(CLAIM_IS_HEEDED),
		.opens = QUESTION_BIT(HOLE_FORWARD),
		.says = "A router reports a size below 1280 bytes, which no "
			"sender of IPv6 heeds: for senders that begin with "
			"more it is a black hole.",
		.settled_by = "a transfer to the target",
	},
	{
		.name = "size-vanishes-since",
		.when = {.denies = FACTS(MOST_OF_THAT_SIZE_ARRIVE)},
		.kind = FINDING_COUNT,
		.shows = FACTS(MOST_OF_THAT_SIZE_ARRIVE),
		.opens = QUESTION_BIT(HOLE_FORWARD),
		.says = "Packets of the largest size are lost more often than "
			"smaller ones.",
		.settled_by = "{probe}, again",
	},
	{
		.name = "larger-not-sent",
		.when = {.denies = FACTS(INTERFACE_MTU_SENT)},
		.kind = FINDING_COUNT,
		.shows = FACTS(INTERFACE_MTU_SENT),
		.opens =
			QUESTION_BIT(HOLE_FORWARD) | QUESTION_BIT(HOLE_REVERSE),
		.says = "The interface takes larger packets than the probe "
			"sends.",
		.settled_by = "a transfer between the two hosts",
	},
	{
		.name = "echo-says-less",
		.when = {.denies = FACTS(ICMP_ECHO_AGREES)},
		.kind = FINDING_COUNT,
		.shows = FACTS(ICMP_ECHO_AGREES),
		.opens = QUESTION_BIT(HOLE_FORWARD),
		.says = "Echo of the size that TCP delivers does not return: "
			"the return path, a firewall that limits echo, or "
			"another route of the forward path.",
		.settled_by = "a capture at the target",
	},
	/* [lab: test_flows] */
	{
		.name = "flows-differ",
		.when = {.denies = FACTS(FLOWS_AGREE)},
		.kind = FINDING_COUNT,
		.shows = FACTS(FLOWS_AGREE, SAME_ROUTERS, PATH_KEPT),
		.opens = QUESTION_BIT(HOLE_FORWARD),
		.says = "Connections differ in the sizes that they pass, and "
			"there may be more routes than were measured.",
		.settled_by = "probe again",
	},
	{
		.name = "larger-vanish",
		.when = {.denies = FACTS(LARGER_SIZES_REFUSED)},
		.kind = FINDING_COUNT,
		.shows = FACTS(LARGER_SIZES_REFUSED),
		.opens = QUESTION_BIT(HOLE_FORWARD),
		.says = "Packets above {most} bytes are lost without an ICMP "
			"error: a black hole in front of the router that "
			"reports smaller ones, or a rate limit of its PTB.",
		.settled_by = "{probe}, again",
	},
};

static const struct path_doubt doubts[] = {
	/* [lab: test_shapes] A tunnel passes the first large packet and learns
	 * its own path MTU from it. */
	{
		.name = "vanishes-since",
		.when = {.denies = FACTS(MOST_OF_THAT_SIZE_ARRIVE)},
		.most = GRADE_LIKELY,
		.other = "a black hole that began during the run, or on one of "
			 "several routes that take turns: {arrived} of {sent} "
			 "packets of that size arrived, and smaller ones are "
			 "not lost as often",
	},
	/* [lab: test_flows] */
	{
		.name = "others-pass-less",
		.of = {"full-size-passes", "limit-reported"},
		.when = {.denies = FACTS(FLOWS_AGREE)},
		.most = GRADE_LIKELY,
		.other =
			"{next} bytes, or more, by another route or to another "
			"server: {on} lose larger packets",
	},
	{
		.name = "echo-differs",
		.of = {"full-size-passes"},
		.when = {.denies = FACTS(ECHO_LOSS_EXPLAINED),
			.forbids = FACTS(FLOWS_AGREE)},
		.most = GRADE_LIKELY,
		.other = "{size} bytes by the route that echo takes: larger "
			 "echo requests are not answered, which the return "
			 "path or a firewall may cause, too",
	},
	/* [lab: test_limits] */
	{
		.name = "arrives-in-fragments",
		.of = {"full-size-passes"},
		.when = {.denies = FACTS(DF_REACHES_HOPS)},
		.most = GRADE_LIKELY,
		.other = "a smaller link on the path: a device clears the "
			 "don't-fragment bit, and packets may arrive in "
			 "fragments",
	},
	{
		.name = "fragments-end-at-eights",
		.when = {.denies = FACTS(FRAGMENT_SIZE_EXACT)},
		.most = GRADE_LIKELY,
		.other = "up to {to} bytes: fragments end at multiples of "
			 "eight",
	},
	{
		.name = "refused-since",
		.when = {.needs = FACTS(LARGER_PACKETS_ARRIVED_BEFORE)},
		.most = GRADE_LIKELY,
		.other = "routes with different MTUs: {arrived} of {sent} "
			 "packets of {size} bytes arrived, the others were "
			 "rejected",
	},
	/* [lab: test_changes] */
	{
		.name = "path-changed",
		.when = {.denies = FACTS(PATH_KEPT)},
		.most = GRADE_LIKELY,
		.other = "routes that take turns: packets of {before} "
			 "bytes arrived earlier in the run, and none since",
	},
	{
		.name = "size-not-exact",
		.when = {.denies = FACTS(NEXT_SIZE_FAILS)},
		.most = GRADE_LIKELY,
	},
	{
		.name = "sizes-between",
		.of = {"hole-at-link", "hole-somewhere", "hole-beyond-mss"},
		.when = {.denies = FACTS(NEXT_SIZE_FAILS)},
		.most = GRADE_CERTAIN,
		.other = "any size from {from} to {to} bytes: no size between "
			 "was sent",
	},
	{
		.name = "claim-is-untrue",
		.when = {.denies = FACTS(TOO_BIG_TELLS_THE_TRUTH)},
		.most = GRADE_LIKELY,
	},
	/* The quoted hop limit tells the hop, and devices change it. */
	{
		.name = "reporter-is-counted",
		.when = {.denies = FACTS(REPORTER_IS_A_HOP)},
		.most = GRADE_LIKELY,
	},
	{
		.name = "loss-explains-some",
		.when = {.denies = FACTS(LOSS_EXCLUDED)},
		.most = GRADE_LIKELY,
	},
	{
		.name = "loss-explains-all",
		.when = {.denies = FACTS(LOSS_UNLIKELY)},
		.most = GRADE_POSSIBLE,
	},
	{
		.name = "loss-at-the-link",
		.when = {.denies = FACTS(LINK_LOSS_EXCLUDED)},
		.most = GRADE_LIKELY,
	},
	{
		.name = "loss-at-the-link-explains-all",
		.when = {.denies = FACTS(LINK_LOSS_UNLIKELY)},
		.most = GRADE_POSSIBLE,
	},
	/* [lab: test_changes] */
	{
		.name = "gone-meanwhile",
		.of = {"hole-at-link", "hole-beyond-mss"},
		.when = {.denies = FACTS(TARGET_MISSES_THEM_SINCE)},
		.most = GRADE_POSSIBLE,
		.other = "a path that changed during the run: all routers that "
			 "report them get such packets, and none was sent to "
			 "the target afterwards",
	},
	/* [lab: test_odd_paths] */
	{
		.name = "ends-at-proxy",
		.of = {"full-size-passes"},
		.when = {.needs = FACTS(ECHO_FARTHER, HOPS_APART)},
		.most = GRADE_LIKELY,
		.other = "less behind the device that answers the connection: "
			 "TCP measured the path to it",
	},
	/* [lab: test_odd_paths] Firewalls drop large ICMP by default. */
	{
		.name = "for-being-echo",
		.of = {"hole-at-link", "hole-beyond-mss"},
		.when = {.needs = FACTS(ECHO_MEASURED),
			.forbids = FACTS(UDP_AGREES)},
		.most = GRADE_POSSIBLE,
		.other = "a firewall that limits ICMP echo: nothing else "
			 "measured that size",
	},
	/* [lab: test_odd_paths] Firewalls drop segments above the MSS that
	 * they saw. */
	{
		.name = "for-exceeding-mss",
		.of = {"hole-beyond-mss"},
		.when = {.needs = FACTS(MSS_IS_LIMIT),
			.forbids = FACTS(ICMP_ECHO_AGREES, UDP_AGREES)},
		.most = GRADE_POSSIBLE,
		.other = "a firewall that drops segments above the MSS of the "
			 "SYN-ACK, which no host sends",
	},
	{
		.name = "larger-not-sent",
		.when = {.denies = FACTS(INTERFACE_MTU_SENT)},
		.most = GRADE_LIKELY,
		.other = "less than the interface's MTU: no packet above "
			 "{most} bytes was sent",
	},
	{
		.name = "direction-unknown",
		.of = {"hole-on-either-path"},
		.most = GRADE_CERTAIN,
		.other = "a firewall that limits ICMP echo: no TCP connection "
			 "was available to decide",
	},
	/* [lab: two_faults] All connections may have taken one of two routes.
	 */
	{
		.name = "of-one-route",
		.when = {.needs = FACTS(OTHER_PACKETS_OF_THAT_SIZE_PASS,
				 NEXT_SIZE_REFUSED),
			.keeps = FACTS(FLOWS_AGREE)},
		.most = GRADE_LIKELY,
		.other = "a limit of one of several routes: other packets than "
			 "TCP pass in larger sizes",
	},
	/* [lab: test_shapes] */
	{
		.name = "for-being-tcp",
		.when = {.needs = FACTS(OTHER_PACKETS_OF_THAT_SIZE_PASS),
			.forbids = FACTS(NEXT_SIZE_REFUSED)},
		.outranks = {{"sizes-between", "size is not what decides"}},
		.most = GRADE_LIKELY,
		.other = "a device that drops large TCP segments only, or "
			 "another route for them: other packets of that size "
			 "pass",
	},
	{
		.name = "few-reported",
		.of = {"limit-reported-at-times"},
		.most = GRADE_CERTAIN,
		.other = "a black hole of the same size: {arrived} of {sent} "
			 "larger packets were answered with a PTB",
	},
	{
		.name = "by-length",
		.of = {"sizes-vanish-between"},
		.most = GRADE_CERTAIN,
		.other = "another route for these packets: which packets are "
			 "dropped is not known",
	},
	{
		.name = "short-packets-only",
		.when = {.denies = FACTS(SIZE_MEASURABLE)},
		.most = GRADE_CERTAIN,
		.other = "a firewall that passes only short packets of this "
			 "kind",
	},
};

static const struct path_remedy remedies[] = {
	{
		.name = "let-be",
		.when = {.needs = FACTS(NEXT_SIZE_REFUSED),
			.keeps = FACTS(LARGER_SIZES_REFUSED, CLAIM_IS_HEEDED)},
		.advice = "Nothing, as long as senders receive the PTB "
			  "messages.",
	},
	{
		.name = "raise-to-least",
		.when = {.denies = FACTS(CLAIM_IS_HEEDED)},
		.advice = "Let the link take 1280 bytes, the least of IPv6 "
			  "(RFC 8200, 5), or clamp the MSS to {mss}.",
	},
	{
		.name = "larger-vanish",
		.when = {.denies = FACTS(LARGER_SIZES_REFUSED),
			.forbids = FACTS(LOST_ONES_ARE_LARGER)},
		.advice = "Packets above {most} bytes are lost without an ICMP "
			  "error, also for senders that begin at that size: a "
			  "black hole in front of that router, or a rate limit "
			  "of its PTB messages.",
	},
	{
		.name = "tell-more",
		.of = {"limit-reported-at-times"},
		.advice = "Let {place} send more PTB (its rate limit of "
			  "ICMP errors), or clamp the MSS there to {mss}: "
			  "senders wait for a retransmission until one comes.",
	},
	{
		.name = "clamp",
		.of = {"hole-at-link", "hole-somewhere"},
		.advice = "Clamp the MSS {place}: nft add rule inet filter "
			  "forward tcp flags syn tcp option maxseg size set "
			  "{mss}; or let {ptb} from there reach the senders; "
			  "or set MTU {mtu} on this host's interface.",
	},
	{
		.name = "keep-the-bit",
		.of = {"limit-in-fragments"},
		.advice = "Packets above {mtu} bytes arrive in fragments, "
			  "which many devices drop: keep the don't-fragment "
			  "bit, or clamp the MSS to {mss}.",
	},
	{
		.name = "others-than-this-port",
		.of = {"hole-beyond-mss"},
		.advice = "Nothing for TCP to this port. For UDP, tunnels and "
			  "ports without that MSS: let {ptb} from there reach "
			  "the senders, or set MTU {mtu} on this host's "
			  "interface.",
	},
	/* [lab: test_flows] */
	{
		.name = "some-routes-only",
		.of = {"hole-at-link", "hole-somewhere"},
		.when = {.denies = FACTS(FLOWS_AGREE)},
		.advice = "Several routes, or several servers behind one "
			  "address: {on} lose packets above {next} bytes, and "
			  "the others do not.",
	},
	{
		.name = "path-changed",
		.when = {.denies = FACTS(PATH_KEPT)},
		.advice = "The path changed during the run: probe again.",
	},
	{
		.name = "filter-by-length",
		.of = {"sizes-vanish-between"},
		.advice = "No MTU does that: look for a filter by length.",
	},
	{
		.name = "look-for-a-filter",
		.when = {.denies = FACTS(SIZE_MEASURABLE)},
		.advice = "No link has such a small MTU (RFC 791, RFC 8200): "
			  "look for a filter by length. Sizes below {most} "
			  "bytes are not measured.",
	},
	{
		.name = "errors-unseen",
		.of = {"hole-at-link"},
		.when = {.denies = FACTS(LINK_EXACT)},
		.advice = "No ICMP error of a hop between {hop} and {next hop} "
			  "arrives here: whether the PTB is never sent or lost "
			  "on its way is not known.",
	},
	{
		.name = "too-big-of-other-sizes",
		.of = {"hole-at-link"},
		.when = {.needs = FACTS(TOO_BIG_FROM_THAT_HOP)},
		.advice = "Hop {hop} sends a PTB for other sizes, and it "
			  "arrives here: for this size it is never sent.",
	},
	{
		.name = "too-big-never-sent",
		.of = {"hole-at-link", "hole-beyond-mss"},
		.when = {.denies = FACTS(TOO_BIG_FROM_THAT_HOP)},
		.advice = "ICMP errors of hop {hop} arrive here (time "
			  "exceeded, for the same flow): the PTB is never "
			  "sent, or filtered by its type.",
	},
};

const struct path_table path_rows_forward = {
	.title = "Sizes on the forward path",
	PATH_ROWS(rows),
	PATH_DOUBTS(doubts),
	PATH_REMEDIES(remedies),
};
