/* SSH connections of a probe: what the prober says on them, and how the
 * analysis recognises that in the recording. Each connection's identification
 * string (RFC 4253, 4.2) names its purpose; the client's KEXINIT holds the
 * algorithms that the server is compared with. */
#ifndef PROBE_PROTOCOL_SSH_RULES_H
#define PROBE_PROTOCOL_SSH_RULES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	/* Segments of this size pass every path, in both directions. */
	SSH_SMALL_MSS = 512,
	/* Unauthenticated connections at once, the run's own among them: sshd
	 * refuses some of more than ten (sshd_config(5), MaxStartups). */
	SSH_USUAL_AT_ONCE = 8,
	/* So many accepted ones show that the server does not: as many as are
	 * left of SSH_RUN_CONNECTIONS where others have closed theirs. */
	SSH_MANY_AT_ONCE = 6,
	SSH_LEAST_AT_ONCE = 2,
	SSH_DROPBEAR_AT_ONCE = 5, /* of one address */
	SSH_MOST_AT_ONCE = 13,
	/* In all experiments of a run, one after another: OpenSSH penalises
	 * each that leaves without a login by a second, and refuses an address
	 * beyond fifteen (sshd_config(5), PerSourcePenalties). */
	SSH_RUN_CONNECTIONS = 10,
	/* before those: one in small segments, one in large ones */
	SSH_TALKS = 2,
	/* For the server's identification: two name servers, asked twice, five
	 * seconds each (resolv.conf(5)), and two more. */
	SSH_BANNER_WAIT_S = 22,
	/* For its algorithms, and for its response to the key exchange. */
	SSH_MESSAGE_WAIT_S = 6,
	/* A server whose banner takes longer is asked on no more connections
	 * at once. */
	SSH_SLOW_MS = 1500,
	/* sshd's own LoginGraceTime is 120 s. */
	SSH_GRACE_WAIT_S = 135,
	/* with each DSCP, and without one */
	SSH_MARKED_TIMES = 4,
};

enum ssh_purpose {
	SSH_PHASES,   /* small segments: the time of each phase */
	SSH_LARGE,    /* the largest segments, in both directions */
	SSH_STARTUPS, /* one of several at once */
	SSH_PURPOSE_COUNT,
};

/* "SSH-2.0-culprit_phases\r\n" */
const char *ssh_rules_identification(enum ssh_purpose purpose);
/* The purpose of a connection on which these are the client's first bytes;
 * false where it has none, or they are too few. */
bool ssh_rules_purpose(
	const uint8_t *bytes, uint32_t count, enum ssh_purpose *purpose);

/* Type-of-service bytes that OpenSSH's clients set when a session begins, in
 * mid-connection (ssh_config(5), IPQoS, of different versions). */
enum { SSH_MARKS = 5 };
extern const uint8_t ssh_marks[SSH_MARKS];

/* From that version on OpenSSH says why it refuses. [source: sshd.c] */
enum { SSH_SAYS_MAX_STARTUPS = 802 };
/* 100 times major plus minor, of the software in an identification; 0: it is no
 * OpenSSH. */
unsigned ssh_rules_openssh_version(const char *software);

/* The algorithms of a client, a name-list (RFC 4251, 5) of each class. */
enum ssh_class {
	SSH_CLASS_KEX,
	SSH_CLASS_HOST_KEY,
	SSH_CLASS_CIPHER,
	SSH_CLASS_MAC,
	SSH_CLASS_COUNT,
};
enum { SSH_PROFILE_BYTES = 1024 };
struct ssh_profile {
	char list[SSH_CLASS_COUNT][SSH_PROFILE_BYTES];
};

/* What the user asked for. */
struct ssh_options {
	unsigned at_once;
	bool is_grace_awaited;
	struct ssh_profile profile;
};

#endif
