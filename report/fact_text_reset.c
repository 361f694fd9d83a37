/* Facts about resets, and about the connection that they end. The same texts
 * stand in docs/evidence.md; tests/commands/test_explain.py compares them. */
#include "report/fact_text.h"

#include <stddef.h>

const struct fact_text fact_texts_reset[] = {
	{FACT_RESET_SEEN, "There is a reset", NULL, NULL},
	{FACT_RESET_TTL_MATCHES_SENDER,
		"The reset's TTL lies in the spread of this side. Not known"
		" when nothing is known of this side's distance, when the "
		"reset crossed the recording the other way than this side's"
		" packets, where reset-as-many-hops-away, "
		"reset-from-the-handshakes-place or reset-ttl-limited "
		"holds, when only other "
		"connections tell the distance and the reset is about as "
		"many hops from another usual initial TTL (a balancer in "
		"front of the server; not where the reset has passed no "
		"router and the host's packets have), when a client refuses"
		" the answer to its only SYN (a program may have made "
		"that), or when this side, or its host in other "
		"connections, sends with TTLs of at most 32 (BGP, "
		"traceroutes) and the reset has a larger one",
		"Lab: server-linger-0, syn-reset-r1; captures: TTLs of one "
		"server's SYN-ACKs vary by 1 or 2",
		"Route changes (hence a spread); devices that copy, mirror "
		"or normalise TTLs: tap-copied-ttl, normalised-ttl"},
	{FACT_RESET_TTL_FAR_OFF, "The TTL lies more than 4 outside the spread",
		"Captures: up to 4 was seen within one address",
		"A large change of route between two packets"},
	{FACT_SENDER_TTL_STEADY,
		"At least 3 packets of this side in this connection, all at"
		" one TTL; not known of fewer at one TTL",
		"Heuristic", "A side that has only begun to wobble"},
	{FACT_ANOTHER_ROUTE_FITS,
		"1 to 4 off, the TTL is no usual initial one (the reset has"
		" passed a router), and it is less than any of this side (a"
		" device on the path is nearer, so its resets have more), "
		"or it is a reset without ACK over IPv6. Said of a "
		"difference of 1 to 4 only",
		"RFC 6437: packets of no socket carry another flow label, "
		"and routers choose the route by it",
		"A device that a packet reaches only by a detour; over IPv4"
		" routes that differ by chance"},
	{FACT_RESET_MADE_AT_CAPTURE_POINT,
		"Every packet was recorded twice (in and out, as with -i "
		"any on a router), this side's came in, and this reset only "
		"went out. Not known where it went out with one hop less "
		"than this side's packets came in with: the copy that came "
		"in may be lost",
		"Lab: syn-reset-r1 seen from r1",
		"A lost copy of the reset, over another route than the "
		"side's packets"},
	{FACT_RESET_BY_OTHER_INTERFACE,
		"This side's packets come by one interface, the reset by "
		"another",
		"Lab: own-firewall (the reset comes over loopback)",
		"Asymmetric routes on a machine with several uplinks"},
	{FACT_RESET_IS_STATELESS,
		"No ACK flag, window 0, no TCP options: the form of a stack"
		" that knows no such connection",
		"RFC 9293, 3.10.7.1; the window and the options: lab, "
		"server-rebooted",
		"Anybody can send it"},
	{FACT_RESET_FROM_SOCKET,
		"RST,ACK with this side's next sequence number, "
		"acknowledging what this side had acknowledged last, the "
		"peer's next number or one between them, with a timestamp "
		"if both sides use them",
		"Lab: server-linger-0, server-closes-unread, "
		"server-socket-destroyed",
		"A device that sees every packet and copies all of it: "
		"tap-copied-ttl-perfect"},
	{FACT_RESET_SEQUENCE_EXACT,
		"The sequence number is this side's next one, or the one "
		"that the peer acknowledged last; not known where neither "
		"was ever said, as of a refused SYN",
		"RFC 9293, 3.5.2; RFC 5961, 3",
		"A device that sees every packet"},
	{FACT_RESET_ANSWERS_PEER,
		"The sequence number is the acknowledgment number of the "
		"peer's last packet, and that waits for an answer: it came "
		"at most two round trips and 0.3 s before, and this side "
		"has not acknowledged its data since",
		"RFC 9293, 3.10.7.1",
		"An injector that builds its reset so: firewalls do; links "
		"that hold packets back"},
	{FACT_RESET_IP_ID_CONTINUES,
		"IPv4, this side's identification went up in steps of 1 to "
		"64 without a jump over at least 3 packets, and the reset's"
		" is 1 to 64 above the last. Not known where the reset "
		"carries 0",
		"Lab: server-linger-0",
		"Hosts with one counter for all connections (then it does "
		"not hold); rewritten identifications"},
	{FACT_RESET_COPIES_PEER_HEADER,
		"IPv4: the identification is the peer's last one, and the "
		"reset is not from this side's distance; or it is that or "
		"one more, and the window is the peer's too. Not known for "
		"identification 0, nor where this side's own identification"
		" leads there",
		"Captures of injectors; lab: tap-client-header",
		"Chance, 1 in 65,536"},
	{FACT_RESET_FASTER_THAN_PATH,
		"A reset with ACK acknowledges data, never sent again, less"
		" than a quarter of the shortest round trip to this side "
		"after the data passed; the round trip is at least 1 ms and"
		" measured at the handshake. Of a first request in several "
		"segments it may acknowledge a part; the time counts from "
		"the SYN-ACK then",
		"Lab: tap-far", "A route that became much shorter"},
	{FACT_RESET_WITHIN_ROUND_TRIP,
		"The reset came after data that was never sent again, in "
		"less than 75 % of the shortest round trip to this side, "
		"measured as for reset-faster-than-path; if it has ACK, it "
		"acknowledges that data, else all data before that was "
		"acknowledged, or all is a first request in several "
		"segments",
		"Lab: ips-inline-far-v6",
		"A round trip that was measured at a busy host; without "
		"ACK, a reset that was under way when the data passed"},
	{FACT_ONLY_ITS_TIME_DIFFERS,
		"Reset-faster-than-path, yet reset-from-socket and "
		"reset-ttl-matches-sender hold, reset-has-other-df does not, "
		"and whether reset-ip-id-continues is not known (IPv6, or "
		"identifications that do not count): a crash looks so too, "
		"where the acknowledgments before it waited for a slow "
		"program's answers",
		"RFC 9293, 3.8.6.3: acknowledgments may be delayed; RFC "
		"8200: no identification",
		"A device in line that copies every field"},
	{FACT_ACKNOWLEDGES_WHAT_NEVER_ARRIVED,
		"It acknowledges bytes of a packet about which a router "
		"said that its TTL ran out on the way, and the peer "
		"retransmitted nothing",
		"RFC 792: time exceeded",
		"The same bytes sent again with a larger TTL (hence no "
		"retransmissions)"},
	{FACT_SENDER_CONTINUED_AFTER_RESET,
		"After the reset this side sends data beyond all that it had "
		"sent, or acknowledges something newer more than 2 ms later, "
		"neither of them more than 64 KiB beyond what was recorded "
		"before; or opens again: answers the SYN, or repeats its own "
		"20 ms and more after its reset, unless that is "
		"client-repeated-its-syn. After a reset without ACK, data "
		"counts from 2 ms on too. Up to 3 packets per side after the "
		"first reset are kept",
		"RFC 9293, 3.10.7: a socket that is gone sends nothing; lab: "
		"tap-client-only",
		"Overtaking packets (hence newer numbers); the ports' next "
		"connection, of which the handshake was not recorded, within "
		"a quarter of a second; a forgery and the stranger's next "
		"packet (left out when it has the forgery's TTL)"},
	{FACT_TWO_CONTENTS_FOR_THE_SAME_BYTES,
		"A segment that begins where the side's last one did has "
		"other first 16 bytes; of a side's first 16 packets with so"
		" much captured. Neither of the two sent with a TTL of at "
		"most 32 by a side that began with more: that is a decoy or "
		"a probe of its own",
		"RFC 9293, 3.4", "Two machines behind one address"},
	{FACT_DATA_BEYOND_ITS_OWN_FIN,
		"The side has sent a FIN, and data comes that ends beyond "
		"it. Neither of the two sent with a TTL of at most 32 by a "
		"side that began with more",
		"RFC 9293, 3.6",
		"A connection of the same ports without its SYN"},
	{FACT_SEGMENT_OF_ANOTHER_STACK,
		"Both sides use timestamps, and a segment with data has "
		"none and another TTL than the packet of its side before "
		"it, above 32 where the side began with more",
		"RFC 7323, 3.2", "Proxies that take over"},
	{FACT_SENDER_HAD_CLOSED,
		"A FIN of this side was recorded before. Not known when the"
		" connection's beginning is missing and there was none",
		"RFC 9293, 3.6", "A forged FIN"},
	{FACT_PEER_HAD_CLOSED, "A FIN of the peer was recorded before",
		"RFC 9293, 3.6", "A forged FIN"},
	{FACT_DATA_AFTER_CLOSE,
		"This side had closed, and the peer's last packet, later "
		"than this side's last, carried data; or the peer had not "
		"closed and has data that this side never acknowledged",
		"Lab: server-closed-then-data",
		"A retransmission of older data"},
	{FACT_DATA_CROSSED_THE_FIN,
		"Data-after-close, the peer had not closed, and its last "
		"packet was recorded before this side's last one or less "
		"than a round trip (both halves) after it",
		"RFC 9293, 3.6: the other side may go on sending after a "
		"FIN",
		"A FIN that was retransmitted"},
	{FACT_CLOSE_NOTIFY_AFTER_CLOSE,
		"Data-after-close, and of the peer's data exactly 23, 24 or "
		"31 bytes are not acknowledged, a FIN left out, and the last "
		"of it came within 1 s of this side's last packet; a side's "
		"first words were a ClientHello or ServerHello, or what came "
		"is a record of TLS and nothing else: an alert, or data of 19 "
		"bytes",
		"RFC 8446, 6.1; RFC 5288, RFC 7905",
		"Application data of 2 bytes, or of 9 in TLS 1.3: an HTTP/2 "
		"frame without contents"},
	{FACT_RESET_NUMBER_OF_HANDSHAKE,
		"Recorded from the SYN: the reset has the number of its side's "
		"first byte, although that side has sent data",
		"RFC 9293, 3.10.7.4; public reports of FortiGate", NULL},
	{FACT_FIN_BEHIND_LATE_DATA,
		"Data-after-close of a client, and its FIN was recorded "
		"after the reset, exactly at the end of these data, which "
		"are at most 128 bytes in all, without acknowledging more "
		"than they did, and less than a round trip (both halves, at "
		"least 1 ms) later. The server had sent data, and its last "
		"packet was at most 1 s, or at least 3 s, before the reset",
		"RFC 9293, 3.10.7.4: a socket that was reset sends no FIN",
		"A client that asks for something short, sends its FIN at "
		"once and still waits for the answer"},
	{FACT_CLIENT_CLOSED_AFTER_THE_ANSWER,
		"A reset in the server's name. The client's last packet "
		"before it was its FIN; it had acknowledged all of the "
		"server's data, and the last of them, which the server "
		"pushed, acknowledged all that the client had said. "
		"Nothing is missing in the recording",
		"RFC 9293, 3.9.1: who has sent all pushes",
		"A client that closes its half only, while the server makes "
		"a pause"},
	{FACT_QUIT_BEFORE_CLOSE,
		"Data-after-close of a server, and the client's last data "
		"before its FIN are a command that ends the session, alone: "
		"QUIT (SMTP, FTP, POP3, NNTP, Redis), LOGOUT (IMAP), "
		"TEARDOWN (RTSP), Terminate (PostgreSQL), COM_QUIT (MySQL), "
		"an unbind (LDAP), DISCONNECT (MQTT), a close frame "
		"(WebSocket). All that it had said before was answered",
		"RFC 5321, 4.1.1.10; RFC 9051, 6.1.3; RFC 7826, 13.7; RFC "
		"6455, 5.5.1; and those of the others",
		"Binary protocols in which two or five such bytes mean "
		"something else"},
	{FACT_FIN_NOT_RECORDED,
		"The peer acknowledged exactly one number beyond all that "
		"was recorded of this side, which had sent no FIN, and "
		"nothing of this side was recorded after that",
		"RFC 9293, 3.4: a FIN takes one number",
		"A single byte of data that was not recorded"},
	{FACT_SEGMENT_ACKNOWLEDGED_IN_PART,
		"The last number that this side acknowledged lies inside the "
		"peer's last segment, which is no longer than this side's "
		"MSS; the peer had sent nothing twice, and this side's "
		"window is not 0",
		"Lab: forged-answer-and-fin; RFC 9293, 3.10.7.4: a segment "
		"in the window is taken whole",
		"A receiver without room for all of it; devices that cut "
		"segments anew"},
	{FACT_ONLY_A_REPEAT_WAS_ANSWERED,
		"Nothing of this side was recorded before the reset, and "
		"the peer had sent data again by then",
		"RFC 9293, 3.10.7.1: a host without the connection answers "
		"the first copy",
		"A first copy or an answer that was lost"},
	{FACT_PEER_HAD_RESET, "A reset in the peer's name came earlier", NULL,
		"A forged one"},
	{FACT_RESETS_FROM_TWO_PLACES,
		"Two resets of one side with the same numbers, their TTLs "
		"more than 4 apart, in a connection of which nothing else "
		"was recorded before",
		"Captures of two devices on one path",
		"A route that changes between the two"},
	{FACT_REFUSED_SOON_AFTER,
		"Of a reset of a kernel without the connection "
		"(reset-is-stateless): a SYN to the address and port that "
		"the reset names was refused with a reset within 60 s after"
		" it, or in the silence that the answered packet broke",
		"RFC 9293, 3.10.7.1", "A firewall that is loaded anew"},
	{FACT_ANSWERED_BY_NEIGHBOUR,
		"The server's first TTL, the client's first TTL and the "
		"reset's are all exactly 64, 128 or 255; the server's "
		"address is public and the client's is not. Known not to "
		"hold as soon as one of the TTLs is another; otherwise not "
		"known",
		"Lab: proxy-idle-close; public or not: RFC 1918, RFC 6598, "
		"RFC 4291",
		"A public server on the same link; servers with odd initial"
		" TTLs"},
	{FACT_SYN_ACK_FROM_ELSEWHERE,
		"The SYN-ACK has window 0 and was all that came; or its TTL"
		" is alone and more than 2 away from this side's other TTLs",
		"Lab: synproxy-works, synproxy-backend-closed",
		"A route that changed right after the handshake"},
	{FACT_RESET_ANSWERS_STRAY_SEGMENT,
		"This side sent nothing before, and the reset's number is the "
		"complement of one that lies at most 65,535 below the end of "
		"the peer's data; its window is 46237",
		"culprit probe sends such segments; test_usage",
		"Somebody who imitates them"},
	{FACT_NOTHING_WAS_SAID,
		"Neither side had sent data before, in a connection "
		"recorded from its SYN",
		NULL, "Capture loss"},
	{FACT_ONLY_GREETED,
		"Recorded from the SYN: the client, which resets, has sent "
		"no data, and the server's first words are a greeting "
		"(SMTP, FTP, NNTP, POP3, IMAP, RFB, MySQL, SSH)",
		"RFC 5321, 3.1, and those of the others", NULL},
	{FACT_CHECKS_END_SO,
		"The client resets within 1 s of the server's last data, 3 s "
		"of its SYN and with nothing outstanding, and at least 3 of "
		"its connections to that port ended so, 2 s apart from the "
		"first to the last; not of TLS, where a client may reject the "
		"certificate",
		"Public reports of HAProxy's checks",
		"A client that dies of each answer"},
	{FACT_CLOSED_UNHEARD,
		"Recorded from the SYN: the client, which resets, sent its FIN "
		"within 1 s of its SYN, had sent no data, and had acknowledged "
		"none of the server's",
		"Public sources of Kubernetes' probes",
		"A client that is killed before its first word"},
	{FACT_SENDER_IS_CLIENT,
		"The reset is in the client's name: who sent the SYN, or, "
		"in a connection that began before the recording, who has "
		"the other's listening port",
		NULL, "A wrong guess about a connection without its SYN"},
	{FACT_WEB_SERVICE, "The server's port is 80, 443, 3128 or 8443", "IANA",
		"Another service on that port"},
	{FACT_GREETING_SERVICE,
		"The server's port is 21, 25, 110, 119, 143, 587, 3306 or "
		"5900, where servers speak first, and its numbers say that "
		"it has sent nothing",
		"IANA; RFC 5321, 3.1, and those of the others",
		"Another service on that port"},
	{FACT_ANSWERING_SERVICE,
		"The server's port is 389, 1433, 1521, 3306, 5432, 6379, 11211 "
		"or 27017, where every request has an answer",
		"IANA; the services' protocols",
		"Another service on that port; MongoDB's writes without "
		"acknowledgment"},
	{FACT_HEARTBEAT_PROTOCOL,
		"A side's first words are those of AMQP, MQTT, STOMP, NATS or "
		"a change to WebSocket, whose ends ask each other for signs "
		"of life, and what this side said last is at most 10 bytes",
		"MQTT 3.1.1, 3.1; AMQP 0-9-1, 4.2.2; STOMP 1.2; RFC 6455",
		"Connections on which heartbeats are switched off"},
	{FACT_SSH_SERVICE,
		"A version line or sshd's refusal was seen, or one port is "
		"22 and nobody said anything else",
		"RFC 4253, 4.2",
		"Another service on port 22 whose client never speaks"},
	{FACT_RESET_FOR_AN_ANSWER,
		"Recorded from the SYN: the server's own socket sent the "
		"reset, the client had sent data and the server none",
		"Lab: server-closes-unread", "Capture loss"},
	{FACT_PACKETS_BEFORE_NOT_RECORDED,
		"SYN and SYN-ACK were recorded, and the ACK that completes the "
		"handshake was not, or nothing of the other side was recorded, "
		"which the reset's side acknowledges; no FIN came before the "
		"reset, and it is no client's that has sent nothing but its "
		"SYN",
		"RFC 9293, 3.5", "A client behind a path that lost its ACK"},
	{FACT_PEER_LONG_QUIET,
		"More than 3 s passed since the peer's last packet",
		"Heuristic", "A peer that was about to answer"},
	{FACT_RESET_LEFT_ITS_SENDER,
		"The capture nearer to the side that the reset names has "
		"the same reset (flags, numbers); known not to hold where "
		"it has none, is a capture of that end itself (TTL 64, 128 "
		"or 255) that end's address is the same in both, and "
		"nothing at all was acknowledged there that it did not "
		"record",
		"Lab: tap-copied-ttl-perfect",
		"A capture there with a filter; a second path into that "
		"host"},
	{FACT_WHAT_IT_ANSWERS_ARRIVED,
		"The packet before the reset carried data or a FIN, was "
		"sent once, and arrived there",
		"Lab: balancer-different-distance, where it did not",
		"Several hosts of one address, of which each got a copy"},
	{FACT_SEGMENT_ARRIVED_AT_PEER,
		"The segment that goes unanswered here, or the SYN, is in "
		"the capture nearer to the peer",
		"Lab: accept-queue-full", NULL},
	{FACT_ANSWER_LEFT_PEER,
		"That capture has an acknowledgment of it, or a SYN-ACK",
		"Lab: answers-lost, syn-ack-dropped-r1", NULL},
	{FACT_RECORDED_AT_THE_PEER,
		"That capture is of the peer itself: its packets (those of "
		"its other connections, where it sent none) have TTL 64, "
		"128 or 255 there",
		"Lab: accept-queue-full",
		"A bridge or a firewall without a hop before the host"},
	{FACT_MAPPING_CHANGED,
		"The client's packet that the reset answers arrived there "
		"(same sequence and acknowledgment number, same server) "
		"from another address or port than the connection had there",
		"Lab: nat-random-port, nat-loses-its-table", NULL},
	{FACT_WINDOW_SCALE_CHANGED,
		"A side's SYN has another window scale at the other capture"
		" point",
		"Lab: window-scale-zeroed",
		"A proxy that keeps both initial numbers"},
	{FACT_RESET_FROM_THE_HANDSHAKES_PLACE,
		"The server spoke from two places more than 2 apart, last "
		"from the other, and the reset comes from the SYN-ACK's",
		"Captures of load balancers that shake hands themselves",
		"Data that somebody slipped in; a route that changed"},
	{FACT_RESET_AS_MANY_HOPS_AWAY,
		"More than 4 off, yet as many hops from another usual "
		"initial TTL (32, 64, 128, 255), with right numbers: a "
		"stack may give resets another initial TTL. Not known at "
		"distance 0, where all distances are alike; if DF or "
		"identification are not this side's either, the TTL counts "
		"as another place's there",
		"Captures of front ends over a kernel that answers for "
		"closed sockets",
		"A device at the same distance"},
	{FACT_RESET_FROM_THE_USUAL_DISTANCE,
		"Syn-ack-from-elsewhere, and at least 3 packets of this "
		"side had the reset's TTL",
		"Lab: synproxy-works",
		"A device that answers in the server's name with several "
		"packets"},
	{FACT_RESET_FROM_AN_UNUSUAL_DISTANCE,
		"Fewer packets of the side came from the reset's distance "
		"than from the handshake's, and fewer than 3, and they are "
		"more than 2 hops apart; not one packet without data "
		"alone, and the reset has no timestamp",
		"Not measured: a forged response is short",
		"A route that changes shortly before the end"},
	{FACT_RESET_ONE_HOP_NEARER,
		"The reset's TTL is exactly one more than the highest of "
		"the spread",
		"Captures: a node answers for a container that is gone",
		"Firewalls one hop before the endpoint"},
	{FACT_RESET_TTL_LIMITED,
		"In the client's name, whose packets all have a TTL of 64, "
		"128 or 255 here, and the reset's is at most 32: it is to "
		"end on the way",
		"Smallest initial TTLs (p0f's signatures)",
		"A device next to the recording that begins with so little"},
	{FACT_RESET_FROM_ANOTHER_STATION,
		"This side is next to the recording (its first TTL is 64, "
		"128 or 255), and the reset's frame has another sender than"
		" the side's first one (MAC addresses, folded to eight "
		"bits: those that differ are different), in the same place "
		"of the recording; no packet of this side after it came "
		"from there",
		"Ethernet: a frame has its sender's address",
		"Hosts with several interfaces on the link; one address in "
		"256 folds to the same"},
	{FACT_RESET_BEGAN_ON_THE_LINK,
		"Reset-from-another-station, and the reset's TTL is 64, 128 "
		"or 255",
		"TTLs that no router decremented",
		"A device that writes such a TTL"},
	{FACT_RESET_IS_BARE, "No ACK flag, whatever the window",
		"RFC 9293, 3.10.7.1; captures of load balancers",
		"Stacks that abort so (RFC 793)"},
	{FACT_RESET_IP_ID_FOREIGN,
		"As of reset-ip-id-continues, and the reset's is farther "
		"ahead than the host can have counted since: 64 and 100 a "
		"millisecond",
		"Captures: counters that connections share were up to 550 "
		"ahead after 0.4 s and more, an inline device's 59,000 "
		"after 0.1 ms",
		"Stacks with a counter of their own for resets; hosts that "
		"send more"},
	{FACT_RESET_HAS_OTHER_DF,
		"IPv4, at least 3 packets of this side, all with DF or all "
		"without, and the reset is the other way",
		"Lab: ips-inline; captures of inline devices",
		"Stacks that send resets without path MTU discovery"},
	{FACT_RESET_CARRIES_TEXT,
		"The reset's payload is printable ASCII, at least 6 bytes "
		"of it, but for a zero or a line's end behind it; padding "
		"of the link layer is no payload",
		"RFC 9293, 3.5.3: a reset may carry an explanation; some "
		"load balancers can be told to send one",
		"Stream data that a stack leaves in its reset"},
	{FACT_RESET_FROM_FARTHER_AWAY,
		"The distance is far off, the reset's TTL is below all of this "
		"side's, and both began with the same usual initial TTL (32, "
		"64, 128 or 255)",
		"A device on the path is nearer than the endpoint",
		"Devices with an initial TTL of their own; paths that differ "
		"by direction"},
	{FACT_RESET_NUMBER_OF_NOBODY,
		"Recorded from the SYN-ACK without a hole: the number is more "
		"than 16 MB away from the first and the next number of each "
		"side, from what each had acknowledged, and from what either "
		"sent after the reset",
		"RFC 5961, 1: attacks by somebody who does not see the "
		"connection",
		"A device that numbers its resets badly; one number of twenty "
		"is near by chance"},
	{FACT_CONNECTION_WAS_OVER,
		"Both sides had closed, or one had reset it: from its "
		"distance, with its number, and silent since. At most 10 s "
		"after either side was last heard, unless both FINs were "
		"acknowledged",
		"RFC 9293, 3.6, 3.10.7.4; captures of NATs that answer "
		"leftovers",
		"A forged FIN; data under way that was still wanted"},
};
const unsigned fact_texts_reset_count =
	sizeof(fact_texts_reset) / sizeof(fact_texts_reset[0]);
