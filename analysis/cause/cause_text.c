/* The lines of logs are OpenSSH's (9.2p1, Debian's) and libwrap's, as their
 * binaries contain them. */
#include <assert.h>

#include "analysis/cause/cause.h"

static const char *const states[] = {
	[CAUSE_FOUND] = "found",
	[CAUSE_OPEN] = "undetermined",
	[CAUSE_EXCLUDED] = "excluded",
};
static_assert(sizeof(states) / sizeof(states[0]) == CAUSE_STATE_COUNT,
	"a word for every state");

static const struct cause_text texts[] = {
	[CAUSE_PATH_MTU] = {"pmtu-black-hole", "path MTU black hole",
		"Packets above a size are lost without an ICMP error that "
		"arrives: sessions hang in the key exchange, or with the first "
		"large output.",
		"ssh -v {ssh target}; it hangs at \"expecting "
		"SSH2_MSG_KEX_ECDH_REPLY\"",
		NULL, NULL, NULL},
	[CAUSE_IDLE_TIMEOUT] = {"idle-timeout",
		"idle time-out of a NAT or firewall",
		"A device on the path drops the state of connections that "
		"carry no packets for a while.",
		NULL, NULL, NULL, NULL},
	[CAUSE_KEEPALIVE] = {"keepalive-absent", "no keepalives, or too few",
		"Neither ssh nor the kernel of the client sends packets as "
		"often as the path wants them.",
		"ss -tno dst {target} (it shows timer:(keepalive,...)); ssh -G "
		"{target} | grep -i -e serveralive -e tcpkeepalive; sysctl "
		"net.ipv4.tcp_keepalive_time",
		"sshd -T | grep -i clientalive", NULL, NULL},
	[CAUSE_LOSS] = {"loss", "loss and jitter",
		"Packets are lost: sessions stall, and end when all "
		"retransmissions of one packet are lost.",
		NULL, NULL, NULL, NULL},
	[CAUSE_MIDDLEBOX_RESET] = {"middlebox-reset",
		"resets by a device on the path",
		"A firewall, an intrusion prevention system or a censor "
		"sends resets in the name of the server.",
		NULL, NULL, NULL, NULL},
	[CAUSE_SSH_MISMATCH] = {"ssh-mismatch",
		"version, cipher or key exchange mismatch",
		"Client and server have no protocol version, cipher, MAC, key "
		"exchange or host key algorithm in common.",
		"ssh -vv {ssh target}; \"Unable to negotiate\" and \"no "
		"matching\" name the class, and what the server offers",
		"sshd -T | grep -i -e kexalgorithms -e ciphers -e macs -e "
		"hostkeyalgorithms",
		"Unable to negotiate with", NULL},
	[CAUSE_MAX_STARTUPS] = {"max-startups",
		"MaxStartups, or an exhausted server",
		"sshd refuses connections while too many others have not "
		"logged in, or penalises an address.",
		NULL,
		"sshd -T | grep -i -e maxstartups -e persource; ss -tn state "
		"established sport = :{port}",
		"past MaxStartups", NULL},
	[CAUSE_TCP_WRAPPERS] = {"tcp-wrappers", "TCP wrappers",
		"/etc/hosts.deny refuses the client's address or name after "
		"the connection was accepted.",
		NULL, "cat /etc/hosts.allow /etc/hosts.deny",
		"refused connect from", NULL},
	[CAUSE_LOGIN_GRACE] = {"login-grace", "LoginGraceTime",
		"sshd closes connections on which nobody has logged in for so "
		"long; it has no effect after the login.",
		NULL, "sshd -T | grep -i logingracetime",
		"Timeout before authentication for", NULL},
	[CAUSE_SLOW_DNS] = {"slow-dns", "slow DNS at the server",
		"sshd, PAM or TCP wrappers look the client's address up, and "
		"name servers do not answer: the login comes late.",
		NULL, "time getent hosts {own}; sshd -T | grep -i usedns", NULL,
		NULL},
	[CAUSE_DSCP] = {"dscp-dropped", "packets dropped for their DSCP",
		"ssh marks the packets of a session once somebody has logged "
		"in (IPQoS); a device on the path drops that mark.",
		"ssh -o IPQoS=none {ssh target}, beside ssh {ssh target}", NULL,
		NULL, NULL},
	[CAUSE_NO_HOST] = {"no-host", "no such host, or it is down",
		"Nobody has the address: the host is down, was renumbered, or "
		"its name leads elsewhere.",
		"getent ahosts {target}; ping {target}", NULL, NULL,
		"the neighbour table of its last router (ip neigh), and "
		"whether the host runs"},
	[CAUSE_NO_SERVICE] = {"no-service", "nothing listens on the port",
		"The server's kernel refuses the connection since no program "
		"listens.",
		NULL, "ss -ltn sport = :{port}", NULL, NULL},
	[CAUSE_HOST_FIREWALL] = {"host-firewall", "firewall of the server",
		"The server's own packet filter rejects or drops the client's "
		"packets.",
		NULL, "nft list ruleset; iptables-save", NULL, NULL},
	[CAUSE_FAIL2BAN] = {"fail2ban", "fail2ban, or a similar ban",
		"A program at the server bans addresses after failed logins, "
		"by rules in its packet filter.",
		NULL,
		"fail2ban-client status{jail}; nft list ruleset | grep -B3 "
		"{own}",
		NULL, NULL},
	[CAUSE_SECURITY_GROUP] = {"security-group",
		"security group, or a firewall in the network",
		"A filter of the provider or of the network drops or rejects "
		"the packets before they reach the server.",
		NULL,
		"tcpdump -n tcp port {port} and host {own}; it sees no "
		"SYN",
		NULL,
		"security group, network ACL and flow logs of the server's "
		"network"},
	[CAUSE_CLIENT_ALIVE] = {"client-alive",
		"ClientAliveInterval, TCPKeepAlive",
		"sshd ends sessions whose client does not answer its "
		"keepalives: with a small ClientAliveCountMax, by a short loss "
		"of the network.",
		NULL, "sshd -T | grep -i -e clientalive -e tcpkeepalive",
		"Timeout, client not responding from", NULL},
	[CAUSE_SERVER_LOG] = {"server-log", "what the server's log says",
		"The server's program ended the connection for a reason of "
		"its own.",
		NULL, "{log}, at the second of the end", NULL, NULL},
};
static_assert(sizeof(texts) / sizeof(texts[0]) == CAUSE_COUNT,
	"a text for every cause");

const struct cause_text *cause_text(enum cause cause)
{
	assert(cause < CAUSE_COUNT);
	return &texts[cause];
}

const char *cause_state_word(enum cause_state state)
{
	assert(state < CAUSE_STATE_COUNT);
	return states[state];
}
