/* One size on one connection: the server is let to collect what it has to say,
 * then a window of one segment is opened for it, then a wide one. */
#ifndef PROBE_TRIAL_H
#define PROBE_TRIAL_H

#include "probe/lesson.h"

enum stage {
	STAGE_UNUSED,
	STAGE_OPENING,
	STAGE_SAYING,
	STAGE_COLLECTING, /* no window */
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
	unsigned silences;
	bool has_heard; /* data */
	uint32_t largest; /* segment that came */
	bool is_cut;	  /* and the server had more to say */
};

/* One on its way already, connection and all: STAGE_OPENING. It takes a packet
 * of that connection; the server has `collect_ms` to collect. */
void trial_hear(struct trial *trial, const struct event *event,
	const struct speech *speech, const struct situation *situation,
	unsigned collect_ms, struct outbox *outbox);
void trial_silence(struct trial *trial, struct outbox *outbox);
static inline bool trial_is_over(const struct trial *trial)
{
	return trial->stage == STAGE_UNUSED || trial->stage >= STAGE_ARRIVED;
}

#endif
