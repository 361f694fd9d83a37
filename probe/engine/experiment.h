/* An experiment chooses the probes to send. It is given responses and timeouts
 * and fills a transmit queue. It opens nothing, reads no clock, prints nothing
 * and makes no verdict: the runner sends, the analysis judges. */
#ifndef PROBE_ENGINE_EXPERIMENT_H
#define PROBE_ENGINE_EXPERIMENT_H

#include "probe/engine/probe_result.h"
#include "probe/protocol/idle_rules.h"
#include "probe/protocol/probe_experiment.h"
#include "probe/protocol/probe_method.h"
#include "probe/protocol/ssh_rules.h"
#include "probe/protocol/tls_rules.h"
#include "probe/tcp/connection.h"
#include "probe/tcp/reset_trigger.h"

/* The state of the run that every experiment may read, and the results that
 * this one declares. */
struct probe_context {
	const struct connection *connection; /* the run's own */
	uint8_t family;
	uint16_t port;	     /* of the target */
	uint16_t own_port;   /* guarded, for UDP and as the echo's identifier */
	uint16_t spare_port; /* guarded too, for handshakes that must not be
				taken for the connection's */
	uint32_t interface_mtu;
	uint32_t round_trip_ms; /* about, so far; 0: not known */
	int64_t now_ns;		/* of a clock that only goes forward */
	struct idle_options idle;
	const struct reset_trigger *trigger; /* NULL: none */
	const struct ssh_options *ssh;
	const struct tls_options *tls; /* NULL: the experiment is not run */
	unsigned max_ttl;
	bool is_alone; /* at most one experiment besides the route: there is
			  time, and routers' rate limits are not used up */
	uint16_t echo_sequence;	 /* the next free one */
	uint32_t segment_offset; /* how far below send_next the next segment
				    of old data ends: makes each unique */
	struct probe_results results;
	/* The connections of the current experiment, as many as it declared
	 * or, where slots are short, fewer; each has a port of its own and is
	 * idle at first. The experiment opens them into its transmit queue;
	 * they acknowledge and retransmit through that queue, also after the
	 * experiment is over, and those still open at the end of the run are
	 * closed. */
	struct connection *own;
	unsigned own_count;
	/* Connections that the experiments which share some use one after
	 * another: whoever needs one opens it, and leaves it open. */
	struct connection *shared;
	unsigned shared_count;
	/* An SSH server counts those who do not log in: so many connections
	 * may yet be opened in this run. */
	bool is_limited;
	unsigned may_open; /* if it is limited, */
	unsigned may_hold; /* and so many at the same time */
	uint32_t chosen;   /* experiments of the run, a set */
};

/* How many of `wanted` connections may be opened, where `kept` more are left
 * for others. */
static inline unsigned probe_context_may_open(
	const struct probe_context *context, unsigned wanted, unsigned kept)
{
	unsigned left = context->may_open > kept ? context->may_open - kept : 0;

	return context->is_limited && left < wanted ? left : wanted;
}

/* The same for connections that stay open. */
static inline unsigned probe_context_may_hold(
	const struct probe_context *context, unsigned wanted, unsigned kept)
{
	unsigned left = context->may_hold > kept ? context->may_hold - kept : 0;

	wanted = probe_context_may_open(context, wanted, kept);
	return context->is_limited && left < wanted ? left : wanted;
}

/* Opens one, if it may. */
static inline bool probe_context_open(struct probe_context *context,
	struct connection *connection, struct tx_queue *tx_queue)
{
	if (probe_context_may_open(context, 1, 0) == 0)
		return false;
	context->may_open -= context->is_limited;
	context->may_hold -= context->may_hold > 0;
	connection_open(connection, tx_queue);
	return true;
}

static inline bool probe_context_is_final(
	const struct probe_context *context, enum probe_result result)
{
	return context->results.final & probe_result_bit(result);
}

enum event_kind {
	EVENT_RESPONSE, /* to a probe of this experiment */
	EVENT_PACKET,	/* no response to any probe; of an experiment's own
			   connections only to that experiment */
	/* all was sent but SYNs that have to wait, and no packet came for
	 * longer than responses have taken so far */
	EVENT_TIMEOUT,
	EVENT_TIMER,	/* the time that the transmit queue asked for is over */
};

struct event {
	enum event_kind kind;
	enum response_kind answer; /* EVENT_RESPONSE */
	bool is_first;		   /* response to that probe */
	bool is_awaited; /* and it was sent since the last timeout: else it
			    counts as unanswered, and for no later round */
	const struct sent_probe *sent_probe;
	const struct packet *packet;
	bool is_one_segment; /* TCP data that was one packet on the wire too,
				as far as known */
	/* which it is on, or was sent on; it has taken the packet already.
	 * NULL: none, or EVENT_TIMEOUT */
	const struct connection *connection;
};

/* Scarce resources. Experiments that need the same one run in sequence, in the
 * order in which they are listed; while one of them only listens, the next may
 * begin. */
enum probe_resource {
	/* routers' rate limits of errors: more than the few errors that the
	 * route takes */
	RESOURCE_ROUTER_ERRORS = 1 << 0,
	/* the target's limits: it counts connections, rate-limits errors, and
	 * caches path MTUs */
	RESOURCE_TARGET = 1 << 1,
};

struct experiment {
	enum probe_experiment id;
	size_t state_bytes;
	unsigned most_packets; /* it never sends more */
	/* about as many as follow those of `start` on a healthy path */
	unsigned usual_later;
	unsigned usual_each; /* and for each of ssh_options.at_once */
	unsigned connections; /* of its own, at most */
	bool is_sharing;      /* it uses the shared ones */
	/* bits of results: final before it begins, and read as they come */
	unsigned needs, reads;
	unsigned takes;		    /* enum probe_resource */
	enum probe_result provides; /* RESULT_COUNT: none */
	size_t result_at;	    /* offset of that in the state */
	/* The run's own connection is closed when it begins, if it is alone:
	 * the server attends to its connections. */
	bool leaves_run;
	/* Both return whether the experiment goes on. `state` is zeroed. */
	bool (*start)(void *state, struct probe_context *context,
		struct tx_queue *tx_queue);
	bool (*step)(void *state, struct probe_context *context,
		const struct event *event, struct tx_queue *tx_queue);
};

#endif
