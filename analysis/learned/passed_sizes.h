/* The largest IP packets that arrived from one host at another, and when the
 * connection began that shows it. */
#ifndef ANALYSIS_LEARNED_PASSED_SIZES_H
#define ANALYSIS_LEARNED_PASSED_SIZES_H

#include <stdbool.h>
#include <stdint.h>

#include "analysis/learned/learned_table.h"
#include "capture/packet.h"

struct passed_size {
	struct {
		uint8_t family;
		uint8_t unused; /* 0: keys are compared byte by byte */
		uint16_t port;	/* the server's: behind one address may lie
				   several */
		struct address sender, target;
	} key;
	uint32_t ip_bytes;
	int64_t begun_ns; /* the latest connection with packets of that size */
};

struct passed_sizes {
	struct learned_table table; /* of struct passed_size */
};

bool passed_sizes_init(
	struct passed_sizes *sizes, uint32_t capacity, uint64_t seed);
void passed_sizes_release(struct passed_sizes *sizes);

void passed_sizes_learn(struct passed_sizes *sizes,
	const struct address *sender, const struct address *receiver,
	uint16_t port, uint8_t family, uint32_t ip_bytes, int64_t begun_ns);
void passed_sizes_merge(
	struct passed_sizes *sizes, const struct passed_sizes *from);

/* NULL: nothing is known to have arrived. */
const struct passed_size *passed_sizes_find(const struct passed_sizes *sizes,
	const struct address *sender, const struct address *receiver,
	uint16_t port, uint8_t family);

#endif
