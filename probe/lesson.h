/* Learns what to say to a server that it may say much: by its port, by how it
 * greets on the run's connection, and for SSH from the algorithms that it
 * offers on a connection of the experiment's own. */
#ifndef PROBE_LESSON_H
#define PROBE_LESSON_H

#include "probe/experiment.h"
#include "probe/speech.h"

enum { LESSON_HEARD = 4096 };

enum lesson_state {
	LESSON_GREETING, /* what does it speak? */
	LESSON_LISTENING,
	LESSON_LEARNED, /* `speech` is what to say */
	LESSON_LOST,	/* nothing is known to be said */
};

struct lesson {
	enum lesson_state state;
	struct speech speech;
	struct connection *teacher; /* NULL: none was needed */
	unsigned silences;
	unsigned used; /* of the experiment's connections */
	uint8_t heard[LESSON_HEARD];
};

/* `lesson` is zeroed. Both return its state. */
enum lesson_state lesson_begin(struct lesson *lesson,
	struct situation *situation, struct outbox *outbox);
enum lesson_state lesson_step(struct lesson *lesson,
	struct situation *situation, const struct event *event,
	struct outbox *outbox);

/* The experiment's next connection, on its way, with the MSS that makes IP
 * packets of this size; NULL when there are no more. */
struct connection *lesson_open(struct lesson *lesson,
	struct situation *situation, uint32_t ip_bytes, struct outbox *outbox);

#endif
