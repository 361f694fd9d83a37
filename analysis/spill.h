/* Where an analysis puts what the budget has no room for: a file without a name
 * that somebody else has opened, since the analysis opens none. */
#ifndef ANALYSIS_SPILL_H
#define ANALYSIS_SPILL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct spill {
	/* Adds bytes at the end and returns where they begin; UINT64_MAX: there
	 * is no room. Several analyses may share a file. */
	uint64_t (*append)(void *context, const void *bytes, size_t count);
	/* So many bytes from there; false: they can't be read. */
	bool (*read)(
		void *context, uint64_t offset, void *bytes, size_t count);
	void *context;
};

#endif
