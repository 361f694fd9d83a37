/* Any bytes as a recording: decoding, analysis and both reports. The first
 * byte chooses how the rest is read:
 *
 *   even  frames of one link type, as a file would hold them
 *   odd   steps of a few connections, ten bytes each: which one, which side,
 *         flags, numbers near the expected ones, TTL, time ...; random bytes
 *         would hardly ever meet the numbers of a connection
 *
 * The report must be valid JSON or clean text; packets handed in one by one
 * must give the same report as all at once. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/analysis.h"
#include "capture/decode/packet_decode.h"
#include "capture/frame.h"
#include "capture/linktype.h"
#include "report/report_json.h"
#include "report/report_text.h"
#include "tests/support/strict_json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum {
	PACKETS_MOST = 400,
	FLOWS = 6,
	STEP_BYTES = 10,
	USUAL_TABLES = 16, /* flows; large ones cost more than all the rest */
	SMALL_TABLES = 4,  /* where the bytes ask for evictions */
};

/* What the first byte asks for. */
enum {
	MODE_STEPS = 0x01,
	MODE_TEXT = 0x0c, /* both bits: the report for people, not JSON */
	MODE_ALL_FLOWS = 0x10,
	MODE_FEW_INCIDENTS = 0x20,
	MODE_FEW_FLOWS = 0x40,
	MODE_TWICE = 0x82, /* both bits: and once more, packet by packet */
};

struct input {
	const uint8_t *at, *end;
};

struct talk {
	uint32_t next[2];
	uint16_t ip_id[2];
};

struct report {
	char *text;
	size_t length;
};

static uint8_t take(struct input *input)
{
	return input->at < input->end ? *input->at++ : 0;
}

static void claim(bool holds)
{
	if (!holds)
		abort();
}

/* From nothing to hours, and now and then back. */
static int64_t step_ns(uint8_t choice)
{
	static const int64_t steps[] = {0, 50000, 1000000, 20000000, 200000000,
		1000000000, 3000000000, 40000000000, 65000000000, 131000000000,
		3600000000000, -1000000, -2000000000, -3600000000000, 100000,
		400000000};

	return steps[choice & 15];
}

static unsigned read_frames(struct input *input, struct packet *packets)
{
	static const uint16_t linktypes[] = {LINKTYPE_ETHERNET,
		LINKTYPE_LINUX_SLL, LINKTYPE_LINUX_SLL2, LINKTYPE_RAW};
	struct frame frame = {.time_ns = 1700000000000000000};
	uint8_t choice = take(input);
	unsigned count = 0;

	frame.linktype =
		choice < 128
			? linktypes[choice %
				    (sizeof(linktypes) / sizeof(*linktypes))]
			: (uint16_t)((choice - 128) * 3 + (take(input) & 3));
	while (input->at < input->end && count < PACKETS_MOST) {
		uint8_t when = take(input);
		uint32_t bytes = take(input) | (when & 0x80u) << 1;
		uint32_t left;

		left = (uint32_t)(input->end - input->at);
		frame.time_ns += step_ns(when);
		frame.number = count + 1;
		frame.bytes = input->at;
		frame.captured_bytes = bytes < left ? bytes : left;
		frame.original_bytes =
			frame.captured_bytes + (when & 0x40 ? 1000 : 0);
		packet_decode(&frame, &packets[count++]);
		input->at += frame.captured_bytes;
	}
	return count;
}

static void name_flow(
	struct packet *packet, unsigned flow, bool is_v6, unsigned side)
{
	static const uint16_t ports[FLOWS] = {22, 443, 8080, 22, 179, 80};
	struct address client = {{10, 0, 0, 1}}, server = {{10, 0, 1, 7}};
	uint16_t port = (uint16_t)(40000 + flow % 3);

	if (flow & 1)
		client.bytes[0] = 192, server.bytes[0] = 198;
	if (is_v6) {
		client.bytes[0] = 0x20;
		client.bytes[15] = (uint8_t)flow;
	}
	packet->family = is_v6 ? 6 : 4;
	packet->source = side ? server : client;
	packet->target = side ? client : server;
	packet->source_port = side ? ports[flow] : port;
	packet->target_port = side ? port : ports[flow];
}

