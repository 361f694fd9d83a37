/* Small blocks of memory of any size, many of them: slabs of equal blocks, one
 * list of slabs for each size class (Bonwick, The Slab Allocator, USENIX 1994).
 * A slab without blocks goes back to the system and to the budget, which counts
 * whole slabs: what is really taken. Blocks are named by numbers of 32 bits,
 * half of a pointer. */
#ifndef ANALYSIS_FLOW_SLABS_H
#define ANALYSIS_FLOW_SLABS_H

#include <stddef.h>

#include "analysis/flow/budget.h"

enum {
	SLAB_BYTES = 1 << 15,
	BLOCK_UNIT = 16, /* blocks are multiples of it */
	BLOCK_MOST = 8192,
	SLABS_PER_REGION = 64, /* how many are asked of the system at once */
	SMALL_MOST = 1024,     /* classes of one unit each up to here, */
	LARGE_STEP = 256,      /* and of so many bytes above */
	BLOCK_CLASSES = SMALL_MOST / BLOCK_UNIT +
			(BLOCK_MOST - SMALL_MOST) / LARGE_STEP,
};

struct slabs {
	struct budget *budget;
	enum budget_share share;
	struct slab *slabs; /* all that ever were */
	uint32_t slab_count, slab_capacity;
	void **regions;
	uint32_t region_count, region_capacity;
	uint32_t empty; /* head of the list of slabs without blocks; + 1 */
	uint32_t partial[BLOCK_CLASSES]; /* with free blocks; + 1 */
};

/* `budget` has to outlive the slabs. */
void slabs_init(
	struct slabs *slabs, struct budget *budget, enum budget_share share);
void slabs_release(struct slabs *slabs);

/* The number of a block of at least so many bytes, 1 to BLOCK_MOST; its
 * contents are undefined. 0: the system has no more, or the budget, which is
 * not asked if it `has_to_be`. */
uint32_t slabs_take(struct slabs *slabs, size_t bytes, bool has_to_be);
void slabs_give_back(struct slabs *slabs, uint32_t block);
/* Where it lies, aligned to BLOCK_UNIT, until it is given back. */
void *slabs_at(const struct slabs *slabs, uint32_t block);

#endif
