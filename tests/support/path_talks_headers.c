/* Talks about headers as hops quote them, and about "too big" to the server. */
#include "capture/linktype.h"
#include "tests/support/packet_encode.h"
#include "tests/support/path_talks_parts.h"

enum { QUOTE_MOST = 128, CHECKSUM_AT = 20 + 16 };

/* What a hop quotes otherwise than it was sent. */
enum change { AS_SENT, WINDOW, WRONG_CHECKSUM, SOURCE_PORT };

/* A SYN expires at a hop, which quotes the whole of it. */
static void quote(struct path_story *story, uint8_t hop, enum change change)
{
	struct packet syn = path_story_ours(story, PATH_STORY_PORT, TCP_SYN),
		      error;
	uint8_t bytes[QUOTE_MOST];

	syn.window = 1000;
	syn.options = OPTION_MSS;
	syn.mss = 1460;
	syn.ttl = hop;
	syn.ip_id = ++story->ip_id;
	syn.ip_bytes = (uint32_t)packet_encode(
		&syn, LINKTYPE_RAW, bytes, sizeof(bytes));
	path_packet(story->path, &syn);
	error = path_story_theirs(story, PATH_STORY_PORT, 0);
	error.kind = PACKET_ICMP;
	error.protocol = PROTOCOL_ICMP;
	error.source = path_story_router(hop);
	error.icmp_type = ICMP4_TIME_EXCEEDED;
	error.quoted = (struct quotation){.family = 4,
		.protocol = PROTOCOL_TCP,
		.source = syn.source,
		.target = syn.target,
		.source_port = syn.source_port,
		.target_port = syn.target_port,
		.has_ports = true,
		.has_sequence = true,
		.ip_id = syn.ip_id,
		.total_bytes = (uint16_t)syn.ip_bytes,
		.ttl = 1};
	if (change == WINDOW)
		syn.window = 2000;
	error.payload_captured = (uint32_t)packet_encode(
		&syn, LINKTYPE_RAW, bytes, sizeof(bytes));
	if (change == WRONG_CHECKSUM)
		bytes[CHECKSUM_AT] ^= 0x55;
	if (change == SOURCE_PORT)
		bytes[20] ^= 0x55; /* and the checksum as it was */
	error.payload = bytes;
	path_packet(story->path, &error);
}

/* The target quotes a UDP packet, with this class of traffic. */
static void quote_udp(struct path_story *story, uint8_t tos)
{
	struct packet udp = path_story_ours(story, PATH_STORY_PORT, 0), error;
	uint8_t bytes[QUOTE_MOST];

	udp.kind = PACKET_UDP;
	udp.protocol = PROTOCOL_UDP;
	udp.target_port = 33434;
	udp.ttl = 64;
	udp.tos = 0x4a;
	udp.ip_id = ++story->ip_id;
	udp.ip_bytes = (uint32_t)packet_encode(
		&udp, LINKTYPE_RAW, bytes, sizeof(bytes));
	path_packet(story->path, &udp);
	error = path_story_theirs(story, PATH_STORY_PORT, 0);
	error.kind = PACKET_ICMP;
	error.protocol = PROTOCOL_ICMP;
	error.icmp_type = 3;
	error.icmp_code = 3;
	error.quoted = (struct quotation){.family = 4,
		.protocol = PROTOCOL_UDP,
		.source = udp.source,
		.target = udp.target,
		.source_port = udp.source_port,
		.target_port = udp.target_port,
		.has_ports = true,
		.ip_id = udp.ip_id,
		.total_bytes = (uint16_t)udp.ip_bytes,
		.ttl = 60};
	udp.tos = tos;
	error.payload_captured = (uint32_t)packet_encode(
		&udp, LINKTYPE_RAW, bytes, sizeof(bytes));
	error.payload = bytes;
	path_packet(story->path, &error);
}

static void answer_syn(struct path_story *story)
{
	path_story_hear(story, PATH_STORY_PORT, TCP_SYN | TCP_ACK, 0, 0);
}

static void port_changed(struct path_story *story)
{
	quote(story, 1, AS_SENT);
	quote(story, 2, SOURCE_PORT);
	quote(story, 3, SOURCE_PORT);
	answer_syn(story);
}

static void window_changed_at_one_hop(struct path_story *story)
{
	quote(story, 1, AS_SENT);
	quote(story, 3, WINDOW);
	answer_syn(story);
}

