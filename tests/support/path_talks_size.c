/* Talks about sizes on the way there. Where nothing else is said, the path
 * takes 1400 bytes, and the hops are not asked. */
#include "analysis/path/path_record.h"
#include "tests/support/path_talks_parts.h"

static void echos(struct path_story *story, uint32_t bytes, unsigned sent,
	unsigned arrived)
{
	for (unsigned i = 0; i < sent; i++)
		path_story_echo(story, bytes, i < arrived);
}

/* Each router but the third and later ones reports packets of 1401 bytes as
 * expired, and all report those of 1400: the third link does not take them. */
static void hole(struct path_story *story)
{
	path_story_tell_hole(story);
}

/* Four of four are lost with a chance of (1 + 1)^4 / (19 + 2)^4 = 8.2e-5. */
static void loss_is_excluded(struct path_story *story)
{
	path_story_segments(story, 1400, 19, 18);
	path_story_segments(story, 1401, 4, 0);
}

/* (1 + 1)^4 / (17 + 2)^4 = 1.2e-4. */
static void loss_is_unlikely(struct path_story *story)
{
	path_story_segments(story, 1400, 17, 16);
	path_story_segments(story, 1401, 4, 0);
}

/* (1 + 1)^2 / (17 + 2)^2 = 1.1e-2. */
static void loss_is_likely(struct path_story *story)
{
	path_story_segments(story, 1400, 17, 16);
	path_story_segments(story, 1401, 2, 0);
}

static void no_size_between(struct path_story *story)
{
	path_story_segments(story, 1400, 30, 30);
	path_story_segments(story, 1500, 4, 0);
}

static void no_size_between_at_a_link(struct path_story *story)
{
	for (unsigned ttl = 1; ttl <= PATH_STORY_DISTANCE; ttl++)
		path_story_ask(story, 48, (uint8_t)ttl);
	for (int i = 0; i < 30; i++)
		path_story_ask(story, 1400, 64);
	for (int i = 0; i < 4; i++)
		path_story_ask(story, 1500, 64);
	for (int i = 0; i < 4; i++)
		for (unsigned ttl = 1; ttl < PATH_STORY_DISTANCE; ttl++) {
			path_story_ask(story, 1500, (uint8_t)ttl);
			path_story_ask(story, 1400, (uint8_t)ttl);
		}
}

/* A router refuses what is larger than 1400 bytes, and quotes that hop limit.
 */
static void refuse_at(struct path_story *story, uint32_t bytes,
	uint32_t claimed, struct address from, uint8_t quoted_ttl)
{
	struct packet probe;

	for (unsigned ttl = 1; ttl <= PATH_STORY_DISTANCE; ttl++)
		path_story_ask(story, 48, (uint8_t)ttl);
	path_story_segments(story, 1400, 4, 4);
	probe = path_story_segment(story, bytes, 64);
	story->quoted_ttl = quoted_ttl;
	path_story_error(story, &probe, from, 3, 4, claimed);
}

/* As it reached the third: the second quotes it so, or the third. */
static void refuse(struct path_story *story, uint32_t bytes, uint32_t claimed,
	struct address from)
{
	refuse_at(story, bytes, claimed, from, 62);
}

static void refused(struct path_story *story)
{
	refuse(story, 1401, 1400, path_story_router(2));
}

static void refused_with_sizes_between(struct path_story *story)
{
	refuse(story, 1500, 1400, path_story_router(2));
}

static void refused_with_an_untrue_size(struct path_story *story)
{
	refuse(story, 1401, 1300, path_story_router(2));
}

static void refused_by_no_hop(struct path_story *story)
{
	refuse(story, 1401, 1400, (struct address){{10, 1, 7, 7}});
}

/* It has come farther than the target. */
static void refused_beyond_the_target(struct path_story *story)
{
	refuse_at(story, 1401, 1400, (struct address){{10, 1, 7, 7}}, 50);
}

