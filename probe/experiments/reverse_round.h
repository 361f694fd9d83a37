/* The sizes that experiment_reverse tests in a round, side by side, and what is
 * known after it. */
#ifndef PROBE_EXPERIMENTS_REVERSE_ROUND_H
#define PROBE_EXPERIMENTS_REVERSE_ROUND_H

#include "probe/tcp/size_test.h"

enum {
	TESTS_AT_ONCE = 4,
	SURE = 3, /* large segments that went missing */
	BOTH_PARITIES = 1 << PORT_EVEN | 1 << PORT_ODD,
	COLLECT_LONGER = 6,	/* times as long when the server had too little
				   time to collect its response, */
	COLLECT_MOST_MS = 2000, /* at most, of all in a round */
};

enum reverse_phase {
	PHASE_DISCOVERY, /* what is to be said? */
	PHASE_TRY,
	PHASE_HINT, /* waiting for the forward path's limit */
};

struct reverse_state {
	struct reverse_result result;
	enum reverse_phase phase;
	struct app_discovery discovery;
	struct size_test tests[TESTS_AT_ONCE];
	uint32_t top, passed, failed; /* failed 0: none */
	unsigned misses;	      /* nothing of that size came */
	uint32_t hinted;  /* the last size that was tried for a hint; */
	uint32_t doubted; /* that did not come, once: that may be loss */
	unsigned silences;
	unsigned collect_ms; /* of one connection */
	bool was_early;	     /* the last round, for a size that is open */
	bool has_asked_usual, has_asked_least;
	enum port_parity parity; /* of the ports on which sizes are searched */
	enum port_parity failed_parity;
	/* bits of parities: the largest size came, or one did not come; */
	unsigned measured;
	/* `passed` came; `failed` did not come */
	unsigned passed_parities, failed_parities;
	unsigned flow_rounds; /* that compared connections */
	/* the least size that vanished and came, or a larger one, on another
	 * connection; 0: none */
	uint32_t contrary;
	enum port_parity contrary_parity;
	unsigned contrary_misses;
	bool is_mute; /* on a connection nothing came at all */
};

/* Whether no test of the round is open any more. */
bool reverse_round_is_over(const struct reverse_state *state);
/* Takes the results of the round's tests, which are unused then. A test whose
 * window opened too early gives no result: its size is to be tested again, with
 * more time. */
void reverse_round_take(struct reverse_state *state);
/* Whether `passed` and the next size are known of ports of both parities, so
 * often that it is not by loss. */
bool reverse_round_is_sure(const struct reverse_state *state);
/* Whether the connections that contradict each other are too few. */
bool reverse_round_is_open(const struct reverse_state *state);

#endif
