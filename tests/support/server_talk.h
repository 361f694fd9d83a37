/* A simulated server for experiments that open connections of their own, with
 * a clock that it moves: it accepts, acknowledges and closes; what it says is
 * up to the test. No packets. */
#ifndef TESTS_SUPPORT_SERVER_TALK_H
#define TESTS_SUPPORT_SERVER_TALK_H

#include "probe/engine/experiment.h"
#include "probe/tcp/connection.h"

enum {
	SERVER_TALK_OWN = 20,
	SERVER_TALK_RUN_PORT = 50000,
	SERVER_TALK_MSS = 1460,
};

struct server_talk;

/* What a test makes of the server; `line` is a connection's index. */
struct server_talk_rules {
	/* It was accepted; NULL: no more than that. */
	void (*accepted)(struct server_talk *talk, unsigned line);
	/* A segment with data, `at` bytes into the client's stream. */
	void (*data)(struct server_talk *talk, unsigned line, uint32_t at,
		const struct probe_packet *probe);
	/* Between any two packets: the server may speak. */
	void (*speak)(struct server_talk *talk, unsigned line);
};

struct server_line {
	bool is_open;
	uint32_t heard; /* bytes of the client without a gap */
};

struct server_talk {
	/* given, before server_talk_begin */
	const struct experiment *experiment;
	const struct server_talk_rules *rules;
	void *test; /* the test's own */
	/* what the experiment sees; a test may alter it until it is run */
	struct probe_context context;
	struct connection run, own[SERVER_TALK_OWN];
	/* kept */
	struct server_line lines[SERVER_TALK_OWN];
	unsigned opened, most_open, left_open, resets;
	unsigned run_sent; /* packets of the run's own connection */
	unsigned marked;   /* packets with a DSCP */
	int64_t now_ns, took_ns;
	bool is_over;
	struct tx_queue *tx_queue;
	void *memory;
	int64_t timer_ns;
};

/* Fills the context, for a server at that port. */
void server_talk_begin(struct server_talk *talk, uint16_t server_port);

/* Plays it to the end, or until the experiment goes on for too long. */
void server_talk_run(struct server_talk *talk);

/* Connections of the experiment that the server has open. */
unsigned server_talk_open(const struct server_talk *talk);

/* The server sends a segment on a connection, and the experiment gets it. */
void server_talk_say(struct server_talk *talk, unsigned line, uint16_t flags,
	const uint8_t *bytes, uint32_t count);

/* The server closes its end. */
void server_talk_close(struct server_talk *talk, unsigned line);

#endif
