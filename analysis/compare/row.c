#include "analysis/compare/row.h"

#include <stdlib.h>
#include <string.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "analysis/compare/row_cover.h"
#include "capture/array.h"
#include "capture/sequence.h"

enum {
	FEW = 64, /* copies of one segment that are told apart */
	ROWS_MOST = 1 << 22,
	PUSHED = TCP_PSH | TCP_ECE | TCP_CWR | TCP_URG | TCP_NS,
};

/* How sure it is that two packets are of one packet. */
enum alike { ALIKE_NOT, ALIKE_BY_NUMBERS, ALIKE_BY_ID };

/* With the seed, so that nobody can choose numbers that lie in one bucket. */
static uint32_t key_of(const struct row_set *rows,
	const struct seen_packet *packet, unsigned lane)
{
	uint32_t numbers[4] = {
		row_sequence(rows, packet, lane),
		packet->payload_bytes,
		packet->flags & (TCP_SYN | TCP_FIN | TCP_RST),
		0,
	};

	/* nothing else tells acknowledgments apart */
	if (seen_packet_length(packet) == 0 && packet->flags & TCP_ACK)
		numbers[3] = packet->acknowledged - rows->shift[lane][1];
	return (uint32_t)XXH3_64bits_withSeed(
		numbers, sizeof(numbers), rows->set->table->seed);
}

static bool has_same_numbers(const struct row_set *rows,
	const struct seen_packet *one, unsigned lane,
	const struct seen_packet *other, unsigned there)
{
	if (row_sequence(rows, one, lane) != row_sequence(rows, other, there) ||
		one->payload_bytes != other->payload_bytes ||
		((one->flags ^ other->flags) & (uint16_t)~PUSHED))
		return false;
	return !(one->flags & TCP_ACK) ||
	       one->acknowledged - rows->shift[lane][1] ==
		       other->acknowledged - rows->shift[there][1];
}

/* A retransmission has other marks: they tell copies of one segment apart. */
static enum alike alike(const struct row_set *rows,
	const struct seen_packet *one, unsigned lane,
	const struct seen_packet *other, unsigned there)
{
	bool has_ids = one->ip_id && other->ip_id && !rows->has_other_ids;
	bool is_same_id = has_ids && one->ip_id == other->ip_id;
	bool has_times = one->options & other->options & OPTION_TIMESTAMP &&
			 !rows->has_other_times;
	bool is_same_time =
		has_times && one->timestamp_value == other->timestamp_value;

	if (!has_same_numbers(rows, one, lane, other, there))
		return ALIKE_NOT;
	if (seen_packet_differs_in_payload(one, other) &&
		!(is_same_id && is_same_time))
		return ALIKE_NOT;
	if ((is_same_id || !has_ids) && (is_same_time || !has_times))
		return is_same_id || is_same_time ? ALIKE_BY_ID
						  : ALIKE_BY_NUMBERS;
	/* of a device that writes one of both anew, the other is left */
	return (is_same_id && seen_packet_length(one)) ? ALIKE_BY_NUMBERS
						       : ALIKE_NOT;
}

/* Which of the rows that earlier lanes began this is one of: the link to it in
 * its bucket; NULL: none. */
static uint32_t *find(struct row_set *rows, const struct seen_packet *packet,
	unsigned lane, enum alike least)
{
	uint32_t key = key_of(rows, packet, lane);
	uint32_t *link = &rows->buckets[key & (rows->bucket_count - 1)];
	unsigned looked = 0;

	for (; *link && looked < FEW; link = &rows->rows[*link - 1].next) {
		const struct packet_row *row = &rows->rows[*link - 1];
		unsigned last;

		rows->looked++;
		if (row->key != key)
			continue;
		looked++;
		last = row_last(rows, row);
		if (alike(rows, packet, lane, row_packet(rows, row, last),
			    last) >= least)
			return link;
	}
	return NULL;
}

static bool add_row(struct row_set *rows, uint32_t index_1,
	const struct seen_packet *packet, unsigned lane)
{
	struct packet_row *grown = array_grown(
		rows->rows, rows->count, &rows->room, sizeof(*grown));

	if (!grown || rows->count == ROWS_MOST)
		return false;
	rows->rows = grown;
	grown[rows->count] =
		(struct packet_row){.key = key_of(rows, packet, lane)};
	grown[rows->count++].at[lane] = index_1;
	return true;
}

