#include "forge.h"

#include <string.h>

static const struct forge_style styles[] = {
	/* What a Linux firewall's "reject with tcp reset" looks like. */
	{.name = "linux", .count = 1, .flags = TCP_RST, .df = true, .ttl = 64},
	/* Three at once, window = TTL + 1375, one IP ID: capture of
	 * 222.138.4.221 (CenTrace test data). */
	{.name = "triple",
		.count = 3,
		.flags = TCP_RST | TCP_ACK,
		.df = true,
		.ttl = 166,
		.window_rule = WINDOW_TTL_PLUS_1375,
		.ip_id_rule = IP_ID_RANDOM},
	/* X, X+1460, X+4380: Clayton, Murdoch, Watson 2006; INTANG's
	 * "type 2". */
	{.name = "train",
		.count = 3,
		.sequence_step = {0, 1460, 4380},
		.flags = TCP_RST | TCP_ACK,
		.ttl = 97,
		.window_rule = WINDOW_RANDOM,
		.ip_id_rule = IP_ID_RANDOM},
	/* INTANG's "type 1": a single RST, window not zero, no DF. */
	{.name = "single",
		.count = 1,
		.flags = TCP_RST,
		.ttl = 113,
		.window_rule = WINDOW_RANDOM,
		.ip_id_rule = IP_ID_RANDOM},
	/* Header built from the client's packet: capture of 195.64.201.42. */
	{.name = "client-header",
		.count = 1,
		.flags = TCP_RST,
		.stale_ack = true,
		.ttl = 28,
		.window_rule = WINDOW_TRIGGER,
		.ip_id_rule = IP_ID_TRIGGER_PLUS_1},
	/* Captures of 195.46.232.198 and 200.115.176.142. */
	{.name = "window-8192",
		.count = 1,
		.flags = TCP_RST | TCP_ACK,
		.ttl = 50,
		.window = 8192,
		.ip_id_rule = IP_ID_RANDOM},
	/* Pairs, SEQ +0 and +1, little-endian IP ID counter, TTL 237 far from
	 * the server's: capture of 116.223.148.197. */
	{.name = "pair-256",
		.count = 2,
		.sequence_step = {0, 1},
		.flags = TCP_RST,
		.ttl = 244,
		.ip_id_rule = IP_ID_LITTLE_ENDIAN,
		.ip_id = 0x824e},
	/* All zero, TTL near the server's: capture of 62.28.164.41. */
	{.name = "bare", .count = 1, .flags = TCP_RST, .ttl = 66},
	/* Second SEQ = first + 12503: Weaver et al. 2009 (as remembered). */
	{.name = "pair-12503",
		.count = 2,
		.sequence_step = {0, 12503},
		.flags = TCP_RST,
		.df = true,
		.ttl = 128,
		.ip_id_rule = IP_ID_RANDOM},
	/* Constant IP ID 64: Weaver et al. 2009 (as remembered). */
	{.name = "ip-id-64",
		.count = 1,
		.flags = TCP_RST,
		.ttl = 128,
		.window = 0,
		.ip_id = 64},
	/* Not exact: RFC 5961 stacks answer the first with a challenge ACK
	 * and ignore the second. */
	{.name = "in-window",
		.count = 1,
		.sequence_step = {1000},
		.flags = TCP_RST,
		.ttl = 97,
		.window = 8192,
		.ip_id = 7777},
	{.name = "out-of-window",
		.count = 1,
		.sequence_step = {100000000},
		.flags = TCP_RST,
		.ttl = 97,
		.window = 8192,
		.ip_id = 7777},
	/* The perfect forgery: nothing but the exact number. */
	{.name = "exact",
		.count = 1,
		.flags = TCP_RST,
		.ttl = 97,
		.window = 8192,
		.ip_id = 7777},
	{.name = "ip-id-minus-26",
		.count = 1,
		.flags = TCP_RST,
		.ttl = 128,
		.ip_id_rule = IP_ID_TRIGGER_MINUS_26},
	/* Header of the packet it answers, addresses exchanged: identification
	 * and (with mirror_ttl) TTL are the peer's. */
	{.name = "copies-peer",
		.count = 1,
		.flags = TCP_RST | TCP_ACK,
		.df = true,
		.ttl = 64,
		.ip_id_rule = IP_ID_TRIGGER},
	/* The claimed sender's own counter goes on, and (with copy_ttl) so
	 * does its TTL: nothing of IP gives it away. */
	{.name = "copies-side",
		.count = 1,
		.flags = TCP_RST | TCP_ACK,
		.df = true,
		.ttl = 64,
		.ip_id_rule = IP_ID_CONTINUES},
	/* Of a firewall that keeps the numbers of both ends. */
	{.name = "stateful",
		.count = 1,
		.flags = TCP_RST | TCP_ACK,
		.acks_all = true,
		.df = true,
		.ttl = 64},
	/* Snort's active response: TTL of the session, an identification of
	 * its own, no DF (as remembered of its encoder). */
	{.name = "snort",
		.count = 1,
		.flags = TCP_RST | TCP_ACK,
		.ttl = 64,
		.ip_id_rule = IP_ID_RANDOM},
	/* A page of warning before the true one: providers that redirect. */
	{.name = "answer",
		.count = 1,
		.flags = TCP_PSH | TCP_ACK,
		.ttl = 97,
		.window = 8192,
		.ip_id = 7777,
		.payload = "HTTP/1.1 302 Found\r\n"
			   "Location: http://warning.lab/\r\n"
			   "Content-Length: 0\r\n\r\n"},
	/* The same, and it closes in the server's name. */
	{.name = "answer-fin",
		.count = 1,
		.flags = TCP_PSH | TCP_ACK | TCP_FIN,
		.ttl = 97,
		.window = 8192,
		.ip_id = 7777,
		.payload = "HTTP/1.1 403 Forbidden\r\n"
			   "Connection: close\r\n\r\n"},
	/* A FIN in place of a reset. */
	{.name = "fin",
		.count = 1,
		.flags = TCP_ACK | TCP_FIN,
		.ttl = 97,
		.window = 8192,
		.ip_id = 7777},
};

