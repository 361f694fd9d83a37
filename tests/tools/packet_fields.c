/* packet_fields FILE...: the TCP packets of captures as they were decoded, one
 * a line, tab-separated, for comparison with another decoder: frame (over all
 * files, in the order given), tunnel, addresses, ports, flags, sequence and
 * acknowledgment numbers, payload on the wire, TTL, IPv4 identification,
 * window, length of the IP packet, quirks. */
#include <arpa/inet.h>
#include <inttypes.h>
#include <stdio.h>

#include "capture/decode/packet_decode.h"
#include "tests/support/open_recording.h"

static void print_address(const struct packet *packet, bool is_source)
{
	char text[INET6_ADDRSTRLEN] = "?";

	(void)inet_ntop(packet->family == 4 ? AF_INET : AF_INET6,
		is_source ? packet->source.bytes : packet->target.bytes, text,
		sizeof(text)); /* it fits */
	printf("\t%s", text);
}

static void print_packet(uint64_t number, const struct packet *packet)
{
	printf("%" PRIu64 "\t%s", number,
		tunnel_word((enum tunnel)packet->tunnel));
	print_address(packet, true);
	print_address(packet, false);
	printf("\t%u\t%u\t%u\t%" PRIu32 "\t%" PRIu32 "\t%" PRIu32
	       "\t%u\t%u\t%u\t%" PRIu32 "\t%" PRIu32 "\n",
		packet->source_port, packet->target_port, packet->tcp_flags,
		packet->sequence, packet->acknowledged, packet->payload_bytes,
		packet->ttl, packet->ip_id, packet->window, packet->ip_bytes,
		packet->quirks);
}

/* Prints one file; returns false with a complaint when it ends early. */
static bool print_file(const char *path, uint64_t *frames)
{
	struct failure failure;
	struct recording *recording = open_and_begin(&path, 1, &failure);
	struct batch *batch = batch_new(BATCH_USUAL_BYTES);
	enum reading reading = READING_MORE;
	uint64_t before = *frames;
	bool is_whole = recording && batch;

	while (recording && batch && reading != READING_END) {
		reading = recording_read(recording, batch, &failure);
		is_whole &= reading != READING_CUT;
		for (uint32_t i = 0; i < batch->count; i++) {
			struct packet packet;

			packet_decode(&batch->frames[i], &packet);
			*frames = before + packet.frame;
			if (packet.kind == PACKET_TCP)
				print_packet(*frames, &packet);
		}
	}
	if (!is_whole)
		fprintf(stderr, "%s\n",
			batch ? failure.text : "no memory for the packets");
	batch_free(batch);
	recording_close(recording);
	return is_whole;
}

int main(int argument_count, char **arguments)
{
	uint64_t frames = 0;
	bool is_whole = true;

	if (argument_count < 2) {
		fprintf(stderr, "usage: packet_fields FILE...\n");
		return 2;
	}
	for (int i = 1; i < argument_count; i++) {
		is_whole &= print_file(arguments[i], &frames);
		printf("# %" PRIu64 "\n", frames);
	}
	return is_whole ? 0 : 1;
}
