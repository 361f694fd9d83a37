#include "report/report_csv.h"

#include "probe/protocol/probe_command.h"

#include "report/address_text.h"
#include "report/connection_json.h"
#include "report/csv.h"

/* 0 is what is not known. */
static void number_if(struct csv_line *line, const char *name, uint64_t number)
{
	if (number || line->is_header)
		csv_line_number(line, name, number);
	else
		csv_line_string(line, name, NULL);
}

static void connection(struct csv_line *line,
	const struct report_source *source, const struct incident *incident)
{
	const struct flow_name *flow = &incident->flow;
	uint32_t stream = report_tcp_stream(source, flow, incident->frame);
	char text[ADDRESS_TEXT], id[COMMUNITY_ID_TEXT];

	address_text(text, &flow->client.address, flow->family);
	csv_line_string(line, "connection.client_ip", text);
	csv_line_number(line, "connection.client_port", flow->client.port);
	address_text(text, &flow->server.address, flow->family);
	csv_line_string(line, "connection.server_ip", text);
	csv_line_number(line, "connection.server_port", flow->server.port);
	csv_line_string(
		line, "connection.community_id", community_id(id, flow));
	if (stream != TCP_STREAM_UNKNOWN || line->is_header)
		csv_line_number(line, "connection.tcp_stream", stream);
	else
		csv_line_string(line, "connection.tcp_stream", NULL);
	csv_line_truth(line, "flow.guessed", flow->is_guessed);
	csv_line_string(line, "flow.tunnel",
		flow->tunnel == TUNNEL_NONE ? NULL : tunnel_word(flow->tunnel));
}

static void place(struct csv_line *line, const struct report_source *source,
	const struct incident *incident)
{
	uint64_t number = incident->frame;
	const char *file =
		source->locate(source->context, incident->frame, &number);
	char text[WALL_TIME_TEXT];

	csv_line_string(line, "file", file);
	csv_line_string(line, "capture_point",
		report_place_name(source, incident->frame));
	number_if(line, "frame", incident->frame ? number : 0);
	csv_line_seconds(line, "time", incident->time_ns);
	csv_line_string(
		line, "wall_time", wall_time_text(text, incident->time_ns));
}

static void verdict(struct csv_line *line, const struct incident *incident)
{
	csv_line_string(line, "mechanism", mechanism_word(incident->mechanism));
	csv_line_string(line, "sender", party_word(incident->sender));
	csv_line_string(line, "culprit", party_word(incident->culprit));
	csv_line_string(line, "grade", grade_word(incident->grade));
	number_if(line, "hop", incident->hop);
	csv_line_string(line, "summary", incident->summary);
	csv_line_string(line, "detail", incident->detail);
	csv_line_string(line, "advice", incident->advice);
	csv_line_string(line, "signature", incident->signature);
	csv_line_string(line, "pattern", incident->pattern);
	csv_line_string(
		line, "tampering_signature", incident->tampering_signature);
	csv_line_string(line, "wire_text", incident->wire_text);
}

static void incident_line(struct csv_line *line,
	const struct report_source *source, const struct incident *incident)
{
	place(line, source, incident);
	connection(line, source, incident);
	verdict(line, incident);
	csv_line_number(line, "family", incident->flow.family);
	csv_line_seconds(line, "began", incident->began_ns);
	csv_line_seconds(line, "idle_s",
		incident->idle_ns > 0 ? incident->idle_ns : INT64_MIN);
	number_if(line, "mtu.passed", incident->mtu_passed);
	number_if(line, "mtu.failed", incident->mtu_failed);
	csv_line_number(line, "group", incident->group);
	csv_line_truth(line, "weakened", incident->is_weakened);
	csv_line_end(line);
}

void report_csv(const struct report_source *source, FILE *out)
{
	static const struct incident nothing = {.flow = {.family = 4}};
	struct csv_line line = {.out = out, .is_header = true};

	incident_line(&line, source, &nothing);
	for (uint64_t i = 0; i < source->incident_count; i++) {
		struct incident incident;

		source->incident(source->context, i, &incident);
		incident_line(&line, source, &incident);
	}
}

static void hop_if(struct csv_line *line, const char *name, int hop)
{
	if (hop == HOP_NOT_KNOWN)
		csv_line_string(line, name, NULL);
	else
		csv_line_number(line, name, (uint64_t)hop);
}

static void finding_line(struct csv_line *line, const struct path *path,
	const struct finding *finding)
{
	char text[PROBE_TARGET_TEXT];

	probe_target_text(path_comment(path), text);
	csv_line_string(line, "target", text);
	csv_line_number(line, "port", path_comment(path)->port);
	csv_line_string(line, "finding", finding_kind_word(finding->kind));
	csv_line_string(line, "grade", grade_word(finding->grade));
	csv_line_string(
		line, "direction", finding_direction_word(finding->direction));
	number_if(line, "mtu", finding->mtu);
	hop_if(line, "after_hop", finding->after_hop);
	hop_if(line, "before_hop", finding->before_hop);
	hop_if(line, "limited_after_hop", finding->limited_after_hop);
	hop_if(line, "hop", finding->hop);
	csv_line_string(line, "sender",
		finding->sender == PARTY_UNKNOWN ? NULL
						 : party_word(finding->sender));
	csv_line_string(line, "state", finding_state_word(finding->state));
	csv_line_string(line, "signature", finding->row);
	csv_line_string(line, "could_also_be", finding->other);
	csv_line_string(line, "advice", finding->advice);
	csv_line_end(line);
}

void report_path_csv(const struct path *path, FILE *out)
{
	static const struct finding nothing = {0};
	struct csv_line line = {.out = out, .is_header = true};

	finding_line(&line, path, &nothing);
	for (unsigned i = 0; i < path_finding_count(path); i++)
		finding_line(&line, path, path_finding(path, i));
}
