#include "analysis/path/path.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/path/path_state.h"
#include "probe/protocol/quote_probe.h"

struct path *path_new(
	const struct section_comment *comment, struct failure *failure)
{
	struct path *path = calloc(1, sizeof(*path));

	if (!path) {
		(void)failure_set(
			failure, EXIT_INPUT_CUT, "no memory for a path");
		return NULL;
	}
	path->comment = *comment;
	path->rules = probe_rules_of(comment->version);
	assert(path->rules);
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

enum probe_method path_method_of(const struct sent_probe *sent_probe)
{
	return sent_probe->tag == CONNECTION_OF_RUN
		       ? probe_method_of(sent_probe)
		       : METHOD_COUNT;
}

bool path_is_whole_way(
	const struct path *path, const struct sent_probe *sent_probe)
{
	return path->distance ? sent_probe->ttl >= path->distance
			      : sent_probe->ttl >= HOP_LIMIT_WHOLE_WAY;
}

static void take_question(struct path *path, const struct packet *packet)
{
	struct sent_probe sent_probe = sent_probe_of_packet(packet);

	path->totals.sent++;
	if (packet->kind == PACKET_TCP && packet->tcp_flags & TCP_SYN &&
		path->syn_frame == 0)
		path->syn_frame = packet->frame;
	bool is_other = packet->kind == PACKET_TCP &&
			connection_roles_take(&path->roles, packet->source_port,
				packet->tcp_flags) == CONNECTION_OF_EXPERIMENT;
	bool is_error = packet->kind == PACKET_ICMP && packet->quoted.family;
	sent_probe.tag = is_other || is_error ? CONNECTION_OF_EXPERIMENT
					      : CONNECTION_OF_RUN;
	path->syn_count += packet->kind == PACKET_TCP && !is_other &&
			   packet->tcp_flags & TCP_SYN;
	if (is_error)
		path_note_told(path, packet);
	if (packet->kind == PACKET_TCP && packet->tcp_flags & TCP_FIN &&
		!is_other)
		path->has_closed = true;
	if (packet->kind == PACKET_TCP && packet->tcp_flags & TCP_SYN) {
		if (packet->options & OPTION_MSS && !path->totals.own_mss)
			path->totals.own_mss = packet->mss;
	}
	if (packet->kind == PACKET_TCP)
		path_note_said(path, packet);
	if (quote_probe_is(packet))
		path_note_specimen(path, packet);
	if (probe_table_add(&path->table, &sent_probe) < 0)
		path->totals.is_cut = true;
}

static void take_rtt(struct path *path, const struct sent_probe *sent_probe,
	const struct packet *packet)
{
	int64_t rtt_ns = path_elapsed_ns(sent_probe->time_ns, packet->time_ns);

	if (rtt_ns >= 0 && rtt_ns < path->totals.rtt_ns)
		path->totals.rtt_ns = rtt_ns;
}

static void take_handshake(struct path *path,
	const struct sent_probe *sent_probe, const struct packet *packet,
	enum response_kind kind)
{
	if (!(sent_probe->tcp_flags & TCP_SYN) ||
		sent_probe->tag == CONNECTION_OF_EXPERIMENT)
		return;
	if (kind == RESPONSE_UNREACHABLE && path->rejected_frame == 0) {
		path->rejected_frame = packet->frame;
		path->rejected_from = packet->source;
		path->rejected_type = packet->icmp_type;
		path->rejected_code = packet->icmp_code;
	}
	if (kind != RESPONSE_ARRIVED)
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
		packet->target_port != path->roles.run_port ||
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
		struct sent_probe *sent_probe = &path->table.sent_probe[row];
		const struct reply *reply = &path->replies[row];

		if (path_method_of(sent_probe) == METHOD_TCP &&
			!reply->arrived && !reply->expired && !reply->refused &&
			(rtt_ns == INT64_MAX ||
				sent_probe->time_ns >=
					path->ended_ns - 2 * rtt_ns))
			sent_probe->payload_bytes = 0; /* no ruler any more */
	}
}

static bool is_unanswered(const struct path *path, uint32_t row)
{
	const struct reply *reply = &path->replies[row];

	return path_method_of(&path->table.sent_probe[row]) == METHOD_TCP &&
	       path_is_whole_way(path, &path->table.sent_probe[row]) &&
	       !reply->arrived && !reply->expired && !reply->refused;
}

/* A server whose handshake is not complete answers no data: where the packet
 * that completes it is lost or late, what was sent right behind it says
 * nothing. It shows by packets no larger than the first that is answered. */
