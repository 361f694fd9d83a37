#include "tests/support/conversation.h"

#include <string.h>

#include "capture/address.h"
#include "capture/decode/decode_icmp.h"
#include "capture/sequence.h"
#include "tests/support/packet_fields.h"

enum {
	SYN_OPTIONS = OPTION_MSS | OPTION_WINDOW_SCALE | OPTION_SACK_PERMITTED,
	/* used when both ends offer them (RFC 7323, 1.3; RFC 2018, 2) */
	NEGOTIATED_OPTIONS =
		OPTION_WINDOW_SCALE | OPTION_SACK_PERMITTED | OPTION_TIMESTAMP,
	ICMP_ERROR_TOS = 0xc0, /* RFC 1812, 4.3.2.5 */
};

/* Linux's defaults, and numbers that were drawn once. */
static const struct conversation_end beginning[] = {
	{.name = "client",
		.usual = {.family = 4,
			.source = {{10, 77, 1, 2}},
			.source_port = 53016,
			.ttl = 64,
			.ip_id = 20355,
			.is_df = true,
			.window = 63,
			.options = SYN_OPTIONS | NEGOTIATED_OPTIONS,
			.mss = 1460,
			.window_scale = 10,
			.timestamp_value = 124710381},
		.isn = 1517974802,
		.syn_window = 64240},
	{.name = "server",
		.usual = {.family = 4,
			.source = {{10, 77, 3, 2}},
			.source_port = 8080,
			.ttl = 62,
			.ip_id = 32043,
			.is_df = true,
			.window = 64,
			.options = SYN_OPTIONS | NEGOTIATED_OPTIONS,
			.mss = 1460,
			.window_scale = 10,
			.timestamp_value = 1575545649},
		.isn = 3388497058,
		.syn_window = 65160},
};

void conversation_begin(struct conversation *conversation)
{
	memset(conversation, 0, sizeof(*conversation));
	memcpy(conversation->ends, beginning, sizeof(beginning));
	conversation->end_count = sizeof(beginning) / sizeof(*beginning);
}

struct conversation_end *conversation_end(
	struct conversation *conversation, const char *name, size_t length)
{
	for (unsigned i = 0; i < conversation->end_count; i++) {
		struct conversation_end *end = &conversation->ends[i];

		if (strlen(end->name) == length &&
			memcmp(end->name, name, length) == 0)
			return end;
	}
	return NULL;
}

struct conversation_end *conversation_add(
	struct conversation *conversation, const struct conversation_end *end)
{
	struct conversation_end *added =
		&conversation->ends[conversation->end_count];

	if (conversation->end_count == CONVERSATION_ENDS)
		return NULL;
	conversation->end_count++;
	*added = *end;
	return added;
}

const struct conversation_end *conversation_host(void)
{
	return &beginning[0];
}

const struct conversation_end *conversation_end_at(
	const struct conversation *conversation, uint8_t family,
	const struct address *address, uint16_t port)
{
	const struct conversation_end *found = NULL;

	for (unsigned i = 0; i < conversation->end_count; i++) {
		const struct conversation_end *end = &conversation->ends[i];

		if (end->usual.family != family ||
			!address_is_same(&end->usual.source, address))
			continue;
		if (end->usual.source_port == port)
			return end;
		if (!found)
			found = end;
	}
	return found;
}

static void begin_side(struct conversation_side *side,
	const struct conversation_end *end, uint8_t family,
	const struct address *address, uint16_t port)
{
	*side = (struct conversation_side){
		.address = *address,
		.port = port,
		.family = family,
	};
	if (!end)
		return;
	side->isn = end->isn;
	side->next = side->contiguous = end->isn + 1;
	side->ip_id = end->usual.ip_id;
	side->clock = end->usual.timestamp_value;
	side->restarts = end->restarts;
}

static bool is_side(const struct conversation_side *side, uint8_t family,
	const struct address *address, uint16_t port)
{
	return side->family == family && side->port == port &&
	       address_is_same(&side->address, address);
}

