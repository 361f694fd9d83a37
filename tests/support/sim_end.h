/* One end of a simulated TCP connection: an operating system's TCP and the
 * program above it, as far as packets show them. It counts in 64 bits from its
 * own SYN (offset 0), so that it needs none of the product's arithmetic of
 * sequence numbers, and what it did can be held against what the analysis
 * derived. Reads no clock and sends nothing itself: it is handed segments and
 * times, and fills a queue. */
#ifndef TESTS_SUPPORT_SIM_END_H
#define TESTS_SUPPORT_SIM_END_H

#include <stdbool.h>
#include <stdint.h>

#include "capture/packet.h"
#include "tests/support/sim_random.h"

struct sim_segment {
	uint64_t sequence;     /* offset of its first byte, or of its SYN */
	uint64_t acknowledged; /* offset in the other's stream; with TCP_ACK */
	uint32_t bytes;	       /* payload */
	uint32_t window;       /* bytes */
	uint16_t flags;	       /* enum tcp_flag */
	uint16_t ip_id;
	uint8_t ttl;
	bool is_df;
	bool has_timestamp;
	bool is_forged; /* a device sent it in the end's name */
	uint32_t timestamp_value, timestamp_echo;
};

enum sim_state {
	SIM_CLOSED, /* no socket: segments are answered with a reset */
	SIM_LISTEN,
	SIM_SYN_SENT,
	SIM_SYN_RECEIVED,
	SIM_OPEN, /* until both FINs are acknowledged */
	SIM_TIME_WAIT,
	SIM_GONE, /* power was cut: nothing is answered */
};

enum sim_id { SIM_ID_COUNTER, SIM_ID_ZERO, SIM_ID_RANDOM, SIM_ID_SHARED };

enum { SIM_AHEAD = 8, SIM_QUEUE = 64 };

struct sim_range {
	uint64_t start, end; /* [start, end); empty: unused */
};

/* NOLINTNEXTLINE(clang-analyzer-optin.performance.Padding): by meaning */
struct sim_end {
	/* what it is */
	struct sim_random *random;
	uint8_t ttl; /* that it sends with */
	enum sim_id id_kind;
	uint16_t ip_id;
	uint32_t mss;	 /* payload at most */
	uint32_t buffer; /* bytes that it takes before its program reads */
	uint8_t window_scale;
	bool has_timestamps;
	uint32_t clock; /* its time stamps' value at time 0 */
	bool is_quick;	/* acknowledges every segment at once */
	unsigned super; /* segments of one packet, before the card cuts it */
	int64_t rto_ns; /* first one */
	unsigned most_tries;

	/* what it has come to */
	enum sim_state state;
	uint64_t unacknowledged, next, written, highest;
	bool is_closed;	 /* its program closed: a FIN follows what is written */
	bool is_passive; /* ... after the other had */
	uint64_t peer_next; /* received in order */
	uint64_t peer_fin;  /* offset; UINT64_MAX: not received */
	struct sim_range ahead[SIM_AHEAD];
	uint32_t peer_window, window_ends;
	uint32_t echo;
	unsigned tries, duplicate_acks, unacknowledged_segments, probes;
	int64_t resend_ns, acknowledge_ns, probe_ns; /* INT64_MAX: not set */
	bool is_reading;
	uint64_t read; /* what the program has taken */
	bool has_given_up;

	struct sim_segment queue[SIM_QUEUE];
	unsigned queued;
};

void sim_end_begin(struct sim_end *end, struct sim_random *random);
/* The program's calls. */
void sim_end_connect(struct sim_end *end, int64_t now_ns);
void sim_end_write(struct sim_end *end, uint64_t bytes, int64_t now_ns);
void sim_end_close(struct sim_end *end, int64_t now_ns);
/* Ends at once, with a reset. */
void sim_end_abort(struct sim_end *end, int64_t now_ns);
/* Its power is cut. */
void sim_end_vanish(struct sim_end *end);
void sim_end_read(struct sim_end *end, bool is_reading, int64_t now_ns);

void sim_end_take(
	struct sim_end *end, const struct sim_segment *segment, int64_t now_ns);
/* The earliest time at which it wants sim_end_wake; INT64_MAX: none. */
int64_t sim_end_alarm(const struct sim_end *end);
void sim_end_wake(struct sim_end *end, int64_t now_ns);

#endif
