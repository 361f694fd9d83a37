#include "device.h"

#include <string.h>

uint64_t device_random(struct device *device, uint64_t bound)
{
	/* xorshift64*: good enough for losses, and the same everywhere. */
	uint64_t x = device->random;

	x ^= x >> 12;
	x ^= x << 25;
	x ^= x >> 27;
	device->random = x;
	return (x * 2685821657736338717ull >> 11) % bound;
}

/*
 * Sends one burst of forged packets in answer to `trigger`. `as_receiver`:
 * back to its sender, in the name of the end it was addressed to.
 */
static void send_burst(struct device *device, struct forge_order order,
	bool to_far, int64_t late_ns)
{
	uint8_t bytes[FORGE_BYTES];

	order.random = (uint32_t)device_random(device, UINT32_MAX);
	for (order.index = 0; order.index < order.style->count; order.index++) {
		size_t length = forge_packet(&order, bytes);

		device->send(device->wire, to_far, late_ns, bytes, length);
	}
}

static uint8_t burst_ttl(const struct inject_options *options,
	const struct frame *trigger, const struct flow_side *claimed)
{
	switch (options->ttl_rule) {
	case TTL_STYLE:
		return options->style->ttl;
	case TTL_FIXED:
		return options->ttl;
	case TTL_COPY:
		return claimed->seen ? claimed->ttl : options->style->ttl;
	case TTL_MIRROR:
		return frame_ttl(trigger);
	}
	return 0;
}

static void inject(struct device *device, const struct flow *flow,
	unsigned side, const struct frame *trigger, bool from_far)
{
	const struct inject_options *options = &device->options->inject;
	struct tcp_fields tcp = frame_tcp(trigger);
	uint32_t end = tcp.sequence + (uint32_t)trigger->payload_bytes +
		       ((tcp.flags & TCP_SYN) != 0);
	struct forge_order order = {
		.style = options->style,
		.trigger = trigger,
	};

	if (options->to_sender) {
		order.as_receiver = true;
		order.sequence = tcp.flags & TCP_ACK ? tcp.acknowledgement : 0;
		order.acknowledgement =
			options->style->acks_all
				? flow->side[side].next_sequence
				: end;
		order.ttl = burst_ttl(options, trigger, &flow->side[!side]);
		order.ip_id = flow->side[!side].ip_id;
		send_burst(device, order, from_far, options->delay_ns);
	}
	if (options->to_receiver) {
		/* The device is at this end of the wire: what it sends on must
		 * not overtake the trigger, or what is under way before it. */
		int64_t late_ns =
			options->delay_ns + 100000 +
			device->options->direction[from_far].delay_ns +
			device->options->direction[from_far].jitter_ns;
		order.as_receiver = false;
		order.sequence = options->drops_trigger ? tcp.sequence : end;
		order.acknowledgement = tcp.acknowledgement;
		order.ttl = burst_ttl(options, trigger, &flow->side[side]);
		order.ip_id = flow->side[side].ip_id;
		send_burst(device, order, !from_far, late_ns);
	}
}

static bool is_trigger(const struct inject_options *options,
	const struct frame *frame, bool from_far)
{
	if (options->at == INJECT_NEVER || from_far != options->from_far)
		return false;
	if (options->at == INJECT_SYN)
		return (frame_tcp(frame).flags & (TCP_SYN | TCP_ACK)) ==
		       TCP_SYN;
	return memmem(frame->bytes + frame->payload, frame->payload_bytes,
		       options->keyword, strlen(options->keyword)) != NULL;
}

/* Answers a packet of a forgotten connection as a firewall would. */
static void reset_sender(
	struct device *device, const struct frame *trigger, bool from_far)
{
	struct tcp_fields tcp = frame_tcp(trigger);

	send_burst(device,
		(struct forge_order){
			.style = forge_style_named("linux"),
			.trigger = trigger,
			.as_receiver = true,
			.sequence = tcp.acknowledgement,
			.ttl = device->options->idle.ttl,
		},
		from_far, 0);
}

/* Tells `side` of an idle connection that it is over, in the other's name. */
static void reset_side(struct device *device, struct flow *flow, unsigned side)
{
	struct flow_side *own = &flow->side[side];
	struct frame last;

	if (!own->seen || own->kept_bytes == 0)
		return;
	/* The kept headers stand for the whole packet that they began. */
	if (own->kept[12] == 0x08)
		put16(own->kept + ETHERNET_BYTES + 2,
			(uint16_t)(own->kept_bytes - ETHERNET_BYTES));
	else
		put16(own->kept + ETHERNET_BYTES + 4,
			(uint16_t)(own->kept_bytes - ETHERNET_BYTES - 40));
	frame_parse(&last, own->kept, own->kept_bytes);
	if (!last.is_tcp)
		return;
	send_burst(device,
		(struct forge_order){
			.style = forge_style_named("linux"),
			.trigger = &last,
			.as_receiver = true,
			.sequence = flow->side[!side].next_sequence,
			.ttl = device->options->idle.ttl,
		},
		own->is_far, 0);
}

