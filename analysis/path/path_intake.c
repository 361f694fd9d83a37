#include "analysis/path/path_intake.h"

#include <string.h>

#include "analysis/path/path_quotes.h"
#include "analysis/path/path_resets.h"
#include "analysis/path/path_stray.h"
#include "analysis/path/path_streams.h"
#include "probe/protocol/quote_probe.h"

static void take_sent_syn(struct path *path, const struct packet *packet,
	enum connection_role role)
{
	if (path->syn_frame == 0) {
		path->syn_frame = packet->frame;
		path->syn_sequence = packet->sequence;
	}
	path->syn_count += role == CONNECTION_OF_RUN;
	if (packet->options & OPTION_MSS && !path->totals.own_mss)
		path->totals.own_mss = packet->mss;
}

static enum connection_role take_sent_segment(
	struct path *path, const struct packet *packet)
{
	enum connection_role role = connection_roles_take(
		&path->roles, packet->source_port, packet->tcp_flags);

	if (packet->tcp_flags & TCP_SYN)
		take_sent_syn(path, packet, role);
	if (packet->tcp_flags & (TCP_FIN | TCP_RST) &&
		role == CONNECTION_OF_RUN)
		path->has_closed = true;
	path_streams_sent(path, packet);
	path_resets_sent(path, packet);
	return role;
}

static void note_stray_flow(
	struct path *path, const struct sent_probe *sent_probe)
{
	for (unsigned i = 0; i < path->stray_flow_count; i++)
		if (path->stray_flows[i].port == sent_probe->source_port)
			return;
	if (path->stray_flow_count < PATH_STRAY_FLOWS)
		path->stray_flows[path->stray_flow_count++].port =
			sent_probe->source_port;
}

/* Old data with the DSCP of a session, which the path may treat otherwise. */
static bool is_marked(const struct path *path, const struct packet *packet)
{
	return packet->kind == PACKET_TCP && packet->tos &&
	       !(packet->tcp_flags & TCP_SYN) &&
	       section_comment_has(&path->comment, EXPERIMENT_SSH);
}

static bool has_dialogs(const struct path *path)
{
	return section_comment_has(&path->comment, EXPERIMENT_SSH) ||
	       section_comment_has(&path->comment, EXPERIMENT_TLS);
}

static void take_sent(struct path *path, const struct packet *packet)
{
	struct sent_probe sent_probe = sent_probe_of_packet(packet);
	bool is_error = packet->kind == PACKET_ICMP && packet->quoted.family;
	enum connection_role role = CONNECTION_OF_RUN;

	path->totals.sent++;
	if (packet->kind == PACKET_TCP)
		role = take_sent_segment(path, packet);
	if (role == CONNECTION_OF_EXPERIMENT && packet->kind == PACKET_TCP &&
		section_comment_has(&path->comment, EXPERIMENT_IDLE))
		path_idle_sent(&path->idle, packet);
	if (packet->kind == PACKET_TCP && has_dialogs(path))
		path_dialogs_sent(
			&path->dialogs, packet, role == CONNECTION_OF_RUN);
	if (is_error)
		path_streams_ptb_sent(path, packet);
	if (quote_probe_is(packet) && !feature_probe_is(packet))
		path_quotes_keep_probe(path, packet);
	int row = probe_table_add(&path->table, &sent_probe);
	if (row >= 0 && packet->kind == PACKET_TCP &&
		packet->tcp_flags & TCP_SYN &&
		packet->ttl < HOP_LIMIT_WHOLE_WAY &&
		path->syn_tests < PATH_SYNS)
		path->syns[path->syn_tests++] = (struct path_syn){
			(uint32_t)row, (uint8_t)syn_features_of(packet)};
	if (row < 0)
		path->totals.is_cut = true;
	else if (is_error || role == CONNECTION_OF_EXPERIMENT ||
		 is_marked(path, packet))
		path->uses[row] = ROW_OF_EXPERIMENT;
	if (role == CONNECTION_OF_EXPERIMENT && packet->kind == PACKET_TCP &&
		section_comment_has(&path->comment, EXPERIMENT_RESET))
		path_reset_sent(&path->resets, packet, row);
	path_stray_sent(path, packet);
	if (stray_segment_is(&sent_probe))
		note_stray_flow(path, &sent_probe);
}

static void take_rtt(struct path *path, const struct sent_probe *sent_probe,
	const struct packet *packet)
{
	int64_t rtt_ns =
		path_record_elapsed_ns(sent_probe->time_ns, packet->time_ns);

	if (sent_probe->is_repeated_syn)
		return;
	if (rtt_ns >= 0 && rtt_ns < path->totals.rtt_ns)
		path->totals.rtt_ns = rtt_ns;
}