static struct conversation_sides find_flow(
	struct conversation *conversation, const struct packet *packet)
{
	for (unsigned i = 0; i < 2 * CONVERSATION_FLOWS; i++) {
		struct conversation_side *side =
			conversation->flows[i / 2].side;
		struct conversation_side *source = &side[i % 2];
		struct conversation_side *target = &side[!(i % 2)];

		if (is_side(source, packet->family, &packet->source,
			    packet->source_port) &&
			is_side(target, packet->family, &packet->target,
				packet->target_port))
			return (struct conversation_sides){source, target};
	}
	return (struct conversation_sides){NULL, NULL};
}

static bool is_restarted(const struct conversation_side *side,
	const struct conversation_end *end)
{
	return end && end->restarts != side->restarts;
}

struct conversation_sides conversation_flow_of(
	struct conversation *conversation,
	const struct conversation_end *source,
	const struct conversation_end *target, const struct packet *packet)
{
	struct conversation_sides sides = find_flow(conversation, packet);
	bool is_syn = (packet->tcp_flags & (TCP_SYN | TCP_ACK)) == TCP_SYN;
	struct conversation_side *side;

	if (sides.source &&
		!(is_syn && (is_restarted(sides.source, source) ||
				    is_restarted(sides.target, target))))
		return sides;
	if (!source && !target)
		return sides;
	if (!sides.source) {
		side = conversation
			       ->flows[conversation->flow_count++ %
				       CONVERSATION_FLOWS]
			       .side;
		sides = (struct conversation_sides){&side[0], &side[1]};
	}
	begin_side(sides.source, source, packet->family, &packet->source,
		packet->source_port);
	begin_side(sides.target, target, packet->family, &packet->target,
		packet->target_port);
	return sides;
}

uint32_t conversation_clock(int64_t time_ns)
{
	int64_t ms = time_ns / 1000000;

	if (time_ns == INT64_MIN)
		return 0;
	return (uint32_t)(ms - (time_ns % 1000000 < 0));
}

static void expect_tcp(const struct conversation_sides *sides,
	const struct conversation_end *source,
	const struct conversation_end *target, struct packet *packet)
{
	bool is_syn = packet->tcp_flags & TCP_SYN;
	bool is_ack = packet->tcp_flags & TCP_ACK;
	uint16_t options = source->usual.options;

	if (!is_syn)
		options &= (uint16_t)~SYN_OPTIONS;
	if (target && (is_ack || !is_syn))
		options &=
			(uint16_t)(target->usual.options | ~NEGOTIATED_OPTIONS);
	packet->options = options;
	if (options & OPTION_MSS)
		packet->mss = source->usual.mss;
	if (options & OPTION_WINDOW_SCALE)
		packet->window_scale = source->usual.window_scale;
	packet->window = is_syn ? source->syn_window : source->usual.window;
	packet->sequence = is_syn ? sides->source->isn : sides->source->next;
	packet->acknowledged = is_ack ? sides->target->contiguous : 0;
	if (options & OPTION_TIMESTAMP) {
		packet->timestamp_value = sides->source->clock +
					  conversation_clock(packet->time_ns);
		packet->timestamp_echo =
			is_ack || !is_syn ? sides->target->last_clock : 0;
	}
	/* Linux leaves the identification of a SYN-ACK at 0 */
	if (packet->family == 4 && source->usual.ip_id && !(is_syn && is_ack))
		packet->ip_id = sides->source->ip_id;
	packet->is_df = packet->family == 4 && source->usual.is_df;
}

static uint8_t protocol_of(const struct packet *packet)
{
	switch ((enum packet_kind)packet->kind) {
	case PACKET_TCP:
		return PROTOCOL_TCP;
	case PACKET_UDP:
		return PROTOCOL_UDP;
	case PACKET_ICMP:
		return packet->family == 6 ? PROTOCOL_ICMP6 : PROTOCOL_ICMP;
	case PACKET_FRAGMENT:
	case PACKET_OTHER:
		break;
	}
	return 0;
}

