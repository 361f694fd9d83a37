#include "analysis/path/path_streams.h"

#include <string.h>

#include "capture/checksum.h"
#include "capture/sequence.h"
#include "probe/protocol/segment_size.h"

enum { MOST_AHEAD = 1 << 20 };

void path_streams_sent(struct path *path, const struct packet *packet)
{
	struct path_stream *stream =
		path_record_stream(path, packet->source_port);

	if (packet->tcp_flags & TCP_SYN && !stream &&
		path->stream_count < PATH_STREAMS) {
		stream = &path->streams[path->stream_count++];
		*stream = (struct path_stream){
			.port = packet->source_port,
			.syn_frame = packet->frame,
			.syn_ns = packet->time_ns,
			.first = packet->sequence,
			.mss = packet->options & OPTION_MSS ? packet->mss : 0,
			.said = packet->sequence + 1,
			.asked_ns = INT64_MAX,
			.answered_ns = INT64_MAX,
			.left_ns = INT64_MAX,
		};
	}
	if (!stream)
		return;
	stream->sent_ns = packet->time_ns;
	if (packet->payload_bytes > 0 &&
		!sequence_after(packet->sequence + packet->payload_bytes,
			stream->first + 1))
		stream->is_flow = true;
	else if (packet->payload_bytes > 0)
		stream->has_sent_data = true;
	if (packet->payload_bytes > 0 &&
		sequence_after(
			packet->sequence + packet->payload_bytes, stream->said))
		stream->said = packet->sequence + packet->payload_bytes;
	stream->has_left = stream->has_left || packet->tcp_flags & TCP_FIN;
	if (stream->has_left && stream->left_ns == INT64_MAX)
		stream->left_ns = packet->time_ns;
	if (!stream->is_asked && stream->has_sent_data &&
		packet->payload_bytes == 0 && packet->window > 0 &&
		!stream->has_left) {
		stream->is_asked = true;
		stream->asked_ns = packet->time_ns;
		stream->asked_frame = packet->frame;
	}
}

/* One range beyond a gap is followed, the first; the others repeat it. */
static void note_beyond(struct path_stream *stream, uint32_t start,
	uint32_t end, const struct packet *packet)
{
	if (stream->beyond_frame == 0) {
		stream->beyond = (struct sack_block){start, end};
		stream->beyond_frame = packet->frame;
		stream->beyond_ns = packet->time_ns;
	} else if (start == stream->beyond.end) {
		stream->beyond.end = end;
	} else if (end == stream->beyond.start) {
		stream->beyond.start = start;
	}
}

static void note_bytes(struct path_stream *stream, const struct packet *packet)
{
	uint32_t start = packet->sequence;
	uint32_t end = start + packet->payload_bytes;

	if (sequence_after(start, stream->next)) {
		note_beyond(stream, start, end, packet);
		return;
	}
	if (!sequence_after(end, stream->next))
		return;
	stream->next = end;
	if (stream->beyond_frame == 0 ||
		sequence_before(end, stream->beyond.start))
		return;
	if (sequence_after(stream->beyond.end, end))
		stream->next = stream->beyond.end;
	stream->beyond_frame = 0;
}

/* See capture/checksum.h. */
static bool is_one_segment(struct path_stream *stream,
	const struct packet *packet, int64_t least_ns)
{
	if (tcp_checksum_is_right(packet))
		return true;
	if (stream->merged_frame && packet->sequence == stream->merged_start)
		return stream->sent_ns < stream->merged_ns &&
		       packet->time_ns - stream->merged_ns >= least_ns;
	stream->merged_frame = packet->frame;
	stream->merged_start = packet->sequence;
	stream->merged_ns = packet->time_ns;
	return false;
}

/* A segment without PSH or FIN has its sender's full segment size, unless it
 * is half of it. */
static void note_size(struct path_stream *stream, const struct packet *packet,
	int64_t least_ns)
{
	bool is_cut = !(packet->tcp_flags & (TCP_PSH | TCP_FIN)) &&
		      !segment_is_halved(packet->payload_bytes, stream->mss);

	if (!is_one_segment(stream, packet, least_ns) ||
		packet->ip_bytes < stream->largest ||
		packet->payload_bytes > stream->mss)
		return;
	stream->is_cut = is_cut || (stream->is_cut &&
					   packet->ip_bytes == stream->largest);
	if (packet->ip_bytes > stream->largest)
		stream->largest_frame = packet->frame;
	stream->largest = packet->ip_bytes;
}

