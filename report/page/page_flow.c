/* A packet is an array of numbers, mostly differences to the packet before or
 * to the last one of the same side, 40 bytes or so:
 *
 *   [ns, frames, bits, sequence, acknowledgment, payload, window, ttl, IP ID
 *    (, TSval, TSecr) (, {options})]
 *   [ns, frames, bits, "ICMP error", its source, ttl, IP ID]
 *
 * `ns` is "" where no time was recorded. A reader keeps the same sums.
 *
 *   ["z", n, what]: the n-th packet of these, from 0, is 1 lost, 2 never
 *   acknowledged (report/segment_fates.h) */
#include "report/page/page_flow.h"

#include "report/address_text.h"
#include "report/packet_origin.h"
#include "report/packet_text.h"
#include "report/page/page_summary.h"

enum packet_bit {
	BIT_TO_CLIENT = 1u << 0, /* else to the server */
	BIT_DEVICE = 1u << 1,	 /* from a device on the path */
	BIT_DF = 1u << 2,
	BIT_TIMESTAMPS = 1u << 3,
	BIT_ICMP = 1u << 4,
	BIT_OPTIONS = 1u << 5, /* an object of them stands last */
	BIT_FLAGS = 6,	       /* TCP's flags from this bit on */
};

void page_flow_begin(struct page_flow *flow, struct report_page *page,
	const struct report_source *source, const struct incident *incident,
	const struct flow_name *name, uint64_t row)
{
	struct json *json = page_json(page);
	char text[ADDRESS_TEXT];

	*flow = (struct page_flow){
		.page = page,
		.source = source,
		.incident = incident,
		.last_ns = source->totals.first_ns,
		.file = UINT32_MAX,
	};
	json_row(json);
	json_string(json, NULL, "f");
	json_signed(json, NULL, row == UINT64_MAX ? -1 : (int64_t)row);
	address_text(text, &name->client.address, name->family);
	page_text(page, text);
	json_number(json, NULL, name->client.port);
	address_text(text, &name->server.address, name->family);
	page_text(page, text);
	json_number(json, NULL, name->server.port);
	json_row_end(json);
}

/* Two's complement: what JavaScript adds with `| 0`. */
static void difference(struct json *json, uint32_t *last, uint32_t value)
{
	json_signed(json, NULL, (int32_t)(value - *last));
	*last = value;
}

/* Traffic class and flow label are told when they change. */
static bool has_more(const struct packet *packet, const struct page_side *side)
{
	return packet->mss || packet->sack_count || packet->urgent ||
	       packet->tos != side->tos || packet->flow_label != side->label ||
	       (packet->options & OPTION_WINDOW_SCALE);
}

static void more(
	struct json *json, const struct packet *packet, struct page_side *side)
{
	json_object(json, NULL);
	if (packet->options & OPTION_MSS)
		json_number(json, "mss", packet->mss);
	if (packet->options & OPTION_WINDOW_SCALE)
		json_number(json, "scale", packet->window_scale);
	if (packet->options & OPTION_SACK_PERMITTED)
		json_number(json, "sackOk", 1);
	if (packet->tos != side->tos)
		json_number(json, "tos", packet->tos);
	if (packet->flow_label != side->label)
		json_number(json, "label", packet->flow_label);
	side->tos = packet->tos;
	side->label = packet->flow_label;
	if (packet->urgent)
		json_number(json, "urgent", packet->urgent);
	if (packet->sack_count) {
		json_array(json, "sack"); /* against the acknowledgment */
		for (unsigned i = 0; i < packet->sack_count; i++) {
			json_signed(json, NULL,
				(int32_t)(packet->sack[i].start -
					  packet->acknowledged));
			json_signed(json, NULL,
				(int32_t)(packet->sack[i].end -
					  packet->sack[i].start));
		}
		json_array_end(json);
	}
	json_object_end(json);
}

static void tcp(
	struct page_flow *flow, const struct packet *packet, bool is_to_client)
{
	struct json *json = page_json(flow->page);
	struct page_side *side = &flow->sides[is_to_client];

	difference(json, &side->sequence, packet->sequence);
	difference(json, &side->acknowledged, packet->acknowledged);
	json_number(json, NULL, packet->payload_bytes);
	json_number(json, NULL, packet->window);
	json_number(json, NULL, packet->ttl);
	json_number(json, NULL, packet->ip_id);
	if (packet->options & OPTION_TIMESTAMP) {
		difference(json, &side->tsval, packet->timestamp_value);
		difference(json, &side->tsecr, packet->timestamp_echo);
	}
	if (has_more(packet, side))
		more(json, packet, side);
}