void conversation_expect(const struct conversation_sides *sides,
	const struct conversation_end *source,
	const struct conversation_end *target, struct packet *packet)
{
	packet->protocol = protocol_of(packet);
	if (packet->family)
		packet->ttl = TTL_UNLESS_SAID;
	if (!source)
		return;
	packet->ttl = source->usual.ttl;
	packet->tos = source->usual.tos;
	packet->flow_label = source->usual.flow_label;
	packet->direction = source->usual.direction;
	packet->interface = source->usual.interface;
	packet->device = source->usual.device;
	packet->link_source = source->usual.link_source;
	packet->context = source->usual.context;
	packet->tunnel = source->usual.tunnel;
	if (packet->kind == PACKET_TCP)
		expect_tcp(sides, source, target, packet);
	else if (packet->kind == PACKET_ICMP && packet->family == 4 &&
		 icmp_is_error(packet->family, packet->icmp_type))
		packet->tos = ICMP_ERROR_TOS;
}

/* A segment lets grow what there is without a gap, or is kept for when the gap
 * is filled. */
static void join(struct conversation_side *side, uint32_t start, uint32_t end)
{
	unsigned unused = 4;

	if (!sequence_before(side->contiguous, end))
		return;
	if (sequence_before(side->contiguous, start)) {
		for (unsigned i = 0; i < 4; i++)
			if (side->ahead[i].start == side->ahead[i].end)
				unused = i;
		if (unused < 4)
			side->ahead[unused] = (struct sack_block){start, end};
		return;
	}
	side->contiguous = end;
	for (unsigned i = 0; i < 4; i++) {
		struct sack_block block = side->ahead[i];

		if (block.start == block.end ||
			sequence_before(side->contiguous, block.start))
			continue;
		side->ahead[i] = (struct sack_block){0};
		join(side, block.start, block.end);
	}
}

void conversation_take(
	struct conversation *conversation, const struct packet *packet)
{
	struct conversation_side *side;
	bool is_reset;
	uint32_t end;

	if (packet->time_ns != INT64_MIN)
		conversation->time_ns = packet->time_ns;
	conversation->last = *packet;
	if (packet->kind != PACKET_TCP)
		return;
	side = conversation_flow_of(conversation, NULL, NULL, packet).source;
	if (!side)
		return;
	side->last_packet = ++conversation->packet_count;
	is_reset = packet->tcp_flags & TCP_RST;
	/* other IDs of resets are somebody else's, or of the kernel at large */
	if (packet->ip_id == side->ip_id ||
		(packet->ip_id && !is_reset &&
			(int16_t)(packet->ip_id - side->ip_id) > 0))
		side->ip_id = packet->ip_id + 1;
	if (packet->options & OPTION_TIMESTAMP)
		side->last_clock = packet->timestamp_value;
	if (is_reset)
		return;
	end = packet->sequence + packet_sequence_length(packet);
	if (sequence_before(side->next, end))
		side->next = end;
	join(side, packet->sequence, end);
}

struct packet conversation_copy(
	const struct conversation_end *end, const struct packet *packet)
{
	struct packet copy = *packet;

	if (copy.time_ns != INT64_MIN &&
		copy.time_ns < INT64_MAX - end->copy_after_ns)
		copy.time_ns += end->copy_after_ns;
	for (unsigned i = 0; i < packet_field_count; i++)
		if (end->copy_fields >> i & 1)
			packet_field_set(&packet_fields[i], &copy,
				packet_field_get(
					&packet_fields[i], &end->copy));
	return copy;
}

struct conversation_sides conversation_last_of(
	struct conversation *conversation, uint8_t family,
	const struct address *address)
{
	struct conversation_sides last = {NULL, NULL};

	for (unsigned i = 0; i < 2 * CONVERSATION_FLOWS; i++) {
		struct conversation_flow *flow = &conversation->flows[i / 2];
		struct conversation_side *side = &flow->side[i % 2];

		if (side->last_packet && side->family == family &&
			address_is_same(&side->address, address) &&
			(!last.source ||
				side->last_packet > last.source->last_packet))
			last = (struct conversation_sides){
				side, &flow->side[!(i % 2)]};
	}
	return last;
}
