/* Talks about a server that may lack the ACK of the handshake: what it then
 * leaves unanswered is not lost. */
#include "tests/support/path_talks_parts.h"

enum { MEASURED = 60, EARLY = 5 };

static void open(struct path_story *story)
{
	path_story_asks(story, EXPERIMENT_LOSS);
	path_story_say(story, PATH_STORY_PORT, TCP_SYN, 0, 1460);
	path_story_hear(story, PATH_STORY_PORT, TCP_SYN | TCP_ACK, 0, 0);
}

static void measure(struct path_story *story, unsigned count)
{
	for (unsigned i = 0; i < count; i++) {
		struct packet probe = path_story_segment(story, 64, 64);

		path_story_named(story, &probe);
	}
}

/* So many that nobody answers, sent behind one that is answered: before that
 * answer, or after it. */
static void send_early(struct path_story *story, uint32_t bytes, bool is_before)
{
	struct packet first = path_story_segment(story, 64, 64);

	if (!is_before)
		path_story_named(story, &first);
	for (unsigned i = 0; i < EARLY; i++)
		(void)path_story_segment(story, bytes, 64);
	if (is_before)
		path_story_named(story, &first);
	measure(story, MEASURED);
}

static void overtakes(struct path_story *story)
{
	open(story);
	send_early(story, 64, true);
}

static void is_lost(struct path_story *story)
{
	open(story);
	send_early(story, 64, false);
}

static void is_too_large(struct path_story *story)
{
	open(story);
	send_early(story, 1001, true);
	for (unsigned i = 0; i < 4; i++)
		path_story_ask(story, 1000, 64);
}

/* What shows that the server has the ACK. */
static void greets(struct path_story *story)
{
	open(story);
	path_story_hear(story, PATH_STORY_PORT, TCP_ACK | TCP_PSH, 1, 20);
	send_early(story, 64, true);
}

/* A plain ACK of the SYN alone shows nothing. */
static void acknowledges_its_syn(struct path_story *story)
{
	open(story);
	path_story_hear(story, PATH_STORY_PORT, TCP_ACK, 1, 0);
	send_early(story, 64, true);
}

static void repeats_its_syn_ack(struct path_story *story)
{
	open(story);
	path_story_hear(story, PATH_STORY_PORT, TCP_SYN | TCP_ACK, 0, 0);
	for (unsigned i = 0; i < MEASURED; i++)
		(void)path_story_segment(story, 64, 64);
}

/* Our FIN carries the ACK that was missing. */
static void closes_at_last(struct path_story *story)
{
	repeats_its_syn_ack(story);
	path_story_say(story, PATH_STORY_PORT, TCP_FIN | TCP_ACK, 1, 0);
	path_story_hear(story, PATH_STORY_PORT, TCP_FIN | TCP_ACK, 1, 0);
}

/* So does the data that the server sends for it, though a window was opened
 * before. */
static void greets_at_last(struct path_story *story)
{
	open(story);
	path_story_say(story, PATH_STORY_PORT, TCP_ACK | TCP_PSH, 1, 0);
	path_story_hear(story, PATH_STORY_PORT, TCP_SYN | TCP_ACK, 0, 0);
	path_story_say(story, PATH_STORY_PORT, TCP_ACK, 17, 0);
	for (unsigned i = 0; i < MEASURED; i++)
		path_story_echo(story, 64, true);
	path_story_say(story, PATH_STORY_PORT, TCP_FIN | TCP_ACK, 17, 0);
	path_story_hear(story, PATH_STORY_PORT, TCP_ACK | TCP_PSH, 1, 20);
	story->time_ns += 200000000;
	path_story_hear(story, PATH_STORY_PORT, TCP_ACK | TCP_PSH, 1, 20);
}

static void is_measured_by_echo(struct path_story *story)
{
	repeats_its_syn_ack(story);
	for (unsigned i = 0; i < MEASURED; i++)
		path_story_echo(story, 64, true);
}

static void loses_echo(struct path_story *story)
{
	repeats_its_syn_ack(story);
	for (unsigned i = 0; i < MEASURED; i++)
		path_story_echo(story, 64, i >= 4);
}

/* On another connection it answers once it has data, into the window that an
 * ACK opens. */
static void waits_for_data(struct path_story *story)
{
	const uint16_t port = PATH_STORY_PORT + 1;

	is_measured_by_echo(story);
	path_story_say(story, port, TCP_SYN, 0, 1460);
	path_story_hear(story, port, TCP_SYN | TCP_ACK, 0, 0);
	path_story_say(story, port, TCP_ACK | TCP_PSH, 1, 0);
	path_story_say(story, port, TCP_ACK, 17, 0);
	path_story_hear(story, port, TCP_ACK | TCP_PSH, 1, 20);
	story->time_ns += 200000000;
	path_story_hear(story, port, TCP_ACK | TCP_PSH, 1, 20);
}

