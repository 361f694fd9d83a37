#include "report/packet_rows.h"

#include <inttypes.h>
#include <string.h>

#include "report/address_text.h"
#include "report/csv.h"
#include "report/json.h"
#include "report/packet_text.h"

static const char *speaker_word(enum speaker speaker)
{
	switch (speaker) {
	case SPEAKER_CLIENT:
		return "client";
	case SPEAKER_SERVER:
		return "server";
	case SPEAKER_TO_CLIENT:
	case SPEAKER_TO_SERVER:
		return "path";
	case SPEAKER_NOBODY:
		break;
	}
	return "";
}

void packet_row_csv_header(const struct packet_view *view)
{
	(void)fputs("file,frame,time,from,source,kind,seq,ack,payload,window,"
		    "ttl,ip_id,df\n",
		view->out);
}

void packet_row_csv(const struct packet_view *view, const struct packet *packet,
	enum speaker speaker)
{
	FILE *out = view->out;
	uint64_t number = packet->frame;
	const char *file = view->source->locate(
		view->source->context, packet->frame, &number);
	char address[ADDRESS_TEXT], kind[ICMP_TEXT];

	csv_text(out, file ? file : "");
	(void)fprintf(out, ",%" PRIu64 ",", number);
	if (packet->time_ns != INT64_MIN)
		csv_seconds(out, packet->time_ns);
	address_text(address, &packet->source, packet->family);
	(void)fprintf(out, ",%s,%s,", speaker_word(speaker), address);
	if (packet->kind == PACKET_ICMP) {
		csv_text(out, icmp_text(kind, packet->family, packet->icmp_type,
				      packet->icmp_code, packet->icmp_mtu));
		(void)fprintf(out, ",,,,,%u,%u,%d\n", packet->ttl,
			packet->ip_id, packet->is_df);
		return;
	}
	csv_text(out, tcp_flags_text(kind, packet->tcp_flags));
	(void)fprintf(out, ",%u,%u,%u,%u,%u,%u,%d\n", packet->sequence,
		packet->acknowledged, packet->payload_bytes, packet->window,
		packet->ttl, packet->ip_id, packet->is_df);
}

static void tcp_fields(struct json *json, const struct packet *packet)
{
	char flags[FLAGS_TEXT];

	json_string(json, "flags", tcp_flags_text(flags, packet->tcp_flags));
	json_number(json, "seq", packet->sequence);
	json_number(json, "ack", packet->acknowledged);
	json_number(json, "payload", packet->payload_bytes);
	json_number(json, "window", packet->window);
	if (packet->options & OPTION_MSS)
		json_number(json, "mss", packet->mss);
	if (packet->options & OPTION_TIMESTAMP) {
		json_number(json, "tsval", packet->timestamp_value);
		json_number(json, "tsecr", packet->timestamp_echo);
	}
}

void packet_row_json(const struct packet_view *view,
	const struct packet *packet, enum speaker speaker)
{
	const struct incident *incident = view->incident;
	struct json json;
	uint64_t number = packet->frame;
	const char *file = view->source->locate(
		view->source->context, packet->frame, &number);
	char text[ICMP_TEXT];

	json_begin(&json, view->out);
	json_record(&json, "packet");
	if (file)
		json_string(&json, "file", file);
	json_number(&json, "frame", number);
	json_time(&json, "time", packet->time_ns);
	json_string(&json, "from", speaker_word(speaker));
	address_text(text, &packet->source, packet->family);
	json_string(&json, "source", text);
	if (packet->kind == PACKET_ICMP)
		json_string(&json, "icmp",
			icmp_text(text, packet->family, packet->icmp_type,
				packet->icmp_code, packet->icmp_mtu));
	else
		tcp_fields(&json, packet);
	json_number(&json, "ip_bytes", packet->ip_bytes);
	json_number(&json, "ttl", packet->ttl);
	json_number(&json, "tos", packet->tos);
	if (packet->family == 4) {
		json_number(&json, "ip_id", packet->ip_id);
		json_boolean(&json, "df", packet->is_df);
	} else {
		json_number(&json, "flow_label", packet->flow_label);
	}
	if (incident && incident->frame == packet->frame)
		json_boolean(&json, "fatal", true);
	json_record_end(&json);
}
