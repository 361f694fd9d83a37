#include "analysis/path.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/path_state.h"

static const char *const finding_words[] = {
	[FINDING_PATH_MTU] = "path-mtu",
	[FINDING_BLACK_HOLE] = "pmtu-black-hole",
	[FINDING_TOO_BIG_IGNORED] = "too-big-ignored",
	[FINDING_MSS_CLAMPED] = "mss-clamped",
	[FINDING_DF_CLEARED] = "df-cleared",
	[FINDING_FRAGMENTS_DROPPED] = "fragments-dropped",
	[FINDING_PORT_STATE] = "port-state",
	[FINDING_LOSS] = "loss",
	[FINDING_REWRITTEN] = "rewritten",
};
static_assert(sizeof(finding_words) / sizeof(finding_words[0]) ==
		FINDING_COUNT,
	"a word for every finding");

const char *finding_word(enum finding_kind kind)
{
	assert(kind < FINDING_COUNT);
	return finding_words[kind];
}

struct path *path_new(
	const struct path_comment *comment, struct failure *failure)
{
	struct path *path = calloc(1, sizeof(*path));

	if (!path) {
		(void)failure_set(
			failure, EXIT_INPUT_CUT, "no memory for a path");
		return NULL;
	}
	path->comment = *comment;
	path->table.family = comment->family;
	path->table.own = comment->own;
	path->table.target = comment->target;
	path->totals.rtt_ns = INT64_MAX;
	path->totals.first_ns = INT64_MIN;
	path->ended_ns = INT64_MAX;
	return path;
}

void path_free(struct path *path)
{
	free(path);
}

enum path_ruler path_ruler_of(const struct asked *asked)
{
	if (asked->is_fragment || asked->tcp_flags & (TCP_SYN | TCP_FIN) ||
		asked->tag == PATH_OTHER_CONNECTION)
		return PATH_RULERS;
	switch (asked->protocol) {
	case PROTOCOL_TCP:
		return asked->payload_bytes ? PATH_TCP : PATH_RULERS;
	case PROTOCOL_UDP:
		return PATH_UDP;
	case PROTOCOL_ICMP:
	case PROTOCOL_ICMP6:
		return PATH_ECHO;
	default:
		return PATH_RULERS;
	}
}

bool path_is_whole_way(const struct path *path, const struct asked *asked)
{
	return path->distance ? asked->ttl >= path->distance
			      : asked->ttl >= PATH_TTL_MOST;
}

int path_hop_of(const struct path *path, const struct address *address)
{
	for (unsigned i = 0; i < path->hop_count; i++)
		if (path->hops[i].has_address &&
			memcmp(&path->hops[i].address, address,
				sizeof(*address)) == 0)
			return (int)path->hops[i].ttl;
	return HOP_NOT_KNOWN;
}

struct finding *path_add(struct path *path, enum finding_kind kind)
{
	if (path->finding_count == PATH_FINDINGS)
		return NULL;
	struct finding *finding = &path->findings[path->finding_count++];
	*finding = (struct finding){
		.kind = kind,
		.grade = GRADE_UNDETERMINED,
		.direction = PATH_NO_DIRECTION,
		.after_hop = HOP_NOT_KNOWN,
		.before_hop = HOP_NOT_KNOWN,
		.hop = HOP_NOT_KNOWN,
		.limited_after_hop = HOP_NOT_KNOWN,
	};
	return finding;
}

void path_evidence(struct finding *finding, const char *fact,
	enum truth holds, uint64_t frame, uint64_t against,
	const char *found, const char *expected)
{
	if (!finding || finding->evidence_count == FINDING_EVIDENCE)
		return;
	struct evidence *row = &finding->evidence[finding->evidence_count++];
	*row = (struct evidence){.fact = fact,
		.holds = holds,
		.frame = frame,
		.against = against};
	(void)snprintf(row->found, sizeof(row->found), "%s", found);
	(void)snprintf(row->expected, sizeof(row->expected), "%s", expected);
}