const struct forge_style *forge_style_named(const char *name)
{
	for (size_t i = 0; i < sizeof(styles) / sizeof(styles[0]); i++)
		if (strcmp(styles[i].name, name) == 0)
			return &styles[i];
	return NULL;
}

static uint16_t window_of(
	const struct forge_order *order, const struct tcp_fields *trigger)
{
	switch (order->style->window_rule) {
	case WINDOW_FIXED:
		return order->style->window;
	case WINDOW_TRIGGER:
		return trigger->window;
	case WINDOW_TTL_PLUS_1375:
		return (uint16_t)(order->ttl + 1375);
	case WINDOW_RANDOM:
		return (uint16_t)(1 + (order->random >> 8) % 4000 +
				  order->index * 37);
	}
	return 0;
}

static uint16_t ip_id_of(const struct forge_order *order)
{
	uint16_t trigger = frame_ip_id(order->trigger);

	switch (order->style->ip_id_rule) {
	case IP_ID_FIXED:
		return order->style->ip_id;
	case IP_ID_TRIGGER_PLUS_1:
		return (uint16_t)(trigger + 1);
	case IP_ID_TRIGGER_MINUS_26:
		return (uint16_t)(trigger - 26);
	case IP_ID_TRIGGER:
		return trigger;
	case IP_ID_CONTINUES:
		return (uint16_t)(order->ip_id + 1 + order->index);
	case IP_ID_LITTLE_ENDIAN:
		return (uint16_t)(order->style->ip_id + 0x100 * order->index);
	case IP_ID_RANDOM:
		return (uint16_t)(order->ip_id + 0x4000 +
				  (order->random >> 4) % 0x8000);
	}
	return 0;
}

static size_t payload_bytes(const struct forge_style *style)
{
	return style->payload ? strnlen(style->payload, FORGE_PAYLOAD) : 0;
}

static void write_ip(const struct forge_order *order, uint8_t *ip)
{
	const struct frame *trigger = order->trigger;
	const uint8_t *from = order->as_receiver ? frame_destination(trigger)
						 : frame_source(trigger);
	const uint8_t *to = order->as_receiver ? frame_source(trigger)
					       : frame_destination(trigger);
	size_t bytes = address_bytes(trigger);

	if (trigger->version == 4) {
		ip[0] = 0x45;
		put16(ip + 2, (uint16_t)(40 + payload_bytes(order->style)));
		put16(ip + 4, ip_id_of(order));
		put16(ip + 6, order->style->df ? 0x4000 : 0);
		ip[8] = order->ttl;
		ip[9] = 6;
	} else {
		ip[0] = 0x60;
		put16(ip + 4, (uint16_t)(20 + payload_bytes(order->style)));
		ip[6] = 6;
		ip[7] = order->ttl;
	}
	memcpy(ip + (bytes == 4 ? 12 : 8), from, bytes);
	memcpy(ip + (bytes == 4 ? 16 : 24), to, bytes);
}

size_t forge_packet(const struct forge_order *order, uint8_t *bytes)
{
	const struct frame *trigger = order->trigger;
	struct tcp_fields seen = frame_tcp(trigger);
	size_t ip_header = trigger->version == 4 ? 20 : 40;
	size_t extra = payload_bytes(order->style);
	size_t length = ETHERNET_BYTES + ip_header + 20 + extra;
	uint8_t *tcp = bytes + ETHERNET_BYTES + ip_header;
	uint8_t flags = order->style->flags;
	struct frame frame;

	memset(bytes, 0, length);
	memcpy(bytes, trigger->bytes + (order->as_receiver ? 6 : 0), 6);
	memcpy(bytes + 6, trigger->bytes + (order->as_receiver ? 0 : 6), 6);
	memcpy(bytes + 12, trigger->bytes + 12, 2);
	write_ip(order, bytes + ETHERNET_BYTES);
	put16(tcp, order->as_receiver ? seen.destination : seen.source);
	put16(tcp + 2, order->as_receiver ? seen.source : seen.destination);
	put32(tcp + 4,
		order->sequence + order->style->sequence_step[order->index]);
	if ((flags & TCP_ACK) || order->style->stale_ack)
		put32(tcp + 8, order->acknowledgement);
	tcp[12] = 5 << 4;
	tcp[13] = flags;
	put16(tcp + 14, window_of(order, &seen));
	if (extra > 0)
		memcpy(tcp + 20, order->style->payload, extra);
	frame_parse(&frame, bytes, length);
	frame_refresh(&frame);
	return length;
}
