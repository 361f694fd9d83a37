#include "tests/support/packet_compare.h"

#include <string.h>

#include "tests/support/packet_fields.h"

static bool is_same_address(const struct address *a, const struct address *b)
{
	return memcmp(a, b, sizeof(*a)) == 0;
}

bool packet_is_along(const struct packet *packet, const struct packet *first)
{
	return packet->kind == PACKET_TCP && packet->family == first->family &&
	       packet->source_port == first->source_port &&
	       packet->target_port == first->target_port &&
	       is_same_address(&packet->source, &first->source) &&
	       is_same_address(&packet->target, &first->target);
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

static bool is_same_quotation(
	const struct quotation *quoted, const struct quotation *other)
{
	return memcmp(&quoted->source, &other->source,
		       sizeof(quoted->source)) == 0 &&
	       memcmp(&quoted->target, &other->target,
		       sizeof(quoted->target)) == 0 &&
	       quoted->sequence == other->sequence &&
	       quoted->acknowledged == other->acknowledged &&
	       quoted->source_port == other->source_port &&
	       quoted->target_port == other->target_port &&
	       quoted->total_bytes == other->total_bytes &&
	       quoted->ip_id == other->ip_id &&
	       quoted->tcp_flags == other->tcp_flags &&
	       quoted->family == other->family &&
	       quoted->protocol == other->protocol &&
	       quoted->ttl == other->ttl && quoted->tos == other->tos &&
	       quoted->is_df == other->is_df &&
	       quoted->has_ports == other->has_ports &&
	       quoted->has_sequence == other->has_sequence &&
	       quoted->has_acknowledged == other->has_acknowledged;
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
	       memcmp(&packet->source, &other->source,
		       sizeof(packet->source)) == 0 &&
	       memcmp(&packet->target, &other->target,
		       sizeof(packet->target)) == 0 &&
	       (packet->kind != PACKET_ICMP ||
		       is_same_quotation(&packet->quoted, &other->quoted));
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
