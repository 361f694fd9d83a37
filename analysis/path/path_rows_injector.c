/* Devices that reset connections when they see certain bytes. The bytes are old
 * data, so no application gets them: a server that aborts on them does not show
 * here [lab: test_reset]. What could fool it: a server that resets connections
 * for other reasons just then (hence the controls, and a second connection),
 * devices that wait for longer than two round trips or read no old data. */
#include "analysis/path/path_rows.h"

#define INJECTOR_SHOWS                                                         \
	FACTS(TRIGGER_PROVOKES_RESET, CONTROLS_LIVE, TRIGGER_ENDS_ON_PATH,     \
		SHORTER_TRIGGER_SILENT, RESET_COPIES_HOP_LIMIT, RULERS_AGREE,  \
		RESET_TTL_MATCHES_SENDER, RESET_SOONER_THAN_TARGET,            \
		SENDER_CONTINUED, TRIGGER_PASSES, NEW_CONNECTIONS_BLOCKED)

static const struct path_row rows[] = {
	/* What never got to the server did not provoke the server's reset. */
	{
		.name = "injector-before-target",
		.when = {.needs = FACTS(TRIGGER_ENDS_ON_PATH),
			.forbids = FACTS(RESET_COPIES_HOP_LIMIT),
			.keeps = FACTS(CONTROLS_LIVE)},
		.kind = FINDING_INJECTOR,
		.grade = GRADE_CERTAIN,
		.figures = FIGURE_LINK | FIGURE_INJECTOR,
		.shows = INJECTOR_SHOWS,
		.says = "A device on the path resets connections that show the "
			"trigger: a trigger that ends before the target "
			"provokes it.",
	},
	/* No system copies the hop limit of what it answers [lab:
	 * test_reset]. */
	{
		.name = "injector-copies-hop-limit",
		.when = {.needs = FACTS(CONTROLS_LIVE, RESET_COPIES_HOP_LIMIT)},
		.kind = FINDING_INJECTOR,
		.grade = GRADE_CERTAIN,
		.figures = FIGURE_LINK | FIGURE_INJECTOR,
		.shows = INJECTOR_SHOWS,
		.says = "A device resets connections that show the trigger, "
			"with the hop limit that the trigger has left there.",
	},
	{
		.name = "injector-at-the-end",
		.when = {.needs = FACTS(CONTROLS_LIVE, SENDER_CONTINUED),
			.denies = FACTS(TRIGGER_ENDS_ON_PATH),
			.forbids = FACTS(RESET_COPIES_HOP_LIMIT)},
		.kind = FINDING_INJECTOR,
		.grade = GRADE_LIKELY,
		.figures = FIGURE_LINK | FIGURE_INJECTOR,
		.shows = INJECTOR_SHOWS,
		.says = "Connections that show the trigger are reset in the "
			"server's name, and the server still has them.",
	},
	/* A device that waits for longer than the triggers' pace: the one that
	 * provoked the reset is not known, and the reset's TTL is [lab:
	 * test_reset]. */
	{
		.name = "injector-waits",
		.when = {.needs = FACTS(CONTROLS_LIVE, SENDER_CONTINUED,
				 RESET_NEARER, RESET_HOPS_APART),
			.denies = FACTS(TRIGGER_ENDS_ON_PATH),
			.forbids = FACTS(RESET_COPIES_HOP_LIMIT)},
		.outranks = {{"injector-at-the-end",
			"the reset came from nearer than the target"}},
		.kind = FINDING_INJECTOR,
		.grade = GRADE_LIKELY,
		.figures = FIGURE_LINK | FIGURE_INJECTOR,
		.shows = INJECTOR_SHOWS,
		.says = "A device on the path resets connections that show the "
			"trigger, a while later: the reset comes from before "
			"the target, and the server still has the connection.",
	},
	{
		.name = "controls-silent-too",
		.when = {.needs = FACTS(TRIGGER_PROVOKES_RESET),
			.forbids = FACTS(CONTROLS_LIVE),
			.keeps = FACTS(CONTROLS_LIVE)},
		.kind = FINDING_COUNT,
		.shows = FACTS(TRIGGER_PROVOKES_RESET, CONTROLS_LIVE),
		.opens = QUESTION_BIT(INJECTOR),
		.says = "Connections without the trigger were not answered "
			"afterwards either.",
		.settled_by = "{probe} --only reset, again",
	},
	{
		.name = "controls-reset-too",
		.when = {.denies = FACTS(CONTROLS_LIVE)},
		.kind = FINDING_COUNT,
		.shows = FACTS(TRIGGER_PROVOKES_RESET, CONTROLS_LIVE),
		.opens = QUESTION_BIT(INJECTOR),
		.says = "Connections without the trigger were reset as well: "
			"the server or the path resets them all.",
		.settled_by = "{probe} --only reset, again",
	},
	{
		.name = "trigger-provokes-nothing",
		.when = {.needs = FACTS(TRIGGER_ACKNOWLEDGED),
			.denies = FACTS(TRIGGER_PROVOKES_RESET),
			.keeps = FACTS(CAPTURE_COMPLETE)},
		.kind = FINDING_COUNT,
		.shows = FACTS(TRIGGER_ACKNOWLEDGED),
		.excludes = QUESTION_BIT(INJECTOR),
		.says = "For the bytes {trigger}, as old data: the target "
			"acknowledged them, and nothing was reset within "
			"{wait} s. Other bytes were not tried.",
	},
	{
		.name = "reset-may-be-lost",
		.when = {.needs = FACTS(TRIGGER_ACKNOWLEDGED),
			.denies = FACTS(CAPTURE_COMPLETE)},
		.kind = FINDING_COUNT,
		.shows = FACTS(TRIGGER_ACKNOWLEDGED, CAPTURE_COMPLETE),
		.opens = QUESTION_BIT(INJECTOR),
		.says = "The target acknowledged the trigger ({trigger}), and "
			"this host's capture lost packets: a reset may be "
			"among them.",
		.settled_by = "{probe} --only reset, again",
	},
	{
		.name = "trigger-not-acknowledged",
		.when = {.denies = FACTS(
				 TRIGGER_PROVOKES_RESET, TRIGGER_ACKNOWLEDGED)},
		.kind = FINDING_COUNT,
		.shows = FACTS(TRIGGER_PROVOKES_RESET),
		.opens = QUESTION_BIT(INJECTOR),
		.says = "The target did not acknowledge the trigger ({trigger})"
			": the server answers no old data, or a device drops "
			"it.",
		.settled_by = "a capture at the target",
	},
	{
		.name = "trigger-dropped",
		.when = {.needs = FACTS(LOSS_UNLIKELY),
			.denies = FACTS(TRIGGER_PROVOKES_RESET)},
		.outranks = {{"trigger-not-acknowledged",
			"other bytes are acknowledged"}},
		.kind = FINDING_COUNT,
		.shows = FACTS(TRIGGER_PROVOKES_RESET, CONTROLS_LIVE),
		.opens = QUESTION_BIT(INJECTOR),
		.says = "The target acknowledges other bytes, and never the "
			"trigger ({trigger}): a device drops packets with "
			"these bytes, or an answer to them.",
		.settled_by = "a capture at the target",
	},
	/* A server's TCP acknowledges old data (RFC 9293, 3.10.7.4). */
	{
		.name = "trigger-reset-at-target",
		.when = {.needs = FACTS(CONTROLS_LIVE),
			.denies = FACTS(TRIGGER_ENDS_ON_PATH),
			.forbids = FACTS(
				SENDER_CONTINUED, RESET_COPIES_HOP_LIMIT)},
		.kind = FINDING_RESET_ORIGIN,
		.grade = GRADE_POSSIBLE,
		.sender = PARTY_MIDDLEBOX,
		.figures = FIGURE_INJECTOR,
		.shows = INJECTOR_SHOWS,
		.opens = QUESTION_BIT(INJECTOR),
		.says = "Connections that show the trigger are reset, at the "
			"target or right before it.",
		.settled_by = "a capture at the target",
	},
};

