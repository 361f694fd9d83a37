/* Which endings of a connection are incidents, and what the signatures say of
 * them. Everything here is a function of a record and of what the recording
 * taught about hosts and paths. */
#include "analysis/judge.h"

#include <stdio.h>
#include <string.h>

#include "analysis/advice.h"
#include "analysis/signature.h"
#include "analysis/story.h"

enum {
	BROWSER_IDLE_MS = 3000,
};

void judge_name(const struct record *record, struct flow_name *name)
{
	const struct flow *flow = &record->flow;
	unsigned client = flow_client(flow);

	memset(name, 0, sizeof(*name));
	name->client.address = record->address[client];
	name->client.port = record->port[client];
	name->server.address = record->address[!client];
	name->server.port = record->port[!client];
	name->family = flow->flags & FLOW_V6 ? 6 : 4;
	name->is_guessed = !(flow->flags & FLOW_ORIENTED);
	name->tunnel = flow_tunnel(flow);
}

static bool holds(const struct facts *facts, enum fact fact)
{
	return facts->value[fact].truth == TRUTH_YES;
}

static bool is_web_port(uint16_t port)
{
	return port == 80 || port == 443;
}

/* A server that took a request, closed and aborted without a word of answer
 * has not served anyone. */
static bool is_unserved(const struct record *record, unsigned side,
	const struct facts *facts)
{
	const struct flow *flow = &record->flow;

	return side == flow_server(flow) &&
		holds(facts, FACT_RESET_FROM_SOCKET) &&
		!(flow->side[side].flags & SIDE_DATA) &&
		(flow->side[!side].flags & SIDE_DATA) &&
		(flow->flags & FLOW_ORIENTED);
}

/* Resets that hurt nobody: the ends of connections that were over, or that
 * nobody was using. Only for resets that may be the endpoint's own; what came
 * from elsewhere is always told. */
static bool is_harmless(const struct record *record, unsigned cluster,
	const struct facts *facts)
{
	const struct flow *flow = &record->flow;
	const struct reset *reset = &record->dossier->resets[cluster];
	unsigned side = reset->note.side;
	bool is_client = side == flow_client(flow);
	bool is_ssh = flow->flags & FLOW_SSH;

	if (facts->value[FACT_RESET_TTL_MATCHES_SENDER].truth == TRUTH_NO ||
		holds(facts, FACT_SENDER_CONTINUED) ||
		holds(facts, FACT_RESET_MADE_HERE) ||
		holds(facts, FACT_SYNACK_FROM_ELSEWHERE) ||
		holds(facts, FACT_RESET_TOO_FAST) ||
		holds(facts, FACT_RESET_COPIES_PEER))
		return false;
	/* a reset that answers a reset's victim */
	if (holds(facts, FACT_PEER_HAD_RESET))
		return true;
	if (holds(facts, FACT_SENDER_HAD_CLOSED) &&
		holds(facts, FACT_PEER_HAD_CLOSED))
		return true;
	/* it had closed, and nothing was lost but an acknowledgment; or a
	 * client that no longer wants what the server still sends */
	if (holds(facts, FACT_SENDER_HAD_CLOSED) &&
		(!holds(facts, FACT_DATA_AFTER_CLOSE) ||
			(is_client &&
				is_web_port(record->port[!side]))) &&
		!holds(facts, FACT_OWN_DATA_UNANSWERED) &&
		!is_unserved(record, side, facts))
		return true;
	/* the other side had said all it had to say */
	if (holds(facts, FACT_PEER_HAD_CLOSED) && !is_ssh)
		return true;
	/* a scan, a health check */
	if (is_client && holds(facts, FACT_NOTHING_WAS_SAID))
		return true;
	/* a browser that puts an idle connection away */
	if (is_client && is_web_port(record->port[!side]) &&
		holds(facts, FACT_IDLE_BEFORE) &&
		!holds(facts, FACT_OWN_PROBES_UNANSWERED) &&
		!holds(facts, FACT_OWN_DATA_UNANSWERED) &&
		reset->note.time_ns - reset->before[!side].last_ns >
			(int64_t)BROWSER_IDLE_MS * 1000000)
		return true;
	return false;
}

static const struct signature *match(
	enum signature_table table, const struct facts *facts)
{
	unsigned from = 0;

	return signature_match(table, facts, &from);
}