static void forget_deaf_beginning(struct path *path)
{
	struct sent_probe *sent_probe = path->table.sent_probe;
	uint32_t first = 0;
	bool is_deaf = false;

	while (first < path->table.count &&
		(path_method_of(&sent_probe[first]) != METHOD_TCP ||
			!path->replies[first].arrived))
		first++;
	if (first == path->table.count)
		return;
	for (uint32_t row = 0; row < first; row++)
		is_deaf =
			is_deaf || (is_unanswered(path, row) &&
					   sent_probe[row].ip_bytes <=
						   sent_probe[first].ip_bytes);
	for (uint32_t row = 0; is_deaf && row < first; row++)
		if (is_unanswered(path, row))
			sent_probe[row].payload_bytes =
				0; /* no ruler any more */
	if (is_deaf)
		path_look(path);
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
	if (reply->arrived && reply->refused && path->liar_count < PATH_LIARS &&
		!is_liar(path, &reply->refused_from))
		path->liars[path->liar_count++] = reply->refused_from;
}

/* A refusal that names no smaller size than what it refuses is none. */
static void take_refusal(struct path *path, const struct sent_probe *sent_probe,
	struct reply *reply, const struct packet *packet)
{
	if (packet->icmp_mtu >= sent_probe->ip_bytes ||
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
	enum response_kind kind;
	int row = response_match(&path->table, packet, &kind);

	path->totals.heard++;
	note_end(path, packet);
	if (packet->kind == PACKET_TCP)
		path_note_heard(path, packet);
	if (packet->kind == PACKET_FRAGMENT)
		path->later_pieces++;
	if (row < 0)
		return;
	const struct sent_probe *sent_probe = &path->table.sent_probe[row];
	struct reply *reply = &path->replies[row];

	take_handshake(path, sent_probe, packet, kind);
	switch (kind) {
	case RESPONSE_ARRIVED:
		take_rtt(path, sent_probe, packet);
		if (reply->arrived)
			break;
		if (packet->kind == PACKET_ICMP && packet->quoted.family) {
			path_note_quote(path, sent_probe, packet, true);
			reply->arrived_quoted_ttl = packet->quoted.ttl;
		}
		reply->arrived = packet->frame;
		reply->arrived_ns = packet->time_ns;
		reply->is_arrived_in_pieces = packet->is_first_fragment;
		reply->arrived_bytes = packet->ip_bytes;
		note_liar(path, reply);
		break;
	case RESPONSE_EXPIRED:
		if (reply->expired)
			break;
		path_note_quote(path, sent_probe, packet, false);
		reply->expired = packet->frame;
		reply->expired_ns = packet->time_ns;
		reply->expired_from = packet->source;
		reply->is_expired_joined =
			sent_probe->is_fragment &&
			packet->quoted.total_bytes > sent_probe->ip_bytes;
		break;
	case RESPONSE_TOO_BIG:
		take_refusal(path, sent_probe, reply, packet);
		break;
	case RESPONSE_INCOMPLETE:
		if (reply->incomplete)
			break;
		reply->incomplete = packet->frame;
		reply->incomplete_ns = packet->time_ns;
		break;
	case RESPONSE_UNREACHABLE:
		reply->unreachable = packet->frame;
		reply->unreachable_from = packet->source;
		break;
	case RESPONSE_NONE:
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
	if (probe_table_is_probe(&path->table, packet))
		take_question(path, packet);
	else
		take_answer(path, packet);
}

static void tally(struct path *path)
{
	for (uint32_t row = 0; row < path->table.count; row++) {
		const struct sent_probe *sent_probe =
			&path->table.sent_probe[row];
		const struct reply *reply = &path->replies[row];
		enum probe_method method = path_method_of(sent_probe);

		if (method == METHOD_COUNT ||
			!path_is_whole_way(path, sent_probe) ||
			sent_probe->ip_bytes > PROBE_MOST_BYTES)
			continue;
		struct tally *size =
			&path->tallies[method][sent_probe->ip_bytes];

		if (size->sent_probe++ == 0)
			size->asked_frame = sent_probe->frame;
		if (reply->arrived && size->arrived++ == 0)
			size->arrived_frame = reply->arrived;
		size->arrived_whole +=
			reply->arrived && !reply->is_arrived_in_pieces;
		if (reply->refused && size->refused++ == 0) {
			size->refused_frame = reply->refused;
			size->refused_row = (int)row;
		}
	}
}

void path_finish(struct path *path)
{
	forget_contradicted(path);
	forget_doubtful(path);
	path_look(path);
	forget_deaf_beginning(path);
	path->totals.distance = path->distance;
	tally(path);
	path_judge_port(path);
	path_judge_mtu(path);
	path_judge_fragments(path);
	path_judge_rewritten(path);
	path_judge_loss(path);
	path_judge_too_big(path);
}

const struct section_comment *path_comment(const struct path *path)
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

void path_totals(const struct path *path, struct path_totals *totals)
{
	*totals = path->totals;
}
