/* A simulated conversation: two ends, a path with a recorder on it, a script of
 * who says how much, and an end of some kind. What is recorded goes to the
 * caller as packets; what truly happened stays beside it. */
#ifndef TESTS_SUPPORT_SIM_TALK_H
#define TESTS_SUPPORT_SIM_TALK_H

#include "tests/support/sim_end.h"

enum sim_fate {
	/* nobody is hurt */
	FATE_CLIENT_CLOSES,
	FATE_SERVER_CLOSES,
	FATE_BOTH_CLOSE,
	FATE_STAYS_OPEN,
	/* somebody is */
	FATE_CLIENT_ABORTS,
	FATE_SERVER_ABORTS,
	FATE_PORT_CLOSED,
	FATE_SYN_DROPPED,
	FATE_INJECTED, /* a device resets both ends, or the client */
	FATE_PATH_DIES,
	FATE_SERVER_GONE,
	FATE_FORGOTTEN, /* a NAT drops what comes after a long silence */
	FATE_LARGE_VANISH,
	FATE_NO_ANSWER,	  /* a request is acknowledged and never answered */
	FATE_WINDOW_SHUT, /* the server's program does not read any more */
	FATE_COUNT,
	FATE_FIRST_GUILTY = FATE_CLIENT_ABORTS,
};

enum { SIM_TURNS = 8, SIM_EVENTS = 512, SIM_TIMESTAMP_BYTES = 12 };

struct sim_turn {
	uint8_t who; /* 0: client */
	uint32_t bytes;
	int64_t think_ns;
	int64_t pause_ns; /* the other does not read for so long; 0: it does */
};

/* What the recording shows of a side, counted from the segments themselves. */
struct sim_seen {
	uint64_t packets, payload_bytes;
	uint64_t next, acknowledged; /* offsets; highest */
	bool has_syn, has_fin, has_reset, has_forged;
	uint8_t ttl;
	/* the largest IP packet that truly arrived */
	uint32_t largest_arrived;
};

struct sim_event {
	int64_t time_ns;
	uint64_t order; /* equal times: first come, first served */
	uint8_t kind, end;
	struct sim_segment segment;
};

struct sim_talk {
	struct sim_random random;
	enum sim_fate fate;
	struct sim_end end[2];
	struct address address[2];
	uint16_t port[2];
	uint32_t isn[2];
	uint8_t hops[2];      /* from each end to the recorder */
	int64_t delay_ns[2];  /* one way between the same */
	int64_t jitter_ns[2]; /* packets may overtake each other */
	unsigned loss[2][2];  /* [side of the recorder][way], of a thousand */
	unsigned copies;      /* sent twice by the path, of a thousand */
	uint32_t hole_bytes;  /* larger IP packets vanish; 0: none do */
	uint8_t hole_side;
	uint8_t device_side; /* where a device sits, seen from the recorder */
	bool is_dead;	     /* the path, or the NAT's memory */
	uint8_t dead_side;
	uint8_t family; /* 4 or 6 */
	/* what the recorder makes of it */
	unsigned unrecorded;   /* packets that it loses, of a thousand */
	unsigned begins_after; /* packets before it is switched on */
	struct sim_turn turns[SIM_TURNS];
	unsigned turn_count, turn;
	uint64_t said[2]; /* by the turns so far */
	int64_t end_think_ns;
	bool is_begun, is_ending;
	struct sim_event events[SIM_EVENTS];
	unsigned event_count;
	int64_t alarm_ns[2]; /* that stands in the queue; INT64_MAX: none */
	uint64_t order;
	int64_t limit_ns;
	struct sim_seen seen[2];
};

/* Where and when conversations are recorded together: recorder and servers are
 * the same for all. */
struct sim_place {
	uint64_t seed;
};

/* Conversation `number` of a place, everything in it drawn at random. */
void sim_talk_begin(struct sim_talk *talk, const struct sim_place *place,
	unsigned number, int64_t start_ns);
/* The next packet that the recorder sees; false: there is none. `frame` is
 * left to the caller. */
bool sim_talk_next(struct sim_talk *talk, struct packet *packet);
/* A word for it. */
const char *sim_fate_word(enum sim_fate fate);

#endif
