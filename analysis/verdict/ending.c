#include "analysis/verdict/ending.h"

#include "analysis/verdict/icmp_error.h"
#include "analysis/verdict/incident.h"

bool ending_is_first_reset(const struct evidence *evidence, unsigned index)
{
	const struct packet_note *note = &evidence->resets[index].note;

	for (unsigned i = 0; i < index; i++) {
		const struct packet_note *other = &evidence->resets[i].note;

		if (other->side == note->side &&
			incident_same_distance(other->ttl, note->ttl))
			return false;
	}
	return true;
}

bool ending_unanswered_side(const struct closed_conn *conn, unsigned *side)
{
	const struct evidence *evidence = conn->evidence;
	unsigned client = flow_client(&conn->flow);
	const struct unacked_run *of_client, *of_server;

	if (!evidence)
		return false;
	of_client = &evidence->unacked[client];
	of_server = &evidence->unacked[!client];
	if (!of_client->is_active && !of_server->is_active)
		return false;
	*side = of_server->is_active &&
				(!of_client->is_active ||
					of_server->count > of_client->count)
			? !client
			: client;
	return true;
}

struct ending ending_by_reset(const struct closed_conn *conn, unsigned index)
{
	return (struct ending){ENDING_RESET, (uint8_t)index,
		conn->evidence->resets[index].note.side};
}

struct ending ending_without_reset(const struct closed_conn *conn,
	enum ending_kind kind, unsigned size_side)
{
	unsigned side = flow_client(&conn->flow);

	if (kind == ENDING_FORGED)
		side = !side;
	else if (kind == ENDING_SIZE)
		side = size_side;
	else
		(void)ending_unanswered_side(conn, &side);
	return (struct ending){kind, 0, (uint8_t)side};
}

static uint32_t silence_frame(const struct thresholds *thresholds,
	const struct closed_conn *conn, unsigned side)
{
	const struct error_note *error = icmp_error_deciding(thresholds, conn);

	if (error)
		return error->note.frame;
	if (conn->evidence && conn->evidence->unacked[side].is_active)
		return conn->evidence->unacked[side].first_frame;
	return conn->flow.side[side].last_frame;
}

static uint32_t ssh_frame(const struct closed_conn *conn)
{
	const struct flow *flow = &conn->flow;
	const struct ssh_talk *talk = conn->evidence->ssh;
	unsigned server = flow_server(flow);

	if (flow->side[server].flags & SIDE_FIN)
		return flow->cold[server].fin_frame;
	if (talk && talk->banner_frame[SSH_SERVER])
		return talk->banner_frame[SSH_SERVER];
	return flow->side[server].last_frame;
}

static uint32_t size_frame(const struct evidence *evidence, unsigned side)
{
	if (evidence->too_big[side].larger_after)
		return evidence->too_big[side].larger_frame;
	if (evidence_is_repaired_by_smaller(&evidence->recovered[side]))
		return evidence->recovered[side].first_frame;
	if (evidence->filled_gap[side].frame)
		return evidence->filled_gap[side].frame;
	return evidence->seq_gap[side].frame;
}

uint32_t ending_frame(const struct thresholds *thresholds,
	const struct closed_conn *conn, struct ending ending)
{
	switch (ending.kind) {
	case ENDING_RESET:
		return conn->evidence->resets[ending.reset].note.frame;
	case ENDING_SSH:
		return ssh_frame(conn);
	case ENDING_SIZE:
		return size_frame(conn->evidence, ending.side);
	case ENDING_SILENCE:
	case ENDING_FORGED:
		break;
	}
	return silence_frame(thresholds, conn, ending.side);
}