static void is_measured_too_little(struct path_story *story)
{
	open(story);
	measure(story, MEASURED - 10);
	for (unsigned i = 0; i < 9; i++)
		(void)path_story_segment(story, 64, 64);
}

static void echo(struct path_story *story, unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		path_story_echo(story, 64, i >= 4);
}

static void echo_is_measured_instead(struct path_story *story)
{
	is_measured_too_little(story);
	echo(story, MEASURED);
}

static void neither_is_measured_often(struct path_story *story)
{
	is_measured_too_little(story);
	echo(story, MEASURED - 1);
}

static void both_are_measured(struct path_story *story)
{
	open(story);
	measure(story, MEASURED);
	echo(story, MEASURED);
}

static void says_nothing(struct path_story *story)
{
	open(story);
	for (unsigned i = 0; i < MEASURED; i++)
		(void)path_story_segment(story, 64, 64);
}

#define NOT_COMPLETED "loss undetermined by handshake-not-completed,\n"
#define TOO_LITTLE "loss undetermined by too-little-measured,\n"

const struct path_talk path_talks_handshake[] = {
	/* [lab: test_jitter] */
	{
		.name = "data that overtakes the handshake's ACK is not lost",
		.tell = overtakes,
		.found = "excluded: loss\n",
	},
	{
		.name = "data sent to a server that has the ACK is lost",
		.tell = is_lost,
		.found = "loss certain by loss-somewhere, percent 7.6 from 3.3 "
			 "to 16.5, large 0.0\n",
	},
	{
		.name = "a server that greets has the ACK",
		.tell = greets,
		.found = "loss certain by loss-somewhere, percent 7.6 from 3.3 "
			 "to 16.5, large 0.0\n",
	},
	{
		.name = "a server that acknowledges the SYN alone may lack the "
			"ACK",
		.tell = acknowledges_its_syn,
		.found = "excluded: loss\n",
	},
	{
		.name = "a size that never arrives did not overtake the ACK",
		.tell = is_too_large,
		.found = "pmtu-black-hole certain by hole-somewhere, forward "
			 "mtu 1000\nexcluded: loss\n",
	},
	{
		.name = "a server that repeats its SYN-ACK may lack the ACK",
		.tell = repeats_its_syn_ack,
		.parts = PATH_LINES_EVIDENCE | PATH_LINES_ADVICE,
		.found = NOT_COMPLETED
		"    do: This host's ACKs are lost, or the server waits for "
		"the first data (TCP_DEFER_ACCEPT): a capture at the target, "
		"or a probe of a port where the server speaks first, decides.\n"
		"    handshake-complete 1 #3 #2 SYN-ACK again / answers to old "
		"data\n",
	},
	{
		.name = "the answer to our FIN does not show that it had the "
			"ACK",
		.tell = closes_at_last,
		.found = NOT_COMPLETED,
	},
	{
		.name = "data that follows our FIN does not show that ACKs "
			"arrive",
		.tell = greets_at_last,
		.found = NOT_COMPLETED,
	},
	{
		.name = "echo does not show that ACKs arrive",
		.tell = is_measured_by_echo,
		.found = NOT_COMPLETED,
	},
	{
		.name = "loss by echo explains a missing ACK",
		.tell = loses_echo,
		.found = "loss likely by loss-somewhere, percent 6.7 from 2.6 "
			 "to 15.9, large 0.0; or the target rate-limits its "
			 "echo replies\n",
	},
	{
		.name = "a server that answers data gets ACKs",
		.tell = waits_for_data,
		.found = "path-mtu undetermined by server-said-little, "
			 "reverse\nexcluded: loss\n",
	},
	{
		.name = "an open port that answers too little is not passed "
			"over",
		.tell = is_measured_too_little,
		.parts = PATH_LINES_EVIDENCE | PATH_LINES_ADVICE,
		.found = TOO_LITTLE
		"    do: Too few packets could be counted: sudo culprit "
		"probe 10.0.9.9 -p 22 --only loss, or another port.\n"
		"    old-data-answered 1 #103 #0 9 of 59 lost / all answered\n",
	},
	{
		.name = "echo measures loss where few segments count",
		.tell = echo_is_measured_instead,
		.found = "loss likely by loss-somewhere, percent 6.7 from 2.6 "
			 "to 15.9, large 0.0; or the target rate-limits its "
			 "echo replies\n",
	},
	{
		.name = "few of both measure nothing",
		.tell = neither_is_measured_often,
		.found = TOO_LITTLE,
	},
	{
		.name = "segments measure loss where enough count",
		.tell = both_are_measured,
		.found = "excluded: loss\n",
	},
	{
		.name = "an open port that answers nothing is not passed over",
		.tell = says_nothing,
		.parts = PATH_LINES_EVIDENCE,
		.found = TOO_LITTLE
		"    old-data-answered 1 #3 #0 0 of 60 answered / all "
		"answered\n",
	},
};
const unsigned path_talks_handshake_count =
	sizeof(path_talks_handshake) / sizeof(path_talks_handshake[0]);
