/* What becomes of the segments of a connection, one packet after another: sent
 * again, keepalives, acknowledgments that name a hole at once; lost or never
 * acknowledged when later packets show it. Every form of the ladder ends the
 * arrows of the same packets on the way. */
#ifndef REPORT_SEGMENT_FATES_H
#define REPORT_SEGMENT_FATES_H

#include "report/flow_packets.h"

enum segment_mark {
	MARK_SENT_AGAIN = 1 << 0,
	MARK_LOST = 1 << 1, /* the peer's packets show that it never came */
	MARK_KEEPALIVE = 1 << 2,
	MARK_HOLE = 1 << 3,	  /* acknowledges what is behind a hole */
	MARK_UNANSWERED = 1 << 4, /* no copy of it is ever acknowledged */
};

struct fate_segment;

struct fate_side {
	bool is_known;
	uint32_t next; /* behind the last byte that it sent so far */
	bool has_ttl;
	uint8_t ttl; /* of its first packet that is no reset */
	/* sent, and its fate not known; owned */
	struct fate_segment *waiting;
	uint32_t count, room;
};

enum { FATE_RECENT = 8 };

/* Of a packet shortly before. */
struct fate_record {
	enum speaker speaker;
	uint32_t sequence, acknowledged, payload_bytes, timestamp_value;
	uint32_t interface, device;
	uint16_t ip_id, tcp_flags;
	uint8_t ttl;
};

struct segment_fates {
	struct fate_side sides[2]; /* the client's, the server's */
	struct fate_record recent[FATE_RECENT];
	uint64_t taken;
	/* told MARK_LOST or MARK_UNANSWERED of the packet with this id */
	void (*tell)(void *context, uint64_t id, uint8_t mark);
	void *context;
};

/* Nothing is told of a packet with this id. */
#define FATE_ID_NONE UINT64_MAX

/* The other members of `fates` are 0 at first. Returns what is known of the
 * packet at once; `hole_bytes` are those that MARK_HOLE is about. Of a side
 * that has too many segments in flight, or without memory, the later ones are
 * not followed. */
uint8_t segment_fates_take(struct segment_fates *fates,
	const struct packet *packet, enum speaker speaker, uint64_t id,
	uint32_t *hole_bytes);

/* Tells what is left, and frees it. */
void segment_fates_end(struct segment_fates *fates);

#endif
