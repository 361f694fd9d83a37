/* Runs experiments side by side: owns the sockets, the clock, the rate limit
 * and the recording. All packets sent and received are recorded as they were
 * on the wire, sent ones with a comment on their purpose, and passed on. */
#ifndef PROBE_ENGINE_RUNNER_H
#define PROBE_ENGINE_RUNNER_H

#include <signal.h>

#include "capture/file/recording_writer.h"
#include "probe/engine/experiment.h"
#include "probe/engine/route.h"

enum {
	RUNNER_EXPERIMENTS = EXPERIMENT_COUNT,
	RUNNER_GUARDS = 290, /* sockets that guard ports, at most */
};

struct experiment_progress {
	enum probe_experiment experiment;
	const char *waits_for; /* NULL: for responses, as always */
	unsigned sent;
	bool is_running;
};

struct runner_progress {
	unsigned packets; /* sent by all, and by the connection */
	unsigned count;
	struct experiment_progress experiments[RUNNER_EXPERIMENTS];
};

struct runner_options {
	const struct route *route;
	struct address target;
	uint8_t family;
	uint16_t port;
	unsigned rate; /* packets per second */
	unsigned max_ttl;
	struct idle_options idle;
	const struct reset_trigger *trigger; /* NULL: none */
	const struct ssh_options *ssh; /* outlives the run */
	const struct tls_options *tls; /* likewise; NULL: not run */
	unsigned longer_s; /* than usual it may take */
	/* to an SSH server, the run's own among them; 0: no limit but those of
	 * the experiments */
	unsigned most_ssh_connections;
	const struct experiment *experiments[RUNNER_EXPERIMENTS];
	unsigned experiment_count;
	/* Every packet of the probe, sent or received, in the order of
	 * recording; packet->frame is its number in the recording. */
	void (*on_packet)(void *context, const struct packet *packet);
	/* At times, for people who wait. */
	void (*on_progress)(
		void *context, const struct runner_progress *progress);
	/* Once, in runner_open: the sockets that guard the ports are open, and
	 * none yet that receives. NULL: not called. */
	void (*on_guarded)(
		void *context, const int *descriptors, unsigned count);
	void *context;
};

struct runner;

/* Opens all that takes privilege, and sends nothing. */
struct runner *runner_open(
	const struct runner_options *options, struct failure *failure);
/* From now on the run ends early, and orderly, once `*is_stopped` is set. */
void runner_stop_on(
	struct runner *runner, const volatile sig_atomic_t *is_stopped);
/* Runs to the end, and records to `writer`, which may be NULL. Takes no
 * privilege. */
bool runner_run(struct runner *runner, struct recording_writer *writer,
	struct failure *failure);
/* After the run: the set of experiments that came to their end by
 * themselves. */
uint32_t runner_ended(const struct runner *runner);
/* After the run: packets that the capture had no room for. */
uint32_t runner_lost(const struct runner *runner);
/* Whether the target has also closed every connection, and has our last ACK as
 * far as is known: if not, its later packets reach a kernel without these
 * connections. */
bool runner_is_settled(const struct runner *runner);
void runner_close(struct runner *runner);

/* Packets of the run's own connection after its SYN, on a healthy path. */
enum { RUNNER_USUAL_LATER = 5 };

/* As many packets an experiment sends at most, those that its connections owe
 * included; NULL: the run's own connection. */
unsigned runner_most_of(const struct experiment *experiment);

/* Calls `each` for every probe that the experiments begin with, as if the
 * connection had been accepted at a distance of `hops`; `experiment` is NULL
 * for the connection's. Opens and sends nothing. */
void runner_dry_run(const struct runner_options *options, unsigned hops,
	void (*each)(void *context, const struct experiment *experiment,
		const struct probe_packet *probe),
	void *context);

#endif
