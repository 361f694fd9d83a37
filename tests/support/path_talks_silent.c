/* Talks about connections on which the server answers nothing, and what else
 * shows that the return path loses large packets. */
#include "tests/support/path_story_back.h"
#include "tests/support/path_talks_parts.h"

enum { THERE_SENT = 60, LONG_NS = 100000000, ENOUGH = 3 };

static void wait(struct path_story *story)
{
	story->time_ns += LONG_NS;
}

/* A connection of which the server has the request, and may answer it. */
static uint16_t ask(struct path_story *story, unsigned index, uint32_t size)
{
	uint16_t port = path_story_back_connect(story, index, size);
	struct packet heard;

	path_story_say(story, port, TCP_ACK | TCP_PSH, 1, 0);
	heard = path_story_theirs(story, port, TCP_ACK);
	heard.sequence = 1;
	heard.acknowledged = 17;
	path_packet(story->path, &heard);
	path_story_say(story, port, TCP_ACK, 17, 0);
	return port;
}

static void leave(struct path_story *story, uint16_t port)
{
	path_story_say(story, port, TCP_FIN | TCP_ACK, 17, 0);
}

static void answer(struct path_story *story, unsigned index, uint32_t offered,
	uint32_t size)
{
	uint16_t port = ask(story, index, offered);

	path_story_back_segment(story, port, TCP_PSH, 1, size);
	leave(story, port);
}

/* So many that offer `size` get no answer, and two that offer 1400 do
 * meanwhile. */
static void keep_silent(struct path_story *story, unsigned count, uint32_t size)
{
	uint16_t ports[ENOUGH];

	path_story_asks(story, EXPERIMENT_REVERSE);
	path_story_back_there(story, THERE_SENT);
	for (unsigned i = 0; i < count; i++)
		ports[i] = ask(story, i, size);
	answer(story, ENOUGH, 1400, 1400);
	answer(story, ENOUGH + 3, 1400, 1400);
	wait(story);
	for (unsigned i = 0; i < count; i++)
		leave(story, ports[i]);
}

static void three_are_silent(struct path_story *story)
{
	keep_silent(story, ENOUGH, 1401);
}

static void two_are_silent(struct path_story *story)
{
	keep_silent(story, 2, 1401);
}

static void one_is_silent(struct path_story *story)
{
	keep_silent(story, 1, 1401);
}

static void larger_ones_are_silent(struct path_story *story)
{
	keep_silent(story, ENOUGH, 1500);
}

static void they_are_and_echo_returns(struct path_story *story)
{
	keep_silent(story, ENOUGH, 1401);
	path_story_echo(story, 1500, true);
}

static void they_are_and_echo_is_lost(struct path_story *story)
{
	keep_silent(story, ENOUGH, 1401);
	path_story_echo(story, 1400, true);
	for (unsigned i = 0; i < ENOUGH; i++)
		path_story_echo(story, 1500, false);
}

static void they_are_and_echo_is_cut(struct path_story *story)
{
	keep_silent(story, ENOUGH, 1401);
	path_story_echo_cut(story, 1500, 1396);
}

static void they_are_and_more_is_said(struct path_story *story)
{
	keep_silent(story, ENOUGH, 1500);
	uint16_t port = ask(story, ENOUGH + 1, 1500);

	path_story_back_segment(story, port, 0, 1, 1405);
	path_story_back_arrives(story, ENOUGH + 2, 1405);
}

static void they_are_and_a_rest_comes(struct path_story *story)
{
	keep_silent(story, ENOUGH, 1401);
	path_story_back_missing(story, ENOUGH + 1, 1401);
}

/* What was answered may have been several segments, merged. */
static void the_answer_tells_no_size(struct path_story *story)
{
	path_story_asks(story, EXPERIMENT_REVERSE);
	path_story_back_there(story, THERE_SENT);
	uint16_t silent = ask(story, 0, 1401);
	uint16_t port = ask(story, 1, 1400);

	path_story_hear(story, port, TCP_ACK | TCP_PSH, 1, 1360);
	wait(story);
	leave(story, silent);
}

