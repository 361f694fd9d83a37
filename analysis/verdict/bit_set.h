/* Small sets of numbers: facts, rows of the tables. */
#ifndef ANALYSIS_VERDICT_BIT_SET_H
#define ANALYSIS_VERDICT_BIT_SET_H

#include <stdbool.h>
#include <stdint.h>

enum { BIT_SET_WORDS = 4, BIT_SET_MOST = 64 * BIT_SET_WORDS };

struct bit_set {
	uint64_t words[BIT_SET_WORDS];
};

static inline bool bit_set_has(const struct bit_set *set, unsigned bit)
{
	return set->words[bit / 64] >> bit % 64 & 1;
}

/* The first one from `bit` on; BIT_SET_MOST: there is none. */
static inline unsigned bit_set_next(const struct bit_set *set, unsigned bit)
{
	for (unsigned word = bit / 64; word < BIT_SET_WORDS; word++) {
		uint64_t left = set->words[word];

		if (word == bit / 64)
			left &= UINT64_MAX << bit % 64;
		if (left)
			return word * 64 + (unsigned)__builtin_ctzll(left);
	}
	return BIT_SET_MOST;
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
	uint64_t any = 0;

	for (unsigned i = 0; i < BIT_SET_WORDS; i++)
		any |= set->words[i];
	return any == 0;
}

static inline unsigned bit_set_count(const struct bit_set *set)
{
	unsigned count = 0;

	for (unsigned i = 0; i < BIT_SET_WORDS; i++)
		count += (unsigned)__builtin_popcountll(set->words[i]);
	return count;
}

/* Are all of `part` in `whole`? */
static inline bool bit_set_holds_all(
	const struct bit_set *whole, const struct bit_set *part)
{
	uint64_t missing = 0;

	for (unsigned i = 0; i < BIT_SET_WORDS; i++)
		missing |= part->words[i] & ~whole->words[i];
	return missing == 0;
}

/* Is any of `part` in `whole`? */
static inline bool bit_set_holds_any(
	const struct bit_set *whole, const struct bit_set *part)
{
	uint64_t common = 0;

	for (unsigned i = 0; i < BIT_SET_WORDS; i++)
		common |= part->words[i] & whole->words[i];
	return common != 0;
}

static inline void bit_set_add_all(
	struct bit_set *set, const struct bit_set *more)
{
	for (unsigned i = 0; i < BIT_SET_WORDS; i++)
		set->words[i] |= more->words[i];
}

static inline void bit_set_remove_all(
	struct bit_set *set, const struct bit_set *less)
{
	for (unsigned i = 0; i < BIT_SET_WORDS; i++)
		set->words[i] &= ~less->words[i];
}

#endif