/* A SYN-ACK that is sent again has the same MSS: another is forged. */
static void take_peer_mss(struct path *path, uint16_t mss)
{
	if (path->totals.peer_mss == 0)
		path->totals.peer_mss = mss;
	path->is_peer_mss_unsure =
		path->is_peer_mss_unsure || path->totals.peer_mss != mss;
}

static void take_marked(
	struct path *path, uint32_t row, const struct packet *packet)
{
	const struct sent_probe *sent_probe = &path->table.sent_probe[row];
	struct path_marked *marked =
		sent_probe->target_port == path->comment.port
			? &path->marked
			: &path->marked_unused;
	bool is_with = (packet->tos & RESET_MARK_BITS) == RESET_MARK;

	if (!(packet->tcp_flags & TCP_RST) ||
		!(sent_probe->tcp_flags & TCP_SYN) ||
		sent_probe->tos != RESET_MARK)
		return;
	marked->with += is_with;
	marked->without += !is_with;
	if (!marked->frame) {
		marked->frame = packet->frame;
		marked->against = sent_probe->frame;
	}
}

static void take_handshake(struct path *path, uint32_t row,
	const struct packet *packet, enum response_kind kind)
{
	if (!(path->table.sent_probe[row].tcp_flags & TCP_SYN) ||
		path->uses[row] == ROW_OF_EXPERIMENT)
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
			path->is_syn_answered_twice =
				path->closed.frame && path->syn_count == 1;
		}
		if (packet->options & OPTION_MSS)
			take_peer_mss(path, packet->mss);
	} else if (path->closed.frame == 0) {
		path->closed = (struct path_reset){packet->frame, packet->ttl};
	}
}

/* The server's FIN or reset, if it closes first: a segment with another
 * sequence number than the next one is ignored (RFC 5961, 3.2). */
static void take_end(struct path *path, const struct packet *packet)
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

/* RFC 4253, 4.2: it may come behind other lines; then it is not recognised. */
static void take_greeting(struct path *path, const struct packet *packet)
{
	static const char greeting[] = "SSH-";

	if (packet->kind == PACKET_TCP &&
		packet->payload_captured >= sizeof(greeting) - 1 &&
		memcmp(packet->payload, greeting, sizeof(greeting) - 1) == 0 &&
		memcmp(&packet->source, &path->comment.target,
			sizeof(packet->source)) == 0)
		path->totals.is_ssh = true;
}

/* A server without the handshake's ACK is in SYN-RECEIVED: it sends no data, no
 * FIN and no DSACK, and acknowledges the SYN alone (RFC 9293, 3.10.7.4). */
static void take_confirmation(struct path *path, const struct packet *packet)
{
	uint32_t acknowledged = packet->acknowledged - path->syn_sequence - 1;

	/* Our FIN carries that ACK too. */
	if (path->opened_frame == 0 || path->has_closed ||
		packet->kind != PACKET_TCP ||
		packet->target_port != path->roles.run_port ||
		packet->tcp_flags & TCP_RST ||
		memcmp(&packet->source, &path->comment.target,
			sizeof(packet->source)) != 0)
		return;
	if (packet->tcp_flags & TCP_SYN) {
		if (path->confirmed_ns == INT64_MAX &&
			path->syn_ack_again_frame == 0)
			path->syn_ack_again_frame = packet->frame;
		return;
	}
	if (path->confirmed_ns == INT64_MAX &&
		(packet_sequence_length(packet) || packet->sack_count ||
			(acknowledged > 0 && acknowledged <= UINT16_MAX)))
		path->confirmed_ns = packet->time_ns;
}

/* Who is on the path can reset stray segments in the target's name. They go on,
 * and are answered again. */
static void note_forged_reset(
	struct path *path, uint32_t row, bool is_reset_again)
{
	const struct reply *reply = &path->replies[row];

	if (stray_segment_is(&path->table.sent_probe[row]) && reply->arrived &&
		(is_reset_again || reply->refused || reply->expired))
		path->are_strays_forged = true;
}

static void note_spoofer(struct path *path, uint32_t row)
{
	const struct reply *reply = &path->replies[row];

	/* a stray's reset may be a device's, and the segment goes on */
	if (reply->arrived && reply->refused &&
		!stray_segment_is(&path->table.sent_probe[row]) &&
		path->spoofer_count < PATH_SPOOFERS &&
		!path_record_is_spoofer(path, &reply->refused_from))
		path->spoofers[path->spoofer_count++] = reply->refused_from;
}

/* A PTB that names no smaller size than the packet's own is ignored. */
static void take_refusal(
	struct path *path, uint32_t row, const struct packet *packet)
{
	struct reply *reply = &path->replies[row];

	if (packet->icmp_mtu >= path->table.sent_probe[row].ip_bytes ||
		path_record_is_spoofer(path, &packet->source))
		return;
	reply->refused = packet->frame;
	reply->refused_from = packet->source;
	reply->claimed_mtu = packet->icmp_mtu;
	reply->refused_ttl = packet->quoted.ttl;
	note_spoofer(path, row);
	note_forged_reset(path, row, false);
}

