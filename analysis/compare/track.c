#include "analysis/compare/track.h"

#include <stdlib.h>
#include <string.h>

#include "analysis/flow/flow_key.h"
#include "analysis/learned/capture_points.h"
#include "capture/array.h"
#include "capture/sequence.h"

enum { LEAST_SIGHTINGS = 1 << 16, PACKETS_A_TRACK = 8 };

bool track_table_init(
	struct track_table *table, uint64_t memory_bytes, uint64_t seed)
{
	uint64_t most =
		memory_bytes / (sizeof(struct seen_packet) +
				       sizeof(struct track) / PACKETS_A_TRACK);

	*table = (struct track_table){.seed = seed};
	if (most < LEAST_SIGHTINGS)
		most = LEAST_SIGHTINGS;
	if (most > UINT32_MAX / 2)
		most = UINT32_MAX / 2;
	table->packets_most = (uint32_t)most;
	table->tracks_most = (uint32_t)(most / PACKETS_A_TRACK);
	table->bucket_count = 1 << 12;
	while (table->bucket_count < table->tracks_most &&
		table->bucket_count < 1u << 20)
		table->bucket_count *= 2;
	table->buckets = calloc(table->bucket_count, sizeof(*table->buckets));
	return table->buckets != NULL;
}

void track_table_release(struct track_table *table)
{
	free(table->packets);
	free(table->tracks);
	free(table->buckets);
	for (unsigned i = 0; i < FILES_MOST; i++)
		silences_release(&table->files[i].silences);
	*table = (struct track_table){.packets = NULL};
}

static unsigned lane_of(
	struct track_table *table, unsigned file, const struct packet *packet)
{
	uint64_t place =
		capture_points_place(packet->interface, packet->device);
	unsigned i;

	for (i = 0; i < table->lane_count; i++)
		if (table->lanes[i].file == file &&
			table->lanes[i].place == place)
			return i;
	if (i == LANES_MOST)
		return NO_LANE;
	table->lanes[table->lane_count++] =
		(struct lane){.place = place, .file = file};
	return i;
}

static void note_time(struct track_table *table, unsigned file, int64_t time_ns)
{
	struct covered *covered = &table->files[file];

	if (time_ns == INT64_MIN)
		return;
	silences_note(&covered->silences, time_ns);
	if (covered->frames++ == 0) {
		covered->first_ns = covered->last_ns = time_ns;
		return;
	}
	if (time_ns < covered->first_ns)
		covered->first_ns = time_ns;
	if (time_ns > covered->last_ns)
		covered->last_ns = time_ns;
}

/* Of each lane another one: a lane may have any number of tracks of a name, and
 * another lane's packets of that name would pass all of them. */
static uint32_t *bucket_of(const struct track_table *table,
	const struct flow_key *key, unsigned lane)
{
	uint64_t hash = (key->hash >> 16) + lane * 0x9e3779b1u;

	return &table->buckets[hash & (table->bucket_count - 1)];
}

static struct track *find(
	struct track_table *table, const struct flow_key *key, unsigned lane)
{
	for (uint32_t i = *bucket_of(table, key, lane); i;
		i = table->tracks[i - 1].chain) {
		struct track *track = &table->tracks[i - 1];

		table->looked++;
		if (track->lane == lane &&
			track->identity[0] == key->identity[0] &&
			track->identity[1] == key->identity[1])
			return track; /* the newest of that name */
	}
	return NULL;
}

/* A SYN with another initial number begins another connection. */
static bool is_begun_anew(const struct track *track,
	const struct packet *packet, const struct flow_key *key)
{
	const struct track_side *side = &track->side[key->side];

	if ((packet->tcp_flags & (TCP_SYN | TCP_RST)) != TCP_SYN)
		return false;
	if (side->has_isn) /* a SYN-ACK too: of a SYN that was missed */
		return side->isn != packet->sequence;
	if (packet->tcp_flags & TCP_ACK)
		return false;
	/* SYNs may cross (RFC 9293, 3.5), and then both belong to it */
	return side->has_sent || (track->side[!key->side].has_sent &&
					 !track->side[!key->side].has_isn);
}

