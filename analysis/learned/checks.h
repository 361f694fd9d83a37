/* Clients that end short connections with a reset, again and again, once they
 * have their answer: health checks. By client, server and the server's port. */
#ifndef ANALYSIS_LEARNED_CHECKS_H
#define ANALYSIS_LEARNED_CHECKS_H

#include <stdbool.h>
#include <stdint.h>

#include "analysis/learned/learned_table.h"
#include "capture/packet.h"

struct check {
	struct {
		uint8_t family;
		uint8_t unused; /* 0: keys are compared byte by byte */
		uint16_t port;
		struct address client, server;
	} key;
	uint32_t count; /* connections that ended so; saturates */
	int64_t first_ns, last_ns;
};

struct checks {
	struct learned_table table; /* of struct check */
};

bool checks_init(struct checks *checks, uint32_t capacity, uint64_t seed);
void checks_release(struct checks *checks);

/* A connection of theirs ended so, at that time. */
void checks_learn(struct checks *checks, const struct address *client,
	const struct address *server, uint16_t port, uint8_t family,
	int64_t time_ns);
void checks_merge(struct checks *checks, const struct checks *from);

/* NULL: none of theirs ended so. */
const struct check *checks_find(const struct checks *checks,
	const struct address *client, const struct address *server,
	uint16_t port, uint8_t family);

#endif
