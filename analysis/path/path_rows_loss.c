/* Loss, and where it is. */
#include "analysis/path/path_rows.h"

static const struct path_row rows[] = {
	/* Every TCP acknowledges duplicate data at once (RFC 9293,
	 * 3.10.7.4). */
	{
		.name = "loss-on-a-stretch",
		.when = {.needs = FACTS(SENT_OFTEN_ENOUGH, SEVERAL_LOST,
				 HOPS_MEASURED)},
		.kind = FINDING_LOSS,
		.grade = GRADE_CERTAIN,
		.figures = FIGURE_PERCENT | FIGURE_LINK | FIGURE_HOP,
		.shows = FACTS(OLD_DATA_ANSWERED, ECHO_LOST_AS_OFTEN,
			HOP_BEFORE_LOSES, HOP_BEHIND_LOSES),
		.says = "Packets of all sizes are lost, and the hops show "
			"between which two.",
	},
	{
		.name = "loss-somewhere",
		.when = {.needs = FACTS(SENT_OFTEN_ENOUGH, SEVERAL_LOST),
			.forbids = FACTS(HOPS_MEASURED)},
		.outranks = {{"handshake-not-completed",
			"loss explains a missing ACK"}},
		.kind = FINDING_LOSS,
		.grade = GRADE_CERTAIN,
		.figures = FIGURE_PERCENT,
		.shows = FACTS(
			OLD_DATA_ANSWERED, ECHO_ANSWERED, ECHO_LOST_AS_OFTEN),
		.says = "Packets of all sizes are lost, on the forward or the "
			"return path.",
	},
	/* RFC 9293, 3.10.7.4: in SYN-RECEIVED no old data is answered with a
	 * DSACK. [lab: test_jitter] */
	{
		.name = "handshake-not-completed",
		.when = {.denies = FACTS(HANDSHAKE_COMPLETE)},
		.outranks = {{"too-little-measured",
			"the server shows why nothing can be measured"}},
		.kind = FINDING_LOSS,
		.grade = GRADE_UNDETERMINED,
		.shows = FACTS(HANDSHAKE_COMPLETE),
		.says = "The server repeats its SYN-ACK, as if no ACK of this "
			"host arrived.",
	},
	{
		.name = "too-little-measured",
		.when = {.needs = FACTS(SYN_ANSWERED_BY_SYN_ACK),
			.denies = FACTS(SENT_OFTEN_ENOUGH)},
		.kind = FINDING_LOSS,
		.grade = GRADE_UNDETERMINED,
		.shows = FACTS(OLD_DATA_ANSWERED, ECHO_ANSWERED),
		.says = "The port is open, and too few packets count to "
			"measure loss.",
	},
	{
		.name = "loss-measured",
		.when = {.needs = FACTS(SENT_OFTEN_ENOUGH),
			.keeps = FACTS(OLD_DATA_ANSWERED, ECHO_ANSWERED)},
		.kind = FINDING_COUNT,
		.shows = FACTS(OLD_DATA_ANSWERED, ECHO_ANSWERED),
		.excludes = QUESTION_BIT(LOSS),
		.says = "None of {sent} packets was lost: a loss above {most} "
			"% would have shown.",
	},
	/* One may be chance, and is loss all the same; several are found by
	 * the rows above. [lab: two_faults] */
	{
		.name = "one-lost",
		.when = {.needs = FACTS(SENT_OFTEN_ENOUGH),
			.forbids = FACTS(OLD_DATA_ANSWERED, ECHO_ANSWERED)},
		.kind = FINDING_COUNT,
		.shows = FACTS(OLD_DATA_ANSWERED, ECHO_ANSWERED),
		.opens = QUESTION_BIT(LOSS),
		.says = "One of {sent} packets was lost, which is too few to "
			"tell how many are: a loss above {most} % would have "
			"shown.",
		.settled_by = "{probe} --only loss, again",
	},
	{
		.name = "capture-lost-some",
		.when = {.needs = FACTS(SENT_OFTEN_ENOUGH),
			.denies = FACTS(CAPTURE_COMPLETE),
			.forbids = FACTS(OLD_DATA_ANSWERED, ECHO_ANSWERED)},
		.outranks = {{"one-lost", "the capture may have lost it"}},
		.kind = FINDING_COUNT,
		.shows = FACTS(
			OLD_DATA_ANSWERED, ECHO_ANSWERED, CAPTURE_COMPLETE),
		.opens = QUESTION_BIT(LOSS),
		.says = "This host's capture lost {not captured} packets: "
			"answers that are missing may be among them.",
		.settled_by = "{probe} --only loss, again",
	},
	{
		.name = "loss-not-measured",
		.when = {.denies = FACTS(SENT_OFTEN_ENOUGH)},
		.kind = FINDING_COUNT,
		.shows = FACTS(OLD_DATA_ANSWERED, ECHO_ANSWERED),
		.opens = QUESTION_BIT(LOSS),
		.says = "{sent} packets measure loss, and that is too few.",
	},
};

static const struct path_doubt doubts[] = {
	{
		.name = "few-lost",
		.when = {.denies = FACTS(MANY_LOST)},
		.most = GRADE_LIKELY,
	},
	{
		.name = "capture-lost-some",
		.when = {.denies = FACTS(CAPTURE_COMPLETE)},
		.of = {"loss-on-a-stretch", "loss-somewhere"},
		.most = GRADE_LIKELY,
		.other = "less of it: this host's capture lost {not captured} "
			 "packets, which count as lost on the path",
	},
	{
		.name = "target-rations-echo",
		.when = {.denies = FACTS(ECHO_ANSWERED)},
		.most = GRADE_LIKELY,
		.other = "the target rate-limits its echo replies",
	},
	/* Firewalls limit what repeats old data, and servers their answers to
	 * it (RFC 5961, 7). [lab: test_routes] */
	{
		.name = "of-old-data-only",
		.when = {.denies = FACTS(ECHO_LOST_AS_OFTEN)},
		.most = GRADE_LIKELY,
		.other = "a device that drops old data, or a server that "
			 "limits its answers to it: echo requests are not lost "
			 "as often",
	},
	{
		.name = "hop-rations",
		.when = {.needs = FACTS(HOP_BEHIND_LOSES)},
		.most = GRADE_CERTAIN,
		.other = "hop {hop} leaves as many packets unreported as are "
			 "lost behind it",
	},
};

static const struct path_remedy remedies[] = {
	{
		.name = "look-for-a-faulty-link",
		.of = {"loss-on-a-stretch", "loss-somewhere"},
		.advice = "Look for an overloaded or faulty link; a capture at "
			  "the target shows whether the forward or the return "
			  "path loses packets. A rate limit drops as much: "
			  "{probe} --rate 10 loses less then.",
	},
	{
		.name = "complete-the-handshake",
		.of = {"handshake-not-completed"},
		.advice = "This host's ACKs are lost, or the server waits for "
			  "the first data (TCP_DEFER_ACCEPT): a capture at the "
			  "target, or a probe of a port where the server "
			  "speaks first, decides.",
	},
	{
		.name = "measure-again",
		.of = {"too-little-measured"},
		.advice = "Too few packets could be counted: {probe} --only "
			  "loss, or another port.",
	},
};

const struct path_table path_rows_loss = {
	.title = "Loss",
	PATH_ROWS(rows),
	PATH_DOUBTS(doubts),
	PATH_REMEDIES(remedies),
};
