#include "tests/support/path_story.h"

#include <stdlib.h>

#include "analysis/path/path_record.h"

static const struct address own = {{10, 0, 0, 1}};
static const struct address target = {{10, 0, 9, 9}};

struct path_story path_story_begin(void)
{
	struct section_comment comment = {.version = 1,
		.own = own,
		.target = target,
		.family = 4,
		.port = 22,
		.interface_mtu = 1500,
		.experiments = probe_experiment_bit(EXPERIMENT_ROUTE) |
			       probe_experiment_bit(EXPERIMENT_MTU)};
	struct failure failure;
	struct path_story story = {.path = path_new(&comment, &failure),
		.quoted_ttl = 1,
		.tcp_ttl = 60,
		.echo_router = 1};

	if (!story.path)
		abort();
	return story;
}

static struct packet next(
	struct path_story *story, struct address source, struct address to)
{
	story->time_ns += 1000000;
	return (struct packet){.frame = ++story->frame,
		.time_ns = story->time_ns,
		.family = story->path->comment.family,
		.source = source,
		.target = to,
		.ttl = 60};
}

void path_story_use_ipv6(struct path_story *story)
{
	story->path->comment.family = 6;
	story->path->table.family = 6;
}

void path_story_asks(struct path_story *story, enum probe_experiment experiment)
{
	story->path->comment.experiments |= probe_experiment_bit(experiment);
}

struct address path_story_router(unsigned hop)
{
	return (struct address){{10, 0, (uint8_t)hop, 1}};
}

/* On a connection from this port. */
struct packet path_story_ours(
	struct path_story *story, uint16_t port, uint16_t flags)
{
	struct packet packet = next(story, own, target);

	packet.kind = PACKET_TCP;
	packet.protocol = PROTOCOL_TCP;
	packet.source_port = port;
	packet.target_port = 22;
	packet.tcp_flags = flags;
	return packet;
}

struct packet path_story_theirs(
	struct path_story *story, uint16_t port, uint16_t flags)
{
	struct packet packet = next(story, target, own);

	packet.ttl = story->tcp_ttl;
	packet.kind = PACKET_TCP;
	packet.protocol = PROTOCOL_TCP;
	packet.source_port = 22;
	packet.target_port = port;
	packet.tcp_flags = flags;
	return packet;
}

struct packet path_story_segment(
	struct path_story *story, uint32_t ip_bytes, uint8_t ttl)
{
	return path_story_segment_on(story, PATH_STORY_PORT, ip_bytes, ttl);
}

struct packet path_story_segment_on(
	struct path_story *story, uint16_t port, uint32_t ip_bytes, uint8_t ttl)
{
	struct packet packet = path_story_ours(story, port, TCP_ACK);

	packet.ip_bytes = ip_bytes;
	packet.payload_bytes =
		ip_bytes - tcp_headers_bytes(story->path->comment.family);
	packet.sequence = (port == PATH_STORY_PORT ? 100000u : 1u) -
			  story->offset++ - packet.payload_bytes;
	packet.ttl = ttl;
	packet.ip_id = ++story->ip_id;
	packet.is_df = true;
	path_packet(story->path, &packet);
	return packet;
}

struct packet path_story_stray(
	struct path_story *story, uint16_t port, uint32_t ip_bytes)
{
	struct packet packet = path_story_ours(story, port, TCP_ACK);

	packet.ip_bytes = ip_bytes;
	packet.payload_bytes = ip_bytes - 40;
	packet.sequence = 900000u - story->offset++ - packet.payload_bytes;
	packet.acknowledged = ~packet.sequence;
	packet.ttl = 64;
	packet.ip_id = ++story->ip_id;
	packet.is_df = true;
	path_packet(story->path, &packet);
	return packet;
}

void path_story_reset(
	struct path_story *story, const struct packet *stray, uint8_t ttl)
{
	struct packet packet =
		path_story_theirs(story, stray->source_port, TCP_RST);

	packet.sequence = stray->acknowledged;
	packet.ttl = ttl;
	path_packet(story->path, &packet);
}

void path_story_named(struct path_story *story, const struct packet *sent_probe)
{
	struct packet packet =
		path_story_theirs(story, sent_probe->source_port, TCP_ACK);

	packet.acknowledged =
		sent_probe->source_port == PATH_STORY_PORT ? 100000 : 1;
	packet.sack_count = 1;
	packet.sack[0] = (struct sack_block){sent_probe->sequence,
		sent_probe->sequence + sent_probe->payload_bytes};
	path_packet(story->path, &packet);
}

