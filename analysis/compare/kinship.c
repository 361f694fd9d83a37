#include "analysis/compare/kinship.h"

#include <stdlib.h>

#include "analysis/compare/joining.h"

enum {
	SLOTS = 1 << 16,
	MARKS = 8, /* packets of one track by which it may be known */
	FEW = 8,   /* slots looked at */
};

struct mark {
	uint64_t identity;
	uint32_t track;
	bool is_client;
	bool is_common; /* two connections of one lane have it */
};

/* What 64 bits of numbers name: a packet with an acknowledgment. */
static bool is_telling(const struct seen_packet *packet)
{
	return packet->flags & TCP_ACK && packet->sequence != 0 &&
	       packet->acknowledged != 0;
}

static void put(const struct track_table *table, struct mark *marks,
	uint64_t identity, uint32_t track, bool is_client)
{
	for (uint64_t i = 0; i < FEW; i++) {
		struct mark *mark = &marks[(identity + i) % SLOTS];

		if (mark->identity == identity) {
			/* else sent again, or seen by another lane */
			mark->is_common |= mark->track != track &&
					   table->tracks[mark->track].lane ==
						   table->tracks[track].lane;
			return;
		}
		if (mark->identity)
			continue;
		*mark = (struct mark){identity, track, is_client, false};
		return;
	}
}

static const struct mark *get(const struct mark *marks, uint64_t identity)
{
	for (uint64_t i = 0; i < FEW; i++) {
		const struct mark *mark = &marks[(identity + i) % SLOTS];

		if (mark->identity == identity)
			return mark->is_common ? NULL : mark;
		if (!mark->identity)
			return NULL;
	}
	return NULL;
}

/* Marks the first packets of every track that began without a SYN, or that no
 * other lane has. */
static bool mark_tracks(const struct track_table *table, struct mark *marks)
{
	bool is_any = false;

	for (uint32_t i = 0; i < table->track_count; i++) {
		const struct track *track = &table->tracks[i];
		unsigned count = 0;

		if (track->is_paired && track->has_syn)
			continue;
		for (uint32_t j = track->first; j && count < MARKS;
			j = track_packet(table, j)->next) {
			const struct seen_packet *packet =
				track_packet(table, j);

			if (!is_telling(packet))
				continue;
			put(table, marks, seen_packet_identity(packet), i,
				packet->side == track->client);
			count++;
			is_any = true;
		}
	}
	return is_any;
}

static bool has_isns(const struct track *track)
{
	return track->side[0].has_isn && track->side[1].has_isn;
}

/* Of one connection, and not known to be. Where both lanes have both initial
 * numbers, those have decided. */
static bool is_of_other_lane(
	struct joining *joining, uint32_t marked, uint32_t other)
{
	const struct track *one = &joining->table->tracks[marked];
	const struct track *two = &joining->table->tracks[other];

	return one->lane != two->lane && !(has_isns(one) && has_isns(two)) &&
	       joining_group_of(joining, marked) !=
		       joining_group_of(joining, other);
}

static void join_marked(struct joining *joining, const struct mark *marks)
{
	const struct track_table *table = joining->table;

	for (uint32_t i = 0; i < table->packet_count; i++) {
		const struct seen_packet *packet = &table->packets[i];
		const struct mark *mark;
		bool is_client;

		if (!is_telling(packet))
			continue;
		mark = get(marks, seen_packet_identity(packet));
		if (!mark ||
			!is_of_other_lane(joining, mark->track, packet->track))
			continue;
		is_client = packet->side ==
			    joining_client_of(joining, packet->track);
		joining_add(joining, joining_group_of(joining, mark->track),
			joining_group_of(joining, packet->track),
			mark->is_client != is_client);
	}
}

bool kinship_join(struct conn_set *set, struct track_table *table)
{
	struct joining joining;
	struct mark *marks;
	bool is_made = true;

	if (table->lane_count < 2)
		return true;
	marks = calloc(SLOTS, sizeof(*marks));
	if (!marks)
		return false;
	if (mark_tracks(table, marks)) {
		is_made = joining_begin(&joining, set, table);
		if (is_made) {
			join_marked(&joining, marks);
			joining_end(&joining);
			set->looked += joining.looked;
		}
	}
	free(marks);
	return is_made;
}