void path_streams_ptb_sent(struct path *path, const struct packet *packet)
{
	struct path_stream *stream =
		path_record_stream(path, packet->quoted.target_port);

	if (!stream || stream->ptb.frame || packet->icmp_mtu == 0 ||
		!packet->quoted.has_sequence)
		return;
	stream->ptb.frame = packet->frame;
	stream->ptb.about_frame = stream->largest_frame;
	stream->ptb.ns = packet->time_ns;
	stream->ptb.claimed_mtu = packet->icmp_mtu;
	stream->ptb.start = packet->quoted.sequence;
}

static bool begins(const struct path_stream *stream, const char *text)
{
	size_t bytes = strlen(text);

	return stream->word_bytes >= bytes &&
	       memcmp(stream->words, text, bytes) == 0;
}

/* sshd's refusals come in place of its identification. */
static void note_words(struct path *path, const struct path_stream *stream,
	const struct packet *packet)
{
	if (begins(stream, "SSH-"))
		path->totals.is_ssh = true;
	if (begins(stream, "Exceeded MaxStartups") && !path->startups_frame) {
		path->startups_frame = packet->frame;
		path->startups_syn_frame = stream->syn_frame;
		path->totals.is_ssh = true;
	}
	if (begins(stream, "Not allowed at this time") &&
		!path->not_allowed_frame) {
		path->not_allowed_frame = packet->frame;
		path->not_allowed_syn_frame = stream->syn_frame;
		path->totals.is_ssh = true;
	}
}

/* The server's first words, in as many segments as they may come. */
static void take_words(struct path *path, struct path_stream *stream,
	const struct packet *packet)
{
	int32_t at = sequence_distance(stream->theirs, packet->sequence);

	if (stream->word_bytes == PATH_FIRST_WORDS || at < 0 ||
		at > stream->word_bytes || !packet->payload)
		return;
	while (stream->word_bytes < PATH_FIRST_WORDS &&
		(uint32_t)(stream->word_bytes - at) <
			packet->payload_captured) {
		stream->words[stream->word_bytes] =
			packet->payload[stream->word_bytes - at];
		stream->word_bytes++;
	}
	note_words(path, stream, packet);
}

/* How the server resends the same bytes after our PTB: smaller segments,
 * fragments, or DF cleared, count as honouring it. Segments that were in flight
 * when it was sent do not count. */
static void note_ptb_effect(const struct path *path, struct path_stream *stream,
	const struct packet *packet)
{
	int64_t rtt_ns = path->totals.rtt_ns;

	if (stream->ptb.frame == 0 || stream->ptb.honoured_frame ||
		packet->sequence != stream->ptb.start)
		return;
	if (packet->ip_bytes <= stream->ptb.claimed_mtu ||
		packet->is_first_fragment ||
		(packet->family == 4 && !packet->is_df)) {
		stream->ptb.honoured_frame = packet->frame;
		stream->ptb.honoured_ns = packet->time_ns;
	} else if (rtt_ns == INT64_MAX ||
		   packet->time_ns - stream->ptb.ns >= rtt_ns) {
		stream->ptb.repeats++;
		stream->ptb.repeat_frame = packet->frame;
	}
}

void path_streams_heard(struct path *path, const struct packet *packet)
{
	struct path_stream *stream =
		path_record_stream(path, packet->target_port);

	if (!stream || packet->source_port != path->comment.port ||
		packet->tcp_flags & TCP_RST ||
		memcmp(&packet->source, &path->comment.target,
			sizeof(packet->source)) != 0)
		return;
	if (packet->tcp_flags & TCP_SYN) {
		if (stream->is_open || !(packet->tcp_flags & TCP_ACK) ||
			packet->acknowledged != stream->first + 1)
			return;
		stream->is_open = true;
		stream->syn_ack_frame = packet->frame;
		stream->syn_ack_ttl = packet->ttl;
		stream->has_window_scale =
			(packet->options & OPTION_WINDOW_SCALE) != 0;
		stream->window_scale = packet->window_scale;
		stream->next = stream->theirs = packet->sequence + 1;
		stream->acknowledged = packet->acknowledged;
		return;
	}
	if (stream->is_open && !stream->has_left &&
		sequence_after(packet->acknowledged, stream->acknowledged))
		stream->acknowledged = packet->acknowledged;
	int32_t ahead = sequence_distance(stream->next, packet->sequence);

	if (!stream->is_open || packet->payload_bytes == 0 ||
		ahead > MOST_AHEAD || ahead < -MOST_AHEAD)
		return;
	if (stream->is_asked && stream->answered_ns == INT64_MAX)
		stream->answered_ns = packet->time_ns;
	take_words(path, stream, packet);
	note_ptb_effect(path, stream, packet);
	note_bytes(stream, packet);
	note_size(stream, packet, path->rules->retransmission_least_ns);
}
