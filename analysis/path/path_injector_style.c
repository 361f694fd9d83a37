#include "analysis/path/path_injector_style.h"

#include <stddef.h>

enum { TTL_AND_WINDOW = 1375, ALIKE = 3 };

static bool is_ahead(const struct reset_flow *flow, uint32_t ahead)
{
	for (unsigned i = 0; i < flow->reset_count; i++)
		if (flow->resets[i].ahead == ahead)
			return true;
	return false;
}

static bool is_train(uint8_t family, const struct reset_flow *flow,
	const struct reset_show *trigger)
{
	(void)family, (void)trigger; /* the numbers alone tell */
	return is_ahead(flow, 1460) && is_ahead(flow, 4380);
}

static bool is_window_by_ttl(uint8_t family, const struct reset_flow *flow,
	const struct reset_show *trigger)
{
	const struct reset_packet *first = &flow->resets[0];

	(void)family, (void)trigger;
	for (unsigned i = 0; i < flow->reset_count; i++)
		if (flow->resets[i].window != first->ttl + TTL_AND_WINDOW ||
			flow->resets[i].ahead != 0 ||
			!(flow->resets[i].tcp_flags & TCP_ACK))
			return false;
	return flow->reset_count >= ALIKE;
}

static bool is_client_mirror(uint8_t family, const struct reset_flow *flow,
	const struct reset_show *trigger)
{
	const struct reset_packet *first = &flow->resets[0];

	return !(first->tcp_flags & TCP_ACK) && first->acknowledged != 0 &&
	       first->window == trigger->window &&
	       (family == 6 || first->ip_id == (uint16_t)(trigger->ip_id + 1));
}

static bool is_swapped_counter(uint8_t family, const struct reset_flow *flow,
	const struct reset_show *trigger)
{
	const struct reset_packet *resets = flow->resets;

	(void)trigger;
	return family == 4 && flow->reset_count > 1 &&
	       resets[0].ttl == resets[1].ttl &&
	       (uint16_t)(resets[1].ip_id - resets[0].ip_id) == 256;
}

/* Linux' "reject with tcp reset": nothing but the number [lab: c7]. Those of
 * its TCP for unknown connections look the same. */
static bool is_bare(uint8_t family, const struct reset_flow *flow,
	const struct reset_show *trigger)
{
	const struct reset_packet *first = &flow->resets[0];

	(void)family, (void)trigger;
	return flow->reset_count == 1 && first->tcp_flags == TCP_RST &&
	       first->window == 0 && first->ip_id == 0 &&
	       first->acknowledged == 0;
}

static const struct {
	const char *word;
	bool (*is)(uint8_t family, const struct reset_flow *flow,
		const struct reset_show *trigger);
} styles[] = {
	{"train-1460-4380", is_train},
	{"window-follows-ttl", is_window_by_ttl},
	{"mirrors-client-header", is_client_mirror},
	{"little-endian-ip-id", is_swapped_counter},
	{"linux-reject", is_bare},
};

const char *path_injector_style(uint8_t family, const struct reset_flow *flow,
	const struct reset_show *trigger)
{
	for (size_t i = 0; i < sizeof(styles) / sizeof(styles[0]); i++)
		if (styles[i].is(family, flow, trigger))
			return styles[i].word;
	return NULL;
}

bool path_injector_copies_id(uint8_t family, const struct reset_flow *flow,
	const struct reset_show *trigger)
{
	uint16_t beyond = (uint16_t)(flow->resets[0].ip_id - trigger->ip_id);

	return family == 4 && beyond <= 1;
}

bool path_injector_copies_window(
	const struct reset_flow *flow, const struct reset_show *trigger)
{
	return flow->resets[0].window == trigger->window;
}
