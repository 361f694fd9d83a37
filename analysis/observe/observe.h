/* Declarations that the observers share: each changes one part of a flow.
 * `index` is the side that sent the packet. */
#ifndef ANALYSIS_OBSERVE_OBSERVE_H
#define ANALYSIS_OBSERVE_OBSERVE_H

#include "analysis/flow/flow_table.h"
#include "analysis/learned/answered_syns.h"
#include "analysis/learned/listeners.h"
#include "analysis/learned/refusals.h"
#include "analysis/learned/triggers.h"
#include "analysis/observe/evidence_pool.h"

/* The tables and counters of the observers. */
struct observer {
	struct flow_table flows;
	struct evidence_pool evidence_pool;
	struct listeners *listeners;
	struct listeners *accepted_plain, *accepted_ecn;
	struct refusals *refusals;
	struct answered_syns *answered_syns;
	struct triggers *triggers;
	const struct thresholds *thresholds;
	uint8_t capture_point; /* of the newest packet */
	uint64_t duplicates;   /* the same packet recorded twice */
	uint64_t lost_packets; /* acknowledged but never recorded: at least */
	uint64_t evicted_incidents;  /* connections followed without evidence */
	uint64_t icmp_flows;	     /* connections that only errors tell of */
	uint64_t out_of_window_icmp; /* errors that quote what was not in
					flight */
};

static inline void count16(uint16_t *counter)
{
	if (*counter < UINT16_MAX)
		(*counter)++;
}

/* What the packet changes: a TCP packet of side `index` of the flow, and an
 * ICMP error, whose flow is found by what it quotes. */
void observe_tcp(struct observer *observer, struct flow *flow, unsigned index,
	const struct packet *packet);
void observe_icmp(struct observer *observer, const struct packet *packet);
/* Errors that came before all packets of their connection are held against the
 * first of these, of side `side`: what quotes other numbers is out of window.
 */
void observe_icmp_check(struct observer *observer, struct evidence *evidence,
	unsigned side, const struct packet *first);
/* The name of the connection that an ICMP error is about; false: it is about
 * none. */
bool observe_icmp_names(const struct observer *observer,
	const struct packet *packet, struct flow_key *key);

/* The evidence record of a flow, opened if need be; NULL when none is to be
 * had. */
struct evidence *observe_evidence(struct observer *observer, struct flow *flow);
/* The same for what is kept beside the record: it is not looked at, and need
 * not see the next packets. */
bool observe_has_evidence(struct observer *observer, struct flow *flow);

/* Of the newest packet. */
void observe_note(const struct observer *observer, struct packet_note *note,
	const struct packet *packet, unsigned side);

/* observe_copies.c: whether the packet, no reset, was recorded a moment ago */
bool observe_is_copy(const struct observer *observer, struct flow *flow,
	const struct side *side, const struct packet *packet);

/* observe_open.c: how a connection begins */
void observe_first(
	struct flow *flow, unsigned index, const struct packet *packet);
void observe_syn(struct observer *observer, struct flow *flow, unsigned index,
	const struct packet *packet);

/* observe_other.c: what has the same ports and is of another connection. False:
 * the packet is this one's. */
bool observe_other(struct observer *observer, struct flow *flow, unsigned index,
	const struct packet *packet);
/* The connection before was open; it would go on with these numbers. */
void observe_before(
	struct observer *observer, struct flow *flow, const uint32_t next[2]);

/* observe_sequence.c: a packet that is not the next of its side */
void observe_sequence(struct observer *observer, struct flow *flow,
	unsigned index, const struct packet *packet);

/* Does this SYN or SYN-ACK answer a SYN that is not the other side's? */
bool observe_is_of_another_syn(
	const struct flow *flow, unsigned index, const struct packet *packet);

/* observe_gap.c: idle times */
void observe_gap(
	struct flow *flow, unsigned index, const struct packet *packet);
void observe_gap_answer(
	struct flow *flow, unsigned index, const struct packet *packet);

/* observe_loss.c: loss and retransmissions */
void observe_retransmission(struct observer *observer, struct flow *flow,
	unsigned index, const struct packet *packet, bool is_probe);
void observe_seq_gap(struct observer *observer, struct flow *flow,
	unsigned index, const struct packet *packet);
void observe_above_seq_gap(
	struct evidence *evidence, unsigned index, const struct packet *packet);
void observe_sack(
	struct evidence *evidence, unsigned index, const struct packet *packet);
void observe_answer(struct flow *flow, struct evidence *evidence,
	unsigned index, const struct packet *packet);
void observe_too_big(const struct observer *observer, struct flow *flow,
	struct evidence *evidence, unsigned index, const struct packet *packet);

/* observe_ssh_alive.c: what is observed of SSH when it is encrypted */
struct ssh_data {
	int64_t time_ns;
	uint64_t frame;
	uint32_t sequence, bytes;
	uint8_t dscp;
	bool is_new; /* and not sent again */
};
/* Data of one side, SSH_CLIENT or SSH_SERVER. */
void observe_ssh_alive(const struct thresholds *limits, struct ssh_alive *alive,
	unsigned who, const struct ssh_data *data);

/* observe_ssh.c: SSH before encryption */
void observe_ssh(struct observer *observer, struct flow *flow, unsigned index,
	const struct packet *packet);

/* observe_app_message.c: what is said in clear, and what waits for an answer.
 * The first is called for the first data of a side, and for all of it in clear
 * HTTP; the last for a FIN or reset, before it is known as the side's last. */
void observe_app_message(struct observer *observer, struct flow *flow,
	unsigned index, const struct packet *packet);
/* A short reply of a server that may be its last. */
void observe_reply(struct observer *observer, struct flow *flow, unsigned index,
	const struct packet *packet);
/* The first FIN of a side: does it close since it no longer hears the other? */
void observe_overdue(struct observer *observer, struct flow *flow,
	unsigned index, const struct packet *packet);
/* What a side sends behind the other's FIN: the end of its TLS session? */
void observe_last_record(
	struct flow *flow, unsigned index, const struct packet *packet);
void observe_alert(struct observer *observer, struct flow *flow, unsigned index,
	const struct packet *packet);
void observe_end(struct observer *observer, struct flow *flow, unsigned index,
	const struct packet *packet);

/* observe_odd.c: what contradicts its own side */
/* Of a payload's beginning, never 0; 0: there is too little of it. */
uint16_t observe_digest(const struct packet *packet);
void observe_again(struct observer *observer, struct flow *flow, unsigned index,
	const struct packet *packet);
void observe_untimed(struct observer *observer, struct flow *flow,
	unsigned index, const struct packet *packet);
void observe_misread(struct observer *observer, struct flow *flow,
	unsigned index, const struct packet *packet);

/* observe_reset.c: resets, and what follows them */
void observe_reset(struct observer *observer, struct flow *flow, unsigned side,
	const struct packet *packet);
void observe_after(const struct observer *observer, struct evidence *evidence,
	unsigned side, const struct packet *packet);
bool observe_twin_reset(struct observer *observer, const struct flow *flow,
	unsigned index, const struct packet *packet);

#endif
