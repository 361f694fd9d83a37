#include "analysis/observe/payload_need.h"

#include <assert.h>
#include <stdlib.h>

#include "analysis/learned/shared_packets.h"
#include "analysis/observe/app_message.h"
#include "analysis/observe/asked_name.h"
#include "analysis/observe/evidence.h"
#include "analysis/observe/http_error.h"
#include "analysis/observe/ssh.h"
#include "capture/numbers.h"

enum {
	/* of closing words: what may stand before the text, and the text */
	WORDS_BYTES = 128,
	SLOT_BITS = 20,
};
static_assert(
	(int)PAYLOAD_NEED_LEAST >= (int)SHARED_PACKET_BYTES &&
		(int)PAYLOAD_NEED_LEAST >= (int)TRIGGER_BYTES_MOST &&
		sizeof(((struct reset *)NULL)->text) <= PAYLOAD_NEED_LEAST,
	"what is read of any packet");

/* Of one connection; another of the same slot takes its place, and is then one
 * whose beginning is not known. */
struct need_slot {
	uint32_t name;
	uint32_t left; /* bytes that are still needed whole */
};

struct payload_need {
	struct need_slot slots[1 << SLOT_BITS];
};

struct payload_need *payload_need_new(void)
{
	return calloc(1, sizeof(struct payload_need));
}

void payload_need_free(struct payload_need *need)
{
	free(need);
}

/* The same for both directions. */
static uint64_t name_of(const struct packet *packet)
{
	uint64_t sum = packet->context, both = 0;

	for (unsigned i = 0; i < sizeof(packet->source.bytes); i++) {
		uint8_t a = packet->source.bytes[i];
		uint8_t b = packet->target.bytes[i];

		sum = sum * 31 + a + b;
		both = both * 37 + (a ^ b);
	}
	sum = sum * 31 + packet->source_port + packet->target_port;
	both = both * 37 + (packet->source_port ^ packet->target_port);
	sum = (sum ^ both << 32 ^ both >> 32) * 0x9e3779b97f4a7c15u;
	return sum ^ sum >> 29;
}

static bool is_on_ssh_port(const struct packet *packet)
{
	return packet->source_port == SSH_PORT ||
	       packet->target_port == SSH_PORT;
}

static struct need_slot *slot_of(
	struct payload_need *need, const struct packet *packet)
{
	uint64_t name = name_of(packet);
	struct need_slot *slot = &need->slots[name >> (64 - SLOT_BITS)];
	uint32_t own = (uint32_t)name | 1;
	uint32_t left = is_on_ssh_port(packet) ? SSH_NEED_BYTES : 0;

	if (slot->name != own) {
		*slot = (struct need_slot){.name = own, .left = left};
		if (!(packet->tcp_flags & TCP_SYN) && left == 0)
			slot->left = UNKNOWN_NEED_BYTES;
	} else if (packet->tcp_flags & TCP_SYN && slot->left < left) {
		slot->left = left;
	}
	if (ssh_is_banner(packet))
		slot->left = SSH_NEED_BYTES;
	return slot;
}

static uint32_t need_of_words(const struct packet *packet)
{
	enum app_message app_message = app_message_of(packet);

	switch (app_message) {
	case APP_MESSAGE_CLIENT_HELLO:
		return packet->payload_captured;
	case APP_MESSAGE_HTTP_REQUEST:
		return ASKED_REQUEST_BYTES;
	case APP_MESSAGE_HTTP_ERROR:
		return HTTP_ERROR_BYTES;
	case APP_MESSAGE_HTTP_ANSWER:
	case APP_MESSAGE_SERVER_HELLO:
	case APP_MESSAGE_TLS_ALERT:
	case APP_MESSAGE_SSH:
	case APP_MESSAGE_GREETING:
	case APP_MESSAGE_REFUSAL:
	case APP_MESSAGE_READY:
		if (app_message == APP_MESSAGE_REFUSAL &&
			packet->payload[0] == 'H') /* HTTP 408 */
			return HTTP_ERROR_BYTES;
		/* PostgreSQL's text may stand anywhere */
		return packet->payload[0] == 'E' ? packet->payload_captured
						 : (uint32_t)WORDS_BYTES;
	case APP_MESSAGE_NOTHING:
	case APP_MESSAGE_OTHER:
	case APP_MESSAGE_AMQP:
	case APP_MESSAGE_HEARTBEATS:
	case APP_MESSAGE_TLS_END:
	case APP_MESSAGE_COUNT:
		break;
	}
	return PAYLOAD_NEED_LEAST;
}

uint32_t payload_need_of(struct payload_need *need, const struct packet *packet)
{
	uint32_t bytes = PAYLOAD_NEED_LEAST;
	struct need_slot *slot;

	if (packet->kind == PACKET_TCP) {
		slot = slot_of(need, packet);
		bytes = need_of_words(packet);
		if (slot->left && packet->payload_captured) {
			bytes = packet->payload_captured;
			slot->left -= slot->left < bytes ? slot->left : bytes;
		}
	}
	return bytes < packet->payload_captured ? bytes
						: packet->payload_captured;
}
