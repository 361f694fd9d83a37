#include "analysis/verdict/advice.h"

#include <assert.h>
#include <stdio.h>
#include <stdarg.h>
#include <string.h>

#include "analysis/verdict/fact.h"

enum {
	SAFE_SHARE = 3, /* a keepalive at a third of the timer survives one
			   that is lost, and rounding */
	/* No NAT forgets sooner (RFC 5382, REQ-5: 4 minutes at least, even
	 * for what is not established yet), and more is a load. */
	LEAST_KEEPALIVE_S = 10,
};

static void write_text(char *text, size_t bytes, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

static void write_text(char *text, size_t bytes, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	(void)vsnprintf(text, bytes, format, arguments); /* cut if too long */
	va_end(arguments);
}

/* The shortest silence that was fatal. */
static int64_t died_ns_of(const struct incident *incident)
{
	return incident->shortest_died_ns &&
			       incident->shortest_died_ns < incident->idle_ns
		       ? incident->shortest_died_ns
		       : incident->idle_ns;
}

/* Seconds between keepalives that the box does not notice: a little less than
 * the longest silence that was survived; where none was, a third of the one
 * that was fatal. */
static unsigned keepalive_s(const struct incident *incident)
{
	int64_t died_ns = died_ns_of(incident);
	int64_t interval_ns = died_ns / SAFE_SHARE;

	if (incident->longest_survived_ns &&
		incident->longest_survived_ns < died_ns)
		interval_ns = incident->longest_survived_ns / 10 * 9;
	interval_ns /= 1000000000;
	return interval_ns < LEAST_KEEPALIVE_S ? LEAST_KEEPALIVE_S
					       : (unsigned)interval_ns;
}

static void advise_idle(
	const struct closed_conn *conn, struct incident *incident)
{
	unsigned interval = keepalive_s(incident);
	bool is_ssh = conn->flow.flags & FLOW_SSH ||
		      incident->flow.server.port == SSH_PORT;

	if (incident->idle_ns)
		write_text(incident->detail, sizeof(incident->detail),
			"The connection was idle for %.1f s before it.",
			(double)incident->idle_ns / 1e9);
	if (incident->idle_ns &&
		died_ns_of(incident) < LEAST_KEEPALIVE_S * 1000000000LL)
		write_text(incident->advice, sizeof(incident->advice),
			"No keepalive helps against so short a timer. Look for "
			"what removed the connection: a restart or move of the "
			"host at this time, the connection table of the "
			"firewall or NAT in the path (conntrack -L, conntrack "
			"-S), and its idle timeout.");
	else if (is_ssh)
		write_text(incident->advice, sizeof(incident->advice),
			"In ~/.ssh/config under `Host *`: ServerAliveInterval "
			"%u (once: ssh -o ServerAliveInterval=%u; PuTTY: "
			"Connection, seconds between keepalives); or for all "
			"clients in sshd_config: ClientAliveInterval %u, then "
			"reload sshd. TCPKeepAlive alone comes too late (2 "
			"hours, usually). Or raise the idle timeout of the "
			"firewall or NAT in the path (Linux: "
			"nf_conntrack_tcp_timeout_established).",
			interval, interval, interval);
	else
		write_text(incident->advice, sizeof(incident->advice),
			"Keepalives at most every %u s: SO_KEEPALIVE with "
			"TCP_KEEPIDLE %u and TCP_KEEPINTVL %u on either end's "
			"socket, or the application's own; or raise the idle "
			"timeout of the firewall or NAT in the path.",
			interval, interval, interval);
}

enum {
	LEAST_V6_MTU = 1280, /* RFC 8200, 5 */
	LEAST_V4_MTU = 576,  /* RFC 791, 3.1: every host accepts it */
};

/* The size that surely passes, or very likely: links that carry IPv6, tunnels
 * too, take its least size, and far smaller ones make a connection slow. 0: not
 * even that size passes, and no smaller one is known to. */
static unsigned size_to_try(
	const struct incident *incident, bool is_v6, const char **why)
{
	unsigned passed = incident->mtu_passed, failed = incident->mtu_failed;

	*why = "known to pass";
	if (passed >= LEAST_V6_MTU)
		return passed;
	if (failed == 0 || failed > LEAST_V6_MTU) {
		*why = "what every link passes that carries IPv6";
		return LEAST_V6_MTU;
	}
	if (passed > LEAST_V4_MTU)
		return passed;
	*why = "what every host accepts";
	return is_v6 ? 0 : LEAST_V4_MTU;
}

/* The path is narrower than IPv6 allows: no "packet too big" helps, as nobody
 * sends packets of less than 1280 bytes for one (RFC 8201, 4). */
static void advise_too_narrow(struct incident *incident, unsigned mss)
{
	char clamp[160] = "";

	if (mss)
		write_text(clamp, sizeof(clamp),
			" Until then clamp the MSS before it: nft add rule inet "
			"filter forward tcp flags syn tcp option maxseg size "
			"set %u (known to pass).",
			mss);
	write_text(incident->advice, sizeof(incident->advice),
		"Every link that carries IPv6 has to pass 1280 bytes (RFC 8200, "
		"5): raise the MTU of the narrow link or tunnel, or let the "
		"tunnel fragment its own packets (culprit probe --only mtu "
		"finds size and link).%s",
		clamp);
}

static void advise_mtu(
	const struct closed_conn *conn, struct incident *incident)
{
	bool is_v6 = conn->flow.flags & FLOW_V6;
	unsigned headers = tcp_headers_bytes(is_v6 ? 6 : 4);
	const char *why;
	unsigned mtu = size_to_try(incident, is_v6, &why);

	if (incident->mtu_passed && incident->mtu_failed)
		write_text(incident->detail, sizeof(incident->detail),
			"Packets of %u bytes passed, of %u bytes never did.",
			incident->mtu_passed, incident->mtu_failed);
	else if (incident->mtu_failed)
		write_text(incident->detail, sizeof(incident->detail),
			"Packets of %u bytes never passed.",
			incident->mtu_failed);
	if (is_v6 && mtu < LEAST_V6_MTU) {
		advise_too_narrow(incident, mtu ? mtu - headers : 0);
		return;
	}
	write_text(incident->advice, sizeof(incident->advice),
		"Let ICMP \"%s\" through on the path, or clamp the MSS before "
		"the narrow link: nft add rule inet filter forward tcp flags "
		"syn tcp option maxseg size set %u (%s; culprit probe --only "
		"mtu finds the exact size and link). Until then: sysctl "
		"net.ipv4.tcp_mtu_probing=1 on the sender.",
		is_v6 ? "packet too big" : "fragmentation needed",
		mtu - headers, why);
}

/* Fixed texts; the numbered ones are written above. */
static const char *const fixed[] = {
	[MECHANISM_UNKNOWN] = "",
	[MECHANISM_PORT_CLOSED] =
		"Start the service, or connect to the port it listens on "
		"(ss -ltnp on the server).",
	[MECHANISM_SYN_REJECTED] =
		"Look for the REJECT rule: nft list ruleset, iptables -S; for "
		"a ban: fail2ban-client status.",
	[MECHANISM_SYN_UNANSWERED] =
		"Capture at the server: if the SYN arrives, its firewall or "
		"accept queue drops it (nstat -az TcpExtListenDrops); if not, "
		"culprit probe --only route shows how far it gets (security "
		"group, ACL, route).",
	[MECHANISM_ABORT] =
		"Read that endpoint's log at this second: crash, kill, OOM, or "
		"a close with data unread.",
	[MECHANISM_LATE_DATA] =
		"Find out why that endpoint closed first; the peer must read "
		"the FIN (end of file) before it writes.",
	[MECHANISM_UNKNOWN_CONNECTION] =
		"Check for a restart at this time, and whether a load "
		"balancer moved the connection (session affinity, health "
		"checks, conntrack -L on the nodes).",
	[MECHANISM_STATE_EXPIRED] = "",
	[MECHANISM_INJECTED] =
		"Ask the operator of the network on the path (DPI, IPS, "
		"filter) what the last data before the reset triggers. "
		"Encryption that hides the trigger helps.",
	[MECHANISM_FIREWALL_REJECT] =
		"Look for the REJECT rule on that device, and whether its "
		"connection table was flushed or is full (conntrack -S).",
	[MECHANISM_PROXY_CLOSED] =
		"Read the proxy's or load balancer's log and check its idle "
		"timeout; the server behind it may not have been involved.",
	[MECHANISM_KEEPALIVE_TIMEOUT] =
		"Capture at the other endpoint: did the probes arrive? If not, "
		"a device on the path drops them: keepalives must come more "
		"often than its idle timeout.",
	[MECHANISM_RETRANSMISSION_TIMEOUT] =
		"Capture at the other endpoint: what arrives there "
		"distinguishes a dead host from a path that drops. culprit "
		"probe --only route,loss,mtu tests the path.",
	[MECHANISM_PMTU_BLACK_HOLE] = "",
	[MECHANISM_PMTU_IGNORED] =
		"Let ICMP \"fragmentation needed\" reach the sender's stack "
		"(host firewall, load balancer in front of it), or lower its "
		"MTU or MSS.",
	[MECHANISM_ICMP_UNREACHABLE] =
		"Look at the router that sent the ICMP error: its route to "
		"the target, and whether the target answers ARP or neighbour "
		"discovery.",
	[MECHANISM_HALF_OPEN] =
		"On the server: ss -tan shows the earlier connection of these "
		"ports; its program must close it (keepalives find dead "
		"peers). Let the client's resets through, and let the client "
		"change its ports.",
	[MECHANISM_NAT_MISMATCH] =
		"Compare captures on both sides of the NAT or load balancer "
		"(culprit compare): which direction is translated, and are "
		"two connections given the same ports?",
	[MECHANISM_OPTION_REFUSED] =
		"Find the device that rejects the flag or option (culprit "
		"probe --only rewritten); until then turn it off: for ECN "
		"sysctl net.ipv4.tcp_ecn=0, for timestamps "
		"net.ipv4.tcp_timestamps=0.",
	[MECHANISM_NO_RESPONSE] =
		"Look at the server's program: what it did with the request "
		"(log, ss -tnp, strace). A capture at the server shows "
		"whether a response was sent and lost.",
	[MECHANISM_WINDOW_CLOSED] =
		"Look at the receiving program: it does not read (ss -tnm "
		"shows Recv-Q). If its window is not 0 there, a device on the "
		"path changes windows or their scale.",
	[MECHANISM_PEER_PROTOCOL] =
		"Read the message. Check that port, protocol, version and "
		"certificates are those that both ends intend.",
	[MECHANISM_SSH_MAX_STARTUPS] =
		"sshd_config: raise MaxStartups (default 10:30:100) or lower "
		"LoginGraceTime; keep password guessers out before sshd "
		"(fail2ban, AllowUsers, another port).",
	[MECHANISM_SSH_REFUSED_BEFORE_BANNER] =
		"On the server: /etc/hosts.deny and hosts.allow, sshd's log; "
		"for OpenSSH before 8.2 also MaxStartups.",
	[MECHANISM_SSH_LOGIN_GRACE] =
		"Log in faster, or raise LoginGraceTime in sshd_config; if the "
		"client hung before that, find what delayed it (large packets, "
		"DNS, PAM).",
	[MECHANISM_SSH_NO_COMMON_ALGORITHM] =
		"Upgrade the older side; until then allow one of its "
		"algorithms (ssh -o KexAlgorithms=+..., "
		"HostKeyAlgorithms=+..., "
		"Ciphers=+..., MACs=+...).",
	[MECHANISM_SSH_SLOW_BANNER] =
		"On the server: UseDNS no in sshd_config, working resolvers "
		"in /etc/resolv.conf, no host names in hosts.allow.",
	[MECHANISM_SSH_CLIENT_ALIVE] =
		"Find out why the client or the path stopped responding; raise "
		"ClientAliveCountMax to tolerate pauses.",
	[MECHANISM_ORDERLY] = "",
};
static_assert(sizeof(fixed) / sizeof(fixed[0]) == MECHANISM_COUNT,
	"advice for every mechanism");

/* Where the recording was made decides where to look next: a capture at the end
 * at which it was made is no advice. NULL: nothing is known of that. */
static const char *advice_of_place(const struct flow *flow,
	const struct facts *facts, const struct incident *incident)
{
	if ((incident->mechanism == MECHANISM_RETRANSMISSION_TIMEOUT ||
		    incident->mechanism == MECHANISM_KEEPALIVE_TIMEOUT) &&
		fact_holds(facts, FACT_SILENT_SIDE_BESIDE_THE_RECORDING))
		return "Look at the end that is silent: this was recorded next "
		       "to it, and the packets have arrived. Its firewall (nft "
		       "list ruleset, iptables -S), its drops (nstat -az), its "
		       "program (ss -tnp).";
	if (incident->mechanism == MECHANISM_SYN_UNANSWERED &&
		flow->flags & FLOW_SYNACK)
		return "The SYN arrives and is answered: capture at the "
		       "client. "
		       "If the SYN-ACK gets there, its firewall or the way of "
		       "its ACK drops; if not, the way back does (routes, "
		       "stateful firewalls that saw no SYN).";
	if (incident->mechanism == MECHANISM_LATE_DATA &&
		fact_holds(facts, FACT_DATA_CROSSED_THE_FIN))
		return "Find out why that endpoint closed while the peer was "
		       "sending: the data was under way, and the peer could "
		       "not have read the FIN. It should shut down its sending "
		       "side only (shutdown(SHUT_WR)) and read to the end, or "
		       "both ends agree on who closes.";
	if (incident->mechanism == MECHANISM_FIREWALL_REJECT &&
		incident->hop == 1)
		return "Look for the REJECT rule on the machine that recorded "
		       "this and on its next hop: the reset has passed no "
		       "router (nft list ruleset, iptables -S). Else look at "
		       "a firewall between the two: its connection table may "
		       "have been flushed or be full (conntrack -S).";
	if (fact_holds(facts, FACT_LOST_SINCE_DSCP_CHANGED) &&
		incident->mechanism == MECHANISM_OPTION_REFUSED)
		return "Keep one DSCP for login and session: ssh -o "
		       "IPQoS=none, or IPQoS none in ~/.ssh/config and "
		       "sshd_config. Where it is dropped: culprit probe --only "
		       "ssh.";
	if (incident->mechanism == MECHANISM_UNKNOWN_CONNECTION &&
		fact_holds(facts, FACT_RESET_BEGAN_ON_THE_LINK))
		return "See whether the address was moved to another machine "
		       "just then (failover). If not, ask the link who has it, "
		       "from a third machine on it: arping -D -I INTERFACE "
		       "ADDRESS. Two MAC addresses that answer are two "
		       "machines (ip neigh shows which of them this one "
		       "believes).";
	return NULL;
}

void advice_write(const struct closed_conn *conn, unsigned subject,
	const struct facts *facts, struct incident *incident)
{
	const struct evidence *evidence = conn->evidence;
	const char *place = advice_of_place(&conn->flow, facts, incident);

	if (incident->mechanism == MECHANISM_STATE_EXPIRED ||
		(incident->mechanism == MECHANISM_UNKNOWN_CONNECTION &&
			incident->idle_ns && !place))
		advise_idle(conn, incident);
	else if (incident->mechanism == MECHANISM_PMTU_BLACK_HOLE)
		advise_mtu(conn, incident);
	else
		write_text(incident->advice, sizeof(incident->advice), "%s",
			place ? place : fixed[incident->mechanism]);
	if (incident->mechanism == MECHANISM_INJECTED &&
		!((conn->flow.side[0].flags | conn->flow.side[1].flags) &
			SIDE_DATA))
		write_text(incident->advice, sizeof(incident->advice),
			"Ask whoever runs the network on the way (DPI, IPS, "
			"filter) what it has against this address or port: no "
			"data had been sent.");
	if (fact_holds(facts, FACT_TOO_BIG_IGNORED) &&
		(incident->mechanism == MECHANISM_PMTU_IGNORED ||
			incident->mechanism == MECHANISM_PMTU_BLACK_HOLE) &&
		evidence->too_big[subject].is_mtu_told)
		write_text(incident->detail, sizeof(incident->detail),
			"The PTB names %u bytes; the sender sent %u larger "
			"packets afterwards.",
			evidence->too_big[subject].mtu,
			evidence->too_big[subject].larger_after);
}
