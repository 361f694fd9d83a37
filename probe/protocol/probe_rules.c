#include "probe/protocol/probe_rules.h"

#include <stddef.h>

#define MS(number) ((number)*INT64_C(1000000))

/* Rows of older versions stand as numbers and never change: recordings were
 * made by them. The last row is what the prober does now. To change a constant
 * that a row holds, write the last row as numbers and add one. */
static const struct probe_rules rules[] = {
	{
		.version = 1,
		.floor_bytes = 256,
		.loss_medium_bytes = 576,
		.loss_delay_bytes = 80,
		.loss_least_sent = 60,
		.loss_hop_least_sent = 12,
		.fragment_tries = 4,
		.fragment_least_tries = 3,
		.router_rest_ns = MS(900),
		.retransmission_least_ns = MS(20),
		.missing_after_ns = MS(40),
		.reassembly_least_ns = MS(32500),
		.ptb_sure_repeats = 2,
		.idle_silent_tries = 5, /* there were no such experiments */
		.ssh_at_once = 8,
	},
	/* The comment names its version. */
	{
		.version = 2,
		.floor_bytes = 256,
		.loss_medium_bytes = 576,
		.loss_delay_bytes = 80,
		.loss_least_sent = 60,
		.loss_hop_least_sent = 12,
		.fragment_tries = 4,
		.fragment_least_tries = 3,
		.router_rest_ns = MS(900),
		.retransmission_least_ns = MS(20),
		.missing_after_ns = MS(40),
		.reassembly_least_ns = MS(32500),
		.ptb_sure_repeats = 2,
		.idle_silent_tries = 5,
		.ssh_at_once = 8,
	},
	/* Experiments share connections, and fewer are open at once. */
	{
		.version = PROBE_RULES_VERSION,
		.floor_bytes = PROBE_FLOOR_BYTES,
		.loss_medium_bytes = LOSS_MEDIUM_BYTES,
		.loss_delay_bytes = LOSS_DELAY_BYTES,
		.loss_least_sent = LOSS_LEAST_SENT,
		.loss_hop_least_sent = LOSS_HOP_LEAST_SENT,
		.fragment_tries = FRAGMENT_TRIES,
		.fragment_least_tries = FRAGMENT_LEAST_TRIES,
		.router_rest_ns = MS(ERROR_RATION_REST_MS),
		.retransmission_least_ns = MS(RETRANSMISSION_LEAST_MS),
		.missing_after_ns = MS(MISSING_AFTER_MS),
		.reassembly_least_ns = MS(REASSEMBLY_LEAST_MS),
		.ptb_sure_repeats = PTB_SURE_REPEATS,
		.idle_silent_tries = IDLE_SILENT_TRIES,
		.ssh_at_once = SSH_MANY_AT_ONCE,
	},
};

const struct probe_rules *probe_rules_of(unsigned version)
{
	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++)
		if (rules[i].version == version)
			return &rules[i];
	return NULL;
}
