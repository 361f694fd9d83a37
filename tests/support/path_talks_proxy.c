/* Talks about who answers the connection and who answers echo. */
#include "tests/support/path_talks_parts.h"

#include "capture/numbers.h"

/* Its segments have passed so many routers less one. */
static void open_connection(struct path_story *story, unsigned hop)
{
	story->tcp_ttl = (uint8_t)(65 - hop);
	path_story_say(story, PATH_STORY_PORT, TCP_SYN, 0, 1460);
	path_story_hear(story, PATH_STORY_PORT, TCP_SYN | TCP_ACK, 0, 0);
	path_story_say(story, PATH_STORY_PORT, TCP_ACK, 1, 0);
}

/* One segment and one echo request with each hop limit; those that go as far as
 * the host that answers them are answered. */
static void ask_all(struct path_story *story, unsigned tcp, unsigned echo)
{
	for (uint8_t ttl = 1; ttl <= 6; ttl++) {
		struct packet segment = path_story_segment(story, 60, ttl);

		if (ttl >= tcp)
			path_story_named(story, &segment);
		else
			path_story_error(story, &segment,
				path_story_router(ttl), ICMP4_TIME_EXCEEDED, 0,
				0);
		path_story_echo_to(story, 60u + ttl, ttl, ttl >= echo);
	}
}

/* The first segment is lost, so the second is the first that arrives. */
static void ends_at_a_hop_that_was_not_heard(struct path_story *story)
{
	open_connection(story, 2);
	for (uint8_t ttl = 1; ttl <= 6; ttl++) {
		struct packet segment = path_story_segment(story, 60, ttl);

		if (ttl > 1)
			path_story_named(story, &segment);
		path_story_echo_to(story, 60u + ttl, ttl, ttl >= 5);
	}
}

static void ends_four_hops_before(struct path_story *story)
{
	open_connection(story, 1);
	ask_all(story, 1, 5);
}

static void ends_two_hops_before(struct path_story *story)
{
	open_connection(story, 3);
	ask_all(story, 3, 5);
}

/* The segments that come back have passed all routers: a shorter route leads to
 * the host. */
static void comes_back_from_as_far(struct path_story *story)
{
	open_connection(story, 5);
	ask_all(story, 3, 5);
}

static void takes_another_route(struct path_story *story)
{
	story->echo_router = 2;
	open_connection(story, 3);
	ask_all(story, 3, 5);
}

static void takes_another_route_one_hop_shorter(struct path_story *story)
{
	story->echo_router = 2;
	open_connection(story, 4);
	ask_all(story, 4, 5);
}

static void comes_back_from_one_hop_more(struct path_story *story)
{
	open_connection(story, 5);
	ask_all(story, 4, 5);
}

static void ends_one_hop_before(struct path_story *story)
{
	open_connection(story, 4);
	ask_all(story, 4, 5);
}

static void ends_two_hops_behind(struct path_story *story)
{
	open_connection(story, 6);
	ask_all(story, 5, 3);
}

static void ends_where_echo_does(struct path_story *story)
{
	open_connection(story, 5);
	ask_all(story, 5, 5);
}

/* Segments of full size arrive, at the device or at the target. */
static void full_size_at(struct path_story *story, unsigned tcp)
{
	open_connection(story, tcp);
	ask_all(story, tcp, 5);
	path_story_segments(story, 1500, 20, 20);
}

static void full_size_at_a_proxy(struct path_story *story)
{
	full_size_at(story, 3);
}

/* The second router says 1400, before the device. */
static void limit_before_a_proxy(struct path_story *story)
{
	struct packet probe;

	open_connection(story, 3);
	ask_all(story, 3, 5);
	path_story_segments(story, 1400, 20, 20);
	probe = path_story_segment(story, 1401, 64);
	story->quoted_ttl = 62;
	path_story_error(story, &probe, path_story_router(2), 3, 4, 1400);
}

static void full_size_a_hop_before(struct path_story *story)
{
	full_size_at(story, 4);
}

/* Echo ends before: nothing is behind the target. */
static void full_size_behind(struct path_story *story)
{
	open_connection(story, 6);
	ask_all(story, 5, 3);
	path_story_segments(story, 1500, 20, 20);
}

#define AS_FAR                                                                 \
	"one host, and routes to it of different length for TCP and ICMP: "    \
	"its answers to both have passed as many routers\n"
#define OTHER_ROUTERS                                                          \
	"one host, and different routes for TCP and ICMP: other routers "      \
	"report them\n"
#define ROUTES "one host, and routes of different length for TCP and ICMP\n"