/* What both ends of an SSH connection say in clear, and other openings. */
static void say(struct packet *packet, uint8_t choice, struct input *input)
{
	static const char *const openings[] = {"SSH-2.0-OpenSSH_9.6\r\n",
		"Exceeded MaxStartups\r\n", "Not allowed at this time\r\n",
		"Invalid SSH identification string.\r\n", "GET / HTTP/1.1\r\n",
		"\x1b[31mred\xff\xfe\r\n"};
	static const uint32_t sizes[] = {
		1, 5, 190, 536, 700, 1348, 1448, 8948, 14480, 65000};

	if (choice < 6) {
		packet->payload = (const uint8_t *)openings[choice];
		packet->payload_captured = (uint32_t)strlen(openings[choice]);
		packet->payload_bytes = packet->payload_captured;
	} else if (choice < 16) {
		packet->payload_bytes = sizes[choice - 6];
	} else if (choice < 48) {
		uint32_t wanted = choice * 8u;
		uint32_t left = (uint32_t)(input->end - input->at);

		packet->payload = input->at;
		packet->payload_captured = wanted < left ? wanted : left;
		packet->payload_bytes = packet->payload_captured;
		input->at += packet->payload_captured;
	}
}

/* An error that quotes the last packet of `side`. */
static void make_icmp(struct packet *packet, const struct talk *talk,
	unsigned side, uint8_t choice, uint8_t size)
{
	static const uint8_t kinds[][2] = {{3, 0}, {3, 1}, {3, 3}, {3, 4},
		{3, 13}, {11, 0}, {1, 0}, {1, 1}, {1, 4}, {2, 0}, {3, 9},
		{1, 6}, {8, 0}};
	struct quotation *quoted = &packet->quoted;

	packet->kind = PACKET_ICMP;
	packet->protocol = packet->family == 4 ? PROTOCOL_ICMP : PROTOCOL_ICMP6;
	packet->icmp_type = kinds[choice % 13][0];
	packet->icmp_code = kinds[choice % 13][1];
	packet->icmp_mtu = size & 1 ? 0 : 68u + size * 11u;
	*quoted = (struct quotation){
		.source = packet->source,
		.target = packet->target,
		.source_port = packet->source_port,
		.target_port = packet->target_port,
		.sequence = talk->next[side] - (size & 6u) * 300,
		.has_ports = true,
		.has_sequence = !(choice & 0x40),
		.family = packet->family,
		.protocol = PROTOCOL_TCP,
		.ttl = choice >> 5,
		.total_bytes = (uint16_t)(size * 60u),
	};
	if (choice & 0x80)
		packet->source = packet->target;
	else
		packet->source.bytes[3] ^= 0x55;
	packet->target = quoted->source;
}

/* Flags, numbers and size of one segment, near what the connection expects. */
static void make_tcp(struct packet *packet, struct talk *talk, unsigned side,
	struct input *input)
{
	static const uint8_t flags[] = {TCP_SYN, TCP_SYN | TCP_ACK, TCP_ACK,
		TCP_PSH | TCP_ACK, TCP_FIN | TCP_ACK, TCP_RST,
		TCP_RST | TCP_ACK, TCP_ACK};
	static const int32_t shifts[] = {0, 0, 0, -1, 1, -1448, 1448, -7, 1460,
		4380, -12, 100000, -100000, INT32_MAX, INT32_MIN, 0};
	uint8_t flag = take(input), numbers = take(input);
	uint8_t form = take(input);

	packet->kind = PACKET_TCP;
	packet->protocol = PROTOCOL_TCP;
	packet->tcp_flags = flag & 0x80 ? flag & 0x3f : flags[flag & 7];
	say(packet, take(input), input);
	packet->sequence = talk->next[side] + (uint32_t)shifts[numbers & 15];
	packet->acknowledged =
		talk->next[!side] + (uint32_t)shifts[numbers >> 4];
	if (!(packet->tcp_flags & TCP_ACK) && !(form & 1))
		packet->acknowledged = 0;
	packet->window = form & 2 ? 0 : form & 4 ? 8192 : 501;
	if (form & 8) {
		packet->options |= OPTION_TIMESTAMP;
		packet->timestamp_value = (uint32_t)(packet->time_ns >> 20);
	}
	if (form & 16 && packet->tcp_flags & TCP_ACK) {
		packet->options |= OPTION_SACK;
		packet->sack_count = 1;
		packet->sack[0] = (struct sack_block){
			talk->next[!side] - (form >> 5) * 300u,
			talk->next[!side]};
	}
	if (packet->tcp_flags & TCP_SYN) {
		packet->options |= OPTION_MSS;
		packet->mss = form & 32 ? 1460 : 536;
	}
	packet->ip_bytes = packet->payload_bytes + 40;
	if (!(packet->tcp_flags & TCP_RST) && !(form & 64))
		talk->next[side] =
			packet->sequence + packet_sequence_length(packet);
}

