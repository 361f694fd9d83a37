#include "tests/support/packet_text.h"

#include <arpa/inet.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

#include "capture/header_write.h"
#include "capture/decode/decode_icmp.h"
#include "capture/frame.h"
#include "tests/support/packet_derived.h"
#include "tests/support/packet_encode.h"
#include "tests/support/packet_words.h"

struct text_writer {
	char *text;
	size_t capacity, used;
	bool is_full;
};

static void put(struct text_writer *writer, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static void put(struct text_writer *writer, const char *format, ...)
{
	va_list arguments;
	int length;

	va_start(arguments, format);
	length = vsnprintf(writer->text + writer->used,
		writer->capacity - writer->used, format, arguments);
	va_end(arguments);
	if (length < 0 || (size_t)length >= writer->capacity - writer->used)
		writer->is_full = true;
	else
		writer->used += (size_t)length;
	writer->text[writer->used] = '\0';
}

static void put_number(
	struct text_writer *writer, const char *word, uint32_t value)
{
	if (value != 0)
		put(writer, " %s %" PRIu32, word, value);
}

static void put_time(struct text_writer *writer, int64_t time_ns)
{
	int64_t seconds = time_ns / 1000000000, rest = time_ns % 1000000000;

	if (time_ns == INT64_MIN) {
		put(writer, "-");
		return;
	}
	if (time_ns < 0)
		put(writer, "-");
	seconds = seconds < 0 ? -seconds : seconds;
	rest = rest < 0 ? -rest : rest;
	if (rest % 1000 == 0)
		put(writer, "%" PRId64 ".%06" PRId64, seconds, rest / 1000);
	else
		put(writer, "%" PRId64 ".%09" PRId64, seconds, rest);
}

static void put_end(struct text_writer *writer, uint8_t family,
	const struct address *address, bool has_port, uint16_t port)
{
	char text[INET6_ADDRSTRLEN] = "";

	if (family == 6) {
		(void)inet_ntop(AF_INET6, address->bytes, text, sizeof(text));
		put(writer, "[%s]", text);
	} else {
		(void)inet_ntop(AF_INET, address->bytes, text, sizeof(text));
		put(writer, "%s", text);
	}
	if (has_port)
		put(writer, ":%u", port);
}

static void put_flags(struct text_writer *writer, uint16_t flags)
{
	put(writer, " ");
	for (unsigned i = 0; i < flag_letter_count; i++)
		if (flags & flag_letters[i].bit)
			put(writer, "%s", flag_letters[i].word);
	if (flags == 0)
		put(writer, ".");
}

static void put_options(struct text_writer *writer, const struct packet *packet)
{
	uint32_t options = packet->options;

	if (options & OPTION_MSS)
		put(writer, " mss %u", packet->mss);
	for (unsigned i = 0; i < option_word_count; i++) {
		uint32_t bit = option_words[i].bit;

		if ((options & bit) == bit) {
			put(writer, " %s", option_words[i].word);
			options &= ~bit;
		}
	}
	if (options & OPTION_TIMESTAMP)
		put(writer, " ts %" PRIu32 " %" PRIu32, packet->timestamp_value,
			packet->timestamp_echo);
	if (options & OPTION_WINDOW_SCALE)
		put(writer, " ws %u", packet->window_scale);
	if (options & OPTION_SACK)
		put(writer, " sack ");
	for (unsigned i = 0; i < packet->sack_count; i++)
		put(writer, "%s%" PRIu32 "-%" PRIu32, i ? "," : "",
			packet->sack[i].start, packet->sack[i].end);
}

static void put_payload(struct text_writer *writer, const struct packet *packet)
{
	uint32_t captured = packet->payload ? packet->payload_captured : 0;

	if (captured > 0) {
		put(writer, " \"");
		for (uint32_t i = 0; i < captured && !writer->is_full; i++) {
			uint8_t byte = packet->payload[i];

			if (byte == '"' || byte == '\\')
				put(writer, "\\%c", byte);
			else if (byte == '\r')
				put(writer, "\\r");
			else if (byte == '\n')
				put(writer, "\\n");
			else if (byte == '\t')
				put(writer, "\\t");
			else if (byte >= 0x20 && byte < 0x7f)
				put(writer, "%c", byte);
			else
				put(writer, "\\x%02x", byte);
		}
		put(writer, "\"");
	}
	if (packet->payload_bytes != captured)
		put(writer, " len %" PRIu32, packet->payload_bytes);
}

static void put_network(struct text_writer *writer, const struct packet *packet)
{
	put(writer, " ttl %u", packet->ttl);
	put_number(writer, "id", packet->ip_id);
	if (packet->is_df)
		put(writer, " df");
	if (packet->is_first_fragment)
		put(writer, " first");
	if (packet->tos)
		put(writer, " tos 0x%02x", packet->tos);
	if (packet->flow_label)
		put(writer, " label 0x%05" PRIx32, packet->flow_label);
}

static void put_where(struct text_writer *writer, const struct packet *packet)
{
	if (packet->direction != FRAME_ANY_WAY)
		put(writer, " dir %s",
			packet->direction == FRAME_INBOUND ? "in" : "out");
	put_number(writer, "if", packet->interface);
	put_number(writer, "dev", packet->device);
	put_number(writer, "ctx", packet->context);
	if (packet->tunnel)
		put(writer, " tunnel %s",
			tunnel_word((enum tunnel)packet->tunnel));
}

static void put_oddities(struct text_writer *writer, uint32_t oddities)
{
	const char *before = " odd ";

	for (unsigned i = 0; i < oddity_word_count; i++) {
		if (!(oddities & oddity_words[i].bit))
			continue;
		put(writer, "%s%s", before, oddity_words[i].word);
		before = ",";
	}
}

static void put_quotation(
	struct text_writer *writer, const struct quotation *quoted)
{
	bool has_ports = quoted->has_ports;

	if (quoted->family == 0)
		return;
	put(writer, " quoting ");
	put_end(writer, quoted->family, &quoted->source, has_ports,
		quoted->source_port);
	put(writer, " > ");
	put_end(writer, quoted->family, &quoted->target, has_ports,
		quoted->target_port);
	if (quoted->has_acknowledged)
		put_flags(writer, quoted->tcp_flags);
	if (quoted->has_sequence)
		put(writer, " seq %" PRIu32, quoted->sequence);
	if (quoted->has_acknowledged)
		put(writer, " ack %" PRIu32, quoted->acknowledged);
	if (has_ports && quoted->protocol == PROTOCOL_UDP)
		put(writer, " udp");
	else if (!has_ports)
		put(writer, " proto %u", quoted->protocol);
	put(writer, " ttl %u", quoted->ttl);
	put_number(writer, "id", quoted->ip_id);
	if (quoted->is_df)
		put(writer, " df");
	if (quoted->tos)
		put(writer, " tos 0x%02x", quoted->tos);
	put_number(writer, "len", quoted->total_bytes);
}

static void put_kind(struct text_writer *writer, const struct packet *packet)
{
	uint8_t space[MOST_QUOTATION_BYTES];

	switch ((enum packet_kind)packet->kind) {
	case PACKET_TCP:
		put_flags(writer, packet->tcp_flags);
		put(writer, " seq %" PRIu32, packet->sequence);
		if (packet->acknowledged || packet->tcp_flags & TCP_ACK)
			put(writer, " ack %" PRIu32, packet->acknowledged);
		put(writer, " win %u", packet->window);
		put_number(writer, "urg", packet->urgent);
		put_network(writer, packet);
		put_options(writer, packet);
		put_payload(writer, packet);
		break;
	case PACKET_UDP:
		put(writer, " udp");
		put_network(writer, packet);
		put_payload(writer, packet);
		break;
	case PACKET_ICMP:
		put(writer, " icmp %u/%u", packet->icmp_type,
			packet->icmp_code);
		put_number(writer, "mtu", packet->icmp_mtu);
		if (packet->icmp_id || packet->icmp_sequence)
			put(writer, " echo %u %u", packet->icmp_id,
				packet->icmp_sequence);
		put_network(writer, packet);
		/* of an error's payload the quotation is what counts */
		if (!icmp_is_error(packet->family, packet->icmp_type))
			put_payload(writer, packet);
		else if (packet->payload_bytes !=
			 header_write_quotation(&packet->quoted, space))
			put(writer, " len %" PRIu32, packet->payload_bytes);
		break;
	case PACKET_FRAGMENT:
		put(writer, " fragment proto %u", packet->protocol);
		put_network(writer, packet);
		break;
	case PACKET_OTHER:
		put(writer, " other %s",
			undecoded_word((enum undecoded)packet->undecoded));
		if (packet->family == 0)
			break;
		put(writer, " proto %u", packet->protocol);
		put_network(writer, packet);
		break;
	}
}

size_t packet_format(const struct packet *packet, char *text, size_t capacity)
{
	struct text_writer writer = {.text = text, .capacity = capacity};
	bool has_ports =
		packet->kind == PACKET_TCP || packet->kind == PACKET_UDP;
	struct packet_derived derived;

	if (capacity == 0)
		return 0;
	put_time(&writer, packet->time_ns);
	if (packet->family != 0) {
		put(&writer, " ");
		put_end(&writer, packet->family, &packet->source, has_ports,
			packet->source_port);
		put(&writer, " > ");
		put_end(&writer, packet->family, &packet->target, has_ports,
			packet->target_port);
	}
	put_kind(&writer, packet);
	put_where(&writer, packet);
	/* false: real headers leave paddings out; lengths and order say it */
	(void)packet_derive(packet, &derived);
	if (packet->option_bytes != derived.option_bytes)
		put(&writer, " option-bytes %u", packet->option_bytes);
	if (packet->option_order != derived.option_order)
		put(&writer, " order 0x%" PRIx32, packet->option_order);
	derived.ip_bytes += packet->option_bytes - derived.option_bytes;
	if (packet->ip_bytes != derived.ip_bytes)
		put(&writer, " bytes %" PRIu32, packet->ip_bytes);
	put_oddities(&writer, packet->oddities & ~derived.oddities);
	if (packet->kind == PACKET_ICMP)
		put_quotation(&writer, &packet->quoted);
	return writer.is_full ? 0 : writer.used;
}
