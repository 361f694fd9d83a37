#include "tests/support/capture_packets.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "capture/array.h"
#include "capture/decode/packet_decode.h"
#include "tests/support/open_recording.h"

static bool append(struct capture_packets *list, const struct packet *packet)
{
	struct packet *packets = array_grown(
		list->packets, list->count, &list->room, sizeof(*packets));
	uint8_t **payloads = array_grown(list->payloads, list->count,
		&list->payload_room, sizeof(*payloads));
	uint8_t *payload = NULL;

	list->packets = packets ? packets : list->packets;
	list->payloads = payloads ? payloads : list->payloads;
	if (packet->payload_captured)
		payload = malloc(packet->payload_captured);
	if (!packets || !payloads || (packet->payload_captured && !payload)) {
		free(payload);
		return false;
	}
	if (payload)
		memcpy(payload, packet->payload, packet->payload_captured);
	payloads[list->count] = payload;
	packets[list->count] = *packet;
	packets[list->count++].payload = payload;
	return true;
}

/* What follows a cut, in the next file, is no part of a single one. */
static bool read_packets(struct recording *recording,
	struct capture_packets *list, struct failure *failure)
{
	struct batch *batch = batch_new(0);
	bool is_kept = batch;

	while (is_kept &&
		recording_read(recording, batch, failure) == READING_MORE)
		for (uint32_t i = 0; is_kept && i < batch->count; i++) {
			struct packet packet;

			packet_decode(&batch->frames[i], &packet);
			is_kept = append(list, &packet);
		}
	batch_free(batch);
	return is_kept || failure_set(failure, EXIT_INPUT_CUT, "no memory");
}

bool capture_packets_read(
	struct capture_packets *list, const char *path, struct failure *failure)
{
	struct recording *recording = open_and_begin(&path, 1, failure);
	bool is_read;

	memset(list, 0, sizeof(*list));
	if (!recording)
		return false;
	is_read = read_packets(recording, list, failure);
	(void)snprintf(list->comment, sizeof(list->comment), "%s",
		recording_comment(recording));
	recording_close(recording);
	return is_read;
}

void capture_packets_free(struct capture_packets *list)
{
	for (uint32_t i = 0; i < list->count; i++)
		free(list->payloads[i]);
	free(list->payloads);
	free(list->packets);
}
