#include "analysis/path/path_headers_seen.h"

#include "capture/numbers.h"

enum { USUAL_MTU = 1500 }; /* Ethernet's, RFC 894 */

/* Whether a device on the path, or the target's own link, may have lowered the
 * SYN-ACK's MSS: one that fits Ethernet's packets was not. */
static uint32_t usual_mss(const struct path *path)
{
	uint32_t usual = USUAL_MTU - tcp_headers_bytes(path->comment.family);

	return path->totals.own_mss < usual ? path->totals.own_mss : usual;
}

/* What every link takes: what hosts offer that know of no other size (RFC 9293,
 * 3.7.1). */
static uint32_t least_mss(uint8_t family)
{
	return (family == 4 ? 576u : 1280u) - tcp_headers_bytes(family);
}

static void set_quotes(const struct path *path, struct path_case *one)
{
	const enum path_fact fact = PATH_FACT_LAST_ROUTER_QUOTES;
	const struct quote *last = NULL;
	unsigned hop = 0;

	for (unsigned i = 0; i < path->quote_count; i++) {
		const struct quote *quote = &path->quotes[i];

		if (!quote->is_whole || quote->is_target || quote->ttl <= hop ||
			(path->distance && quote->ttl >= path->distance))
			continue;
		hop = quote->ttl;
		last = quote;
	}
	path_fact_set(&one->facts, fact, last && hop + 1 == path->distance);
	if (last)
		path_fact_frames(&one->facts, fact, last->frame, last->against);
	path_fact_found(&one->facts, fact, "hop %u", hop);
	path_fact_expected(&one->facts, fact, "hop %u",
		path->distance ? path->distance - 1 : 0);
	path_case_word(&one->words, PATH_WORD_HOP, "%u", hop);
}

/* The server fills a segment as large as this host's SYN offered for the
 * interface's MTU. */
static void set_full_segment(const struct path *path, struct path_facts *facts)
{
	const enum path_fact fact = PATH_FACT_FULL_SEGMENT_CAME;
	uint32_t headers = tcp_headers_bytes(path->comment.family);
	const struct path_stream *largest = NULL;

	for (unsigned i = 0; i < path->stream_count; i++) {
		const struct path_stream *stream = &path->streams[i];

		if (stream->mss + headers >= path->comment.interface_mtu &&
			(!largest || stream->largest > largest->largest))
			largest = stream;
	}
	path_fact_set(facts, fact,
		largest && largest->largest >= path->comment.interface_mtu);
	if (largest)
		path_fact_frames(facts, fact, largest->largest_frame,
			largest->syn_frame);
	path_fact_found(facts, fact, "%u", largest ? largest->largest : 0);
	path_fact_expected(facts, fact, "%u", path->comment.interface_mtu);
}

/* The largest whole packet of the target; 0: none. */
static uint32_t largest_whole(const struct path *path, uint64_t *frame)
{
	uint32_t largest = 0;

	for (uint32_t row = 0; row < path->table.count; row++) {
		const struct reply *reply = &path->replies[row];

		if (!reply->arrived || reply->is_arrived_in_fragments ||
			path->is_echo_elsewhere ||
			path_record_method(path, row) != METHOD_ECHO ||
			reply->arrived_bytes <= largest)
			continue;
		largest = reply->arrived_bytes;
		*frame = reply->arrived;
	}
	return largest;
}

static void set_syn_ack(const struct path *path, struct path_case *one)
{
	const enum path_fact full = PATH_FACT_SYN_ACK_MSS_FULL,
			     larger = PATH_FACT_LARGER_THAN_MSS_CAME;
	uint32_t mss = path->totals.peer_mss;
	uint32_t headers = tcp_headers_bytes(path->comment.family);
	uint64_t frame = 0;
	uint32_t whole = largest_whole(path, &frame);

	if (mss == 0 || path->totals.own_mss == 0 || path->is_peer_mss_unsure)
		return;
	path_fact_set(&one->facts, full, mss >= usual_mss(path));
	path_fact_frames(&one->facts, full, path->opened_frame, 0);
	path_fact_found(&one->facts, full, "%u", mss);
	path_fact_expected(&one->facts, full, "%u", usual_mss(path));
	path_case_word(&one->words, PATH_WORD_SIZE, "%u", mss + headers);
	if (whole == 0)
		return;
	path_fact_set(&one->facts, larger, whole > mss + headers);
	path_fact_frames(&one->facts, larger, frame, path->opened_frame);
	path_fact_found(&one->facts, larger, "%u", whole);
	path_fact_expected(&one->facts, larger, "above %u", mss + headers);
	path_fact_set(&one->facts, PATH_FACT_MSS_IS_LEAST,
		mss <= least_mss(path->comment.family));
	one->figures.mss_arrived = mss;
}

void path_headers_seen_case(
	const struct path *path, const struct path_case_sink *sink)
{
	struct path_case one;

	path_case_begin(&one, PATH_SUBJECT_HEADERS, path->comment.family);
	if (section_comment_has(&path->comment, EXPERIMENT_REWRITTEN)) {
		set_quotes(path, &one);
		set_full_segment(path, &one.facts);
	}
	set_syn_ack(path, &one);
	sink->take(sink->context, &one);
}
