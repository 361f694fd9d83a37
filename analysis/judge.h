/* From a closed connection to incidents. */
#ifndef ANALYSIS_JUDGE_H
#define ANALYSIS_JUDGE_H

#include "analysis/fact.h"
#include "analysis/signature.h"
#include "analysis/state.h"

enum {
	TTL_NEAR = 4, /* distances that route changes explain: up to 4 was
			 seen within one address */
	STEADY_PACKETS = 3,
};

/* The ways in which one record may hold an incident: a group of resets that
 * came from one place (named by its first), or one of the endings below. */
enum {
	CLUSTER_SILENCE = DOSSIER_RESETS, /* no answer, ICMP errors */
	CLUSTER_SSH,	 /* ended by FIN, or delayed, for a reason of SSH's */
	CLUSTER_FORGED,	 /* data or FIN in an endpoint's name */
	CLUSTER_MTU,	 /* large packets vanished; it may have recovered */
	JUDGE_CLUSTERS,
};

/* Which clusters of the record are incidents; `outcome` is how the flow ended:
 * the mechanism of the first, ORDERLY, or UNKNOWN for one still open. Returns
 * their number. */
unsigned judge_clusters(const struct analysis *analysis,
	const struct record *record, unsigned clusters[JUDGE_CLUSTERS],
	enum mechanism *outcome);

/* The facts of a cluster, and the row that applies; NULL: no incident. */
const struct signature *judge_cluster(const struct analysis *analysis,
	const struct record *record, unsigned cluster, struct facts *facts);

/* The side that a cluster is about: the one that a reset names, or the one
 * whose packets go unanswered. */
unsigned judge_subject(const struct record *record, unsigned cluster);

/* Whether a reset that may be the endpoint's own hurt nobody. */
bool judge_is_harmless(const struct record *record, unsigned cluster,
	const struct facts *facts);

void judge(const struct analysis *analysis,
	const struct case_reference *reference, struct incident *incident);

/* The frame by which incidents are ordered. */
uint64_t judge_frame(const struct analysis *analysis,
	const struct case_reference *reference);

void judge_name(const struct record *record, struct flow_name *name);

/* What a record that was kept teaches about its path. */
void judge_learn(struct analysis *analysis, const struct record *record);

/* The facts of one cluster. */
void facts_of_reset(const struct analysis *analysis,
	const struct record *record, unsigned cluster, struct facts *facts);
/* ... of which these are parts. */
void facts_of_distance(const struct analysis *analysis,
	const struct record *record, const struct reset *reset,
	struct facts *facts);
void facts_of_refusal(const struct record *record,
	const struct reset *reset, struct facts *facts);
void facts_of_silence(const struct analysis *analysis,
	const struct record *record, struct facts *facts);
/* Whether a timer separates the silences that connections of this path
 * survived from those that they died of. */
void facts_of_idle_timer(const struct analysis *analysis,
	const struct record *record, struct facts *facts);
void facts_of_ssh(const struct analysis *analysis,
	const struct record *record, struct facts *facts);
void facts_of_mtu(const struct analysis *analysis,
	const struct record *record, struct facts *facts);

/* Whether an acknowledgment in `side`'s name covers a packet that a router
 * reported as expired; `frame` is that report. */
bool acks_undelivered(const struct record *record, unsigned side,
	uint32_t acknowledged, uint32_t *frame);

/* Resets of one side and one distance are one group; is `index` the first of
 * its group? */
bool reset_leads(const struct dossier *dossier, unsigned index);

/* The ICMP error that tells most: the last that is no "too big"; NULL. */
const struct error_note *deciding_error(const struct record *record);

/* Nothing came from the server but its SYN-ACK. */
bool server_never_spoke(const struct flow *flow);

/* The side whose packets went unanswered; 2: neither. */
unsigned silent_victim(const struct record *record);

#endif