/* In the order of recording, so that the first copy is found first. */
static void link_rows(struct row_set *rows)
{
	memset(rows->buckets, 0, rows->bucket_count * sizeof(*rows->buckets));
	for (uint32_t i = rows->count; i-- > 0;) {
		struct packet_row *row = &rows->rows[i];
		uint32_t *bucket =
			&rows->buckets[row->key & (rows->bucket_count - 1)];

		row->next = *bucket;
		*bucket = i + 1;
	}
}

/* The packets of one lane and this direction, in the order of recording:
 * those of a connection that goes on under another name come one after the
 * other. */
static uint32_t next_of(const struct row_set *rows, unsigned lane,
	uint32_t *track, uint32_t *at)
{
	const struct conn_set *set = rows->set;

	for (;;) {
		while (*at) {
			uint32_t found = *at;
			const struct seen_packet *packet =
				track_packet(set->table, found);
			const struct track *own =
				conn_set_track(set, packet->track);

			*at = packet->next;
			if ((packet->side == own->client) == rows->is_to_server)
				return found;
		}
		if (!*track)
			return 0;
		if (conn_set_track(set, *track - 1)->lane == rows->lanes[lane])
			*at = conn_set_track(set, *track - 1)->first;
		*track = conn_set_track(set, *track - 1)->group_next;
	}
}

/* A row that this lane has is no other packet's of the lane: left in its
 * bucket, it would be passed by each of the copies that come after it. */
static bool take_packet(
	struct row_set *rows, uint32_t index_1, unsigned lane, enum alike least)
{
	const struct seen_packet *packet =
		track_packet(rows->set->table, index_1);
	uint32_t *link = find(rows, packet, lane, least);
	struct packet_row *row;

	if (!link)
		return false;
	row = &rows->rows[*link - 1];
	row->at[lane] = index_1;
	*link = row->next;
	return true;
}

/* Packets that no row is of begin rows; those that this lane recorded twice
 * are copies on the way, and rows of their own. */
static bool take_lane(struct row_set *rows, unsigned lane)
{
	link_rows(rows);
	for (enum alike least = ALIKE_BY_ID; least > ALIKE_NOT; least--) {
		uint32_t track = rows->group->track + 1, at = 0, i;

		while ((i = next_of(rows, lane, &track, &at)) != 0) {
			struct seen_packet *packet =
				track_packet(rows->set->table, i);

			if (least == ALIKE_BY_ID)
				packet->is_taken = false;
			else if (packet->is_taken)
				continue;
			packet->is_taken = take_packet(rows, i, lane, least);
		}
	}
	uint32_t track = rows->group->track + 1, at = 0, i;

	while ((i = next_of(rows, lane, &track, &at)) != 0) {
		const struct seen_packet *packet =
			track_packet(rows->set->table, i);

		if (!packet->is_taken && !add_row(rows, i, packet, lane))
			return false;
	}
	return true;
}

static uint32_t shift_of(
	const struct track_side *one, const struct track_side *other)
{
	return one->has_isn && other->has_isn ? one->isn - other->isn : 0;
}

static const struct track *first_track(
	const struct row_set *rows, unsigned lane)
{
	for (uint32_t i = rows->group->track + 1; i;
		i = conn_set_track(rows->set, i - 1)->group_next)
		if (conn_set_track(rows->set, i - 1)->lane == rows->lanes[lane])
			return conn_set_track(rows->set, i - 1);
	return NULL;
}

static void set_shifts(struct row_set *rows)
{
	const struct track *first = first_track(rows, 0);

	for (unsigned i = 1; rows->group->is_renumbered && i < rows->lane_count;
		i++) {
		const struct track *track = first_track(rows, i);
		unsigned own, there;

		if (!first || !track)
			continue;
		own = rows->is_to_server ? first->client : !first->client;
		there = rows->is_to_server ? track->client : !track->client;
		rows->shift[i][0] =
			shift_of(&track->side[there], &first->side[own]);
		rows->shift[i][1] =
			shift_of(&track->side[!there], &first->side[!own]);
	}
}

/* Packets whose numbers both lanes have, by whether the marks agree that tell
 * copies apart. */
struct marks {
	unsigned same_id, other_id, same_time, other_time;
};

