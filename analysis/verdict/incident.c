/* Writes the incident: parties, hop, evidence, other readings, numbers of the
 * path, from the signature that applies. */
#include "analysis/verdict/incident.h"

#include <string.h>

#include "analysis/verdict/advice.h"
#include "analysis/verdict/fatal_packet.h"
#include "analysis/verdict/judge.h"
#include "analysis/verdict/packet_excerpt.h"

enum { LEAST_MTU_BYTES = 576 };

static enum party party_of(
	enum role role, const struct closed_conn *conn, unsigned subject)
{
	bool is_client = subject == flow_client(&conn->flow);

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

uint64_t judge_frame(const struct verdict_context *context,
	const struct closed_conn *conn, unsigned cluster)
{
	struct fatal_packet fatal;

	fatal_packet_of(context, conn, cluster, &fatal);
	return flow_frame(context->frame, fatal.note.frame);
}

/* Hops from the capture point to where a packet began, as traceroute numbers
 * them: from the next usual initial TTL above. 0: it began here. */
static unsigned hop_of(uint8_t ttl)
{
	unsigned initial = ttl > 128  ? 255
			   : ttl > 64 ? 128
			   : ttl > 32 ? 64
				      : 32;

	return initial - ttl + 1;
}

/* The hop of a device that forged a reset. Forgers choose odd initial TTLs; a
 * hop beyond the one in whose name it came is none. 0: not known. */
static unsigned forger_hop(const struct closed_conn *conn, unsigned cluster)
{
	const struct packet_note *note = &conn->evidence->resets[cluster].note;
	const struct side_cold *cold = &conn->flow.cold[note->side];
	unsigned hop = hop_of(note->ttl);

	return cold->ttl_count[0] && hop > hop_of(cold->ttl[0]) ? 0 : hop;
}

static void add_evidence(const struct verdict_context *context,
	struct incident *incident, const struct facts *facts, enum fact fact)
{
	const struct fact_value *value = &facts->value[fact];
	struct evidence_row *row;

