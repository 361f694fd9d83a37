/* The path as a probe's packets show it: sent packets joined with their
 * responses and the ICMP errors that quote them. Takes the packets of a
 * running probe or of its recording in the same order, with the same result. */
#ifndef ANALYSIS_PATH_PATH_H
#define ANALYSIS_PATH_PATH_H

#include "analysis/path/path_question.h"
#include "capture/failure.h"
#include "capture/packet.h"
#include "probe/protocol/client_settings.h"
#include "probe/protocol/section_comment.h"

struct path;

/* NULL without memory. The comment's version is one that is known. */
struct path *path_new(
	const struct section_comment *comment, struct failure *failure);
void path_free(struct path *path);
void path_packet(struct path *path, const struct packet *packet);
/* Brings the hops up to date, for a look while packets still come. */
void path_look(struct path *path);
/* The run was interrupted: only these experiments, a set, came to their end.
 * Where nothing is said, all did. */
void path_end(struct path *path, uint32_t ended);
/* What the client is set to do; not called: nothing is known of it. */
void path_set_client(struct path *path, const struct client_settings *settings);
const struct client_settings *path_client(const struct path *path);
/* Judges: once, after the last packet. */
void path_finish(struct path *path);

const struct section_comment *path_comment(const struct path *path);
unsigned path_hop_count(const struct path *path);
const struct path_hop *path_hop(const struct path *path, unsigned index);
/* Names a hop for reports; what does not fit is cut. After path_finish. */
void path_name_hop(struct path *path, unsigned index, const char *name);
unsigned path_finding_count(const struct path *path);
const struct finding *path_finding(const struct path *path, unsigned index);

/* Questions that are excluded, with evidence, and those that are not
 * determined, with the reason; all others were found. */
unsigned path_excluded_count(const struct path *path);
const struct path_statement *path_excluded(
	const struct path *path, unsigned index);
unsigned path_open_count(const struct path *path);
const struct path_statement *path_open(const struct path *path, unsigned index);
/* Whether an experiment was interrupted. */
bool path_is_interrupted(const struct path *path);
/* So many packets are not in the recording, since this host's capture had no
 * room for them: before path_finish. Missing answers may be among them. */
void path_set_capture_lost(struct path *path, uint64_t lost);

/* Round trips of small packets, if `loss` was among the experiments. */
struct path_delays {
	unsigned count; /* 0: too few */
	int64_t least_ns, median_ns, most_ns;
	int64_t jitter_ns; /* RFC 3550, 6.4.1, of whole round trips */
	bool is_jitter_large;
};

/* What the phases of an SSH connection took, -1 where that is not known: the
 * handshake, the server's identification since, its KEXINIT since that,
 * its reply to the key exchange, its FIN. */
struct path_ssh_times {
	int64_t handshake_ns, banner_ns, kexinit_ns, reply_ns, close_ns;
	unsigned identified;	 /* connections that got an identification */
	char software[80];	 /* that identification; "" */
};

/* What the phases of a TLS connection took, -1 where that is not known: the
 * handshake of TCP, the ServerHello since the ClientHello, the certificate
 * since that, the server's FIN; and what the server chose. */
struct path_tls_times {
	int64_t handshake_ns, hello_ns, certificate_ns, close_ns;
	struct tls_figures answer;
};

/* Plain SYNs to the port, of all connections. Frames are 0 where there is
 * none. */
struct path_syn_tally {
	unsigned sent;
	unsigned refused; /* by a reset or an ICMP error */
	unsigned reset;	  /* of those, by a reset */
	unsigned silent;  /* that nothing answered */
	bool is_silence_loss; /* the measured loss explains as many */
	uint64_t refused_frame; /* of the first refusal */
	uint64_t silent_frame;	/* of the first unanswered one */
};

/* By what servers that answer at one port are told apart. */
enum backend_sign {
	BACKEND_INITIAL_TTL,
	BACKEND_WINDOW_SCALE,
	BACKEND_IDENTIFICATION,
};

/* Servers that answer at the port, at the least. */
struct path_backends {
	unsigned count; /* 0: none is known */
	enum backend_sign sign;
	uint64_t frame, other_frame; /* SYN-ACKs of two of them */
};

struct path_totals {
	unsigned sent, heard;
	unsigned out_of_window_icmp; /* errors that quote what was not sent */
	unsigned distance; /* hops to the target; 0: not known */
	int64_t first_ns, last_ns;
	int64_t rtt_ns; /* to the target, least; INT64_MAX: not known */
	uint16_t own_mss, peer_mss; /* of the handshake; 0: not known */
	struct path_delays delays;
	int64_t idle_survived_ns; /* the longest below the fatal ones; 0: not
				     tested */
	struct path_backends backends;
	struct path_ssh_times ssh; /* if that was tested */
	struct path_tls_times tls; /* likewise */
	uint64_t opened_frame;	  /* of the SYN-ACK; 0: none */
	struct path_syn_tally syns;
	bool is_ssh;		  /* the target sent an identification */
	bool has_target_answered; /* or somebody in its name */
	bool is_target_missed;	  /* a router has no way to it, or it is down */
	bool is_cut;		  /* more packets than are kept */
	/* that the capture of the host of the probe had no room for */
	uint64_t capture_lost;
};
/* Whether the target's port spoke SSH, or is SSH's. After path_finish. */
bool path_is_ssh(const struct path *path);
/* Whether the experiment ran, and sent what it is for. */
bool path_has_run(const struct path *path, enum probe_experiment experiment);
void path_totals(const struct path *path, struct path_totals *totals);

#endif
