#include "analysis/path/path_resets.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/path/path_ssh_reading.h"
#include "analysis/path/path_tls_reading.h"
#include "analysis/verdict/ttl_spread.h"

static bool is_of_target(const struct path *path, const struct packet *packet)
{
	return memcmp(&packet->source, &path->comment.target,
		       sizeof(packet->source)) == 0;
}

void path_resets_sent(struct path *path, const struct packet *packet)
{
	struct path_stream *stream =
		path_record_stream(path, packet->source_port);

	if (!stream)
		return;
	if (packet->tcp_flags & TCP_FIN)
		stream->left_end = packet->sequence + 1;
	if (packet->tcp_flags & (TCP_FIN | TCP_RST) && !stream->reset.frame)
		stream->has_ended_first = true;
}

/* An answer to our FIN that was sent after the reset: the reset was not the
 * answerer's. */
static void note_answer(struct path_stream *stream, const struct packet *packet)
{
	if (stream->reset.frame && !stream->continued_frame &&
		stream->has_left && packet->tcp_flags & TCP_ACK &&
		packet->acknowledged == stream->left_end)
		stream->continued_frame = packet->frame;
}

static void note_reset(struct path_stream *stream, const struct packet *packet)
{
	if (!stream->is_open || stream->has_ended_first ||
		stream->reset.frame || packet->sequence != stream->next)
		return;
	stream->reset = (struct path_reset){packet->frame, packet->ttl};
}

void path_resets_heard(struct path *path, const struct packet *packet)
{
	struct path_stream *stream;

	if (!is_of_target(path, packet) || packet->ttl == 0)
		return;
	if (packet->kind == PACKET_TCP && packet->tcp_flags & TCP_RST) {
		stream = path_record_stream(path, packet->target_port);
		if (stream && packet->source_port == path->comment.port)
			note_reset(stream, packet);
		return;
	}
	uint64_t *seen = packet->kind == PACKET_TCP
				 ? &path->tcp_ttls[packet->ttl]
				 : &path->other_ttls[packet->ttl];
	if (!*seen)
		*seen = packet->frame;
	if (packet->kind == PACKET_TCP &&
		(packet->payload_bytes || packet->sack_count))
		path->served_ttls[packet->ttl] = true;
	stream = packet->kind == PACKET_TCP
			 ? path_record_stream(path, packet->target_port)
			 : NULL;
	if (stream)
		note_answer(stream, packet);
}

bool path_resets_has_target(const struct path *path)
{
	bool is_any = path->closed.frame != 0;

	for (unsigned i = 0; i <= UINT8_MAX; i++)
		is_any = is_any || path->tcp_ttls[i] || path->other_ttls[i];
	return is_any;
}

static bool has_tcp(const struct path *path)
{
	bool has = false;

	for (unsigned i = 1; i <= UINT8_MAX; i++)
		has = has || path->tcp_ttls[i];
	return has;
}

/* The TTL of the target's packets that has passed as many routers as the
 * reset's, or about as many; 0: there is none. */
static unsigned nearest_ttl(
	const struct path *path, uint8_t ttl, uint64_t *frame)
{
	const uint64_t *seen =
		has_tcp(path) ? path->tcp_ttls : path->other_ttls;
	unsigned nearest = 0, least = UINT_MAX;

	for (unsigned i = 1; i <= UINT8_MAX; i++) {
		unsigned apart = (unsigned)abs(
			(int)ttl_hops((uint8_t)i) - (int)ttl_hops(ttl));

		if (!seen[i] || apart >= least)
			continue;
		least = apart;
		nearest = i;
		*frame = seen[i];
	}
	return nearest;
}

/* A device is nearer; more hops are another route. */
bool path_resets_is_from_server(const struct path *path, uint8_t ttl)
{
	unsigned nearest = UINT_MAX;

	for (unsigned i = 1; i <= UINT8_MAX; i++)
		if (path->served_ttls[i] && ttl_hops((uint8_t)i) < nearest)
			nearest = ttl_hops((uint8_t)i);
	return nearest == UINT_MAX ? !path_resets_is_foreign(path, ttl)
				   : ttl_hops(ttl) >= nearest;
}

bool path_resets_is_foreign(const struct path *path, uint8_t ttl)
{
	uint64_t frame;
	unsigned nearest = nearest_ttl(path, ttl, &frame);

	return nearest && ttl && ttl_hops((uint8_t)nearest) != ttl_hops(ttl);
}

/* The port may be forwarded: then echo replies come from before the host whose
 * reset it is, and tell nothing of resets from farther away. */
static void set_farther(
	const struct path *path, struct path_facts *facts, int nearer)
{
	unsigned least = UINT_MAX, most = 0;

	if (!has_tcp(path))
		return;
	path_fact_set(facts, PATH_FACT_RESET_FARTHER, nearer < 0);
	for (unsigned i = 1; i <= UINT8_MAX; i++) {
		unsigned hops = ttl_hops((uint8_t)i);

		if (!path->tcp_ttls[i])
			continue;
		least = hops < least ? hops : least;
		most = hops > most ? hops : most;
	}
	path_fact_set(facts, PATH_FACT_TARGET_DISTANCES_DIFFER,
		most - least >= path->thresholds[PATH_RESET_FAR_HOPS]);
}

