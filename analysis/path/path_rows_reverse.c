/* The return path: which sizes pass. */
#include "analysis/path/path_rows.h"

static const char because_missing[] = "a missing segment is missing, whatever "
				      "else returned";
static const char because_some[] = "connections differ among themselves";
static const char because_cut[] = "a packet that was fragmented did not fit "
				  "whole";
static const char because_full[] = "a packet as large as the interface's MTU "
				   "came back";

static const struct path_row rows[] = {
	/* [lab: test_reverse] The server had time to send it again. */
	{
		.name = "segment-missing",
		.when = {.needs = FACTS(SMALLER_SEGMENT_ARRIVES,
				 ONLY_THE_REST_ARRIVES),
			.denies = FACTS(ECHO_OF_MISSING_SIZE_RETURNS)},
		.outranks = {{"answer-missing",
			"the rest that came is the stronger sign"}},
		.kind = FINDING_BLACK_HOLE,
		.grade = GRADE_CERTAIN,
		.direction = PATH_REVERSE,
		.figures = FIGURE_MTU,
		.shows = FACTS(NEXT_SIZE_FAILS, ONLY_THE_REST_ARRIVES,
			LARGER_OFFERS_UNANSWERED, SMALLER_SEGMENT_ARRIVES,
			ICMP_ECHO_AGREES),
		.says = "Segments of the server above a size never arrive, and "
			"its later segments do.",
	},
	/* It applies where the row above does, and outranks for both.
	 * [lab: test_way_back] All of a long answer's segments are full, and a
	 * short answer is one segment: no rest comes, or the row above applies.
	 */
	{
		.name = "answer-missing",
		.when = {.needs = FACTS(SMALLER_SEGMENT_ARRIVES),
			.denies = FACTS(ECHO_OF_MISSING_SIZE_RETURNS)},
		.outranks = {{"echo-in-fragments", because_missing},
			{"echo-lost", because_missing},
			{"server-keeps-to-less", because_missing},
			{"server-said-little", because_missing}},
		.kind = FINDING_BLACK_HOLE,
		.grade = GRADE_CERTAIN,
		.direction = PATH_REVERSE,
		.figures = FIGURE_MTU,
		.shows = FACTS(NEXT_SIZE_FAILS, LARGER_OFFERS_UNANSWERED,
			SMALLER_SEGMENT_ARRIVES, ICMP_ECHO_AGREES),
		.says = "Nothing comes on connections that offer segments "
			"above "
			"a size, and the server answers those that offer less.",
	},
	/* Few missing ones are loss then. [test_path] */
	{
		.name = "segment-missing-for-tcp",
		.when = {.needs = FACTS(SMALLER_SEGMENT_ARRIVES,
				 ECHO_OF_MISSING_SIZE_RETURNS, LOSS_UNLIKELY)},
		.outranks = {{"echo-in-fragments", because_missing},
			{"echo-full-returns", because_missing},
			{"echo-lost", because_missing},
			{"server-keeps-to-less", because_missing},
			{"server-said-little", because_missing}},
		.kind = FINDING_BLACK_HOLE,
		.grade = GRADE_LIKELY,
		.direction = PATH_REVERSE,
		.figures = FIGURE_MTU,
		.shows = FACTS(NEXT_SIZE_FAILS, ONLY_THE_REST_ARRIVES,
			LARGER_OFFERS_UNANSWERED, SMALLER_SEGMENT_ARRIVES,
			ICMP_ECHO_AGREES),
		.says = "Segments of the server above a size never arrive, and "
			"echo replies of that size do.",
	},
	/* [lab: test_way_back] Routers choose a route by ports, and load
	 * balancers a server, and each connection has a port of its own. */
	{
		.name = "ways-back-differ",
		.when = {.denies = FACTS(CONNECTIONS_AGREE)},
		.outranks = {{"segment-missing", because_some},
			{"segment-missing-for-tcp", because_some},
			{"echo-full-returns", because_some},
			{"segment-full-arrives", because_some},
			{"answer-missing", because_some}},
		.kind = FINDING_BLACK_HOLE,
		.grade = GRADE_LIKELY,
		.direction = PATH_REVERSE,
		.shows = FACTS(CONNECTIONS_AGREE, SERVERS_SEGMENT_ARRIVES,
			ONLY_THE_REST_ARRIVES, LARGER_OFFERS_UNANSWERED,
			ICMP_ECHO_AGREES),
		.says = "Segments of a size vanish on some connections and "
			"arrive on others.",
	},
	/* RFC 791, 3.2; RFC 8200, 4.5: all fragments but the last are multiples
	 * of eight bytes long. */
	{
		.name = "echo-in-fragments",
		.when = {.denies = FACTS(LARGER_RETURNS_WHOLE)},
		.outranks = {{"echo-full-returns", because_cut},
			{"segment-full-arrives", because_cut},
			{"echo-lost", because_cut},
			{"server-keeps-to-less", because_cut},
			{"server-said-little", because_cut}},
		.kind = FINDING_PATH_MTU,
		.grade = GRADE_CERTAIN,
		.direction = PATH_REVERSE,
		.figures = FIGURE_MTU_FRAGMENTS,
		.shows = FACTS(ECHO_RETURNS_IN_PIECES, SERVERS_SEGMENT_ARRIVES),
		.opens = QUESTION_BIT(HOLE_REVERSE),
		.says = "An echo reply came back in fragments: a router on the "
			"return path fragmented it to a link's MTU.",
	},
	{
		.name = "echo-full-returns",
		.when = {.needs = FACTS(ECHO_OF_INTERFACE_MTU_RETURNS)},
		.outranks = {{"segment-full-arrives", "the result is the same"},
			{"server-keeps-to-less", because_full},
			{"server-said-little", because_full}},
		.kind = FINDING_PATH_MTU,
		.grade = GRADE_CERTAIN,
		.direction = PATH_REVERSE,
		.figures = FIGURE_MTU_ECHO,
		.shows = FACTS(
			ECHO_OF_INTERFACE_MTU_RETURNS, SERVERS_SEGMENT_ARRIVES),
		.says = "An echo reply as large as the interface's MTU came "
			"back.",
	},
	{
		.name = "segment-full-arrives",
		.when = {.needs = FACTS(SERVERS_SEGMENT_ARRIVES)},
		.outranks = {{"server-said-little", because_full}},
		.kind = FINDING_PATH_MTU,
		.grade = GRADE_CERTAIN,
		.direction = PATH_REVERSE,
		.figures = FIGURE_MTU,
		.shows = FACTS(SERVERS_SEGMENT_ARRIVES, ICMP_ECHO_AGREES),
		.says = "A segment as large as the interface's MTU came back.",
	},
	{
		.name = "echo-lost",
		.when = {.denies = FACTS(ECHO_OF_THAT_SIZE_RETURNS,
				 LARGER_SEGMENT_ARRIVES)},
		.outranks = {{"server-keeps-to-less",
				     "a lost segment is reported before a size "
				     "that was not sent"},
			{"server-said-little",
				"a lost segment is reported before a size that "
				"was not sent"}},
		.kind = FINDING_BLACK_HOLE,
		.grade = GRADE_POSSIBLE,
		.direction = PATH_REVERSE,
		.figures = FIGURE_MTU_ECHO,
		.shows = FACTS(NEXT_ECHO_SIZE_FAILS, WAY_THERE_PASSES,
			ECHO_OF_THAT_SIZE_RETURNS),
		.says = "Echo replies of a size that reaches the target do not "
			"come back.",
	},
	/* Linux and others cache the size of a PTB (RFC 1191, 6.3). */
	{
		.name = "server-keeps-to-less",
		.when = {.needs = FACTS(SERVER_HAD_MORE_TO_SEND)},
		.outranks = {{"server-said-little",
			"the server had more data and sent smaller segments"}},
		.kind = FINDING_PATH_MTU,
		.grade = GRADE_LIKELY,
		.direction = PATH_REVERSE,
		.figures = FIGURE_MTU,
		.shows = FACTS(SERVERS_SEGMENT_ARRIVES),
		.opens = QUESTION_BIT(HOLE_REVERSE),
		.says = "The server's segments are smaller than the MSS "
			"offered.",
	},
	{
		.name = "server-said-little",
		.when = {.needs = FACTS(
				 SMALLER_SEGMENT_ARRIVES, FULL_SIZE_OFFERED),
			.keeps = FACTS(LARGER_OFFERS_UNANSWERED)},
		.outranks = {{"way-back-not-measured", "the reason is known"}},
		.kind = FINDING_PATH_MTU,
		.grade = GRADE_UNDETERMINED,
		.direction = PATH_REVERSE,
		.shows = FACTS(SERVERS_SEGMENT_ARRIVES),
		.opens = QUESTION_BIT(HOLE_REVERSE),
		.says = "The server had too little data for a segment of full "
			"size.",
	},
	{
		.name = "echo-shows-no-hole",
		.when = {.needs = FACTS(ECHO_OF_INTERFACE_MTU_RETURNS),
			.keeps = FACTS(BOTH_PARITIES_MEASURED)},
		.kind = FINDING_COUNT,
		.shows = FACTS(
			ECHO_OF_INTERFACE_MTU_RETURNS, SERVERS_SEGMENT_ARRIVES),
		.excludes = QUESTION_BIT(HOLE_REVERSE),
		.says = "An echo reply as large as the interface's MTU came "
			"back.",
	},
	{
		.name = "segment-shows-no-hole",
		.when = {.needs = FACTS(SERVERS_SEGMENT_ARRIVES),
			.keeps = FACTS(BOTH_PARITIES_MEASURED)},
		.kind = FINDING_COUNT,
		.shows = FACTS(SERVERS_SEGMENT_ARRIVES),
		.excludes = QUESTION_BIT(HOLE_REVERSE),
		.says = "A segment as large as the interface's MTU came back.",
	},
	/* [test_path] A hole is found, whichever connections it is for. */
	{
		.name = "one-parity-only",
		.when = {.needs = FACTS(SERVERS_SEGMENT_ARRIVES),
			.denies = FACTS(BOTH_PARITIES_MEASURED)},
		.kind = FINDING_COUNT,
		.shows = FACTS(BOTH_PARITIES_MEASURED),
		.opens = QUESTION_BIT(HOLE_REVERSE),
		.says = "Connections of even or of odd source ports were not "
			"measured.",
	},
	{
		.name = "size-vanished-once",
		.when = {.needs = FACTS(SMALLER_SIZE_MISSING)},
		.kind = FINDING_COUNT,
		.shows = FACTS(SMALLER_SIZE_MISSING),
		.opens = QUESTION_BIT(HOLE_REVERSE),
		.says = "A size vanished on a connection and arrived on "
			"others: loss, or routes that differ.",
		.settled_by = "{probe}, again",
	},
	/* RFC 792: the reply has the data of the request. */
	{
		.name = "echo-replies-short",
		.when = {.denies = FACTS(REPLIES_AS_LONG),
			.forbids = FACTS(SERVERS_SEGMENT_ARRIVES)},
		.outranks = {{"way-back-not-measured", "the reason is known"}},
		.kind = FINDING_COUNT,
		.shows = FACTS(REPLIES_AS_LONG),
		.opens = QUESTION_BIT(HOLE_REVERSE),
		.says = "The target's echo replies are shorter than the "
			"requests, and tell no size of the return path.",
	},
	{
		.name = "answers-not-received",
		.when = {.denies = FACTS(
				 LARGER_OFFERS_UNANSWERED, WAY_BACK_MEASURED)},
		.kind = FINDING_PATH_MTU,
		.grade = GRADE_UNDETERMINED,
		.direction = PATH_REVERSE,
		.shows = FACTS(
			LARGER_OFFERS_UNANSWERED, SERVERS_SEGMENT_ARRIVES),
		.opens = QUESTION_BIT(HOLE_REVERSE),
		.says = "The server acknowledges requests and nothing comes: "
			"its answers are lost, or it does not answer.",
	},
	{
		.name = "way-back-not-measured",
		.when = {.denies = FACTS(WAY_BACK_MEASURED),
			.keeps = FACTS(LARGER_OFFERS_UNANSWERED)},
		.kind = FINDING_PATH_MTU,
		.grade = GRADE_UNDETERMINED,
		.direction = PATH_REVERSE,
		.shows = FACTS(ECHO_OF_INTERFACE_MTU_RETURNS),
		.opens = QUESTION_BIT(HOLE_REVERSE),
		.says = "Nothing as large as the interface's MTU came back, "
			"and nothing shows that the target sent it.",
	},
};

