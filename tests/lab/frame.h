/*
 * One Ethernet frame on the wire, taken apart in place: where its headers
 * are, how long it claims to be, and the changes a middlebox makes to it.
 *
 * The frames come from kernels in our own namespaces, yet every length is
 * compared with what was read before it is used: scenarios plant broken
 * packets too.
 */
#ifndef LAB_FRAME_H
#define LAB_FRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	ETHERNET_BYTES = 14,
	FRAME_MAXIMUM = 65536 + ETHERNET_BYTES,
};

enum tcp_flag {
	TCP_FIN = 0x01,
	TCP_SYN = 0x02,
	TCP_RST = 0x04,
	TCP_PSH = 0x08,
	TCP_ACK = 0x10,
};

/* Bits for frame_strip_options. */
enum strip {
	STRIP_TIMESTAMPS = 1,
	STRIP_SACK = 2,
	STRIP_WINDOW_SCALE = 4,
	STRIP_MSS = 8,
};

/*
 * Offsets count from the frame's first byte. `version` is 0 for anything that
 * is not IP; `is_tcp` holds only when the whole TCP header is there.
 */
struct frame {
	uint8_t *bytes;
	size_t length;
	int version;
	size_t ip;
	size_t ip_bytes; /* the whole IP packet as its header claims it */
	int protocol;
	bool is_fragment;
	bool is_tcp;
	bool is_icmp_error;
	bool is_neighbour; /* IPv6 neighbour discovery: dies when its hop limit
			    * is not 255 */
	bool is_too_big;   /* "fragmentation needed" or "packet too big" */
	size_t transport;
	size_t payload;
	size_t payload_bytes;
};

struct tcp_fields {
	uint16_t source;
	uint16_t destination;
	uint32_t sequence;
	uint32_t acknowledgement;
	uint8_t flags;
	uint16_t window;
};

uint16_t get16(const uint8_t *at);
uint32_t get32(const uint8_t *at);
void put16(uint8_t *at, uint16_t value);
void put32(uint8_t *at, uint32_t value);

/* Finds the headers of `length` bytes. Always fills `frame`. */
void frame_parse(struct frame *frame, uint8_t *bytes, size_t length);

struct tcp_fields frame_tcp(const struct frame *frame);
uint8_t frame_ttl(const struct frame *frame);
uint16_t frame_ip_id(const struct frame *frame);
size_t address_bytes(const struct frame *frame);
const uint8_t *frame_source(const struct frame *frame);
const uint8_t *frame_destination(const struct frame *frame);

/* Each of these changes the frame in place and leaves its checksums stale. */
void frame_set_ttl(struct frame *frame, uint8_t ttl);
void frame_set_tos(struct frame *frame, uint8_t tos);
void frame_clear_df(struct frame *frame);
void frame_set_ip_id(struct frame *frame, uint16_t ip_id);
void frame_clamp_mss(struct frame *frame, uint16_t mss);
void frame_set_wscale(struct frame *frame, uint8_t shift);
void frame_strip_options(struct frame *frame, unsigned strip);
void frame_shift_sack(struct frame *frame, uint32_t by);

/* Writes the IPv4 header's and the TCP checksum again. */
void frame_refresh(struct frame *frame);

#endif
