#include "analysis/compare/pair_doubt.h"

#include <stdlib.h>

#include "capture/hash.h"

enum {
	FIRST = 8,	 /* packets of each that are looked at */
	SAME_TIME_S = 5, /* a SYN's delay, and SYNs that a recorder missed */
};

/* Of both initial numbers; without the server's, of the client's and the
 * server's endpoint. */
static uint64_t key_of(const struct track *track)
{
	const struct track_side *client = &track->side[track->client];
	const struct track_side *server = &track->side[!track->client];
	uint64_t key = hash_mixed(track->lane + 1, client->isn);

	if (server->has_isn)
		return hash_mixed(key, (uint64_t)1 << 32 | server->isn);
	key = hash_mixed(key, server->port);
	for (unsigned i = 0; i < sizeof(server->address); i++)
		key = (key ^ server->address.bytes[i]) * 0x100000001b3u;
	return key;
}

static int by_size(const void *one, const void *other)
{
	const uint64_t *a = one, *b = other;

	return *a < *b ? -1 : *a > *b;
}

bool isn_counts_make(struct isn_counts *counts, const struct track_table *table)
{
	*counts = (struct isn_counts){
		.keys = calloc(
			(size_t)table->track_count + 1, sizeof(*counts->keys)),
	};
	if (!counts->keys)
		return false;
	for (uint32_t i = 0; i < table->track_count; i++) {
		const struct track *track = &table->tracks[i];

		if (track->side[track->client].has_isn)
			counts->keys[counts->count++] = key_of(track);
	}
	qsort(counts->keys, counts->count, sizeof(*counts->keys), by_size);
	return true;
}

void isn_counts_release(struct isn_counts *counts)
{
	free(counts->keys);
	counts->keys = NULL;
}

static bool is_shared(const struct isn_counts *counts, uint64_t key)
{
	uint32_t low = 0, high = counts->count;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (counts->keys[middle] < key)
			low = middle + 1;
		else
			high = middle;
	}
	return low + 1 < counts->count && counts->keys[low + 1] == key;
}

/* A packet of both that says that they are one (1) or two (-1) connections; 0:
 * neither. */
static int compared(const struct track *own, const struct seen_packet *packet,
	const struct track *there, const struct seen_packet *other)
{
	bool is_syn = packet->flags & TCP_SYN;

	if ((packet->side == own->client) != (other->side == there->client) ||
		packet->sequence != other->sequence ||
		packet->payload_bytes != other->payload_bytes ||
		((packet->flags ^ other->flags) & (TCP_SYN | TCP_ACK)))
		return 0;
	if (seen_packet_differs_in_payload(packet, other))
		return -1;
	if (!is_syn || !(packet->options & other->options & OPTION_TIMESTAMP))
		return 0;
	return packet->timestamp_value == other->timestamp_value ? 1 : -1;
}

static bool differs_in_packets(const struct conn_set *set,
	const struct track *one, const struct track *other)
{
	uint32_t at = one->first;
	int differs = 0;

	for (unsigned i = 0; at && i < FIRST; i++) {
		const struct seen_packet *packet = track_packet(set->table, at);
		uint32_t there = other->first;

		for (unsigned j = 0; there && j < FIRST; j++) {
			const struct seen_packet *same =
				track_packet(set->table, there);
			int said = compared(one, packet, other, same);

			if (said > 0)
				return false;
			differs |= said;
			there = same->next;
		}
		at = packet->next;
	}
	return differs != 0;
}

static bool differs_in_time(const struct conn_set *set, const struct track *one,
	const struct track *other)
{
	int64_t time_ns, apart_ns;
	int64_t error_ns = conn_set_error_ns(set, one->lane, other->lane);

	if (!conn_set_time_at(
		    set, one->lane, other->lane, one->first_ns, &time_ns) ||
		__builtin_sub_overflow(other->first_ns, time_ns, &apart_ns))
		return false;
	apart_ns = apart_ns < 0 ? -(apart_ns + 1) : apart_ns;
	return apart_ns - SAME_TIME_S * SECOND_NS > error_ns;
}

bool pair_is_doubtful(const struct conn_set *set,
	const struct isn_counts *counts, const struct track *one,
	const struct track *other)
{
	return is_shared(counts, key_of(one)) ||
	       is_shared(counts, key_of(other)) ||
	       differs_in_time(set, one, other) ||
	       differs_in_packets(set, one, other);
}
