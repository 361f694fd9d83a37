#include "analysis/path/path_ssh_reading.h"

#include <string.h>

#include "analysis/observe/ssh_proposal.h"

enum { MESSAGES = 2 }; /* KEXINIT, and the next one */

/* Behind the identification line; 0: it is not there (yet). */
static uint32_t identified(const struct dialog_stream *stream)
{
	uint32_t at = 0;

	while (at < stream->known) {
		const uint8_t *line = stream->bytes + at;
		const uint8_t *end = memchr(line, '\n', stream->known - at);

		if (!end)
			return 0;
		at += (uint32_t)(end - line) + 1;
		if (end - line >= 4 && memcmp(line, "SSH-", 4) == 0)
			return at;
	}
	return 0;
}

static struct cursor rest_of(
	const struct dialog_stream *stream, uint32_t at)
{
	return cursor_on(
		stream->bytes + at, stream->known - at, stream->known - at);
}

/* Where identification and messages end; 0: it did not come. Returns how many
 * messages are whole. */
static unsigned messages(const struct dialog_stream *stream,
	uint32_t *line_end, uint32_t ends[MESSAGES])
{
	uint32_t at = identified(stream);

	*line_end = at;
	for (unsigned i = 0; i < MESSAGES; i++) {
		struct cursor cursor = rest_of(stream, at);
		uint32_t length = cursor_u32(&cursor);

		if (at == 0 || cursor_is_short(&cursor) ||
			length > stream->known - at - 4)
			return i;
		at += 4 + length;
		ends[i] = at;
	}
	return MESSAGES;
}

/* All that the stream has, as one packet. */
static struct packet whole(const struct dialog_stream *stream)
{
	return (struct packet){
		.kind = PACKET_TCP,
		.frame = 1,
		.sequence = stream->first,
		.payload = stream->bytes,
		.payload_bytes = stream->known,
		.payload_captured = stream->known,
	};
}

/* Without memory nothing is known of it. */
static void read_talk(struct ssh_reading *reading)
{
	struct packet server = whole(&reading->flow->server);
	struct ssh_talk *talk = ssh_talk_new();

	if (!talk)
		return;
	ssh_talk_feed(talk, SSH_SERVER, &server);
	reading->is_identified = talk->has_banner[SSH_SERVER];
	reading->refusal = (enum ssh_refusal)talk->refusal;
	memcpy(reading->text, talk->text[SSH_SERVER], SSH_TEXT_BYTES);
	ssh_talk_free(talk);
}

static void compare(struct ssh_reading *reading)
{
	struct ssh_proposal client, server;

	reading->has_compared =
		ssh_proposal_read(reading->offer_packet, &client) &&
		ssh_proposal_read(reading->kexinit_packet, &server) &&
		ssh_proposal_compare(&client, &server, &reading->missing);
}

bool path_ssh_is_of(const struct path_dialog *flow, enum ssh_purpose *purpose)
{
	return ssh_rules_purpose(flow->own.bytes, flow->own.known, purpose);
}

bool path_ssh_is_ended(const struct path_dialogs *dialogs, uint16_t port)
{
	const struct path_dialog *flow = path_dialog_ended(dialogs, port);
	enum ssh_purpose purpose;

	return flow && path_ssh_is_of(flow, &purpose);
}

void path_ssh_read(const struct path_dialog *flow, struct ssh_reading *reading)
{
	uint32_t line_end, own_end, ends[MESSAGES], own_ends[MESSAGES];
	unsigned count = messages(&flow->server, &line_end, ends);
	unsigned own = messages(&flow->own, &own_end, own_ends);

	*reading = (struct ssh_reading){.flow = flow};
	reading->has_purpose = path_ssh_is_of(flow, &reading->purpose);
	read_talk(reading);
	reading->first = path_dialog_arrival(&flow->server, 1);
	reading->banner = path_dialog_arrival(&flow->server, line_end);
	reading->said = path_dialog_arrival(&flow->own, own_end);
	if (count > 0)
		reading->kexinit = path_dialog_arrival(&flow->server, ends[0]);
	if (count > 1)
		reading->reply = path_dialog_arrival(&flow->server, ends[1]);
	if (own > 0)
		reading->offered = path_dialog_arrival(&flow->own, own_ends[0]);
	if (own > 1)
		reading->began = path_dialog_arrival(&flow->own, own_ends[1]);
	if (count == 0 || own == 0)
		return;
	reading->kexinit_packet = rest_of(&flow->server, line_end);
	reading->offer_packet = rest_of(&flow->own, own_end);
	compare(reading);
}
