#include "analysis/compare/kinship.h"

#include <stdlib.h>

enum {
	SLOTS = 1 << 16,
	MARKS = 8, /* packets of one track by which it may be known */
	FEW = 8,   /* slots looked at */
};

struct mark {
	uint64_t identity;
	uint32_t track;
};

/* What 64 bits of numbers name: a packet with an acknowledgment. */
static bool is_telling(const struct seen_packet *packet)
{
	return (packet->flags & (TCP_ACK | TCP_RST)) == TCP_ACK &&
	       packet->sequence != 0 && packet->acknowledged != 0;
}

static void put(struct mark *marks, uint64_t identity, uint32_t track)
{
	for (uint64_t i = 0; i < FEW; i++) {
		struct mark *mark = &marks[(identity + i) % SLOTS];

		if (mark->identity == identity)
			return; /* sent again, or seen by another lane */
		if (mark->identity)
			continue;
		*mark = (struct mark){identity, track};
		return;
	}
}

static const struct mark *get(const struct mark *marks, uint64_t identity)
{
	for (uint64_t i = 0; i < FEW; i++) {
		const struct mark *mark = &marks[(identity + i) % SLOTS];

		if (mark->identity == identity)
			return mark;
		if (!mark->identity)
			return NULL;
	}
	return NULL;
}

/* Marks the first packets of every track that is alone. */
static bool mark_alone(const struct track_table *table, struct mark *marks)
{
	bool is_any = false;

	for (uint32_t i = 0; i < table->track_count; i++) {
		const struct track *track = &table->tracks[i];
		unsigned count = 0;

		if (track->is_paired)
			continue;
		for (uint32_t j = track->first; j && count < MARKS;
			j = track_packet(table, j)->next) {
			const struct seen_packet *packet =
				track_packet(table, j);

			if (!is_telling(packet))
				continue;
			put(marks, seen_packet_identity(packet), i);
			count++;
			is_any = true;
		}
	}
	return is_any;
}

/* `alone` is the only track of its group: it goes over to the other's. */
static void move(struct conn_set *set, struct track_table *table,
	uint32_t alone, uint32_t to)
{
	struct track *track = &table->tracks[alone];
	struct path_conn *group = &set->groups[table->tracks[to].group];

	set->groups[track->group].track = UINT32_MAX; /* empty from now on */
	track->group = table->tracks[to].group;
	track->group_next = group->track + 1;
	group->track = alone;
	group->alone_tracks++;
	track->is_paired = true;
	table->tracks[to].is_paired = true;
}

bool kinship_join(struct conn_set *set, struct track_table *table)
{
	struct mark *marks;

	if (table->lane_count < 2)
		return true;
	marks = calloc(SLOTS, sizeof(*marks));
	if (!marks)
		return false;
	uint32_t count = mark_alone(table, marks) ? table->packet_count : 0;

	for (uint32_t i = 0; i < count; i++) {
		const struct seen_packet *packet = &table->packets[i];
		const struct mark *mark;

		if (!is_telling(packet))
			continue;
		mark = get(marks, seen_packet_identity(packet));
		if (mark && !table->tracks[mark->track].is_paired &&
			table->tracks[mark->track].lane !=
				table->tracks[packet->track].lane)
			move(set, table, mark->track, packet->track);
	}
	free(marks);
	return true;
}
