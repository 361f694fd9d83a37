#include "cli/probe_dry_run.h"

#include <string.h>

#include "capture/safe_text.h"
#include "probe/engine/craft.h"
#include "report/address_text.h"
#include "report/json.h"

enum { REHEARSED_HOPS = 8 };

static const char *kind_text(const struct probe_packet *probe)
{
	switch (probe->kind) {
	case PROBE_PACKET_TCP:
		return probe->tcp_flags & TCP_SYN ? "TCP SYN"
						  : "TCP "
						    "acknowledged data";
	case PROBE_PACKET_ECHO:
		return "ICMP echo";
	case PROBE_PACKET_UDP:
		return "UDP";
	case PROBE_PACKET_FRAGMENT:
		return "fragment";
	case PROBE_PACKET_TOO_BIG:
		return "ICMP error";
	}
	return "";
}

struct rehearsal {
	FILE *out;
	uint8_t family;
	struct json *json; /* NULL: as text */
};

static void rehearse_one(
	void *context, const char *experiment, const struct probe_packet *probe)
{
	const struct rehearsal *rehearsal = context;
	uint32_t bytes = probe_packet_bytes(rehearsal->family, probe);

	if (rehearsal->json) {
		json_record(rehearsal->json, "packet");
		json_string(rehearsal->json, "experiment", experiment);
		json_string(rehearsal->json, "kind", kind_text(probe));
		json_number(rehearsal->json, "ttl", probe->ttl);
		json_number(rehearsal->json, "bytes", bytes);
		json_string(rehearsal->json, "purpose", probe->comment);
		json_record_end(rehearsal->json);
		return;
	}
	(void)fprintf(rehearsal->out, "  %-10s %-12s ttl %-3u %5u bytes  %s\n",
		experiment, kind_text(probe), probe->ttl, bytes,
		probe->comment);
}

void probe_dry_run_json(const struct runner_options *options, FILE *out)
{
	char address[ADDRESS_TEXT];
	struct json json;
	struct rehearsal rehearsal = {out, options->family, &json};

	json_begin(&json, out);
	unsigned most = runner_dry_run(
		options, REHEARSED_HOPS, rehearse_one, &rehearsal);
	json_record(&json, "summary");
	address_text(address, &options->target, options->family);
	json_string(&json, "target", address);
	address_text(address, &options->route->own, options->family);
	json_string(&json, "source", address);
	json_string(&json, "interface", options->route->interface);
	json_number(&json, "interface_mtu", options->route->interface_mtu);
	if (options->route->route_mtu)
		json_number(&json, "route_mtu", options->route->route_mtu);
	json_number(&json, "hops", REHEARSED_HOPS);
	json_number(&json, "most_packets", most);
	json_number(&json, "most_per_second", options->rate);
	json_record_end(&json);
}

void probe_dry_run(const struct runner_options *options, FILE *out)
{
	char target[ADDRESS_TEXT], own[ADDRESS_TEXT];
	struct rehearsal rehearsal = {out, options->family, NULL};

	address_text(target, &options->target, rehearsal.family);
	address_text(own, &options->route->own, rehearsal.family);
	char route_mtu[40] = "";

	if (options->route->route_mtu)
		(void)snprintf(route_mtu, sizeof(route_mtu), ", route MTU %u",
			options->route->route_mtu);
	(void)fprintf(out, "From %s by ", own);
	safe_text_write(out, options->route->interface,
		strlen(options->route->interface));
	(void)fprintf(out,
		" (MTU %u%s) to %s only.\nFirst packets, for a distance of %d "
		"hops:\n",
		options->route->interface_mtu, route_mtu, target,
		REHEARSED_HOPS);
	unsigned most = runner_dry_run(
		options, REHEARSED_HOPS, rehearse_one, &rehearsal);
	(void)fprintf(out,
		"Further packets depend on the responses: at most %u packets "
		"in all, at most %u per second.\n",
		most, options->rate);
}
