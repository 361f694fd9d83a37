/* Signs of causes among the findings about sizes, loss, idle time, the port and
 * resets of the probe's own connections.
 *
 * A packet filter of the server, a ban, and a filter in front of the server
 * send, or leave out, the same packets. Then each of them is possible, and only
 * the server or its network tells which it is: fail2ban's usual action rejects
 * with port unreachable, as packet filters do. */
#include "analysis/cause/cause_row.h"

#define SAME_REJECT                                                            \
	"a rule of the server's packet filter and a ban by fail2ban reject "   \
	"with the same packets"
#define SAME_SILENCE                                                           \
	"the server's packet filter, a ban, a security group, and a firewall " \
	"in the network leave the same silence"

#define SYNS_ALONE                                                             \
	"SYNs to port {port} are not answered, and ACKs of no connection are."
#define QUEUE_FULL "a full queue of the program that serves the port"

#define LOOK_FOR_PROGRAM                                                       \
	"On the server: ss -ltn sport = :{port}. Start the program that "      \
	"listens there, or use its port."
#define LOOK_FOR_RULE                                                          \
	"On the server: nft list ruleset; iptables-save. Accept TCP port "     \
	"{port} from {own}."
#define LOOK_FOR_BAN                                                           \
	"On the server: fail2ban-client status{jail}; where it lists {own}, "  \
	"fail2ban-client unban {own}."
#define LOOK_FOR_GROUP                                                         \
	"Let TCP port {port} from {own} pass{place}: security group, network " \
	"ACL or firewall. tcpdump -n tcp port {port} and host {own} on the "   \
	"server sees no SYN until then."

