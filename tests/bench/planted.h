/* Traffic whose resets are known: what `make bench` and the tests compare the
 * reports with. */
#ifndef BENCH_PLANTED_H
#define BENCH_PLANTED_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct planted_options {
	uint64_t packets;
	uint32_t flows; /* at once, at least 1 */
	uint64_t seed;
	uint32_t ssh_percent; /* connections on port 22 */
};

/* Writes a capture to `out`, and to `truth` a line for each reset that ended a
 * connection: its frame, who sent it (client, server or middlebox), the
 * server's port. False without memory. */
bool planted_write(
	const struct planted_options *options, FILE *out, FILE *truth);

#endif