void path_story_error(struct path_story *story, const struct packet *sent_probe,
	struct address from, uint8_t type, uint8_t code, uint32_t mtu)
{
	uint8_t family = story->path->comment.family;
	struct packet packet = next(story, from, own);

	packet.kind = PACKET_ICMP;
	packet.protocol = family == 4 ? PROTOCOL_ICMP : PROTOCOL_ICMP6;
	packet.icmp_type = type;
	packet.icmp_code = code;
	packet.icmp_mtu = mtu;
	packet.quoted = (struct quotation){.family = family,
		.protocol = PROTOCOL_TCP,
		.source = own,
		.target = target,
		.source_port = sent_probe->source_port,
		.target_port = 22,
		.has_ports = true,
		.sequence = sent_probe->sequence,
		.has_sequence = true,
		.ip_id = sent_probe->ip_id,
		.total_bytes = (uint16_t)sent_probe->ip_bytes,
		.ttl = story->quoted_ttl,
		.is_df = !story->is_df_cleared};
	path_packet(story->path, &packet);
}

void path_story_handshake(struct path_story *story, uint16_t mss)
{
	struct packet packet;

	path_story_say(story, PATH_STORY_PORT, TCP_SYN, 99999, 1460);
	packet = path_story_theirs(story, PATH_STORY_PORT, TCP_SYN | TCP_ACK);
	packet.acknowledged = 100000;
	packet.options = OPTION_MSS;
	packet.mss = mss;
	path_packet(story->path, &packet);
}

static void answer(struct path_story *story, const struct packet *sent_probe)
{
	if (sent_probe->ip_bytes > PATH_STORY_HOLE_BYTES &&
		sent_probe->ttl >= PATH_STORY_HOLE_LINK)
		return;
	if (sent_probe->ttl < PATH_STORY_DISTANCE)
		path_story_error(story, sent_probe,
			path_story_router(sent_probe->ttl), 11, 0, 0);
	else
		path_story_named(story, sent_probe);
}

void path_story_ask(struct path_story *story, uint32_t bytes, uint8_t ttl)
{
	struct packet sent_probe = path_story_segment(story, bytes, ttl);

	answer(story, &sent_probe);
}

/* What the experiments ask on such a path. */
void path_story_tell_hole(struct path_story *story)
{
	for (unsigned ttl = 1; ttl <= PATH_STORY_DISTANCE + 1; ttl++)
		path_story_ask(story, 48, (uint8_t)ttl);
	for (uint32_t bytes = 1280; bytes <= 1500; bytes += 4)
		path_story_ask(story, bytes, 64);
	for (int i = 0; i < 4; i++)
		path_story_ask(story, 1401, 64);
	for (int i = 0; i < 3; i++)
		for (unsigned ttl = 1; ttl < PATH_STORY_DISTANCE; ttl++) {
			path_story_ask(story, 1401, (uint8_t)ttl);
			path_story_ask(story, 1400, (uint8_t)ttl);
		}
}

/* With words where it says so. */
void path_story_say(struct path_story *story, uint16_t port, uint16_t flags,
	uint32_t sequence, uint16_t mss)
{
	struct packet packet = path_story_ours(story, port, flags);

	packet.payload_bytes = flags & TCP_PSH ? 16 : 0;
	packet.sequence = sequence;
	packet.options = OPTION_MSS;
	packet.mss = mss;
	packet.window = 65535;
	path_packet(story->path, &packet);
}

void path_story_hear(struct path_story *story, uint16_t port, uint16_t flags,
	uint32_t sequence, uint32_t bytes)
{
	struct packet packet = path_story_theirs(story, port, flags);

	packet.sequence = sequence;
	packet.acknowledged = 1;
	packet.payload_bytes = bytes;
	packet.ip_bytes = bytes + 40;
	path_packet(story->path, &packet);
}

static struct packet ask_echo(
	struct path_story *story, uint32_t bytes, uint8_t ttl)
{
	struct packet packet = next(story, own, target);

	packet.kind = PACKET_ICMP;
	packet.protocol = PROTOCOL_ICMP;
	packet.icmp_type = ICMP4_ECHO;
	packet.icmp_id = PATH_STORY_PORT;
	packet.icmp_sequence = (uint16_t)story->frame;
	packet.ip_bytes = bytes;
	packet.ttl = ttl;
	path_packet(story->path, &packet);
	return packet;
}

