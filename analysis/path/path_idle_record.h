/* The tests of idle connections in a recording: how long a connection had had
 * no packet when it was asked whether it lives (probe/protocol/idle_rules.h),
 * up to which hop it was refreshed meanwhile, and what came of it. */
#ifndef ANALYSIS_PATH_PATH_IDLE_RECORD_H
#define ANALYSIS_PATH_PATH_IDLE_RECORD_H

#include <stdbool.h>
#include <stdint.h>

#include "capture/packet.h"

enum {
	IDLE_FLOWS = 80,
	IDLE_TESTS = 2048,
};

enum idle_outcome {
	IDLE_UNANSWERED,
	IDLE_ANSWERED,
	IDLE_RESET, /* also one that no question provoked */
};

struct idle_test {
	enum idle_outcome outcome;
	uint8_t flow;
	bool is_unasked;    /* a reset came by itself */
	bool is_confirmed;  /* the server had answered on it before */
	uint8_t hop_limit;  /* of the refreshes meanwhile; 0: none */
	uint8_t answer_ttl; /* of the reset */
	unsigned tries;
	int64_t idle_ns; /* between the last packet that went the whole way
			    and the question; -1: not known */
	int64_t age_ns;	 /* of the connection; -1: not known */
	int64_t asked_ns, again_ns, last_asked_ns, answered_ns;
	uint64_t asked_frame, answer_frame;
	uint64_t other_frame; /* answered with another connection's numbers */
	/* an ICMP error about the question; frame 0: none */
	uint64_t error_frame;
	struct address error_from;
	uint8_t error_type, error_code;
};

/* One of the experiment's connections. */
struct idle_flow {
	uint16_t port;	      /* ours */
	uint32_t next;	      /* of our numbers */
	uint32_t server_next; /* of the server's */
	bool is_open, is_confirmed, is_over, has_closed;
	bool has_spoken; /* we sent data: it serves another experiment */
	uint8_t hop_limit;
	int test; /* the unanswered one; -1: none */
	int64_t opened_ns, last_ns;
	/* the server's FIN, or its reset that nothing provoked; 0: none */
	uint64_t closed_frame;
	int64_t closed_age_ns;
};

struct path_idle {
	unsigned flow_count, test_count;
	bool is_cut; /* more than there is room for */
	struct idle_flow flows[IDLE_FLOWS];
	struct idle_test tests[IDLE_TESTS];
	/* hop limits of the server's packets other than resets; 0: none */
	uint8_t least_ttl, most_ttl;
};

/* Takes a TCP packet that was sent on an experiment's connection. */
void path_idle_sent(struct path_idle *idle, const struct packet *packet);
/* Takes any packet that was received. */
void path_idle_heard(struct path_idle *idle, const struct address *target,
	const struct packet *packet);

/* Whether the port's connection was left idle and asked. */
bool path_idle_is_tested(const struct path_idle *idle, uint16_t port);

/* Whether a reset came from where the server's other packets come from. */
bool path_idle_is_servers(
	const struct path_idle *idle, const struct idle_test *test);

#endif
