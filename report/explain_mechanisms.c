#include "report/explain_table.h"

#include <assert.h>
#include <stddef.h>

const struct explanation explain_mechanisms[] = {
	[MECHANISM_UNKNOWN] =
		{
			"unknown",
			"Something ended or stalled the connection, and the "
			"packets do not say "
			"what.",
			"No signature's facts are all known to hold. The "
			"verdict is then "
			"undetermined and names the facts that are missing.",
			"Anything that the missing facts leave open; the "
			"incident lists it.",
			"Follow its \"Prove:\" lines: mostly a second capture "
			"at the other end, "
			"a capture that begins before the connection does, or "
			"a longer snap "
			"length.",
		},
	[MECHANISM_PORT_CLOSED] =
		{
			"port-closed",
			"The host itself refused the connection: nothing "
			"listens on that port.",
			"A SYN is answered at once by RST,ACK with sequence "
			"number 0, window 0 "
			"and no options, that acknowledges exactly the SYN "
			"(RFC 9293, 3.10.7.1), "
			"from the TTL of the host's other packets. Linux "
			"reflects the SYN's DSCP "
			"in it, and in IPv6 gives it a flow label.",
			"A firewall on that very host that rejects with a TCP "
			"reset: in IPv4 the "
			"reset is the same but for the DSCP, which it does not "
			"reflect. A device "
			"in front of the host whose initial TTL hides its "
			"distance.",
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
			"The answer to the SYN comes from another distance "
			"than the host's other "
			"packets, or does not reflect the SYN's DSCP, or in "
			"IPv6 has no flow "
			"label; or it is an ICMP error (3/3, 3/9, 3/10, 3/13; "
			"ICMPv6 1/1, 1/4, "
			"1/5, 1/6). An ICMP error about TCP from the server's "
			"own address is its "
			"host firewall: a closed TCP port answers with a "
			"reset.",
			"A ban that a log watcher such as fail2ban has set: it "
			"rejects with port "
			"unreachable by default and ends by itself after the "
			"ban time.",
			"Find the rule: nft list ruleset or iptables -S on the "
			"host or the "
			"device at the hop named, and let the port through. If "
			"it is meant to be "
			"shut, nothing is broken.",
		},
	[MECHANISM_SYN_UNANSWERED] =
		{
			"syn-unanswered",
			"The connection was asked for, and nobody answered.",
			"The SYN is repeated, with growing pauses, and neither "
			"SYN-ACK nor reset "
			"nor ICMP error comes back. Seen at the server: "
			"SYN-ACKs are repeated and "
			"never acknowledged.",
			"A firewall or security group that drops; a host that "
			"is down behind a "
			"router that says nothing; a full accept queue (other "
			"ports of the host "
			"then still answer); a lost way back; a capture that "
			"missed the answers.",
			"Capture at the server: if the SYN arrives there, look "
			"at its firewall, "
			"its routes back and its accept queue (ss -ltn: Recv-Q "
			"against Send-Q); "
			"if not, something on the path drops it.",
		},
	[MECHANISM_ABORT] =
		{
			"abort",
			"An endpoint that owned the socket threw the "
			"connection away.",
			"RST,ACK that carries the socket's state: next "
			"sequence number, what it "
			"had received acknowledged, its window, on Linux the "
			"flow's next IP ID "
			"and running timestamps, from the endpoint's usual "
			"TTL. Only the host "
			"that held the socket has all of these.",
			"Which of the causes it was does not show: close() "
			"with data unread, "
			"SO_LINGER 0, a killed process that left data unread, "
			"ss -K. A device in "
			"the path of every packet could copy all of it.",
			"Look into the application's log at that second. Data "
			"acknowledged but "
			"never answered just before it suggests a close with "
			"data unread.",
		},
	[MECHANISM_LATE_DATA] =
		{
			"late-data",
			"One side had closed already; the other went on "
			"sending, and was told "
			"so by a reset.",
			"A FIN from the side that later sends a reset; then "
			"data from the other "
			"side; then a bare RST with the sequence number that "
			"the data "
			"acknowledged, window 0 and no options.",
			"Nothing else where the FIN was seen. The question "
			"left is why that side "
			"closed: its own idle timeout, a limit, an error, a "
			"restart.",
			"Find out why it closed first. A client that keeps "
			"connections in a pool "
			"should give them up sooner than the server does.",
		},
	[MECHANISM_UNKNOWN_CONNECTION] =
		{
			"unknown-connection",
			"The endpoint's kernel answered for a connection that "
			"it did not know.",
			"A bare RST from the endpoint's TTL whose sequence "
			"number is the "
			"acknowledgement number of the packet it answers, "
			"window 0, no options, "
			"and no FIN from that side before (RFC 9293, "
			"3.10.7.1).",
			"The host was restarted, a load balancer moved the "
			"connection to another "
			"host, an address moved, or a NAT on the way gave the "
			"connection another "
			"port, so that the server really got a stranger's "
			"packet.",
			"A capture at the server shows whether the packet "
			"arrived with the port "
			"and address it left with. If it did, look for a "
			"restart or a change of "
			"back ends at that time.",
		},
	[MECHANISM_STATE_EXPIRED] =
		{
			"state-expired",
			"A NAT, firewall or load balancer forgot the "
			"connection while it was "
			"idle.",
			"Silence of a second or more, longer than any that the "
			"connection had "
			"survived; then data, and then either a bare reset, or "
			"an ICMP error, or "
			"nothing at all however often the data is repeated. It "
			"grows likely where "
			"a reset comes from a device between, or where the "
			"idle times that "
			"connections of the same path survived are all shorter "
			"than those after "
			"which they died.",
			"The server restarted or closed in the meantime and "
			"the FIN was lost: "
			"that other connections to it lived on speaks against "
			"it. Several devices "
			"share the same timeouts, so the length names a class "
			"and not a brand.",
			"Send something more often than the timeout: "
			"ServerAliveInterval (client) "
			"or ClientAliveInterval (server) for SSH, TCP "
			"keepalives with "
			"TCP_KEEPIDLE below the timeout for others; or raise "
			"the device's "
			"timeout.",
		},
	[MECHANISM_INJECTED] =
		{
			"injected",
			"A device on the path forged a reset in the name of an "
			"endpoint.",
			"The endpoint went on sending after its alleged reset; "
			"or the reset comes "
			"from another distance (TTL) and breaks the endpoint's "
			"IP ID, copies the "
			"other side's header, or comes in less than half a "
			"round trip; or it "
			"acknowledges a packet of which a router said that it "
			"died on the way. "
			"What known injectors look like is told as a label and "
			"decides nothing.",
			"A firewall that resets openly (firewall-reject) looks "
			"alike where only "
			"the TTL differs. A change of route can move the TTL "
			"by one or two.",
			"Find what triggers it: the last data before the "
			"reset, the same at every "
			"connection. An encrypted tunnel around the device "
			"avoids it; whoever "
			"runs the hop named can say why it is done.",
		},
	[MECHANISM_FIREWALL_REJECT] =
		{
			"firewall-reject",
			"A device on the path answered an established "
			"connection with a reset or "
			"an ICMP error.",
			"A bare reset, or an ICMP unreachable, from the "
			"distance of a hop between "
			"the ends, in answer to one packet. Linux's own reject "
			"sends DF, IP ID 0 "
			"and DSCP 0. Its other end hears nothing of it. An "
			"established Linux "
			"connection is not ended by the ICMP error: it goes on "
			"repeating until it "
			"gives up.",
			"A state that expired (then a silence comes before "
			"it), a rule that was "
			"changed, a flushed state table, asymmetric routes "
			"that show the firewall "
			"half the packets.",
			"Look at the firewall at that hop: its rules and its "
			"log at that second, "
			"its state table's size and timeouts.",
		},
	[MECHANISM_PROXY_CLOSED] =
		{
			"proxy-closed",
			"A proxy or load balancer that answers in the server's "
			"name ended it.",
			"Every packet of the server's side, the handshake and "
			"the reset included, "
			"arrives with an untouched initial TTL (64, 128, 255) "
			"though the server "
			"has a public address and the client has not: they "
			"come from the next "
			"hop.",
			"The server itself, where it really is next door. A "
			"proxy farther away "
			"looks like the server that it speaks for.",
			"Look at the proxy's log and idle timeouts, and at the "
			"health of what is "
			"behind it.",
		},
	[MECHANISM_KEEPALIVE_TIMEOUT] =
		{
			"keepalive-timeout",
			"Keepalives or the user timeout ran out: the other "
			"side was silent for "
			"too long.",
			"At least two probes of no or one byte just below the "
			"next sequence "
			"number, unanswered; then, from the same side, a "
			"RST,ACK with the "
			"socket's state. Or three of them, and no reset.",
			"The peer was switched off, its way back was lost, or "
			"a device in between "
			"had forgotten the connection: the reset is only the "
			"last word, not the "
			"cause.",
			"Look for what became of the peer at the time of the "
			"first unanswered "
			"probe. A capture at the other end shows whether "
			"probes arrive.",
		},
	[MECHANISM_RETRANSMISSION_TIMEOUT] =
		{
			"retransmission-timeout",
			"Whatever was sent, small or large, was repeated and "
			"never acknowledged.",
			"The same bytes at least three times more, and no "
			"acknowledgment. That "
			"often ends without any packet: a socket with a user "
			"timeout just gives "
			"up.",
			"A dead peer, a broken path, a firewall that drops, a "
			"state that expired "
			"(if it began after a silence), a black hole for large "
			"packets (if only "
			"large ones were tried), a capture that lost packets.",
			"Capture at the other end. If nothing arrives, probe "
			"the path; if it "
			"does and is answered, the way back is broken.",
		},
	[MECHANISM_PMTU_BLACK_HOLE] =
		{
			"pmtu-black-hole",
			"Packets above a certain size vanish, and nobody says "
			"so.",
			"Full-sized segments are repeated at the same length "
			"and never "
			"acknowledged, while smaller ones pass, before or "
			"after them (SACK shows "
			"it), and no \"fragmentation needed\" or \"packet too "
			"big\" arrives. Seen "
			"from the receiver: a later, smaller segment arrives "
			"with a hole before "
			"it.",
			"Loss at every size that happened to hit the large "
			"ones: more repetitions "
			"and more connections make that unlikely.",
			"At the router before the hole: nft add rule inet "
			"filter forward tcp flags "
			"syn tcp option maxseg size set rt mtu (or a size that "
			"fits); let ICMP "
			"type 3 code 4 and ICMPv6 type 2 through; or lower the "
			"interface's MTU. "
			"On a Linux sender net.ipv4.tcp_mtu_probing=1 gets "
			"over it after some "
			"seconds.",
		},
	[MECHANISM_PMTU_IGNORED] =
		{
			"pmtu-ignored",
			"\"Too big\" messages arrived, and their receiver went "
			"on sending packets "
			"that are too large.",
			"At least two ICMP 3/4 or ICMPv6 type 2 that quote "
			"packets of the "
			"connection, and a round trip after them at least two "
			"more packets larger "
			"than the size they name, and none that fits.",
			"The message was seen before a firewall that drops it, "
			"at the host or in "
			"front of it; or the packets were already under way.",
			"Let these messages through the host's firewall (ICMP "
			"type 3 code 4, "
			"ICMPv6 type 2), also through one that wants to match "
			"them to "
			"connections. Until then clamp the MSS.",
		},
	[MECHANISM_ICMP_UNREACHABLE] =
		{
			"icmp-unreachable",
			"A router or host said that it can't deliver.",
			"ICMP errors that quote packets of the connection: no "
			"route, host "
			"unreachable (the last router found nobody at that "
			"address), time "
			"exceeded on a packet of full TTL (a routing loop).",
			"On an established Linux connection these errors are "
			"advice: it goes on "
			"repeating, and ends only when it gives up.",
			"Look at the router that sent the error: its route to "
			"the target, its "
			"neighbour table; and whether the target is up.",
		},
	[MECHANISM_HALF_OPEN] =
		{
			"half-open",
			"The other end still holds an earlier connection of "
			"these ports.",
			"The SYN is answered with an ACK, or with a SYN-ACK, "
			"that acknowledges "
			"what this SYN never was (RFC 9293, 3.10.7.4; RFC "
			"5961), and no SYN-ACK "
			"of its own comes.",
			"A device that hides the client's reset of the old "
			"connection, or that "
			"answers from a table of its own.",
			"Let the client's resets through; have the other end "
			"close dead "
			"connections (keepalives); use another client port.",
		},
	[MECHANISM_NAT_MISMATCH] =
		{
			"nat-mismatch",
			"Two connections, or two addresses, are taken for one.",
			"Packets go on with the numbers of an earlier "
			"connection of the same "
			"addresses and ports after a new handshake; or answers "
			"carry an address "
			"or port that was not asked.",
			"Nothing else where numbers of both directions agree: "
			"64 bits do not by "
			"chance.",
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
			"unanswered, while plain SYNs "
			"to the same address and port are answered in the same "
			"recording; or the "
			"timestamps that were negotiated are missing, and such "
			"packets go "
			"unheard.",
			"A service that was started or stopped just between "
			"the two.",
			"Find the device with a probe of headers; turn the "
			"option off until it "
			"is repaired.",
		},
	[MECHANISM_NO_RESPONSE] =
		{
			"no-response",
			"A request arrived, and was never answered.",
			"A request that every server answers (HTTP, a TLS "
			"ClientHello) is "
			"acknowledged by the server's kernel; for seconds "
			"nothing comes, until "
			"the client gives up or the recording ends.",
			"Answers that were lost on the way to a capture point "
			"at the client.",
			"Look at the server's program: overload, a lock, a "
			"backend that hangs.",
		},
	[MECHANISM_WINDOW_CLOSED] =
		{
			"window-closed",
			"The receiver's window stayed shut until the end.",
			"The last window is 0 for seconds, and the sender "
			"probes it (RFC 9293, "
			"3.8.6.1) or ends the connection.",
			"A device that changes windows or their scale.",
			"Look at the receiving program: it does not read what "
			"it is sent.",
		},
	[MECHANISM_PEER_PROTOCOL] =
		{
			"peer-protocol",
			"An endpoint said in clear why it hung up.",
			"A TLS alert before encryption; \"Protocol mismatch\" "
			"or a DISCONNECT of "
			"sshd; a greeting that refuses (SMTP, FTP, MySQL, "
			"PostgreSQL, Redis); one "
			"protocol answered in another.",
			"A forged answer, where its distance is another.",
			"Read the text; check port, protocol, version and "
			"certificates.",
		},
	[MECHANISM_SSH_MAX_STARTUPS] =
		{
			"ssh-max-startups",
			"sshd had too many connections that were not logged in "
			"yet, and refused "
			"this one.",
			"Instead of its version line the server sends "
			"\"Exceeded MaxStartups\" "
			"(OpenSSH 8.2 to 9.7) or \"Not allowed at this time\" "
			"(since 9.8), then "
			"closes or resets; both endings occur for the same "
			"cause.",
			"Since OpenSSH 9.8 the same text stands for a penalty "
			"(PerSourcePenalties) of this client's address.",
			"On the server: raise MaxStartups in sshd_config "
			"(10:30:100 unless set), "
			"lower LoginGraceTime, and find who opens so many "
			"connections; sshd's log "
			"tells penalties apart.",
		},
	[MECHANISM_SSH_REFUSED_BEFORE_BANNER] =
		{
			"ssh-refused-before-banner",
			"sshd accepted the connection and ended it before "
			"saying anything.",
			"Handshake, the client's version line is acknowledged, "
			"and the server "
			"closes or resets without ever sending its own.",
			"TCP wrappers (hosts.allow, hosts.deny; the refusal "
			"then comes about five "
			"seconds after the handshake), an sshd before 8.2 that "
			"had too many "
			"connections, a crash, an inetd-like limit, another "
			"service on the port.",
			"On the server: sshd's and the system's log at that "
			"second; hosts.deny "
			"and hosts.allow.",
		},
	[MECHANISM_SSH_LOGIN_GRACE] =
		{
			"ssh-login-grace",
			"Nobody logged in within LoginGraceTime, and sshd "
			"closed.",
			"The server ends the connection first: 120 s after it "
			"began, as is the "
			"default; or after two seconds or more while the "
			"client had not finished "
			"the key exchange.",
			"A client that waited for a password or a key's "
			"confirmation; a hang of "
			"the client's side caused by something else, such as a "
			"black hole for "
			"large packets, which then shows as repetitions.",
			"Log in faster or raise LoginGraceTime in sshd_config. "
			"If it happens with "
			"keys, find out what the client was waiting for (ssh "
			"-v).",
		},
	[MECHANISM_SSH_NO_COMMON_ALGORITHM] =
		{
			"ssh-no-common-algorithm",
			"Client and server found no algorithm that both know.",
			"Both lists (SSH_MSG_KEXINIT, RFC 4253, 7.1) are "
			"readable in the capture, "
			"and for one class of algorithms they have no name in "
			"common; the client "
			"closes right after it has the server's list.",
			NULL,
			"Update the older side; until then allow one of the "
			"names that the other "
			"side offers, for this host only (KexAlgorithms, "
			"HostKeyAlgorithms, "
			"Ciphers or MACs with a + in ssh_config).",
		},
	[MECHANISM_SSH_SLOW_BANNER] =
		{
			"ssh-slow-banner",
			"The server took seconds to say its version.",
			"The handshake is prompt, nothing is lost, and the "
			"server's version line "
			"comes three seconds or more after the SYN.",
			"A resolver that does not answer the server (TCP "
			"wrappers and UseDNS look "
			"names up; resolver timeouts are multiples of five "
			"seconds), an "
			"overloaded host, a proxy that waits for its back end.",
			"On the server: UseDNS no, a resolver that answers, "
			"its load; on the "
			"client a larger ConnectTimeout.",
		},
	[MECHANISM_SSH_CLIENT_ALIVE] =
		{
			"ssh-client-alive",
			"sshd's own keepalives (ClientAliveInterval) went "
			"unanswered, and it "
			"closed.",
			"At least two encrypted packets of the server, equally "
			"long and evenly "
			"spaced, to which the client says nothing; then FIN or "
			"reset of the "
			"server, one interval after the last.",
			"The cause lies where the answers stayed: the client "
			"was gone or stopped, "
			"or a device in between had forgotten the connection. "
			"A program that "
			"prints a line every so often looks alike, since all "
			"is encrypted.",
			"Look for the last packet that the other side sent, "
			"and what happened "
			"then.",
		},
	[MECHANISM_ORDERLY] =
		{
			"orderly",
			"The connection ended as it should.",
			"FIN from both sides, acknowledged; also when a reset "
			"follows that hurts "
			"nobody: after the complete close, on an idle "
			"connection that its owner "
			"gave up, in a health check.",
			NULL,
			NULL,
		},
};
static_assert(sizeof(explain_mechanisms) / sizeof(explain_mechanisms[0]) ==
		      MECHANISM_COUNT,
	"an explanation of every mechanism");