/* The facts of a cluster, and the row that applies; NULL: no incident. */
static const struct signature *judge_cluster(const struct analysis *analysis,
	const struct record *record, unsigned cluster, struct facts *facts)
{
	const struct signature *row;

	memset(facts, 0, sizeof(*facts));
	if (cluster < DOSSIER_RESETS) {
		facts_of_reset(analysis, record, cluster, facts);
		if (record->flow.flags & FLOW_SSH &&
			record->dossier->resets[cluster].note.side ==
				flow_server(&record->flow)) {
			facts_of_ssh(analysis, record, facts);
			row = match(SIGNATURES_SSH, facts);
			if (row &&
				(row->mechanism != MECHANISM_SSH_SLOW_BANNER))
				return row;
		}
		if (is_harmless(record, cluster, facts))
			return NULL;
		return match(SIGNATURES_RESET, facts);
	}
	if (cluster == CLUSTER_SILENCE) {
		facts_of_silence(analysis, record, facts);
		return match(SIGNATURES_SILENCE, facts);
	}
	if (!record->dossier)
		return NULL;
	if (cluster == CLUSTER_FORGED) {
		unsigned server = flow_server(&record->flow);
		uint32_t frame;

		if (!acks_undelivered(record, server,
			    record->flow.side[server].acked, &frame))
			return NULL;
		fact_set(facts, FACT_ACKS_UNDELIVERED, TRUTH_YES,
			record->flow.side[server].last_frame, frame);
		fact_found(facts, FACT_ACKS_UNDELIVERED,
			"acknowledges a packet whose TTL ran out before");
		return match(SIGNATURES_FORGED, facts);
	}
	if (cluster == CLUSTER_SSH) {
		facts_of_silence(analysis, record, facts);
		facts_of_ssh(analysis, record, facts);
		return match(SIGNATURES_SSH, facts);
	}
	facts_of_mtu(analysis, record, facts);
	return match(SIGNATURES_MTU, facts);
}

/* Where a device on the path reset, the endpoints' own resets are told too,
 * as harmless as they are: the reader has to know which is which. */
static unsigned add_companions(const struct record *record,
	unsigned clusters[JUDGE_CLUSTERS], unsigned count)
{
	unsigned all = 0;

	(void)count;
	for (unsigned i = 0; i < record->dossier->reset_count; i++)
		if (reset_leads(record->dossier, i))
			clusters[all++] = i;
	return all;
}

unsigned judge_clusters(const struct analysis *analysis,
	const struct record *record, unsigned clusters[JUDGE_CLUSTERS],
	enum mechanism *outcome)
{
	const struct flow *flow = &record->flow;
	const struct dossier *dossier = record->dossier;
	bool is_closed =
		flow->side[0].flags & flow->side[1].flags & SIDE_FIN;
	const struct signature *row;
	struct facts facts;
	unsigned count = 0, boxes = 0;

	*outcome = is_closed ? MECHANISM_ORDERLY : MECHANISM_UNKNOWN;
	if (!dossier && (flow->flags & (FLOW_SYNACK | FLOW_MIDSTREAM)))
		return 0; /* nine of ten: nothing ever happened */
	for (unsigned i = 0; dossier && i < dossier->reset_count; i++) {
		if (!reset_leads(dossier, i))
			continue;
		row = judge_cluster(analysis, record, i, &facts);
		if (!row)
			continue;
		if (count == 0)
			*outcome = row->mechanism;
		boxes += row->sender == ROLE_MIDDLEBOX;
		clusters[count++] = i;
	}
	if (boxes)
		count = add_companions(record, clusters, count);
	if (dossier && dossier->reset_count && count == 0)
		*outcome = MECHANISM_ORDERLY;
	if (flow->flags & FLOW_SSH && count == 0) {
		row = judge_cluster(analysis, record, CLUSTER_SSH, &facts);
		if (row) {
			*outcome = row->mechanism;
			clusters[count++] = CLUSTER_SSH;
			return count;
		}
	}
	if (!(flow->flags & FLOW_RESET)) {
		row = judge_cluster(analysis, record, CLUSTER_SILENCE, &facts);
		if (row) {
			*outcome = row->mechanism;
			clusters[count++] = CLUSTER_SILENCE;
			return count;
		}
	}
	if (dossier && dossier->error_count && boxes == 0) {
		row = judge_cluster(
			analysis, record, CLUSTER_FORGED, &facts);
		if (row) {
			*outcome = row->mechanism;
			clusters[count++] = CLUSTER_FORGED;
			return count;
		}
	}
	row = judge_cluster(analysis, record, CLUSTER_MTU, &facts);
	if (row) {
		if (count == 0)
			*outcome = row->mechanism;
		clusters[count++] = CLUSTER_MTU;
	}
	return count;
}

