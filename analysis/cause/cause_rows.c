/* Grades: a packet filter of the server, a ban, and a filter in front of the
 * server send, or leave out, the same packets. Then each of them is possible,
 * and only the server or its network tells which it is: fail2ban's usual action
 * rejects with port unreachable, as packet filters do. */
#include <assert.h>

#include "analysis/cause/cause_row.h"

#define SAME_REJECT                                                            \
	"a rule of the server's packet filter and a ban by fail2ban reject "   \
	"with the same packets"
#define SAME_SILENCE                                                           \
	"the server's packet filter, a ban, a security group, a firewall in "  \
	"the network, and a server that is down leave the same silence"

const struct cause_rule cause_rules[CAUSE_COUNT] = {
	[CAUSE_PATH_MTU] = {.questions = QUESTION_BIT(HOLE_FORWARD) |
					 QUESTION_BIT(HOLE_REVERSE),
		.experiment = "mtu"},
	[CAUSE_IDLE_TIMEOUT] = {.questions = QUESTION_BIT(IDLE_TIMEOUT),
		.experiment = "idle"},
	[CAUSE_KEEPALIVE] = {.questions = QUESTION_BIT(IDLE_TIMEOUT),
		.experiment = "idle"},
	[CAUSE_LOSS] = {.questions = QUESTION_BIT(LOSS), .experiment = "loss"},
	[CAUSE_MIDDLEBOX_RESET] = {.experiment = "reset"},
	[CAUSE_SSH_MISMATCH] = {.is_of_ssh = true, .experiment = "ssh"},
	[CAUSE_MAX_STARTUPS] = {.is_of_ssh = true, .experiment = "ssh"},
	[CAUSE_TCP_WRAPPERS] = {.is_of_ssh = true, .experiment = "ssh"},
	[CAUSE_LOGIN_GRACE] = {.is_of_ssh = true, .experiment = "ssh"},
	[CAUSE_SLOW_DNS] = {.is_of_ssh = true, .experiment = "ssh"},
	[CAUSE_NO_SERVICE] = {.is_of_port = true, .experiment = "route"},
	[CAUSE_HOST_FIREWALL] = {.is_of_port = true, .experiment = "route"},
	[CAUSE_FAIL2BAN] = {.is_of_port = true, .experiment = "route"},
	[CAUSE_SECURITY_GROUP] = {.is_of_port = true, .experiment = "route"},
	[CAUSE_CLIENT_ALIVE] = {.is_of_ssh = true},
	[CAUSE_SERVER_LOG] = {.is_of_ssh = false},
};
static_assert(sizeof(cause_rules) / sizeof(cause_rules[0]) == CAUSE_COUNT,
	"a rule for every cause");

