/* Small sets of numbers: facts, rows of the tables. */
#ifndef ANALYSIS_VERDICT_BIT_SET_H
#define ANALYSIS_VERDICT_BIT_SET_H

#include <stdbool.h>
#include <stdint.h>

enum { BIT_SET_WORDS = 2, BIT_SET_MOST = 64 * BIT_SET_WORDS };

struct bit_set {
	uint64_t words[BIT_SET_WORDS];
};

static inline bool bit_set_has(const struct bit_set *set, unsigned bit)
{
	return set->words[bit / 64] >> bit % 64 & 1;
}

static inline void bit_set_add(struct bit_set *set, unsigned bit)
{
	set->words[bit / 64] |= (uint64_t)1 << bit % 64;
}

static inline void bit_set_remove(struct bit_set *set, unsigned bit)
{
	set->words[bit / 64] &= ~((uint64_t)1 << bit % 64);
}

static inline bool bit_set_is_empty(const struct bit_set *set)
{
	return !(set->words[0] | set->words[1]);
}

static inline unsigned bit_set_count(const struct bit_set *set)
{
	return (unsigned)(__builtin_popcountll(set->words[0]) +
			  __builtin_popcountll(set->words[1]));
}

/* Are all of `part` in `whole`? */
static inline bool bit_set_holds_all(
	const struct bit_set *whole, const struct bit_set *part)
{
	return !(part->words[0] & ~whole->words[0]) &&
	       !(part->words[1] & ~whole->words[1]);
}

/* Is any of `part` in `whole`? */
static inline bool bit_set_holds_any(
	const struct bit_set *whole, const struct bit_set *part)
{
	return part->words[0] & whole->words[0] ||
	       part->words[1] & whole->words[1];
}

static inline void bit_set_add_all(
	struct bit_set *set, const struct bit_set *more)
{
	set->words[0] |= more->words[0];
	set->words[1] |= more->words[1];
}

static inline void bit_set_remove_all(
	struct bit_set *set, const struct bit_set *less)
{
	set->words[0] &= ~less->words[0];
	set->words[1] &= ~less->words[1];
}

#endif