static void nobody_is_answered(struct path_story *story)
{
	path_story_asks(story, EXPERIMENT_REVERSE);
	path_story_back_there(story, THERE_SENT);
	uint16_t port = ask(story, 0, 1500);

	wait(story);
	leave(story, port);
}

static void nobody_is_and_echo_returns(struct path_story *story)
{
	nobody_is_answered(story);
	path_story_echo(story, 1500, true);
}

/* Afterwards one is, of those that offer less. */
static void it_was_busy_perhaps(struct path_story *story)
{
	nobody_is_answered(story);
	answer(story, 1, 1400, 200);
}

/* As above, and the request of the silent one did not arrive. */
static void the_request_is_lost(struct path_story *story)
{
	path_story_asks(story, EXPERIMENT_REVERSE);
	path_story_back_there(story, THERE_SENT);
	uint16_t port = path_story_back_connect(story, 0, 1500);

	path_story_say(story, port, TCP_ACK | TCP_PSH, 1, 0);
	path_story_say(story, port, TCP_ACK, 17, 0);
	wait(story);
	leave(story, port);
}

/* A server that attends to one client at a time: those that offer 1401 are
 * silent, each alone or two at once. */
static void take_turns(struct path_story *story, bool is_alone)
{
	path_story_asks(story, EXPERIMENT_REVERSE);
	path_story_back_there(story, THERE_SENT);
	answer(story, 0, 1400, 1400);
	for (unsigned i = 0; i < ENOUGH; i++) {
		uint16_t port = ask(story, 10 + 2 * i, 1401);
		uint16_t other = is_alone ? 0 : ask(story, 11 + 2 * i, 1401);

		wait(story);
		leave(story, port);
		if (!is_alone)
			leave(story, other);
		answer(story, 1 + i, 1400, 1400);
	}
}

static void one_after_another(struct path_story *story)
{
	take_turns(story, true);
}

static void two_at_once(struct path_story *story)
{
	take_turns(story, false);
}

static void they_are_and_others_differ(struct path_story *story)
{
	keep_silent(story, ENOUGH, 1401);
	path_story_back_missing_often(story, ENOUGH, 1350);
}

static void few_words(struct path_story *story)
{
	path_story_asks(story, EXPERIMENT_REVERSE);
	path_story_back_there(story, THERE_SENT);
	answer(story, 0, 1500, 200);
}

/* The run's connection measures nothing: echo does, there and back. */
static void echo_alone_and_silence(struct path_story *story)
{
	path_story_asks(story, EXPERIMENT_REVERSE);
	path_story_say(story, PATH_STORY_PORT, TCP_SYN, 0, 1460);
	for (unsigned i = 0; i < THERE_SENT; i++)
		path_story_echo(story, 1400, true);
	for (unsigned i = 0; i < 4; i++)
		path_story_echo(story, 1401, false);
	uint16_t silent = ask(story, 0, 1401);

	answer(story, 1, 1400, 1400);
	wait(story);
	leave(story, silent);
}

static void limited_there(struct path_story *story, uint32_t cut)
{
	path_story_say(story, PATH_STORY_PORT, TCP_SYN, 0, 1460);
	for (unsigned i = 0; i < THERE_SENT; i++)
		path_story_ask(story, 1400, 64);
	struct packet probe = path_story_segment(story, 1401, 64);

	path_story_error(story, &probe, path_story_router(2), 3, 4, 1400);
	path_story_echo_cut(story, cut, 1396);
}

static void cut_where_the_forward_path_is_as_narrow(struct path_story *story)
{
	limited_there(story, 1400);
}

static void cut_exactly_there(struct path_story *story)
{
	limited_there(story, 1397);
}

#define THERE "path-mtu certain by full-size-passes, forward mtu 1500\n"
#define MISSING(grade, other)                                                  \
	"pmtu-black-hole " grade " by answer-missing, reverse mtu 1400" other  \
	"\n"
#define CLAMP                                                                  \
	"    do: Clamp the MSS on the path: nft add rule inet filter forward " \
	"tcp flags syn tcp option maxseg size set 1360; or let PTB messages "  \
	"reach the target; or set MTU 1400 on its interface.\n"
#define UNHEARD "path-mtu undetermined by answers-not-received, reverse\n"
#define TOLD                                                                   \
	"path-mtu likely by limit-reported, forward mtu 1400 limited-after 64 "    \
	"reporter ..2.1\n"

