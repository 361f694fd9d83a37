/* Sizes on the way back. */
#include "analysis/path/path_rows.h"

static const char because_missing[] = "a segment that never came is missing, "
				      "whatever else returned";
static const char because_cut[] = "what was cut did not fit whole";
static const char because_full[] = "what the interface takes came back";

static const struct path_row rows[] = {
	/* [lab: test_reverse] The server had time to send it again. */
	{
		.name = "segment-missing",
		.when = {.needs = FACTS(SMALLER_SEGMENT_ARRIVES),
			.denies = FACTS(ECHO_OF_MISSING_RETURNS)},
		.outranks = {{"echo-in-fragments", because_missing},
			{"echo-lost", because_missing},
			{"server-keeps-to-less", because_missing},
			{"server-said-little", because_missing}},
		.kind = FINDING_BLACK_HOLE,
		.grade = GRADE_CERTAIN,
		.direction = PATH_REVERSE,
		.figures = FIGURE_MTU,
		.shows = FACTS(NEXT_SIZE_FAILS, ONLY_REST_ARRIVES,
			SMALLER_SEGMENT_ARRIVES, ECHO_AGREES),
		.says = "Segments of the server above a size never come, and "
			"what it sends after them does.",
	},
	/* Few missing ones are loss then. [test_path] */
	{
		.name = "segment-missing-for-tcp",
		.when = {.needs = FACTS(SMALLER_SEGMENT_ARRIVES,
				 ECHO_OF_MISSING_RETURNS, LOSS_UNLIKELY)},
		.outranks = {{"echo-in-fragments", because_missing},
			{"echo-full-returns", because_missing},
			{"echo-lost", because_missing},
			{"server-keeps-to-less", because_missing},
			{"server-said-little", because_missing}},
		.kind = FINDING_BLACK_HOLE,
		.grade = GRADE_LIKELY,
		.direction = PATH_REVERSE,
		.figures = FIGURE_MTU,
		.shows = FACTS(NEXT_SIZE_FAILS, ONLY_REST_ARRIVES,
			SMALLER_SEGMENT_ARRIVES, ECHO_AGREES),
		.says = "Segments of the server above a size never come, and "
			"echo of that size does.",
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
		.shows = FACTS(ECHO_IN_FRAGMENTS, SERVERS_SEGMENT_ARRIVES),
		.says = "An echo came back in fragments: somebody on the way "
			"back cut it to what a link takes.",
	},
	{
		.name = "echo-full-returns",
		.when = {.needs = FACTS(ECHO_FULL_RETURNS)},
		.outranks = {{"segment-full-arrives", "the same is found"},
			{"server-keeps-to-less", because_full},
			{"server-said-little", because_full}},
		.kind = FINDING_PATH_MTU,
		.grade = GRADE_CERTAIN,
		.direction = PATH_REVERSE,
		.figures = FIGURE_MTU_ECHO,
		.shows = FACTS(ECHO_FULL_RETURNS, SERVERS_SEGMENT_ARRIVES),
		.says = "An echo as large as the interface takes came back.",
	},
	{
		.name = "segment-full-arrives",
		.when = {.needs = FACTS(SERVERS_SEGMENT_ARRIVES)},
		.outranks = {{"server-said-little", because_full}},
		.kind = FINDING_PATH_MTU,
		.grade = GRADE_CERTAIN,
		.direction = PATH_REVERSE,
		.figures = FIGURE_MTU,
		.shows = FACTS(SERVERS_SEGMENT_ARRIVES, ECHO_AGREES),
		.says = "A segment as large as the interface takes came back.",
	},
	{
		.name = "echo-lost",
		.when = {.denies = FACTS(
				 ECHO_OF_SIZE_RETURNS, LARGER_SEGMENT_ARRIVES)},
		.outranks = {{"server-keeps-to-less",
				     "what is lost is told before what was "
				     "not sent"},
			{"server-said-little",
				"what is lost is told before what was not "
				"sent"}},
		.kind = FINDING_BLACK_HOLE,
		.grade = GRADE_POSSIBLE,
		.direction = PATH_REVERSE,
		.figures = FIGURE_MTU_ECHO,
		.shows = FACTS(NEXT_ECHO_FAILS, WAY_THERE_PASSES,
			ECHO_OF_SIZE_RETURNS),
		.says = "Echo of a size that gets there does not come back.",
	},
	/* Linux and others keep to what a router told them (RFC 1191, 6.3). */
	{
		.name = "server-keeps-to-less",
		.when = {.needs = FACTS(SERVER_HAD_MORE)},
		.outranks = {{"server-said-little",
			"it had more to say and cut it smaller"}},
		.kind = FINDING_PATH_MTU,
		.grade = GRADE_LIKELY,
		.direction = PATH_REVERSE,
		.figures = FIGURE_MTU,
		.shows = FACTS(SERVERS_SEGMENT_ARRIVES),
		.says = "The server makes its segments smaller than was "
			"offered.",
	},
	{
		.name = "server-said-little",
		.when = {.needs = FACTS(
				 SMALLER_SEGMENT_ARRIVES, FULL_SIZE_OFFERED)},
		.kind = FINDING_PATH_MTU,
		.grade = GRADE_UNDETERMINED,
		.direction = PATH_REVERSE,
		.shows = FACTS(SERVERS_SEGMENT_ARRIVES),
		.says = "The server had too little to say for a segment of "
			"full size.",
	},
};

