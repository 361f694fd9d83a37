#include "report/report_path_idle.h"

#include <stdio.h>

static double seconds(int64_t ns)
{
	return (double)ns / 1e9;
}

/* Short times are measured more closely. */
static int decimals(int64_t ns)
{
	return ns < INT64_C(20000000000) ? 2 : 1;
}

static const char *const expiries[] = {
	[IDLE_EXPIRY_NONE] = "",
	[IDLE_EXPIRY_SILENT] = ", then silence",
	[IDLE_EXPIRY_RESET_BY_BOX] = ", then a device's reset",
	[IDLE_EXPIRY_RESET_BY_SERVER] = ", then the server's reset",
	[IDLE_EXPIRY_ERROR_BY_BOX] = ", then an ICMP error",
	[IDLE_EXPIRY_PORT_MOVED] =
		", then answers with another connection's numbers",
};

size_t report_path_idle_title(
	const struct finding *finding, char *text, size_t bytes)
{
	const struct idle_figures *idle = &finding->idle;
	const char *then = expiries[finding->on_expiry];
	double survived_s = seconds(idle->survived_ns);
	double died_s = seconds(idle->died_ns);

	if (idle->survived_ns == 0)
		return (size_t)snprintf(text, bytes, ", less than %.*f s%s",
			decimals(idle->died_ns), died_s, then);
	return (size_t)snprintf(text, bytes, ", between %.*f and %.*f s%s",
		decimals(idle->died_ns), survived_s, decimals(idle->died_ns),
		died_s, then);
}

void report_path_idle(
	const struct layout *layout, const struct finding *finding)
{
	char text[160];

	if (finding->after_hop != HOP_NOT_KNOWN) {
		if (finding->hop != HOP_NOT_KNOWN)
			(void)snprintf(text, sizeof(text),
				"at hop %d, or on the link before it; devices "
				"with longer time-outs are not known",
				finding->hop);
		else
			(void)snprintf(text, sizeof(text),
				"behind hop %d, at hop %d at the farthest; "
				"devices with longer time-outs are not known",
				finding->after_hop, finding->before_hop);
		layout_labelled(layout, 4, "Where:", text);
	}
	if (finding->idle.timers[0])
		layout_labelled(layout, 4,
			"Known with such a time-out:", finding->idle.timers);
}

void report_path_idle_survived(
	const struct layout *layout, const struct path_totals *totals)
{
	char text[80];

	if (totals->idle_survived_ns == 0)
		return;
	(void)snprintf(text, sizeof(text), "survived without packets: %.*f s",
		decimals(totals->idle_survived_ns),
		seconds(totals->idle_survived_ns));
	layout_labelled(layout, 2, "connections:", text);
}

void report_path_idle_json(struct json *json, const struct finding *finding)
{
	const struct idle_figures *idle = &finding->idle;

	if (!finding->has_idle)
		return;
	if (idle->survived_ns)
		json_real(json, "survived_s", seconds(idle->survived_ns), 3);
	if (idle->died_ns)
		json_real(json, "died_s", seconds(idle->died_ns), 3);
	if (finding->on_expiry)
		json_string(json, "on_expiry",
			finding_expiry_word(finding->on_expiry));
	if (idle->keepalive_s)
		json_number(json, "keepalive_advice_s", idle->keepalive_s);
	if (idle->timers[0])
		json_string(json, "timers", idle->timers);
}