/* The target's own distance: no router is there. */
static void refused_at_the_targets_distance(struct path_story *story)
{
	refuse_at(story, 1401, 1400, (struct address){{10, 1, 7, 7}}, 60);
}

static void refused_before_the_target(struct path_story *story)
{
	refuse_at(story, 1401, 1400, (struct address){{10, 1, 7, 7}}, 61);
}

static void refused_in_the_next_ones_name(struct path_story *story)
{
	refuse(story, 1401, 1400, path_story_router(4));
}

static void refused_in_the_first_ones_name(struct path_story *story)
{
	refuse(story, 1401, 1400, path_story_router(1));
}

/* The quoted hop limit is that of no hop before the target. */
static void refused_with_an_untrue_hop_limit(struct path_story *story)
{
	refuse_at(story, 1401, 1400, path_story_router(2), 0);
}

/* Echo alone, and nothing between 1400 and 1500 bytes. */
static void echo_alone(struct path_story *story)
{
	echos(story, 1400, 30, 30);
	echos(story, 1500, 4, 0);
}

/* The hops say that the third link loses echo of 1500 bytes. */
static void echo_at_a_link(struct path_story *story, uint32_t udp)
{
	for (uint8_t ttl = 1; ttl <= PATH_STORY_DISTANCE; ttl++)
		path_story_echo_to(story, 48, ttl, ttl == PATH_STORY_DISTANCE);
	echos(story, 1400, 30, 30);
	echos(story, 1401, 4, 0);
	for (int i = 0; i < 4; i++)
		for (uint8_t ttl = 1; ttl < PATH_STORY_DISTANCE; ttl++) {
			if (ttl < PATH_STORY_HOLE_LINK)
				path_story_echo_to(story, 1401, ttl, false);
			else
				path_story_echo_lost(story, 1401, ttl);
			path_story_echo_to(story, 1400, ttl, false);
		}
	if (udp == 0)
		return;
	path_story_udp(story, udp);
	if (udp <= PATH_STORY_HOLE_BYTES) {
		path_story_udp_lost(story, udp + 1);
		path_story_udp(story, 60);
	}
}

static void echo_alone_at_a_link(struct path_story *story)
{
	echo_at_a_link(story, 0);
}

static void echo_and_udp_at_a_link(struct path_story *story)
{
	echo_at_a_link(story, 1400);
}

static void echo_at_a_link_that_udp_passes(struct path_story *story)
{
	echo_at_a_link(story, 1500);
}

/* The SYN-ACK offers so much, and the third link takes 1400 bytes. */
static void hole_and_mss(struct path_story *story, uint16_t mss)
{
	path_story_handshake(story, mss);
	path_story_tell_hole(story);
}

static void hole_above_the_mss(struct path_story *story)
{
	hole_and_mss(story, 1300);
}

static void hole_from_the_mss_on(struct path_story *story)
{
	hole_and_mss(story, 1360);
}

static void hole_from_the_mss_on_for_echo(struct path_story *story)
{
	hole_and_mss(story, 1360);
	echos(story, 1400, 10, 10);
	echos(story, 1401, 4, 0);
}

static void hole_from_the_mss_on_for_udp(struct path_story *story)
{
	hole_and_mss(story, 1360);
	path_story_udp(story, 1400);
	path_story_udp_lost(story, 1401);
	path_story_udp(story, 60);
}

/* Hops were not asked. */
static void hole_above_the_mss_somewhere(struct path_story *story)
{
	path_story_handshake(story, 1300);
	path_story_segments(story, 1400, 30, 30);
	path_story_segments(story, 1401, 4, 0);
}

static void hole_above_the_mss_and_no_size_between(struct path_story *story)
{
	path_story_handshake(story, 1300);
	path_story_segments(story, 1400, 30, 30);
	path_story_segments(story, 1500, 4, 0);
}

