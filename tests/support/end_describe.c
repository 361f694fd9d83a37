#include "tests/support/end_describe.h"

#include <string.h>

#include "tests/support/packet_compare.h"
#include "tests/support/packet_fields.h"

enum { NEARBY = 1 << 20 /* a first number this far behind the ISN is usual */ };

static uint32_t ttl_of(const struct packet *packet)
{
	return packet->ttl;
}

static uint32_t window_of(const struct packet *packet)
{
	return packet->window;
}

/* What the clock of time stamps showed at time 0. */
static uint32_t clock_of(const struct packet *packet)
{
	return packet->options & OPTION_TIMESTAMP
		       ? packet->timestamp_value -
				 conversation_clock(packet->time_ns)
		       : 0;
}

/* The value that a side's packets have most often; without those with SYN if
 * they are another matter, and without resets: anybody may forge them. */
static uint32_t usual_value(const struct recorded *recorded,
	const struct packet *way,
	uint32_t (*value_of)(const struct packet *packet), bool with_syn,
	uint32_t otherwise)
{
	uint16_t leave_out = with_syn ? TCP_RST : TCP_RST | TCP_SYN;
	unsigned best = 0;

	for (unsigned i = 0; i < recorded->count; i++) {
		const struct packet *packet = &recorded->packets[i];
		unsigned times = 0;

		if (!packet_is_along(packet, way) ||
			packet->tcp_flags & leave_out)
			continue;
		for (unsigned j = i; j < recorded->count; j++)
			times +=
				packet_is_along(&recorded->packets[j], way) &&
				!(recorded->packets[j].tcp_flags & leave_out) &&
				value_of(&recorded->packets[j]) ==
					value_of(packet);
		if (times > best) {
			best = times;
			otherwise = value_of(packet);
		}
	}
	return otherwise;
}

/* The first packet of a side that is no reset, with SYN if it has to be. */
static const struct packet *first_of(const struct recorded *recorded,
	const struct packet *way, bool with_syn)
{
	for (unsigned i = 0; i < recorded->count; i++) {
		const struct packet *packet = &recorded->packets[i];

		if (packet_is_along(packet, way) &&
			!(packet->tcp_flags & TCP_RST) &&
			(!with_syn || packet->tcp_flags & TCP_SYN))
			return packet;
	}
	return NULL;
}

static uint32_t isn_of(const struct recorded *recorded,
	const struct packet *way, uint32_t otherwise)
{
	const struct packet *first = first_of(recorded, way, true);
	const struct packet back = packet_turned(way);

	if (first)
		return first->sequence;
	first = first_of(recorded, way, false);
	if (first)
		return first->sequence - otherwise < NEARBY
			       ? otherwise
			       : first->sequence - 1;
	first = first_of(recorded, &back, false);
	return first && first->tcp_flags & TCP_ACK &&
			       first->acknowledged - otherwise >= NEARBY
		       ? first->acknowledged - 1
		       : otherwise;
}

static uint16_t id_of(const struct recorded *recorded, const struct packet *way,
	uint16_t otherwise)
{
	bool is_zero = false;

	for (unsigned i = 0; i < recorded->count; i++) {
		const struct packet *packet = &recorded->packets[i];

		if (!packet_is_along(packet, way) ||
			packet->tcp_flags & TCP_RST || packet->family != 4)
			continue;
		if (packet->ip_id)
			return packet->ip_id;
		is_zero |= !(packet->tcp_flags & TCP_SYN) ||
			   !(packet->tcp_flags & TCP_ACK);
	}
	return is_zero ? 0 : otherwise;
}

/* Whether the packet at an index is followed by its copy; how much later. */
static bool is_followed(
	const struct recorded *recorded, unsigned index, int64_t *after_ns)
{
	const struct packet *packet = &recorded->packets[index];

	if (index + 1 >= recorded->count ||
		!packet_is_copy(packet + 1, packet) ||
		packet->time_ns == INT64_MIN ||
		packet[1].time_ns < packet->time_ns)
		return false;
	*after_ns = packet[1].time_ns - packet->time_ns;
	return true;
}

/* Most packets are followed by a copy: the end's line tells of that. */
static void describe_copies(const struct recorded *recorded,
	const struct packet *way, struct conversation_end *end)
{
	unsigned singles = 0, copied = 0, best = 0;

	for (unsigned i = 0; i < recorded->count; i++) {
		unsigned times = 0;
		int64_t after_ns, other_ns;

		if (!packet_is_along(&recorded->packets[i], way) ||
			recorded->packets[i].tcp_flags & TCP_RST)
			continue;
		if (!is_followed(recorded, i, &after_ns)) {
			singles++;
			continue;
		}
		copied++;
		for (unsigned j = i; j < recorded->count; j++)
			times += packet_is_along(&recorded->packets[j], way) &&
				 is_followed(recorded, j, &other_ns) &&
				 after_ns == other_ns;
		if (times <= best)
			continue;
		best = times;
		end->copy_after_ns = after_ns;
		end->copy = recorded->packets[i + 1];
		end->copy_fields = 0;
		for (unsigned k = 0; k < packet_field_count; k++)
			if (!packet_field_is_same(&packet_fields[k],
				    &recorded->packets[i], &end->copy))
				end->copy_fields |= (uint64_t)1 << k;
	}
	/* the copies themselves are single */
	end->is_copied = copied > 1 && singles < 2 * copied;
}

void end_describe(const struct recorded *recorded, const struct packet *way,
	struct conversation_end *end)
{
	const struct packet *first = first_of(recorded, way, false);
	const struct packet *syn = first_of(recorded, way, true);
	struct packet *usual = &end->usual;

	usual->family = way->family;
	usual->source = way->source;
	usual->source_port = way->source_port;
	end->isn = isn_of(recorded, way, end->isn);
	if (!first)
		return;
	describe_copies(recorded, way, end);
	usual->ip_id = id_of(recorded, way, usual->ip_id);
	usual->ttl =
		(uint8_t)usual_value(recorded, way, ttl_of, true, usual->ttl);
	usual->window = (uint16_t)usual_value(
		recorded, way, window_of, false, usual->window);
	usual->tos = first->tos;
	usual->flow_label = first->flow_label;
	usual->direction = first->direction;
	usual->interface = first->interface;
	usual->device = first->device;
	usual->link_source = first->link_source;
	usual->context = first->context;
	usual->tunnel = first->tunnel;
	if (way->family == 4)
		usual->is_df = first->is_df;
	if (first->options & OPTION_TIMESTAMP) {
		usual->options |= OPTION_TIMESTAMP;
		usual->timestamp_value = usual_value(
			recorded, way, clock_of, true, usual->timestamp_value);
	} else {
		usual->options &= (uint16_t)~OPTION_TIMESTAMP;
	}
	if (!syn)
		return;
	end->syn_window = syn->window;
	usual->options &= OPTION_TIMESTAMP;
	usual->options |= syn->options & (OPTION_MSS | OPTION_WINDOW_SCALE |
						 OPTION_SACK_PERMITTED);
	if (syn->options & OPTION_MSS)
		usual->mss = syn->mss;
	if (syn->options & OPTION_WINDOW_SCALE)
		usual->window_scale = syn->window_scale;
}