static void icmp(struct page_flow *flow, const struct packet *packet)
{
	struct json *json = page_json(flow->page);
	char text[ICMP_TEXT], from[ADDRESS_TEXT];

	page_text(flow->page, icmp_text(text, packet->family, packet->icmp_type,
				      packet->icmp_code, packet->icmp_mtu));
	address_text(from, &packet->source, packet->family);
	page_text(flow->page, from);
	json_number(json, NULL, packet->ttl);
	json_number(json, NULL, packet->ip_id);
}

static unsigned bits_of(const struct page_flow *flow,
	const struct packet *packet, enum speaker speaker)
{
	bool is_from_client = speaker == SPEAKER_CLIENT;
	bool is_to_client =
		speaker == SPEAKER_SERVER || speaker == SPEAKER_TO_CLIENT;
	bool is_device =
		speaker == SPEAKER_TO_CLIENT || speaker == SPEAKER_TO_SERVER ||
		(flow->incident && packet_is_from_device(flow->incident,
					   packet->frame, packet->tcp_flags,
					   packet->ttl, is_from_client));
	unsigned bits = (is_to_client ? BIT_TO_CLIENT : 0) |
			(is_device ? BIT_DEVICE : 0) |
			(packet->is_df ? BIT_DF : 0);

	if (packet->kind == PACKET_ICMP)
		return bits | BIT_ICMP;
	if (packet->options & OPTION_TIMESTAMP)
		bits |= BIT_TIMESTAMPS;
	if (has_more(packet, &flow->sides[is_to_client]))
		bits |= BIT_OPTIONS;
	return bits | (unsigned)packet->tcp_flags << BIT_FLAGS;
}

/* A new file, or packets that are left out: a line of its own. */
static void aside(struct json *json, const char *what, uint64_t number)
{
	json_row(json);
	json_string(json, NULL, what);
	json_number(json, NULL, number);
	json_row_end(json);
}

static void time_member(struct page_flow *flow, int64_t time_ns)
{
	struct json *json = page_json(flow->page);
	int64_t since_ns;

	if (time_ns == INT64_MIN || flow->last_ns == INT64_MIN ||
		__builtin_sub_overflow(time_ns, flow->last_ns, &since_ns)) {
		json_string(json, NULL, "");
		return;
	}
	json_signed(json, NULL, since_ns);
	flow->last_ns = time_ns;
}

static void fate_line(void *context, uint64_t id, uint8_t mark)
{
	struct json *json = page_json(((struct page_flow *)context)->page);

	json_row(json);
	json_string(json, NULL, "z");
	json_number(json, NULL, id);
	json_number(json, NULL, mark & MARK_LOST ? 1 : 2);
	json_row_end(json);
}

static void follow(struct page_flow *flow, const struct packet *packet,
	enum speaker speaker, uint64_t id)
{
	uint32_t hole_bytes;

	flow->fates.tell = fate_line;
	flow->fates.context = flow;
	(void)segment_fates_take(
		&flow->fates, packet, speaker, id, &hole_bytes);
}

void page_flow_packet(struct page_flow *flow, const struct packet *packet,
	enum speaker speaker, uint64_t left_out)
{
	struct json *json = page_json(flow->page);
	uint64_t number = packet->frame;
	const char *path = flow->source->locate(
		flow->source->context, packet->frame, &number);
	unsigned file = page_summary_file(flow->source, path);
	unsigned bits = bits_of(flow, packet, speaker);

	if (file != flow->file)
		aside(json, "n", file);
	flow->file = file;
	if (left_out)
		aside(json, "s", left_out);
	json_row(json);
	time_member(flow, packet->time_ns);
	json_signed(json, NULL, (int64_t)(number - flow->last_number));
	json_number(json, NULL, bits);
	if (packet->kind == PACKET_ICMP)
		icmp(flow, packet);
	else
		tcp(flow, packet, bits & BIT_TO_CLIENT);
	json_row_end(json);
	flow->last_number = number;
	follow(flow, packet, speaker, flow->written++);
}

static bool is_near(const struct incident *incident, uint64_t frame)
{
	return incident && frame + PAGE_NEAR_FRAMES > incident->frame &&
	       frame < incident->frame + PAGE_NEAR_FRAMES;
}

void page_flow_sample(struct page_flow *flow, const struct packet *packet,
	enum speaker speaker)
{
	uint64_t left_out;

	if (flow->seen++ >= PAGE_FIRST_PACKETS &&
		!is_near(flow->incident, packet->frame)) {
		flow->unsaid++;
		follow(flow, packet, speaker, FATE_ID_NONE);
		return;
	}
	left_out = flow->unsaid;
	flow->unsaid = 0;
	page_flow_packet(flow, packet, speaker, left_out);
}

void page_flow_end(struct page_flow *flow, uint64_t total)
{
	segment_fates_end(&flow->fates);
	aside(page_json(flow->page), "e", total);
}
