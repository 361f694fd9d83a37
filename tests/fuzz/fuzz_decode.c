/* Any bytes as a frame of any link type. The first two bytes choose the link
 * type, the third how much of the wire the snap length took. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "capture/decode/packet_decode.h"
#include "capture/frame.h"
#include "capture/packet.h"
#include "tests/support/packet_text.h"
#include "capture/checksum.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What must hold whatever the bytes are. */
static void check(const struct packet *packet, const struct frame *frame)
{
	const uint8_t *end = frame->bytes + frame->captured_bytes;

	if (packet->kind > PACKET_FRAGMENT ||
		packet->skip_reason >= SKIP_COUNT ||
		packet->tunnel >= TUNNEL_COUNT || packet->sack_count > 4 ||
		packet->option_bytes > 40 || packet->direction > FRAME_OUTBOUND)
		abort();
	if ((packet->kind == PACKET_OTHER) != (packet->skip_reason != 0))
		abort();
	if (packet->payload_captured > packet->payload_bytes)
		abort();
	if (packet->payload_captured > 0 &&
		(packet->payload < frame->bytes ||
			packet->payload + packet->payload_captured > end))
		abort();
	(void)tcp_checksum_is_right(packet); /* reads nothing else */
	if (packet->kind != PACKET_OTHER && packet->family != 4 &&
		packet->family != 6)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static char line[1 << 15], again[1 << 15];
	static uint8_t space[1 << 15];
	struct frame frame = {.time_ns = 1, .number = 1};
	struct packet packet, parsed;
	struct text_error error;
	size_t length;

	if (size < 3)
		return 0;
	frame.linktype = (uint16_t)((data[0] << 8 | data[1]) % 300);
	frame.bytes = data + 3;
	frame.captured_bytes = (uint32_t)(size - 3);
	frame.original_bytes = frame.captured_bytes + data[2] * 7u;
	memset(&packet, 0xa5, sizeof(packet));
	packet_decode(&frame, &packet);
	check(&packet, &frame);
	/* what was decoded can be written down and read back */
	length = packet_format(&packet, line, sizeof(line));
	if (length == 0 && packet.payload_captured * 4 + 1024 < sizeof(line))
		abort();
	if (length == 0)
		return 0;
	if (!packet_parse(line, length, space, &parsed, &error))
		abort();
	if (packet_format(&parsed, again, sizeof(again)) != length ||
		memcmp(line, again, length) != 0)
		abort();
	return 0;
}
