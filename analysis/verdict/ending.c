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

/* The side whose large packets vanished. */
static bool has_size_trouble(const struct evidence *evidence, unsigned side)
{
	return evidence->recovered[side].count >= 2 ||
	       evidence->filled_gap[side].frame ||
	       evidence->seq_gap[side].is_active ||
	       evidence->too_big[side].count;
}

unsigned ending_claimed_side(
	const struct closed_conn *conn, struct ending ending)
{
	unsigned side;

	switch (ending.kind) {
	case ENDING_RESET:
		return conn->evidence->resets[ending.reset].note.side;
	case ENDING_FORGED:
		return flow_server(&conn->flow);
	case ENDING_SIZE:
		for (side = 0; side < 2; side++)
			if (has_size_trouble(conn->evidence, side))
				return side;
		break;
	case ENDING_SILENCE:
	case ENDING_SSH:
		break;
	}
	return ending_unanswered_side(conn, &side) ? side
						   : flow_client(&conn->flow);
}

static uint32_t silence_frame(const struct closed_conn *conn, unsigned side)
{
	const struct error_note *error = icmp_error_deciding(conn);

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
	if (evidence->recovered[side].count >= 2)
		return evidence->recovered[side].first_frame;
	if (evidence->filled_gap[side].frame)
		return evidence->filled_gap[side].frame;
	return evidence->seq_gap[side].frame;
}

uint32_t ending_frame(const struct closed_conn *conn, struct ending ending)
{
	unsigned side = ending_claimed_side(conn, ending);

	switch (ending.kind) {
	case ENDING_RESET:
		return conn->evidence->resets[ending.reset].note.frame;
	case ENDING_SSH:
		return ssh_frame(conn);
	case ENDING_SIZE:
		return size_frame(conn->evidence, side);
	case ENDING_SILENCE:
	case ENDING_FORGED:
		break;
	}
	return silence_frame(conn, side);
}
