#include "tests/support/packet_fields.h"

#include <string.h>

#define AT(member)                                                             \
	.offset = offsetof(struct packet, member),                             \
	.bytes = sizeof(((struct packet *)0)->member)
#define NUMBER(name, member, limit)                                            \
	.word = name, .form = FIELD_NUMBER, AT(member), .most = limit

const struct packet_field packet_fields[] = {
	{NUMBER("mtu", icmp_mtu, UINT32_MAX)},
	{.word = "echo", .form = FIELD_ECHO, AT(icmp_id)},
	{.word = "seq", .form = FIELD_SEQUENCE, AT(sequence)},
	{.word = "ack", .form = FIELD_SEQUENCE, AT(acknowledged)},
	{.word = "sack", .form = FIELD_SACK, .option = OPTION_SACK},
	{.form = FIELD_TEXT},
	{NUMBER("len", payload_bytes, UINT32_MAX - 4096)},
	{NUMBER("win", window, UINT16_MAX), .is_of_end = true},
	{NUMBER("urg", urgent, UINT16_MAX)},
	{NUMBER("proto", protocol, UINT8_MAX)},
	{NUMBER("ttl", ttl, UINT8_MAX), .is_of_end = true, .is_of_copy = true},
	{NUMBER("id", ip_id, UINT16_MAX), .is_of_end = true},
	{.word = "df", .form = FIELD_FLAG, AT(is_df), .is_of_end = true},
	{.word = "first", .form = FIELD_FLAG, AT(is_first_fragment)},
	{NUMBER("tos", tos, UINT8_MAX), .hex_digits = 2, .is_of_end = true},
	{NUMBER("label", flow_label, 0xfffff), .hex_digits = 5,
		.is_of_end = true},
	{NUMBER("mss", mss, UINT16_MAX), .option = OPTION_MSS,
		.is_of_end = true},
	{.word = "sackok",
		.form = FIELD_OPTION,
		.option = OPTION_SACK_PERMITTED,
		.is_of_end = true},
	{.word = "ts",
		.form = FIELD_CLOCK,
		.option = OPTION_TIMESTAMP,
		.is_of_end = true},
	{NUMBER("ws", window_scale, UINT8_MAX), .option = OPTION_WINDOW_SCALE,
		.is_of_end = true},
	{.word = "md5", .form = FIELD_OPTION, .option = OPTION_MD5},
	{.word = "ao", .form = FIELD_OPTION, .option = OPTION_AUTHENTICATION},
	/* of MPTCP's two bits the longer comes first */
	{.word = "fastclose",
		.form = FIELD_OPTION,
		.option = OPTION_MPTCP | OPTION_MPTCP_FASTCLOSE},
	{.word = "mptcp", .form = FIELD_OPTION, .option = OPTION_MPTCP},
	{.word = "tfo", .form = FIELD_OPTION, .option = OPTION_FAST_OPEN},
	{.word = "uto", .form = FIELD_OPTION, .option = OPTION_USER_TIMEOUT},
	{.word = "option-unknown",
		.form = FIELD_OPTION,
		.option = OPTION_UNKNOWN},
	{.word = "dir",
		.form = FIELD_DIRECTION,
		AT(direction),
		.is_of_end = true,
		.is_of_copy = true},
	{NUMBER("mac", link_source, UINT8_MAX), .is_of_end = true,
		.is_of_copy = true},
	{NUMBER("if", interface, UINT32_MAX), .is_of_end = true,
		.is_of_copy = true},
	{NUMBER("dev", device, UINT32_MAX), .is_of_end = true,
		.is_of_copy = true},
	{NUMBER("ctx", context, UINT32_MAX), .is_of_end = true,
		.is_of_copy = true},
	{.word = "tunnel",
		.form = FIELD_TUNNEL,
		AT(tunnel),
		.is_of_end = true,
		.is_of_copy = true},
	{NUMBER("option-bytes", option_bytes, 40)},
	{NUMBER("order", option_order, UINT32_MAX), .hex_digits = 1},
	{NUMBER("bytes", ip_bytes, UINT32_MAX)},
};
const unsigned packet_field_count =
	sizeof(packet_fields) / sizeof(*packet_fields);

uint32_t packet_field_get(
	const struct packet_field *field, const struct packet *packet)
{
	const unsigned char *place =
		(const unsigned char *)packet + field->offset;
	uint16_t middle;
	uint32_t value;

	if (field->bytes == 1)
		return *place;
	if (field->bytes == 2) {
		memcpy(&middle, place, 2);
		return middle;
	}
	memcpy(&value, place, 4);
	return value;
}

void packet_field_set(
	const struct packet_field *field, struct packet *packet, uint32_t value)
{
	unsigned char *place = (unsigned char *)packet + field->offset;
	uint8_t narrow = (uint8_t)value;
	uint16_t middle = (uint16_t)value;

	if (field->bytes == 1)
		memcpy(place, &narrow, 1);
	else if (field->bytes == 2)
		memcpy(place, &middle, 2);
	else
		memcpy(place, &value, 4);
}

static bool has_option(
	const struct packet_field *field, const struct packet *packet)
{
	return (packet->options & field->option) == field->option;
}

static bool is_same_sack(
	const struct packet *packet, const struct packet *other)
{
	return packet->sack_count == other->sack_count &&
	       memcmp(packet->sack, other->sack,
		       packet->sack_count * sizeof(packet->sack[0])) == 0;
}

static bool is_same_text(
	const struct packet *packet, const struct packet *other)
{
	uint32_t count = packet->payload ? packet->payload_captured : 0;

	return count == (other->payload ? other->payload_captured : 0) &&
	       (count == 0 ||
		       memcmp(packet->payload, other->payload, count) == 0);
}

bool packet_field_is_same(const struct packet_field *field,
	const struct packet *packet, const struct packet *other)
{
	if (has_option(field, packet) != has_option(field, other))
		return false;
	if (!has_option(field, packet))
		return true;
	switch (field->form) {
	case FIELD_NUMBER:
	case FIELD_SEQUENCE:
	case FIELD_FLAG:
	case FIELD_DIRECTION:
	case FIELD_TUNNEL:
		return packet_field_get(field, packet) ==
		       packet_field_get(field, other);
	case FIELD_OPTION:
		return true;
	case FIELD_SACK:
		return is_same_sack(packet, other);
	case FIELD_CLOCK:
		return packet->timestamp_value == other->timestamp_value &&
		       packet->timestamp_echo == other->timestamp_echo;
	case FIELD_ECHO:
		return packet->icmp_id == other->icmp_id &&
		       packet->icmp_sequence == other->icmp_sequence;
	case FIELD_TEXT:
		return is_same_text(packet, other);
	}
	return false;
}
