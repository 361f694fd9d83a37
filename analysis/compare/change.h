/* What a packet has otherwise at one lane than at the lane before. */
#ifndef ANALYSIS_COMPARE_CHANGE_H
#define ANALYSIS_COMPARE_CHANGE_H

#include "analysis/compare/row.h"

enum change_field {
	CHANGE_SOURCE, /* address or port of the packet's sender */
	CHANGE_TARGET,
	CHANGE_TTL, /* it rises: a device wrote it anew */
	CHANGE_DSCP,
	CHANGE_ECN,
	CHANGE_DF,
	CHANGE_IP_ID,
	CHANGE_SEQUENCE,
	CHANGE_FLAGS,
	CHANGE_WINDOW,
	CHANGE_MSS,
	CHANGE_WINDOW_SCALE,
	CHANGE_OPTIONS,
	CHANGE_TIMESTAMP,
	CHANGE_PAYLOAD,
	CHANGE_COUNT,
};
const char *change_word(enum change_field field);

struct field_change {
	enum change_field field;
	bool is_to_server;
	uint8_t after, before; /* lanes, from the client to the server */
	uint32_t group;
	uint64_t packets;
	/* of the first: at the lane that it passed first, and at the other;
	 * addresses stand in the tracks of both frames' lanes */
	uint32_t from, to;
	uint64_t frame, frame_there;
	uint32_t track, track_there;
	uint8_t side, side_there;
};

struct change_list {
	struct field_change *changes;
	uint32_t count, room;
	uint64_t not_kept; /* beyond CHANGES_MOST */
};
enum { CHANGES_MOST = 1 << 16 };

/* All of one direction of a connection, in one line for each field and each
 * two lanes. */
void change_find(
	struct change_list *list, const struct row_set *rows, uint32_t group);

#endif
