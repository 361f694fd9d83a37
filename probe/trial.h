/* One size on one connection: the server is let to collect what it has to say,
 * then a window of one segment is opened for it, then a wide one. */
#ifndef PROBE_TRIAL_H
#define PROBE_TRIAL_H

#include "probe/lesson.h"

enum stage {
	STAGE_UNUSED,
	STAGE_OPENING,
	STAGE_SAYING,  /* no window: the server collects what it has to say */
	STAGE_HEARING,	  /* a window of one segment */
	STAGE_WAITING,	  /* a wide one */
	STAGE_ARRIVED, /* from here on: over */
	STAGE_MISSING,
	STAGE_SHORT, /* all came, and nothing of that size */
	STAGE_MUTE,
};

struct trial {
	enum stage stage;
	struct connection *connection;
	uint32_t ip_bytes;
	uint16_t said_bytes; /* of the speech */
	bool has_said;	     /* the whole of it */
	unsigned silences;
	uint32_t plain_bytes; /* see speech */
	bool is_merged; /* data came that may be several segments */
	unsigned pieces; /* other segments with data that came */
	uint32_t largest; /* of them */
	bool is_cut;	  /* and the server had more to say */
	bool is_halved; /* as Linux does it for who offers no larger window: it
			   has not heard the handshake's */
};

/* One on its way already, connection and all: STAGE_OPENING. Says what is known
 * to be said and was not yet; after the last word the server has `collect_ms`
 * to collect. */
void trial_speak(struct trial *trial, const struct speech *speech,
	unsigned collect_ms, struct outbox *outbox);
/* Takes a packet of its connection, and speaks. */
void trial_hear(struct trial *trial, const struct event *event,
	const struct speech *speech, unsigned collect_ms,
	struct outbox *outbox);
void trial_silence(struct trial *trial, struct outbox *outbox);
/* The server has had its time. */
void trial_alarm(struct trial *trial, const struct situation *situation,
	unsigned collect_ms, struct outbox *outbox);
/* Whether only a repeat will tell what came. */
static inline bool trial_is_blurred(const struct trial *trial)
{
	return trial->stage == STAGE_HEARING && trial->is_merged;
}
/* Leaves as if nothing large had come. */
void trial_leave(struct trial *trial, struct outbox *outbox);
static inline bool trial_is_over(const struct trial *trial)
{
	return trial->stage == STAGE_UNUSED || trial->stage >= STAGE_ARRIVED;
}

#endif