static struct track *begin_track(struct track_table *table,
	const struct packet *packet, const struct flow_key *key, unsigned lane)
{
	struct track *tracks, *track;
	uint32_t *bucket = bucket_of(table, key, lane);

	if (table->track_count >= table->tracks_most)
		return NULL;
	tracks = array_grown(table->tracks, table->track_count,
		&table->track_room, sizeof(*tracks));
	if (!tracks)
		return NULL;
	table->tracks = tracks;
	track = &tracks[table->track_count];
	*track = (struct track){
		.identity = {key->identity[0], key->identity[1]},
		.chain = *bucket,
		.group = UINT32_MAX,
		.first_ns = packet->time_ns,
		.last_ns = packet->time_ns,
		.lane = (uint8_t)lane,
		.family = packet->family,
	};
	track->side[key->side].address = packet->source;
	track->side[key->side].port = packet->source_port;
	track->side[!key->side].address = packet->target;
	track->side[!key->side].port = packet->target_port;
	/* the server's port is the lower one nearly always */
	track->client = track->side[0].port < track->side[1].port;
	*bucket = ++table->track_count;
	return track;
}

static void note_ttl(struct track_side *side, uint8_t ttl)
{
	unsigned i = 0;

	while (i < TRACK_TTLS - 1 && side->ttl_count[i] && side->ttl[i] != ttl)
		i++;
	if (side->ttl_count[i] == 0)
		side->ttl[i] = ttl;
	if (side->ttl[i] == ttl)
		side->ttl_count[i] += side->ttl_count[i] < UINT32_MAX;
}

static void note_numbers(struct track *track, const struct seen_packet *packet)
{
	struct track_side *side = &track->side[packet->side];
	uint32_t end = seen_packet_end(packet);

	side->packets += side->packets < UINT32_MAX;
	if (packet->flags & TCP_RST)
		return;
	note_ttl(side, packet->ttl);
	if (packet->flags & TCP_SYN) {
		side->has_isn = true;
		side->isn = packet->sequence;
		if (!track->has_syn)
			track->client = packet->flags & TCP_ACK ? !packet->side
								: packet->side;
		track->has_syn = true;
	}
	if (!side->has_sent && !side->has_isn)
		side->isn = packet->sequence;
	if (!side->has_sent || sequence_after(end, side->next))
		side->next = end;
	if (packet->flags & TCP_ACK &&
		(!side->has_sent ||
			sequence_after(packet->acknowledged, side->acked)))
		side->acked = packet->acknowledged;
	side->has_sent = true;
}

static bool append(struct track_table *table, struct track *track,
	const struct seen_packet *packet)
{
	struct seen_packet *packets;

	if (table->packet_count >= table->packets_most)
		return false;
	packets = array_grown(table->packets, table->packet_count,
		&table->packet_room, sizeof(*packets));
	if (!packets)
		return false;
	table->packets = packets;
	packets[table->packet_count++] = *packet;
	if (track->last)
		packets[track->last - 1].next = table->packet_count;
	else
		track->first = table->packet_count;
	track->last = table->packet_count;
	return true;
}

void track_table_add(
	struct track_table *table, unsigned file, const struct packet *packet)
{
	struct flow_key key;
	struct seen_packet seen;
	struct track *track;
	unsigned lane;

	note_time(table, file, packet->time_ns);
	if (packet->kind != PACKET_TCP || packet->time_ns == INT64_MIN)
		return;
	lane = lane_of(table, file, packet);
	if (lane == NO_LANE) {
		table->not_kept++;
		return;
	}
	table->lanes[lane].packets++;
	flow_key_of(packet, table->seed, &key);
	track = find(table, &key, lane);
	if (!track || is_begun_anew(track, packet, &key))
		track = begin_track(table, packet, &key, lane);
	if (!track) {
		table->not_kept++;
		return;
	}
	seen = seen_packet_of(packet, key.side);
	seen.track = (uint32_t)(track - table->tracks);
	note_numbers(track, &seen);
	if (packet->time_ns > track->last_ns)
		track->last_ns = packet->time_ns;
	if (!append(table, track, &seen)) {
		table->not_kept++;
		track->dropped++;
	}
}
