#include "analysis/flow/conn_state.h"

/* The meanings are those of Zeek's manual (base/protocols/conn). Its program
 * says RSTRH, RSTOS0, SH or SHR of connections too that began before the
 * recording, of which the manual says OTH. */
static const struct {
	const char *word, *meaning;
} states[] = {
	[CONN_S0] = {"S0", "The client sent a SYN, and nothing answered."},
	[CONN_S1] = {"S1", "It was established, and not ended."},
	[CONN_SF] = {"SF", "Both ends closed it with FIN."},
	[CONN_REJ] = {"REJ", "The SYN was answered with a reset."},
	[CONN_S2] = {"S2", "It was established; only the client sent a FIN."},
	[CONN_S3] = {"S3", "It was established; only the server sent a FIN."},
	[CONN_RSTO] = {"RSTO",
		"It was established; a reset came in the client's name."},
	[CONN_RSTR] = {"RSTR",
		"It was established; a reset came in the server's name."},
	[CONN_RSTOS0] = {"RSTOS0",
		"The client sent a SYN, then a reset; no SYN-ACK was seen."},
	[CONN_RSTRH] = {"RSTRH",
		"The server sent a SYN-ACK, then a reset; no packet of the "
		"client was seen."},
	[CONN_SH] = {"SH",
		"The client sent a SYN, then a FIN; no SYN-ACK was seen."},
	[CONN_SHR] = {"SHR",
		"The server sent a SYN-ACK, then a FIN; no packet of the "
		"client was seen."},
	[CONN_OTH] = {"OTH",
		"Neither SYN nor SYN-ACK was seen, or another order of "
		"packets."},
};
static_assert(sizeof(states) / sizeof(states[0]) == CONN_STATE_COUNT,
	"every state has its word");

const char *conn_state_word(enum conn_state state)
{
	return states[state].word;
}

const char *conn_state_meaning(enum conn_state state)
{
	return states[state].meaning;
}

/* No SYN-ACK was seen. */
static enum conn_state of_unanswered(
	const struct side *client, const struct side *server)
{
	if (!(client->flags & SIDE_SYN))
		return CONN_OTH;
	if (server->flags & SIDE_RST)
		return CONN_REJ;
	if (client->flags & SIDE_RST)
		return CONN_RSTOS0;
	if (client->flags & SIDE_FIN)
		return CONN_SH;
	return server->flags & SIDE_SEEN ? CONN_OTH : CONN_S0;
}

enum conn_state conn_state_of_flow(const struct flow *flow)
{
	const struct side *client = &flow->side[flow_client(flow)];
	const struct side *server = &flow->side[flow_server(flow)];

	/* A reset that follows a complete close changes nothing. */
	if (client->flags & server->flags & SIDE_FIN)
		return CONN_SF;
	if (!(server->flags & SIDE_SYN))
		return of_unanswered(client, server);
	if (server->flags & SIDE_RST)
		return client->flags & SIDE_SEEN ? CONN_RSTR : CONN_RSTRH;
	if (client->flags & SIDE_RST)
		return CONN_RSTO;
	if (client->flags & SIDE_FIN)
		return CONN_S2;
	if (server->flags & SIDE_FIN)
		return client->flags & SIDE_SEEN ? CONN_S3 : CONN_SHR;
	return client->flags & SIDE_SEEN ? CONN_S1 : CONN_OTH;
}