/* Who is "the sender" of this cluster: the side that a reset names, or the
 * side whose packets go unanswered. */
static unsigned subject_of(const struct record *record, unsigned cluster)
{
	const struct dossier *dossier = record->dossier;
	unsigned victim;

	if (cluster < DOSSIER_RESETS)
		return dossier->resets[cluster].note.side;
	if (cluster == CLUSTER_FORGED)
		return flow_server(&record->flow);
	if (cluster == CLUSTER_MTU) {
		for (unsigned side = 0; side < 2; side++)
			if (dossier->repaired[side].count >= 2 ||
				dossier->healed[side].frame ||
				dossier->hole[side].is_active ||
				dossier->too_big[side].count)
				return side;
	}
	victim = silent_victim(record);
	if (victim < 2)
		return victim;
	return flow_client(&record->flow);
}

static enum party party_of(
	enum role role, const struct record *record, unsigned subject)
{
	bool is_client = subject == flow_client(&record->flow);

	switch (role) {
	case ROLE_UNKNOWN:
		return PARTY_UNKNOWN;
	case ROLE_SENDER:
		return is_client ? PARTY_CLIENT : PARTY_SERVER;
	case ROLE_PEER:
		return is_client ? PARTY_SERVER : PARTY_CLIENT;
	case ROLE_SERVER:
		return PARTY_SERVER;
	case ROLE_CLIENT:
		return PARTY_CLIENT;
	case ROLE_MIDDLEBOX:
		return PARTY_MIDDLEBOX;
	case ROLE_NONE:
		return PARTY_NONE;
	case ROLE_NAT:
		return PARTY_NAT_TIMEOUT;
	case ROLE_MTU:
		return PARTY_PATH_MTU;
	case ROLE_LOSS:
		return PARTY_PATH_LOSS;
	}
	return PARTY_UNKNOWN;
}

static uint32_t fatal_frame(const struct record *record, unsigned cluster)
{
	const struct flow *flow = &record->flow;
	const struct dossier *dossier = record->dossier;
	const struct ssh_talk *talk;
	unsigned victim;

	if (cluster < DOSSIER_RESETS)
		return dossier->resets[cluster].note.frame;
	victim = subject_of(record, cluster);
	if (cluster == CLUSTER_SSH) {
		unsigned server = flow_server(flow);

		talk = dossier->ssh;
		if (flow->side[server].flags & SIDE_FIN)
			return flow->cold[server].fin_frame;
		if (talk && talk->banner_frame[SSH_SERVER])
			return talk->banner_frame[SSH_SERVER];
		return flow->side[server].last_frame;
	}
	if (cluster == CLUSTER_MTU) {
		if (dossier->too_big[victim].larger_after)
			return dossier->too_big[victim].larger_frame;
		if (dossier->repaired[victim].count >= 2)
			return dossier->repaired[victim].first_frame;
		if (dossier->healed[victim].frame)
			return dossier->healed[victim].frame;
		return dossier->hole[victim].frame;
	}
	if (deciding_error(record))
		return deciding_error(record)->note.frame;
	if (dossier && dossier->outage[victim].is_active)
		return dossier->outage[victim].first_frame;
	return flow->side[victim].last_frame;
}

uint64_t judge_frame(const struct analysis *analysis,
	const struct case_reference *reference)
{
	return flow_frame(analysis->frame,
		fatal_frame(&analysis->records[reference->record],
			reference->cluster));
}

/* Hops from the capture point to where a packet began, as traceroute numbers
 * them: from the next usual initial TTL above. 0: it began here. */
static unsigned hop_of(uint8_t ttl)
{
	unsigned initial = ttl > 128 ? 255 : ttl > 64 ? 128 : ttl > 32 ? 64 : 32;

	return initial - ttl + 1;
}

static void add_evidence(const struct analysis *analysis,
	struct incident *incident, const struct facts *facts, enum fact fact)
{
	const struct fact_value *value = &facts->value[fact];
	struct evidence *row;

