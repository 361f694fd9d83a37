#include "tests/support/trace_ends.h"

#include <string.h>

#include "capture/decode/decode_icmp.h"
#include "tests/support/packet_compare.h"
#include "tests/support/end_describe.h"
#include "tests/support/end_text.h"

enum {
	AHEAD = 256, /* packets that are looked at */
	LINE_BYTES = 512,
};

static bool is_syn(const struct packet *packet)
{
	return packet->kind == PACKET_TCP &&
	       (packet->tcp_flags & (TCP_SYN | TCP_ACK)) == TCP_SYN;
}

/* The connection's packets: it ends where its ports are used again. */
static unsigned connection_length(const struct recorded *rest)
{
	const struct packet *first = rest->packets;
	unsigned i = 1;

	while (i < rest->count && i < AHEAD &&
		!(is_syn(&rest->packets[i]) &&
			packet_is_along(&rest->packets[i], first) &&
			rest->packets[i].sequence != first->sequence))
		i++;
	return i;
}

/* What one end does not offer is no word of the other. */
static void leave_options(const struct conversation_end *offering,
	const struct conversation_end *before, struct conversation_end *end)
{
	uint16_t left =
		(uint16_t)(~offering->usual.options &
			   (OPTION_WINDOW_SCALE | OPTION_SACK_PERMITTED |
				   OPTION_TIMESTAMP));

	end->usual.options = (uint16_t)((end->usual.options & ~left) |
					(before->usual.options & left));
	if (left & OPTION_TIMESTAMP)
		end->usual.timestamp_value = before->usual.timestamp_value;
	if (left & OPTION_WINDOW_SCALE)
		end->usual.window_scale = before->usual.window_scale;
}

/* The end at the packet's source, or one of a new name: client2, or another
 * number. */
static struct conversation_end name_source(struct conversation *conversation,
	const struct packet *packet, const char *role, unsigned number)
{
	const struct conversation_end *known = conversation_end_at(conversation,
		packet->family, &packet->source, packet->source_port);
	struct conversation_end end;

	if (known)
		return *known;
	end = end_new(packet->source_port != 0);
	do
		(void)snprintf(end.name, sizeof(end.name), "%s%u", role,
			number++ % 1000);
	while (conversation_end(conversation, end.name, strlen(end.name)));
	return end;
}

static void write_end(const struct conversation_end *end, bool is_restart,
	struct conversation *conversation, FILE *out)
{
	char line[LINE_BYTES];

	if (end_format(end, is_restart, conversation, line, sizeof(line)))
		(void)fprintf(out, "%s\n", line);
}

/* Who opened the connection; the higher port where nobody saw. */
static bool is_from_client(const struct packet *packet)
{
	if (packet->tcp_flags & TCP_SYN)
		return !(packet->tcp_flags & TCP_ACK);
	return packet->source_port >= packet->target_port;
}

static void begin(const struct recorded *rest, bool is_restart,
	struct conversation *conversation, FILE *out)
{
	const struct packet *first = rest->packets;
	const struct packet back = packet_turned(first);
	bool is_forth = is_from_client(first);
	const struct packet *forth = is_forth ? first : &back;
	const struct packet *answer = is_forth ? &back : first;
	struct conversation_end client, server, before;

	if (conversation->flow_count == 0) {
		client = conversation->ends[0];
		server = conversation->ends[1];
	} else {
		client = name_source(conversation, forth, "client", 2);
		server = name_source(conversation, answer, "server", 2);
	}
	before = server;
	end_describe(rest, forth, &client);
	end_describe(rest, answer, &server);
	leave_options(&client, &before, &server);
	write_end(&client, is_restart, conversation, out);
	write_end(&server, false, conversation, out);
}

/* The hop of a router whose packets arrive with that TTL, from the next usual
 * initial one. */
static unsigned hop_of(uint8_t ttl)
{
	return (ttl > 128 ? 255u : ttl > 64 ? 128u : 64u) - ttl + 1;
}

static void name_routers(const struct recorded *rest,
	struct conversation *conversation, FILE *out)
{
	for (unsigned i = 0; i < rest->count && i < AHEAD; i++) {
		const struct packet *packet = &rest->packets[i];
		struct conversation_end router;

		if (packet->kind != PACKET_ICMP ||
			!icmp_is_error(packet->family, packet->icmp_type) ||
			conversation->end_count == CONVERSATION_ENDS ||
			conversation_end_at(conversation, packet->family,
				&packet->source, 0))
			continue;
		router = name_source(
			conversation, packet, "router", hop_of(packet->ttl));
		router.usual.family = packet->family;
		router.usual.source = packet->source;
		router.usual.ttl = packet->ttl;
		write_end(&router, false, conversation, out);
	}
}

void trace_ends_write(const struct packet *packets, unsigned count,
	unsigned index, struct conversation *conversation, FILE *out)
{
	const struct packet *packet = &packets[index];
	struct recorded rest = {packet, count - index};
	struct conversation_sides sides;

	if (packet->kind == PACKET_TCP &&
		conversation->end_count <= CONVERSATION_ENDS - 2) {
		rest.count = connection_length(&rest);
		sides = conversation_flow_of(conversation, NULL, NULL, packet);
		if (!sides.source)
			begin(&rest, false, conversation, out);
		else if (is_syn(packet) &&
			 packet->sequence != sides.source->isn)
			begin(&rest, true, conversation, out);
	}
	if (index % AHEAD == 0) {
		rest.count = count - index;
		name_routers(&rest, conversation, out);
	}
}
