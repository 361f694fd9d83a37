#include "tests/bench/segment.h"

#include <endian.h>
#include <stdbool.h>
#include <string.h>

enum {
	SNAP_BYTES = 128,
	RECORD_BYTES = 16,
	ETHERNET_BYTES = 14,
	IP_BYTES = 20,
	IP6_BYTES = 40,
	PAYLOAD_MOST = 1460,
	TCP_BYTES = 20,
	WINDOW_SCALE = 7,
	MSS = 1460,
};

/* Where the next byte goes. */
struct pen {
	uint8_t *at;
};

static void put8(struct pen *pen, uint8_t value)
{
	*pen->at++ = value;
}

static void put16(struct pen *pen, uint16_t value)
{
	value = htobe16(value);
	memcpy(pen->at, &value, sizeof(value));
	pen->at += sizeof(value);
}

static void put32(struct pen *pen, uint32_t value)
{
	value = htobe32(value);
	memcpy(pen->at, &value, sizeof(value));
	pen->at += sizeof(value);
}

/* As the host orders its bytes: the structure of the file. */
static void put32_host(struct pen *pen, uint32_t value)
{
	memcpy(pen->at, &value, sizeof(value));
	pen->at += sizeof(value);
}

void segment_begin(FILE *out)
{
	static const uint32_t header[] = {
		0xa1b2c3d4, 0x00040002, 0, 0, 262144, 1};

	(void)fwrite(header, sizeof(header), 1, out); /* asked at the end */
}

static uint16_t checksum(const uint8_t *header)
{
	uint32_t sum = 0;

	for (unsigned i = 0; i < IP_BYTES; i += 2)
		sum += (uint32_t)header[i] << 8 | header[i + 1];
	sum = (sum >> 16) + (sum & 0xffff);
	sum += sum >> 16;
	return (uint16_t)~sum;
}

static void put_ip(
	struct pen *pen, const struct segment *segment, uint32_t tcp_bytes)
{
	uint8_t *header = pen->at;
	struct pen sum;

	put8(pen, 0x45);
	put8(pen, 0);
	put16(pen, (uint16_t)(IP_BYTES + tcp_bytes + segment->payload_bytes));
	put16(pen, segment->ip_id);
	put16(pen, 0x4000); /* don't fragment */
	put8(pen, segment->ttl);
	put8(pen, 6);
	put16(pen, 0);
	put32(pen, segment->source);
	put32(pen, segment->target);
	sum.at = header + 10;
	put16(&sum, checksum(header));
}

static void put_ip6_address(struct pen *pen, uint32_t low)
{
	put32(pen, 0x20010db8);
	put32(pen, 0);
	put32(pen, 0);
	put32(pen, low);
}

static void put_ip6(
	struct pen *pen, const struct segment *segment, uint32_t tcp_bytes)
{
	put32(pen, 0x60000000);
	put16(pen, (uint16_t)(tcp_bytes + segment->payload_bytes));
	put8(pen, 6);
	put8(pen, segment->ttl);
	put_ip6_address(pen, segment->source);
	put_ip6_address(pen, segment->target);
}

static void put_tcp(
	struct pen *pen, const struct segment *segment, uint32_t tcp_bytes)
{
	put16(pen, segment->source_port);
	put16(pen, segment->target_port);
	put32(pen, segment->sequence);
	put32(pen, segment->acknowledged);
	put8(pen, (uint8_t)(tcp_bytes / 4 << 4));
	put8(pen, segment->flags);
	put16(pen, segment->window);
	put16(pen, 0xbe9c); /* the payload that it would cover is not there */
	put16(pen, 0);
	if (segment->flags & SEGMENT_SYN) {
		put32(pen, 0x02040000 | MSS);
		put32(pen, 0x0402080a); /* SACK permitted, timestamp */
	} else if (!(segment->flags & SEGMENT_RST)) {
		put32(pen, 0x0101080a);
	} else {
		return;
	}
	put32(pen, segment->timestamp_value);
	put32(pen, segment->timestamp_echo);
	if (segment->flags & SEGMENT_SYN)
		put32(pen, 0x01030300 | WINDOW_SCALE);
}

void segment_write(const struct segment *segment, FILE *out)
{
	static const uint8_t addresses[12] = {
		2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2};
	uint8_t record[RECORD_BYTES + SNAP_BYTES + PAYLOAD_MOST];
	struct pen pen = {record};
	uint32_t tcp_bytes = TCP_BYTES;
	uint32_t ip_bytes = segment->is_v6 ? IP6_BYTES : IP_BYTES;
	uint32_t wire, captured;

	if (segment->flags & SEGMENT_SYN)
		tcp_bytes += 20;
	else if (!(segment->flags & SEGMENT_RST))
		tcp_bytes += 12;
	wire = ETHERNET_BYTES + ip_bytes + tcp_bytes + segment->payload_bytes;
	captured = wire < SNAP_BYTES || segment->payload ? wire : SNAP_BYTES;
	put32_host(&pen, (uint32_t)(segment->time_ns / 1000000000));
	put32_host(&pen, (uint32_t)(segment->time_ns % 1000000000 / 1000));
	put32_host(&pen, captured);
	put32_host(&pen, wire);
	memcpy(pen.at, addresses, sizeof(addresses));
	pen.at += sizeof(addresses);
	put16(&pen, segment->is_v6 ? 0x86dd : 0x0800);
	if (segment->is_v6)
		put_ip6(&pen, segment, tcp_bytes);
	else
		put_ip(&pen, segment, tcp_bytes);
	put_tcp(&pen, segment, tcp_bytes);
	if (segment->payload)
		memcpy(pen.at, segment->payload, segment->payload_bytes);
	else if (pen.at < record + RECORD_BYTES + captured)
		memset(pen.at, 'x',
			(size_t)(record + RECORD_BYTES + captured - pen.at));
	(void)fwrite(record, RECORD_BYTES + captured, 1, out);
}
