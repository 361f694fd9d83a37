/* What came back of the packets that were sent to be looked at: the packet as a
 * router, or the target, quotes it beside the packet as it was sent. */
#include "analysis/path/path_state.h"

#include <string.h>

#include "capture/byte_writer.h"
#include "capture/decode/packet_decode.h"
#include "capture/frame.h"
#include "capture/linktype.h"

enum { IP4_HEADER = 20, IP6_HEADER = 40, ALL_ONES = 0xffff };

void path_note_specimen(struct path *path, const struct packet *packet)
{
	if (path->specimen_count == PATH_QUOTES)
		return;
	struct packet *specimen = &path->specimens[path->specimen_count++];

	*specimen = *packet;
	specimen->payload = NULL; /* of a buffer that is used again */
}

static const struct packet *specimen_of(const struct path *path, uint64_t frame)
{
	for (unsigned i = 0; frame && i < path->specimen_count; i++)
		if (path->specimens[i].frame == frame)
			return &path->specimens[i];
	return NULL;
}

/* Whether the quoted segment's checksum is that of the quoted segment under
 * the quoted addresses (RFC 9293, 3.1). Known only of a segment that is quoted
 * to its end. */
static enum truth is_checksum_right(
	const struct packet *quoted, const uint8_t *bytes, uint32_t count)
{
	uint32_t header = quoted->family == 4 ? IP4_HEADER : IP6_HEADER;
	uint32_t address_bytes = quoted->family == 4 ? 4 : 16;

	if (count < quoted->ip_bytes || quoted->ip_bytes <= header ||
		(quoted->family == 4 && (bytes[0] & 0x0f) * 4 != IP4_HEADER) ||
		(quoted->family == 6 && bytes[6] != quoted->protocol))
		return TRUTH_UNKNOWN;
	uint32_t length = quoted->ip_bytes - header;
	uint32_t sum = bytes_sum(bytes + header, length) +
		       bytes_sum(quoted->source.bytes, address_bytes) +
		       bytes_sum(quoted->target.bytes, address_bytes) + length +
		       quoted->protocol;

	while (sum >> 16)
		sum = (sum & ALL_ONES) + (sum >> 16);
	return sum == ALL_ONES ? TRUTH_YES : TRUTH_NO;
}

/* The quote is an IP packet of its own and is decoded as one. */
void path_note_quote(struct path *path, const struct sent_probe *sent_probe,
	const struct packet *packet, bool is_target)
{
	const struct packet *sent = specimen_of(path, sent_probe->frame);
	struct frame frame = {
		.bytes = packet->payload,
		.captured_bytes = packet->payload_captured,
		.original_bytes = packet->payload_captured,
		.linktype = LINKTYPE_RAW,
	};

	if (!sent || path->quote_count == PATH_QUOTES || !packet->payload ||
		(!is_target && sent_probe->ttl > HOP_LIMIT_WHOLE_WAY))
		return;
	struct quote *quote = &path->quotes[path->quote_count];
	packet_decode(&frame, &quote->packet);
	if (quote->packet.kind != sent->kind)
		return;
	quote->frame = packet->frame;
	quote->against = sent_probe->frame;
	quote->ttl = sent_probe->ttl;
	quote->is_target = is_target;
	quote->is_whole = quote->packet.kind == PACKET_TCP &&
			  !(quote->packet.oddities &
				  (ODD_SHORT | ODD_NO_OPTIONS_SEEN |
					  ODD_TCP_HEADER | ODD_TCP_OPTIONS));
	quote->is_checksum_right =
		quote->is_whole
			? is_checksum_right(&quote->packet, packet->payload,
				  packet->payload_captured)
			: TRUTH_UNKNOWN;
	quote->sent = *sent;
	quote->packet.payload = NULL;
	path->quote_count++;
}
