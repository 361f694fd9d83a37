/* Writes the incident: parties, hop, other readings, numbers of the path, from
 * the signature that applies. */
#include "analysis/verdict/incident.h"

#include <assert.h>
#include <string.h>

#include "analysis/flow/ttl.h"
#include "analysis/observe/conn_view.h"
#include "analysis/verdict/advice.h"
#include "analysis/verdict/fatal_packet.h"
#include "analysis/verdict/group_key.h"
#include "analysis/verdict/judge.h"
#include "analysis/verdict/incident_reasons.h"
#include "analysis/verdict/knowledge.h"
#include "analysis/verdict/packet_excerpt.h"
#include "analysis/verdict/roles.h"
#include "analysis/verdict/trigger.h"

void incident_name(const struct closed_conn *conn, struct flow_name *name)
{
	const struct flow *flow = &conn->flow;
	unsigned client = flow_client(flow);

	memset(name, 0, sizeof(*name));
	name->client.address = conn->address[client];
	name->client.port = conn->port[client];
	name->server.address = conn->address[!client];
	name->server.port = conn->port[!client];
	name->family = flow->flags & FLOW_V6 ? 6 : 4;
	name->is_guessed = !(flow->flags & FLOW_ORIENTED);
	name->tunnel = flow_tunnel(flow);
}

/* Hops from the capture point to where a packet began, as traceroute numbers
 * them: from the next usual initial TTL above. 1: it began here, or next to
 * it. */
static unsigned hop_of(uint8_t ttl)
{
	return ttl_hops(ttl) + 1;
}

/* The hop of a device that forged a reset. Forgers choose odd initial TTLs, or
 * copy that of the packet that they answer; a hop beyond the one in whose name
 * it came is none, nor is one farther than any host. 0: not known. */
static unsigned forger_hop(const struct verdict_context *context,
	const struct closed_conn *conn, const struct packet_note *note,
	const struct facts *facts)
{
	const struct side_cold *cold = &conn->flow.cold[note->side];
	unsigned hop = hop_of(note->ttl);

	if (fact_holds(facts, FACT_RESET_COPIES_PEER_HEADER) ||
		note->ttl <= context->thresholds->tracing_ttl ||
		hop > context->thresholds->most_hops)
		return 0;
	return cold->ttl_count[0] && hop > hop_of(cold->ttl[0]) ? 0 : hop;
}

/* How the fatal packet looks; who else sent one like it is told with it. */
static void add_look(const struct closed_conn *conn,
	const struct packet_note *note, const struct reset *reset,
	struct incident *incident)
{
	struct group_verdict verdict;

	incident->look =
		reset_look_of(note, reset, !(conn->flow.flags & FLOW_V6));
	incident->ttl = note->ttl;
	incident->window = reset ? note->window : 0;
	group_verdict_of(incident, &verdict);
	incident->group = group_key_number(&verdict.key);
}

/* Evicted or uncaptured packets might have shown a benign cause. */
static void weaken(const struct closed_conn *conn, struct ending ending,
	struct incident *incident)
{
	bool is_silence =
		ending.kind == ENDING_SILENCE || ending.kind == ENDING_SIZE;
	bool is_lossy = is_silence &&
			((conn->flow.side[0].flags | conn->flow.side[1].flags) &
				SIDE_UNSEEN);

	if (!(conn->flow.flags & FLOW_WEAKENED) && !is_lossy)
		return;
	incident->is_weakened = true;
	if (incident->grade > GRADE_POSSIBLE)
		incident->grade--;
}

/* Server and client are both adjacent to the capture point by their TTLs, in
 * different networks: the server, or a proxy in its place, may have answered,
 * and a TTL that fits proves nothing. A round trip far above a link's makes a
 * path likelier on which no hop decrements the TTL (a cloud's fabric, an
 * overlay), but does not exclude a proxy behind a slow link. */
