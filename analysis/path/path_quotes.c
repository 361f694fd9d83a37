#include "analysis/path/path_quotes.h"

#include <string.h>

#include "capture/byte_writer.h"
#include "capture/decode/packet_decode.h"
#include "capture/frame.h"
#include "capture/linktype.h"
#include "capture/numbers.h"

enum { ALL_ONES = 0xffff };

void path_quotes_keep_probe(struct path *path, const struct packet *packet)
{
	if (path->quote_probe_count == PATH_QUOTES)
		return;
	struct packet *probe = &path->quote_probes[path->quote_probe_count++];

	*probe = *packet;
	probe->payload = probe->segment = NULL; /* of a buffer used again */
}

static const struct packet *quote_probe_of(
	const struct path *path, uint64_t frame)
{
	for (unsigned i = 0; frame && i < path->quote_probe_count; i++)
		if (path->quote_probes[i].frame == frame)
			return &path->quote_probes[i];
	return NULL;
}

/* Whether the quoted segment's checksum is that of the quoted segment under
 * the quoted addresses (RFC 9293, 3.1). Known only of a segment that is quoted
 * to its end. */
static enum truth is_checksum_right(
	const struct packet *quoted, const uint8_t *bytes, uint32_t count)
{
	uint32_t header = ip_header_bytes(quoted->family);
	uint32_t address_bytes = address_bytes_of(quoted->family);

	if (count < quoted->ip_bytes || quoted->ip_bytes <= header ||
		(quoted->family == 4 && (bytes[0] & 0x0fu) * 4 != header) ||
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
void path_quotes_take(struct path *path, const struct sent_probe *sent_probe,
	const struct packet *packet, bool is_target)
{
	const struct packet *sent = quote_probe_of(path, sent_probe->frame);
	uint32_t captured = packet->payload_captured;
	/* An error quotes the beginning: the packet was as long as it says. */
	struct frame frame = {
		.bytes = packet->payload,
		.captured_bytes = captured,
		.original_bytes = packet->quoted.total_bytes > captured
					  ? packet->quoted.total_bytes
					  : captured,
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
	quote->is_whole =
		quote->packet.kind == PACKET_TCP &&
		!(quote->packet.quirks &
			(QUIRK_SHORT | QUIRK_NO_OPTIONS_SEEN |
				QUIRK_TCP_HEADER | QUIRK_TCP_OPTIONS));
	quote->is_checksum_right =
		quote->is_whole
			? is_checksum_right(&quote->packet, packet->payload,
				  packet->payload_captured)
			: TRUTH_UNKNOWN;
	quote->sent = *sent;
	quote->packet.payload = quote->packet.segment = NULL;
	path->quote_count++;
}
