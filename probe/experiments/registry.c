#include "probe/experiments/registry.h"

#define BIT(name) (UINT32_C(1) << EXPERIMENT_##name)

/* The route is part of every run: links are named by it. The forward and the
 * return path are measured together, and their verdicts use each other. */
const struct registry_row registry_rows[EXPERIMENT_COUNT] = {
	[EXPERIMENT_ROUTE] = {&experiment_route,
		"the routers on the path, by TCP, ICMP and UDP", 0, true},
	[EXPERIMENT_MTU] = {&experiment_mtu,
		"the largest packet that passes, and the link that limits it",
		BIT(REVERSE) | BIT(FLOWS), true},
	[EXPERIMENT_REVERSE] = {&experiment_reverse,
		"the largest packet that comes back", BIT(MTU) | BIT(FLOWS),
		true},
	[EXPERIMENT_FRAGMENTS] = {&experiment_fragments,
		"which fragments arrive, and where they are lost", 0, true},
	[EXPERIMENT_FLOWS] = {&experiment_flows,
		"whether other flows pass the same sizes",
		BIT(MTU) | BIT(REVERSE), true},
	[EXPERIMENT_REWRITTEN] = {&experiment_rewritten,
		"which header fields are rewritten, and where", 0, true},
	[EXPERIMENT_LOSS] = {&experiment_loss,
		"how many packets are lost, and where", 0, true},
	[EXPERIMENT_SSH] = {&experiment_ssh,
		"at which phase an SSH server fails, and why", 0, true},
	[EXPERIMENT_IDLE] = {&experiment_idle,
		"which device forgets idle connections, and when", 0, false},
	[EXPERIMENT_RESET] = {&experiment_reset,
		"which device resets connections with certain bytes", 0, true,
		"silent port: 3 SYNs each to it, 1 and 47123, 3 stray ACKs"},
	[EXPERIMENT_TOO_BIG] = {&experiment_too_big,
		"whether the server honours \"too big\"", 0, false},
	[EXPERIMENT_TLS] = {&experiment_tls,
		"whether a TLS server takes clients, and why not", 0, false},
};

uint32_t registry_choose(uint32_t named)
{
	uint32_t chosen = named | BIT(ROUTE);

	for (int i = 0; i < EXPERIMENT_COUNT; i++) {
		const struct registry_row *row = &registry_rows[i];

		if (named == 0 ? row->is_usual : named >> i & 1)
			chosen |= UINT32_C(1) << i | row->goes_with;
	}
	return chosen;
}

unsigned registry_records(
	uint32_t chosen, const struct experiment *records[EXPERIMENT_COUNT])
{
	unsigned count = 0;

	for (int i = 0; i < EXPERIMENT_COUNT; i++)
		if (chosen >> i & 1)
			records[count++] = registry_rows[i].experiment;
	return count;
}