static void take_question(struct path *path, const struct packet *packet)
{
	struct asked asked = asked_of_packet(packet);

	path->totals.sent++;
	if (packet->kind == PACKET_TCP && packet->tcp_flags & TCP_SYN &&
		path->syn_frame == 0) {
		path->syn_frame = packet->frame;
		path->own_port = packet->source_port;
	}
	bool is_other = packet->kind == PACKET_TCP && path->own_port &&
		packet->source_port != path->own_port;
	asked.tag = is_other ? PATH_OTHER_CONNECTION : 0;
	if (packet->kind == PACKET_TCP && packet->tcp_flags & TCP_FIN &&
		!is_other)
		path->has_closed = true;
	if (packet->kind == PACKET_TCP && packet->tcp_flags & TCP_SYN) {
		if (packet->options & OPTION_MSS && !path->totals.own_mss)
			path->totals.own_mss = packet->mss;
	}
	if (packet->kind == PACKET_TCP)
		path_note_said(path, packet);
	if (path_is_specimen(packet))
		path_note_specimen(path, packet);
	if (answer_add(&path->table, &asked) < 0)
		path->totals.is_cut = true;
}

static void take_rtt(struct path *path, const struct asked *asked,
	const struct packet *packet)
{
	int64_t rtt_ns = packet->time_ns - asked->time_ns;

	if (rtt_ns >= 0 && rtt_ns < path->totals.rtt_ns)
		path->totals.rtt_ns = rtt_ns;
}

static void take_handshake(struct path *path, const struct asked *asked,
	const struct packet *packet, enum answer_kind kind)
{
	if (!(asked->tcp_flags & TCP_SYN) ||
		asked->tag == PATH_OTHER_CONNECTION)
		return;
	if (kind == ANSWER_UNREACHABLE && path->rejected_frame == 0)
		path->rejected_frame = packet->frame;
	if (kind != ANSWER_ARRIVED)
		return;
	if (packet->tcp_flags & TCP_SYN) {
		if (path->opened_frame == 0) {
			path->opened_frame = packet->frame;
			path->server_next = packet->sequence + 1;
		}
		if (packet->options & OPTION_MSS)
			path->totals.peer_mss = packet->mss;
	} else if (path->closed_frame == 0) {
		path->closed_frame = packet->frame;
	}
}

/* The connection's end, if the server is the first to end it: what does not
 * begin with the very next byte is not believed (RFC 5961, 3.2). */
static void note_end(struct path *path, const struct packet *packet)
{
	uint32_t bytes = packet_sequence_length(packet);

	if (path->opened_frame == 0 || path->has_closed ||
		packet->kind != PACKET_TCP ||
		packet->target_port != path->own_port ||
		packet->sequence != path->server_next ||
		memcmp(&packet->source, &path->comment.target,
			sizeof(packet->source)) != 0)
		return;
	if (!(packet->tcp_flags & (TCP_SYN | TCP_RST)))
		path->server_next += bytes;
	if (packet->tcp_flags & (TCP_FIN | TCP_RST) &&
		packet->time_ns < path->ended_ns)
		path->ended_ns = packet->time_ns;
}

/* A connection that has ended names nothing that arrives any more: what was
 * sent when the end may have been on its way, and has no answer, says
 * nothing. */
static void forget_doubtful(struct path *path)
{
	int64_t rtt_ns = path->totals.rtt_ns;

	if (path->ended_ns == INT64_MAX)
		return;
	for (uint32_t row = 0; row < path->table.count; row++) {
		struct asked *asked = &path->table.asked[row];
		const struct reply *reply = &path->replies[row];

		if (path_ruler_of(asked) == PATH_TCP && !reply->arrived &&
			!reply->expired && !reply->refused &&
			(rtt_ns == INT64_MAX ||
				asked->time_ns >= path->ended_ns - 2 * rtt_ns))
			asked->payload_bytes = 0; /* no ruler any more */
	}
}

static bool is_liar(const struct path *path, const struct address *address)
{
	for (unsigned i = 0; i < path->liar_count; i++)
		if (memcmp(&path->liars[i], address, sizeof(*address)) == 0)
			return true;
	return false;
}

/* Who refused a packet that arrived is believed in nothing. */
static void note_liar(struct path *path, const struct reply *reply)
{
	if (reply->arrived && reply->refused &&
		path->liar_count < PATH_LIARS &&
		!is_liar(path, &reply->refused_from))
		path->liars[path->liar_count++] = reply->refused_from;
}

/* A refusal that names no smaller size than what it refuses is none. */
static void take_refusal(struct path *path, const struct asked *asked,
	struct reply *reply, const struct packet *packet)
{
	if (packet->icmp_mtu >= asked->ip_bytes ||
		is_liar(path, &packet->source))
		return;
	reply->refused = packet->frame;
	reply->refused_from = packet->source;
	reply->claimed_mtu = packet->icmp_mtu;
	reply->refused_ttl = packet->quoted.ttl;
	note_liar(path, reply);
}

