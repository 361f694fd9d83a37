#include "analysis/verdict/ending.h"

#include "analysis/verdict/incident.h"

bool ending_is_same_reset(const struct reset *reset, const struct reset *other)
{
	const struct packet_note *one = &reset->note, *two = &other->note;
	const struct side_snapshot *before = reset->before;

	return one->side == two->side && one->sequence == two->sequence &&
	       one->acknowledged == two->acknowledged &&
	       !((before[0].flags | before[1].flags) & SIDE_SEEN);
}

bool ending_is_first_reset(
	const struct evidence *evidence, unsigned index, unsigned dropped)
{
	const struct packet_note *note = &evidence->resets[index].note;

	for (unsigned i = 0; i < index; i++) {
		const struct packet_note *other = &evidence->resets[i].note;

		if (!(dropped >> i & 1) && other->side == note->side &&
			(incident_same_distance(other->ttl, note->ttl) ||
				ending_is_same_reset(&evidence->resets[index],
					&evidence->resets[i])))
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

/* Who said in clear why it hung up: by default the server. */
static unsigned speaker(const struct closed_conn *conn)
{
	const struct evidence *evidence = conn->evidence;

	if (evidence->closing_message.app_message)
		return evidence->closing_message.side;
	if (evidence->ssh && evidence->ssh->has_disconnect &&
		evidence->ssh->disconnect_who == SSH_CLIENT)
		return flow_client(&conn->flow);
	return flow_server(&conn->flow);
}

struct ending ending_without_reset(const struct closed_conn *conn,
	enum ending_kind kind, unsigned size_side)
{
	unsigned side = flow_client(&conn->flow);

	if (kind == ENDING_FORGED)
		side = conn->evidence->forged.forgery
			       ? conn->evidence->forged.side
			       : !side;
	else if (kind == ENDING_OTHER && conn->evidence->other.continued)
		side = conn->evidence->other.continues_side;
	else if (kind == ENDING_OTHER)
		side = conn->evidence->other.answer_side;
	else if (kind == ENDING_WAITED)
		side = !side;
	else if (kind == ENDING_APP_MESSAGE)
		side = speaker(conn);
	else if (kind == ENDING_SIZE)
		side = size_side;
	else
		(void)ending_unanswered_side(conn, &side);
	return (struct ending){kind, 0, (uint8_t)side};
}
