/* How much memory an analysis may take. */
#ifndef CLI_MEMORY_H
#define CLI_MEMORY_H

#include <stdbool.h>
#include <stdint.h>

#include "capture/failure.h"

/* Takes as much of the stack as the deepest call needs, once at the start:
 * where the address space is limited (RLIMIT_AS) it can't grow later, and the
 * process would die of SIGSEGV in the middle of its work. False where there is
 * not even that. */
bool memory_take_stack(struct failure *failure);

/* The argument of --memory: bytes, with K, M, G or T for powers of 1000, at
 * least 32M; "none" and "0" are UINT64_MAX. */
bool memory_parse(
	const char *argument, uint64_t *bytes, struct failure *failure);

/* An eighth of the memory that is available, or that the control group has
 * left, whichever is less: at least 256 MB, at most 4 GB. Reads /proc and /sys:
 * before the sandbox. */
uint64_t memory_default(void);

/* The same from the texts of these files; NULL: there is none. For tests. */
uint64_t memory_of(
	const char *meminfo, const char *group_most, const char *group_used);

#endif
