#include "probe/ours.h"

#include <string.h>

#include "probe/craft.h"

/* What a question will look like on the wire. */
struct asked ours_asked(uint8_t family, const struct question *question)
{
	static const uint8_t protocols[] = {
		[QUESTION_TCP] = PROTOCOL_TCP,
		[QUESTION_ECHO] = PROTOCOL_ICMP,
		[QUESTION_UDP] = PROTOCOL_UDP,
		[QUESTION_FRAGMENT] = PROTOCOL_ICMP,
		[QUESTION_TOO_BIG] = PROTOCOL_ICMP,
	};
	uint32_t bytes = question_bytes(family, question);
	uint32_t header = family == 4 ? 20 : 40;
	/* Only a first fragment has the header that these are in. */
	bool has_ports = question->kind != QUESTION_FRAGMENT ||
		question->offset == 0;
	bool is_v6_icmp = family == 6 &&
		protocols[question->kind] == PROTOCOL_ICMP;

	return (struct asked){
		.ip_bytes = bytes,
		.sequence = question->sequence,
		.acknowledged = question->acknowledged,
		.payload_bytes = question->kind == QUESTION_TCP
			? bytes - header - 20 -
				question_option_bytes(question)
			: bytes - header - 8,
		.ip_id = question->ip_id,
		.source_port = has_ports ? question->source_port : 0,
		.target_port = has_ports ? question->target_port : 0,
		.tcp_flags = question->tcp_flags,
		.protocol = is_v6_icmp ? PROTOCOL_ICMP6
				       : protocols[question->kind],
		.ttl = question->ttl,
		.tos = question->tos,
		.is_df = question->is_df,
		.is_fragment = question->kind == QUESTION_FRAGMENT,
		.is_later = question->kind == QUESTION_FRAGMENT &&
			question->offset > 0,
	};
}

/* The row of a packet of ours that was heard on its way out. */
int ours_find_sent(const struct ours *ours, const struct packet *packet)
{
	struct asked heard = asked_of_packet(packet);

	for (uint32_t row = 0; row < ours->table->count; row++) {
		const struct asked *asked = &ours->table->asked[row];

		if (asked->frame == 0 && asked_is_alike(asked, &heard) &&
			asked->sequence == heard.sequence &&
			asked->source_port == heard.source_port &&
			asked->target_port == heard.target_port &&
			((ours->table->family == 6 && !asked->is_fragment) ||
				asked->ip_id == heard.ip_id))
			return (int)row;
	}
	return -1;
}

static bool is_own_port(const struct ours *ours, uint16_t port)
{
	for (unsigned i = 0; i < ours->port_count; i++)
		if (ours->ports[i] == port)
			return true;
	return false;
}

static bool is_quote_of_ours(
	const struct ours *ours, const struct quotation *quoted)
{
	const struct answer_table *table = ours->table;
	bool is_to_target = memcmp(&quoted->target, &table->target,
				    sizeof(quoted->target)) == 0;
	bool is_from_us = memcmp(&quoted->source, &table->own,
				  sizeof(quoted->source)) == 0;
	bool is_own = quoted->has_ports &&
		is_own_port(ours, quoted->source_port);

	if (is_to_target)
		return !quoted->has_ports || is_own ||
			quoted->target_port == ours->target_port;
	return is_from_us && is_own; /* a NAT sent it on elsewhere */
}

bool ours_is_answer(const struct ours *ours, const struct packet *packet)
{
	const struct answer_table *table = ours->table;
	bool is_from_target = memcmp(&packet->source, &table->target,
				      sizeof(packet->source)) == 0;

	if (packet->family != table->family ||
		memcmp(&packet->target, &table->own,
			sizeof(packet->target)) != 0)
		return false;
	switch ((enum packet_kind)packet->kind) {
	case PACKET_TCP:
	case PACKET_UDP:
		return is_from_target &&
			is_own_port(ours, packet->target_port);
	case PACKET_FRAGMENT:
		return is_from_target;
	case PACKET_ICMP:
		if (packet->quoted.family)
			return is_quote_of_ours(ours, &packet->quoted);
		return is_from_target && is_own_port(ours, packet->icmp_id);
	case PACKET_OTHER:
		break;
	}
	return false;
}

bool ours_is_question(const struct ours *ours, const struct packet *packet)
{
	if (!answer_is_question(ours->table, packet))
		return false;
	return packet->kind == PACKET_FRAGMENT ||
		is_own_port(ours, packet->source_port) ||
		(packet->kind == PACKET_ICMP &&
			is_own_port(ours,
				packet->quoted.family
					? packet->quoted.target_port
					: packet->icmp_id));
}
