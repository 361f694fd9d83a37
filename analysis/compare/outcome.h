/* What became of a packet between two capture points, and by what that is
 * known.
 *
 * That a lane has no record of a packet has two readings: it did not pass
 * there, or its recorder missed it. So `certain` rests on a second observation:
 * on what the other end acknowledged, on copies, on what the sender did
 * later. The rules stand in outcome_lost.c and outcome_entered.c. */
#ifndef ANALYSIS_COMPARE_OUTCOME_H
#define ANALYSIS_COMPARE_OUTCOME_H

#include "analysis/compare/row.h"
#include "analysis/verdict/vocabulary.h"

enum outcome_kind {
	OUTCOME_ARRIVED,      /* every lane of the way has it */
	OUTCOME_LOST,	      /* between two lanes */
	OUTCOME_NEVER_SENT,   /* it arrived, and its sender did not send it */
	OUTCOME_NOT_RECORDED, /* it passed, and a recorder missed it */
	OUTCOME_DUPLICATED,   /* one more copy arrived than was sent */
	OUTCOME_DELAYED,
	OUTCOME_NOT_JUDGED, /* the other lane did not record at that time, or
			       nothing tells whether it did */
	OUTCOME_COUNT,
};
const char *outcome_word(enum outcome_kind kind);

/* By what it is known. */
enum outcome_reason {
	REASON_NONE,
	/* lost */
	REASON_COPY_ARRIVED,   /* a copy did, and nothing had been
				  acknowledged before */
	REASON_HOLE_ANSWERED,  /* the receiver goes on asking for it */
	REASON_COPIES_ABSENT,  /* all copies are, and none is acknowledged */
	REASON_ABSENT,	       /* one packet that is not there */
	REASON_COPY_WAS_THERE, /* an earlier copy had arrived */
	REASON_SYN_ABSENT,     /* no SYN of the connection is there */
	/* never sent */
	REASON_SENDER_WENT_ON, /* after it, as if nothing had been */
	REASON_OTHER_TTL,      /* than all packets of that host */
	REASON_BOTH_ENDS,      /* each end was sent a reset in the other's
				  name */
	REASON_OTHER_DATA,     /* the sender has something else there */
	REASON_NUMBERS_BEHIND, /* the sender's numbers never came so far */
	/* not recorded */
	REASON_ACKNOWLEDGED,  /* so it arrived */
	REASON_FURTHER_ON,    /* lanes before and behind have it */
	REASON_NUMBERS_AHEAD, /* the sender's numbers went on behind it */
	REASON_ACK_ONLY,      /* nothing tells of an acknowledgment */
	/* not judged */
	REASON_LIMIT, /* more are absent than are looked into */
	/* delayed */
	REASON_OTHER_WAY_PROMPT, /* packets of the other direction were not
				    meanwhile, so that no clock was set */
	REASON_CLOCK_OR_DELAY,	 /* nothing tells whether a clock was set */
	REASON_COUNT,
};
const char *reason_word(enum outcome_reason reason);

struct outcome {
	enum outcome_kind kind;
	enum grade grade;
	enum outcome_reason reason;
	bool is_to_server;
	uint8_t after, before; /* lanes, from the client to the server */
	uint16_t flags;	       /* of TCP */
	uint8_t ttl;	       /* where it was recorded first */
	uint8_t usual_ttl;     /* of its host there; 0: not known */
	uint32_t payload_bytes, group;
	uint32_t copies;	 /* of it that had the same fate; 1: none */
	uint64_t frame;	      /* where it was recorded last, or first if it was
				 never sent */
	uint64_t frame_there; /* of a packet that arrived: at the other lane; of
				 one that was lost behind a later lane than its
				 first: at that */
	uint64_t proof;	      /* the frame that tells; 0: none */
	int64_t time_ns;      /* of `frame` */
};
/* `proof` is the second observation; NULL: there is none. */
void outcome_set(struct outcome *outcome, enum outcome_kind kind,
	enum grade grade, enum outcome_reason reason,
	const struct seen_packet *proof);

/* When the first and the last packets passed, of either direction, that a lane
 * and a neighbour of it both have, by the lane's clock. */
struct common_times {
	bool is_known;		   /* they were looked for */
	int64_t first_ns, last_ns; /* MAX and MIN: there are none */
};

/* All packets of a connection. */
struct judging {
	const struct conn_set *set;
	const struct path_conn *group;
	const struct row_set *rows; /* of the direction */
	const struct row_set *back; /* of the other */
	unsigned looked;	    /* packets that were looked into */
	uint64_t *steps_left; /* for more than JUDGED_MOST, of all connections;
				 NULL: none */
	/* the shortest time under way behind each lane, and when that was;
	 * INT64_MAX: not known */
	int64_t least_ns[LANES_MOST], least_at_ns[LANES_MOST];
	/* of each lane with the one before it, [0], and the next one, [1] */
	struct common_times common[LANES_MOST][2];
	uint64_t steps; /* rows that were gone through for those */
	/* of each row, late.h; NULL: none is late. Owned */
	uint8_t *late[LANES_MOST];
	/* by how much a clock seems to have been set; 0: it was not */
	int64_t step_ns[LANES_MOST];
	/* lanes whose recorder took packets of the other direction only */
	bool is_one_way[LANES_MOST];
};

/* Under way that much longer than the quickest is delayed. Clocks whose skew is
 * not known are taken to run apart by as much as bad ones do. */
enum { DELAYED_NS = 200000000, UNKNOWN_SKEW_PPM = 200 };

/* Of one direction, each in linear time; more as long as steps are left. */
enum { JUDGED_MOST = 128 };

/* May another packet that a lane lacks be looked into? Those that the lane did
 * not record for want of time are none, and use up nothing. */
bool judging_may_look(struct judging *judging);

/* A packet whose last lane on its way is `last`. Only kind, grade, reason and
 * proof are set. */
void outcome_of_lost(struct judging *judging, const struct packet_row *row,
	unsigned last, struct outcome *outcome);
/* A packet whose first lane on its way is `first`. */
void outcome_of_entered(struct judging *judging, const struct packet_row *row,
	unsigned first, struct outcome *outcome);

/* The SYN of a group that the next lane is expected to have (unanswered.h). */
void outcome_of_unanswered(const struct judging *judging,
	const struct packet_row *row, unsigned last, struct outcome *outcome);

/* Fills in the shortest times, and who is late. */
void judging_begin(struct judging *judging);
void judging_end(struct judging *judging);

/* How long a packet was under way behind a lane; false: not known. */
bool judging_delay(const struct judging *judging, const struct packet_row *row,
	unsigned lane, int64_t *delay_ns);

/* Was it so much longer than the quickest, by the clocks as they are? */
bool judging_seems_late(const struct judging *judging,
	const struct packet_row *row, unsigned lane);

/* Was it late? Sets the grade; false: it was not, or a clock was set. */
bool judging_is_delayed(const struct judging *judging,
	const struct packet_row *row, unsigned lane, enum grade *grade);

/* Did the lane record at the time of a packet at the place before it or behind
 * it? */
bool judging_covers(struct judging *judging, unsigned there,
	const struct seen_packet *packet, unsigned lane);

#endif