const struct path_talk path_talks_proxy[] = {
	{
		.name = "a connection that ends at the first hop has a proxy",
		.tell = ends_four_hops_before,
		.parts = PATH_LINES_ADVICE,
		.found = "proxy likely by connection-ends-before-echo, hop 1; "
			 "or " ROUTES
			 "    do: What TCP measured is the path to hop 1; of "
			 "the path behind it only ICMP and UDP tell.\n",
	},
	{
		.name = "a hop is named when the one before it is heard of",
		.tell = ends_at_a_hop_that_was_not_heard,
		.parts = PATH_LINES_ADVICE,
		.found = "proxy likely by connection-ends-before-echo,; "
			 "or " ROUTES
			 "    do: What TCP measured is the path to the device "
			 "that answers it; of the path behind it only ICMP and "
			 "UDP tell.\n",
	},
	{
		.name = "two hops are more than another route",
		.tell = ends_two_hops_before,
		.found = "proxy likely by connection-ends-before-echo, hop 3; "
			 "or " ROUTES,
	},
	{
		.name = "answers from as far as echo's are one host's",
		.tell = comes_back_from_as_far,
		.found = "proxy possible by connection-ends-before-echo, hop "
			 "3; or " AS_FAR,
	},
	{
		.name = "other routers show another route",
		.tell = takes_another_route,
		.found = "proxy possible by connection-ends-before-echo, hop "
			 "3; or " OTHER_ROUTERS,
	},
	{
		.name = "answers from as far show a route that is one hop "
			"shorter",
		.tell = comes_back_from_one_hop_more,
		.found = "proxy possible by connection-ends-before-echo, hop "
			 "4; or " AS_FAR,
	},
	{
		.name = "other routers show a route that is one hop shorter",
		.tell = takes_another_route_one_hop_shorter,
		.found = "proxy possible by connection-ends-before-echo, hop "
			 "4; or " OTHER_ROUTERS,
	},
	{
		.name = "one hop may be another route",
		.tell = ends_one_hop_before,
		.found = "proxy possible by connection-ends-before-echo, hop "
			 "4; or one host, and routes of which one is a hop "
			 "longer\n",
	},
	{
		.name = "a connection that ends behind has a forwarded port",
		.tell = ends_two_hops_behind,
		.parts = PATH_LINES_ADVICE,
		.found = "proxy likely by connection-ends-behind-echo, hop 3; "
			 "or " ROUTES,
	},
	{
		.name = "behind a proxy no size was measured",
		.tell = full_size_at_a_proxy,
		.parts = PATH_LINES_OPEN,
		.found = "proxy likely by connection-ends-before-echo, hop "
			 "3; or one host, and routes of different length "
			 "for TCP and ICMP\n"
			 "path-mtu likely by full-size-passes, forward mtu "
			 "1500; or less behind the device that answers the "
			 "connection: TCP measured the path to it\n"
			 "open: pmtu-black-hole by path-behind-proxy\n"
			 "open: pmtu-black-hole/reverse by path-behind-proxy\n"
			 "open: mss-clamped by path-behind-proxy\n"
			 "open: mss-clamped/reverse by path-behind-proxy\n"
			 "open: loss by path-behind-proxy\n",
	},
	{
		.name = "a limit before a proxy is one",
		.tell = limit_before_a_proxy,
		.found = "proxy likely by connection-ends-before-echo, hop "
			 "3; or one host, and routes of different length "
			 "for TCP and ICMP\n"
			 "path-mtu certain by limit-reported, forward mtu "
			 "1400 limited-after 2 reporter ..2.1\n",
	},
	{
		.name = "one hop is no proxy, and the size is the target's",
		.tell = full_size_a_hop_before,
		.parts = PATH_LINES_OPEN,
		.found = "proxy possible by connection-ends-before-echo, "
			 "hop 4; or one host, and routes of which one is a "
			 "hop longer\n"
			 "path-mtu certain by full-size-passes, forward mtu "
			 "1500\n"
			 "excluded: pmtu-black-hole\n"
			 "open: pmtu-black-hole/reverse by nothing-came-back\n"
			 "open: mss-clamped/reverse by nothing-came-back\n",
	},
	{
		.name = "behind a forwarded port all was measured",
		.tell = full_size_behind,
		.parts = PATH_LINES_OPEN,
		.found = "proxy likely by connection-ends-behind-echo, hop "
			 "3; or one host, and routes of different length "
			 "for TCP and ICMP\n"
			 "path-mtu certain by full-size-passes, forward mtu "
			 "1500\n"
			 "excluded: pmtu-black-hole\n"
			 "open: pmtu-black-hole/reverse by nothing-came-back\n"
			 "open: mss-clamped/reverse by nothing-came-back\n",
	},
	{
		.name = "a connection that ends where echo does has neither",
		.tell = ends_where_echo_does,
		.found = "",
	},
};
const unsigned path_talks_proxy_count =
	sizeof(path_talks_proxy) / sizeof(path_talks_proxy[0]);
