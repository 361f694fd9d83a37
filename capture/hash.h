/* A hash of several values, without a seed. */
#ifndef CAPTURE_HASH_H
#define CAPTURE_HASH_H

#include <stdint.h>

/* The hash of all before, and of one more. */
static inline uint64_t hash_mixed(uint64_t hash, uint64_t value)
{
	hash = (hash ^ value) * 0x9e3779b97f4a7c15u;
	return hash ^ hash >> 29;
}

#endif
