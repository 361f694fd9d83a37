/* TCP connections counted as Wireshark's tcp.stream: from 0, by their first
 * packets, and a SYN with another sequence number begins a new one. */
#ifndef CLI_TCP_STREAMS_H
#define CLI_TCP_STREAMS_H

#include <stdbool.h>
#include <stdint.h>

#include "analysis/verdict/incident.h"
#include "capture/packet.h"

struct tcp_stream;

struct tcp_streams {
	struct tcp_stream *streams; /* owned */
	uint32_t count, room;
	uint32_t *buckets; /* index + 1 of the newest; owned */
	uint32_t bucket_count;
	uint64_t seed; /* nobody outside can tell which streams collide */
	bool has_no_memory;
};

/* A stream's first packet. */
struct tcp_stream_start {
	uint64_t frame;
	int64_t time_ns; /* INT64_MIN: not known */
};

#define TCP_STREAM_NONE UINT32_MAX

/* All but the seed zero at first. Which stream a packet is of, in the order of
 * recording; TCP_STREAM_NONE: it is not TCP, or there is no memory. */
uint32_t tcp_streams_take(
	struct tcp_streams *streams, const struct packet *packet);
/* The stream of that name which goes on at the frame; TCP_STREAM_NONE: there is
 * none. */
uint32_t tcp_streams_find(const struct tcp_streams *streams,
	const struct flow_name *flow, uint64_t frame);
struct tcp_stream_start tcp_stream_start(
	const struct tcp_streams *streams, uint32_t stream);
void tcp_streams_release(struct tcp_streams *streams);

#endif
