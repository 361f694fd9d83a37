/* The packets that an experiment, or a connection, queues for sending. */
#ifndef PROBE_ENGINE_TX_QUEUE_H
#define PROBE_ENGINE_TX_QUEUE_H

#include <stddef.h>

#include "probe/engine/probe_packet.h"

enum { TX_QUEUE_PROBES = 512 };

struct tx_queue {
	unsigned first, count; /* a ring */
	/* the shortest timeout, for routers that respond once a second only;
	 * 0: as long as responses take */
	unsigned wait_ms;
	/* EVENT_TIMER is told once, so long after what is in here was sent,
	 * but SYNs that have to wait, whatever comes meanwhile, and instead of
	 * an earlier one; 0: none */
	unsigned timer_ms;
	const char *waits_for; /* for a progress line, static; NULL */
	bool is_listening; /* no more probes to routers: experiments that wait
			      for this one may begin */
	struct probe_packet probes[TX_QUEUE_PROBES];
};

/* Routers rate-limit their errors: the timeout is at least `wait_ms`. */
static inline void tx_queue_await_routers(
	struct tx_queue *tx_queue, unsigned wait_ms)
{
	tx_queue->wait_ms = wait_ms;
	tx_queue->waits_for = "routers to answer again";
}

/* A cleared probe to be filled in, the last in the queue. NULL when the
 * transmit queue is full: then it is not sent, and no answer to it is no
 * silence. */
static inline struct probe_packet *tx_queue_add(struct tx_queue *tx_queue)
{
	if (tx_queue->count == TX_QUEUE_PROBES)
		return NULL;
	struct probe_packet *probe =
		&tx_queue->probes[(tx_queue->first + tx_queue->count++) %
				  TX_QUEUE_PROBES];
	*probe = (struct probe_packet){.ttl = 64, .is_df = true};
	return probe;
}

/* The last in the queue, or NULL. */
static inline struct probe_packet *tx_queue_last(struct tx_queue *tx_queue)
{
	if (tx_queue->count == 0)
		return NULL;
	return &tx_queue->probes[(tx_queue->first + tx_queue->count - 1) %
				 TX_QUEUE_PROBES];
}

/* The next to be sent, taken off; NULL when there is none. It stays valid
 * until something is added. */
static inline const struct probe_packet *tx_queue_take(
	struct tx_queue *tx_queue)
{
	if (tx_queue->count == 0)
		return NULL;
	const struct probe_packet *probe = &tx_queue->probes[tx_queue->first];
	tx_queue->first = (tx_queue->first + 1) % TX_QUEUE_PROBES;
	tx_queue->count--;
	return probe;
}

/* Puts the next to be sent, if there is one, behind all others. */
static inline void tx_queue_postpone(struct tx_queue *tx_queue)
{
	struct probe_packet next = tx_queue->probes[tx_queue->first];

	if (tx_queue->count == 0)
		return;
	tx_queue->first = (tx_queue->first + 1) % TX_QUEUE_PROBES;
	tx_queue->probes[(tx_queue->first + tx_queue->count - 1) %
			 TX_QUEUE_PROBES] = next;
}

#endif