static const struct path_doubt doubts[] = {
	{
		.name = "one-reset",
		.when = {.denies = FACTS(SEVERAL_WERE_RESET)},
		.most = GRADE_LIKELY,
		.other = "chance: one connection was reset",
	},
	{
		.name = "loss-of-triggers-small",
		.when = {.denies = FACTS(LOSS_EXCLUDED)},
		.most = GRADE_LIKELY,
	},
	{
		.name = "loss-of-triggers",
		.when = {.denies = FACTS(LOSS_UNLIKELY)},
		.most = GRADE_CERTAIN,
		.other = "a device nearer to this host, if the triggers that "
			 "ended before were lost",
	},
	{
		.name = "controls-silent",
		.when = {.forbids = FACTS(CONTROLS_LIVE)},
		.most = GRADE_LIKELY,
		.other = "the server itself, if it went down just then: "
			 "connections without the trigger were not answered "
			 "afterwards",
	},
	{
		.name = "hop-limit-may-be-copied",
		.when = {.forbids = FACTS(RESET_COPIES_HOP_LIMIT),
			.keeps = FACTS(RESET_COPIES_HOP_LIMIT)},
		.most = GRADE_LIKELY,
	},
	/* [lab: test_reset] Each connection may take a route of its own. */
	{
		.name = "connection-one-hop-shorter",
		.of = {"injector-before-target"},
		.when = {.denies = FACTS(TRIGGER_ENDS_HOPS_BEFORE,
				 SUCH_HOP_LIMIT_EXPIRES),
			.forbids = FACTS(RESET_NEARER)},
		.most = GRADE_LIKELY,
		.other = "a firewall on the target's own host, if the route of "
			 "that connection is one hop shorter than the others",
	},
	{
		.name = "rulers-differ",
		.when = {.denies = FACTS(RULERS_AGREE)},
		.most = GRADE_LIKELY,
		.other = "another hop, if resets take a route of another "
			 "length",
	},
	{
		.name = "reset-began-with-less",
		.of = {"injector-waits"},
		.most = GRADE_CERTAIN,
		.other = "a device right before the target, whose resets begin "
			 "with an unusual TTL",
	},
	/* [lab: test_reset] */
	{
		.name = "target-host-firewall",
		.of = {"injector-at-the-end", "trigger-reset-at-target"},
		.most = GRADE_CERTAIN,
		.other = "a firewall on the target's own host",
	},
};

static const struct path_remedy remedies[] = {
	{
		.name = "ask-who-runs-it",
		.of = {"injector-before-target", "injector-copies-hop-limit",
			"injector-waits"},
		.advice = "Ask who runs hop {hop} and the link before it for "
			  "its inspection rules about \"{trigger}\"; or send "
			  "it where the device can't read it (VPN, another "
			  "port or name).",
	},
	{
		.name = "look-at-the-host",
		.of = {"injector-at-the-end", "trigger-reset-at-target"},
		.advice = "Look at the rules of the target's own firewall "
			  "(nft list ruleset), then at the device before it.",
	},
};

const struct path_table path_rows_injector = {
	.title = "Devices that reset on certain bytes",
	PATH_ROWS(rows),
	PATH_DOUBTS(doubts),
	PATH_REMEDIES(remedies),
};