/* The reply to it, whole or its first fragment. */
static void answer_echo(struct path_story *story, struct packet request,
	uint32_t bytes, bool is_first_fragment)
{
	request.source = target;
	request.target = own;
	request.icmp_type = ICMP4_ECHO_REPLY;
	request.ttl = 60; /* as all from there */
	request.ip_bytes = bytes;
	request.is_first_fragment = is_first_fragment;
	request.frame = ++story->frame;
	request.time_ns = story->time_ns += 1000000;
	path_packet(story->path, &request);
}

void path_story_echo(struct path_story *story, uint32_t bytes, bool is_answered)
{
	path_story_echo_to(story, bytes, 64, is_answered);
}

static void report_echo(struct path_story *story, const struct packet *request)
{
	struct address router = path_story_router(request->ttl);
	struct packet error;

	router.bytes[3] = story->echo_router;
	error = next(story, router, own);

	error.kind = PACKET_ICMP;
	error.protocol = PROTOCOL_ICMP;
	error.icmp_type = ICMP4_TIME_EXCEEDED;
	error.quoted = (struct quotation){
		.family = 4,
		.protocol = PROTOCOL_ICMP,
		.source = own,
		.target = target,
		.source_port = request->icmp_id,
		.target_port = request->icmp_sequence,
		.has_ports = true,
		.total_bytes = (uint16_t)request->ip_bytes,
		.ttl = 1,
	};
	path_packet(story->path, &error);
}

void path_story_echo_to(
	struct path_story *story, uint32_t bytes, uint8_t ttl, bool is_answered)
{
	struct packet request = ask_echo(story, bytes, ttl);

	if (is_answered)
		answer_echo(story, request, bytes, false);
	else if (ttl < 64)
		report_echo(story, &request);
}

void path_story_echo_lost(struct path_story *story, uint32_t bytes, uint8_t ttl)
{
	(void)ask_echo(story, bytes, ttl);
}

void path_story_echo_cut(
	struct path_story *story, uint32_t bytes, uint32_t first_bytes)
{
	answer_echo(story, ask_echo(story, bytes, 64), first_bytes, true);
}

void path_story_echo_short(
	struct path_story *story, uint32_t bytes, uint32_t reply_bytes)
{
	answer_echo(story, ask_echo(story, bytes, 64), reply_bytes, false);
}

static struct packet send_udp(struct path_story *story, uint32_t bytes)
{
	struct packet packet = next(story, own, target);

	packet.kind = PACKET_UDP;
	packet.protocol = PROTOCOL_UDP;
	packet.source_port = PATH_STORY_PORT;
	packet.target_port = 33434;
	packet.ip_bytes = bytes;
	packet.ip_id = ++story->ip_id;
	packet.ttl = 64;
	path_packet(story->path, &packet);
	return packet;
}

void path_story_udp_lost(struct path_story *story, uint32_t bytes)
{
	(void)send_udp(story, bytes);
}

void path_story_udp(struct path_story *story, uint32_t bytes)
{
	struct packet packet = send_udp(story, bytes), error;

	error = next(story, target, own);
	error.kind = PACKET_ICMP;
	error.protocol = PROTOCOL_ICMP;
	error.icmp_type = ICMP4_UNREACHABLE;
	error.icmp_code = ICMP4_PORT;
	error.quoted = (struct quotation){.family = 4,
		.protocol = PROTOCOL_UDP,
		.source = own,
		.target = target,
		.source_port = PATH_STORY_PORT,
		.target_port = 33434,
		.has_ports = true,
		.ip_id = packet.ip_id,
		.total_bytes = (uint16_t)bytes,
		.ttl = 60};
	path_packet(story->path, &error);
}

void path_story_segments(struct path_story *story, uint32_t bytes,
	unsigned sent, unsigned arrived)
{
	for (unsigned i = 0; i < sent; i++) {
		struct packet probe = path_story_segment(story, bytes, 64);

		if (i < arrived)
			path_story_named(story, &probe);
	}
}

void path_story_hops(struct path_story *story)
{
	for (unsigned ttl = 1; ttl <= PATH_STORY_DISTANCE; ttl++)
		path_story_ask(story, 48, (uint8_t)ttl);
}
