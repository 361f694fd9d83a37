#include "report/explain_table.h"

#include <assert.h>
#include <stddef.h>

const struct explanation explain_mechanisms[] = {
	[MECHANISM_UNKNOWN] =
		{
			"unknown",
			"The connection ended or stalled, and the packets do "
			"not show why.",
			"No signature's facts are all known to hold. The "
			"verdict is then undetermined and names the missing "
			"facts.",
			"Every explanation that the missing facts leave open; "
			"the incident lists them.",
			"Follow its \"Prove:\" lines: usually a second capture "
			"at the other endpoint, a capture that begins before "
			"the connection, or a longer snapshot length.",
		},
	[MECHANISM_PORT_CLOSED] =
		{
			"port-closed",
			"The host itself refused the connection: nothing "
			"listens on that port.",
			"An RST,ACK answers the SYN at once, with sequence "
			"number 0, window 0 and no options; it acknowledges "
			"exactly the SYN (RFC 9293, 3.10.7.1) and has the TTL "
			"of the host's other packets. Linux reflects the SYN's "
			"DSCP in it, and in IPv6 gives it a flow label.",
			"A firewall on the same host that rejects with a TCP "
			"reset: in IPv4 that reset differs only by the DSCP, "
			"which it does not reflect. A device in front of the "
			"host whose initial TTL hides its distance.",
			"Start the service, or make it listen on this address "
			"(ss -ltn on the "
			"server shows where it does). If it listens, look at "
			"the host's firewall.",
		},
	[MECHANISM_SYN_REJECTED] =
		{
			"syn-rejected",
			"A firewall refused the connection, with a reset or an "
			"ICMP error.",
			"The reset that answers the SYN comes from another "
			"distance than the host's other packets, or does not "
			"reflect the SYN's DSCP, or in IPv6 has no flow label; "
			"or an ICMP error answers the SYN (3/3, 3/9, 3/10, "
			"3/13; ICMPv6 1/1, 1/4, 1/5, 1/6). An ICMP error about "
			"TCP from the server's own address comes from its host "
			"firewall: a closed TCP port answers with a reset.",
			"A ban that a log watcher such as fail2ban has set: it "
			"rejects with port "
			"unreachable by default and ends by itself after the "
			"ban time.",
			"Find the rule: nft list ruleset or iptables -S on the "
			"host or the device at the hop named, and allow the "
			"port. If the port is meant to be closed, no fault "
			"exists.",
		},
	[MECHANISM_SYN_UNANSWERED] =
		{
			"syn-unanswered",
			"The client sent SYNs, and no response arrived.",
			"The SYN is retransmitted at growing intervals, and "
			"neither SYN-ACK nor reset nor ICMP error comes back. "
			"Captured at the server: SYN-ACKs are retransmitted "
			"and never acknowledged.",
			"A firewall or security group that drops; a host that "
			"is down behind a router that sends no ICMP error; a "
			"full accept queue (other ports of the host then still "
			"respond); a broken return path; a capture that missed "
			"the responses.",
			"Capture at the server: if the SYN arrives there, "
			"check its firewall, its return routes and its accept "
			"queue (ss -ltn: Recv-Q against Send-Q); if not, a "
			"device on the path drops it.",
		},
	[MECHANISM_ABORT] =
		{
			"abort",
			"An endpoint that owned the socket aborted the "
			"connection.",
			"An RST,ACK with the socket's state: the next sequence "
			"number, an acknowledgment of all received data, its "
			"window, on Linux the flow's next IP ID and running "
			"timestamps, and the endpoint's usual TTL. Only the "
			"host that held the socket has all of these.",
			"The packets do not show which cause it was: close() "
			"with data unread, SO_LINGER 0, a killed process that "
			"left data unread, ss -K. A device that sees every "
			"packet could forge all of these fields.",
			"Read the application's log at that second. Data that "
			"was acknowledged but got no response just before the "
			"reset suggests a close with data unread.",
		},
	[MECHANISM_LATE_DATA] =
		{
			"late-data",
			"One side had already closed; the peer kept sending, "
			"and the closed side's kernel answered with a reset.",
			"A FIN from the side that later sends the reset; then "
			"data from the peer; then a bare RST whose sequence "
			"number is the acknowledgment number of that data, "
			"window 0 and no options.",
			"Nothing else where the FIN was captured. The packets "
			"do not show why that side closed: its own idle "
			"timeout, a limit, an error, a restart.",
			"Find out why that side closed first. A client with a "
			"connection pool should close idle connections sooner "
			"than the server does.",
		},
	[MECHANISM_UNKNOWN_CONNECTION] =
		{
			"unknown-connection",
			"The endpoint's kernel reset a connection that it did "
			"not have.",
			"A bare RST with the endpoint's TTL, whose sequence "
			"number is the acknowledgment number of the packet "
			"that it answers, window 0, no options, and no earlier "
			"FIN from that side (RFC 9293, 3.10.7.1).",
			"The host was restarted, a load balancer moved the "
			"connection to another host, an address moved, or a "
			"NAT on the path gave the connection another port, so "
			"that the packet belonged to no connection of the "
			"server.",
			"A capture at the server shows whether a NAT changed "
			"the packet's port or address. If not, look for a "
			"restart or a change of backends at that time.",
		},
	[MECHANISM_STATE_EXPIRED] =
		{
			"state-expired",
			"The connection's state entry in a NAT, firewall or "
			"load balancer expired while the connection was idle.",
			"An idle time of a second or more, longer than any "
			"that the connection had survived; then data, and then "
			"a bare reset, an ICMP error, or no response to any "
			"retransmission. The grade is likely where the reset "
			"comes from a device on the path, or where all idle "
			"times that connections of the same path survived are "
			"shorter than those after which they failed.",
			"The server restarted, or closed in the meantime and "
			"the FIN was lost; other connections to it that "
			"survived speak against this. Several devices share "
			"the same timeouts, so the idle time suggests a class "
			"of devices, not a product.",
			"Send keepalives more often than the timeout: "
			"ServerAliveInterval (client) or ClientAliveInterval "
			"(server) for SSH, TCP keepalives with TCP_KEEPIDLE "
			"below the timeout for others; or raise the device's "
			"timeout.",
		},
	[MECHANISM_INJECTED] =
		{
			"injected",
			"A device on the path forged a reset in the name of an "
			"endpoint.",
			"The endpoint kept sending after its alleged reset; or "
			"the reset comes from another distance (TTL) and "
			"breaks the endpoint's IP ID sequence, copies the "
			"peer's header fields, or comes in less than half a "
			"round trip; or the reset acknowledges a packet that a "
			"router reported as expired (time exceeded). The "
			"fingerprint of a known injector is only a label and "
			"decides nothing.",
			"A firewall's reset (firewall-reject) looks the same "
			"where only the TTL differs. A route change can alter "
			"the TTL by one or two.",
			"Find the trigger: the last data before the reset, the "
			"same in every connection. An encrypted tunnel through "
			"the device avoids it; ask the operator of the hop "
			"named for the reason.",
		},
	[MECHANISM_FIREWALL_REJECT] =
		{
			"firewall-reject",
			"A device on the path answered an established "
			"connection with a reset or "
			"an ICMP error.",
			"A bare reset, or an ICMP unreachable, from the "
			"distance of a hop between the endpoints, in answer to "
			"one packet. Linux's REJECT target sends DF, IP ID 0 "
			"and DSCP 0. The other endpoint receives no packet "
			"about it. The ICMP error does not end an established "
			"Linux connection: the sender retransmits until its "
			"timeout.",
			"An expired state entry (then an idle time precedes "
			"it), a changed rule, a flushed state table, "
			"asymmetric routes, on which the firewall sees only "
			"one direction.",
			"Check the firewall at that hop: its rules and its log "
			"at that second, its state table's size and timeouts.",
		},
	[MECHANISM_PROXY_CLOSED] =
		{
			"proxy-closed",
			"A proxy or load balancer that answers in the server's "
			"name ended the connection.",
			"Every packet in the server's name, including "
			"handshake and reset, arrives with an initial TTL (64, "
			"128, 255), although the server has a public address "
			"and the client has not: the packets come from the "
			"next hop.",
			"The server itself, where it is one hop away. A proxy "
			"farther away looks like the server in whose name it "
			"answers.",
			"Check the proxy's log and idle timeouts, and the "
			"health of its backends.",
		},
	[MECHANISM_KEEPALIVE_TIMEOUT] =
		{
			"keepalive-timeout",
			"Keepalives or the user timeout ran out: the peer sent "
			"nothing for too long.",
			"At least two unanswered keepalive probes (no or one "
			"byte just below the next sequence number); then an "
			"RST,ACK with the socket's state from the same side. "
			"Or three such probes, and no reset.",
			"The peer was switched off, the return path failed, or "
			"the connection's state had expired in a device on the "
			"path: the reset is the consequence, not the cause.",
			"Find out what happened to the peer at the time of the "
			"first unanswered probe. A capture at the other "
			"endpoint shows whether probes arrive.",
		},
	[MECHANISM_RETRANSMISSION_TIMEOUT] =
		{
			"retransmission-timeout",
			"Data of every size was retransmitted and never "
			"acknowledged.",
			"At least three retransmissions of the same bytes, and "
			"no acknowledgment. The connection often ends without "
			"another packet: a socket with a user timeout closes "
			"silently.",
			"A peer that is down, a broken path, a firewall that "
			"drops, an expired state entry (if it began after an "
			"idle time), a path MTU black hole (if only large "
			"packets were sent), a capture that lost packets.",
			"Capture at the other endpoint. If no packet arrives "
			"there, probe the path; if packets arrive and are "
			"acknowledged, the return path is broken.",
		},
	[MECHANISM_PMTU_BLACK_HOLE] =
		{
			"pmtu-black-hole",
			"Packets above a certain size are lost, without an "
			"ICMP error.",
			"Full-sized segments are retransmitted at the same "
			"length and never acknowledged, while smaller ones "
			"pass before or after them (shown by SACK), and no "
			"\"fragmentation needed\" or \"packet too big\" "
			"arrives. Captured at the receiver: a later, smaller "
			"segment arrives after a sequence gap.",
			"Loss of every size that happened to hit the large "
			"packets: more retransmissions and more connections "
			"make that unlikely.",
			"At the router before the black hole: nft add rule "
			"inet filter forward tcp flags syn tcp option maxseg "
			"size set rt mtu (or a size that fits); allow ICMP "
			"type 3 code 4 and ICMPv6 type 2; or lower the "
			"interface's MTU. On a Linux sender "
			"net.ipv4.tcp_mtu_probing=1 recovers after some "
			"seconds.",
		},
	[MECHANISM_PMTU_IGNORED] =
		{
			"pmtu-ignored",
			"ICMP errors \"fragmentation needed\" or \"packet too "
			"big\" (PTB) arrived, and their receiver kept sending "
			"packets that are too large.",
			"At least two ICMP 3/4 or ICMPv6 type 2 that quote "
			"packets of the connection; a round trip later at "
			"least two more packets above the size that they name, "
			"and none that fits.",
			"The PTB was captured before a firewall that drops it, "
			"at the host or in front of it; or the packets were "
			"already in flight.",
			"Allow PTB messages in the host's firewall (ICMP type "
			"3 code 4, ICMPv6 type 2), also in one that matches "
			"them to connections. Until then clamp the MSS.",
		},
	[MECHANISM_ICMP_UNREACHABLE] =
		{
			"icmp-unreachable",
			"A router or host reported with an ICMP error that it "
			"can't deliver.",
			"ICMP errors that quote packets of the connection: no "
			"route, host unreachable (the last router could not "
			"resolve the link address), time exceeded for a packet "
			"of full TTL (a routing loop).",
			"On an established Linux connection these are soft "
			"errors: the sender retransmits, and ends the "
			"connection only at its timeout.",
			"Check the router that sent the error: its route to "
			"the target and its neighbour table; and whether the "
			"target is up.",
		},
	[MECHANISM_HALF_OPEN] =
		{
			"half-open",
			"The other end still holds an earlier connection of "
			"these ports.",
			"The SYN is answered with an ACK, or with a SYN-ACK, "
			"that does not acknowledge this SYN (RFC 9293, "
			"3.10.7.4; RFC 5961), and no SYN-ACK for it comes.",
			"A device that drops the client's reset of the old "
			"connection, or that answers from its own state table.",
			"Let the client's resets through; have the other end "
			"close dead "
			"connections (keepalives); use another client port.",
		},
	[MECHANISM_NAT_MISMATCH] =
		{
			"nat-mismatch",
			"Packets of two connections, or of two addresses, are "
			"mixed up.",
			"Packets continue the numbers of an earlier "
			"connection of the same addresses and ports after a "
			"new handshake; or responses carry an address or port "
			"that was not addressed.",
			"Nothing else where the numbers of both directions "
			"agree: 64 bits do not agree by chance.",
			"Compare captures on both sides of the NAT or load "
			"balancer; keep it "
			"from giving the same ports twice (preserved client "
			"addresses, hairpin).",
		},
	[MECHANISM_OPTION_REFUSED] =
		{
			"option-refused",
			"Only packets with a certain flag or option are "
			"refused or lost.",
			"SYNs with ECE and CWR (ECN) are refused or "
			"unanswered, while plain SYNs to the same address and "
			"port are answered in the same recording; or "
			"negotiated timestamps are missing, and such packets "
			"are not acknowledged.",
			"A service that was started or stopped between the "
			"two.",
			"Find the device with a probe of headers; turn the "
			"option off until it "
			"is repaired.",
		},
	[MECHANISM_NO_RESPONSE] =
		{
			"no-response",
			"A request arrived, and no response came.",
			"A request that every server answers (HTTP, a TLS "
			"ClientHello) is acknowledged by the server's kernel; "
			"no response comes for seconds, until the client "
			"closes or the recording ends.",
			"Responses that were lost before a capture point at "
			"the client.",
			"Look at the server's program: overload, a lock, a "
			"backend that hangs.",
		},
	[MECHANISM_WINDOW_CLOSED] =
		{
			"window-closed",
			"The receiver's window stayed at 0 until the end.",
			"The last window is 0 for seconds, and the sender "
			"probes it (RFC 9293, "
			"3.8.6.1) or ends the connection.",
			"A device that changes windows or their scale.",
			"Look at the receiving program: it does not read its "
			"data.",
		},
	[MECHANISM_PEER_PROTOCOL] =
		{
			"peer-protocol",
			"An endpoint gave its reason in clear before it "
			"closed.",
			"A TLS alert before encryption; \"Protocol mismatch\" "
			"or a DISCONNECT of "
			"sshd; a greeting that refuses (SMTP, FTP, MySQL, "
			"PostgreSQL, Redis); one "
			"protocol answered in another.",
			"A forged response, if its distance differs.",
			"Read the text; check port, protocol, version and "
			"certificates.",
		},
	[MECHANISM_SSH_MAX_STARTUPS] =
		{
			"ssh-max-startups",
			"sshd had too many unauthenticated connections, and "
			"refused this one.",
			"The server sends \"Exceeded MaxStartups\" (OpenSSH "
			"8.2 to 9.7) or \"Not allowed at this time\" (since "
			"9.8) in place of its version line, then a FIN or a "
			"reset; both occur for the same cause.",
			"Since OpenSSH 9.8 the same text is also sent for a "
			"penalty (PerSourcePenalties) of this client's "
			"address.",
			"On the server: raise MaxStartups in sshd_config "
			"(default 10:30:100), lower LoginGraceTime, and find "
			"which hosts open so many connections; sshd's log "
			"distinguishes penalties.",
		},
	[MECHANISM_SSH_REFUSED_BEFORE_BANNER] =
		{
			"ssh-refused-before-banner",
			"sshd accepted the connection and closed it before it "
			"sent its version line.",
			"The handshake completes, the client's version line is "
			"acknowledged, and the server sends a FIN or a reset "
			"without its own version line.",
			"TCP wrappers (hosts.allow, hosts.deny; the refusal "
			"then comes about five seconds after the handshake), "
			"an sshd before 8.2 with too many connections, a "
			"crash, an inetd-like limit, another service on the "
			"port.",
			"On the server: sshd's and the system's log at that "
			"second; hosts.deny "
			"and hosts.allow.",
		},
	[MECHANISM_SSH_LOGIN_GRACE] =
		{
			"ssh-login-grace",
			"Nobody logged in within LoginGraceTime, and sshd "
			"closed.",
			"The server closes first: 120 s (the default) after "
			"the connection began; or after two seconds or more "
			"while the client had not finished the key exchange.",
			"A client that waited for a password or a key's "
			"confirmation; a client that hung for another reason, "
			"such as a path MTU black hole, which then shows as "
			"retransmissions.",
			"Log in faster or raise LoginGraceTime in sshd_config. "
			"If it happens with keys, find out what the client "
			"waited for (ssh -v).",
		},
	[MECHANISM_SSH_NO_COMMON_ALGORITHM] =
		{
			"ssh-no-common-algorithm",
			"Client and server have no algorithm in common.",
			"Both lists (SSH_MSG_KEXINIT, RFC 4253, 7.1) are "
			"readable in the capture, and for one class of "
			"algorithms they have no name in common; the client "
			"closes directly after the server's list.",
			NULL,
			"Update the older side; until then allow one of the "
			"names that the peer offers, for this host only "
			"(KexAlgorithms, HostKeyAlgorithms, Ciphers or MACs "
			"with a + in ssh_config).",
		},
	[MECHANISM_SSH_SLOW_BANNER] =
		{
			"ssh-slow-banner",
			"The server sent its version line seconds after the "
			"handshake.",
			"The handshake is prompt, no packet is lost, and the "
			"server's version line comes three seconds or more "
			"after the SYN.",
			"A resolver that does not respond to the server (TCP "
			"wrappers and UseDNS look names up; resolver timeouts "
			"are multiples of five seconds), an overloaded host, a "
			"proxy that waits for its backend.",
			"On the server: UseDNS no, a working resolver, a lower "
			"load; on the client a larger ConnectTimeout.",
		},
	[MECHANISM_SSH_CLIENT_ALIVE] =
		{
			"ssh-client-alive",
			"sshd's own keepalives (ClientAliveInterval) went "
			"unanswered, and sshd closed the connection.",
			"At least two encrypted packets of the server, of "
			"equal length and at equal intervals, to which the "
			"client sends no response; then a FIN or a reset of "
			"the server, one interval after the last.",
			"The cause lies with the missing responses: the client "
			"was gone or stopped, or the connection's state had "
			"expired in a device on the path. A program that "
			"prints a line at intervals looks the same, since the "
			"packets are encrypted.",
			"Find the last packet that the client sent, and what "
			"happened at that time.",
		},
	[MECHANISM_ORDERLY] =
		{
			"orderly",
			"The connection ended normally.",
			"FIN from both sides, acknowledged; also with a benign "
			"reset: after the complete close, on an idle "
			"connection that its owner discarded, in a health "
			"check.",
			NULL,
			NULL,
		},
};
static_assert(sizeof(explain_mechanisms) / sizeof(explain_mechanisms[0]) ==
		      MECHANISM_COUNT,
	"an explanation of every mechanism");
