#include "frame.h"

#include <string.h>

enum {
	PROTOCOL_ICMP = 1,
	PROTOCOL_TCP = 6,
	PROTOCOL_ICMP6 = 58,
	TCP_HEADER_BYTES = 20,
	IPV6_HEADER_BYTES = 40,
	OPTION_END = 0,
	OPTION_NOP = 1,
	OPTION_MSS = 2,
	OPTION_WINDOW_SCALE = 3,
	OPTION_SACK_PERMITTED = 4,
	OPTION_SACK = 5,
	OPTION_TIMESTAMPS = 8,
};

uint16_t get16(const uint8_t *at)
{
	return (uint16_t)(at[0] << 8 | at[1]);
}

uint32_t get32(const uint8_t *at)
{
	return (uint32_t)get16(at) << 16 | get16(at + 2);
}

void put16(uint8_t *at, uint16_t value)
{
	at[0] = (uint8_t)(value >> 8);
	at[1] = (uint8_t)value;
}

void put32(uint8_t *at, uint32_t value)
{
	put16(at, (uint16_t)(value >> 16));
	put16(at + 2, (uint16_t)value);
}

static void parse_transport(struct frame *frame, size_t end)
{
	const uint8_t *at = frame->bytes + frame->transport;

	if (frame->transport >= end)
		return;
	if (frame->protocol == PROTOCOL_ICMP) {
		frame->is_icmp_error = at[0] == 3 || at[0] == 4 || at[0] == 5 ||
				       at[0] == 11 || at[0] == 12;
		frame->is_too_big =
			at[0] == 3 && frame->transport + 2 <= end && at[1] == 4;
	} else if (frame->protocol == PROTOCOL_ICMP6) {
		frame->is_icmp_error = at[0] < 128;
		frame->is_too_big = at[0] == 2;
		frame->is_neighbour = at[0] >= 133 && at[0] <= 137;
	} else if (frame->protocol == PROTOCOL_TCP &&
		   end - frame->transport >= TCP_HEADER_BYTES) {
		size_t header = (size_t)(at[12] >> 4) * 4;

		if (header < TCP_HEADER_BYTES ||
			header > end - frame->transport)
			return;
		frame->is_tcp = true;
		frame->payload = frame->transport + header;
		frame->payload_bytes = end - frame->payload;
	}
}

static void parse_ipv4(struct frame *frame)
{
	const uint8_t *at = frame->bytes + ETHERNET_BYTES;
	size_t left = frame->length - ETHERNET_BYTES;
	size_t header;

	if (left < 20 || at[0] >> 4 != 4)
		return;
	header = (size_t)(at[0] & 15) * 4;
	if (header < 20 || get16(at + 2) < header || get16(at + 2) > left)
		return;
	frame->version = 4;
	frame->ip = ETHERNET_BYTES;
	frame->ip_bytes = get16(at + 2);
	frame->protocol = at[9];
	frame->is_fragment = (get16(at + 6) & 0x3fff) != 0;
	frame->transport = frame->ip + header;
	if ((get16(at + 6) & 0x1fff) == 0)
		parse_transport(frame, frame->ip + frame->ip_bytes);
}

static void parse_ipv6(struct frame *frame)
{
	const uint8_t *at = frame->bytes + ETHERNET_BYTES;
	size_t left = frame->length - ETHERNET_BYTES;

	if (left < IPV6_HEADER_BYTES || at[0] >> 4 != 6 ||
		get16(at + 4) > left - IPV6_HEADER_BYTES)
		return;
	frame->version = 6;
	frame->ip = ETHERNET_BYTES;
	frame->ip_bytes = (size_t)IPV6_HEADER_BYTES + get16(at + 4);
	frame->protocol = at[6];
	frame->is_fragment = at[6] == 44;
	frame->transport = frame->ip + IPV6_HEADER_BYTES;
	if (!frame->is_fragment)
		parse_transport(frame, frame->ip + frame->ip_bytes);
}

void frame_parse(struct frame *frame, uint8_t *bytes, size_t length)
{
	*frame = (struct frame){.bytes = bytes, .length = length};
	if (length < ETHERNET_BYTES)
		return;
	if (get16(bytes + 12) == 0x0800)
		parse_ipv4(frame);
	else if (get16(bytes + 12) == 0x86dd)
		parse_ipv6(frame);
}

struct tcp_fields frame_tcp(const struct frame *frame)
{
	const uint8_t *at = frame->bytes + frame->transport;

	return (struct tcp_fields){
		.source = get16(at),
		.destination = get16(at + 2),
		.sequence = get32(at + 4),
		.acknowledgement = get32(at + 8),
		.flags = at[13],
		.window = get16(at + 14),
	};
}

uint8_t frame_ttl(const struct frame *frame)
{
	return frame->bytes[frame->ip + (frame->version == 4 ? 8 : 7)];
}

uint16_t frame_ip_id(const struct frame *frame)
{
	return frame->version == 4 ? get16(frame->bytes + frame->ip + 4) : 0;
}

size_t address_bytes(const struct frame *frame)
{
	return frame->version == 4 ? 4 : 16;
}

