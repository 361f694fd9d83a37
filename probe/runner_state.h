/* What the files of the runner share. */
#ifndef PROBE_RUNNER_STATE_H
#define PROBE_RUNNER_STATE_H

#include <time.h>

#include "capture/live.h"
#include "probe/craft.h"
#include "probe/guard.h"
#include "probe/ours.h"
#include "probe/pace.h"
#include "probe/patience.h"
#include "probe/runner.h"

enum {
	RUN_OWNER = RUNNER_EXPERIMENTS, /* of what no experiment owns */
	RUN_PACKETS = 1000, /* of the run's own connection, at most */
	LINES = 64,
};

/* A connection on the wire. */
struct line {
	struct guard guard;
	unsigned owner;	  /* index of its experiment, or RUN_OWNER */
	int64_t since_ns; /* of the last packet sent, or silence */
};

struct running {
	const struct experiment *experiment;
	void *state;
	struct outbox outbox;
	bool is_started, is_over;
	unsigned sent;
	unsigned first_line;
	int64_t since_ns; /* of the last packet sent, or silence */
	int64_t alarm_ns; /* when it wants to be told; 0: it does not */
};

struct runner {
	struct runner_options options;
	struct craft *craft;
	struct live *live;
	struct guard spare;
	struct ours ours;
	uint16_t ports[LINES + 1];
	struct batch *batch;
	/* connections[i] is on lines[i]; the first is the run's own */
	unsigned line_count;
	struct line lines[LINES];
	struct connection connections[LINES];
	struct situation situation;
	struct patience patience;
	struct pace pace;
	struct outbox outbox; /* the run's own connection's */
	unsigned connection_sent;
	struct running running[RUNNER_EXPERIMENTS];
	bool is_started;
	unsigned turn; /* whose question is next */
	bool was_connection; /* the last one sent */
	int64_t deadline_ns; /* then it ends, whatever floods in */
	unsigned sent;
	uint16_t ip_id;
	uint64_t recorded;
	int64_t progress_ns;
	struct answer_table table;
	bool has_answer[ASKED_MAX];
	char comments[ASKED_MAX][QUESTION_COMMENT];
};

int64_t runner_now_ns(clockid_t clock);

/* Lines: the guarded connections. */

/* Counts and shares out the lines; opens nothing. */
void lines_plan(struct runner *runner);
bool lines_open(struct runner *runner, struct failure *failure);
void lines_close(struct runner *runner);
/* Hands the sockets of all guards to whoever asked for them. */
void lines_tell_guards(const struct runner *runner);
/* Gives the connections their ports and numbers. */
void lines_set_up(struct runner *runner, uint32_t first_sequence);
/* The line with this guarded port; -1: none. */
int line_of_port(const struct runner *runner, uint16_t port);
struct outbox *line_outbox(struct runner *runner, unsigned line);
/* Tells connections that wait in vain; returns how long until the next. */
int64_t lines_tell_silence(struct runner *runner, int64_t now);
/* Closes all that are open. False while one of them still is. */
bool lines_end(struct runner *runner);

/* Sending. */

bool runner_has_question(const struct runner *runner);
/* Sends the next question, if there is one. */
bool runner_send(
	struct runner *runner, int64_t now, struct failure *failure);

/* Hearing: takes what is there, without waiting. */
bool runner_hear(struct runner *runner, struct failure *failure);

/* The schedule of the experiments. */

/* Readies what all experiments may know. */
void schedule_set_up(struct runner *runner);
/* Those that may begin do: early, as soon as the run's own connection is
 * decided, or after all before them in the list. */
void schedule_start(struct runner *runner, int64_t now);
bool schedule_begin(struct runner *runner, unsigned experiment);
void schedule_step(struct runner *runner, unsigned experiment,
	const struct event *event);
bool schedule_is_over(const struct runner *runner);
/* Ends all, whatever they wait for. */
void schedule_stop(struct runner *runner);
/* Tells those of the silence who have waited long enough, and of alarms;
 * returns how long until the next. */
int64_t schedule_tell_silence(struct runner *runner, int64_t now);

unsigned runner_most_packets(const struct runner_options *options);

#endif