/* The server does not answer old data. */
static void echo_alone_above_the_mss(struct path_story *story)
{
	path_story_handshake(story, 1300);
	echo_alone(story);
}

static void echo_alone_at_a_link_above_the_mss(struct path_story *story)
{
	path_story_handshake(story, 1300);
	echo_at_a_link(story, 0);
}

static void hole_below_the_mss(struct path_story *story)
{
	hole_and_mss(story, 1361);
}

/* The interface takes more than the probe sends. */
static void large_interface(struct path_story *story)
{
	story->path->comment.interface_mtu = 65520;
	path_story_segments(story, 9216, 20, 20);
}

static void interface_of_9216(struct path_story *story)
{
	story->path->comment.interface_mtu = 9216;
	path_story_segments(story, 9216, 20, 20);
}

/* UDP of 1500 bytes passes, echo does not. */
static void udp_passes(struct path_story *story)
{
	echo_alone(story);
	path_story_udp(story, 1500);
}

/* Echo of 1450 bytes passes, segments do not; neither search was brought to its
 * end. */
static void echo_passes(struct path_story *story)
{
	path_story_segments(story, 1400, 30, 30);
	path_story_segments(story, 1450, 4, 0);
	echos(story, 1450, 4, 4);
}

/* Short ones arrive; so many of the next size do not, nor eight larger ones. */
static void short_ones_alone(
	struct path_story *story, unsigned tries, unsigned short_lost)
{
	path_story_segments(story, 48, 30 + short_lost, 30);
	path_story_segments(story, 100, tries, 0);
	path_story_segments(story, 1500, 8, 0);
}

static void short_ones_alone_twice(struct path_story *story)
{
	short_ones_alone(story, 2, 0);
}

static void short_ones_alone_thrice(struct path_story *story)
{
	short_ones_alone(story, 3, 0);
}

/* Loss of a half takes eleven with a chance of 1 in 2,000. */
static void short_ones_alone_with_loss(struct path_story *story)
{
	short_ones_alone(story, 3, 30);
}

/* Over IPv6 a router refuses what is larger than `mtu`. */
static void limit_of_ipv6(struct path_story *story, uint32_t mtu)
{
	path_story_use_ipv6(story);
	path_story_segments(story, mtu, 40, 40);
	for (unsigned i = 0; i < 4; i++) {
		struct packet probe = path_story_segment(story, mtu + 1, 64);

		path_story_error(story, &probe, path_story_router(2),
			ICMP6_TOO_BIG, 0, mtu);
	}
}

static void limit_at_least_of_ipv6(struct path_story *story)
{
	limit_of_ipv6(story, 1280);
}

static void limit_below_least_of_ipv6(struct path_story *story)
{
	limit_of_ipv6(story, 1279);
}

static void limit_below_that_of_ipv4(struct path_story *story)
{
	path_story_segments(story, 1279, 40, 40);
	for (unsigned i = 0; i < 4; i++) {
		struct packet probe = path_story_segment(story, 1280, 64);

		path_story_error(
			story, &probe, path_story_router(2), 3, 4, 1279);
	}
}