static void doubt_neighbour(const struct verdict_context *context,
	const struct closed_conn *conn, struct incident *incident)
{
	const struct flow *flow = &conn->flow;
	unsigned client = flow_client(flow);
	const struct side_cold *near = &flow->cold[client];
	const struct side_cold *far = &flow->cold[!client];
	size_t bytes = flow->flags & FLOW_V6 ? 8 : 3;
	bool is_distant =
		flow->flags & FLOW_SYN_RTT &&
		flow->server_rtt_us > context->thresholds->link_rtt_us;

	if (incident->sender != PARTY_SERVER ||
		incident->grade <= GRADE_POSSIBLE || !near->ttl_count[0] ||
		!far->ttl_count[0] || hop_of(near->ttl[0]) != 1 ||
		hop_of(far->ttl[0]) != 1 ||
		memcmp(&conn->address[0], &conn->address[1], bytes) == 0)
		return;
	incident->grade = GRADE_POSSIBLE;
	incident_add_also(incident, MECHANISM_PROXY_CLOSED, PARTY_MIDDLEBOX,
		PARTY_MIDDLEBOX,
		"a proxy next to the capture point answers for the server");
	if (is_distant)
		incident_add_also(incident, MECHANISM_INJECTED, PARTY_MIDDLEBOX,
			PARTY_MIDDLEBOX,
			"a device on a path where no hop decrements the TTL");
	incident_add_undecided(incident, FACT_ANSWERED_BY_NEIGHBOUR);
}

/* An endpoint is named by a guess. */
static void doubt_roles(const struct verdict_context *context,
	const struct closed_conn *conn, struct incident *incident)
{
	bool is_endpoint = incident->sender == PARTY_CLIENT ||
			   incident->sender == PARTY_SERVER ||
			   incident->culprit == PARTY_CLIENT ||
			   incident->culprit == PARTY_SERVER;

	if (is_endpoint && incident->grade > GRADE_POSSIBLE &&
		!roles_are_known(context, conn))
		incident->grade = GRADE_POSSIBLE;
}

/* That a NAT gave the connection another name is known from its numbers;
 * whether the entry had expired is not where the address is another one too:
 * the line may have been changed in the silence. */
static void doubt_rebound(const struct verdict_context *context,
	const struct closed_conn *conn, const struct facts *facts,
	struct incident *incident)
{
	const struct rebound *rebound =
		rebinds_rebound(&context->learned->rebinds, &conn->flow);

	if (incident->mechanism != MECHANISM_STATE_EXPIRED ||
		incident->grade != GRADE_CERTAIN ||
		!fact_holds(facts, FACT_GOES_ON_UNDER_ANOTHER_NAME) ||
		!rebound->is_address_new)
		return;
	incident->grade = GRADE_LIKELY;
	incident_add_also(incident, MECHANISM_NAT_MISMATCH, incident->sender,
		PARTY_MIDDLEBOX,
		"the connection was moved to another way out, with another "
		"NAT");
}

/* Kernels answer by a bare reset what belongs to no connection of theirs: the
 * recorder may have missed the packet. Not where the identification shows that
 * the kernel is still the one that had the connection. */
static bool may_answer_unrecorded(const struct facts *facts)
{
	return fact_holds(facts, FACT_RESET_IS_STATELESS) &&
	       !fact_holds(facts, FACT_RESET_IP_ID_CONTINUES);
}

/* What is said of an endpoint that aborted rests on what came before. Where the
 * connection was picked up in the middle, neither round trip nor window scale
 * is known, nor what was said at first; where packets are missing from the
 * recording, they may be those that say why. */
static void doubt_abort(const struct closed_conn *conn,
	const struct facts *facts, struct incident *incident)
{
	const struct flow *flow = &conn->flow;
	bool is_midstream = flow->flags & FLOW_MIDSTREAM;
	bool is_partial = is_midstream ||
			  (flow->side[0].flags | flow->side[1].flags) &
				  SIDE_UNSEEN;

	if (incident->mechanism != MECHANISM_ABORT ||
		incident->grade <= GRADE_POSSIBLE)
		return;
	if (may_answer_unrecorded(facts)) {
		incident->grade = GRADE_POSSIBLE;
		incident_add_also(incident, MECHANISM_UNKNOWN_CONNECTION,
			incident->sender, incident->sender,
			"it answers a packet that was not recorded, and the "
			"endpoint restarted");
		incident_add_also(incident, MECHANISM_STATE_EXPIRED,
			incident->sender, PARTY_NAT_TIMEOUT,
			"it answers a packet that was not recorded, of a "
			"connection whose state expired in a NAT, firewall or "
			"load balancer");
	} else if (is_midstream &&
		   !fact_holds(facts, FACT_RESET_FROM_SOCKET)) {
		incident->grade = GRADE_POSSIBLE;
	} else if (is_partial && incident->grade == GRADE_CERTAIN) {
		incident->grade = GRADE_LIKELY;
	}
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
		uint32_t counted_ms = path->shortest_died_ms / 4;

		if (counted_ms > path->longest_survived_ms)
			counted_ms = path->longest_survived_ms;
		incident->gaps_survived = idle_path_survived(path, counted_ms);
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
	/* what has passed did not fail for its size */
	if (incident->mtu_failed &&
		incident->mtu_passed >= incident->mtu_failed)
		incident->mtu_passed = incident->mtu_failed = 0;
}

