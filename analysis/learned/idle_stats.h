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
	/* What all fatal silences have in common, if it is not empty: between
	 * the last that began and the first that was broken. */
	int64_t last_quiet_ns, first_broken_ns;
	/* the longest life of a connection that survived a silence */
	struct address lived_server;
	int64_t lived_from_ns, lived_to_ns;
};

/* A connection's life, of which `gap_ms` was its longest silence. */
struct idle_life {
	uint32_t gap_ms;
	/* to the server's last packet; the same where the connection may have
	 * died of a silence */
	int64_t from_ns, to_ns;
};

/* A silence that a connection did not survive. */
struct idle_death {
	uint32_t gap_ms;
	int64_t broken_ns; /* by the packet that found it dead */
};

struct idle_stats {
	struct learned_table table; /* of struct idle_path */
};

bool idle_stats_init(
	struct idle_stats *idle_stats, uint32_t capacity, uint64_t seed);
void idle_stats_release(struct idle_stats *idle_stats);

void idle_stats_survived(struct idle_stats *idle_stats,
	const struct address *client, const struct address *server,
	uint8_t family, const struct idle_life *life);
void idle_stats_died(struct idle_stats *idle_stats,
	const struct address *client, const struct address *server,
	uint8_t family, const struct idle_death *death);
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

/* Whether one event explains it as well, as a restart of the server or a client
 * that slept: all fatal silences share a moment, and no connection with this
 * server is known to have lived through it. */
bool idle_path_may_be_one_event(
	const struct idle_path *path, const struct address *server);

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
