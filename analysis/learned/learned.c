#include "analysis/learned/learned.h"

enum {
	HOSTS = 1 << 16,
	DATAGRAM_HOSTS = 1 << 14,
	CLOSED = 1 << 16, /* two a connection */
	PATHS = 1 << 13,
	CHECKS = 1 << 12,
	SIZES = 1 << 12,
	HEARD = 1 << 16, /* connections whose first data is kept */
	LISTENERS = 1 << 14,
	REFUSALS = 1 << 12,
};

/* Slots for what few flows can add: a power of two, not above `most`. */
static uint32_t slots_for(uint64_t flows, uint32_t most)
{
	uint32_t slots = 64;

	while (slots < most && slots / 4 < flows)
		slots *= 2;
	return slots;
}

bool learned_init(struct learned *learned, uint64_t flows, uint64_t seed)
{
	return rebinds_init(&learned->rebinds) &&
	       answered_syns_init(&learned->answered_syns) &&
	       host_ttls_init(
		       &learned->host_ttls, slots_for(flows, HOSTS), seed) &&
	       host_ttls_init(&learned->datagram_ttls,
		       slots_for(flows, DATAGRAM_HOSTS), seed) &&
	       closed_numbers_init(
		       &learned->closed_numbers, slots_for(flows, CLOSED)) &&
	       triggers_init(
		       &learned->triggers, slots_for(flows, HEARD), seed) &&
	       idle_stats_init(
		       &learned->idle_stats, slots_for(flows, PATHS), seed) &&
	       checks_init(
		       &learned->checks, slots_for(flows, CHECKS), seed) &&
	       passed_sizes_init(
		       &learned->passed_sizes, slots_for(flows, SIZES), seed) &&
	       listeners_init(
		       &learned->listeners, slots_for(flows, LISTENERS)) &&
	       listeners_init(
		       &learned->accepted_plain, slots_for(flows, LISTENERS)) &&
	       listeners_init(
		       &learned->accepted_ecn, slots_for(flows, LISTENERS)) &&
	       refusals_init(&learned->refusals, slots_for(flows, REFUSALS));
}

void learned_release(struct learned *learned)
{
	rebinds_release(&learned->rebinds);
	answered_syns_release(&learned->answered_syns);
	host_ttls_release(&learned->host_ttls);
	host_ttls_release(&learned->datagram_ttls);
	closed_numbers_release(&learned->closed_numbers);
	triggers_release(&learned->triggers);
	idle_stats_release(&learned->idle_stats);
	checks_release(&learned->checks);
	passed_sizes_release(&learned->passed_sizes);
	listeners_release(&learned->listeners);
	listeners_release(&learned->accepted_plain);
	listeners_release(&learned->accepted_ecn);
	refusals_release(&learned->refusals);
}

void learned_merge_services(
	struct learned *learned, const struct learned *from)
{
	rebinds_merge(&learned->rebinds, &from->rebinds);
	listeners_merge(&learned->listeners, &from->listeners);
	listeners_merge(&learned->accepted_plain, &from->accepted_plain);
	listeners_merge(&learned->accepted_ecn, &from->accepted_ecn);
	refusals_merge(&learned->refusals, &from->refusals);
	answered_syns_merge(&learned->answered_syns, &from->answered_syns);
}

void learned_merge_ended(struct learned *learned, const struct learned *from)
{
	host_ttls_merge(&learned->host_ttls, &from->host_ttls);
	host_ttls_merge(&learned->datagram_ttls, &from->datagram_ttls);
	triggers_merge(&learned->triggers, &from->triggers);
	idle_stats_merge(&learned->idle_stats, &from->idle_stats);
	checks_merge(&learned->checks, &from->checks);
	passed_sizes_merge(&learned->passed_sizes, &from->passed_sizes);
}

void learned_settle(struct learned *learned)
{
	host_ttls_merge(&learned->host_ttls, &learned->datagram_ttls);
	idle_stats_forget_deaths(&learned->idle_stats);
}