static void checksum_wrong_at_one_hop(struct path_story *story)
{
	quote(story, 1, AS_SENT);
	quote(story, 2, WRONG_CHECKSUM);
	answer_syn(story);
}

static void checksum_wrong_beyond_a_silent_hop(struct path_story *story)
{
	quote(story, 1, AS_SENT);
	quote(story, 3, WRONG_CHECKSUM);
	quote(story, 4, WRONG_CHECKSUM);
	answer_syn(story);
}

static void changed_for_the_target(struct path_story *story)
{
	for (unsigned ttl = 1; ttl < PATH_STORY_DISTANCE; ttl++)
		quote(story, (uint8_t)ttl, AS_SENT);
	path_story_ask(story, 48, PATH_STORY_DISTANCE);
	quote_udp(story, 0x02);
	answer_syn(story);
}

static void nothing_quoted(struct path_story *story)
{
	path_story_asks(story, EXPERIMENT_REWRITTEN);
	path_story_say(story, PATH_STORY_PORT, TCP_SYN, 0, 1460);
	answer_syn(story);
}

/* The routers up to this hop quote the SYN as sent; the target is the fifth. */
static void quoted_up_to(struct path_story *story, uint8_t hop)
{
	path_story_asks(story, EXPERIMENT_REWRITTEN);
	for (uint8_t ttl = 1; ttl <= hop; ttl++)
		quote(story, ttl, AS_SENT);
	path_story_ask(story, 48, PATH_STORY_DISTANCE);
	answer_syn(story);
}

static void quoted_as_sent(struct path_story *story)
{
	quoted_up_to(story, PATH_STORY_DISTANCE - 1);
}

/* What the last one does is not seen. */
static void quoted_by_all_but_one(struct path_story *story)
{
	quoted_up_to(story, PATH_STORY_DISTANCE - 2);
}

/* The server fills the segment that the SYN offered. */
static void offered_and_filled(struct path_story *story)
{
	uint16_t port = PATH_STORY_PORT + 1;

	quoted_up_to(story, PATH_STORY_DISTANCE - 2);
	path_story_say(story, port, TCP_SYN, 0, 1460);
	path_story_hear(story, port, TCP_SYN | TCP_ACK, 0, 0);
	path_story_say(story, port, TCP_ACK, 1, 0);
	path_story_hear(story, port, TCP_ACK, 1, 1460);
	story->time_ns += 200000000;
	path_story_hear(story, port, TCP_ACK, 1, 1460);
}

/* The server is told that its segment of 1500 bytes is too big. */
static void tell_too_big(struct path_story *story)
{
	struct packet error;

	path_story_asks(story, EXPERIMENT_TOO_BIG);
	path_story_say(story, PATH_STORY_PORT, TCP_SYN, 0, 1460);
	answer_syn(story);
	path_story_hear(story, PATH_STORY_PORT, TCP_ACK, 1, 1460);
	error = path_story_ours(story, PATH_STORY_PORT, 0);
	error.kind = PACKET_ICMP;
	error.protocol = PROTOCOL_ICMP;
	error.icmp_type = ICMP4_UNREACHABLE;
	error.icmp_code = ICMP4_FRAGMENTATION_NEEDED;
	error.icmp_mtu = 1280;
	error.quoted = (struct quotation){.family = 4,
		.protocol = PROTOCOL_TCP,
		.source = error.target,
		.target = error.source,
		.source_port = 22,
		.target_port = PATH_STORY_PORT,
		.has_ports = true,
		.sequence = 1,
		.has_sequence = true};
	path_packet(story->path, &error);
	story->time_ns += INT64_C(1000000000);
}

static void silent_after_too_big(struct path_story *story)
{
	tell_too_big(story);
}

static void smaller_after_too_big(struct path_story *story)
{
	tell_too_big(story);
	path_story_hear(story, PATH_STORY_PORT, TCP_ACK, 1, 1240);
}

/* It sends the same again, so often. */
static void repeat_after_too_big(struct path_story *story, unsigned times)
{
	tell_too_big(story);
	for (unsigned i = 0; i < times; i++) {
		struct packet again =
			path_story_theirs(story, PATH_STORY_PORT, TCP_ACK);

		again.sequence = 1;
		again.payload_bytes = 1460;
		again.ip_bytes = 1500;
		again.is_df = true;
		path_packet(story->path, &again);
		story->time_ns += INT64_C(1000000000);
	}
}

