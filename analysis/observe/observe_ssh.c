/* SSH before encryption: whether a connection is SSH, and its first lines and
 * packets, which ssh.c reads. */
#include "analysis/observe/observe.h"

#include "analysis/observe/app_message.h"
#include "capture/sequence.h"

/* Identifications between a side's last packet and this one. */
static uint8_t skipped_ids(const struct thresholds *thresholds,
	const struct side *side, const struct packet *packet)
{
	uint16_t step = (uint16_t)(packet->ip_id - side->ip_id);

	if (packet->family != 4 || packet->ip_id == 0 || side->ip_id == 0 ||
		step < 2 || step > thresholds->ssh_skipped_ids)
		return 0;
	return (uint8_t)(step - 1);
}

/* Whether the first data of a side is, or may become, a version line: "SSH-",
 * a part of it, or what a server on SSH's port may say before it (RFC 4253,
 * 4.2) unless its client speaks something else. */
static bool begins_ssh(
	const struct flow *flow, unsigned index, const struct packet *packet)
{
	enum app_message asked =
		(enum app_message)flow->cold[flow_client(flow)].app_message;

	if (!(flow->flags & FLOW_ORIENTED) ||
		packet->sequence != flow->cold[index].first_sequence + 1)
		return false;
	if (ssh_is_banner(packet))
		return true;
	if (!(flow->flags & FLOW_SSH) || packet->payload_captured == 0)
		return false;
	return ssh_may_be_banner(packet) ||
	       (index == flow_server(flow) &&
		       (asked == APP_MESSAGE_NOTHING ||
			       asked == APP_MESSAGE_SSH));
}

/* The port alone makes no SSH of what a client says there. */
static void forget_port(
	struct flow *flow, unsigned index, const struct packet *packet)
{
	if (index == flow_client(flow) && packet->payload_captured > 0 &&
		(flow->flags & FLOW_ORIENTED) &&
		packet->sequence == flow->cold[index].first_sequence + 1)
		flow->flags &= ~(uint32_t)FLOW_SSH;
}

/* The server has to reply to what begins the key exchange. Known as long as all
 * it says is read, which ends with its NEWKEYS. */
static void note_asked(struct observer *observer, struct flow *flow)
{
	const struct ssh_talk *talk =
		evidence_ssh_read(&observer->evidence_pool, flow->evidence);

	if (talk && talk->has_asked && !talk->has_ended[SSH_SERVER])
		flow->flags |= FLOW_ASKED;
}

void observe_ssh(struct observer *observer, struct flow *flow, unsigned index,
	const struct packet *packet)
{
	struct ssh_alive *alive = NULL;
	unsigned who = index == flow_client(flow) ? SSH_CLIENT : SSH_SERVER;
	bool has_keys;

	if (flow->evidence)
		alive = evidence_ssh_alive(
			&observer->evidence_pool, flow->evidence);
	if (!alive) {
		if (!begins_ssh(flow, index, packet)) {
			forget_port(flow, index, packet);
			return;
		}
		flow->flags |= FLOW_SSH;
	}
	if (!observe_has_evidence(observer, flow))
		return;
	has_keys = alive && alive->has_keys;
	if (alive)
		observe_ssh_alive(observer->thresholds, alive, who,
			&(struct ssh_data){
				.time_ns = packet->time_ns,
				.frame = packet->frame,
				.sequence = packet->sequence,
				.bytes = packet->payload_bytes,
				.dscp = packet->tos >> 2,
				.is_new =
					!flow_has_repeated(flow, index) &&
					packet->sequence +
							packet_sequence_length(
								packet) ==
						flow->side[index].next,
			});
	if (!evidence_hear_ssh(&observer->evidence_pool, flow->evidence, who,
		    packet,
		    skipped_ids(
			    observer->thresholds, &flow->side[index], packet)))
		flow->flags |= FLOW_WEAKENED;
	if (who == SSH_CLIENT && !has_keys)
		note_asked(observer, flow);
}
