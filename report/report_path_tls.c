#include "report/report_path_tls.h"

#include <stdio.h>

#include "report/phases.h"

static void answer_json(struct json *json, const struct tls_figures *tls)
{
	json_text(json, "alert", tls->alert);
	json_text(json, "version", tls->version);
	json_text(json, "suite", tls->suite);
}

void report_path_tls_json(struct json *json, const struct finding *finding)
{
	answer_json(json, &finding->tls);
	json_text(json, "server_name", finding->tls.name);
	json_text(json, "speaks", finding->tls.speaks);
}

enum { TLS_PHASE_COUNT = 4 };

static void phases_of(const struct path_tls_times *times,
	struct phase phases[TLS_PHASE_COUNT])
{
	phases[0] = (struct phase){
		"handshake", "handshake_ms", times->handshake_ns};
	phases[1] = (struct phase){"answer", "hello_ms", times->hello_ns};
	phases[2] = (struct phase){
		"certificate", "certificate_ms", times->certificate_ns};
	phases[3] = (struct phase){"close", "close_ms", times->close_ns};
}

static bool is_answered(const struct path_tls_times *times)
{
	return times->answer.version[0] || times->answer.alert[0];
}

void report_path_tls_times(
	const struct layout *layout, const struct path_totals *totals)
{
	const struct path_tls_times *times = &totals->tls;
	struct phase phases[TLS_PHASE_COUNT];
	char text[256];

	if (!is_answered(times))
		return;
	(void)snprintf(text, sizeof(text), "%s%s%s%s%s",
		times->answer.alert[0] ? "alert " : "", times->answer.alert,
		times->answer.version, times->answer.suite[0] ? ", " : "",
		times->answer.suite);
	layout_labelled(layout, 2, "TLS server:", text);
	phases_of(times, phases);
	phases_text(layout, "TLS phases:", phases, TLS_PHASE_COUNT);
}

void report_path_tls_times_json(
	struct json *json, const struct path_totals *totals)
{
	const struct path_tls_times *times = &totals->tls;
	struct phase phases[TLS_PHASE_COUNT];

	if (!is_answered(times))
		return;
	json_object(json, "tls");
	answer_json(json, &times->answer);
	phases_of(times, phases);
	phases_json(json, phases, TLS_PHASE_COUNT);
	json_object_end(json);
}