static bool has_expired(
	struct device *device, struct flow *flow, int64_t now_ns)
{
	const struct idle_options *idle = &device->options->idle;

	if (idle->expiry == EXPIRY_NONE || flow->last_ns == 0)
		return false;
	if (!flow->expired && now_ns - flow->last_ns >= idle->timeout_ns)
		flow->expired = true;
	return flow->expired;
}

/* The stateful part; false when the frame is swallowed. */
static bool pass_state(struct device *device, struct frame *frame,
	bool from_far, int64_t now_ns)
{
	const struct device_options *options = &device->options[0];
	struct tcp_fields tcp = frame_tcp(frame);
	unsigned side = 0;
	struct flow *flow = flows_find(&device->flows, frame, &side);

	if (flow == NULL)
		return true;
	if ((tcp.flags & (TCP_SYN | TCP_ACK)) == TCP_SYN)
		flow->expired = false;
	else if (has_expired(device, flow, now_ns)) {
		if (options->idle.expiry == EXPIRY_RESET_SENDER &&
			!(tcp.flags & TCP_RST))
			reset_sender(device, frame, from_far);
		return false;
	}
	flow_note(flow, side, frame, from_far, now_ns);
	if (now_ns < flow->blocked_until_ns ||
		now_ns < device->all_blocked_until_ns)
		return false;
	if (is_trigger(&options->inject, frame, from_far)) {
		inject(device, flow, side, frame, from_far);
		flow->blocked_until_ns =
			options->inject.block_ns > 0
				? now_ns + options->inject.block_ns
				: 0;
		if (options->inject.block_all_ns > 0)
			device->all_blocked_until_ns =
				now_ns + options->inject.block_all_ns;
		return !options->inject.drops_trigger;
	}
	return true;
}

static bool is_unwanted(
	const struct direction_options *options, const struct frame *frame)
{
	return options->drop_all ||
	       (options->drop_larger && frame->version &&
		       frame->ip_bytes > options->drop_larger) ||
	       (options->drop_fragments && frame->is_fragment) ||
	       (options->drop_icmp_errors && frame->is_icmp_error) ||
	       (options->drop_too_big && frame->is_too_big);
}

static void shift_sequence(
	struct device *device, struct frame *frame, bool from_far)
{
	const struct direction_options *own =
		&device->options->direction[from_far];
	const struct direction_options *other =
		&device->options->direction[!from_far];
	uint8_t *tcp = frame->bytes + frame->transport;

	put32(tcp + 4, get32(tcp + 4) + own->sequence_shift);
	if (frame_tcp(frame).flags & TCP_ACK)
		put32(tcp + 8, get32(tcp + 8) - other->sequence_shift);
	if (other->sequence_shift && !other->sack_unshifted)
		frame_shift_sack(frame, -other->sequence_shift);
}

static void rewrite(struct device *device, struct frame *frame, bool from_far)
{
	const struct direction_options *options =
		&device->options->direction[from_far];
	int ttl = frame_ttl(frame);

	if (options->set_ttl)
		ttl = (int)options->set_ttl;
	ttl += options->add_ttl;
	if (options->wobble_ttl)
		ttl -= (int)device_random(device, options->wobble_ttl + 1);
	frame_set_ttl(frame, (uint8_t)(ttl < 1 ? 1 : ttl > 255 ? 255 : ttl));
	if (options->set_tos >= 0)
		frame_set_tos(frame, (uint8_t)options->set_tos);
	if (options->clear_df)
		frame_clear_df(frame);
	if (options->set_ip_id >= 0)
		frame_set_ip_id(frame, (uint16_t)options->set_ip_id);
	if (options->set_wscale >= 0)
		frame_set_wscale(frame, (uint8_t)options->set_wscale);
	if (options->clamp_mss)
		frame_clamp_mss(frame, (uint16_t)options->clamp_mss);
	if (options->strip)
		frame_strip_options(frame, options->strip);
	if (frame->is_tcp)
		shift_sequence(device, frame, from_far);
	frame_refresh(frame);
}

bool device_pass(struct device *device, struct frame *frame, bool from_far,
	int64_t now_ns)
{
	if (is_unwanted(&device->options->direction[from_far], frame))
		return false;
	if (frame->version == 0 || frame->is_neighbour)
		return true;
	if (!pass_state(device, frame, from_far, now_ns))
		return false;
	rewrite(device, frame, from_far);
	return true;
}

int64_t device_tick(struct device *device, int64_t now_ns)
{
	const struct idle_options *idle = &device->options->idle;
	int64_t next_ns = INT64_MAX;

	if (idle->expiry != EXPIRY_RESET_BOTH)
		return next_ns;
	for (unsigned i = 0; i < FLOW_MAXIMUM; i++) {
		struct flow *flow = &device->flows.flow[i];

		if (!flow->used || flow->expired)
			continue;
		if (has_expired(device, flow, now_ns)) {
			reset_side(device, flow, 0);
			reset_side(device, flow, 1);
		} else if (flow->last_ns + idle->timeout_ns < next_ns) {
			next_ns = flow->last_ns + idle->timeout_ns;
		}
	}
	return next_ns;
}
