#include "analysis/path/path_stray.h"

#include <string.h>

#include "analysis/path/path_resets.h"

void path_stray_sent(struct path *path, const struct packet *packet)
{
	struct path_strays *strays = &path->strays;

	if (!reset_is_stray(packet) || strays->sent == PATH_STRAYS)
		return;
	strays->port = packet->source_port;
	strays->numbers[strays->sent++] = packet->acknowledged;
	strays->sent_frame = packet->frame;
}

/* Its sequence number is the one that was acknowledged, and it acknowledges
 * nothing (RFC 9293, 3.10.7.1). */
void path_stray_heard(struct path *path, const struct packet *packet)
{
	struct path_strays *strays = &path->strays;

	if (packet->kind != PACKET_TCP || strays->reset.frame ||
		(packet->tcp_flags & (TCP_RST | TCP_ACK)) != TCP_RST ||
		packet->target_port != strays->port ||
		packet->source_port != path->comment.port ||
		memcmp(&packet->source, &path->comment.target,
			sizeof(packet->source)) != 0)
		return;
	for (unsigned i = 0; i < strays->sent; i++)
		if (strays->numbers[i] == packet->sequence)
			strays->reset = (struct path_reset){
				packet->frame, packet->ttl};
}

/* A reset from another distance is a device's, and tells nothing of the
 * target. */
static void set_stray(const struct path *path, struct path_facts *facts)
{
	const enum path_fact fact = PATH_FACT_STRAY_ACK_RESET;
	const struct path_strays *strays = &path->strays;
	struct path_case distance;

	if (strays->sent < path->thresholds[PATH_SYNS_FOR_SILENCE])
		return;
	path_case_begin(&distance, PATH_SUBJECT_PORT, path->comment.family);
	path_resets_weigh(path, &strays->reset, &distance);
	if (strays->reset.frame &&
		distance.facts.value[PATH_FACT_RESET_TTL_MATCHES_SENDER]
				.truth != TRUTH_YES)
		return;
	path_fact_set(facts, fact, strays->reset.frame != 0);
	path_fact_frames(
		facts, fact, strays->reset.frame, strays->sent_frame);
	path_fact_found(facts, fact, "%s",
		strays->reset.frame ? "a reset, from as far as the target"
				    : "silence");
	path_fact_expected(facts, fact, "a reset");
}

static void set_unused(const struct path *path, struct path_facts *facts)
{
	const enum path_fact fact = PATH_FACT_UNUSED_PORTS_ANSWER;
	unsigned sent = 0, answered = 0;
	uint64_t sent_frame = 0, frame = 0;

	for (uint32_t row = 0; row < path->table.count; row++) {
		const struct sent_probe *probe = &path->table.sent_probe[row];

		if (probe->protocol != PROTOCOL_TCP ||
			probe->tcp_flags != TCP_SYN ||
			probe->tos != RESET_MARK ||
			probe->target_port == path->comment.port)
			continue;
		sent++;
		sent_frame = probe->frame;
		answered += path->replies[row].arrived != 0;
		if (path->replies[row].arrived)
			frame = path->replies[row].arrived;
	}
	if (sent < path->thresholds[PATH_SYNS_FOR_SILENCE])
		return;
	path_fact_set(facts, fact, answered > 0);
	path_fact_frames(facts, fact, frame, sent_frame);
	path_fact_found(facts, fact, "%u of %u SYNs", answered, sent);
	path_fact_expected(facts, fact, "all");
}

void path_stray_weigh(const struct path *path, struct path_case *one)
{
	set_stray(path, &one->facts);
	set_unused(path, &one->facts);
}
