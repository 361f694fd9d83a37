/* The clear text of SSH before encryption (RFC 4253): identification strings,
 * lines before them, the two KEXINITs. Takes the payload of one connection in
 * order; keeps the few fields that verdicts need. */
#ifndef ANALYSIS_OBSERVE_SSH_H
#define ANALYSIS_OBSERVE_SSH_H

#include <assert.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analysis/observe/packet_summary.h"

enum { SSH_CLIENT, SSH_SERVER };

/* The algorithm classes of KEXINIT in the order of RFC 4253, 7.1. */
enum ssh_algorithm {
	SSH_KEX,
	SSH_HOST_KEY,
	SSH_CIPHER_TO_SERVER,
	SSH_CIPHER_TO_CLIENT,
	SSH_MAC_TO_SERVER,
	SSH_MAC_TO_CLIENT,
	SSH_COMPRESSION_TO_SERVER,
	SSH_COMPRESSION_TO_CLIENT,
	SSH_ALGORITHM_COUNT,
};
/* "key exchange", "host key", "cipher", ... */
const char *ssh_algorithm_name(enum ssh_algorithm algorithm);

enum ssh_refusal {
	SSH_NOT_REFUSED,
	SSH_EXCEEDED_MAX_STARTUPS, /* "Exceeded MaxStartups" (8.2 to 9.7) */
	SSH_NOT_ALLOWED, /* "Not allowed at this time" (9.8 on: MaxStartups or
			    penalties) */
	SSH_INVALID_IDENTIFICATION, /* "Invalid SSH identification string." */
	SSH_PROTOCOL_MISMATCH,	    /* "Protocol mismatch." (before 7.9), or its
				       versions differ */
};

static_assert(SSH_ALGORITHM_COUNT <= 8, "a bit of a byte for each class");
static_assert(SSH_PROTOCOL_MISMATCH <= UINT8_MAX, "a byte holds it");

struct ssh_stream; /* one direction's reassembly, until NEWKEYS */

/* The DSCP of a side's data: the last one, and that before it changed for the
 * first time (sessions have another one than logins, IPQoS). */
struct ssh_mark {
	bool is_known, has_changed;
	uint8_t dscp, before;
	uint32_t from; /* sequence number of the first data with another one */
	uint32_t frame;
};

/* The server's newest run of packets at one interval, of one size, with no data
 * from the client in between: keepalive requests (ClientAliveInterval). What
 * is still observed when all is encrypted. */
struct ssh_alive {
	int64_t time_ns, interval_ns;
	uint32_t frame;
	uint32_t end; /* sequence number behind the newest */
	uint16_t count;
	uint16_t bytes;
	bool has_keys; /* the server's NEWKEYS was seen */
	uint8_t answers; /* times that the server spoke after the client, since
			    then; saturates */
	bool has_spoken_unasked; /* the server, a while after its answer: it
				    runs a command */
	struct ssh_mark mark[2];
};

struct ssh_talk {
	/* owned; NULL before the first byte, and once it has ended */
	struct ssh_stream *stream[2];
	struct packet_summary banner[2];
	/* Packets of that side missing just before its banner, by IP ID; 0:
	 * none, or not known. */
	uint8_t banner_skipped[2];
	uint32_t kexinit_frame[2];
	uint32_t newkeys_frame[2];
	uint32_t refusal_frame;
	bool has_banner[2], has_kexinit[2], has_newkeys[2];
	bool has_ended[2]; /* nothing more of that side is read */
	bool is_broken[2]; /* bytes are missing or can't be followed: nothing
			      later is known */
	bool has_asked; /* the client began a key exchange: the server has to
			   reply */
	bool has_compared; /* both KEXINITs were compared */
	uint8_t missing;   /* bit per enum ssh_algorithm without a common one */
	uint8_t refusal;   /* enum ssh_refusal */
	/* SSH_MSG_DISCONNECT before encryption (RFC 4253, 11.1) */
	bool has_disconnect;
	uint8_t disconnect_who;
	uint32_t disconnect_reason;
	struct packet_summary disconnect;
	char disconnect_text[64];     /* as sent, cut */
	uint32_t newkeys_sequence[2]; /* of the packet that holds it */
	struct ssh_alive alive;
	uint64_t moved_bytes; /* inside the streams: work that was done */
	char text[2][80];     /* first line of each side, as sent, cut */
};

/* The most by which one packet makes it grow, from nothing too. */
extern const size_t SSH_TALK_GROWTH;

/* NULL without memory. */
struct ssh_talk *ssh_talk_new(void);
/* What it takes of memory, 0 for NULL. */
size_t ssh_talk_bytes(const struct ssh_talk *talk);
/* Nothing more will be fed. */
void ssh_talk_end(struct ssh_talk *talk);
void ssh_talk_free(struct ssh_talk *talk);

/* Takes one packet's payload. `who` is SSH_CLIENT or SSH_SERVER. */
void ssh_talk_feed(
	struct ssh_talk *talk, unsigned who, const struct packet *packet);

/* A banner at the start of a payload: "SSH-". */
bool ssh_is_banner(const struct packet *packet);
/* A payload too short to tell, which agrees with one. */
bool ssh_may_be_banner(const struct packet *packet);

#endif