static const struct path_doubt doubts[] = {
	{
		.name = "sizes-between",
		.of = {"segment-missing", "answer-missing"},
		.when = {.denies = FACTS(NEXT_SIZE_FAILS)},
		.most = GRADE_LIKELY,
		.other = "any size from {from} to {to} bytes: no size between "
			 "was sent",
	},
	{
		.name = "loss-explains-some",
		.of = {"segment-missing", "answer-missing"},
		.when = {.denies = FACTS(LOSS_EXCLUDED)},
		.most = GRADE_LIKELY,
	},
	{
		.name = "loss-explains-all",
		.of = {"segment-missing", "answer-missing"},
		.when = {.denies = FACTS(LOSS_UNLIKELY)},
		.most = GRADE_POSSIBLE,
	},
	/* [test_path] */
	{
		.name = "other-ports",
		.of = {"segment-missing", "answer-missing",
			"segment-missing-for-tcp", "echo-full-returns",
			"segment-full-arrives"},
		.when = {.denies = FACTS(BOTH_PARITIES_MEASURED)},
		.most = GRADE_LIKELY,
		.other = "another result on connections from {parity} source "
			 "ports: this size was not measured on them",
	},
	/* [lab: test_way_back] Then the size may be that of neither. */
	{
		.name = "parities-mixed",
		.of = {"segment-missing", "answer-missing",
			"segment-missing-for-tcp"},
		.when = {.denies = FACTS(ONE_PARITY_MEASURED)},
		.outranks = {{"other-ports", "nothing is known of either"}},
		.most = GRADE_POSSIBLE,
		.other = "limits that differ between even and odd source "
			 "ports: none of them was measured alone",
	},
	{
		.name = "smaller-vanished",
		.when = {.needs = FACTS(SMALLER_SIZE_MISSING)},
		.most = GRADE_POSSIBLE,
		.other = "limits that differ by connection: {most} bytes "
			 "vanished on {on}",
	},
	{
		.name = "for-being-tcp",
		.of = {"segment-missing-for-tcp"},
		.most = GRADE_CERTAIN,
		.other = "a device that drops large TCP segments, and passes "
			 "other packets of that size",
	},
	{
		.name = "path-changed",
		.when = {.denies = FACTS(LOSING_ONES_BETWEEN)},
		.most = GRADE_POSSIBLE,
		.other = "a path that changed during the run: the connections "
			 "that lose {most} bytes were opened after all others, "
			 "or before them",
	},
	{
		.name = "fragments-end-at-eights",
		.of = {"echo-in-fragments"},
		.when = {.denies = FACTS(FRAGMENT_SIZE_EXACT)},
		.most = GRADE_LIKELY,
		.other = "up to {next} bytes: fragments end at multiples of "
			 "eight",
	},
	/* [lab: test_way_back] Linux caches what a PTB said for ten minutes
	 * (RFC 1191, 6.3), also when the path has changed. */
	{
		.name = "remembered",
		.of = {"echo-in-fragments"},
		.when = {.denies = FACTS(FORWARD_PATH_HAS_THE_LIMIT)},
		.most = GRADE_LIKELY,
		.other = "a path MTU that the target remembers of an earlier "
			 "path: the forward path takes more",
	},
	{
		.name = "echo-limited",
		.of = {"echo-lost"},
		.most = GRADE_CERTAIN,
		.other = "the target, or a firewall, limits the size of ICMP "
			 "echo: the server sent too little data to decide",
	},
	{
		.name = "mss-changed",
		.of = {"server-keeps-to-less"},
		.most = GRADE_CERTAIN,
		.other = "an MSS changed on the path, a limit of the server's "
			 "own, or one that it remembers of an earlier path",
	},
	{
		.name = "no-such-limit-there",
		.of = {"server-keeps-to-less"},
		.when = {.denies = FACTS(SAME_LIMIT_ON_THE_WAY_THERE)},
		.most = GRADE_POSSIBLE,
	},
};

