#include "analysis/compare/change.h"

#include <assert.h>
#include <string.h>

#include "capture/array.h"

const char *change_word(enum change_field field)
{
	static const char *const words[] = {
		[CHANGE_SOURCE] = "source",
		[CHANGE_TARGET] = "target",
		[CHANGE_TTL] = "ttl",
		[CHANGE_DSCP] = "dscp",
		[CHANGE_ECN] = "ecn",
		[CHANGE_DF] = "df",
		[CHANGE_IP_ID] = "ip-id",
		[CHANGE_SEQUENCE] = "sequence",
		[CHANGE_FLAGS] = "flags",
		[CHANGE_WINDOW] = "window",
		[CHANGE_MSS] = "mss",
		[CHANGE_WINDOW_SCALE] = "window-scale",
		[CHANGE_OPTIONS] = "options",
		[CHANGE_TIMESTAMP] = "timestamp",
		[CHANGE_PAYLOAD] = "payload",
	};
	static_assert(sizeof(words) / sizeof(words[0]) == CHANGE_COUNT,
		"a word for every field");

	assert(field < CHANGE_COUNT);
	return words[field];
}

/* A value of the field that differs where the field does. */
static uint32_t value_of(enum change_field field, const struct seen_packet *s)
{
	switch (field) {
	case CHANGE_SOURCE:
	case CHANGE_TARGET:
		return 0; /* by the tracks */
	case CHANGE_TTL:
		return s->ttl;
	case CHANGE_DSCP:
		return s->tos >> 2;
	case CHANGE_ECN:
		return s->tos & 3;
	case CHANGE_DF:
		return s->is_df;
	case CHANGE_IP_ID:
		return s->ip_id;
	case CHANGE_SEQUENCE:
		return s->sequence;
	case CHANGE_FLAGS:
		return s->flags;
	case CHANGE_WINDOW:
		return s->window;
	case CHANGE_MSS:
		return s->mss;
	case CHANGE_WINDOW_SCALE:
		return s->window_scale;
	case CHANGE_OPTIONS:
		return s->options & ~(unsigned)OPTION_UNKNOWN;
	case CHANGE_TIMESTAMP:
		return s->timestamp_value;
	case CHANGE_PAYLOAD:
		return s->digest;
	case CHANGE_COUNT:
		break;
	}
	return 0;
}

static bool is_same_end(const struct track *one, unsigned side,
	const struct track *other, unsigned side_there)
{
	return one->side[side].port == other->side[side_there].port &&
	       memcmp(&one->side[side].address,
		       &other->side[side_there].address,
		       sizeof(one->side[side].address)) == 0;
}

static bool is_of_options(enum change_field field)
{
	return field == CHANGE_MSS || field == CHANGE_WINDOW_SCALE ||
	       field == CHANGE_OPTIONS || field == CHANGE_TIMESTAMP;
}

static bool has_changed(const struct row_set *rows, enum change_field field,
	const struct seen_packet *one, const struct seen_packet *other)
{
	const struct track *own = conn_set_track(rows->set, one->track);
	const struct track *there = conn_set_track(rows->set, other->track);
	bool is_other = value_of(field, one) != value_of(field, other);

	if (is_of_options(field) &&
		(one->is_option_cut || other->is_option_cut))
		return false;
	switch (field) {
	case CHANGE_SOURCE:
		return !is_same_end(own, one->side, there, other->side);
	case CHANGE_TARGET:
		return !is_same_end(own, !one->side, there, !other->side);
	case CHANGE_TTL:
		return other->ttl > one->ttl;
	case CHANGE_IP_ID:
	case CHANGE_DF:
		return is_other && !one->is_v6 && !other->is_v6;
	case CHANGE_PAYLOAD:
		return seen_packet_differs_in_payload(one, other);
	case CHANGE_MSS: /* one that is gone is an option that is gone */
		return is_other && one->options & other->options & OPTION_MSS;
	case CHANGE_WINDOW_SCALE:
		return is_other &&
		       one->options & other->options & OPTION_WINDOW_SCALE;
	case CHANGE_TIMESTAMP:
		return is_other &&
		       one->options & other->options & OPTION_TIMESTAMP;
	case CHANGE_DSCP:
	case CHANGE_ECN:
	case CHANGE_SEQUENCE:
	case CHANGE_FLAGS:
	case CHANGE_WINDOW:
	case CHANGE_OPTIONS:
	case CHANGE_COUNT:
		break;
	}
	return is_other;
}

/* The line of this field and these lanes; NULL: no room. */
static struct field_change *line_of(struct change_list *list, uint32_t from,
	enum change_field field, uint8_t after, uint8_t before)
{
	struct field_change *changes;

	for (uint32_t i = from; i < list->count; i++)
		if (list->changes[i].field == field &&
			list->changes[i].after == after &&
			list->changes[i].before == before)
			return &list->changes[i];
	if (list->count >= CHANGES_MOST) {
		list->not_kept++;
		return NULL;
	}
	changes = array_grown(
		list->changes, list->count, &list->room, sizeof(*changes));
	if (!changes)
		return NULL;
	list->changes = changes;
	changes[list->count] = (struct field_change){
		.field = field, .after = after, .before = before};
	return &changes[list->count++];
}

static void compare_two(struct change_list *list, uint32_t from,
	const struct row_set *rows, const struct packet_row *row,
	unsigned lanes[2], uint32_t group)
{
	const struct seen_packet *one = row_packet(rows, row, lanes[0]);
	const struct seen_packet *other = row_packet(rows, row, lanes[1]);
	uint8_t near = rows->lanes[lanes[0]], far = rows->lanes[lanes[1]];

	for (enum change_field field = 0; field < CHANGE_COUNT; field++) {
		struct field_change *change;

		if (!has_changed(rows, field, one, other))
			continue;
		change = line_of(list, from, field,
			rows->is_to_server ? near : far,
			rows->is_to_server ? far : near);
		if (!change || change->packets++)
			continue;
		change->is_to_server = rows->is_to_server;
		change->group = group;
		change->from = value_of(field, one);
		change->to = value_of(field, other);
		change->frame = one->frame;
		change->frame_there = other->frame;
		change->track = one->track;
		change->track_there = other->track;
		change->side = one->side;
		change->side_there = other->side;
	}
}

void change_find(
	struct change_list *list, const struct row_set *rows, uint32_t group)
{
	uint32_t from = list->count;

	for (uint32_t i = 0; i < rows->count; i++) {
		const struct packet_row *row = &rows->rows[i];
		unsigned last = LANES_MOST;

		for (unsigned lane = 0; lane < rows->lane_count; lane++) {
			unsigned lanes[2] = {last, lane};

			if (!row->at[lane])
				continue;
			if (last < LANES_MOST)
				compare_two(
					list, from, rows, row, lanes, group);
			last = lane;
		}
	}
}