	if (value->truth == TRUTH_UNKNOWN ||
		incident->evidence_count == INCIDENT_EVIDENCE)
		return;
	for (unsigned i = 0; i < incident->evidence_count; i++)
		if (incident->evidence[i].fact == fact_word(fact))
			return;
	row = &incident->evidence[incident->evidence_count++];
	row->fact = fact_word(fact);
	row->holds = value->truth;
	row->frame = flow_frame(analysis->frame, value->frame);
	row->against = flow_frame(analysis->frame, value->against);
	memcpy(row->found, value->found, sizeof(row->found));
	memcpy(row->expected, value->expected, sizeof(row->expected));
}

/* The row's own facts first, then whatever else is known. */
static void add_all_evidence(const struct analysis *analysis,
	struct incident *incident, const struct facts *facts,
	const struct signature *row)
{
	for (unsigned i = 0; i < FACT_COUNT; i++)
		if ((row->needs | row->denies) & fact_bit((enum fact)i))
			add_evidence(
				analysis, incident, facts, (enum fact)i);
	for (unsigned i = 0; i < FACT_COUNT; i++)
		if (facts->value[i].found[0])
			add_evidence(
				analysis, incident, facts, (enum fact)i);
}

static void add_also(struct incident *incident, enum mechanism mechanism,
	enum party sender, enum party culprit, const char *why)
{
	struct other_reading *reading;

	if (incident->also_count == INCIDENT_ALSO ||
		(incident->mechanism == mechanism &&
			incident->culprit == culprit &&
			incident->sender == sender))
		return;
	reading = &incident->also[incident->also_count++];
	reading->mechanism = mechanism;
	reading->sender = sender;
	reading->culprit = culprit;
	reading->why = why;
}

static void add_readings(struct incident *incident,
	const struct record *record, unsigned subject,
	const struct signature *row, const struct facts *facts)
{
	for (unsigned i = 0; i < 3; i++) {
		const struct also *also = &row->also[i];

		if (also->mechanism == MECHANISM_UNKNOWN)
			break;
		add_also(incident, also->mechanism,
			party_of(also->sender, record, subject),
			party_of(also->culprit, record, subject), also->why);
	}
	for (unsigned i = 0; i < row->decide_count &&
		incident->undecided_count < INCIDENT_UNDECIDED;
		i++) {
		enum fact fact = row->decide[i];
		struct undecided *undecided =
			&incident->undecided[incident->undecided_count];

		if (facts->value[fact].truth == TRUTH_YES)
			continue;
		undecided->fact = fact_word(fact);
		undecided->settled_by = fact_settled_by(fact);
		incident->undecided_count++;
	}
}

static uint32_t hash_bytes(uint32_t hash, const void *bytes, size_t count)
{
	const uint8_t *at = bytes;

	while (count--)
		hash = (hash ^ *at++) * 16777619u; /* FNV-1a */
	return hash;
}

/* A thousand flows that died the same way at the same place are one story. */
static uint32_t group_of(const struct incident *incident)
{
	uint32_t hash = 2166136261u;
	bool is_refusal = incident->mechanism == MECHANISM_PORT_CLOSED ||
		incident->mechanism == MECHANISM_SYN_UNANSWERED ||
		incident->mechanism == MECHANISM_SYN_REJECTED;
	const struct address *place = is_refusal
		? &incident->flow.client.address
		: &incident->flow.server.address;
	uint32_t key[4] = {incident->mechanism, incident->sender,
		incident->culprit, incident->grade};

	hash = hash_bytes(hash, key, sizeof(key));
	return hash_bytes(hash, place, sizeof(*place));
}

/* What was evicted or never recorded may be what would acquit. */
static void weaken(const struct record *record, unsigned cluster,
	struct incident *incident)
{
	bool is_silence = cluster == CLUSTER_SILENCE || cluster == CLUSTER_MTU;
	bool is_lossy = is_silence &&
		((record->flow.side[0].flags | record->flow.side[1].flags) &
			SIDE_UNSEEN);

	if (!(record->flow.flags & FLOW_WEAKENED) && !is_lossy)
		return;
	incident->is_weakened = true;
	if (incident->grade > GRADE_POSSIBLE)
		incident->grade--;
}

/* Server and client both stand next to the recording, in different networks:
 * what answers there may be the server, or a proxy in its place. */
