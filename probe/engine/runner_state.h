/* What the files of the runner share. */
#ifndef PROBE_ENGINE_RUNNER_STATE_H
#define PROBE_ENGINE_RUNNER_STATE_H

#include "capture/live/time_now.h"
#include "capture/live/live.h"
#include "probe/engine/craft.h"
#include "probe/tcp/rst_guard.h"
#include "probe/engine/own_traffic.h"
#include "probe/protocol/connection_role.h"
#include "probe/engine/token_bucket.h"
#include "probe/engine/rto.h"
#include "probe/engine/runner.h"

enum {
	RUN_OWNER = RUNNER_EXPERIMENTS, /* of packets that no experiment owns */
	SHARED_OWNER,			/* of connections that several use */
	SHARED_SLOTS = 7, /* of even and of odd ports; more routes than that
			     are seldom found */
	RUN_PACKETS = 1000, /* of the run's own connection, at most */
	/* of an experiment's connections, beyond its own number: what they owe
	 * to a server that sends much */
	DUTY_PACKETS = 500,
	CONN_SLOTS = 144, /* for all experiments at once, idle among them */
};

/* A connection on the wire. */
struct conn_slot {
	struct rst_guard guard;
	unsigned owner;	  /* index of its experiment, or one of the above */
	int64_t since_ns; /* of the last packet sent, or timeout; 0: none */
};

struct running {
	const struct experiment *experiment;
	void *state;
	struct tx_queue tx_queue;
	bool is_started, is_over;
	bool is_cut; /* it was over before its end */
	unsigned sent;
	unsigned first_slot;
	int64_t since_ns;  /* of the last packet sent, or timeout */
	int64_t timer_ns;  /* when its timer is due; 0: no timer */
	uint32_t given_up; /* rows of the table before its last timeout */
};

struct runner {
	struct runner_options options;
	const volatile sig_atomic_t *is_stopped; /* set by a signal; or NULL */
	struct recording_writer *writer; /* NULL: not recorded */
	struct craft *craft;
	struct live *live;
	struct rst_guard spare;
	struct own_traffic own_traffic;
	uint16_t ports[CONN_SLOTS + 1];
	struct batch *batch;
	/* connections[i] is in slots[i]; the first is the run's own */
	unsigned slot_count;
	unsigned shared_first, shared_count;
	struct conn_slot slots[CONN_SLOTS];
	struct connection connections[CONN_SLOTS];
	struct probe_context context;
	/* struct route_result and so on, in the state of the provider */
	const void *results[RESULT_COUNT];
	struct rto rto;
	struct token_bucket pace;
	struct connection_roles roles; /* as the recording shows them */
	struct tx_queue tx_queue;      /* the run's own connection's */
	unsigned connection_sent;
	struct running running[RUNNER_EXPERIMENTS];
	unsigned turn; /* whose probe is next */
	unsigned sent;
	uint16_t ip_id;
	bool is_started;
	bool is_aborted;
	bool has_spare_heard; /* the target answered one of its SYNs */
	bool was_connection; /* the last one sent */
	int64_t deadline_ns; /* then it ends, whatever floods in */
	uint64_t recorded;
	int64_t heard_ns; /* up to then all packets were read, by packet time */
	int64_t progress_ns;
	struct probe_table table;
	bool has_answer[SENT_PROBES_MAX];
	char comments[SENT_PROBES_MAX][PROBE_PACKET_COMMENT];
};

/* Slots: the guarded connections. */

/* Counts the slots and shares them out; opens nothing. */
void conn_slots_plan(struct runner *runner);
bool conn_slots_open(struct runner *runner, struct failure *failure);
void conn_slots_close(struct runner *runner);
/* Passes the sockets of all guards to the caller's callback. */
void conn_slots_tell_guards(const struct runner *runner);
/* Gives the connections their ports and numbers. */
void conn_slots_set_up(struct runner *runner, uint32_t first_sequence);
/* The slot with this guarded port; -1: none. */
int conn_slot_of_port(const struct runner *runner, uint16_t port);
struct tx_queue *conn_slot_tx_queue(struct runner *runner, unsigned slot);
/* Delivers timeouts to connections; returns how long until the next. */
int64_t conn_slots_timeouts(struct runner *runner, int64_t now);
/* Closes all that are open. False while one of them still is. */
bool conn_slots_end(struct runner *runner);
/* Ends all at once, with a reset where the server has data left, in place of
 * all packets that wait for being sent. */
void conn_slots_abort(struct runner *runner);
/* The same for those of one owner. */
void conn_slots_abort_of(struct runner *runner, unsigned owner);
/* Resets the half-open connection that a SYN of the spare port (one with a
 * small hop limit, or one of `reset`'s) opened at the target. */
void conn_slots_refuse(
	struct runner *runner, const struct packet *packet, unsigned owner);
/* Closes those that are shared, once nobody uses them any more. */
void conn_slots_close_shared(struct runner *runner);
/* What a server's greeting tells of all its connections. */
void conn_slots_note_greeting(struct runner *runner, unsigned slot);

/* The server's limits of connections. */

/* How many were opened, and not refused: the server counts them. */
unsigned conn_limit_opened(const struct runner *runner);
/* How many it has, as far as packets show: those that were reset are not among
 * them. */
unsigned conn_limit_held(const struct runner *runner);
/* False for the SYN of a connection that has to wait until the server has
 * closed others. */
bool conn_limit_may_send(
	const struct runner *runner, const struct probe_packet *probe);
/* True for the SYN of a connection that was never begun and that nobody needs
 * any more: it is idle again, and the SYN is not to be sent. */
bool conn_limit_drop(struct runner *runner, const struct probe_packet *probe);

/* Sending. */

/* Whether an experiment has a packet that may be sent now. Brings it to the
 * front, before the SYNs that have to wait; drops SYNs that nobody needs. */
bool runner_is_ready(struct runner *runner, struct tx_queue *tx_queue);
/* Whether anybody has one. */
bool runner_has_probe(struct runner *runner);
/* Sends the next probe, if there is one. */
bool runner_send(struct runner *runner, struct failure *failure);

/* Receiving: takes the packets that are there, without waiting. */
bool runner_receive(struct runner *runner, struct failure *failure);

/* The schedule of the experiments. */

/* Prepares the contexts of all experiments. */
void schedule_set_up(struct runner *runner);
/* Starts the experiments whose inputs are final and whose resources are
 * free. */
void schedule_start(struct runner *runner, int64_t now);
bool schedule_begin(struct runner *runner, unsigned experiment);
void schedule_step(
	struct runner *runner, unsigned experiment, const struct event *event);
bool schedule_is_over(const struct runner *runner);
/* Ends all experiments, also those that wait. */
void schedule_stop(struct runner *runner);
/* Delivers due timeouts and timers to experiments; returns how long until the
 * next. */
int64_t schedule_tell_silence(struct runner *runner, int64_t now);

unsigned runner_most_packets(const struct runner_options *options);

#endif
