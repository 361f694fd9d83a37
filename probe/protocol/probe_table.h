/* The packets that a probe sent, and those of them that a packet may answer:
 * chains of the rows that have the same hash of a field, the newest first. So
 * an answer is compared with a few rows, also where it answers none. */
#ifndef PROBE_PROTOCOL_PROBE_TABLE_H
#define PROBE_PROTOCOL_PROBE_TABLE_H

#include "capture/packet.h"

enum { SENT_PROBES_MAX = 8192 };

enum probe_field {
	PROBE_SEQUENCE,
	PROBE_END, /* sequence number behind its payload */
	PROBE_ACKNOWLEDGED,
	PROBE_IP_ID,
	PROBE_IP_BYTES,
	PROBE_TARGET_PORT, /* of an echo its sequence number */
	PROBE_FIELD_COUNT
};

enum { PROBE_INDEX_BITS = 10 };

/* All zeros: empty. Rows + 1; 0: none. */
struct probe_index {
	uint16_t head[PROBE_FIELD_COUNT][1 << PROBE_INDEX_BITS];
	uint16_t next[PROBE_FIELD_COUNT][SENT_PROBES_MAX];
};

/* A sent packet, as far as matching responses needs it. */
struct sent_probe {
	int64_t time_ns;
	uint64_t frame; /* 0: not seen on the wire */
	uint32_t ip_bytes;
	uint32_t sequence, payload_bytes;
	uint32_t acknowledged;
	uint32_t tag; /* of the table's owner */
	uint16_t ip_id;
	/* TCP and UDP ports; identifier and sequence number of an echo */
	uint16_t source_port, target_port;
	uint16_t tcp_flags;
	uint8_t protocol;
	uint8_t ttl, tos;
	bool is_df;
	bool is_fragment;
	bool is_later; /* and not the first of its packet */
	/* Of a row: a SYN that was sent before. Which of them was answered is
	 * not known (Karn's algorithm, RFC 6298, 3). */
	bool is_repeated_syn;
};

/* A port of ours, and what a NAT makes of it, as quotes show. */
struct changed_port {
	uint16_t ours, quoted;
};
enum { CHANGED_PORTS = 32 };

struct probe_table {
	struct address own, target;
	uint8_t family;
	uint32_t count;
	bool is_full; /* at least one did not fit */
	struct sent_probe sent_probe[SENT_PROBES_MAX];
	struct probe_index index;
	/* Rows that were compared in vain. Probes that a probe sends differ:
	 * where it is very many, they were made up to be compared, and then
	 * only the newest rows are. */
	uint64_t vain;
	/* The latest of TCP; the next one is put at `port_count` modulo the
	 * size. */
	unsigned port_count;
	struct changed_port ports[CHANGED_PORTS];
};

/* Whether the packet went from our address to the target's. */
bool probe_table_is_probe(
	const struct probe_table *table, const struct packet *packet);

/* Appends; returns the row, or -1 when the table is full. */
int probe_table_add(
	struct probe_table *table, const struct sent_probe *sent_probe);

/* A sent packet as a row (tag 0). */
struct sent_probe sent_probe_of_packet(const struct packet *packet);

/* The newest of the rows with this value, and by chance with others, that
 * `fits`; -1: none does. `context` is handed to it. */
int probe_table_find(struct probe_table *table, enum probe_field field,
	uint32_t value,
	bool (*fits)(const struct sent_probe *sent_probe, const void *context),
	const void *context);

void probe_table_note_port(
	struct probe_table *table, uint16_t ours, uint16_t quoted);
bool probe_table_is_changed_port(
	const struct probe_table *table, uint16_t ours, uint16_t quoted);

/* Whether rows `a` and `b` are equal probes: protocol, size, hop limit. */
bool sent_probe_is_alike(
	const struct sent_probe *a, const struct sent_probe *b);

#endif