static void doubt_neighbour(
	const struct record *record, struct incident *incident)
{
	const struct flow *flow = &record->flow;
	unsigned client = flow_client(flow);
	const struct side_cold *near = &flow->cold[client];
	const struct side_cold *far = &flow->cold[!client];
	size_t bytes = flow->flags & FLOW_V6 ? 8 : 3;

	if (incident->sender != PARTY_SERVER ||
		incident->grade <= GRADE_POSSIBLE || !near->ttl_count[0] ||
		!far->ttl_count[0] || hop_of(near->ttl[0]) != 1 ||
		hop_of(far->ttl[0]) != 1 ||
		memcmp(&record->address[0], &record->address[1], bytes) == 0)
		return;
	incident->grade = GRADE_POSSIBLE;
	add_also(incident, MECHANISM_PROXY_CLOSED, PARTY_MIDDLEBOX,
		PARTY_MIDDLEBOX,
		"a proxy next to the capture point answers for the server");
	if (incident->undecided_count < INCIDENT_UNDECIDED)
		incident->undecided[incident->undecided_count++] =
			(struct undecided){
				fact_word(FACT_ANSWERED_BY_NEIGHBOUR),
				fact_settled_by(FACT_ANSWERED_BY_NEIGHBOUR)};
}

static void add_path(const struct analysis *analysis,
	const struct record *record, struct incident *incident)
{
	const struct flow *flow = &record->flow;
	unsigned client = flow_client(flow);
	const struct path *path = paths_find(&analysis->paths,
		&record->address[client], &record->address[!client],
		flow->flags & FLOW_V6 ? 6 : 4);
	uint32_t died_ms = (uint32_t)(incident->idle_ns / 1000000);
	uint32_t low_ms;

	if (!path || !incident->idle_ns)
		return;
	incident->gaps_died = path->died;
	incident->shortest_died_ns = (int64_t)path->shortest_died_ms * 1000000;
	if (path->longest_survived_ms) {
		incident->gaps_survived =
			path_survived(path, path->shortest_died_ms / 4);
		incident->longest_survived_ns =
			(int64_t)path->longest_survived_ms * 1000000;
	}
	low_ms = path_is_separated(path) ? path->longest_survived_ms
					 : died_ms / 10 * 9;
	timers_within(low_ms,
		path->died ? path->shortest_died_ms : died_ms,
		incident->timers, sizeof(incident->timers));
}

static bool is_about_idleness(enum mechanism mechanism)
{
	return mechanism == MECHANISM_STATE_EXPIRED ||
		mechanism == MECHANISM_KEEPALIVE_TIMEOUT ||
		mechanism == MECHANISM_UNKNOWN_CONNECTION;
}

static void add_sizes(const struct record *record, unsigned subject,
	struct incident *incident)
{
	const struct dossier *dossier = record->dossier;
	const struct outage *outage, *repaired;

	if (!dossier || (incident->mechanism != MECHANISM_PMTU_BLACK_HOLE &&
				incident->mechanism != MECHANISM_PMTU_IGNORED))
		return;
	outage = &dossier->outage[subject];
	repaired = &dossier->repaired[subject];
	incident->is_reverse = subject == flow_server(&record->flow);
	incident->mtu_passed = record->flow.side[subject].passed_bytes;
	if (outage->is_active && outage->first_ip_bytes)
		incident->mtu_failed = outage->smallest_ip_bytes;
	else if (repaired->count)
		incident->mtu_failed = repaired->first_ip_bytes;
	if (dossier->too_big[subject].count)
		incident->mtu_passed = dossier->too_big[subject].mtu;
	if (incident->mtu_failed && incident->mtu_passed >= incident->mtu_failed)
		incident->mtu_passed = 0;
}

/* The one who hung up: for causes that either side may act upon. */
static enum party first_to_close(const struct record *record)
{
	const struct flow *flow = &record->flow;
	unsigned client = flow_client(flow);
	uint32_t frames[2] = {0, 0};

	for (unsigned i = 0; i < 2; i++) {
		frames[i] = flow->cold[i].fin_frame;
		for (unsigned j = 0; j < record->dossier->reset_count; j++)
			if (record->dossier->resets[j].note.side == i &&
				!frames[i])
				frames[i] =
					record->dossier->resets[j].note.frame;
	}
	if (frames[client] &&
		(!frames[!client] ||
			(int32_t)(frames[client] - frames[!client]) < 0))
		return PARTY_CLIENT;
	return frames[!client] ? PARTY_SERVER : PARTY_NONE;
}

