/* An experiment: what to ask, what to ask next. It is handed answers and
 * silences and fills an transmit queue. It opens nothing, reads no clock,
 * prints nothing and judges nothing; the runner does the one, analysis the
 * other. */
#ifndef PROBE_ENGINE_EXPERIMENT_H
#define PROBE_ENGINE_EXPERIMENT_H

#include "probe/protocol/hop_distance.h"
#include "probe/protocol/probe_experiment.h"
#include "probe/protocol/probe_method.h"
#include "probe/tcp/connection.h"

/* What all experiments of a run may know. */
struct probe_context {
	const struct connection *connection;
	uint8_t family;
	uint16_t port;	     /* of the target */
	uint16_t own_port;   /* guarded, for UDP and as the echo's identifier */
	uint16_t spare_port; /* guarded too, for handshakes that must not be
				taken for the connection's */
	uint32_t interface_mtu;
	uint32_t round_trip_ms; /* about, so far; 0: not known */
	uint32_t path_mtu;	/* largest that arrived; 0: not measured */
	/* where the next larger did not, the way there; 0: not (yet) known */
	uint32_t forward_limit;
	uint32_t echo_limit;  /* there and back, likewise */
	uint32_t echo_passed; /* the largest echo that came back; 0: none */
	bool is_mtu_over;
	uint32_t reverse_limit; /* the way back, over TCP; 0: not known */
	unsigned max_ttl;
	unsigned distance; /* hops to the target; 0: not known (yet) */
	bool is_route_done;
	/* bit ttl - 1: that hop reports what expires there; the target's bit:
	 * it says that a UDP port is closed */
	uint64_t answering_hops;
	/* small packets to that hop, and those of them without an answer: see
	 * error_ration_is_seen */
	uint8_t small_sent[HOP_LIMIT_WHOLE_WAY + 1];
	uint8_t silences[HOP_LIMIT_WHOLE_WAY + 1];
	bool is_alone; /* at most one experiment besides the route: there is
			  time, and what routers are willing to report */
	uint16_t echo_sequence;	 /* the next free one */
	uint32_t segment_offset; /* how far below send_next the next segment
				    of old data ends: makes each unique */
	/* The connections of the experiment whose turn it is, as many as it
	 * asked for or, where there are not enough, fewer; each with a port of
	 * its own, idle at first. It opens them into its transmit queue; they
	 * answer and repeat through that, whether the experiment is over or
	 * not, and those still open at the end of the run are closed. */
	struct connection *own;
	unsigned own_count;
};

enum event_kind {
	EVENT_RESPONSE, /* to a question of this experiment */
	EVENT_PACKET,	/* no answer to any question; of an experiment's own
			   connections only to that experiment */
	EVENT_TIMEOUT,	/* all was sent, and nothing more came for longer than
			   answers have taken so far */
	EVENT_TIMER,	/* the time that the transmit queue asked for is over */
};

struct event {
	enum event_kind kind;
	enum response_kind answer; /* EVENT_ANSWER */
	bool is_first;		   /* answer to that question */
	const struct sent_probe *sent_probe;
	const struct packet *packet;
	bool is_one_segment; /* TCP data that was one packet on the wire too,
				as far as that is known */
	/* which it is on, or asked on; it has taken the packet already. NULL:
	 * none, or EVENT_SILENCE */
	const struct connection *connection;
};

struct experiment {
	enum probe_experiment id;
	size_t state_bytes;
	unsigned most_packets; /* it never sends more */
	unsigned connections;  /* of its own, at most */
	bool is_early; /* begins along with the run's own connection, not when
			  that is decided: it has connections of its own */
	bool is_late;  /* begins when those before it are over: it would use up
			  the errors that routers are willing to send */
	/* Both return whether the experiment goes on. `state` is zeroed. */
	bool (*start)(void *state, struct probe_context *context,
		struct tx_queue *tx_queue);
	bool (*step)(void *state, struct probe_context *context,
		const struct event *event, struct tx_queue *tx_queue);
};

/* Asks: an IP packet of `ip_bytes` with this hop limit, by this ruler. NULL
 * when the transmit queue is full. Short ones are made as long as they must be.
 */
struct probe_packet *probe_build(struct probe_context *context,
	enum probe_method method, uint32_t ip_bytes, uint8_t ttl,
	struct tx_queue *tx_queue);

/* Smallest IP packet that tells one question from another by its ruler. */
uint32_t probe_build_least_bytes(uint8_t family, enum probe_method method);

#endif
