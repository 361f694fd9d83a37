/* The first packets are those of the experiments themselves; what follows
 * depends on the responses. How many those are on a healthy path stands in the
 * experiments' records (tests/probe/test_usage.py compares). */
#include "cli/probe_dry_run.h"

#include <string.h>

#include "capture/safe_text.h"
#include "probe/engine/craft.h"
#include "probe/experiments/registry.h"
#include "probe/protocol/ssh_rules.h"
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
	FILE *out; /* NULL: only counts */
	uint8_t family;
	unsigned at_once;  /* connections that only one experiment opens */
	struct json *json; /* NULL: as text */
	/* of each experiment, and of the connection */
	unsigned counts[EXPERIMENT_COUNT + 1];
};

static const char *word_of(const struct experiment *experiment)
{
	return experiment ? probe_experiment_word(experiment->id)
			  : "connection";
}

static void rehearse_one(void *context, const struct experiment *experiment,
	const struct probe_packet *probe)
{
	struct rehearsal *rehearsal = context;
	uint32_t bytes = probe_packet_bytes(rehearsal->family, probe);

	rehearsal->counts[experiment ? experiment->id : EXPERIMENT_COUNT]++;
	if (rehearsal->json) {
		json_record(rehearsal->json, "packet");
		json_string(rehearsal->json, "experiment", word_of(experiment));
		json_string(rehearsal->json, "kind", kind_text(probe));
		json_number(rehearsal->json, "ttl", probe->ttl);
		json_number(rehearsal->json, "bytes", bytes);
		json_string(rehearsal->json, "purpose", probe->comment);
		json_record_end(rehearsal->json);
	} else if (rehearsal->out) {
		(void)fprintf(rehearsal->out,
			"  %-10s %-12s ttl %-3u %5u bytes  %s\n",
			word_of(experiment), kind_text(probe), probe->ttl,
			bytes, probe->comment);
	}
}

struct counts {
	unsigned first, usual, most;
};

/* Of an experiment; NULL: of the connection. */
static struct counts counts_of(
	const struct rehearsal *rehearsal, const struct experiment *experiment)
{
	unsigned first = rehearsal->counts[experiment ? experiment->id
						      : EXPERIMENT_COUNT];
	unsigned later =
		experiment ? experiment->usual_later +
				     experiment->usual_each * rehearsal->at_once
			   : RUNNER_USUAL_LATER;

	return (struct counts){
		first, first + later, runner_most_of(experiment)};
}

static struct counts counts_of_all(
	const struct rehearsal *rehearsal, const struct runner_options *options)
{
	struct counts all = counts_of(rehearsal, NULL);

	for (unsigned i = 0; i < options->experiment_count; i++) {
		struct counts one =
			counts_of(rehearsal, options->experiments[i]);

		all.first += one.first;
		all.usual += one.usual;
		all.most += one.most;
	}
	return all;
}

static void counts_json(
	struct json *json, const char *word, const struct counts *counts)
{
	json_record(json, "experiment");
	json_string(json, "experiment", word);
	json_number(json, "first_packets", counts->first);
	json_number(json, "usual_packets", counts->usual);
	json_number(json, "most_packets", counts->most);
	json_record_end(json);
}

static void summary_json(const struct rehearsal *rehearsal,
	const struct runner_options *options, const char *target)
{
	struct json *json = rehearsal->json;
	struct counts all = counts_of_all(rehearsal, options);
	char address[ADDRESS_TEXT];

	json_record(json, "summary");
	json_string(json, "target", target);
	json_number(json, "port", options->port);
	address_text(address, &options->route->own, options->family);
	json_string(json, "source", address);
	json_string(json, "interface", options->route->interface);
	json_number(json, "interface_mtu", options->route->interface_mtu);
	if (options->route->route_mtu)
		json_number(json, "route_mtu", options->route->route_mtu);
	json_number(json, "hops", REHEARSED_HOPS);
	json_number(json, "usual_packets", all.usual);
	json_number(json, "most_packets", all.most);
	json_number(json, "most_per_second", options->rate);
	json_record_end(json);
}