static void count_marks(struct row_set *rows, const struct seen_packet *packet,
	unsigned lane, enum alike least, struct marks *marks)
{
	const uint32_t *found = find(rows, packet, lane, least);
	const struct packet_row *row;
	const struct seen_packet *before;

	if (!found)
		return;
	row = &rows->rows[*found - 1];
	before = row_packet(rows, row, row_last(rows, row));
	if (packet->ip_id && before->ip_id) {
		marks->same_id += before->ip_id == packet->ip_id;
		marks->other_id += before->ip_id != packet->ip_id;
	}
	if (packet->options & before->options & OPTION_TIMESTAMP) {
		marks->same_time +=
			before->timestamp_value == packet->timestamp_value;
		marks->other_time +=
			before->timestamp_value != packet->timestamp_value;
	}
}

/* Marks that no packet has at both lanes, though many have the same numbers,
 * are written anew by a device. */
static void find_other_marks(struct row_set *rows, unsigned lane)
{
	uint32_t track = rows->group->track + 1, at = 0, i;
	struct marks marks = {0, 0, 0, 0};

	rows->has_other_ids = rows->has_other_times = false;
	while ((i = next_of(rows, lane, &track, &at)) != 0)
		count_marks(rows, track_packet(rows->set->table, i), lane,
			ALIKE_BY_ID, &marks);
	rows->has_other_ids = rows->has_other_times = true;
	track = rows->group->track + 1;
	at = 0;
	while ((i = next_of(rows, lane, &track, &at)) != 0)
		count_marks(rows, track_packet(rows->set->table, i), lane,
			ALIKE_BY_NUMBERS, &marks);
	rows->has_other_ids = marks.same_id == 0 && marks.other_id > 1;
	rows->has_other_times = marks.same_time == 0 && marks.other_time > 0;
}

static uint32_t packets_of(const struct row_set *rows)
{
	uint32_t packets = 0;

	for (uint32_t i = rows->group->track + 1; i;
		i = conn_set_track(rows->set, i - 1)->group_next) {
		const struct track *track = conn_set_track(rows->set, i - 1);

		packets += track->side[0].packets + track->side[1].packets;
	}
	return packets;
}

/* Another row whose packets nothing tells from this one's? */
static bool has_twin(struct row_set *rows, const struct packet_row *row)
{
	unsigned lane = row_first(rows, row), looked = 0;

	for (uint32_t i = rows->buckets[row->key & (rows->bucket_count - 1)];
		i && looked < FEW; i = rows->rows[i - 1].next) {
		const struct packet_row *other = &rows->rows[i - 1];
		unsigned there = row_first(rows, other);

		rows->looked++;
		/* which of these share the bucket depends on the seed */
		if (other->key != row->key)
			continue;
		looked++;
		if (other != row &&
			alike(rows, row_packet(rows, row, lane), lane,
				row_packet(rows, other, there), there))
			return true;
	}
	return false;
}

static void find_twins(struct row_set *rows)
{
	link_rows(rows);
	for (uint32_t i = 0; i < rows->count; i++)
		rows->rows[i].has_twin = has_twin(rows, &rows->rows[i]);
}

bool row_set_make(struct row_set *rows, const struct conn_set *set,
	const struct path_conn *group, bool is_to_server)
{
	uint32_t packets;

	*rows = (struct row_set){
		.set = set,
		.group = group,
		.is_to_server = is_to_server,
		.lane_count = group->lane_count,
		.bucket_count = 16,
	};
	for (unsigned i = 0; i < group->lane_count; i++)
		rows->lanes[i] =
			group->lanes[is_to_server ? i
						  : group->lane_count - 1 - i];
	packets = packets_of(rows);
	while (rows->bucket_count < packets && rows->bucket_count < ROWS_MOST)
		rows->bucket_count *= 2;
	rows->buckets = calloc(rows->bucket_count, sizeof(*rows->buckets));
	if (!rows->buckets)
		return false;
	set_shifts(rows);
	for (unsigned i = 0; i < rows->lane_count; i++) {
		if (i > 0) {
			link_rows(rows);
			find_other_marks(rows, i);
		}
		if (!take_lane(rows, i))
			return false;
	}
	find_twins(rows);
	return row_cover_make(rows);
}

void row_set_release(struct row_set *rows)
{
	free(rows->rows);
	free(rows->buckets);
	row_cover_release(rows);
	rows->rows = NULL;
	rows->buckets = NULL;
}
