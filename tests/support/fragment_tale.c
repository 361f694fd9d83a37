#include "tests/support/fragment_tale.h"

#include <stdlib.h>

#include "capture/numbers.h"

enum {
	DISTANCE = FRAGMENT_TALE_ROUTERS + 1,
	WHOLE_WAY = 64,
	FULL_BYTES = 1500,
	LARGER_BYTES = 1400,
	WHOLE_BYTES = 1212,
	SMALL_BYTES = 84,
	QUOTE_BYTES = 56,
};

static const struct address own = {{10, 0, 0, 1}};
static const struct address target = {{10, 0, 9, 9}};

struct teller {
	struct path *path;
	uint8_t family;
	uint64_t frame;
	int64_t time_ns;
	uint16_t ip_id;
};

static struct packet next(struct teller *teller, struct address source,
	struct address to, uint8_t kind)
{
	teller->time_ns += 1000000;
	return (struct packet){.frame = ++teller->frame,
		.time_ns = teller->time_ns,
		.family = teller->family,
		.kind = kind,
		.protocol =
			teller->family == 4 ? PROTOCOL_ICMP : PROTOCOL_ICMP6,
		.source = source,
		.target = to,
		.ttl = WHOLE_WAY};
}

static struct packet ask(struct teller *teller, uint16_t sequence, uint8_t ttl,
	uint32_t bytes, bool is_first_fragment)
{
	struct packet packet = next(teller, own, target, PACKET_ICMP);

	packet.icmp_type = teller->family == 4 ? ICMP4_ECHO : ICMP6_ECHO;
	packet.icmp_id = 50001;
	packet.icmp_sequence = sequence;
	packet.ip_bytes = bytes;
	packet.ttl = ttl;
	packet.is_first_fragment = is_first_fragment;
	if (!is_first_fragment)
		teller->ip_id++;
	packet.ip_id =
		teller->family == 4 || is_first_fragment ? teller->ip_id : 0;
	path_packet(teller->path, &packet);
	return packet;
}

static struct packet ask_later(struct teller *teller, uint8_t ttl)
{
	struct packet packet = next(teller, own, target, PACKET_FRAGMENT);

	packet.ip_id = ++teller->ip_id;
	packet.ip_bytes = SMALL_BYTES;
	packet.ttl = ttl;
	path_packet(teller->path, &packet);
	return packet;
}

static void answer(struct teller *teller, const struct packet *request)
{
	struct packet packet = next(teller, target, own, PACKET_ICMP);

	packet.icmp_type =
		teller->family == 4 ? ICMP4_ECHO_REPLY : ICMP6_ECHO_REPLY;
	packet.icmp_id = request->icmp_id;
	packet.icmp_sequence = request->icmp_sequence;
	packet.ip_bytes = request->ip_bytes;
	packet.is_first_fragment =
		request->is_first_fragment && request->ip_bytes == FULL_BYTES;
	path_packet(teller->path, &packet);
}

/* A later fragment is told by the offset in what is quoted of it. */
static void error(struct teller *teller, const struct packet *about,
	struct address from, uint8_t type, uint8_t code)
{
	uint8_t later4[QUOTE_BYTES] = {[0] = 0x45, [7] = 1};
	uint8_t later6[QUOTE_BYTES] = {
		[0] = 0x60, [6] = PROTOCOL_FRAGMENT, [43] = 8};
	struct packet packet = next(teller, from, own, PACKET_ICMP);

	packet.icmp_type = type;
	packet.icmp_code = code;
	packet.quoted = (struct quotation){.family = teller->family,
		.protocol = about->protocol,
		.source = own,
		.target = target,
		.ip_id = about->ip_id,
		.total_bytes = (uint16_t)about->ip_bytes,
		.ttl = 1};
	if (about->kind == PACKET_FRAGMENT) {
		packet.payload = teller->family == 4 ? later4 : later6;
		packet.payload_captured = QUOTE_BYTES;
	}
	path_packet(teller->path, &packet);
}

static void report(struct teller *teller, const struct packet *about)
{
	error(teller, about, (struct address){{10, 0, about->ttl, 1}},
		teller->family == 4 ? ICMP4_TIME_EXCEEDED : ICMP6_TIME_EXCEEDED,
		0);
}

/* The target has it, and can't use it. */
static void refuse(struct teller *teller, const struct packet *about)
{
	if (teller->family == 4)
		error(teller, about, target, ICMP4_TIME_EXCEEDED,
			ICMP_REASSEMBLY);
	else
		error(teller, about, target, ICMP6_PARAMETER, 0);
}

static void tell_whole(struct teller *teller, unsigned number)
{
	struct packet whole =
		ask(teller, echo_kind_sequence(ECHO_WHOLE, number), WHOLE_WAY,
			WHOLE_BYTES, false);

	answer(teller, &whole);
}

