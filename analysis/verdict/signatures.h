/* The tables of signatures, and what their rows share. The order of rows means
 * nothing: all that apply are found, and a row that is preferred to another
 * says so by name (analysis/verdict/verdict.h). */
#ifndef ANALYSIS_VERDICT_SIGNATURES_H
#define ANALYSIS_VERDICT_SIGNATURES_H

#include "analysis/verdict/signature.h"

extern const struct signature signatures_refused[];
extern const unsigned signatures_refused_count;
extern const struct signature signatures_foreign[];
extern const unsigned signatures_foreign_count;
extern const struct signature signatures_near[];
extern const unsigned signatures_near_count;
extern const struct signature signatures_own[];
extern const unsigned signatures_own_count;
extern const struct signature signatures_outage[];
extern const unsigned signatures_outage_count;
extern const struct signature signatures_benign[];
extern const unsigned signatures_benign_count;
extern const struct signature signatures_front[];
extern const unsigned signatures_front_count;
extern const struct signature signatures_over[];
extern const unsigned signatures_over_count;
extern const struct signature signatures_forged[];
extern const unsigned signatures_forged_count;
extern const struct signature signatures_places_reset[];
extern const unsigned signatures_places_reset_count;
extern const struct signature signatures_places_silence[];
extern const unsigned signatures_places_silence_count;
extern const struct signature signatures_syn[];
extern const unsigned signatures_syn_count;
extern const struct signature signatures_silence[];
extern const unsigned signatures_silence_count;
extern const struct signature signatures_other[];
extern const unsigned signatures_other_count;
extern const struct signature signatures_waited[];
extern const unsigned signatures_waited_count;
extern const struct signature signatures_app_message[];
extern const unsigned signatures_app_message_count;
extern const struct signature signatures_size[];
extern const unsigned signatures_size_count;
extern const struct signature signatures_ssh[];
extern const unsigned signatures_ssh_count;

/* The other explanations that many rows name. */
#define ALSO_ABORT                                                             \
	{                                                                      \
		MECHANISM_ABORT, ROLE_SENDER, ROLE_SENDER,                     \
			"the endpoint itself aborted, over another route"      \
	}
#define ALSO_ABORT_UNHEARD                                                     \
	{                                                                      \
		MECHANISM_ABORT, ROLE_SENDER, ROLE_SENDER,                     \
			"the peer's answers were not recorded, and the "       \
			"endpoint aborted"                                     \
	}
#define ALSO_INJECTED                                                          \
	{                                                                      \
		MECHANISM_INJECTED, ROLE_MIDDLEBOX, ROLE_MIDDLEBOX,            \
			"a device on the path that imitates the endpoint well" \
	}
#define ALSO_SERVER_ITSELF                                                     \
	{                                                                      \
		MECHANISM_ABORT, ROLE_SERVER, ROLE_SERVER,                     \
			"the server itself, over the route of its handshake"   \
	}
#define ALSO_WAITED                                                            \
	{                                                                      \
		MECHANISM_NO_RESPONSE, ROLE_SENDER, ROLE_PEER,                 \
			"it waited for something of the other side (an "       \
			"answer, the rest of a message, a sign of life), "     \
			"which did not come"                                   \
	}
#define ALSO_EXPIRED                                                           \
	{                                                                      \
		MECHANISM_STATE_EXPIRED, ROLE_SENDER, ROLE_NAT,                \
			"the connection's state expired in a NAT, firewall "   \
			"or "                                                  \
			"load balancer, whose packet the endpoint did not "    \
			"know"                                                 \
	}
#define ALSO_UNKNOWN_CONNECTION                                                \
	{                                                                      \
		MECHANISM_UNKNOWN_CONNECTION, ROLE_SENDER, ROLE_SENDER,        \
			"the endpoint restarted, or another backend got the "  \
			"packet"                                               \
	}
#define ALSO_BALANCER                                                          \
	{                                                                      \
		MECHANISM_UNKNOWN_CONNECTION, ROLE_SENDER, ROLE_MIDDLEBOX,     \
			"a load balancer gave the packet to another backend"   \
	}
#define ALSO_FIREWALL                                                          \
	{                                                                      \
		MECHANISM_FIREWALL_REJECT, ROLE_MIDDLEBOX, ROLE_MIDDLEBOX,     \
			"a firewall on the path rejects this traffic"          \
	}
#define ALSO_REJECTED_BY_HOST                                                  \
	{                                                                      \
		MECHANISM_SYN_REJECTED, ROLE_SERVER, ROLE_SERVER,              \
			"a REJECT rule on the server's own firewall"           \
	}
#define ALSO_REJECTED_BY_BOX                                                   \
	{                                                                      \
		MECHANISM_SYN_REJECTED, ROLE_MIDDLEBOX, ROLE_MIDDLEBOX,        \
			"a firewall on the path that answers in the "          \
			"server's name"                                        \
	}
#define ALSO_PORT_CLOSED                                                       \
	{                                                                      \
		MECHANISM_PORT_CLOSED, ROLE_SERVER, ROLE_SERVER,               \
			"nothing listens on that port of the server"           \
	}
#define ALSO_LOSS                                                              \
	{                                                                      \
		MECHANISM_RETRANSMISSION_TIMEOUT, ROLE_NONE, ROLE_LOSS,        \
			"the path drops every packet, or the peer is gone"     \
	}

#define ALSO_BLACK_HOLE                                                        \
	{                                                                      \
		MECHANISM_PMTU_BLACK_HOLE, ROLE_NONE, ROLE_MTU,                \
			"only large packets are lost: no small one was sent "  \
			"to tell"                                              \
	}
#define ALSO_SILENT_EXPIRY                                                     \
	{                                                                      \
		MECHANISM_STATE_EXPIRED, ROLE_NONE, ROLE_NAT,                  \
			"a state entry expired in a device on the path, "      \
			"which "                                               \
			"drops the connection's packets"                       \
	}

#endif
