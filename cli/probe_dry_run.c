#include "cli/probe_dry_run.h"

#include <string.h>

#include "capture/safe_text.h"
#include "probe/engine/craft.h"
#include "report/address_text.h"

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
};

static void rehearse_one(
	void *context, const char *experiment, const struct probe_packet *probe)
{
	const struct rehearsal *rehearsal = context;

	(void)fprintf(rehearsal->out, "  %-10s %-12s ttl %-3u %5u bytes  %s\n",
		experiment, kind_text(probe), probe->ttl,
		probe_packet_bytes(rehearsal->family, probe), probe->comment);
}

void probe_dry_run(const struct runner_options *options, FILE *out)
{
	char target[ADDRESS_TEXT], own[ADDRESS_TEXT];
	struct rehearsal rehearsal = {out, options->family};

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