static void tell_some(struct teller *teller, uint16_t first, uint32_t bytes,
	unsigned sent, unsigned lost)
{
	for (unsigned i = 0; i < sent; i++) {
		struct packet packet = ask(teller, (uint16_t)(first + i),
			WHOLE_WAY, bytes, false);

		if (i + lost < sent)
			answer(teller, &packet);
	}
}

static void tell_echos(struct teller *teller, const struct fragment_tale *tale)
{
	uint32_t bytes = tale->echo_bytes ? tale->echo_bytes : SMALL_BYTES;

	tell_whole(teller, 0);
	for (uint8_t ttl = 1; ttl <= DISTANCE && !tale->is_distance_unknown;
		ttl++) {
		struct packet packet =
			ask(teller, ttl, ttl, SMALL_BYTES, false);

		if (ttl < DISTANCE)
			report(teller, &packet);
		else
			answer(teller, &packet);
	}
	tell_some(teller, 100, bytes, tale->echos, tale->echos_lost);
	tell_some(teller, 300, LARGER_BYTES, tale->larger, tale->larger_lost);
}

/* A long reply comes in two fragments. */
static void answer_long(struct teller *teller, const struct packet *request)
{
	struct packet longer = *request;
	struct packet later = next(teller, target, own, PACKET_FRAGMENT);

	longer.ip_bytes = FULL_BYTES;
	longer.is_first_fragment = true;
	answer(teller, &longer);
	later.ip_bytes = SMALL_BYTES;
	path_packet(teller->path, &later);
}

static uint32_t first_bytes(
	const struct fragment_tale *tale, enum echo_kind kind)
{
	if (kind == ECHO_TINY && !tale->is_joined_here)
		return tale->family == 4 ? 28 : 56;
	return kind == ECHO_FULL ? FULL_BYTES : SMALL_BYTES;
}

/* Of what is cut, the first fragment stands for all. */
static void tell_kinds(struct teller *teller, const struct fragment_tale *tale)
{
	for (int i = 0; i < ECHO_KIND_COUNT; i++)
		for (unsigned j = 0; j < tale->tries && tale->kinds >> i & 1;
			j++) {
			enum echo_kind kind = (enum echo_kind)i;
			struct packet packet = ask(teller,
				echo_kind_sequence(kind, j), WHOLE_WAY,
				first_bytes(tale, kind), kind != ECHO_FULL);

			if (!(tale->answered >> i & 1))
				continue;
			if (kind == ECHO_LONG && !tale->is_reply_whole)
				answer_long(teller, &packet);
			else
				answer(teller, &packet);
		}
}

static void tell_router(
	struct teller *teller, uint8_t ttl, const struct fragment_tale_hop *hop)
{
	for (unsigned i = 0; i < hop->controls; i++) {
		struct packet control =
			ask(teller, echo_kind_sequence(ECHO_CONTROL, i), ttl,
				SMALL_BYTES, false);

		report(teller, &control);
	}
	for (unsigned i = 0; i < hop->pairs; i++) {
		struct packet later = ask_later(teller, ttl);
		struct packet first =
			ask(teller, echo_kind_sequence(ECHO_PAIR, i), ttl,
				SMALL_BYTES, true);

		if (i < hop->laters)
			report(teller, &later);
		if (i < hop->firsts)
			report(teller, &first);
	}
}

static void tell_target(
	struct teller *teller, const struct fragment_tale_hop *hop)
{
	for (unsigned i = 0; i < hop->pairs; i++) {
		struct packet later = ask_later(teller, WHOLE_WAY);
		struct packet first =
			ask(teller, echo_kind_sequence(ECHO_ODD, i), WHOLE_WAY,
				SMALL_BYTES, true);

		if (teller->family == 4)
			teller->time_ns += INT64_C(31000000000);
		if (i < hop->laters)
			refuse(teller, &later);
		if (i < hop->firsts)
			refuse(teller, &first);
	}
}

struct path *fragment_tale_play(const struct fragment_tale *tale)
{
	struct section_comment comment = {.version = 1,
		.own = own,
		.target = target,
		.family = tale->family,
		.port = 22,
		.interface_mtu = FULL_BYTES,
		.experiments = probe_experiment_bit(EXPERIMENT_ROUTE) |
			       probe_experiment_bit(EXPERIMENT_FRAGMENTS)};
	struct failure failure;
	struct teller teller = {
		.path = path_new(&comment, &failure), .family = tale->family};

	if (!teller.path)
		abort();
	tell_echos(&teller, tale);
	tell_kinds(&teller, tale);
	for (unsigned i = 0; i < FRAGMENT_TALE_ROUTERS; i++)
		tell_router(&teller, (uint8_t)(i + 1), &tale->hops[i]);
	tell_target(&teller, &tale->target);
	if (tale->listened_s) {
		teller.time_ns += tale->listened_s * 1000000000;
		tell_whole(&teller, 1);
	}
	return teller.path;
}