void path_resets_weigh(const struct path *path, const struct path_reset *reset,
	struct path_case *one)
{
	struct path_facts *facts = &one->facts;
	uint64_t frame = 0;
	unsigned nearest = nearest_ttl(path, reset->ttl, &frame);
	int nearer;

	if (!nearest || reset->ttl == 0)
		return;
	nearer = (int)ttl_hops((uint8_t)nearest) - (int)ttl_hops(reset->ttl);
	path_fact_set(facts, PATH_FACT_RESET_TTL_MATCHES_SENDER, nearer == 0);
	path_fact_frames(
		facts, PATH_FACT_RESET_TTL_MATCHES_SENDER, reset->frame, frame);
	path_fact_found(facts, PATH_FACT_RESET_TTL_MATCHES_SENDER, "ttl %u",
		reset->ttl);
	path_fact_expected(
		facts, PATH_FACT_RESET_TTL_MATCHES_SENDER, "ttl %u", nearest);
	path_fact_set(facts, PATH_FACT_RESET_NEARER, nearer > 0);
	path_fact_set(facts, PATH_FACT_RESET_HOPS_APART,
		abs(nearer) >= path->thresholds[PATH_RESET_FAR_HOPS]);
	set_farther(path, facts, nearer);
	if (nearer <= 0)
		return;
	one->figures.hop = (int)ttl_hops(reset->ttl) + 1;
	path_case_word(&one->words, PATH_WORD_HOP, "%d", one->figures.hop);
}

/* A server's own reset is the subject of path_ssh.c, or path_tls.c, there. */
static bool is_reset_of_dialog(
	const struct path *path, const struct path_stream *stream)
{
	return stream->reset.frame &&
	       !path_resets_is_foreign(path, stream->reset.ttl) &&
	       (path_ssh_is_ended(&path->dialogs, stream->port) ||
		       path_tls_is_ended(&path->dialogs, stream->port));
}

/* The first is what a client takes for the answer. */
static void syn_case(const struct path *path, const struct path_case_sink *sink)
{
	struct path_case one;

	if (!path->is_syn_answered_twice)
		return;
	path_case_begin(&one, PATH_SUBJECT_RESET, path->comment.family);
	path_fact_set(&one.facts, PATH_FACT_SYN_ANSWERED_TWICE, true);
	path_fact_frames(&one.facts, PATH_FACT_SYN_ANSWERED_TWICE,
		path->closed.frame, path->opened_frame);
	path_fact_found(&one.facts, PATH_FACT_SYN_ANSWERED_TWICE,
		"a reset, then a SYN-ACK");
	path_fact_expected(
		&one.facts, PATH_FACT_SYN_ANSWERED_TWICE, "one answer");
	path_resets_weigh(path, &path->closed, &one);
	sink->take(sink->context, &one);
}

void path_resets_cases(
	const struct path *path, const struct path_case_sink *sink)
{
	const struct path_stream *first = NULL;
	unsigned open = 0, reset = 0;
	struct path_case one;

	syn_case(path, sink);
	for (unsigned i = 0; i < path->stream_count; i++) {
		const struct path_stream *stream = &path->streams[i];

		/* What resets those is the subject of path_idle.c, and of
		 * path_injector.c. */
		if (path_idle_is_tested(&path->idle, stream->port) ||
			path_reset_is_shown(&path->resets, stream->port) ||
			is_reset_of_dialog(path, stream))
			continue;
		open += stream->is_open;
		reset += stream->reset.frame != 0;
		if (stream->reset.frame &&
			(!first || stream->reset.frame < first->reset.frame))
			first = stream;
	}
	if (!first)
		return;
	path_case_begin(&one, PATH_SUBJECT_RESET, path->comment.family);
	path_fact_set(&one.facts, PATH_FACT_CONNECTION_RESET, true);
	path_fact_frames(&one.facts, PATH_FACT_CONNECTION_RESET,
		first->reset.frame, first->syn_frame);
	path_fact_found(&one.facts, PATH_FACT_CONNECTION_RESET,
		"%u of %u connections", reset, open);
	path_fact_expected(&one.facts, PATH_FACT_CONNECTION_RESET, "none");
	if (first->continued_frame) {
		path_fact_set(&one.facts, PATH_FACT_SENDER_CONTINUED, true);
		path_fact_frames(&one.facts, PATH_FACT_SENDER_CONTINUED,
			first->continued_frame, first->reset.frame);
		path_fact_as_expected(&one.facts, PATH_FACT_SENDER_CONTINUED,
			"our FIN was acknowledged");
	}
	if (path_reset_is_sent(&path->resets, first->port))
		(void)snprintf(one.figures.injector.trigger,
			sizeof(one.figures.injector.trigger), "%s",
			path->comment.trigger);
	path_resets_weigh(path, &first->reset, &one);
	sink->take(sink->context, &one);
}
