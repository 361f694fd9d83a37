/* Facts about silence, sizes and ICMP errors. The same texts stand in
 * docs/evidence.md; tests/commands/test_explain.py compares them. */
#include "report/fact_text.h"

#include <stddef.h>

const struct fact_text fact_texts_silence[] = {
	{FACT_RESET_IS_UNACCEPTABLE,
		"It has an MD5 or AO signature that no later packet has, or"
		" SYN or FIN beside RST, or its number lies outside of the "
		"window that the receiver offered. Known only where packets"
		" followed",
		"RFC 2385; RFC 5925; RFC 5961, 3.2",
		"A window of which the scale was not recorded"},
	{FACT_CONNECTION_SURVIVED_RESET,
		"One side acknowledged what the other sent after the reset",
		"RFC 9293, 3.10.7: a socket that is gone acknowledges "
		"nothing",
		NULL},
	{FACT_BOTH_SIDES_RESET_BY_ONE_DEVICE,
		"Both sides were reset, from their distances, within half "
		"of the round trip that an answer takes, and one of the "
		"resets has a foreign identification (reset-ip-id-foreign),"
		" another DF than its side's packets, came too soon "
		"(reset-faster-than-path), or acknowledges what was never "
		"sent",
		"Captures of an inline device",
		"Two ends that give up at once, over stacks that count "
		"strangely"},
	{FACT_ACKNOWLEDGES_ANOTHER_CONNECTION,
		"The refusal acknowledges a number more than 1 MB from this"
		" SYN's, and not 0",
		"RFC 9293, 3.10.7.3; a public report of an NFS client",
		"Devices that fill in a number of their own"},
	{FACT_SERVER_REPEATED_ITS_SYN_ACK,
		"Its SYN-ACK came again more than 20 ms after a reset from "
		"its distance",
		"RFC 9293, 3.10.7: a socket that was reset has no timer",
		"Devices that answer the SYN for the server"},
	{FACT_CLIENT_REPEATED_ITS_SYN,
		"After a SYN-ACK the client's reset, in the form of a "
		"kernel in SYN-SENT (no ACK, window 0, no options, the "
		"number that the SYN-ACK acknowledges) and with the SYN's "
		"TTL, and more than 20 ms later its SYN again",
		"RFC 9293, 3.10.7.3; lab: syn-timestamp-rewritten",
		"A device that resets in that form from the client's "
		"distance; a program that makes SYNs itself and sends each "
		"several times, over a kernel that refuses the answers"},
	{FACT_RESET_REFUSES_SYN,
		"The reset comes before anything else from the server, in "
		"answer to a SYN",
		"RFC 9293, 3.10.7.1", NULL},
	{FACT_REFUSAL_AS_KERNELS_DO,
		"RST,ACK acknowledging exactly the SYN, window 0, no "
		"options",
		"RFC 9293, 3.10.7.1; lab: closed-port",
		"Firewalls send the same: syn-reset-r1"},
	{FACT_REFUSED_FROM_TWO_PLACES,
		"Two refusals with TTLs more than 4 apart",
		"Captures of a device one hop before the host",
		"A route that changes in between"},
	{FACT_REFUSED_ON_THE_PATH,
		"Others were let in to that address and port, or the refusal "
		"has passed no router; otherwise known not to hold: a "
		"gateway or balancer that has the address refuses what it "
		"does not serve from where it stands",
		"Forwarded ports, balancers, anycast",
		"A service that was started or stopped in between; a gateway "
		"of the server's own that is next to the recording"},
	{FACT_DSCP_REFLECTED,
		"IPv4, a SYN with a DSCP other than 0, and the refusal has "
		"the same. Known only where the refusal arrives with a TTL "
		"of at most 64: Linux begins with 64",
		"Lab: closed-port-dscp holds, host-firewall-reset-dscp does"
		" not; source: Linux net/ipv4/tcp_ipv4.c, nf_reject_ipv4.c",
		"Paths that clear the DSCP; other stacks"},
	{FACT_FLOW_LABEL_SET,
		"IPv6 and the refusal carries a flow label; known only with"
		" a hop limit of at most 64",
		"Lab: closed-port.v6 holds, host-firewall-reset.v6 does not",
		"Other stacks, which may send 0"},
	{FACT_IDLE_BEFORE,
		"The connection had been silent for at least 1 s, longer "
		"than any silence that it had survived before, when "
		"somebody spoke, with nothing outstanding; and nothing of "
		"the other side (resets apart) answered it since: what "
		"acknowledges nothing new, while something is outstanding, "
		"is no answer. Or the reset itself broke the silence. Not "
		"known across a step of the clock",
		"Lab: nat-random-port",
		"A program that stops by itself at that time: "
		"server-abort-after-idle"},
	{FACT_IDLE_LONG_ENOUGH, "Idle-before, and for at least 10 s",
		"The shortest documented timers; see Idle timers",
		"Devices set to less, as those of the lab are"},
	{FACT_RESET_BREAKS_THE_SILENCE,
		"Idle-before, and nobody had said anything before the reset",
		NULL, "A packet that was not recorded"},
	{FACT_IDLE_TIMER_ON_PATH,
		"At least 2 connections between the same two networks (/24, "
		"/64) died after silences (those of a host that was "
		"restarted, refused-soon-after, are not counted), at least "
		"one silence was survived, and all survived silences are "
		"shorter than all fatal ones; known not to hold when they "
		"overlap. Not known where all fatal silences have a moment in "
		"common, as where the server restarted or the client slept, "
		"unless a connection with this server lived through it. Of a "
		"connection that goes unanswered, known only "
		"where the host that does not answer was heard in another "
		"one since: it may be off",
		NULL, "A server with a timer of its own"},
	{FACT_DIED_TOGETHER,
		"A reset in the form of a kernel without the connection, from "
		"the server's distance, answers what broke a silence; at least "
		"as many connections between these networks as for "
		"`idle-timer-on-path` failed so, their silences share a "
		"moment, no other connection lived through it, and the "
		"longest is at least twice the shortest, or others had "
		"survived more than that",
		"A timer ends each silence in its own time",
		"Connections that are all used after longer than a timer"},
	{FACT_OWN_PROBES_UNANSWERED,
		"Before a reset: this side's last keepalives, at least 2, "
		"went unanswered. Without one: at least 3",
		"RFC 1122, 4.2.3.6; lab: keepalive-expires",
		"Answers that the recording lost"},
	{FACT_OWN_DATA_UNANSWERED,
		"Before the reset this side retransmitted at least 3 times "
		"without an answer",
		"RFC 6298; lab: retransmissions-exhausted",
		"Answers that the recording lost"},
	{FACT_PEER_DATA_UNANSWERED,
		"The same of data of the peer: this side acknowledged "
		"nothing of it before it reset",
		"RFC 6298", "Acknowledgments that the recording lost"},
	{FACT_PEER_HAD_PAUSED,
		"Data of the peer was unacknowledged when the reset came, "
		"and between two of its transmissions lay more than 130 s",
		"RFC 6298, 2.5; the longest timers wait 120 s "
		"(silent_quiet_s)",
		"Stacks with longer timers"},
	{FACT_SYN_UNANSWERED,
		"No SYN-ACK, no reset, nothing of the server, and the "
		"client acknowledges nothing; and the SYN came again, or an"
		" ICMP error about it came, or the recording goes on for 3 "
		"s; until then not known",
		"Lab: syn-dropped-r1", "A recording of one direction only"},
	{FACT_SYN_ANSWERED_FOR_ANOTHER_CONNECTION,
		"An answer to the SYN acknowledges another number than it "
		"had, and no SYN-ACK of its own came; and the SYN came "
		"again, or 3 s passed; until then not known",
		"RFC 9293, 3.5.1, 3.10.7.4; RFC 5961, 4",
		"Captures without the SYN that was meant"},
	{FACT_EARLIER_CONNECTION_GOES_ON,
		"After a new handshake with the same addresses and ports "
		"come packets whose sequence and acknowledgment number are "
		"within 65,535 bytes of where the connection before would "
		"go on, and neither is near this one's. Known only where "
		"the connection before was open",
		"RFC 9293, 3.4.3", "Nothing: 64 bits do not agree by chance"},
	{FACT_GOES_ON_UNDER_ANOTHER_NAME,
		"The first packet of a connection without its SYN has the "
		"sequence number that one side of another connection to the"
		" same address and port would send next (or probe with), "
		"and acknowledges what that has received; that connection "
		"has been silent for at least 1 s. Known where at least a "
		"second was recorded before, and of a table that is not too"
		" large to be looked through",
		"RFC 9293, 3.4", "Nothing: 64 bits do not agree by chance"},
	{FACT_TRANSLATED_OTHERWISE,
		"The first packet of a connection without its SYN has a "
		"sequence and an acknowledgment number of another "
		"connection, whose SYN was recorded and in which both ends "
		"go on after it and neither had closed; one of both is the "
		"last of its side there, the other at most 65,535 bytes "
		"beyond. Or it has the address and port of that connection's "
		"client and any of its numbers (by chance once in a million), "
		"and the client goes on, or, after a packet of the client, "
		"either end. Known where at least a second was recorded "
		"before",
		"RFC 9293, 3.4; RFC 3022, 2.2",
		"Recordings of both sides of a "
		"NAT of which the one side lacks its SYNs"},
	{FACT_PACKET_TRANSLATED_OTHERWISE_BEFORE,
		"Before the reset a packet came that has this connection's "
		"numbers and another name, as in translated-otherwise",
		"RFC 9293, 3.4; RFC 3022, 2.2", "As translated-otherwise"},
	{FACT_SYN_ANSWERED_FROM_ELSEWHERE,
		"Nothing of the server was recorded, and a SYN-ACK from "
		"another address, after the SYN, acknowledges its number and "
		"goes to its port; the client has acknowledged nothing",
		"RFC 6528: numbers are as good as random",
		"Nothing: 48 bits do not agree by chance"},
	{FACT_ONLY_PLAIN_SYN_ANSWERED,
		"The SYN asks for ECN (ECE and CWR, RFC 3168, 6.1.1), the "
		"same address and port answered one that does not, and none"
		" that does",
		"RFC 3168, 6.1.1.1",
		"A service that was started or stopped between the two"},
	{FACT_TIMESTAMPS_MISSING,
		"SYN and SYN-ACK both have timestamps, and at least 3 later"
		" packets of this side have none",
		"RFC 7323, 3.2: they must be in every segment",
		"A device that strips them in one direction only"},
	{FACT_SYN_ACK_UNANSWERED,
		"The SYN-ACK came again and the handshake was never "
		"completed",
		"Lab: syn-ack-dropped-r1",
		"Scans, forged source addresses: named as readings"},
	{FACT_SYN_ACK_RETRANSMITTED,
		"The SYN-ACK came again although the client had completed "
		"the handshake",
		"Lab: accept-queue-overflows", "The loss of that one ACK"},
	{FACT_SERVER_NEVER_SPOKE,
		"The handshake is complete, and the SYN-ACK is the server's"
		" last packet",
		"Lab: accept-queue-overflows", "Capture loss"},
	{FACT_RETRANSMISSIONS_UNANSWERED,
		"The same segment at least 3 times more without an "
		"acknowledgment; not a FIN alone after both sides had "
		"closed",
		"RFC 6298", "Answers that the recording lost"},
	{FACT_ANOTHER_CONNECTION_SERVED,
		"Of a client whose data is not acknowledged, and for whom "
		"nothing comes: between the first and the last "
		"retransmission the server answered a SYN of the same "
		"client to the same port, with a TTL that its packets had "
		"before, and at least a round trip and 1 s "
		"were recorded after the last. With another TTL it is "
		"known not to hold. Known "
		"of the last 4096 answered SYNs, less those that share a "
		"place with a later one",
		"RFC 9293, 3.5",
		"Several machines behind one address, equally many hops "
		"away; routes that change"},
	{FACT_LOST_SINCE_DSCP_CHANGED,
		"Of SSH: the segment that is sent again to the end is the "
		"first new data of its side whose DSCP differs from that of "
		"the data before, which was acknowledged; nothing of that "
		"side was sent again before, and nothing later was "
		"acknowledged by SACK",
		"RFC 2474; ssh_config(5), IPQoS",
		"A path that fails in that moment"},
	{FACT_PEER_STILL_ANSWERS,
		"The peer sent something since the first retransmission",
		"RFC 9293", "A peer that talks without hearing"},
	{FACT_RETRANSMISSIONS_NOT_TAKEN,
		"After each retransmission but the last, and at least 3, "
		"the first packet of the peer is a bare acknowledgment "
		"that leaves the segment out, without SACK blocks",
		"RFC 9293, 3.10.7.4; RFC 7323, 5.3",
		"Acknowledgments that are for something else each time"},
	{FACT_ACKNOWLEDGED_DATA_SENT_AGAIN,
		"A side sent the same data at least 3 times more, later "
		"than a round trip after the peer had acknowledged it, and "
		"nothing new after that",
		"RFC 9293, 3.8.1: what is acknowledged is not sent again",
		"A recording that is far ahead of what it copies"},
	{FACT_SMALLER_PACKETS_PASSED,
		"The peer acknowledged selectively what came after the "
		"missing segment",
		"RFC 2018; blocks below the acknowledgment are not counted "
		"(RFC 2883)",
		"A device that drops this segment for its content"},
	{FACT_SAME_SIZE_PASSED_BEFORE,
		"An IP packet at least as large as the retransmitted one is"
		" known to have arrived, of this connection or beside it "
		"(size-passed-beside), or a selectively acknowledged block is "
		"at least as long as the missing segment. Known only for "
		"packets of at least 600 bytes",
		"Lab: hole-forward-link-2 does not hold, all-lost holds",
		"Small segments acknowledged together; segmentation offload"},
	{FACT_SIZE_PASSED_BESIDE,
		"In another connection of the same hosts and port, which began "
		"at most 10 s before the retransmissions or after them, an IP "
		"packet as large as the retransmitted one arrived",
		"Heuristic: a path takes what it takes",
		"Routes that differ by the client's port; a path that changes"},
	{FACT_FIRST_LARGE_PACKET,
		"Recorded from the SYN, and nothing of 600 bytes or more of"
		" this side had passed",
		"Heuristic: every path should pass 576 (RFC 791)", NULL},
	{FACT_REPAIRED_BY_SMALLER_PACKETS,
		"A segment of at least 600 bytes was retransmitted at least "
		"twice and acknowledged only when it was sent smaller; or, "
		"seen from the receiver, a hole of 540 bytes or more that "
		"SACK reported was open for 1 s, was as large as a whole "
		"segment, and neither what filled it nor anything else that "
		"came through was as large as both SYNs allow",
		"Lab: hole-probing-1; a capture of a Windows host",
		"Loss that ends by chance at that moment"},
	{FACT_LARGE_PACKETS_MISSING,
		"Seen from the receiver: a hole of at least 540 bytes, with "
		"room for a larger segment than any packet before it, that "
		"ends within the window that the receiver offered, and "
		"only packets below 600 bytes after it; the "
		"receiver said that it misses the bytes, or 1 s has passed,"
		" or an acknowledgment or FIN without data showed the hole "
		"after 1 s in which its sender was not heard, in a "
		"connection recorded from its SYN and without loss. Before "
		"a reset: the hole showed 1 s before it",
		"Lab: hole-reverse-link-2, hole-client-resets, "
		"hole-server-resets",
		"A burst of loss"},
	{FACT_PEER_WINDOW_CLOSED, "The peer's last window is 0",
		"RFC 9293, 3.8.6.1; lab: reader-stops", NULL},
	{FACT_OWN_ZERO_WINDOW_TO_THE_END,
		"The window of this side (without a reset: of the client) "
		"is 0 for at least 10 s to the end, and the other side had "
		"sent data",
		"RFC 9293, 3.8.6", "Devices that change windows"},
	{FACT_PEER_ZERO_WINDOW_TO_THE_END,
		"The same of the other side (without a reset: of the "
		"server); a window that opens less than a round trip before"
		" the reset, or after it, counts as shut: the two cross",
		"RFC 9293, 3.8.6", "Devices that change windows"},
	{FACT_WINDOW_MISREAD,
		"At least 3 segments exactly as long as the other side's "
		"window field, which has a scale, each with nothing under "
		"way before it and behind a bare acknowledgment; none longer "
		"than half of what its SYN takes",
		"RFC 7323, 2.3",
		"Programs that write pieces of just that length, at "
		"intervals longer than round trips: hence none may be longer"},
	{FACT_REQUEST_WITHOUT_AN_ANSWER,
		"An HTTP request, a TLS ClientHello or the client's part of "
		"an SSH key exchange is the last that was said and is "
		"acknowledged, and for at least 5 s nothing "
		"came until a side ended it or the recording did; recorded "
		"from the SYN, without missing packets. Before a reset of "
		"the client also what it last said to port 80, 443 or 8443, "
		"encrypted or not, if that is at least 100 bytes",
		"RFC 9110, RFC 8446, RFC 4253: they have an answer",
		"Answers lost on the way to a recording at the client; "
		"messages to a web service that need no answer"},
	{FACT_PEER_DATA_CUT_OFF,
		"Neither side had closed, this side's window was open for a "
		"full segment, and nothing of the peer came for at least 15 s: "
		"and bytes of it "
		"are missing below others that came, or its last packet was "
		"a segment without PSH, at most 40 bytes shorter than both "
		"MSS options allow, and it had sent nothing again",
		"RFC 9293, 3.9.1", "Stacks that do not set PSH"},
	{FACT_OPEN_AT_THE_END,
		"`request-without-an-answer`, and nobody closed or reset: the "
		"recording ended in the wait",
		"RFC 6202: answers may wait for an event", NULL},
	{FACT_SENDER_HAD_THE_LAST_WORD,
		"The reset has its side's distance and number; that side had "
		"said something last, at least 1 s before, the other side's "
		"last packet acknowledges it without data, and has said "
		"nothing for at least 5 s, a silence that the last word broke "
		"included. Nothing is missing, nobody had closed. A client, to "
		"which the server had spoken or owes an answer by its port, "
		"not 80, 443 or 8443 but for WebSocket; or a server that had "
		"broken a silence of at least 1 s. A single byte is a "
		"keepalive probe's, but for protocols with heartbeats",
		"An acknowledgment is the kernel's, an answer the program's",
		"Protocols in which nobody owes an answer; answers lost before "
		"the recording"},
	{FACT_HEARTBEAT_OVERDUE,
		"In a protocol with heartbeats this side's FIN broke a silence "
		"of at least 5 s, longer than the connection had survived "
		"before; or, in AMQP, one since its own last words, which had "
		"no answer but an acknowledgment. The other had not closed",
		"As for `heartbeat-protocol`",
		"A broker that is stopped in a silence"},
	{FACT_CLOSED_WHILE_WAITING,
		"In another protocol, not on the ports of `web-service`, the "
		"client's FIN broke a silence of at least 5 s since its own "
		"last words, which the server's stack had acknowledged and "
		"nothing had answered. The server had not closed",
		"An acknowledgment is the kernel's, an answer the program's",
		"Messages that need no answer"},
	{FACT_CLOSED_WITHOUT_AN_ANSWER,
		"The server acknowledged a request (HTTP, or a TLS "
		"ClientHello) and its FIN has the number with which the "
		"response would begin; the server had sent no data, the "
		"client had not closed before, and the FIN has the "
		"server's TTL and the timestamps in use",
		"RFC 9293, 3.4: numbers leave no room for lost data",
		"A FIN that is forged with them; a server's timer that "
		"runs out as the first request comes"},
	{FACT_SILENT_SIDE_BESIDE_THE_RECORDING,
		"The side that does not answer has an initial TTL (64, 128 "
		"or 255) in all packets, and the other's TTLs are "
		"diminished, or this machine sends the silent side's "
		"packets. Known not to hold when the silent side's TTL is "
		"diminished",
		"RFC 791, 3.2: TTL",
		"Tunnels and bridges behind the recording; devices that set"
		" TTLs"},
	{FACT_BOTH_DIRECTIONS_RECORDED,
		"Packets of the peer were recorded, and none of its data "
		"was acknowledged without having been recorded; or the peer"
		" was heard after the last retransmission, and still missed"
		" it",
		"Lab: capture-loses", NULL},
	{FACT_ICMP_ERROR,
		"An ICMP error quotes a packet of the connection: addresses, "
		"ports, and a sequence number that its sender had in flight "
		"then (sent, not yet acknowledged, the next one included; "
		"one below for a keepalive probe; its last segment for 1 s "
		"after it was acknowledged; what a recorded reset carried). "
		"\"Too big\" is a matter of its own; an error about what was "
		"acknowledged before the data was sent that is not is of "
		"another time; time exceeded does not count in a connection "
		"with small or mixed TTLs, which is a traceroute; redirects "
		"and quenches are about packets that went on",
		"RFC 792, RFC 4443; RFC 5927, 4; source: Linux' tcp_v4_err",
		"Errors forged by who sees the connection"},
	{FACT_ICMP_FROM_THE_SERVER_ITSELF,
		"Its source is the address that was written to",
		"Lab: host-firewall-icmp",
		"A NAT or firewall that answers in the server's name"},
	{FACT_ICMP_FROM_THE_SENDER_ITSELF,
		"Its source is the address that the packet came from",
		"Source: Linux answers what its rules reject on the way out "
		"from the host's own address",
		"A NAT that answers in the name of what it translates"},
	{FACT_ICMP_SAYS_PROHIBITED,
		"ICMP 3/9, 3/10, 3/13; ICMPv6 1/1, 1/5, 1/6",
		"RFC 1812, 5.2.7.1; RFC 4443, 3.1; lab: syn-admin-r1", NULL},
	{FACT_ICMP_SAYS_PORT_UNREACHABLE, "ICMP 3/3; ICMPv6 1/4",
		"RFC 792, RFC 4443; lab: syn-port-unreachable-r2", NULL},
	{FACT_ICMP_SAYS_TIME_EXCEEDED,
		"ICMP 11/0; ICMPv6 3/0; known to hold where at least two of "
		"them came, for packets of the same side",
		"RFC 792, RFC 4443; lab: routing-loop",
		"A sender whose TTL is too small for the path"},
	{FACT_ICMP_ERRORS_ALONE,
		"At least two ICMP errors about a connection of which "
		"nothing else was recorded. Nothing can be held against the"
		" number that they quote",
		"RFC 792, RFC 4443", "Forged errors"},
	{FACT_TOO_BIG_IGNORED,
		"At least two \"too big\" messages about numbers in flight,"
		" as of icmp-error; at least two packets larger than the "
		"size told and no larger than the peer's MSS, sent later "
		"than the known round trips and 10 ms after the first, and "
		"nothing of what was sent so was acknowledged; none that "
		"fits, as late",
		"RFC 1191, RFC 8201; lab: complaint-ignored",
		"A message that is recorded and dropped before it reaches "
		"the stack"},
	{FACT_TOO_BIG_RECORDED_AT_THE_SENDER,
		"Too-big-ignored, and the first TTL of the large packets' "
		"side is 64, 128 or 255; and a PTB passed a router, or comes "
		"from the sender's network (IPv4: 24 bits equal; IPv6: 64, or "
		"a link-local address), as an address of the interface that "
		"it leaves by (RFC 1812, 4.3.2.4)",
		"TTLs that no router decremented",
		"A recording at the sender's own router, where PTBs of its "
		"inner address are lost behind it"},
	{FACT_ICMP_OUT_OF_WINDOW,
		"An ICMP error about the connection quotes a number that "
		"was not in flight, or none. It counts for nothing, and is "
		"told of where something else has happened",
		"As of icmp-error",
		"A capture that lacks packets; devices that change sequence"
		" numbers and not those in quotations"},
	{FACT_TLS_ALERT,
		"A TLS record of an alert in clear, other than close notify"
		" (0) and user canceled (90), and the connection ended; not "
		"where the alert's sender sent more after it, and the other "
		"side did too. Of several the first, unless its sender went "
		"on",
		"RFC 8446, 5.1 and 6.2: an encrypted alert is longer; RFC "
		"5246, 7.2: after a warning a handshake may go on",
		"Seven bytes that look like it"},
	{FACT_REFUSED_IN_CLEAR,
		"The server's first words are a refusal: SMTP, FTP, NNTP "
		"(421, 554, 530, 550, 400, 502), IMAP BYE, MySQL's error "
		"packet, PostgreSQL's FATAL, Redis (-DENIED, -ERR max), "
		"MQTT's CONNACK with a code, memcached (ERROR Too many open "
		"connections; SERVER_ERROR if nothing follows it); or HTTP "
		"408 to a client that had spoken; or a segment of at most "
		"512 bytes is PostgreSQL's FATAL, or begins with 421 from a "
		"server that had greeted with 220 (SMTP, FTP), or with "
		"-ERR ' in NATS, but for its errors that close nothing "
		"(Permissions, Invalid); and the connection ended",
		"RFC 5321, RFC 959, RFC 3977, RFC 9051, RFC 9110; the "
		"protocols of MySQL, PostgreSQL and Redis",
		"Another protocol with the same words"},
	{FACT_OTHER_PROTOCOL,
		"Recorded from the SYN: the first words of the client are "
		"of one protocol (HTTP, TLS, SSH, AMQP), those of the server "
		"of another: one of these, or a greeting, which is never a "
		"client's (SMTP, FTP, POP3, IMAP, NNTP, MySQL, RFB); or sshd "
		"says \"Invalid SSH identification "
		"string\" or \"Protocol mismatch\" to a client that told no"
		" version",
		"RFC 4253, 4.2; source: sshd", "Forged answers"},
};
const unsigned fact_texts_silence_count =
	sizeof(fact_texts_silence) / sizeof(fact_texts_silence[0]);