static void take_arrival(
	struct path *path, uint32_t row, const struct packet *packet)
{
	const struct sent_probe *sent_probe = &path->table.sent_probe[row];
	struct reply *reply = &path->replies[row];

	if (!(packet->tcp_flags & TCP_RST)) /* it may be a device's */
		take_rtt(path, sent_probe, packet);
	if (reply->arrived) {
		note_forged_reset(path, row, true);
		return;
	}
	if (packet->kind == PACKET_ICMP && packet->quoted.family) {
		path_quotes_take(path, sent_probe, packet, true);
		reply->arrived_quoted_ttl = packet->quoted.ttl;
	}
	reply->arrived = packet->frame;
	reply->arrived_ns = packet->time_ns;
	reply->is_arrived_in_fragments = packet->is_first_fragment;
	reply->is_reset =
		packet->kind == PACKET_TCP && (packet->tcp_flags & TCP_RST);
	reply->arrived_bytes = packet->ip_bytes;
	if (path_record_method(path, row) == METHOD_ECHO &&
		!packet->is_first_fragment &&
		packet->ip_bytes < sent_probe->ip_bytes &&
		path->short_frame == 0) {
		path->short_frame = packet->frame;
		path->short_against = sent_probe->frame;
	}
	note_spoofer(path, row);
	note_forged_reset(path, row, false);
}

static void take_expiry(
	struct path *path, uint32_t row, const struct packet *packet)
{
	const struct sent_probe *sent_probe = &path->table.sent_probe[row];
	struct reply *reply = &path->replies[row];

	if (reply->expired)
		return;
	path_quotes_take(path, sent_probe, packet, false);
	if (sent_probe->is_df && packet->quoted.family == 4 &&
		!packet->quoted.is_df && path->df_cleared_frame == 0)
		path->df_cleared_frame = packet->frame;
	reply->expired = packet->frame;
	reply->expired_ns = packet->time_ns;
	reply->expired_from = packet->source;
	reply->expired_bytes =
		packet->quoted.is_df ? 0 : packet->quoted.total_bytes;
	reply->is_expired_joined =
		sent_probe->is_fragment &&
		packet->quoted.total_bytes > sent_probe->ip_bytes;
	note_forged_reset(path, row, false);
}

/* On the connections of experiments that keep records of their own. */
static void take_for_experiments(struct path *path, const struct packet *packet)
{
	if (section_comment_has(&path->comment, EXPERIMENT_IDLE))
		path_idle_heard(&path->idle, &path->comment.target, packet);
	if (section_comment_has(&path->comment, EXPERIMENT_RESET))
		path_reset_heard(&path->resets, &path->comment.target, packet);
	if (has_dialogs(path) && packet->kind == PACKET_TCP &&
		packet->source_port == path->comment.port &&
		memcmp(&packet->source, &path->comment.target,
			sizeof(packet->source)) == 0)
		path_dialogs_heard(&path->dialogs, packet);
}

static void take_response(struct path *path, const struct packet *packet)
{
	enum response_kind kind;
	int row = response_match(&path->table, packet, &kind);

	if (row < 0 && response_is_out_of_window(&path->table, packet))
		path->totals.out_of_window_icmp++;
	/* A device may reset strays that never reach the target. */
	if (row >= 0 && kind == RESPONSE_ARRIVED &&
		stray_segment_is(&path->table.sent_probe[row]) &&
		!path_resets_is_from_server(path, packet->ttl))
		row = -1;
	path->totals.heard++;
	take_end(path, packet);
	take_confirmation(path, packet);
	take_greeting(path, packet);
	path_resets_heard(path, packet);
	if (packet->kind == PACKET_TCP)
		path_streams_heard(path, packet);
	take_for_experiments(path, packet);
	path_stray_heard(path, packet);
	if (packet->kind == PACKET_FRAGMENT)
		path->later_fragments++;
	if (row < 0)
		return;
	struct reply *reply = &path->replies[row];

	take_handshake(path, (uint32_t)row, packet, kind);
	take_marked(path, (uint32_t)row, packet);
	switch (kind) {
	case RESPONSE_ARRIVED:
		take_arrival(path, (uint32_t)row, packet);
		break;
	case RESPONSE_EXPIRED:
		take_expiry(path, (uint32_t)row, packet);
		break;
	case RESPONSE_TOO_BIG:
		take_refusal(path, (uint32_t)row, packet);
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

void path_intake_packet(struct path *path, const struct packet *packet)
{
	if (packet->time_ns != INT64_MIN) {
		if (path->totals.first_ns == INT64_MIN)
			path->totals.first_ns = packet->time_ns;
		path->totals.last_ns = packet->time_ns;
	}
	if (probe_table_is_probe(&path->table, packet))
		take_sent(path, packet);
	else
		take_response(path, packet);
}