/* Those that experiments share are counted by the first that opens them. */
static unsigned opened_at_once(const struct runner_options *options)
{
	unsigned at_once = options->ssh ? options->ssh->at_once : 0;
	unsigned sharing = 0;

	for (unsigned i = 0; i < options->experiment_count; i++)
		sharing += options->experiments[i]->is_sharing;
	if (sharing < 2)
		return at_once;
	return at_once > SSH_USUAL_AT_ONCE ? at_once - SSH_USUAL_AT_ONCE : 0;
}

void probe_dry_run_json(
	const struct runner_options *options, const char *target, FILE *out)
{
	struct json json;
	struct rehearsal rehearsal = {.out = out,
		.family = options->family,
		.at_once = opened_at_once(options),
		.json = &json};
	struct counts counts;

	json_begin(&json, out);
	runner_dry_run(options, REHEARSED_HOPS, rehearse_one, &rehearsal);
	counts = counts_of(&rehearsal, NULL);
	counts_json(&json, word_of(NULL), &counts);
	for (unsigned i = 0; i < options->experiment_count; i++) {
		const struct experiment *one = options->experiments[i];

		counts = counts_of(&rehearsal, one);
		counts_json(&json, word_of(one), &counts);
	}
	summary_json(&rehearsal, options, target);
}

static void head(
	const struct runner_options *options, const char *target, FILE *out)
{
	char own[ADDRESS_TEXT], route_mtu[40] = "";
	const char *interface = options->route->interface;

	address_text(own, &options->route->own, options->family);
	if (options->route->route_mtu)
		(void)snprintf(route_mtu, sizeof(route_mtu), ", route MTU %u",
			options->route->route_mtu);
	(void)fprintf(out, "From %s by ", own);
	safe_text_write(out, interface, strlen(interface));
	(void)fprintf(out, " (MTU %u%s) to %s port %u. Nothing is sent.\n",
		options->route->interface_mtu, route_mtu, target,
		options->port);
}

static void row(FILE *out, const char *word, const struct counts *counts,
	const char *help)
{
	(void)fprintf(out, "  %-12s %6u %8u  %s\n", word, counts->usual,
		counts->most, help);
}

void probe_dry_run(const struct runner_options *options, const char *target,
	bool is_verbose, FILE *out)
{
	struct rehearsal rehearsal = {.family = options->family,
		.at_once = opened_at_once(options)};
	struct counts counts;

	head(options, target, out);
	if (is_verbose) {
		rehearsal.out = out;
		(void)fprintf(out, "First packets, at a distance of %d hops:\n",
			REHEARSED_HOPS);
	}
	runner_dry_run(options, REHEARSED_HOPS, rehearse_one, &rehearsal);
	(void)fprintf(out, "\n  experiment    about  at most\n");
	counts = counts_of(&rehearsal, NULL);
	row(out, word_of(NULL), &counts, "the connection that measures");
	for (unsigned i = 0; i < options->experiment_count; i++) {
		const struct experiment *one = options->experiments[i];

		counts = counts_of(&rehearsal, one);
		row(out, word_of(one), &counts, registry_rows[one->id].help);
		if (registry_rows[one->id].others)
			(void)fprintf(out, "%32s%s\n", "",
				registry_rows[one->id].others);
	}
	counts = counts_of_all(&rehearsal, options);
	(void)fprintf(
		out, "  %-12s %6u %8u\n", "in all", counts.usual, counts.most);
	(void)fprintf(out,
		"\n\"about\" is on a healthy path of %d hops; lost packets, "
		"limits of routers and\nfaults on the path take more. At most "
		"%u packets per second.%s\n",
		REHEARSED_HOPS, options->rate,
		is_verbose ? "" : " -v lists the first packets.");
}
