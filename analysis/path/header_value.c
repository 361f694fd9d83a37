#include "analysis/path/header_value.h"

#include <stdio.h>
#include <string.h>

/* Bytes of the packet that have to be quoted. */
enum extent {
	EXTENT_FRAGMENT,
	EXTENT_IP,
	EXTENT_SEQUENCE,
	EXTENT_OPTIONS,
	EXTENT_CHECKSUM,
};

static const struct {
	enum extent extent;
	bool is_ip4; /* there is no such field in IPv6 */
} fields[FIELD_COUNT] = {
	[FIELD_MSS] = {EXTENT_OPTIONS, false},
	[FIELD_DF] = {EXTENT_IP, true},
	[FIELD_DSCP] = {EXTENT_IP, false},
	[FIELD_ECN] = {EXTENT_IP, false},
	[FIELD_ECN_FLAGS] = {EXTENT_OPTIONS, false},
	[FIELD_TIMESTAMP] = {EXTENT_OPTIONS, false},
	[FIELD_SACK] = {EXTENT_OPTIONS, false},
	[FIELD_SCALE] = {EXTENT_OPTIONS, false},
	[FIELD_SEQUENCE] = {EXTENT_SEQUENCE, false},
	[FIELD_WINDOW] = {EXTENT_OPTIONS, false},
	[FIELD_IP_ID] = {EXTENT_IP, true},
	[FIELD_TARGET] = {EXTENT_IP, false},
	[FIELD_SOURCE] = {EXTENT_IP, false},
	[FIELD_CHECKSUM] = {EXTENT_CHECKSUM, false},
	[FIELD_FRAGMENTS] = {EXTENT_FRAGMENT, false},
};

enum { ECN_BITS = 3, ECN_MARKED = 3, ECN_FLAGS = TCP_ECE | TCP_CWR };

static uint32_t option_value(
	const struct packet *packet, uint16_t option, uint32_t value)
{
	return (packet->options & option) ? value : UINT32_MAX;
}

/* UINT32_MAX stands for an option that is not there. */
static uint32_t value_of(const struct packet *packet, enum header_field field)
{
	switch (field) {
	case FIELD_MSS:
		return option_value(packet, OPTION_MSS, packet->mss);
	case FIELD_DF:
		return packet->is_df;
	case FIELD_DSCP:
		return packet->tos >> 2;
	case FIELD_ECN:
		return packet->tos & ECN_BITS;
	case FIELD_ECN_FLAGS:
		return (packet->tcp_flags & ECN_FLAGS) / TCP_ECE;
	case FIELD_TIMESTAMP:
		return option_value(
			packet, OPTION_TIMESTAMP, packet->timestamp_value);
	case FIELD_SACK:
		return option_value(packet, OPTION_SACK_PERMITTED, 1);
	case FIELD_SCALE:
		return option_value(
			packet, OPTION_WINDOW_SCALE, packet->window_scale);
	case FIELD_SEQUENCE:
		return packet->sequence;
	case FIELD_WINDOW:
		return packet->window;
	case FIELD_IP_ID:
		return packet->ip_id;
	case FIELD_TARGET:
		return packet->target_port;
	case FIELD_SOURCE:
		return packet->source_port;
	case FIELD_FRAGMENTS:
		return packet->ip_bytes;
	case FIELD_NONE:
	case FIELD_CHECKSUM:
	case FIELD_TTL:
	case FIELD_COUNT:
		break;
	}
	return 0;
}

bool header_value_exists(enum header_field field, uint8_t family)
{
	return family == 4 || !fields[field].is_ip4;
}

static bool is_other(const struct address *a, const struct address *b)
{
	return memcmp(a, b, sizeof(*a)) != 0;
}

bool header_value_is_address_changed(
	const struct quote *quote, enum header_field field)
{
	const struct packet *now = &quote->packet, *sent = &quote->sent;

	return (field == FIELD_SOURCE &&
		       is_other(&now->source, &sent->source)) ||
	       (field == FIELD_TARGET && is_other(&now->target, &sent->target));
}

bool header_value_is_changed(const struct quote *quote, enum header_field field)
{
	uint32_t now = value_of(&quote->packet, field);

	if (field == FIELD_CHECKSUM)
		return quote->is_checksum_right == TRUTH_NO;
	if (header_value_is_address_changed(quote, field))
		return true;
	/* A router that is congested marks what may be marked (RFC 3168). */
	if (field == FIELD_ECN && now == ECN_MARKED)
		return false;
	return now != value_of(&quote->sent, field);
}

bool header_value_is_quoted(const struct quote *quote, enum header_field field)
{
	switch (fields[field].extent) {
	case EXTENT_FRAGMENT:
		return quote->packet.kind == PACKET_ICMP;
	case EXTENT_IP:
		return quote->packet.kind != PACKET_ICMP;
	case EXTENT_SEQUENCE:
		return quote->packet.kind == PACKET_TCP;
	case EXTENT_OPTIONS:
		return quote->is_whole;
	case EXTENT_CHECKSUM:
		return quote->is_checksum_right != TRUTH_UNKNOWN;
	}
	return false;
}

void header_value_text(char text[FOUND_BYTES], const struct packet *packet,
	enum header_field field)
{
	uint32_t value = value_of(packet, field);

	if (value == UINT32_MAX && field != FIELD_SEQUENCE)
		(void)snprintf(text, FOUND_BYTES, "absent");
	else
		(void)snprintf(text, FOUND_BYTES, "%u", value);
}