static const struct path_remedy remedies[] = {
	{
		.name = "clamp",
		.of = {"segment-missing", "answer-missing",
			"segment-missing-for-tcp", "echo-lost"},
		.advice = "Clamp the MSS on the path: nft add rule inet filter "
			  "forward tcp flags syn tcp option maxseg size set "
			  "{mss}; or let PTB messages reach the target; or set "
			  "MTU {mtu} on its interface.",
	},
	{
		.name = "compare-the-ways",
		.of = {"ways-back-differ"},
		.advice = "Several routes, or several servers behind one "
			  "address: {on} lose packets of {most} bytes, and "
			  "perhaps smaller ones. Look at the one that these "
			  "take.",
	},
	{
		.name = "let-be",
		.of = {"echo-in-fragments"},
		.advice = "Nothing, as long as the target receives PTB "
			  "messages.",
	},
	{
		.name = "wait-until-it-forgets",
		.of = {"echo-in-fragments"},
		.when = {.denies = FACTS(FORWARD_PATH_HAS_THE_LIMIT)},
		.advice = "Run {probe} again after ten minutes: Linux forgets "
			  "a path MTU by then, and a link keeps it.",
	},
	{
		.name = "it-keeps-to-it",
		.of = {"server-keeps-to-less"},
		.advice = "Nothing: the server honours it.",
	},
	{
		.name = "ask-a-server-that-says-more",
		.of = {"server-said-little"},
		.advice = "The server sent too little data: packets of {size} "
			  "bytes come back, larger ones were not sent. Probe a "
			  "port that sends more, as -p 443 or -p 80.",
	},
	{
		.name = "look-at-the-target",
		.of = {"answers-not-received"},
		.advice = "A server that attends to one client at a time, or "
			  "a return path that loses its answers: a capture at "
			  "the target, or a probe of another port, decides.",
	},
	{
		.name = "ask-what-says-more",
		.of = {"way-back-not-measured"},
		.advice = "Probe a port whose server sends much to strangers, "
			  "as -p 22, -p 443 or -p 80, or let ICMP echo reach "
			  "the target.",
	},
};

const struct path_table path_rows_reverse = {
	.title = "Sizes on the return path",
	PATH_ROWS(rows),
	PATH_DOUBTS(doubts),
	PATH_REMEDIES(remedies),
};
