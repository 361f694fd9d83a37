/* What evidence_pool.c (records) and evidence_ssh.c (what is known of SSH)
 * share; nobody else includes it. */
#ifndef ANALYSIS_OBSERVE_EVIDENCE_STORE_H
#define ANALYSIS_OBSERVE_EVIDENCE_STORE_H

#include "analysis/flow/slabs.h"
#include "analysis/observe/evidence_pool.h"

enum {
	HANDLES_PER_CHUNK = 1 << 10,
	PLACE_BITS = 31,
	PLACE_MOST = INT32_MAX, /* and as many handles at most */
};
static_assert((uint32_t)PLACE_MOST == (UINT32_C(1) << PLACE_BITS) - 1,
	"the number of each handle fits `place`");

/* What is known of a record without unpacking it. */
struct handle {
	struct flow *flow; /* its owner; NULL: the handle is free */
	union {
		struct ssh_talk *ssh; /* owned; NULL: it is no SSH */
		uint32_t ssh_block;   /* if is_ssh_packed */
	};
	uint32_t block;	     /* packed; 0: it is not */
	/* unpacked, + 1; of a free handle the next one */
	uint32_t place : PLACE_BITS;
	uint32_t is_ssh_packed : 1;
};

struct unpacked {
	struct evidence evidence;
	struct ssh_talk ssh; /* of a packed one a copy, if has_ssh */
	uint32_t owner;	     /* number; 0: none */
	uint32_t used;	     /* when; wraps */
	bool has_ssh;
};

struct evidence_store {
	struct budget *budget;
	struct slabs slabs;
	struct handle **chunks;
	uint32_t chunk_count, chunk_capacity;
	uint32_t used, free; /* handles; head of the free list */
	uint32_t victim_hand, hand;
	uint32_t uses; /* the clock of struct unpacked */
	struct unpacked *unpacked;
	/* A copy of a packed record that is only read: it takes no place. */
	struct unpacked *view;
	uint32_t viewed; /* of which, unchanged since; 0: of none */
	bool is_short;	 /* of budget, when a record was last taken */
};

static inline struct handle *handle_at(
	const struct evidence_store *store, uint32_t number)
{
	return &store->chunks[(number - 1) / HANDLES_PER_CHUNK]
			     [(number - 1) % HANDLES_PER_CHUNK];
}

/* Frees what is known of SSH. */
void evidence_free_ssh(struct evidence_store *store, struct handle *handle);
/* What evidence->ssh of the record in `place` is to point to. */
struct ssh_talk *evidence_ssh_of(
	const struct handle *handle, struct unpacked *place);
/* Makes that the copy of what is known now, where it is packed. */
void evidence_fill_ssh(const struct evidence_store *store,
	const struct handle *handle, struct unpacked *place);
/* Of a packed one what is still observed, where it stands. */
struct ssh_alive *evidence_packed_alive(
	const struct evidence_store *store, const struct handle *handle);

#endif
