/* From a closed connection to incidents. */
#ifndef ANALYSIS_VERDICT_JUDGE_H
#define ANALYSIS_VERDICT_JUDGE_H

#include "analysis/verdict/fact.h"
#include "analysis/verdict/signature.h"
#include "analysis/observe/closed_conn.h"
#include "analysis/verdict/verdict_context.h"

enum {
	TTL_NEAR = 4, /* distances that route changes explain: up to 4 was
			 seen within one address */
	STEADY_PACKETS = 3,
	LARGE_BYTES = 600, /* of an IP packet: every path passes 576 */
};

/* The ways in which one record may hold an incident: a group of resets that
 * came from one place (named by its first), or one of the endings below. */
enum {
	CLUSTER_SILENCE = EVIDENCE_RESETS, /* no answer, ICMP errors */
	CLUSTER_SSH,	/* ended by FIN, or delayed, for a reason of SSH's */
	CLUSTER_FORGED, /* data or FIN in an endpoint's name */
	CLUSTER_MTU,	/* large packets vanished; it may have recovered */
	JUDGE_CLUSTERS,
};
static_assert(JUDGE_CLUSTERS <= UINT8_MAX, "case_reference.cluster holds them");

/* Which clusters of the record are incidents; `outcome` is how the flow ended:
 * the mechanism of the first, ORDERLY, or UNKNOWN for one still open. Returns
 * their number. */
unsigned judge_clusters(const struct verdict_context *context,
	const struct closed_conn *conn, unsigned clusters[JUDGE_CLUSTERS],
	enum mechanism *outcome);

/* The facts of a cluster, and the row that applies; NULL: no incident. */
const struct signature *judge_cluster(const struct verdict_context *context,
	const struct closed_conn *conn, unsigned cluster, struct facts *facts);

/* The side that a cluster is about: the one that a reset names, or the one
 * whose packets go unanswered. */
unsigned judge_claimed_side(const struct verdict_context *context,
	const struct closed_conn *conn, unsigned cluster);

/* Whether a reset that may be the endpoint's own hurt nobody. */
bool judge_is_harmless(const struct closed_conn *conn, unsigned cluster,
	const struct facts *facts);

/* The incident that one cluster of a connection is. */
void judge(const struct verdict_context *context,
	const struct closed_conn *conn, unsigned cluster,
	struct incident *incident);

/* The frame by which incidents are ordered. */
uint64_t judge_frame(const struct verdict_context *context,
	const struct closed_conn *conn, unsigned cluster);

void judge_name(const struct closed_conn *conn, struct flow_name *name);

/* What a record that was kept teaches about its path. */
void judge_learn(struct learned *learned, const struct closed_conn *conn);

/* The facts of one cluster. */
void facts_of_reset(const struct verdict_context *context,
	const struct closed_conn *conn, unsigned cluster, struct facts *facts);
/* ... of which these are parts. */
void facts_of_shape(const struct closed_conn *conn, const struct reset *reset,
	struct facts *facts);
void facts_of_distance(const struct verdict_context *context,
	const struct closed_conn *conn, const struct reset *reset,
	struct facts *facts);
void facts_of_refusal(const struct closed_conn *conn, const struct reset *reset,
	struct facts *facts);
void facts_of_silence(const struct verdict_context *context,
	const struct closed_conn *conn, struct facts *facts);
/* Whether a timer separates the silences that connections of this path
 * survived from those that they died of. */
void facts_of_idle_timer(const struct verdict_context *context,
	const struct closed_conn *conn, struct facts *facts);
void facts_of_ssh(const struct closed_conn *conn, struct facts *facts);
/* Of the side that mtu_side names. */
void facts_of_mtu(const struct verdict_context *context,
	const struct closed_conn *conn, struct facts *facts);
/* ... of which this is a part. */
void facts_of_too_big(
	const struct closed_conn *conn, unsigned side, struct facts *facts);

/* What shows that large packets of this side vanish; the last says most, as
 * the rows of the table have it. The record needs a evidence record. */
enum mtu_trouble {
	MTU_NO_TROUBLE,
	MTU_MISSING,
	MTU_HEALED,
	MTU_REPAIRED,
	MTU_IGNORED,
};
enum mtu_trouble mtu_trouble_of(const struct verdict_context *context,
	const struct closed_conn *conn, unsigned side);
/* The side of which most shows it. */
unsigned mtu_side(
	const struct verdict_context *context, const struct closed_conn *conn);

/* The form of an answer without a connection. */
bool reset_is_stateless(const struct packet_note *note);

/* Whether an acknowledgment in `side`'s name covers a packet that a router
 * reported as expired; `frame` is that report. */
bool acks_undelivered(const struct closed_conn *conn, unsigned side,
	uint32_t acknowledged, uint32_t *frame);

/* Resets of one side and one distance are one group; is `index` the first of
 * its group? */
bool reset_leads(const struct evidence *evidence, unsigned index);

/* The ICMP error that tells most: the last that is no "too big"; NULL. */
const struct error_note *deciding_error(const struct closed_conn *conn);

/* Nothing came from the server but its SYN-ACK. */
bool server_never_spoke(const struct flow *flow);

/* The side whose packets went unanswered; 2: neither. */
unsigned unanswered_side(const struct closed_conn *conn);

#endif