const struct path_talk path_talks_silent[] = {
	/* [lab: test_way_back] */
	{
		.name = "silence where others are answered is a missing answer",
		.tell = three_are_silent,
		.parts = PATH_LINES_ADVICE,
		.found = "path-mtu certain by full-size-passes, forward mtu "
			 "1500\n"
			 "pmtu-black-hole certain by answer-missing, reverse "
			 "mtu 1400\n"
			 "    do: Clamp the MSS on the path: nft add rule inet "
			 "filter forward tcp flags syn tcp option maxseg size "
			 "set 1360; or let PTB messages reach the target; or "
			 "set MTU 1400 on its interface.\n"
			 "excluded: pmtu-black-hole\n",
	},
	{
		.name = "two silences are likely missing answers",
		.tell = two_are_silent,
		.found = "path-mtu certain by full-size-passes, forward mtu "
			 "1500\n"
			 "pmtu-black-hole likely by answer-missing, reverse "
			 "mtu 1400\n"
			 "excluded: pmtu-black-hole\n",
	},
	{
		.name = "one silence may be loss",
		.tell = one_is_silent,
		.found = "path-mtu certain by full-size-passes, forward mtu "
			 "1500\n"
			 "pmtu-black-hole possible by answer-missing, reverse "
			 "mtu 1400; or another result on connections from even "
			 "source ports: this size was not measured on them\n"
			 "excluded: pmtu-black-hole\n",
	},
	{
		.name = "silence on much larger offers tells no size",
		.tell = larger_ones_are_silent,
		.found = "path-mtu certain by full-size-passes, forward mtu "
			 "1500\n"
			 "pmtu-black-hole likely by answer-missing, reverse "
			 "mtu 1400; or any size from 1400 to 1499 bytes: no "
			 "size between was sent\n"
			 "excluded: pmtu-black-hole\n",
	},
	{
		.name = "silence where echo returns is TCP's alone",
		.tell = they_are_and_echo_returns,
		.found = "path-mtu certain by full-size-passes, forward mtu "
			 "1500\n"
			 "pmtu-black-hole likely by segment-missing-for-tcp, "
			 "reverse mtu 1400; or a device that drops large TCP "
			 "segments, and passes other packets of that size\n"
			 "excluded: pmtu-black-hole\n",
	},
	{
		.name = "missing answers count more than lost echo",
		.tell = they_are_and_echo_is_lost,
		.found = THERE MISSING("certain", ""),
	},
	{
		.name = "missing answers count more than echo in fragments",
		.tell = they_are_and_echo_is_cut,
		.parts = PATH_LINES_ADVICE,
		.found = "path-mtu certain by full-size-passes, forward mtu "
			 "1500\n"
			 "pmtu-black-hole certain by answer-missing, reverse "
			 "mtu 1400\n"
			 "    do: Clamp the MSS on the path: nft add rule inet "
			 "filter forward tcp flags syn tcp option maxseg size "
			 "set 1360; or let PTB messages reach the target; or "
			 "set MTU 1400 on its interface.\n"
			 "excluded: pmtu-black-hole\n",
	},
	{
		.name = "missing answers count more than smaller segments",
		.tell = they_are_and_more_is_said,
		.found = "path-mtu certain by full-size-passes, forward mtu "
			 "1500\n"
			 "pmtu-black-hole likely by answer-missing, reverse "
			 "mtu 1405; or any size from 1405 to 1499 bytes: no "
			 "size between was sent\n"
			 "excluded: pmtu-black-hole\n",
	},
	{
		.name = "a rest that comes counts more than silence",
		.tell = they_are_and_a_rest_comes,
		.found = "path-mtu certain by full-size-passes, forward mtu "
			 "1500\n"
			 "pmtu-black-hole certain by segment-missing, reverse "
			 "mtu 1400\n"
			 "excluded: pmtu-black-hole\n",
	},
	{
		.name = "silence without a size that passes is not measured",
		.tell = the_answer_tells_no_size,
		.found = "path-mtu certain by full-size-passes, forward mtu "
			 "1500\n"
			 "path-mtu undetermined by way-back-not-measured, "
			 "reverse\n"
			 "excluded: pmtu-black-hole\n",
	},
	{
		.name = "silence alone may be the server's",
		.tell = nobody_is_answered,
		.parts = PATH_LINES_ADVICE,
		.found = "path-mtu certain by full-size-passes, forward mtu "
			 "1500\n"
			 "path-mtu undetermined by answers-not-received, reverse\n"
			 "    do: A server that attends to one client at a "
			 "time, or a return path that loses its answers: a "
			 "capture at the target, or a probe of another port, "
			 "decides.\n"
			 "excluded: pmtu-black-hole\n",
	},
	{
		.name = "silence is nothing where echo returns",
		.tell = nobody_is_and_echo_returns,
		.found = "path-mtu certain by full-size-passes, forward mtu "
			 "1500\n"
			 "path-mtu certain by echo-full-returns, reverse mtu "
			 "1500\n"
			 "excluded: pmtu-black-hole pmtu-black-hole/reverse\n",
	},
	{
		.name = "a server may have been busy before it answers",
		.tell = it_was_busy_perhaps,
		.found = "path-mtu certain by full-size-passes, forward mtu "
			 "1500\n"
			 "path-mtu undetermined by answers-not-received, reverse\n"
			 "excluded: pmtu-black-hole\n",
	},
	{
		.name = "a server that has no request is not silent",
		.tell = the_request_is_lost,
		.found = "path-mtu certain by full-size-passes, forward mtu "
			 "1500\n"
			 "path-mtu undetermined by way-back-not-measured, "
			 "reverse\n"
			 "excluded: pmtu-black-hole\n",
	},
	{
		.name = "silence between answers is a missing answer",
		.tell = one_after_another,
		.found = "path-mtu certain by full-size-passes, forward mtu "
			 "1500\n"
			 "pmtu-black-hole likely by answer-missing, reverse "
			 "mtu 1400; or another result on connections from even "
			 "source ports: this size was not measured on them\n"
			 "excluded: pmtu-black-hole\n",
	},
	{
		.name = "of two at once a server may attend to one",
		.tell = two_at_once,
		.found = "path-mtu certain by full-size-passes, forward mtu "
			 "1500\n"
			 "path-mtu undetermined by answers-not-received, reverse\n"
			 "excluded: pmtu-black-hole\n",
	},
	{
		.name = "connections that differ count more than silence",
		.tell = they_are_and_others_differ,
		.found = "path-mtu certain by full-size-passes, forward mtu "
			 "1500\n"
			 "pmtu-black-hole likely by ways-back-differ, reverse\n"
			 "excluded: pmtu-black-hole\n",
	},
	{
		.name = "few words leave the return path open",
		.tell = few_words,
		.found =
			"path-mtu certain by full-size-passes, forward mtu "
			"1500\n"
			"path-mtu undetermined by server-said-little, reverse\n"
			"excluded: pmtu-black-hole\n",
	},
	{
		.name = "a hole of the return path is not the forward path's",
		.tell = echo_alone_and_silence,
		.found = "path-mtu undetermined by forward-not-measured, "
			 "forward\n" MISSING("possible",
				 "; or limits that differ between even and odd "
				 "source ports: none of them was measured "
				 "alone"),
	},
	/* The target may remember it, where the forward path takes more. */
	{
		.name = "a limit of both ways is not remembered",
		.tell = cut_exactly_there,
		.parts = PATH_LINES_ADVICE,
		.found = TOLD
		"    do: Nothing, as long as senders receive the PTB "
		"messages.\n"
		"path-mtu certain by echo-in-fragments, reverse mtu 1396\n"
		"    do: Nothing, as long as the target receives PTB "
		"messages.\n"
		"excluded: pmtu-black-hole\n",
	},
	{
		.name = "a limit of both ways ends at eights",
		.tell = cut_where_the_forward_path_is_as_narrow,
		.found = TOLD
		"path-mtu likely by echo-in-fragments, reverse mtu 1396; or "
		"up to 1403 bytes: fragments end at multiples of eight\n"
		"excluded: pmtu-black-hole\n",
	},
};
const unsigned path_talks_silent_count =
	sizeof(path_talks_silent) / sizeof(path_talks_silent[0]);