/* What arrived was neither refused nor did it expire, whatever is said. */
static void forget_contradicted(struct path *path)
{
	for (uint32_t row = 0; row < path->table.count; row++) {
		struct reply *reply = &path->replies[row];

		if (reply->arrived)
			reply->expired = 0;
		if (reply->refused && is_liar(path, &reply->refused_from))
			reply->refused = 0;
	}
}

static void take_answer(struct path *path, const struct packet *packet)
{
	enum answer_kind kind;
	int row = answer_find(&path->table, packet, &kind);

	path->totals.heard++;
	note_end(path, packet);
	if (packet->kind == PACKET_TCP)
		path_note_heard(path, packet);
	if (packet->kind == PACKET_FRAGMENT)
		path->later_pieces++;
	if (row < 0)
		return;
	const struct asked *asked = &path->table.asked[row];
	struct reply *reply = &path->replies[row];

	take_handshake(path, asked, packet, kind);
	switch (kind) {
	case ANSWER_ARRIVED:
		take_rtt(path, asked, packet);
		if (reply->arrived)
			break;
		if (packet->kind == PACKET_ICMP && packet->quoted.family) {
			path_note_quote(path, asked, packet, true);
			reply->arrived_quoted_ttl = packet->quoted.ttl;
		}
		reply->arrived = packet->frame;
		reply->arrived_ns = packet->time_ns;
		reply->is_arrived_in_pieces = packet->is_first_fragment;
		note_liar(path, reply);
		break;
	case ANSWER_EXPIRED:
		if (reply->expired)
			break;
		path_note_quote(path, asked, packet, false);
		reply->expired = packet->frame;
		reply->expired_ns = packet->time_ns;
		reply->expired_from = packet->source;
		break;
	case ANSWER_TOO_BIG:
		take_refusal(path, asked, reply, packet);
		break;
	case ANSWER_UNREACHABLE:
		reply->unreachable = packet->frame;
		reply->unreachable_from = packet->source;
		break;
	case ANSWER_NONE:
		break;
	}
}

void path_packet(struct path *path, const struct packet *packet)
{
	if (packet->time_ns != INT64_MIN) {
		if (path->totals.first_ns == INT64_MIN)
			path->totals.first_ns = packet->time_ns;
		path->totals.last_ns = packet->time_ns;
	}
	if (answer_is_question(&path->table, packet))
		take_question(path, packet);
	else
		take_answer(path, packet);
}

/* The least hop limit that arrived, by whichever ruler: one of them may be
 * lost. A load balancer may answer echo itself and pass the connection on, so
 * it is more than any at which the connection's packets expired; but that some
 * did where others arrived is not to be believed. */
static void find_distance(struct path *path)
{
	unsigned arrived = 0, by_tcp = PATH_TTL_MOST, expired = 0;

	for (uint32_t row = 0; row < path->table.count; row++) {
		const struct asked *asked = &path->table.asked[row];
		enum path_ruler ruler = path_ruler_of(asked);

		if (ruler == PATH_RULERS || !path->replies[row].arrived)
			continue;
		if (arrived == 0 || asked->ttl < arrived)
			arrived = asked->ttl;
		if (ruler == PATH_TCP && asked->ttl < by_tcp)
			by_tcp = asked->ttl;
	}
	for (uint32_t row = 0; row < path->table.count; row++) {
		const struct asked *asked = &path->table.asked[row];

		if (path_ruler_of(asked) == PATH_TCP &&
			path->replies[row].expired && asked->ttl > expired &&
			asked->ttl < by_tcp)
			expired = asked->ttl;
	}
	if (arrived && arrived <= expired)
		arrived = expired + 1;
	if (arrived < PATH_TTL_MOST)
		path->distance = arrived;
}

static unsigned last_hop(const struct path *path)
{
	unsigned last = path->distance;

	for (uint32_t row = 0; last == 0 && row < path->table.count; row++)
		if (path->replies[row].expired &&
			path->table.asked[row].ttl > path->hop_count &&
			path->table.asked[row].ttl < PATH_TTL_MOST)
			return PATH_TTL_MOST - 1;
	return last;
}

