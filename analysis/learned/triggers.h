/* What clients said first, and which of their connections a device reset: a
 * device that looks for a name, a path or a port resets those that have it, and
 * no others.
 *
 * Each connection whose first data was recorded leaves one row; at the end of
 * the recording the rows are counted in groups (to one server, with one name)
 * to which connections that were reset belong. Bounded: of too many connections
 * or names some are left out (learned_table.h), and counted. */
#ifndef ANALYSIS_LEARNED_TRIGGERS_H
#define ANALYSIS_LEARNED_TRIGGERS_H

#include <stdbool.h>
#include <stdint.h>

#include "analysis/flow/flow.h"
#include "analysis/learned/learned_table.h"

/* What a device may have looked for; of those that separate equally well the
 * first is told. */
enum trigger_kind {
	TRIGGER_NONE,
	TRIGGER_SNI,
	TRIGGER_HOST,
	TRIGGER_BYTES,
	TRIGGER_PORT,
	TRIGGER_ADDRESS,
	TRIGGER_NETWORK,
	TRIGGER_COUNT,
};

enum { TRIGGER_BYTES_MOST = 16, TRIGGER_NAME_MOST = 85 };

/* The name of a connection of which it is not known whom it names. */
static const uint64_t TRIGGER_NAME_UNKNOWN = UINT64_MAX;

enum trigger_fate {
	TRIGGER_SURVIVED,
	TRIGGER_RESET, /* by a device on the path */
	TRIGGER_OTHER, /* it failed otherwise, or was never served: it shows
			  nothing */
};

struct trigger_conn {
	uint64_t key;
	uint64_t name; /* the key of it; 0: it names nobody */
	struct address server;
	uint16_t port;
	uint8_t family;
	uint8_t fate;	    /* enum trigger_fate */
	uint8_t byte_count; /* 0: not known */
	uint8_t bytes[TRIGGER_BYTES_MOST];
};

struct trigger_name {
	uint64_t key;		      /* of the kind and the whole name */
	uint8_t length;		      /* of what is kept of it */
	char text[TRIGGER_NAME_MOST]; /* foreign bytes */
	uint8_t kind;		      /* enum trigger_kind */
	bool is_cut;
};

struct triggers {
	struct learned_table conns;  /* of struct trigger_conn */
	struct learned_table names;  /* of struct trigger_name */
	struct learned_table groups; /* of struct trigger_group, once settled
				      */
	uint64_t left_out; /* connections for which there was no room, once
			      settled */
	uint64_t seed;
};

bool triggers_init(struct triggers *triggers, uint32_t capacity, uint64_t seed);
void triggers_release(struct triggers *triggers);

/* A name's key for struct trigger_conn. */
uint64_t triggers_name(struct triggers *triggers, enum trigger_kind kind,
	const char *name, unsigned bytes);
/* The first data of a client; `heard` is what it says, without its key. */
void triggers_hear(struct triggers *triggers, const struct flow *flow,
	const struct trigger_conn *heard);
/* How the connection ended; of no effect where its first data is not known. */
void triggers_ended(struct triggers *triggers, const struct flow *flow,
	enum trigger_fate fate);
/* Adds the connections and names of another part of the same recording, made
 * with the same seed. */
void triggers_merge(struct triggers *triggers, const struct triggers *from);
/* Counts: call when all fates are known, and again when one has changed. */
void triggers_settle(struct triggers *triggers);

/* NULL: its first data is not known. */
const struct trigger_conn *triggers_find(
	const struct triggers *triggers, const struct flow *flow);
/* NULL: it names nobody, or is not known to. */
const struct trigger_name *triggers_name_of(
	const struct triggers *triggers, const struct trigger_conn *conn);

/* Connections with what this one has, and those of the same server (or port)
 * without; and how many of each a device reset. */
struct trigger_counts {
	uint32_t with, with_reset, without, without_reset;
};
/* False: the connection has nothing of this kind, or it is not counted. */
bool triggers_count(const struct triggers *triggers,
	const struct trigger_conn *conn, enum trigger_kind kind,
	struct trigger_counts *counts);

#endif