static const struct path_doubt doubts[] = {
	{
		.name = "sizes-between",
		.of = {"segment-missing"},
		.when = {.denies = FACTS(NEXT_SIZE_FAILS)},
		.most = GRADE_LIKELY,
		.other = "any size from {from} to {to} bytes: none between "
			 "was tried",
	},
	{
		.name = "loss-explains-some",
		.of = {"segment-missing"},
		.when = {.denies = FACTS(LOSS_EXCLUDED)},
		.most = GRADE_LIKELY,
	},
	{
		.name = "loss-explains-all",
		.of = {"segment-missing"},
		.when = {.denies = FACTS(LOSS_UNLIKELY)},
		.most = GRADE_POSSIBLE,
	},
	{
		.name = "for-being-tcp",
		.of = {"segment-missing-for-tcp"},
		.most = GRADE_CERTAIN,
		.other = "a device that drops large TCP segments, and passes "
			 "other packets of that size",
	},
	/* [lab: test_shapes] Routers choose a way by ports, and each connection
	 * has one of its own. */
	{
		.name = "ways-differ",
		.of = {"segment-missing", "segment-missing-for-tcp"},
		.when = {.denies = FACTS(CONNECTIONS_AGREE)},
		.outranks = {{"for-being-tcp",
				     "connections differ among themselves"},
			{"sizes-between",
				"connections differ among themselves"}},
		.most = GRADE_POSSIBLE,
		.other = "several ways back of different sizes: {on} packets "
			 "of {most} bytes vanished",
	},
	{
		.name = "ways-differ-at-times",
		.of = {"echo-full-returns", "segment-full-arrives"},
		.when = {.denies = FACTS(CONNECTIONS_AGREE)},
		.most = GRADE_LIKELY,
		.other = "several ways back of different sizes: {on} packets "
			 "of {most} bytes vanished",
	},
	{
		.name = "fragments-end-at-eights",
		.of = {"echo-in-fragments"},
		.when = {.denies = FACTS(FRAGMENT_SIZE_EXACT)},
		.most = GRADE_LIKELY,
		.other = "up to {next} bytes: pieces end at multiples of eight",
	},
	{
		.name = "echo-limited",
		.of = {"echo-lost"},
		.most = GRADE_CERTAIN,
		.other = "the target, or a firewall, limits the size of ICMP "
			 "echo: the server said too little to tell",
	},
	{
		.name = "mss-changed",
		.of = {"server-keeps-to-less"},
		.most = GRADE_CERTAIN,
		.other = "an MSS changed on the way, or a limit of the "
			 "server's own",
	},
	{
		.name = "no-such-limit-there",
		.of = {"server-keeps-to-less"},
		.when = {.denies = FACTS(SAME_LIMIT_THERE)},
		.most = GRADE_POSSIBLE,
	},
};

static const struct path_remedy remedies[] = {
	{
		.name = "clamp",
		.of = {"segment-missing", "segment-missing-for-tcp",
			"echo-lost"},
		.advice = "Clamp the MSS on the way: nft add rule inet filter "
			  "forward tcp flags syn tcp option maxseg size set "
			  "{mss}; or let \"too big\" messages through to the "
			  "target; or set MTU {mtu} on its interface.",
	},
	{
		.name = "let-be",
		.of = {"echo-in-fragments"},
		.advice = "Nothing, as long as the target hears \"too big\" "
			  "messages.",
	},
	{
		.name = "it-keeps-to-it",
		.of = {"server-keeps-to-less"},
		.advice = "Nothing: the server keeps to it.",
	},
	{
		.name = "ask-a-server-that-says-more",
		.of = {"server-said-little"},
		.advice = "The server said too little: packets of {size} bytes "
			  "come back, larger ones were not sent. Probe a port "
			  "that says more, as -p 443 or -p 80.",
	},
};

const struct path_table path_rows_reverse = {
	.title = "Sizes on the way back",
	PATH_ROWS(rows),
	PATH_DOUBTS(doubts),
	PATH_REMEDIES(remedies),
};