	if (value->truth == TRUTH_UNKNOWN ||
		incident->evidence_count == INCIDENT_EVIDENCE)
		return;
	for (unsigned i = 0; i < incident->evidence_count; i++)
		if (incident->evidence[i].fact == fact_word(fact))
			return;
	row = &incident->evidence[incident->evidence_count++];
	row->fact = fact_word(fact);
	row->holds = value->truth;
	row->frame = flow_frame(context->frame, value->frame);
	row->against = flow_frame(context->frame, value->against);
	memcpy(row->found, value->found, sizeof(row->found));
	memcpy(row->expected, value->expected, sizeof(row->expected));
}

/* The row's own facts first, then whatever else is known. */
static void add_all_evidence(const struct verdict_context *context,
	struct incident *incident, const struct facts *facts,
	const struct signature *row)
{
	for (unsigned i = 0; i < FACT_COUNT; i++)
		if ((row->needs | row->denies) & fact_bit((enum fact)i))
			add_evidence(context, incident, facts, (enum fact)i);
	for (unsigned i = 0; i < FACT_COUNT; i++)
		if (facts->value[i].found[0])
			add_evidence(context, incident, facts, (enum fact)i);
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

/* What goes unanswered fits every path: RFC 791 asks 576 bytes of it, RFC 8200
 * 1280. */
static bool is_small(const struct closed_conn *conn, unsigned subject)
{
	const struct unacked_run *unacked =
		conn->evidence ? &conn->evidence->unacked[subject] : NULL;

	return unacked && unacked->is_active &&
	       unacked->first_ip_bytes <= LEAST_MTU_BYTES;
}

static void add_readings(struct incident *incident,
	const struct closed_conn *conn, unsigned subject,
	const struct signature *row, const struct facts *facts)
{
	for (unsigned i = 0; i < 3; i++) {
		const struct also *also = &row->also[i];

		if (also->mechanism == MECHANISM_UNKNOWN)
			break;
		if (also->mechanism == MECHANISM_PMTU_BLACK_HOLE &&
			is_small(conn, subject))
			continue;
		add_also(incident, also->mechanism,
			party_of(also->sender, conn, subject),
			party_of(also->culprit, conn, subject), also->why);
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
		/* all set by judge(): NOLINTNEXTLINE(clang-analyzer-core.*) */
		hash = (hash ^ *at++) * 16777619u; /* FNV-1a */
	return hash;
}

/* A thousand flows that died the same way at the same server are one story;
 * refused or unanswered they are one wherever they went and came from: a scan,
 * a flood. */
static uint32_t group_of(const struct incident *incident)
{
	uint32_t hash = 2166136261u;
	bool is_refusal = incident->mechanism == MECHANISM_PORT_CLOSED ||
			  incident->mechanism == MECHANISM_SYN_UNANSWERED ||
			  incident->mechanism == MECHANISM_SYN_REJECTED;
	const struct address *server = &incident->flow.server.address;
	uint32_t key[4] = {incident->mechanism, incident->sender,
		incident->culprit, incident->grade};

	hash = hash_bytes(hash, key, sizeof(key));
	return is_refusal ? hash : hash_bytes(hash, server, sizeof(*server));
}

/* What was evicted or never recorded may be what would acquit. */
static void weaken(const struct closed_conn *conn, unsigned cluster,
	struct incident *incident)
{
	bool is_silence = cluster == CLUSTER_SILENCE || cluster == CLUSTER_MTU;
	bool is_lossy = is_silence &&
			((conn->flow.side[0].flags | conn->flow.side[1].flags) &
				SIDE_UNSEEN);

	if (!(conn->flow.flags & FLOW_WEAKENED) && !is_lossy)
		return;
	incident->is_weakened = true;
	if (incident->grade > GRADE_POSSIBLE)
		incident->grade--;
}

/* Server and client both stand next to the recording, in different networks:
 * what answers there may be the server, or a proxy in its place. */
static void doubt_neighbour(
	const struct closed_conn *conn, struct incident *incident)
{
	const struct flow *flow = &conn->flow;
	unsigned client = flow_client(flow);
	const struct side_cold *near = &flow->cold[client];
	const struct side_cold *far = &flow->cold[!client];
	size_t bytes = flow->flags & FLOW_V6 ? 8 : 3;

	if (incident->sender != PARTY_SERVER ||
		incident->grade <= GRADE_POSSIBLE || !near->ttl_count[0] ||
		!far->ttl_count[0] || hop_of(near->ttl[0]) != 1 ||
		hop_of(far->ttl[0]) != 1 ||
		memcmp(&conn->address[0], &conn->address[1], bytes) == 0)
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

static void add_path(const struct verdict_context *context,
	const struct closed_conn *conn, struct incident *incident)
{
	const struct flow *flow = &conn->flow;
	unsigned client = flow_client(flow);
	const struct idle_path *path = idle_stats_find(
		&context->learned->idle_stats, &conn->address[client],
		&conn->address[!client], flow->flags & FLOW_V6 ? 6 : 4);
	uint32_t died_ms = (uint32_t)(incident->idle_ns / 1000000);
	uint32_t low_ms;

	if (!path || !incident->idle_ns)
		return;
	incident->gaps_died = path->died;
	incident->shortest_died_ns = (int64_t)path->shortest_died_ms * 1000000;
	if (path->longest_survived_ms) {
		incident->gaps_survived =
			idle_path_survived(path, path->shortest_died_ms / 4);
		incident->longest_survived_ns =
			(int64_t)path->longest_survived_ms * 1000000;
	}
	low_ms = idle_path_is_separated(path) ? path->longest_survived_ms
					      : died_ms / 10 * 9;
	idle_stats_timers(low_ms, path->died ? path->shortest_died_ms : died_ms,
		incident->timers, sizeof(incident->timers));
}

static bool is_about_idleness(enum mechanism mechanism)
{
	return mechanism == MECHANISM_STATE_EXPIRED ||
	       mechanism == MECHANISM_KEEPALIVE_TIMEOUT ||
	       mechanism == MECHANISM_UNKNOWN_CONNECTION;
}

static void add_sizes(const struct closed_conn *conn, unsigned subject,
	struct incident *incident)
{
	const struct evidence *evidence = conn->evidence;
	const struct unacked_run *unacked, *recovered;

	if (!evidence || (incident->mechanism != MECHANISM_PMTU_BLACK_HOLE &&
				 incident->mechanism != MECHANISM_PMTU_IGNORED))
		return;
	unacked = &evidence->unacked[subject];
	recovered = &evidence->recovered[subject];
	incident->is_reverse = subject == flow_server(&conn->flow);
	incident->mtu_passed = conn->flow.side[subject].passed_bytes;
	/* a short block of selectively acknowledged data was one packet */
	if (evidence->sacked_frame[subject] && unacked->is_active &&
		evidence->sacked_largest[subject] <
			unacked->end - unacked->start) {
		unsigned sacked = evidence->sacked_largest[subject] +
				  unacked->first_ip_bytes -
				  (unsigned)(unacked->end - unacked->start);

		if (sacked > incident->mtu_passed)
			incident->mtu_passed = sacked;
	}
	if (unacked->is_active && unacked->first_ip_bytes)
		incident->mtu_failed = unacked->smallest_ip_bytes;
	else if (recovered->count)
		incident->mtu_failed = recovered->first_ip_bytes;
	if (evidence->too_big[subject].is_mtu_told)
		incident->mtu_passed = evidence->too_big[subject].mtu;
	if (incident->mtu_failed &&
		incident->mtu_passed >= incident->mtu_failed)
		incident->mtu_passed = 0;
}

/* The one who hung up: for causes that either side may act upon. */
static enum party first_to_close(const struct closed_conn *conn)
{
	const struct flow *flow = &conn->flow;
	unsigned client = flow_client(flow);
	uint32_t frames[2] = {0, 0};

	for (unsigned i = 0; i < 2; i++) {
		frames[i] = flow->cold[i].fin_frame;
		for (unsigned j = 0; j < conn->evidence->reset_count; j++)
			if (conn->evidence->resets[j].note.side == i &&
				!frames[i])
				frames[i] =
					conn->evidence->resets[j].note.frame;
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

void judge(const struct verdict_context *context,
	const struct closed_conn *conn, unsigned cluster,
	struct incident *incident)
{
	unsigned subject = judge_claimed_side(context, conn, cluster);
	const struct flow *flow = &conn->flow;
	const struct signature *row;
	struct fatal_packet fatal;
	struct facts facts;

	memset(incident, 0, sizeof(*incident));
	judge_name(conn, &incident->flow);
	fatal_packet_of(context, conn, cluster, &fatal);
	incident->frame = flow_frame(context->frame, fatal.note.frame);
	incident->time_ns = fatal.note.time_ns;
	incident->began_ns = flow->first_ns;
	row = judge_cluster(context, conn, cluster, &facts);
	if (!row && cluster < EVIDENCE_RESETS &&
		judge_is_harmless(conn, cluster, &facts)) {
		incident->mechanism = MECHANISM_ORDERLY;
		incident->sender = party_of(ROLE_SENDER, conn, subject);
		incident->culprit = PARTY_UNKNOWN;
		incident->grade = GRADE_LIKELY;
		incident->summary = "The endpoint's own reset, to a packet "
				    "that came when the connection was over "
				    "for it: a consequence.";
		add_all_evidence(context, incident, &facts, &consequence);
	} else if (!row) {
		/* what was learned since leaves it open */
		incident->mechanism = MECHANISM_UNKNOWN;
		incident->sender =
			cluster < EVIDENCE_RESETS ? PARTY_UNKNOWN : PARTY_NONE;
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
		incident->sender = party_of(row->sender, conn, subject);
		incident->culprit = party_of(row->culprit, conn, subject);
		incident->grade = row->grade;
		incident->signature = row->name;
		incident->summary = row->summary;
		if (row->mechanism == MECHANISM_SSH_NO_COMMON_ALGORITHM)
			incident->sender = first_to_close(conn);
		add_readings(incident, conn, subject, row, &facts);
		add_all_evidence(context, incident, &facts, row);
		weaken(conn, cluster, incident);
		doubt_neighbour(conn, incident);
	}
	if (facts.value[FACT_IDLE_BEFORE].truth == TRUTH_YES &&
		is_about_idleness(incident->mechanism)) {
		if (flow->flags & FLOW_GAP_PENDING)
			incident->idle_ns =
				(int64_t)flow->pending_gap_ms * 1000000;
		else if (cluster < EVIDENCE_RESETS) {
			const struct reset *reset =
				&conn->evidence->resets[cluster];
			int64_t a = reset->before[0].last_ns;
			int64_t b = reset->before[1].last_ns;

			incident->idle_ns =
				reset->note.time_ns - (a > b ? a : b);
		}
		add_path(context, conn, incident);
	}
	add_sizes(conn, subject, incident);
	if (cluster < EVIDENCE_RESETS && incident->sender == PARTY_MIDDLEBOX &&
		!facts_hold(&facts, FACT_RESET_MADE_HERE))
		incident->hop = forger_hop(conn, cluster);
	packet_excerpt_collect(context, conn, cluster, &fatal, incident);
	advise(conn, subject, incident);
	incident->group = group_of(incident);
}
