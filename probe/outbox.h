/* What an experiment, or the connection, wants to be sent. */
#ifndef PROBE_OUTBOX_H
#define PROBE_OUTBOX_H

#include <stddef.h>

#include "probe/question.h"

enum { OUTBOX_QUESTIONS = 512 };

struct outbox {
	unsigned first, count; /* a ring */
	/* the least silence worth telling of, for routers that answer once a
	 * second only; 0: as long as answers take */
	unsigned wait_ms;
	/* EVENT_ALARM is told once, so long after what is in here was sent,
	 * whatever comes meanwhile, and instead of an earlier one; 0: none */
	unsigned alarm_ms;
	const char *waits_for; /* for a progress line, static; NULL */
	bool is_listening; /* nothing more is asked of routers: experiments that
			      wait for this one may begin */
	struct question questions[OUTBOX_QUESTIONS];
};

/* Routers ration their errors: silence is told of after `wait_ms` only. */
static inline void outbox_await_routers(
	struct outbox *outbox, unsigned wait_ms)
{
	outbox->wait_ms = wait_ms;
	outbox->waits_for = "routers to answer again";
}

/* A cleared question to be filled in, the last in the queue. NULL when the
 * outbox is full: then it is not asked, and not being asked is no silence. */
static inline struct question *outbox_add(struct outbox *outbox)
{
	if (outbox->count == OUTBOX_QUESTIONS)
		return NULL;
	struct question *question =
		&outbox->questions[(outbox->first + outbox->count++) %
			OUTBOX_QUESTIONS];
	*question = (struct question){.ttl = 64, .is_df = true};
	return question;
}

/* The last in the queue, or NULL. */
static inline struct question *outbox_last(struct outbox *outbox)
{
	if (outbox->count == 0)
		return NULL;
	return &outbox->questions[(outbox->first + outbox->count - 1) %
		OUTBOX_QUESTIONS];
}

/* The next to be sent, taken off; NULL when there is none. It stays valid
 * until something is added. */
static inline const struct question *outbox_take(struct outbox *outbox)
{
	if (outbox->count == 0)
		return NULL;
	const struct question *question = &outbox->questions[outbox->first];
	outbox->first = (outbox->first + 1) % OUTBOX_QUESTIONS;
	outbox->count--;
	return question;
}

#endif