const struct cause_sign cause_signs[] = {
	{CAUSE_PATH_MTU, FINDING_BLACK_HOLE, NULL, CAUSE_FOUND, GRADE_CERTAIN,
		"Packets over {mtu} bytes vanish{way}{place}.", NULL},
	/* RFC 1191, 6.1: a server that goes on with too-large packets */
	{CAUSE_PATH_MTU, FINDING_TOO_BIG_IGNORED, NULL, CAUSE_FOUND,
		GRADE_POSSIBLE,
		"The server ignores \"fragmentation needed\": on a path with a "
		"smaller MTU its large packets are lost.",
		NULL},
	{CAUSE_IDLE_TIMEOUT, FINDING_IDLE_TIMEOUT, NULL, CAUSE_FOUND,
		GRADE_CERTAIN,
		"Connections without packets for {died} s are "
		"forgotten{place}.",
		NULL},
	{CAUSE_LOSS, FINDING_LOSS, NULL, CAUSE_FOUND, GRADE_CERTAIN,
		"{percent} % of the packets are lost{place}.", NULL},
	{CAUSE_MIDDLEBOX_RESET, FINDING_RESET_ORIGIN, "reset-by-device",
		CAUSE_FOUND, GRADE_CERTAIN,
		"A device reset a connection of the probe{place}.", NULL},
	{CAUSE_MIDDLEBOX_RESET, FINDING_RESET_ORIGIN, "reset-forged",
		CAUSE_FOUND, GRADE_CERTAIN,
		"A device reset a connection of the probe, and the server "
		"knows nothing of it{place}.",
		NULL},
	{CAUSE_MIDDLEBOX_RESET, FINDING_RESET_ORIGIN, "reset-in-servers-name",
		CAUSE_FOUND, GRADE_CERTAIN,
		"A connection of the probe was reset in the server's name.",
		NULL},
	{CAUSE_SERVER_LOG, FINDING_RESET_ORIGIN, "reset-by-server", CAUSE_FOUND,
		GRADE_CERTAIN,
		"The server reset a connection of the probe: its log has the "
		"reason.",
		NULL},
	{CAUSE_NO_SERVICE, FINDING_PORT_STATE, "port-closed", CAUSE_FOUND,
		GRADE_CERTAIN, "A reset answers the SYN to port {port}.", NULL},
	{CAUSE_HOST_FIREWALL, FINDING_PORT_STATE, "port-closed", CAUSE_FOUND,
		GRADE_POSSIBLE,
		"A reset answers the SYN to port {port}, as a packet filter "
		"sends it too.",
		"nothing listens on the port"},
	{CAUSE_HOST_FIREWALL, FINDING_PORT_STATE, "port-rejected-by-target",
		CAUSE_FOUND, GRADE_POSSIBLE,
		"The server's packet filter rejects this host's SYN to port "
		"{port}.",
		SAME_REJECT},
	{CAUSE_FAIL2BAN, FINDING_PORT_STATE, "port-rejected-by-target",
		CAUSE_FOUND, GRADE_POSSIBLE,
		"The server's packet filter rejects this host's SYN to port "
		"{port}, as a ban does.",
		SAME_REJECT},
	{CAUSE_SECURITY_GROUP, FINDING_PORT_STATE, "port-rejected-on-path",
		CAUSE_FOUND, GRADE_CERTAIN,
		"A device{place} rejects the SYN to port {port}.", NULL},
	{CAUSE_SECURITY_GROUP, FINDING_PORT_STATE, "port-reset-on-path",
		CAUSE_FOUND, GRADE_CERTAIN,
		"A device{place} resets the SYN to port {port}.", NULL},
	{CAUSE_HOST_FIREWALL, FINDING_PORT_STATE, "port-filtered", CAUSE_FOUND,
		GRADE_POSSIBLE, "SYNs to port {port} are not answered.",
		SAME_SILENCE},
	{CAUSE_FAIL2BAN, FINDING_PORT_STATE, "port-filtered", CAUSE_FOUND,
		GRADE_POSSIBLE, "SYNs to port {port} are not answered.",
		SAME_SILENCE},
	{CAUSE_SECURITY_GROUP, FINDING_PORT_STATE, "port-filtered", CAUSE_FOUND,
		GRADE_POSSIBLE, "SYNs to port {port} are not answered.",
		SAME_SILENCE},
	/* The server's own packet filter answered: the SYN got there. */
	{CAUSE_SECURITY_GROUP, FINDING_PORT_STATE, "port-rejected-by-target",
		CAUSE_EXCLUDED, GRADE_CERTAIN,
		"The server itself answers the SYN to port {port}.", NULL},
	{CAUSE_NO_SERVICE, FINDING_PORT_STATE, "port-rejected-by-target",
		CAUSE_EXCLUDED, GRADE_CERTAIN,
		"The server's packet filter rejects the SYN to port {port}.",
		NULL},
	/* The SYN did not get there. */
	{CAUSE_HOST_FIREWALL, FINDING_PORT_STATE, "port-rejected-on-path",
		CAUSE_EXCLUDED, GRADE_CERTAIN,
		"A device{place} rejects the SYN to port {port}.", NULL},
	{CAUSE_FAIL2BAN, FINDING_PORT_STATE, "port-rejected-on-path",
		CAUSE_EXCLUDED, GRADE_CERTAIN,
		"A device{place} rejects the SYN to port {port}.", NULL},
};
const unsigned cause_sign_count = sizeof(cause_signs) / sizeof(cause_signs[0]);
