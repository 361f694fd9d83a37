#include "tests/support/packet_compare.h"

#include "capture/address.h"
#include "capture/quotation.h"
#include "tests/support/packet_fields.h"

bool packet_is_along(const struct packet *packet, const struct packet *first)
{
	return packet->kind == PACKET_TCP && packet->family == first->family &&
	       packet->source_port == first->source_port &&
	       packet->target_port == first->target_port &&
	       address_is_same(&packet->source, &first->source) &&
	       address_is_same(&packet->target, &first->target);
}

struct packet packet_turned(const struct packet *packet)
{
	struct packet back = *packet;

	back.source = packet->target;
	back.target = packet->source;
	back.source_port = packet->target_port;
	back.target_port = packet->source_port;
	return back;
}

bool packet_is_copy(const struct packet *packet, const struct packet *other)
{
	for (unsigned i = 0; i < packet_field_count; i++)
		if (!packet_fields[i].is_of_copy &&
			!packet_field_is_same(&packet_fields[i], packet, other))
			return false;
	return packet->kind == other->kind && packet->family == other->family &&
	       packet->skip_reason == other->skip_reason &&
	       packet->quirks == other->quirks &&
	       packet->tcp_flags == other->tcp_flags &&
	       packet->source_port == other->source_port &&
	       packet->target_port == other->target_port &&
	       packet->icmp_type == other->icmp_type &&
	       packet->icmp_code == other->icmp_code &&
	       address_is_same(&packet->source, &other->source) &&
	       address_is_same(&packet->target, &other->target) &&
	       (packet->kind != PACKET_ICMP ||
		       quotation_is_same(&packet->quoted, &other->quoted));
}

bool packet_is_same(const struct packet *packet, const struct packet *other)
{
	for (unsigned i = 0; i < packet_field_count; i++)
		if (packet_fields[i].is_of_copy &&
			!packet_field_is_same(&packet_fields[i], packet, other))
			return false;
	return packet->time_ns == other->time_ns &&
	       packet_is_copy(packet, other);
}
