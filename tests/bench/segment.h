/* Writes TCP segments as a classic pcap, fast: what a generator of large
 * captures needs, and no more. Deliberately none of culprit's own code, so
 * that a mistake in its encoder can't hide one in its decoder. */
#ifndef BENCH_SEGMENT_H
#define BENCH_SEGMENT_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

enum segment_flag {
	SEGMENT_FIN = 0x01,
	SEGMENT_SYN = 0x02,
	SEGMENT_RST = 0x04,
	SEGMENT_PSH = 0x08,
	SEGMENT_ACK = 0x10,
};

/* In host byte order. A SYN carries MSS, SACK permitted, timestamp and window
 * scale, everything else but a reset the timestamp. */
struct segment {
	uint64_t time_ns; /* since the epoch; written in microseconds */
	uint32_t source, target; /* IPv6: the last bytes */
	uint16_t source_port, target_port;
	uint32_t sequence, acknowledged;
	uint32_t timestamp_value, timestamp_echo;
	uint16_t payload_bytes, window, ip_id;
	uint8_t ttl, flags;
	bool is_v6;
	/* payload_bytes of it, written whole; NULL: as many x, cut */
	const void *payload;
};

/* The file header: Ethernet, microseconds, frames of any length; of a payload
 * without meaning 128 bytes of the frame are written. */
void segment_begin(FILE *out);
void segment_write(const struct segment *segment, FILE *out);

#endif