static const struct cause_sign signs[] = {
	FOUND_KIND(PATH_MTU, BLACK_HOLE, CERTAIN, .but = "hole-beyond-mss",
		.says = "Packets over {mtu} bytes vanish{way}{place}."),
	/* TCP to the port is spared; UDP and other ports are not. */
	FOUND(PATH_MTU, "hole-beyond-mss", POSSIBLE,
		.says = "Packets over {mtu} bytes vanish{way}{place}, and "
			"connections to port {port} send none: their MSS is "
			"less."),
	/* A server that goes on with too-large packets (RFC 1191, 6.3). */
	FOUND_KIND(PATH_MTU, TOO_BIG_IGNORED, POSSIBLE,
		.says = "The server ignores \"fragmentation needed\": on a "
			"path "
			"with a smaller MTU its large packets are lost."),
	FOUND_KIND(IDLE_TIMEOUT, IDLE_TIMEOUT, CERTAIN,
		.says = "Connections without packets for {died} s are "
			"forgotten{place}."),
	FOUND_KIND(LOSS, LOSS, CERTAIN,
		.says = "{percent} % of the packets are lost{place}."),
	FOUND(MIDDLEBOX_RESET, "reset-by-device", CERTAIN,
		.says = "A device reset a connection of the probe{place}."),
	FOUND(MIDDLEBOX_RESET, "reset-forged", CERTAIN,
		.says = "A device reset a connection of the probe, and the "
			"server knows nothing of it{place}."),
	FOUND(MIDDLEBOX_RESET, "reset-from-elsewhere", CERTAIN,
		.says = "A device reset a connection of the probe, with a TTL "
			"that no packet of the server has."),
	FOUND(MIDDLEBOX_RESET, "reset-forged-elsewhere", CERTAIN,
		.says = "A device reset a connection of the probe, and the "
			"server knows nothing of it."),
	FOUND(MIDDLEBOX_RESET, "reset-in-servers-name", CERTAIN,
		.says = "A connection of the probe was reset in the server's "
			"name."),
	FOUND(MIDDLEBOX_RESET, "syn-reset-by-device", CERTAIN,
		.says = "A device resets SYNs that the server accepts"
			"{place}."),
	FOUND(MIDDLEBOX_RESET, "syn-reset-in-servers-name", CERTAIN,
		.says = "SYNs that the server accepts are reset in its name."),
	FOUND(SERVER_LOG, "reset-by-server", CERTAIN,
		.says = "The server reset a connection of the probe: its log "
			"has the reason."),
	FOUND(NO_SERVICE, "port-closed", CERTAIN,
		.says = "A reset answers the SYN to port {port}.",
		.advice = LOOK_FOR_PROGRAM),
	FOUND(HOST_FIREWALL, "port-closed", POSSIBLE,
		.says = "A reset answers the SYN to port {port}, as a packet "
			"filter sends it too.",
		.other = "nothing listens on the port",
		.advice = LOOK_FOR_RULE),
	FOUND(HOST_FIREWALL, "port-rejected-by-target", POSSIBLE,
		.says = "The server's packet filter rejects this host's SYN to "
			"port {port}.",
		.other = SAME_REJECT,
		.advice = LOOK_FOR_RULE),
	FOUND(FAIL2BAN, "port-rejected-by-target", POSSIBLE,
		.says = "The server's packet filter rejects this host's SYN to "
			"port {port}, as a ban does.",
		.other = SAME_REJECT,
		.advice = LOOK_FOR_BAN),
	/* The SYN got to the server. */
	EXCLUDED(SECURITY_GROUP, "port-rejected-by-target",
		.says = "The server itself answers the SYN to port {port}."),
	EXCLUDED(NO_SERVICE, "port-rejected-by-target",
		.says = "The server's packet filter rejects the SYN to port "
			"{port}."),
	FOUND(SECURITY_GROUP, "port-rejected-on-path", CERTAIN,
		.says = "A device rejects the SYN to port {port}{place}.",
		.advice = LOOK_FOR_GROUP),
	FOUND(SECURITY_GROUP, "port-reset-on-path", CERTAIN,
		.says = "A device resets the SYN to port {port}{place}.",
		.advice = LOOK_FOR_GROUP),
	/* It did not get there. */
	EXCLUDED(HOST_FIREWALL, "port-rejected-on-path",
		.says = "A device rejects the SYN to port {port}{place}."),
	EXCLUDED(FAIL2BAN, "port-rejected-on-path",
		.says = "A device rejects the SYN to port {port}{place}."),
	FOUND(SECURITY_GROUP, "port-filtered-on-path", CERTAIN,
		.says = "SYNs to port {port} are dropped{place}.",
		.advice = LOOK_FOR_GROUP),
	/* The rule of a ban names no flag, and drops these ACKs too. */
	FOUND(HOST_FIREWALL, "port-silent-to-syns", POSSIBLE,
		.says = SYNS_ALONE,
		.other = "a filter in front of the server, or " QUEUE_FULL,
		.advice = LOOK_FOR_RULE),
	FOUND(SECURITY_GROUP, "port-silent-to-syns", POSSIBLE,
		.says = SYNS_ALONE,
		.other = "the server's packet filter, or " QUEUE_FULL,
		.advice = LOOK_FOR_GROUP),
	FOUND(MAX_STARTUPS, "port-silent-to-syns", POSSIBLE,
		.says = SYNS_ALONE,
		.other = "a filter that drops SYNs alone",
		.advice = "On the server: ss -ltn sport = :{port}; where "
			  "Recv-Q is above Send-Q the program takes no "
			  "connections: look at its log, and restart it."),
	FOUND(HOST_FIREWALL, "port-filtered", POSSIBLE,
		.says = "SYNs to port {port} are not answered.",
		.other = SAME_SILENCE,
		.advice = LOOK_FOR_RULE),
	FOUND(FAIL2BAN, "port-filtered", POSSIBLE,
		.says = "SYNs to port {port} are not answered.",
		.other = SAME_SILENCE,
		.advice = LOOK_FOR_BAN),
	FOUND(SECURITY_GROUP, "port-filtered", POSSIBLE,
		.says = "SYNs to port {port} are not answered.",
		.other = SAME_SILENCE,
		.advice = LOOK_FOR_GROUP),
};

const struct cause_signs cause_signs_path = {CAUSE_SIGNS(signs)};