const struct path_talk path_talks_size[] = {
	{
		.name = "a limit of 1280 bytes is heeded in IPv6",
		.tell = limit_at_least_of_ipv6,
		.parts = PATH_LINES_ADVICE,
		.found = "path-mtu likely by limit-reported, forward mtu 1280 "
			 "limited-after 64 reporter ..2.1\n"
			 "    do: Nothing, as long as senders receive the PTB "
			 "messages.\n"
			 "excluded: pmtu-black-hole\n",
	},
	{
		.name = "a smaller one is a black hole for some in IPv6",
		.tell = limit_below_least_of_ipv6,
		.parts = PATH_LINES_ADVICE | PATH_LINES_OPEN,
		.found = "path-mtu likely by limit-reported, forward mtu 1279 "
			 "limited-after 64 reporter ..2.1\n"
			 "    do: Let the link take 1280 bytes, the least of "
			 "IPv6 (RFC 8200, 5), or clamp the MSS to 1219.\n"
			 "open: pmtu-black-hole by limit-not-heeded\n"
			 "open: pmtu-black-hole/reverse by nothing-came-back\n"
			 "open: mss-clamped/reverse by nothing-came-back\n",
	},
	{
		.name = "and is heeded in IPv4",
		.tell = limit_below_that_of_ipv4,
		.parts = PATH_LINES_ADVICE,
		.found = "path-mtu likely by limit-reported, forward mtu 1279 "
			 "limited-after 64 reporter ..2.1\n"
			 "    do: Nothing, as long as senders receive the PTB "
			 "messages.\n"
			 "excluded: pmtu-black-hole\n",
	},
	{
		.name = "a hole is named by size and link",
		.tell = hole,
		.found = "pmtu-black-hole certain by hole-at-link, forward "
			 "mtu 1400 after 2 before 3\n",
	},
	{
		.name = "what echo alone measured may be a firewall's limit",
		.tell = echo_alone_at_a_link,
		.found = "pmtu-black-hole possible by hole-at-link, forward "
			 "mtu 1400 after 2 before 3; or a firewall that "
			 "limits ICMP echo: nothing else measured that size\n",
	},
	{
		.name = "with UDP it is a hole",
		.tell = echo_and_udp_at_a_link,
		.found = "pmtu-black-hole certain by hole-at-link, forward "
			 "mtu 1400 after 2 before 3\n",
	},
	{
		.name = "where UDP passes it is not",
		.tell = echo_at_a_link_that_udp_passes,
		.found = "path-mtu certain by full-size-passes, forward mtu "
			 "1500\n"
			 "excluded: pmtu-black-hole\n",
	},
	{
		.name = "a hole above the MSS spares the connection",
		.tell = hole_above_the_mss,
		.parts = PATH_LINES_ADVICE,
		.found = "pmtu-black-hole certain by hole-beyond-mss, "
			 "forward mtu 1400 after 2 before 3\n"
			 "    do: Nothing for TCP to this port. For UDP, "
			 "tunnels and ports without that MSS: let ICMP type "
			 "3 code 4 from there reach the senders, or set MTU "
			 "1400 on this host's interface. ICMP errors of hop "
			 "2 arrive here (time exceeded, for the same flow): "
			 "the PTB is never sent, or filtered by its type.\n",
	},
	{
		.name = "one that begins with the MSS may be a firewall's rule",
		.tell = hole_from_the_mss_on,
		.found = "pmtu-black-hole possible by hole-beyond-mss, "
			 "forward mtu 1400 after 2 before 3; or a firewall "
			 "that drops segments above the MSS of the SYN-ACK, "
			 "which no host sends\n",
	},
	{
		.name = "not where echo has the same limit",
		.tell = hole_from_the_mss_on_for_echo,
		.found = "pmtu-black-hole certain by hole-beyond-mss, "
			 "forward mtu 1400 after 2 before 3\n",
	},
	{
		.name = "nor where UDP has",
		.tell = hole_from_the_mss_on_for_udp,
		.found = "pmtu-black-hole certain by hole-beyond-mss, "
			 "forward mtu 1400 after 2 before 3\n",
	},
	{
		.name = "its place need not be known",
		.tell = hole_above_the_mss_somewhere,
		.found = "pmtu-black-hole certain by hole-beyond-mss, "
			 "forward mtu 1400\n",
	},
	{
		.name = "nor its exact size",
		.tell = hole_above_the_mss_and_no_size_between,
		.found = "pmtu-black-hole likely by hole-beyond-mss, "
			 "forward mtu 1400; or any size from 1400 to 1499 "
			 "bytes: no size between was sent\n",
	},
	{
		.name = "which path loses echo above the MSS is not known",
		.tell = echo_alone_above_the_mss,
		.found = "pmtu-black-hole possible by hole-on-either-path, "
			 "mtu 1400; or a firewall that limits ICMP echo: no "
			 "TCP connection was available to decide\n"
			 "mss-clamped likely by syn-ack-mss-lowered, "
			 "reverse sent 0 arrived 1300; or a setting of the "
			 "target (advmss of its route, MSS of its socket)\n",
	},
	{
		.name = "a firewall may limit echo above the MSS, too",
		.tell = echo_alone_at_a_link_above_the_mss,
		.found = "pmtu-black-hole possible by hole-beyond-mss, "
			 "forward mtu 1400 after 2 before 3; or a firewall "
			 "that limits ICMP echo: nothing else measured that "
			 "size\n"
			 "mss-clamped likely by syn-ack-mss-lowered, "
			 "reverse sent 0 arrived 1300; or a setting of the "
			 "target (advmss of its route, MSS of its socket)\n",
	},
	{
		.name = "a hole a byte below the MSS hits it",
		.tell = hole_below_the_mss,
		.found = "pmtu-black-hole certain by hole-at-link, forward "
			 "mtu 1400 after 2 before 3\n",
	},
	{
		.name = "sizes that the probe does not send are not determined",
		.tell = large_interface,
		.parts = PATH_LINES_OPEN,
		.found = "path-mtu likely by full-size-passes, forward mtu "
			 "9216; or less than the interface's MTU: no packet "
			 "above 9216 bytes was sent\n"
			 "open: pmtu-black-hole by larger-not-sent\n"
			 "open: pmtu-black-hole/reverse by larger-not-sent\n"
			 "open: mss-clamped/reverse by nothing-came-back\n",
	},
	{
		.name = "an interface of 9216 bytes is measured",
		.tell = interface_of_9216,
		.parts = PATH_LINES_OPEN,
		.found = "path-mtu certain by full-size-passes, forward mtu "
			 "9216\n"
			 "excluded: pmtu-black-hole\n"
			 "open: pmtu-black-hole/reverse by nothing-came-back\n"
			 "open: mss-clamped/reverse by nothing-came-back\n",
	},
	{
		.name = "silence that loss explains once in 12,000 times is "
			"certain",
		.tell = loss_is_excluded,
		.found = "pmtu-black-hole certain by hole-somewhere, forward "
			 "mtu 1400\n",
	},
	{
		.name = "silence that loss explains once in 8,000 times is "
			"likely",
		.tell = loss_is_unlikely,
		.found = "pmtu-black-hole likely by hole-somewhere, forward "
			 "mtu 1400\n",
	},
	{
		.name = "silence that loss explains once in 90 times is "
			"possible",
		.tell = loss_is_likely,
		.found = "pmtu-black-hole possible by hole-somewhere, forward "
			 "mtu 1400\n",
	},
	{
		.name = "a hole may begin at any size that was not tried",
		.tell = no_size_between,
		.found = "pmtu-black-hole likely by hole-somewhere, forward "
			 "mtu 1400; or any size from 1400 to 1499 bytes: no "
			 "size between was sent\n",
	},
	{
		.name = "so may one at a link",
		.tell = no_size_between_at_a_link,
		.found = "pmtu-black-hole likely by hole-at-link, forward mtu "
			 "1400 after 2 before 3; or any size from 1400 to 1499 "
			 "bytes: no size between was sent\n",
	},
	{
		.name = "a limit is told by a router",
		.tell = refused,
		.found = "path-mtu certain by limit-reported, forward mtu 1400 "
			 "limited-after 2 reporter ..2.1\n"
			 "excluded: pmtu-black-hole\n",
	},
	{
		.name = "a limit with sizes between is not certain",
		.tell = refused_with_sizes_between,
		.found = "path-mtu likely by limit-reported, forward mtu 1400 "
			 "limited-after 2 reporter ..2.1\n"
			 "excluded: pmtu-black-hole\n",
	},
	{
		.name = "a limit other than told is not certain",
		.tell = refused_with_an_untrue_size,
		.found = "path-mtu likely by limit-reported, forward mtu 1400 "
			 "limited-after 2 reporter ..2.1\n"
			 "excluded: pmtu-black-hole\n",
	},
	{
		.name = "a limit is not certain whose reporter is counted",
		.tell = refused_by_no_hop,
		.found = "path-mtu likely by limit-reported, forward mtu 1400 "
			 "limited-after 3 reporter ..7.7\n"
			 "excluded: pmtu-black-hole\n",
	},
	{
		.name = "nobody beyond the target places a limit",
		.tell = refused_beyond_the_target,
		.found = "path-mtu likely by limit-reported, forward mtu 1400 "
			 "reporter ..7.7\n"
			 "excluded: pmtu-black-hole\n",
	},
	{
		.name = "nor anybody at its distance",
		.tell = refused_at_the_targets_distance,
		.found = "path-mtu likely by limit-reported, forward mtu 1400 "
			 "reporter ..7.7\n"
			 "excluded: pmtu-black-hole\n",
	},
	{
		.name = "the last router before it does",
		.tell = refused_before_the_target,
		.found = "path-mtu likely by limit-reported, forward mtu 1400 "
			 "limited-after 4 reporter ..7.7\n"
			 "excluded: pmtu-black-hole\n",
	},
	{
		.name = "nor one told in the name of a router behind",
		.tell = refused_in_the_next_ones_name,
		.found = "path-mtu likely by limit-reported, forward mtu 1400 "
			 "reporter ..4.1\n"
			 "excluded: pmtu-black-hole\n",
	},
	{
		.name = "nor one told in the name of a router far before",
		.tell = refused_in_the_first_ones_name,
		.found = "path-mtu likely by limit-reported, forward mtu 1400 "
			 "reporter ..1.1\n"
			 "excluded: pmtu-black-hole\n",
	},
	{
		.name = "a hop limit that no hop has is not believed",
		.tell = refused_with_an_untrue_hop_limit,
		.found = "path-mtu certain by limit-reported, forward mtu 1400 "
			 "limited-after 2 reporter ..2.1\n"
			 "excluded: pmtu-black-hole\n",
	},
	/* Which way it is comes before which size. */
	{
		.name = "echo alone does not tell the way",
		.tell = echo_alone,
		.found = "pmtu-black-hole possible by hole-on-either-path, mtu "
			 "1400; or a firewall that limits ICMP echo: no TCP "
			 "connection was available to decide\n",
	},
	/* The target answers UDP by short errors. */
	{
		.name = "UDP tells the forward path from the return path",
		.tell = udp_passes,
		.found = "path-mtu certain by full-size-passes, forward mtu "
			 "1500\npmtu-black-hole possible by echo-lost, reverse "
			 "mtu 1400; or the target, or a firewall, limits the "
			 "size of ICMP echo: the server sent too little data "
			 "to decide\n",
	},
	/* Then the size makes no difference. */
	{
		.name = "a hole for TCP may be a device's",
		.tell = echo_passes,
		.found = "pmtu-black-hole likely by hole-somewhere, forward "
			 "mtu 1400; or a device that drops large TCP segments "
			 "only, or another route for them: other packets of "
			 "that size pass\n",
	},
	{
		.name = "two tries do not tell that nothing larger arrives",
		.tell = short_ones_alone_twice,
		.found = "",
	},
	{
		.name = "three tries tell that nothing larger arrives",
		.tell = short_ones_alone_thrice,
		.found = "pmtu-black-hole undetermined by "
			 "nothing-larger-arrives, forward; or a firewall that "
			 "passes only short packets of this kind\n",
	},
	{
		.name = "they do not where loss explains it",
		.tell = short_ones_alone_with_loss,
		.found = "",
	},
};
const unsigned path_talks_size_count =
	sizeof(path_talks_size) / sizeof(path_talks_size[0]);
