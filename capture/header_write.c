#include "capture/header_write.h"

void header_write_ip(struct byte_writer *writer, const struct ip_header *ip)
{
	size_t start = writer->used;
	/* what does not fit is 0: segmentation offload */
	uint32_t total = ip->total_bytes > UINT16_MAX ? 0 : ip->total_bytes;

	if (ip->family == 6) {
		write_u32(writer,
			6u << 28 | (uint32_t)ip->tos << 20 | ip->flow_label);
		write_u16(
			writer, (uint16_t)(total < IP6_HEADER_BYTES
						   ? 0
						   : total - IP6_HEADER_BYTES));
		write_u8(writer, ip->protocol);
		write_u8(writer, ip->ttl);
		write_bytes(writer, ip->source.bytes, 16);
		write_bytes(writer, ip->target.bytes, 16);
		return;
	}
	write_u8(writer, 0x45);
	write_u8(writer, ip->tos);
	write_u16(writer, (uint16_t)total);
	write_u16(writer, ip->id);
	write_u16(writer, ip->fragment);
	write_u8(writer, ip->ttl);
	write_u8(writer, ip->protocol);
	write_u16(writer, 0);
	write_bytes(writer, ip->source.bytes, 4);
	write_bytes(writer, ip->target.bytes, 4);
	write_checksum(writer, start, start + 10, 0);
}

size_t header_write_quotation(const struct quotation *quoted,
	uint8_t bytes[static MOST_QUOTATION_BYTES])
{
	struct byte_writer writer = {
		.bytes = bytes, .capacity = MOST_QUOTATION_BYTES};
	struct ip_header ip = {
		.source = quoted->source,
		.target = quoted->target,
		.total_bytes = quoted->total_bytes,
		.id = quoted->ip_id,
		.fragment = quoted->is_df ? IP4_DONT_FRAGMENT : 0,
		.family = quoted->family,
		.protocol = quoted->protocol,
		.ttl = quoted->ttl,
		.tos = quoted->tos,
	};

	if (quoted->family == 0)
		return 0;
	header_write_ip(&writer, &ip);
	if (!quoted->has_ports)
		return writer.used;
	write_u16(&writer, quoted->source_port);
	write_u16(&writer, quoted->target_port);
	if (quoted->protocol == PROTOCOL_UDP)
		write_zeros(&writer, 4);
	if (!quoted->has_sequence)
		return writer.used;
	write_u32(&writer, quoted->sequence);
	if (!quoted->has_acknowledged)
		return writer.used;
	write_u32(&writer, quoted->acknowledged);
	write_u16(&writer, 0x5000 | quoted->tcp_flags);
	write_zeros(&writer, 6);
	return writer.used;
}
