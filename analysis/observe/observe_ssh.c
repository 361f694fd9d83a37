/* SSH before encryption: whether a connection is SSH, and its first lines and
 * packets, which ssh.c reads. */
#include "analysis/observe/observe.h"

enum { SKIPPED_MOST = 32 /* packets; more is another counter */ };

/* Identifications between a side's last packet and this one. */
static uint8_t skipped_ids(const struct side *side, const struct packet *packet)
{
	uint16_t step = (uint16_t)(packet->ip_id - side->ip_id);

	if (packet->family != 4 || packet->ip_id == 0 || side->ip_id == 0 ||
		step < 2 || step > SKIPPED_MOST)
		return 0;
	return (uint8_t)(step - 1);
}

void observe_ssh(struct observer *observer, struct flow *flow, unsigned index,
	const struct packet *packet)
{
	struct evidence *evidence;
	unsigned who = index == flow_client(flow) ? SSH_CLIENT : SSH_SERVER;
	bool had_banner;

	if (!(flow->flags & FLOW_SSH)) {
		if (!(flow->flags & FLOW_ORIENTED) ||
			packet->sequence !=
				flow->cold[index].first_sequence + 1)
			return;
		if (!ssh_is_banner(packet))
			return;
		flow->flags |= FLOW_SSH;
	}
	evidence = observe_evidence(observer, flow);
	if (!evidence)
		return;
	had_banner = evidence->ssh && evidence->ssh->has_banner[who];
	if (!evidence_hear_ssh(
		    &observer->evidence_pool, evidence, who, packet)) {
		flow->flags |= FLOW_WEAKENED;
		return;
	}
	if (!had_banner && evidence->ssh->has_banner[who])
		evidence->ssh->banner_skipped[who] =
			skipped_ids(&flow->side[index], packet);
}