static void take_hop(struct path_hop *hop, const struct asked *asked,
	const struct reply *reply, const struct path *path)
{
	int64_t rtt_ns = INT64_MAX;

	if (hop->is_target ? reply->arrived != 0 : reply->expired != 0) {
		rtt_ns = (hop->is_target ? reply->arrived_ns
					 : reply->expired_ns) -
			asked->time_ns;
		if (!hop->has_address)
			hop->address = hop->is_target ? path->comment.target
						      : reply->expired_from;
		hop->has_address = true;
	} else if (reply->unreachable && !hop->has_address) {
		hop->address = reply->unreachable_from;
		hop->has_address = true;
	}
	if (rtt_ns >= 0 && rtt_ns < hop->rtt_ns)
		hop->rtt_ns = rtt_ns;
}

/* Large packets of the search for the MTU are no measure of loss. */
static bool is_small(const struct asked *asked)
{
	return asked->ip_bytes <= 256;
}

static void find_hops(struct path *path)
{
	unsigned last = last_hop(path);

	for (unsigned ttl = 1; ttl <= last; ttl++) {
		struct path_hop *hop = &path->hops[ttl - 1];

		*hop = (struct path_hop){.ttl = ttl,
			.is_target = ttl == path->distance,
			.rtt_ns = INT64_MAX};
		for (uint32_t row = 0; row < path->table.count; row++) {
			const struct asked *asked = &path->table.asked[row];
			const struct reply *reply = &path->replies[row];

			if (asked->ttl != ttl ||
				path_ruler_of(asked) == PATH_RULERS)
				continue;
			take_hop(hop, asked, reply, path);
			if (!is_small(asked))
				continue;
			hop->sent++;
			if (!reply->arrived && !reply->expired &&
				!reply->unreachable)
				hop->lost++;
		}
	}
	path->hop_count = last;
	/* Without an end in sight: up to the last that answered. */
	while (path->distance == 0 && path->hop_count > 0 &&
		!path->hops[path->hop_count - 1].has_address)
		path->hop_count--;
}

static void tally(struct path *path)
{
	for (uint32_t row = 0; row < path->table.count; row++) {
		const struct asked *asked = &path->table.asked[row];
		const struct reply *reply = &path->replies[row];
		enum path_ruler ruler = path_ruler_of(asked);

		if (ruler == PATH_RULERS || !path_is_whole_way(path, asked) ||
			asked->ip_bytes > PATH_SIZE_MOST)
			continue;
		struct tally *size = &path->tallies[ruler][asked->ip_bytes];

		if (size->asked++ == 0)
			size->asked_frame = asked->frame;
		if (reply->arrived && size->arrived++ == 0)
			size->arrived_frame = reply->arrived;
		if (reply->refused && size->refused++ == 0) {
			size->refused_frame = reply->refused;
			size->refused_row = (int)row;
		}
	}
}

void path_look(struct path *path)
{
	find_distance(path);
	find_hops(path);
}

void path_finish(struct path *path)
{
	forget_contradicted(path);
	forget_doubtful(path);
	find_distance(path);
	find_hops(path);
	path->totals.distance = path->distance;
	tally(path);
	path_judge_port(path);
	path_judge_mtu(path);
	path_judge_fragments(path);
	path_judge_rewritten(path);
	path_judge_loss(path);
}

const struct path_comment *path_comment(const struct path *path)
{
	return &path->comment;
}

unsigned path_hop_count(const struct path *path)
{
	return path->hop_count;
}

const struct path_hop *path_hop(const struct path *path, unsigned index)
{
	assert(index < path->hop_count);
	return &path->hops[index];
}

unsigned path_finding_count(const struct path *path)
{
	return path->finding_count;
}

const struct finding *path_finding(const struct path *path, unsigned index)
{
	assert(index < path->finding_count);
	return &path->findings[index];
}

void path_totals(const struct path *path, struct path_totals *totals)
{
	*totals = path->totals;
}

static bool has_finding(const struct path *path, enum finding_kind kind)
{
	for (unsigned i = 0; i < path->finding_count; i++)
		if (path->findings[i].kind == kind)
			return true;
	return false;
}

bool path_is_settled(const struct path *path, const char *experiment)
{
	if (strcmp(experiment, "fragments") == 0)
		return path->is_fragments_settled;
	if (strcmp(experiment, "rewritten") == 0)
		return path->is_rewritten_settled;
	if (strcmp(experiment, "loss") == 0)
		return path->is_loss_settled;
	return has_finding(path, FINDING_PATH_MTU) ||
		has_finding(path, FINDING_BLACK_HOLE);
}