const uint8_t *frame_source(const struct frame *frame)
{
	return frame->bytes + frame->ip + (frame->version == 4 ? 12 : 8);
}

const uint8_t *frame_destination(const struct frame *frame)
{
	return frame_source(frame) + address_bytes(frame);
}

void frame_set_ttl(struct frame *frame, uint8_t ttl)
{
	frame->bytes[frame->ip + (frame->version == 4 ? 8 : 7)] = ttl;
}

void frame_set_tos(struct frame *frame, uint8_t tos)
{
	uint8_t *at = frame->bytes + frame->ip;

	if (frame->version == 4) {
		at[1] = tos;
	} else {
		at[0] = (uint8_t)(0x60 | tos >> 4);
		at[1] = (uint8_t)((at[1] & 0x0f) | tos << 4);
	}
}

void frame_clear_df(struct frame *frame)
{
	if (frame->version == 4)
		frame->bytes[frame->ip + 6] &= 0xbf;
}

void frame_set_ip_id(struct frame *frame, uint16_t ip_id)
{
	if (frame->version == 4 && !frame->is_fragment)
		put16(frame->bytes + frame->ip + 4, ip_id);
}

/*
 * Walks the TCP options. `offset` starts at 0 and is moved behind the option
 * that is returned; NULL at the end or at an option that overruns the header.
 */
static uint8_t *next_option(struct frame *frame, size_t *offset)
{
	size_t start = frame->transport + TCP_HEADER_BYTES;
	uint8_t *at;

	while (start + *offset < frame->payload) {
		at = frame->bytes + start + *offset;
		if (at[0] == OPTION_END)
			return NULL;
		if (at[0] == OPTION_NOP) {
			(*offset)++;
			continue;
		}
		if (start + *offset + 2 > frame->payload || at[1] < 2 ||
			start + *offset + at[1] > frame->payload)
			return NULL;
		*offset += at[1];
		return at;
	}
	return NULL;
}

void frame_clamp_mss(struct frame *frame, uint16_t mss)
{
	size_t offset = 0;
	uint8_t *option;

	if (!frame->is_tcp || !(frame_tcp(frame).flags & TCP_SYN))
		return;
	while ((option = next_option(frame, &offset)) != NULL)
		if (option[0] == OPTION_MSS && option[1] == 4 &&
			get16(option + 2) > mss)
			put16(option + 2, mss);
}

void frame_set_wscale(struct frame *frame, uint8_t shift)
{
	size_t offset = 0;
	uint8_t *option;

	if (!frame->is_tcp || !(frame_tcp(frame).flags & TCP_SYN))
		return;
	while ((option = next_option(frame, &offset)) != NULL)
		if (option[0] == OPTION_WINDOW_SCALE && option[1] == 3)
			option[2] = shift;
}

static unsigned strip_bit(uint8_t kind)
{
	switch (kind) {
	case OPTION_TIMESTAMPS:
		return STRIP_TIMESTAMPS;
	case OPTION_SACK:
	case OPTION_SACK_PERMITTED:
		return STRIP_SACK;
	case OPTION_WINDOW_SCALE:
		return STRIP_WINDOW_SCALE;
	case OPTION_MSS:
		return STRIP_MSS;
	default:
		return 0;
	}
}

void frame_strip_options(struct frame *frame, unsigned strip)
{
	size_t offset = 0;
	uint8_t *option;

	if (!frame->is_tcp)
		return;
	while ((option = next_option(frame, &offset)) != NULL)
		if (strip_bit(option[0]) & strip)
			memset(option, OPTION_NOP, option[1]);
}

void frame_shift_sack(struct frame *frame, uint32_t by)
{
	size_t offset = 0;
	uint8_t *option;

	while ((option = next_option(frame, &offset)) != NULL) {
		if (option[0] != OPTION_SACK)
			continue;
		for (size_t at = 2; at + 4 <= option[1]; at += 4)
			put32(option + at, get32(option + at) + by);
	}
}

static uint32_t sum_words(const uint8_t *at, size_t length, uint32_t sum)
{
	for (; length > 1; at += 2, length -= 2)
		sum += get16(at);
	if (length == 1)
		sum += (uint32_t)at[0] << 8;
	return sum;
}

static uint16_t fold(uint32_t sum)
{
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)~sum;
}

void frame_refresh(struct frame *frame)
{
	uint8_t *ip = frame->bytes + frame->ip;
	size_t end = frame->ip + frame->ip_bytes;

	if (frame->version == 4) {
		put16(ip + 10, 0);
		put16(ip + 10,
			fold(sum_words(ip, frame->transport - frame->ip, 0)));
	}
	/* A fragment carries only a part of what its checksum covers. */
	if (frame->is_tcp && !frame->is_fragment) {
		uint8_t *tcp = frame->bytes + frame->transport;
		size_t bytes = end - frame->transport;
		uint32_t sum = (uint32_t)bytes + PROTOCOL_TCP;

		sum = sum_words(
			frame_source(frame), 2 * address_bytes(frame), sum);
		put16(tcp + 16, 0);
		put16(tcp + 16, fold(sum_words(tcp, bytes, sum)));
	}
}
