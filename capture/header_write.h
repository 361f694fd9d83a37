/* Headers to bytes: IP headers, and the packet that an ICMP error quotes. */
#ifndef CAPTURE_HEADER_WRITE_H
#define CAPTURE_HEADER_WRITE_H

#include <stddef.h>

#include "capture/byte_writer.h"
#include "capture/packet.h"

enum { MOST_QUOTATION_BYTES = 60 /* IPv6 and TCP without options */ };

/* An IPv4 header without options, or an IPv6 header without extensions; host
 * byte order. */
struct ip_header {
	struct address source, target;
	uint32_t flow_label;   /* IPv6 */
	uint32_t total_bytes;  /* of the packet; above 65,535: written as 0, as
				  segmentation offload does */
	uint16_t id, fragment; /* IPv4; fragment: flags and offset */
	uint8_t family;	       /* 4 or 6 */
	uint8_t protocol, ttl, tos;
};

/* Appends the header, the IPv4 checksum included. */
void header_write_ip(struct byte_writer *writer, const struct ip_header *ip);

/* The packet that an ICMP error quotes, as far as the quotation goes; returns
 * the bytes written, 0 for no quotation. */
size_t header_write_quotation(const struct quotation *quoted,
	uint8_t bytes[static MOST_QUOTATION_BYTES]);

#endif