static void once_as_large(struct path_story *story)
{
	repeat_after_too_big(story, 1);
}

static void twice_as_large(struct path_story *story)
{
	repeat_after_too_big(story, 2);
}

const struct path_talk path_talks_headers[] = {
	{
		.name = "what the target alone quotes may be of another route",
		.tell = changed_for_the_target,
		.found = "rewritten likely by field-rewritten, forward hop 4 "
			 "dscp; or hop 5 quotes wrongly: no hop behind it "
			 "confirms the change; or a device nearer, on another "
			 "route that UDP takes\n",
	},
	/* The port explains the checksum: one translation is one finding. */
	{
		.name = "a changed port is no second finding by the checksum",
		.tell = port_changed,
		.found = "rewritten certain by field-rewritten, forward hop 1 "
			 "source\n",
	},
	/* Where it was changed is a question only if it was. */
	{
		.name = "a change that one hop quotes may be none",
		.tell = window_changed_at_one_hop,
		.found = "rewritten likely by field-rewritten, forward hop 2 "
			 "window; or hop 3 quotes wrongly: no hop behind it "
			 "confirms the change; or a hop from 1 on: those "
			 "between do not quote enough\n",
	},
	{
		.name = "a checksum that one hop quotes may be its own",
		.tell = checksum_wrong_at_one_hop,
		.found = "rewritten likely by checksum-left, forward hop 1 "
			 "source; or hop 2 quotes wrongly: no hop behind it "
			 "confirms the change\n",
	},
	{
		.name = "a checksum may be left by any hop that does not quote",
		.tell = checksum_wrong_beyond_a_silent_hop,
		.found = "rewritten likely by checksum-left, forward hop 2 "
			 "source; or a hop from 1 on: those between do not "
			 "quote enough\n",
	},
	{
		.name = "what nobody quotes may be changed",
		.tell = nothing_quoted,
		.found = "",
	},
	{
		.name = "what is quoted as sent is not",
		.tell = quoted_as_sent,
		.parts = PATH_LINES_OPEN,
		.found = "excluded: df-cleared rewritten option-refused\n"
			 "open: pmtu-black-hole by nothing-came-back\n"
			 "open: pmtu-black-hole/reverse by nothing-came-back\n"
			 "open: mss-clamped by mss-unseen\n"
			 "open: mss-clamped/reverse by nothing-came-back\n",
	},
	{
		.name = "what the last router does not quote is not excluded",
		.tell = quoted_by_all_but_one,
		.parts = PATH_LINES_OPEN,
		.found = "open: pmtu-black-hole by nothing-came-back\n"
			 "open: pmtu-black-hole/reverse by nothing-came-back\n"
			 "open: mss-clamped by mss-unseen\n"
			 "open: mss-clamped/reverse by nothing-came-back\n"
			 "open: df-cleared by headers-unseen\n"
			 "open: rewritten by headers-unseen\n"
			 "open: option-refused by headers-unseen\n",
	},
	{
		.name = "a segment of full size excludes a clamp",
		.tell = offered_and_filled,
		.parts = PATH_LINES_OPEN,
		.found = "excluded: mss-clamped\n"
			 "open: pmtu-black-hole by nothing-came-back\n"
			 "open: pmtu-black-hole/reverse by nothing-came-back\n"
			 "open: mss-clamped/reverse by nothing-came-back\n"
			 "open: df-cleared by headers-unseen\n"
			 "open: rewritten by headers-unseen\n"
			 "open: option-refused by headers-unseen\n",
	},
	{
		.name = "a server that sends no more honours and ignores "
			"nothing",
		.tell = silent_after_too_big,
		.found = "",
	},
	/* That one may have been on its way. */
	{
		.name = "a server that sends as large a segment once, may heed",
		.tell = once_as_large,
		.found = "",
	},
	{
		.name = "a server that sends as large segments twice does not",
		.tell = twice_as_large,
		.found = "too-big-ignored likely by too-big-ignored, reverse; "
			 "or a firewall on the path drops PTB messages, or "
			 "those that an endpoint sends itself\n",
	},
	{
		.name = "a server that sends smaller segments was told",
		.tell = smaller_after_too_big,
		.found = "excluded: too-big-ignored/reverse\n",
	},
};
const unsigned path_talks_headers_count =
	sizeof(path_talks_headers) / sizeof(path_talks_headers[0]);
