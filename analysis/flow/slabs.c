#include "analysis/flow/slabs.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "analysis/flow/hugepages.h"
#include "capture/array.h"

enum { UNITS_PER_SLAB = SLAB_BYTES / BLOCK_UNIT };

struct slab {
	uint8_t *bytes;
	uint32_t next, previous; /* in its list; + 1 */
	uint16_t size_class;
	uint16_t used; /* blocks */
	uint16_t
		begun; /* blocks that were ever used since it is of its class */
	uint16_t free; /* head of the list of free blocks; + 1 */
};

static_assert(UNITS_PER_SLAB <= UINT16_MAX, "the counters of a slab hold it");
static_assert(SLAB_BYTES / BLOCK_MOST >= 2, "the largest waste little");

void slabs_init(
	struct slabs *slabs, struct budget *budget, enum budget_share share)
{
	*slabs = (struct slabs){.budget = budget, .share = share};
}

void slabs_release(struct slabs *slabs)
{
	for (uint32_t i = 0; i < slabs->region_count; i++)
		hugepages_free(slabs->regions[i],
			(size_t)SLABS_PER_REGION * SLAB_BYTES);
	free(slabs->regions);
	free(slabs->slabs);
}

static unsigned class_of(size_t bytes)
{
	assert(bytes > 0 && bytes <= BLOCK_MOST);
	if (bytes <= SMALL_MOST)
		return (unsigned)((bytes - 1) / BLOCK_UNIT);
	return (unsigned)(SMALL_MOST / BLOCK_UNIT +
			  (bytes - SMALL_MOST - 1) / LARGE_STEP);
}

static size_t bytes_of(unsigned size_class)
{
	if (size_class < SMALL_MOST / BLOCK_UNIT)
		return (size_t)(size_class + 1) * BLOCK_UNIT;
	return SMALL_MOST +
	       (size_t)(size_class + 1 - SMALL_MOST / BLOCK_UNIT) * LARGE_STEP;
}

static void push(struct slabs *slabs, uint32_t *head, uint32_t index)
{
	struct slab *slab = &slabs->slabs[index];

	slab->previous = 0;
	slab->next = *head;
	if (*head)
		slabs->slabs[*head - 1].previous = index + 1;
	*head = index + 1;
}

static void unlink_slab(struct slabs *slabs, uint32_t *head, uint32_t index)
{
	const struct slab *slab = &slabs->slabs[index];

	if (slab->previous)
		slabs->slabs[slab->previous - 1].next = slab->next;
	else
		*head = slab->next;
	if (slab->next)
		slabs->slabs[slab->next - 1].previous = slab->previous;
}

/* More slabs of the system's, none of which counts before it is used. */
static bool add_region(struct slabs *slabs)
{
	void **regions = array_grown(slabs->regions, slabs->region_count,
		&slabs->region_capacity,
		/* NOLINTNEXTLINE(bugprone-sizeof-expression) */
		sizeof(*regions)); /* pointers */
	uint8_t *region;

	if (!regions)
		return false;
	slabs->regions = regions;
	/* numbers of blocks have 32 bits */
	if (slabs->slab_count >= UINT32_MAX / UNITS_PER_SLAB - SLABS_PER_REGION)
		return false;
	region = hugepages_new((size_t)SLABS_PER_REGION * SLAB_BYTES, false);
	if (!region)
		return false;
	slabs->regions[slabs->region_count++] = region;
	for (unsigned i = 0; i < SLABS_PER_REGION; i++) {
		struct slab *grown =
			array_grown(slabs->slabs, slabs->slab_count,
				&slabs->slab_capacity, sizeof(*grown));

		if (!grown)
			return slabs->empty != 0;
		slabs->slabs = grown;
		slabs->slabs[slabs->slab_count] =
			(struct slab){.bytes = region + (size_t)i * SLAB_BYTES};
		push(slabs, &slabs->empty, slabs->slab_count++);
	}
	return true;
}

/* Makes a slab of that class; false: there is no more. */
static bool add_slab(struct slabs *slabs, unsigned size_class, bool has_to_be)
{
	uint32_t index;
	struct slab *slab;

	if (has_to_be)
		budget_take_anyway(slabs->budget, slabs->share, SLAB_BYTES);
	else if (!budget_take(slabs->budget, slabs->share, SLAB_BYTES))
		return false;
	if (!slabs->empty && !add_region(slabs)) {
		budget_give(slabs->budget, slabs->share, SLAB_BYTES);
		return false;
	}
	index = slabs->empty - 1;
	unlink_slab(slabs, &slabs->empty, index);
	slab = &slabs->slabs[index];
	slab->size_class = (uint16_t)size_class;
	slab->used = slab->begun = slab->free = 0;
	push(slabs, &slabs->partial[size_class], index);
	return true;
}

static bool is_full(const struct slab *slab)
{
	return !slab->free &&
	       (size_t)(slab->begun + 1) * bytes_of(slab->size_class) >
		       SLAB_BYTES;
}

static uint8_t *block_of(const struct slab *slab, unsigned index)
{
	return slab->bytes + index * bytes_of(slab->size_class);
}

uint32_t slabs_take(struct slabs *slabs, size_t bytes, bool has_to_be)
{
	unsigned size_class = class_of(bytes);
	uint32_t *head = &slabs->partial[size_class];
	uint32_t in_class, index;
	struct slab *slab;

	if (!*head && !add_slab(slabs, size_class, has_to_be))
		return 0;
	index = *head - 1;
	slab = &slabs->slabs[index];
	if (slab->free) {
		in_class = slab->free - 1u;
		memcpy(&slab->free, block_of(slab, in_class),
			sizeof(slab->free));
	} else {
		in_class = slab->begun++;
	}
	slab->used++;
	if (is_full(slab))
		unlink_slab(slabs, head, index);
	return index * UNITS_PER_SLAB +
	       in_class * (uint32_t)(bytes_of(size_class) / BLOCK_UNIT) + 1;
}

void *slabs_at(const struct slabs *slabs, uint32_t block)
{
	return slabs->slabs[(block - 1) / UNITS_PER_SLAB].bytes +
	       (size_t)((block - 1) % UNITS_PER_SLAB) * BLOCK_UNIT;
}

/* Its memory goes back to the system, its addresses are kept. */
static void let_go(struct slabs *slabs, uint32_t index)
{
	struct slab *slab = &slabs->slabs[index];

	unlink_slab(slabs, &slabs->partial[slab->size_class], index);
	(void)madvise(slab->bytes, SLAB_BYTES, MADV_DONTNEED); /* or it stays */
	push(slabs, &slabs->empty, index);
	budget_give(slabs->budget, slabs->share, SLAB_BYTES);
}

void slabs_give_back(struct slabs *slabs, uint32_t block)
{
	uint32_t index = (block - 1) / UNITS_PER_SLAB;
	struct slab *slab = &slabs->slabs[index];
	bool was_full = is_full(slab);
	uint16_t in_class = (uint16_t)((block - 1) % UNITS_PER_SLAB *
				       BLOCK_UNIT / bytes_of(slab->size_class));

	assert(slab->used > 0);
	memcpy(block_of(slab, in_class), &slab->free, sizeof(slab->free));
	slab->free = (uint16_t)(in_class + 1);
	slab->used--;
	if (was_full)
		push(slabs, &slabs->partial[slab->size_class], index);
	/* the last of its class stays, or it would come and go */
	if (slab->used == 0 && (slab->next || slab->previous))
		let_go(slabs, index);
}
