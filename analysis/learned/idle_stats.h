/* How long connections between two networks may be idle: the idle times that
 * they survived and those after which they failed, over the whole capture.
 * Networks are the /24 (IPv4) and /64 (IPv6) of both ends. */
#ifndef ANALYSIS_LEARNED_IDLE_STATS_H
#define ANALYSIS_LEARNED_IDLE_STATS_H

#include <stdbool.h>
#include <stdint.h>

#include "analysis/learned/learned_table.h"
#include "capture/packet.h"

enum { IDLE_SPANS = 40 };

struct idle_path {
	struct {
		uint8_t family;
		uint8_t client[8], server[8]; /* prefixes */
	} key;
	uint32_t survived_by_span[IDLE_SPANS]; /* gaps by half powers of two */
	uint32_t died;
	uint32_t longest_survived_ms;
	uint32_t shortest_died_ms, longest_died_ms;
};

struct idle_stats {
	struct learned_table table; /* of struct idle_path */
};

bool idle_stats_init(
	struct idle_stats *idle_stats, uint32_t capacity, uint64_t seed);
void idle_stats_release(struct idle_stats *idle_stats);

void idle_stats_survived(struct idle_stats *idle_stats,
	const struct address *client, const struct address *server,
	uint8_t family, uint32_t gap_ms);
void idle_stats_died(struct idle_stats *idle_stats,
	const struct address *client, const struct address *server,
	uint8_t family, uint32_t gap_ms);
/* Forgets which silences connections died of, but not what they survived. */
void idle_stats_forget_deaths(struct idle_stats *idle_stats);
void idle_stats_merge(
	struct idle_stats *idle_stats, const struct idle_stats *from);
const struct idle_path *idle_stats_find(const struct idle_stats *idle_stats,
	const struct address *client, const struct address *server,
	uint8_t family);

/* Gaps of at least `gap_ms` (to the half power of two below) that were
 * survived. */
uint32_t idle_path_survived(const struct idle_path *path, uint32_t gap_ms);

/* Whether one timer explains it: every survived gap shorter than every fatal
 * one. */
bool idle_path_is_separated(const struct idle_path *path);

/* A timer after which devices expire idle connections' state. */
struct idle_timer {
	uint32_t seconds;
	const char *boxes;
	const char *source; /* where the number comes from */
};

const struct idle_timer *idle_stats_known_timers(unsigned *count);

enum { IDLE_TIMERS_TEXT = 512 }; /* all known timers fit */

/* The known timers within the bounds, the longest first, "; " between, into
 * `text` of at least IDLE_TIMERS_TEXT bytes; empty when none fits. Bounds in
 * milliseconds; `low` 0: only the fatal gap is known. */
void idle_stats_timers(
	uint32_t low_ms, uint32_t high_ms, char *text, unsigned text_bytes);

#endif