/* What an incident is made from. */
struct making {
	const struct reset *reset; /* NULL: it ended otherwise */
	struct fatal_packet fatal;
	struct verdict verdict;
	struct facts facts;
};

/* Its name, its moment and what the verdict says. */
static void begin(const struct verdict_context *context,
	const struct closed_conn *conn, struct ending ending,
	struct making *making, struct incident *incident)
{
	struct verdict *verdict = &making->verdict;

	memset(incident, 0, sizeof(*incident));
	making->reset = ending.kind == ENDING_RESET
				? &conn->evidence->resets[ending.reset]
				: NULL;
	incident_name(conn, &incident->flow);
	fatal_packet_of(context, conn, ending, &making->fatal);
	incident->frame = flow_frame(context->frame, making->fatal.note.frame);
	incident->time_ns = making->fatal.note.time_ns;
	incident->began_ns = conn->flow.first_ns;
	judge_ending(context, conn, ending, &making->facts, verdict);
	assert(verdict->row);
	incident->mechanism = verdict->reading.mechanism;
	incident->sender = verdict->reading.sender;
	incident->culprit = verdict->reading.culprit;
	incident->grade = verdict->grade;
	incident->signature = verdict->row->name;
	incident->summary = verdict->row->summary;
}

/* The silence before it, where that is worth naming. */
static void add_idle(const struct verdict_context *context,
	const struct closed_conn *conn, const struct making *making,
	struct incident *incident)
{
	const struct flow *flow = &conn->flow;

	if (fact_holds(&making->facts, FACT_GOES_ON_UNDER_ANOTHER_NAME) &&
		incident->mechanism == MECHANISM_STATE_EXPIRED) {
		incident->idle_ns =
			rebinds_rebound(&context->learned->rebinds, flow)
				->idle_ns;
	} else if (fact_holds(&making->facts, FACT_IDLE_BEFORE) &&
		   is_about_idleness(incident->mechanism)) {
		if (flow->flags & FLOW_GAP_PENDING)
			incident->idle_ns =
				(int64_t)flow->pending_gap_ms * 1000000;
		else if (making->reset) {
			int64_t a = making->reset->before[0].last_ns;
			int64_t b = making->reset->before[1].last_ns;

			incident->idle_ns =
				making->reset->note.time_ns - (a > b ? a : b);
		}
	}
}

/* What it has in common with others. */
static void add_common(const struct verdict_context *context,
	const struct closed_conn *conn, struct ending ending,
	const struct making *making, struct incident *incident)
{
	const struct reset *reset = making->reset;

	weaken(conn, ending, incident);
	doubt_neighbour(context, conn, incident);
	doubt_roles(context, conn, incident);
	add_idle(context, conn, making, incident);
	doubt_rebound(context, conn, &making->facts, incident);
	if (reset)
		doubt_abort(conn, &making->facts, incident);
	if (reset && incident->sender == PARTY_MIDDLEBOX &&
		!fact_holds(&making->facts, FACT_RESET_MADE_AT_CAPTURE_POINT))
		incident->hop =
			forger_hop(context, conn, &reset->note, &making->facts);
	add_look(conn, &making->fatal.note, reset, incident);
}

void incident_brief(const struct verdict_context *context,
	const struct closed_conn *conn, struct ending ending,
	struct incident *incident)
{
	struct making making;

	facts_init(&making.facts, true);
	begin(context, conn, ending, &making, incident);
	add_common(context, conn, ending, &making, incident);
}

void incident_of_ending(const struct verdict_context *context,
	const struct closed_conn *conn, struct ending ending,
	struct incident *incident)
{
	unsigned subject = ending.side;
	struct making making;
	const struct verdict *verdict = &making.verdict;
	const struct facts *facts = &making.facts;

	facts_init(&making.facts, false);
	begin(context, conn, ending, &making, incident);
	incident_add_reasons(context, conn, verdict, facts, incident);
	add_common(context, conn, ending, &making, incident);
	add_path(context, conn, incident);
	add_sizes(conn, subject, incident);
	if (judge_blames_device(verdict))
		trigger_find(context, &conn->flow, &incident->trigger);
	packet_excerpt_collect(
		context, conn, ending, &making.fatal, facts, incident);
	advice_write(conn, subject, facts, incident);
}
