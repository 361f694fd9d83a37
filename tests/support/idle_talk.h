/* A path for the experiment idle to talk to: devices that forget idle
 * connections, a server, and a clock that the talk moves. No packets. */
#ifndef TESTS_SUPPORT_IDLE_TALK_H
#define TESTS_SUPPORT_IDLE_TALK_H

#include "probe/engine/experiment.h"
#include "probe/experiments/idle_state.h"

enum { IDLE_TALK_DEVICES = 2, IDLE_TALK_STEPS = 200000 };

struct idle_device {
	unsigned hop;	  /* 0: none */
	int64_t lasts_ns; /* its time-out */
	bool is_resetting;
	/* gives what it forgot the port of another connection, which the
	 * server answers for */
	bool is_mixing_up;
	/* gives this connection of the experiment, from 1 on, its own port
	 * again; 0: none */
	unsigned spared;
};

struct idle_talk {
	/* given */
	unsigned distance;
	bool is_ssh;
	struct idle_device devices[IDLE_TALK_DEVICES];
	int64_t closes_ns;	  /* age at which the server closes; 0: never */
	unsigned lost_one_in;	  /* of all questions; 0: none */
	int64_t gone_ns, back_ns; /* between which nothing arrives */
	struct idle_options idle;
	/* kept */
	struct idle_state state; /* as it was at the end */
	int64_t now_ns, began_ns;
	unsigned sent, questions;
	unsigned most_open; /* that the server had at once */
	unsigned closed;    /* by the server's own timer */
	unsigned left_open; /* that it has at the end, once all were closed */
	bool is_over;
};

/* Plays it to the end, in no time. */
void idle_talk_run(struct idle_talk *talk);

#endif