/* Of a harmless reset: the facts that make it the endpoint's own. */
static const struct signature consequence = {
	.needs = (uint64_t)1 << FACT_RESET_SEEN |
		(uint64_t)1 << FACT_RESET_TTL_MATCHES_SENDER,
};

void judge(const struct analysis *analysis,
	const struct case_reference *reference, struct incident *incident)
{
	const struct record *record = &analysis->records[reference->record];
	unsigned cluster = reference->cluster;
	unsigned subject = subject_of(record, cluster);
	const struct flow *flow = &record->flow;
	const struct signature *row;
	struct facts facts;

	memset(incident, 0, sizeof(*incident));
	judge_name(record, &incident->flow);
	incident->frame = judge_frame(analysis, reference);
	incident->began_ns = flow->first_ns;
	row = judge_cluster(analysis, record, cluster, &facts);
	if (!row && cluster < DOSSIER_RESETS &&
		is_harmless(record, cluster, &facts)) {
		incident->mechanism = MECHANISM_ORDERLY;
		incident->sender = party_of(ROLE_SENDER, record, subject);
		incident->culprit = PARTY_UNKNOWN;
		incident->grade = GRADE_LIKELY;
		incident->summary = "The endpoint's own reset, to a packet "
				    "that came when the connection was over "
				    "for it: a consequence.";
		add_all_evidence(analysis, incident, &facts, &consequence);
	} else if (!row) {
		/* what was learned since leaves it open */
		incident->mechanism = MECHANISM_UNKNOWN;
		incident->sender = cluster < DOSSIER_RESETS ? PARTY_UNKNOWN
							    : PARTY_NONE;
		incident->culprit = PARTY_UNKNOWN;
		incident->grade = GRADE_UNDETERMINED;
		incident->summary = "The connection ended, and no known cause "
				    "fits the packets.";
		incident->undecided[0] = (struct undecided){
			fact_word(FACT_RESET_TTL_MATCHES_SENDER),
			fact_settled_by(FACT_RESET_TTL_MATCHES_SENDER)};
		incident->undecided_count = 1;
	} else {
		incident->mechanism = row->mechanism;
		incident->sender = party_of(row->sender, record, subject);
		incident->culprit = party_of(row->culprit, record, subject);
		incident->grade = row->grade;
		incident->signature = row->name;
		incident->summary = row->summary;
		if (row->mechanism == MECHANISM_SSH_NO_COMMON_ALGORITHM)
			incident->sender = first_to_close(record);
		add_readings(incident, record, subject, row, &facts);
		add_all_evidence(analysis, incident, &facts, row);
		weaken(record, cluster, incident);
		doubt_neighbour(record, incident);
	}
	if (facts.value[FACT_IDLE_BEFORE].truth == TRUTH_YES &&
		is_about_idleness(incident->mechanism)) {
		if (flow->flags & FLOW_GAP_PENDING)
			incident->idle_ns =
				(int64_t)flow->pending_gap_ms * 1000000;
		else if (cluster < DOSSIER_RESETS) {
			const struct reset *reset =
				&record->dossier->resets[cluster];
			int64_t a = reset->before[0].last_ns;
			int64_t b = reset->before[1].last_ns;

			incident->idle_ns =
				reset->note.time_ns - (a > b ? a : b);
		}
		add_path(analysis, record, incident);
	}
	add_sizes(record, subject, incident);
	if (cluster < DOSSIER_RESETS &&
		incident->sender == PARTY_MIDDLEBOX &&
		!holds(&facts, FACT_RESET_MADE_HERE))
		incident->hop = hop_of(record->dossier->resets[cluster].note.ttl);
	story_tell(analysis, record, cluster, subject, incident);
	advise(record, subject, incident);
	incident->group = group_of(incident);
}

void judge_learn(struct analysis *analysis, const struct record *record)
{
	const struct flow *flow = &record->flow;
	unsigned client = flow_client(flow);

	if (!(flow->flags & FLOW_GAP_PENDING) || server_never_spoke(flow) ||
		(flow->side[0].flags & flow->side[1].flags & SIDE_FIN))
		return;
	paths_died(&analysis->paths, &record->address[client],
		&record->address[!client], flow->flags & FLOW_V6 ? 6 : 4,
		flow->pending_gap_ms);
}