static unsigned read_steps(struct input *input, struct packet *packets)
{
	static const uint8_t ttls[] = {64, 62, 61, 60, 59, 57, 50, 97, 128, 117,
		255, 250, 5, 1, 238, 63};
	struct talk talks[FLOWS] = {{{0}, {0}}};
	int64_t now_ns = 1700000000000000000;
	uint8_t mode = take(input);
	unsigned count = 0;

	for (unsigned i = 0; i < FLOWS; i++) {
		talks[i].next[0] = i & 2 ? UINT32_MAX - 20 : 1000;
		talks[i].next[1] = i & 4 ? UINT32_MAX - 3 : 77777;
	}
	while (input->end - input->at >= STEP_BYTES && count < PACKETS_MOST) {
		struct packet *packet = &packets[count];
		uint8_t who = take(input), when = take(input);
		uint8_t place = take(input), id = take(input);
		unsigned flow = (who & 7) % FLOWS, side = who >> 3 & 1;
		struct talk *talk = &talks[flow];

		memset(packet, 0, sizeof(*packet));
		now_ns += step_ns(when);
		packet->time_ns = now_ns;
		packet->frame = ++count;
		packet->ttl = ttls[place & 15];
		packet->tos = place & 0x80 ? 0x48 : 0;
		packet->is_df = !(place & 0x40);
		name_flow(packet, flow, mode & 1, side);
		if (mode & 2) {
			packet->direction = (when >> 4) % 3;
			packet->device = when >> 6;
		}
		packet->ip_id =
			(uint16_t)(id < 200 ? talk->ip_id[side] + id % 4u
					    : id * 257u);
		talk->ip_id[side] = packet->ip_id;
		if (packet->family == 6) {
			packet->flow_label = packet->ip_id;
			packet->ip_id = 0;
		}
		if ((who >> 4) == 15)
			make_icmp(packet, talk, side, take(input), take(input));
		else
			make_tcp(packet, talk, side, input);
		packet->wire_bytes = packet->ip_bytes + 14;
	}
	return count;
}

static void hand_incident(
	const void *context, uint64_t index, struct incident *incident)
{
	(void)analysis_incident(context, index, incident);
}

static void hand_flow(
	const void *context, uint64_t index, struct flow_summary *summary)
{
	analysis_flow(context, index, summary);
}

static const char *locate(
	const void *context, uint64_t frame, uint64_t *number_in_file)
{
	(void)context;
	*number_in_file = frame;
	return "fuzz.pcap";
}

static struct report report_of(const struct packet *packets, unsigned count,
	unsigned step, uint8_t mode)
{
	static const char *const paths[] = {"fuzz.pcap"};
	static const struct style style = {.columns = 80, .verbosity = 1};
	const struct analysis_options options = {
		.max_flows =
			mode & MODE_FEW_FLOWS ? SMALL_TABLES : USUAL_TABLES,
		.max_incidents =
			mode & MODE_FEW_INCIDENTS ? SMALL_TABLES : 1000,
		.seed = 1,
		.is_listing_flows = mode & MODE_ALL_FLOWS,
	};
	struct failure failure;
	struct analysis *analysis = analysis_new(&options, &failure);
	struct report report = {NULL, 0};
	struct report_source source;
	FILE *out;

	claim(analysis);
	for (unsigned i = 0; i < count; i += step)
		analysis_packets(analysis, packets + i,
			count - i < step ? count - i : step);
	analysis_finish(analysis);
	source = (struct report_source){
		.context = analysis,
		.incident_count = analysis_incident_count(analysis),
		.incident = hand_incident,
		.flow_count = analysis_flow_count(analysis),
		.flow = hand_flow,
		.locate = locate,
		.paths = paths,
		.path_count = 1,
	};
	analysis_totals(analysis, &source.totals);
	claim(source.totals.packets == count);
	out = open_memstream(&report.text, &report.length);
	claim(out);
	if ((mode & MODE_TEXT) == MODE_TEXT)
		report_text(&source, &style, out);
	else
		report_json(&source, out);
	claim(fclose(out) == 0);
	analysis_free(analysis);
	return report;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct packet packets[PACKETS_MOST];
	struct input input = {data, data + size};
	uint8_t mode = take(&input);
	struct report report;
	unsigned count = mode & MODE_STEPS ? read_steps(&input, packets)
					   : read_frames(&input, packets);

	if (count == 0)
		return 0;
	report = report_of(packets, count, count, mode);
	if ((mode & MODE_TEXT) == MODE_TEXT)
		claim(strict_plain_text(report.text, report.length));
	else
		claim(strict_json_lines(report.text, report.length));
	if ((mode & MODE_TWICE) == MODE_TWICE) {
		struct report other = report_of(packets, count, 1, mode);

		claim(other.length == report.length &&
			memcmp(other.text, report.text, report.length) == 0);
		free(other.text);
	}
	free(report.text);
	return 0;
}
