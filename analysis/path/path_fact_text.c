/* What facts about a path mean. "lab" is a test of tests/probe/ with real
 * kernels, "heuristic" a threshold chosen here. */
#include "analysis/path/path_fact_text.h"

#include <assert.h>
#include <stddef.h>

static const struct path_fact_text texts[] = {
	[PATH_FACT_NONE] = {"none", "never", NULL, NULL},
	[PATH_FACT_IPV6] = {"ipv6", "the probe went over IPv6", NULL, NULL},
	[PATH_FACT_DISTANCE_KNOWN] = {"distance-known",
		"a packet with a hop limit below 64 reached the target: the "
		"distance is the least such hop limit that is above all hop "
		"limits at which a TCP segment expired",
		"RFC 1812, 5.3.1",
		"a load balancer that answers echo requests itself (hence TCP "
		"decides)"},
	[PATH_FACT_LOSS_UNLIKELY] = {"loss-unlikely",
		"the probability that loss alone explains the missing "
		"responses is below 1 in 100, by the loss of the packets that "
		"could pass and the rule of succession",
		"heuristic", "loss that comes in bursts"},
	[PATH_FACT_LOSS_EXCLUDED] = {"loss-excluded",
		"that probability is below 1 in 10,000", "heuristic",
		"loss that comes in bursts"},
	[PATH_FACT_CAPTURE_COMPLETE] = {"capture-complete",
		"known not to hold where the probe's own capture had no room "
		"for some packets: as many answers may be missing for that",
		"pcap_stats(3PCAP)", NULL},
	[PATH_FACT_SYN_REPEATED] = {"syn-repeated",
		"at least two SYNs were sent for the run's connection",
		"RFC 9293, 3.8.1", NULL},
	[PATH_FACT_SYN_ANSWERED_BY_SYN_ACK] = {"syn-answered-by-syn-ack",
		"a SYN-ACK acknowledges the SYN", "RFC 9293, 3.10.7.3",
		"a device that answers for the server"},
	[PATH_FACT_SYN_ANSWERED_BY_RESET] = {"syn-answered-by-reset",
		"a reset acknowledges the SYN", "RFC 9293, 3.10.7.1",
		"a firewall's reset looks the same"},
	[PATH_FACT_SYN_ANSWERED_BY_ICMP_ERROR] = {"syn-answered-by-icmp-error",
		"an ICMP error other than time exceeded and \"too big\" "
		"quotes the SYN",
		"RFC 792, RFC 4443", "a forged one"},
	[PATH_FACT_SYN_ANSWERED] = {"syn-answered",
		"a SYN-ACK, a reset or an ICMP error came", NULL, NULL},
	[PATH_FACT_ICMP_ERROR_FROM_TARGET] = {"icmp-error-from-target",
		"the source of the ICMP error is the address that was "
		"probed",
		NULL, "a device that answers in the target's name"},
	[PATH_FACT_ICMP_ERROR_REFUSES] = {"icmp-error-refuses",
		"the code is port unreachable, protocol unreachable or "
		"prohibited; other codes mean that a router has no route",
		"RFC 1812, 5.2.7.1; RFC 4443, 3.1",
		"a firewall that is configured to send another code"},
	[PATH_FACT_SIZES_MEASURED_BY_ECHO] = {"sizes-measured-by-echo",
		"the target's distance is known, and sizes were measured", NULL,
		NULL},
	[PATH_FACT_PORT_RETURNS_TRAFFIC_CLASS] = {"port-returns-traffic-class",
		"the resets that answer SYNs with a traffic class carry it: a "
		"kernel copies it, a firewall's rule does not",
		"measured: Linux; lab: test_reset",
		"a firewall that copies it, a path that sets it"},
	[PATH_FACT_OTHER_PORTS_RETURN_TRAFFIC_CLASS] = {"other-ports-return-"
							"traffic-class",
		"those of ports that nobody uses do: the path and the target's "
		"kernel leave it",
		"measured: Linux; lab: test_reset",
		"other ports that a firewall refuses as well"},
	[PATH_FACT_SYN_ENDS_ON_PATH] = {"syn-ends-on-path",
		"SYNs to the port that end at one hop are reported, and three "
		"or more to the next, sent a second apart, are not, although "
		"that hop reports other packets; no: the last router reports "
		"them",
		"lab: test_port", "a router that reports no SYNs"},
	[PATH_FACT_STRAY_ACK_RESET] = {"stray-ack-reset",
		"an ACK of no connection, to a port that answers no SYN, is "
		"answered by a reset with the number that it acknowledges, "
		"from the target's distance; no: three are not answered",
		"RFC 9293, 3.10.7.1 and 3.10.7.2; lab: test_reset",
		"a device right before the target that resets strays"},
	[PATH_FACT_UNUSED_PORTS_ANSWER] = {"unused-ports-answer",
		"SYNs to two ports that nobody uses were answered",
		"RFC 9293, 3.10.7.1; lab: test_reset",
		"a device that refuses in the target's name"},
	[PATH_FACT_CONNECTION_RESET] = {"connection-reset",
		"a reset with the exact sequence number came on a connection "
		"that the probe had opened and not ended",
		"RFC 5961, 3.2", "a forged one that guesses the number"},
	[PATH_FACT_RESET_TTL_MATCHES_SENDER] = {"reset-ttl-matches-sender",
		"the reset has passed as many routers as one of the target's "
		"other packets, by their TTLs: TCP's, or where there were none "
		"echo replies and errors",
		"the usual initial TTLs, as in a capture",
		"a device that copies the TTL; a target that forwards the port "
		"to another host"},
	[PATH_FACT_RESET_NEARER] = {"reset-nearer",
		"it has passed fewer routers than any of those",
		"the usual initial TTLs",
		"a stack whose resets begin with an unusual TTL"},
	[PATH_FACT_RESET_FARTHER] = {"reset-farther",
		"it has passed more routers than each of the target's other "
		"TCP packets, or began with a TTL of its own",
		"the usual initial TTLs",
		"a stack whose resets begin with an unusual TTL; a server "
		"behind a proxy that passes its resets on"},
	[PATH_FACT_TARGET_DISTANCES_DIFFER] = {"target-distances-differ",
		"the target's own TCP packets have passed numbers of routers "
		"that differ by two at least",
		"heuristic: routes differ by one", "a device's packets"},
	[PATH_FACT_RESET_HOPS_APART] = {"reset-hops-apart",
		"the reset's number of routers differs by two at least from "
		"each of the target's",
		"heuristic: routes differ by one",
		"routes that differ by more"},
	[PATH_FACT_SENDER_CONTINUED] = {"sender-continued",
		"the server acknowledged our FIN, which was sent after the "
		"reset",
		"RFC 9293, 3.10.7.1: who has no connection answers with a "
		"reset",
		"a proxy that ended its own side only"},
	[PATH_FACT_SYN_ANSWERED_TWICE] = {"syn-answered-twice",
		"one SYN was answered by a reset, and by a SYN-ACK after it",
		"RFC 9293, 3.10.7: a host answers it with one of them",
		"a SYN that the path doubled, at a port that opened just then"},
	[PATH_FACT_ECHO_AT_SAME_HOP] = {"echo-at-same-hop",
		"known not to hold where echo requests expired at a hop limit "
		"at which the connection's segments arrived, or the other way "
		"round",
		"RFC 1812, 5.3.1", "load balancing over paths of other length"},
	[PATH_FACT_ECHO_FARTHER] = {"echo-farther",
		"echo is answered behind the hop where the connection ends",
		NULL, NULL},
	[PATH_FACT_HOPS_APART] = {"hops-apart",
		"the two are at least two hops apart",
		"heuristic: routes differ by one",
		"routes that differ by more"},
	[PATH_FACT_ECHO_BY_SAME_ROUTERS] = {"echo-by-same-routers",
		"before the nearer of the two, segments and echo requests of "
		"one hop limit expire at one router; known not to hold where "
		"they expire at two",
		"RFC 792, RFC 4443; lab: test_routes",
		"a router with several addresses, routes of one length before "
		"a proxy"},
	[PATH_FACT_REPLIES_FROM_AS_FAR] = {"replies-from-as-far",
		"the target's segments and its echo replies have passed as "
		"many routers, by their TTLs: they come from one host",
		"the usual initial TTLs; lab: test_routes",
		"a device that sets the TTL of all that passes"},
	[PATH_FACT_NEXT_SIZE_FAILS] = {"next-size-fails",
		"the smallest size that did not pass is one byte more than the "
		"largest that did",
		NULL, NULL},
	[PATH_FACT_NEXT_ECHO_SIZE_FAILS] = {"next-echo-size-fails",
		"the same of echo: the smallest size that did not return is "
		"one byte more than the largest that did",
		NULL, NULL},
	[PATH_FACT_TCP_AGREES] = {"tcp-agrees",
		"the largest already acknowledged data that arrived has the "
		"same size",
		"RFC 2883: a DSACK names the segment",
		"a device that drops large TCP segments alone"},
	[PATH_FACT_ICMP_ECHO_AGREES] = {"icmp-echo-agrees",
		"the largest echo that returned has the same size; not known "
		"where none was sent, or where echo takes another route",
		"RFC 792, RFC 4443", "a firewall that limits echo"},
	[PATH_FACT_UDP_AGREES] = {"udp-agrees",
		"the largest UDP packet that the target refused has the "
		"same size",
		"RFC 1122, 4.1.3.1", "hosts rate-limit these errors"},
	[PATH_FACT_FLOWS_AGREE] = {"flows-agree",
		"the largest size that passes on the run's connection is that "
		"of each other flow that was measured: connections and stray "
		"segments of even and odd ports",
		"RFC 2992; lab: test_flows",
		"flows that all take the same of several routes"},
	[PATH_FACT_SAME_ROUTERS] = {"same-routers",
		"packets of a connection that differs expire at the same "
		"routers as those of the run's connection",
		"RFC 792, RFC 4443", "a router with several addresses"},
	[PATH_FACT_ECHO_LOSS_EXPLAINED] = {"echo-loss-explained",
		"echo requests of the size that TCP delivers are answered, or "
		"the server's segments show that the return path loses such "
		"sizes",
		NULL, NULL},
	[PATH_FACT_INTERFACE_MTU_PASSES] = {"interface-mtu-passes",
		"nothing larger could be sent from here, and it arrived", NULL,
		NULL},
	[PATH_FACT_MOST_OF_THAT_SIZE_ARRIVE] = {"most-of-that-size-arrive",
		"known not to hold where packets of the size that passes are "
		"lost, and smaller ones not as often (probability below 1 in "
		"10,000)",
		"lab: test_shapes, test_limits", "loss that comes in bursts"},
	[PATH_FACT_NEXT_SIZE_REFUSED] = {"next-size-refused",
		"the smallest size that did not arrive was answered with a PTB "
		"that names a smaller size, from a source that rejected no "
		"packet that was delivered",
		"RFC 1191, RFC 8201",
		"a forged PTB that no other packet contradicts"},
	[PATH_FACT_TOO_BIG_TELLS_THE_TRUTH] = {"too-big-tells-the-truth",
		"the size that the PTB names is the largest that passed",
		"RFC 1191, 4", NULL},
	[PATH_FACT_CLAIM_IS_HEEDED] = {"claim-is-heeded",
		"in IPv6, the PTB names at least 1280 bytes: no sender heeds "
		"less, and packets of that size are lost for it",
		"RFC 8200, 5; RFC 8201, 4; Linux", NULL},
	[PATH_FACT_REPORTER_IS_A_HOP] = {"reporter-is-a-hop",
		"its source is the address of a hop that reported expired "
		"packets, and the quoted hop limit does not say another hop",
		"lab: test_odd_paths",
		"a router with several addresses (then the quoted hop limit "
		"tells)"},
	[PATH_FACT_LARGER_PACKETS_ARRIVED_BEFORE] = {"larger-packets-arrived-"
						     "before",
		"a larger size arrived, and was rejected more often than it "
		"arrived",
		"lab: test_shapes", "several routes with different MTUs"},
	[PATH_FACT_SMALLER_SIZES_ARRIVE] = {"smaller-sizes-arrive",
		"known not to hold: a size below the largest that arrives was "
		"lost each time, at least four times, and loss does not "
		"explain it",
		"lab: test_limits", NULL},
	[PATH_FACT_PATH_KEPT] = {"path-kept",
		"known not to hold: a larger packet arrived earlier in the "
		"run, and at least four of sizes that arrived are lost or "
		"refused since, more often than before beyond chance",
		"lab: test_changes", "routes that take turns"},
	[PATH_FACT_LARGER_SIZES_REFUSED] = {"larger-sizes-refused",
		"known not to hold where at least three packets above all "
		"rejected sizes are lost without an ICMP error, and loss does "
		"not explain it",
		"lab: test_shapes", "a router that rate-limits PTB"},
	[PATH_FACT_DF_REACHES_HOPS] = {"df-reaches-hops",
		"known not to hold: a router reported an expired packet "
		"without the don't-fragment bit that it was sent with",
		"RFC 791; RFC 1812, 4.3.2.3", "a router that quotes wrongly"},
	[PATH_FACT_QUOTED_IN_FRAGMENTS] = {"quoted-in-fragments",
		"a router that reports a packet as expired quotes a length "
		"without the don't-fragment bit that is shorter than was sent "
		"and that of a first fragment",
		"RFC 791, 3.2; RFC 1812, 4.3.2.3; lab: test_limits",
		"a router that quotes another length than came"},
	[PATH_FACT_TOO_BIG_NAMES_THAT_SIZE] = {"too-big-names-that-size",
		"a PTB about a larger packet names exactly the size that "
		"passes, although the next size is lost without a PTB",
		"RFC 1191, 4; RFC 1812, 4.3.2.8: errors are rate-limited",
		"a forged PTB that no other packet contradicts"},
	[PATH_FACT_TOO_BIG_NAMES_MORE] = {"too-big-names-more",
		"a PTB names a larger size than what passes, and came from "
		"another hop than the one before the hole",
		"RFC 1191", "a forged PTB that no other packet contradicts"},
	[PATH_FACT_LOST_ONES_ARE_LARGER] = {"lost-ones-are-larger",
		"packets above the largest that is answered with a PTB are "
		"lost without one, and the probability of that, if size did "
		"not matter to who answers, times the packets that the loss "
		"might have begun with, is below 1 in 100",
		"heuristic", "a router whose rate limit counts bytes"},
	[PATH_FACT_ORDER_NO_CHANCE] = {"order-no-chance",
		"that probability is below 1 in 10,000", "heuristic",
		"a router whose rate limit counts bytes"},
	[PATH_FACT_SIZE_MEASURABLE] = {"size-measurable",
		"the largest size that passed is at least 256 bytes, the "
		"smallest that the search sends",
		NULL, NULL},
	[PATH_FACT_LARGER_PACKETS_VANISH] = {"larger-packets-vanish",
		"no packet of the next larger size was answered or rejected",
		NULL, "loss, by its probability"},
	[PATH_FACT_SMALLER_PACKETS_ARRIVE] = {"smaller-packets-arrive",
		"packets up to the size that passes were answered", "RFC 2883",
		NULL},
	[PATH_FACT_TOO_BIG_RECEIVED] = {"too-big-received",
		"a PTB came for a larger size", "RFC 1191", NULL},
	[PATH_FACT_OTHER_PACKETS_OF_THAT_SIZE_PASS] = {"other-packets-of-that-"
						       "size-pass",
		"it is TCP that vanishes, and a packet of another method "
		"arrived in that size",
		"lab: test_shapes", "another route for them"},
	[PATH_FACT_ECHO_MEASURED] = {"echo-measured",
		"the size was measured by ICMP echo: the connection answered "
		"no old data",
		"RFC 792, RFC 4443", NULL},
	[PATH_FACT_BEYOND_MSS] = {"beyond-mss",
		"the MSS of the SYN-ACK, with its headers, is no more than the "
		"largest size that passed",
		"RFC 9293, 3.7.1",
		"packets by another route, that no device lowers"},
	[PATH_FACT_MSS_IS_LIMIT] = {"mss-is-limit",
		"the largest size that passed is exactly a segment of that MSS",
		"RFC 9293, 3.7.1", "a router that lowers the MSS to its link"},
	[PATH_FACT_INTERFACE_MTU_SENT] = {"interface-mtu-sent",
		"known not to hold where the interface takes more than 9216 "
		"bytes, the most that the probe sends",
		NULL, NULL},
	[PATH_FACT_DIRECTION_KNOWN] = {"direction-known",
		"TCP measured it, or a router before the target does not "
		"answer large echo: then the black hole is on the forward path",
		"RFC 2883", NULL},
	[PATH_FACT_WAY_BACK_EXPLAINS] = {"way-back-explains",
		"of echo: the server's segments, or the answers to UDP "
		"packets that arrived, show that the return path loses such "
		"sizes, or that the forward path does not",
		NULL, NULL},
	[PATH_FACT_LINK_KNOWN] = {"link-known",
		"the direction is known, and a hop answers for small packets "
		"and not for large ones",
		"RFC 1812, 5.3.1",
		"hops that rate-limit their errors (see docs/probing.md)"},
	[PATH_FACT_LINK_LOSS_UNLIKELY] = {"link-loss-unlikely",
		"the probability that loss or a rate limit of errors explains "
		"that hop's missing errors is below 1 in 100",
		"heuristic", "loss that comes in bursts"},
	[PATH_FACT_LINK_LOSS_EXCLUDED] = {"link-loss-excluded",
		"that probability is below 1 in 10,000", "heuristic",
		"loss that comes in bursts"},
	[PATH_FACT_HOP_ANSWERS_LARGE] = {"hop-answers-large",
		"a hop reported a packet of the lost size as expired (time "
		"exceeded): the black hole is behind that hop",
		"RFC 1812, 5.3.1", NULL},
	[PATH_FACT_NEXT_HOP_ANSWERS_LARGE] = {"next-hop-answers-large",
		"known not to hold: a hop behind was sent at least two large "
		"packets, and answered only for small ones",
		"RFC 1812, 5.3.1", "a hop that rate-limits its errors"},
	[PATH_FACT_TARGET_MISSES_THEM_SINCE] = {"target-misses-them-since",
		"where the target is the hop behind: large packets to it are "
		"lost also after the last that a router reported; known not to "
		"hold where none was sent to it then",
		"lab: test_changes", NULL},
	[PATH_FACT_LINK_EXACT] = {"link-exact", "the two hops are neighbours",
		NULL, NULL},
	[PATH_FACT_HOP_BEFORE_REPORTS_EXPIRY] = {"hop-before-reports-expiry",
		"the router before the link reported a packet of the same flow "
		"as expired (time exceeded): its errors arrive here",
		"RFC 1812, 5.3.1", NULL},
	[PATH_FACT_TOO_BIG_GETS_HERE] = {"too-big-gets-here",
		"a PTB came from that router, or from one nearer", "RFC 1191",
		NULL},
	[PATH_FACT_TOO_BIG_FROM_THAT_HOP] = {"too-big-from-that-hop",
		"the PTB came from that router", "RFC 1191", NULL},
	[PATH_FACT_ONLY_THE_REST_ARRIVES] = {"only-the-rest-arrives",
		"data that the server sent after a segment of that size "
		"arrived, and the segment itself did not, although there was "
		"time to retransmit it",
		"RFC 9293, 3.8.1", "loss, by its probability"},
	[PATH_FACT_LARGER_OFFERS_UNANSWERED] = {"larger-offers-unanswered",
		"on connections that offer larger segments the server "
		"acknowledged the request and nothing came, while or between "
		"answers on connections that offer less; known not to hold: "
		"nothing came, and no answer on another shows that the server "
		"was free to answer",
		"lab", "a server that answers by the segment size offered"},
	[PATH_FACT_WAY_BACK_MEASURED] = {"way-back-measured",
		"a packet of the interface's MTU came back, or a larger one "
		"than those that did was lost or is known not to be sent",
		NULL, NULL},
	[PATH_FACT_SMALLER_SEGMENT_ARRIVES] = {"smaller-segment-arrives",
		"a segment of the server arrived on a connection of the "
		"experiment",
		NULL, NULL},
	[PATH_FACT_ECHO_OF_MISSING_SIZE_RETURNS] =
		{"echo-of-missing-size-returns",
			"an echo at least as large as the missing segment came "
			"back",
			"RFC 792", "another route for echo"},
	[PATH_FACT_SERVERS_SEGMENT_ARRIVES] = {"servers-segment-arrives",
		"the server's largest segment fills the interface's MTU; not "
		"known where the server sent no data",
		NULL,
		"segments merged by receive offload (their checksum is wrong, "
		"or they have to be retransmitted)"},
	[PATH_FACT_SERVER_HAD_MORE_TO_SEND] = {"server-had-more-to-send",
		"the server's largest segment is smaller than the MSS offered, "
		"does not carry PSH or FIN, and is not half the MSS",
		"RFC 9293, 3.9.1.2; source: Linux tcp_bound_to_half_wnd",
		"a server that sets PSH late"},
	[PATH_FACT_SAME_LIMIT_ON_THE_WAY_THERE] =
		{"same-limit-on-the-way-there",
			"the largest size of the forward path is the same",
			NULL, NULL},
	[PATH_FACT_FULL_SIZE_OFFERED] = {"full-size-offered",
		"a SYN offered segments that fill the interface's MTU, and "
		"a window was opened for one",
		NULL, NULL},
	[PATH_FACT_LOSING_ONES_BETWEEN] = {"losing-ones-between",
		"known not to hold where all connections that lose the size "
		"were opened after all that pass it, or before, and the chance "
		"of that is below 1 in 100",
		"heuristic", "routes that take turns more slowly than the run"},
	[PATH_FACT_CONNECTIONS_AGREE] = {"connections-agree",
		"known not to hold where a size that passed on one "
		"connection vanished on others, more often than loss "
		"explains",
		"lab: test_shapes", "loss that comes in bursts"},
	[PATH_FACT_SMALLER_SIZE_MISSING] = {"smaller-size-missing",
		"a size vanished on a connection that is no larger than what "
		"arrived on another, and loss explains it",
		"lab: test_way_back",
		"loss of a segment and of its retransmission"},
	[PATH_FACT_BOTH_PARITIES_MEASURED] = {"both-parities-measured",
		"the largest segments arrived at even and at odd source ports; "
		"where larger ones were missing, the least of them was missing "
		"at both, too",
		"lab: test_way_back",
		"devices that choose by other bits of the ports"},
	[PATH_FACT_ONE_PARITY_MEASURED] = {"one-parity-measured",
		"the largest segments arrived, and the least of the larger "
		"ones were missing, at source ports of the same parity",
		"lab: test_way_back",
		"devices that choose by other bits of the ports"},
	[PATH_FACT_ECHO_RETURNS_IN_PIECES] = {"echo-returns-in-pieces",
		"an echo came back in fragments", "RFC 791, RFC 8200",
		"a device that puts them together on their way"},
	[PATH_FACT_LARGER_RETURNS_WHOLE] = {"larger-returns-whole",
		"a whole packet larger than the first of these fragments came "
		"back",
		"RFC 791, 3.2", "routes with different MTUs"},
	[PATH_FACT_FRAGMENT_SIZE_EXACT] = {"fragment-size-exact",
		"the size is known to the byte: a packet of one byte more came "
		"in fragments, or the server's segments have this size, or it "
		"is the largest size that the fragments admit",
		"RFC 791, 3.2", NULL},
	[PATH_FACT_FORWARD_PATH_HAS_THE_LIMIT] = {"forward-path-has-the-limit",
		"the forward path has the same limit, or one up to seven bytes "
		"larger: fragments end at multiples of eight",
		"RFC 791, 3.2", "a target that remembers this very limit"},
	[PATH_FACT_ECHO_OF_INTERFACE_MTU_RETURNS] =
		{"echo-of-interface-mtu-returns",
			"an echo as large as the interface's MTU came back "
			"whole",
			"RFC 792, RFC 4443", NULL},
	[PATH_FACT_WAY_THERE_PASSES] = {"way-there-passes",
		"TCP arrived in the size in question", "RFC 2883", NULL},
	[PATH_FACT_ECHO_OF_THAT_SIZE_RETURNS] = {"echo-of-that-size-returns",
		"known not to hold: echo of the size that TCP delivers did not "
		"come back, a smaller one did, and no ICMP error rejected it",
		"RFC 792", "a firewall that limits echo"},
	[PATH_FACT_REPLIES_AS_LONG] = {"replies-as-long",
		"known not to hold where an echo reply in one packet is "
		"shorter than its request",
		"RFC 792", NULL},
	[PATH_FACT_LARGER_SEGMENT_ARRIVES] = {"larger-segment-arrives",
		"the server's largest segment is larger than the largest "
		"echo that came back",
		NULL, NULL},
	[PATH_FACT_TOO_BIG_SENT] = {"too-big-sent",
		"a PTB about a large segment of the server was sent to the "
		"server",
		"RFC 1191, RFC 8201", NULL},
	[PATH_FACT_SAME_SIZE_AGAIN] = {"same-size-again",
		"the server retransmitted the same bytes at least twice at the "
		"same size, more than a round trip later",
		"RFC 1191, 6.3; lab: test_too_big",
		"a firewall that drops the PTB"},
	[PATH_FACT_SMALLER_SEGMENTS] = {"smaller-segments",
		"the server retransmitted the same bytes in smaller segments "
		"before it sent them at the same size again",
		"RFC 1191, 6.3", NULL},
	[PATH_FACT_TOO_BIG_HONOURED] = {"too-big-honoured",
		"the server retransmitted the same bytes in smaller segments, "
		"in fragments, or with DF cleared",
		"RFC 1191, 6.3",
		"a server's own path MTU search (RFC 4821), which takes "
		"seconds"},
	[PATH_FACT_FULL_SIZE_ANSWERED] = {"full-size-answered",
		"known not to hold: at least three whole echo requests of the "
		"interface's MTU were not answered, and no ICMP error rejected "
		"them",
		"RFC 792", "a firewall that limits echo"},
	[PATH_FACT_FRAGMENTS_ANSWERED] = {"fragments-answered",
		"known not to hold: at least three echo requests fragmented in "
		"one way were not answered",
		"RFC 791, RFC 8200", "loss, by its probability"},
	[PATH_FACT_WHOLE_ANSWERED] = {"whole-answered",
		"the target answered a whole echo request", "RFC 792, RFC 4443",
		NULL},
	[PATH_FACT_ALL_FRAGMENTS_ANSWERED] = {"all-fragments-answered",
		"echo requests fragmented in each way were answered",
		"RFC 791, RFC 8200", "a device that reassembles fragments"},
	[PATH_FACT_FRAGMENTS_RETURN] = {"fragments-return",
		"the reply to the long request came back, in fragments (the "
		"first and a later one) or reassembled",
		"RFC 791, RFC 8200", NULL},
	[PATH_FACT_LEFT_AS_MADE] = {"left-as-made",
		"known not to hold where the recording has a longer first "
		"fragment than the probe made",
		"Linux: connection tracking joins fragments before they leave",
		NULL},
	[PATH_FACT_LONG_REPLY_FRAGMENTED] = {"long-reply-fragmented",
		"known not to hold where the reply to the long request came in "
		"one packet that the interface takes whole",
		"RFC 791, RFC 8200", NULL},
	[PATH_FACT_SILENCE_MAY_BE_LOSS] = {"silence-may-be-loss",
		"the probability that loss left these requests unanswered is "
		"above 1 in 100; 1 in 1,000 where some packets are lost",
		"heuristic; lab: test_shapes", NULL},
	[PATH_FACT_TRIED_OFTEN] = {"tried-often",
		"they were sent at least four times", "heuristic", NULL},
	[PATH_FACT_LOSS_WELL_KNOWN] = {"loss-well-known",
		"at least 30 packets measure the loss, or all kinds are "
		"unanswered together",
		"heuristic", NULL},
	[PATH_FACT_SENT_TO_HOPS] = {"sent-to-hops",
		"such fragments were also sent with each hop limit: all kinds "
		"are dropped, or those with a tiny first fragment",
		NULL, NULL},
	[PATH_FACT_FIRST_FRAGMENTS_REACH] = {"first-fragments-reach",
		"the target reported that it can't reassemble a first "
		"fragment; else the routers that report first fragments as "
		"expired show how far they got",
		"RFC 8200, 4.5; RFC 792",
		"a target that does not report missing fragments"},
	[PATH_FACT_LATER_FRAGMENTS_REACH] = {"later-fragments-reach",
		"the same of later fragments; not known where no router "
		"reported any",
		"RFC 8200, 4.5", "routers that report first fragments only"},
	[PATH_FACT_LATER_FRAGMENTS_DISTINGUISHED] =
		{"later-fragments-distinguished",
			"a router reported later fragments (IPv6), or a router "
			"behind "
			"the last that reported first fragments quoted the "
			"whole "
			"packet",
			"RFC 1812, 4.3.2.7", NULL},
	[PATH_FACT_LATER_FRAGMENTS_GET_AS_FAR] = {"later-fragments-get-as-far",
		"later fragments were reported at least as far as first ones",
		NULL, NULL},
	[PATH_FACT_LATER_FRAGMENTS_GET_FARTHER] =
		{"later-fragments-get-farther",
			"later fragments were reported farther than first ones",
			NULL, NULL},
	[PATH_FACT_FIRST_FRAGMENTS_VANISH_LAST] =
		{"first-fragments-vanish-last",
			"no router behind the last that reported first "
			"fragments is "
			"known not to receive them",
			NULL, NULL},
	[PATH_FACT_FIRST_FRAGMENTS_PASS_A_ROUTER] =
		{"first-fragments-pass-a-router",
			"the hop that does not receive them is not the first",
			NULL, NULL},
	[PATH_FACT_FIRST_FRAGMENTS_SILENCE_MAY_BE_LOSS] =
		{"first-fragments-silence-may-be-loss",
			"the probability that loss explains that hop's missing "
			"errors is above 1 in 100",
			"heuristic", NULL},
	[PATH_FACT_LATER_FRAGMENTS_VANISH_LAST] =
		{"later-fragments-vanish-last",
			"no router behind the last that reported later "
			"fragments is "
			"known not to receive them",
			NULL, NULL},
	[PATH_FACT_LATER_FRAGMENTS_SILENCE_MAY_BE_LOSS] =
		{"later-fragments-silence-may-be-loss",
			"the probability that loss explains that hop's missing "
			"errors is above 1 in 100",
			"heuristic", NULL},
	[PATH_FACT_TARGET_REPORTS_EACH_FRAGMENT] =
		{"target-reports-each-fragment",
			"in IPv6: the target reported first fragments at least "
			"twice where it did not report the later one sent "
			"before, "
			"and loss does not explain it",
			"RFC 8200, 4.5", NULL},
	[PATH_FACT_TARGET_MISSES_LATER_FRAGMENTS] =
		{"target-misses-later-fragments",
			"in IPv4: the target sent \"reassembly time "
			"exceeded\"; known "
			"not to hold when it did not within 32.5 s",
			"RFC 792; lab: test_fragments (Linux, after 30 to 32 "
			"s)",
			"other systems, which wait longer or send no error"},
	[PATH_FACT_QUOTED_AS_SENT] = {"quoted-as-sent",
		"the quote carries the field as it was sent; a congestion mark "
		"(ECN CE) is no change",
		"RFC 1812, 4.3.2.3; RFC 3168", "a router that quotes wrongly"},
	[PATH_FACT_DONT_FRAGMENT_KEPT] = {"dont-fragment-kept",
		"the don't-fragment bit is in the quote", "RFC 791",
		"a router that quotes wrongly"},
	[PATH_FACT_MSS_OPTION_KEPT] = {"mss-option-kept",
		"the MSS was changed, and is still there", "RFC 9293, 3.7.1",
		"a router that quotes wrongly"},
	[PATH_FACT_FIRST_FRAGMENT_AS_SENT] = {"first-fragment-as-sent",
		"the first fragment is quoted as long as it was sent",
		"RFC 791", NULL},
	[PATH_FACT_QUOTED_CHECKSUM_MATCHES] = {"quoted-checksum-matches",
		"the quoted checksum is that of the quoted segment under "
		"the quoted addresses",
		"RFC 9293, 3.1",
		"a device that corrupts checksums and changes nothing else"},
	[PATH_FACT_HOP_BEHIND_CONFIRMS] = {"hop-behind-confirms",
		"a hop behind quotes the same change; a quoted whole packet "
		"where a fragment was sent needs no second hop",
		NULL, NULL},
	[PATH_FACT_ROUTERS_SEE_IT] = {"routers-see-it",
		"a router quotes the change, and not the target alone: the "
		"target quotes UDP, which may take another route",
		"lab: test_two_faults", NULL},
	[PATH_FACT_HOPS_ARE_NEIGHBOURS] = {"hops-are-neighbours",
		"the last hop that quoted the field as sent is the one right "
		"before",
		NULL, NULL},
	[PATH_FACT_ANOTHER_CHANGE_EXPLAINS_IT] = {"another-change-explains-it",
		"of a checksum: another field was changed at the same hop or "
		"nearer; of a source: the checksum showed the change nearer",
		NULL, NULL},
	[PATH_FACT_QUOTED_TTL_FOLLOWS_SENT] = {"quoted-ttl-follows-sent",
		"known not to hold: the target quotes one hop limit of "
		"packets that were sent with different ones",
		"RFC 1122, 3.2.2.1",
		"a target that quotes one value whatever arrived"},
	[PATH_FACT_SYN_WITH_IT_ARRIVES] = {"syn-with-it-arrives",
		"known not to hold: no SYN with that option or flag alone was "
		"reported as expired by the hop, at least three times, and "
		"each time one without any was, right after it",
		"RFC 792, RFC 4443; lab: test_features",
		"a filter for SYNs that end on the way only"},
	[PATH_FACT_SYN_WITHOUT_ARRIVES] = {"syn-without-arrives",
		"a SYN without those options and flags was reported as expired "
		"by that hop",
		"RFC 792, RFC 4443", NULL},
	[PATH_FACT_LAST_ROUTER_QUOTES] = {"last-router-quotes",
		"the last router before the target quoted a handshake packet "
		"to the end of its options",
		"RFC 1812, 4.3.2.3; RFC 4443, 3.3",
		"what that router changes as it sends, and devices behind it"},
	[PATH_FACT_FULL_SEGMENT_CAME] = {"full-segment-came",
		"a segment of the server as large as the MSS that this host's "
		"SYN offered for the interface's MTU: the SYN arrived with "
		"that MSS",
		"RFC 9293, 3.7.1", "a proxy that ends the connection"},
	[PATH_FACT_SYN_ACK_MSS_FULL] = {"syn-ack-mss-full",
		"the SYN-ACK's MSS fits packets of 1500 bytes, or of the "
		"interface's MTU where that is less",
		"RFC 9293, 3.7.1; RFC 894",
		"a link of more bytes at the target, whose MSS is lowered to "
		"this one"},
	[PATH_FACT_LARGER_THAN_MSS_CAME] = {"larger-than-mss-came",
		"a whole packet of the target came that is larger than its "
		"SYN-ACK's MSS allows: its link takes more",
		"RFC 9293, 3.7.1", "a host with links of several MTUs"},
	[PATH_FACT_MSS_IS_LEAST] = {"mss-is-least",
		"that MSS is no more than what every link takes: 536 bytes, "
		"1220 in IPv6",
		"RFC 9293, 3.7.1", NULL},
	[PATH_FACT_IDLE_CONNECTION_DIES] = {"idle-connection-dies",
		"a connection that had answered, and then had no packet for "
		"the time found, was asked five times by keepalives of one old "
		"byte and never answered, or was reset; of several the one "
		"with the shortest idle time above the longest that was "
		"survived. A reset is the server's own, and does not count, "
		"when it has the server's distance and either nothing "
		"provoked it or the connection was nearly as old as those that "
		"the server closes",
		"RFC 9293, 3.8.4; lab: test_idle",
		"a server that drops connections without closing them"},
	[PATH_FACT_SHORTER_IDLE_SURVIVED] = {"shorter-idle-survived",
		"a connection without any packet for the time found answered "
		"then",
		"RFC 9293, 3.10.7.4", NULL},
	[PATH_FACT_SEVERAL_DIED] = {"several-died",
		"at least two connections died after that idle time or a "
		"longer one",
		"heuristic", NULL},
	[PATH_FACT_IDLE_TIMES_SEPARATE] = {"idle-times-separate",
		"known not to hold where a connection died that was idle for "
		"less than another that survived, or that was refreshed up to "
		"a farther hop than another that survived",
		NULL, "loss, by its probability"},
	[PATH_FACT_OTHERS_LIVE] = {"others-live",
		"another connection, kept alive, answered a question that was "
		"sent between the first and the last question to the dead "
		"one, or after its reset: path and server were there",
		"lab: test_idle", NULL},
	[PATH_FACT_RESET_AFTER_IDLE] = {"reset-after-idle",
		"a reset with the next sequence number answered the first "
		"packet after the idle time, or came by itself",
		"RFC 5961, 3.2", "a forged one"},
	[PATH_FACT_RESET_FROM_SERVER] = {"reset-from-server",
		"its hop limit is one of those that the server's other packets "
		"arrive with",
		"lab: test_idle", "a device that copies hop limits"},
	[PATH_FACT_ERROR_AFTER_IDLE] = {"error-after-idle",
		"an ICMP error rejects the first packets after the idle time",
		"RFC 792, RFC 4443", "a forged one"},
	[PATH_FACT_ANSWERED_FOR_ANOTHER] = {"answered-for-another",
		"what answers the first packets after the idle time "
		"acknowledges another number than the connection's. Of a "
		"connection that was answered so the ending is told only where "
		"no other one died otherwise",
		"RFC 9293, 3.10.7.4; lab: test_idle", "a forged one"},
	[PATH_FACT_REFRESHED_UP_TO_HOP_LIVES] = {"refreshed-up-to-hop-lives",
		"a connection lives that was idle for longer, but for "
		"keepalives whose hop limit ends at a hop before the target: "
		"the device is not behind that hop, and the server, which got "
		"none of them, is not the one that forgot; of several the "
		"nearest hop. Not known where the hop limits contradict each "
		"other or none was sent",
		"lab: test_idle",
		"a device that looks at the hop limit before it counts the "
		"packet: it is one hop nearer"},
	[PATH_FACT_REFRESHED_UP_TO_HOP_DIES] = {"refreshed-up-to-hop-dies",
		"a connection died although it got keepalives up to a hop: the "
		"device is behind that hop; of several the farthest hop",
		"lab: test_idle", NULL},
	[PATH_FACT_HOP_LIVES_TWICE] = {"hop-lives-twice",
		"two connections live that were refreshed up to that nearest "
		"hop",
		"lab: test_idle", NULL},
	[PATH_FACT_IDLE_HOP_EXACT] = {"idle-hop-exact",
		"the two hops are neighbours", NULL, NULL},
	[PATH_FACT_SERVER_CLOSES] = {"server-closes",
		"the server ended a connection in order (FIN), or by a reset "
		"that nothing provoked",
		"sshd_config(5), LoginGraceTime", NULL},
	[PATH_FACT_IDLE_MAX_SURVIVED] = {"idle-max-survived",
		"the longest idle time that was to be tested was survived",
		NULL, NULL},
	[PATH_FACT_KEEPALIVE_PROVED] = {"keepalive-proved",
		"a connection with packets at the advised interval lived for "
		"longer than the time-out",
		"lab: test_idle", NULL},
	[PATH_FACT_KEEPALIVE_POSSIBLE] = {"keepalive-possible",
		"an idle time of a second or more was survived", NULL, NULL},
	[PATH_FACT_PORT_OF_SSH] = {"port-of-ssh", "the port is 22",
		"RFC 4253, 4.1", "another server on that port"},
	[PATH_FACT_TRIGGER_PROVOKES_RESET] = {"trigger-provokes-reset",
		"connections on which the trigger was shown were reset after "
		"it, by the exact sequence number",
		"RFC 5961, 3.2", "a server that resets all connections"},
	[PATH_FACT_SEVERAL_WERE_RESET] = {"several-were-reset",
		"at least two connections with the trigger were reset",
		"heuristic", NULL},
	[PATH_FACT_CONTROLS_LIVE] = {"controls-live",
		"no connection without the trigger was reset, and the server "
		"answered on one after the first reset",
		"lab: test_reset", NULL},
	[PATH_FACT_TRIGGER_ACKNOWLEDGED] = {"trigger-acknowledged",
		"at least two triggers that went the whole way were "
		"acknowledged as duplicates",
		"RFC 2883, 4", "a proxy that answers for the server"},
	[PATH_FACT_TRIGGER_ENDS_ON_PATH] = {"trigger-ends-on-path",
		"the least hop limit of a trigger that provoked a reset is "
		"less than the target's distance: the target never saw it",
		"Raman and others 2022 (CenTrace)", "routes that change"},
	[PATH_FACT_TRIGGER_ENDS_HOPS_BEFORE] = {"trigger-ends-hops-before",
		"it is less by two at least", "heuristic: routes differ by one",
		"routes that differ by more"},
	[PATH_FACT_SUCH_HOP_LIMIT_EXPIRES] = {"such-hop-limit-expires",
		"a segment of that connection with this hop limit, or a larger "
		"one, was reported as expired: this connection's own route is "
		"longer",
		"RFC 1812, 5.3.1; lab: test_reset", "a forged time exceeded"},
	[PATH_FACT_SHORTER_TRIGGER_SILENT] = {"shorter-trigger-silent",
		"triggers with one hop limit less were sent and provoked "
		"nothing: the device is behind that hop",
		"Raman and others 2022 (CenTrace)",
		"resets that come later than two round trips, loss"},
	[PATH_FACT_RESET_COPIES_HOP_LIMIT] = {"reset-copies-hop-limit",
		"of triggers with the hop limits 64 and 57 the resets' differ "
		"as well by seven: the device copies it, and half of what is "
		"missing is its place",
		"lab: test_reset", "routes of other length for resets"},
	[PATH_FACT_RULERS_AGREE] = {"rulers-agree",
		"the nearest trigger that provoked a reset is the one that "
		"would; of a device that copies the hop limit, the first whose "
		"reset gets back",
		"lab: test_reset", "loss"},
	[PATH_FACT_RESET_SOONER_THAN_TARGET] = {"reset-sooner-than-target",
		"a reset came sooner after its trigger than any answer of the "
		"target's",
		"heuristic", "a device that waits"},
	[PATH_FACT_TRIGGER_PASSES] = {"trigger-passes",
		"the target acknowledged a trigger, or it expired at a hop "
		"behind the device; known not to hold: the target answered on "
		"these connections, and acknowledged none",
		"RFC 2883, 4", "loss"},
	[PATH_FACT_NEW_CONNECTIONS_BLOCKED] = {"new-connections-blocked",
		"at least three SYNs after a reset were not answered",
		"heuristic", "a server that is overloaded"},
	[PATH_FACT_SSH_SERVER_SPOKE] = {"ssh-server-spoke",
		"the server sent something on a connection", NULL, NULL},
	[PATH_FACT_SSH_IDENTIFIED] = {"ssh-identified",
		"the server sent an SSH identification string on the first "
		"connection of the experiment",
		"RFC 4253, 4.2", NULL},
	[PATH_FACT_SSH_ACCEPTED] = {"ssh-accepted",
		"the server's kernel accepted that connection", NULL, NULL},
	[PATH_FACT_SSH_TEXT_ACKNOWLEDGED] = {"ssh-text-acknowledged",
		"the server's kernel acknowledged our identification before "
		"the application said anything",
		"RFC 9293, 3.8.6.3", "a proxy that answers for the server"},
	[PATH_FACT_SSH_CLOSED_UNSAID] = {"ssh-closed-unsaid",
		"the server ended the first connection before it sent "
		"anything",
		"lab: test_ssh", NULL},
	[PATH_FACT_SSH_CLOSED_AGAIN] = {"ssh-closed-again",
		"the server did the same with the next connection",
		"lab: test_ssh", NULL},
	[PATH_FACT_SSH_SAID_MAX_STARTUPS] = {"ssh-said-max-startups",
		"a line begins with \"Exceeded MaxStartups\"",
		"OpenSSH 8.2 to 9.7", NULL},
	[PATH_FACT_SSH_SAID_NOT_ALLOWED] = {"ssh-said-not-allowed",
		"a line begins with \"Not allowed at this time\"",
		"OpenSSH since 9.8", NULL},
	[PATH_FACT_FEW_OWN_CONNECTIONS] = {"few-own-connections",
		"fewer than ten connections of the run had been opened before",
		"sshd_config(5): MaxStartups is 10:30:100 by default",
		"a server that is slow to notice that connections ended"},
	[PATH_FACT_SSH_OTHERS_ACCEPTED] = {"ssh-others-accepted",
		"other connections of the run got an identification before "
		"one was refused",
		NULL, NULL},
	[PATH_FACT_SSH_WAITED] = {"ssh-waited",
		"the connection was left open for as long as two name servers "
		"take to time out",
		"resolv.conf(5)", NULL},
	[PATH_FACT_SSH_BANNER_LATE] = {"ssh-banner-late",
		"the identification came so long after the handshake, on the "
		"first connection",
		"resolv.conf(5): a look-up times out after 5 s",
		"loss; a busy server"},
	[PATH_FACT_SSH_BANNER_LATE_AGAIN] = {"ssh-banner-late-again",
		"it was late on another connection, too", NULL,
		"loss; a busy server"},
	[PATH_FACT_SSH_MANY_ACCEPTED] = {"ssh-many-accepted",
		"six connections at once, or more, were all sent an "
		"identification",
		"sshd_config(5), MaxStartups", "other clients come and go"},
	[PATH_FACT_SSH_SAYS_REFUSALS] = {"ssh-says-refusals",
		"the server is OpenSSH 8.2 or later, which says \"Exceeded "
		"MaxStartups\" when it refuses",
		"source: OpenSSH", "an identification that was changed"},
	[PATH_FACT_SSH_ONE_OF_MANY_CLOSED] = {"ssh-one-of-many-closed",
		"the server ended one of several connections before it sent "
		"anything on it",
		"OpenSSH before 8.2, MaxStartups", NULL},
	[PATH_FACT_SSH_ALGORITHMS_COMMON] = {"ssh-algorithms-common",
		"of each class of algorithms the server has one that the "
		"client's KEXINIT names",
		"RFC 4253, 7.1", "a list of more than 512 names"},
	[PATH_FACT_SSH_CLIENT_COULD] = {"ssh-client-could",
		"the server has an algorithm of the missing class that "
		"OpenSSH's client has and does not propose by itself",
		"ssh -Q", "a client of another make or version"},
	[PATH_FACT_SSH_SERVER_COULD] = {"ssh-server-could",
		"it has none of those", "ssh -Q", NULL},
	[PATH_FACT_SSH_KEY_EXCHANGE_ANSWERED] = {"ssh-key-exchange-answered",
		"a message followed the server's KEXINIT on the connection "
		"that takes small segments only",
		"RFC 4253, 8", NULL},
	[PATH_FACT_SSH_CLOSED_IN_EXCHANGE] = {"ssh-closed-in-exchange",
		"the server ended that connection after its identification, "
		"before such a message",
		NULL, NULL},
	[PATH_FACT_SSH_KEY_EXCHANGE_BEGUN] = {"ssh-key-exchange-begun",
		"the client's first message of the key exchange was sent and "
		"acknowledged",
		"RFC 4253, 8", NULL},
	[PATH_FACT_SSH_LARGE_ARRIVES] = {"ssh-large-arrives",
		"the server acknowledged the client's largest segment before "
		"its bytes were sent in smaller ones; known not to hold: it "
		"acknowledged the smaller ones alone",
		"RFC 9293, 3.8.6.3", "loss, by its probability"},
	[PATH_FACT_SSH_SMALLER_ARRIVES] = {"ssh-smaller-arrives",
		"the server acknowledged the same bytes in smaller segments",
		NULL, NULL},
	[PATH_FACT_SSH_LARGE_ANSWERED] = {"ssh-large-answered",
		"KEXINIT and the message after it came on the connection that "
		"takes the largest segments",
		"RFC 4253, 7 and 8", NULL},
	[PATH_FACT_SSH_LARGE_SENT_OFTEN] = {"ssh-large-sent-often",
		"the largest segment was sent at least three times",
		"heuristic", NULL},
	[PATH_FACT_SSH_LARGE_REPORTED] = {"ssh-large-reported",
		"a PTB for the largest segment came: clients shrink theirs "
		"then",
		"RFC 1191, RFC 8201", NULL},
	[PATH_FACT_SSH_SIZE_REPORTED] = {"ssh-size-reported",
		"a PTB came for another segment that is as large, or larger",
		"RFC 1191, RFC 8201; lab: test_odd_paths", NULL},
	[PATH_FACT_SSH_ENDED_UNAUTHENTICATED] = {"ssh-ended-unauthenticated",
		"the server ended a connection on which nobody logged in, a "
		"second or more after its identification",
		"sshd_config(5), LoginGraceTime",
		"a server that stops at that time"},
	[PATH_FACT_SSH_OUTLIVED_DEFAULT_GRACE] = {"ssh-outlived-default-grace",
		"a connection on which nobody logged in was open for longer "
		"than sshd's default of 120 s",
		"sshd_config(5), LoginGraceTime", NULL},
	[PATH_FACT_SSH_MARKED_ANSWERED] = {"ssh-marked-answered",
		"old data with each DSCP that OpenSSH's clients set in a "
		"session was answered; known not to hold: none of those with "
		"one DSCP was",
		"ssh_config(5), IPQoS", "loss, by its probability"},
	[PATH_FACT_SSH_UNMARKED_ANSWERED] = {"ssh-unmarked-answered",
		"all without a DSCP, sent between those, were answered", NULL,
		NULL},
	[PATH_FACT_TLS_ANSWERED] = {"tls-answered",
		"a ServerHello answered the first ClientHello; known not to "
		"hold: something else did, the server ended the connection, or "
		"nothing came for as long as is waited",
		"RFC 8446, 4.1.3", NULL},
	[PATH_FACT_TLS_OTHER_PROTOCOL] = {"tls-other-protocol",
		"what the server said is no record of TLS", "RFC 8446, 5.1",
		NULL},
	[PATH_FACT_TLS_ALERT] = {"tls-alert",
		"a fatal alert in clear answered the first ClientHello",
		"RFC 8446, 6", NULL},
	[PATH_FACT_TLS_ALERT_NAME] = {"tls-alert-name",
		"that alert is unrecognized_name", "RFC 6066, 3", NULL},
	[PATH_FACT_TLS_CLOSED_UNSAID] = {"tls-closed-unsaid",
		"the server ended the first connection before it said anything",
		NULL, NULL},
	[PATH_FACT_TLS_HELLO_ACKNOWLEDGED] = {"tls-hello-acknowledged",
		"the server's kernel acknowledged the first ClientHello",
		"RFC 9293, 3.8.6.3", "a proxy that answers for the server"},
	[PATH_FACT_TLS_WAITED] = {"tls-waited",
		"the connection was left open for five seconds or more after "
		"the ClientHello, and nothing came",
		"heuristic", "a server that is slower"},
	[PATH_FACT_TLS_NAME_SENT] = {"tls-name-sent",
		"the ClientHello named the server", "RFC 6066, 3", NULL},
	[PATH_FACT_TLS_NAMELESS_ANSWERED] = {"tls-nameless-answered",
		"a ServerHello answered the same ClientHello without the name",
		"RFC 6066, 3", "a server that was ill before"},
	[PATH_FACT_TLS_WIDE_ANSWERED] = {"tls-wide-answered",
		"a ServerHello answered a ClientHello with TLS 1.0 to 1.3, and "
		"more suites, groups and signature algorithms",
		"RFC 8446, 4.1.1", NULL},
	[PATH_FACT_TLS_VERSION_OLD] = {"tls-version-old",
		"the version that the server chose is older than TLS 1.2",
		"RFC 8996", NULL},
	[PATH_FACT_TLS_SUITE_USUAL] = {"tls-suite-usual",
		"the cipher suite that the server chose is one that OpenSSL's "
		"clients propose",
		"openssl ciphers [3.0]", "a client of another make or version"},
	[PATH_FACT_TLS_1_2_ANSWERED] = {"tls-1.2-answered",
		"a ServerHello answered a ClientHello for TLS 1.2 alone; known "
		"not to hold: the alert protocol_version did",
		"RFC 8446, 6.2", NULL},
	[PATH_FACT_TLS_CERTIFICATE_ASKED] = {"tls-certificate-asked",
		"the server's messages, up to ServerHelloDone, ask for a "
		"client's certificate",
		"RFC 5246, 7.4.4", NULL},
	[PATH_FACT_TLS_NAME_CERTIFIED] = {"tls-name-certified",
		"the server's certificate has the name that was sent among "
		"its DNS names; known not to hold: it has others",
		"RFC 9525, 6", NULL},
	[PATH_FACT_TLS_CERTIFICATE_VALID] = {"tls-certificate-valid",
		"the server's certificate came after its first second, and "
		"before its last one, by this host's clock",
		"RFC 5280, 4.1.2.5", "a wrong clock of this host"},
	[PATH_FACT_TLS_CERTIFICATE_BEGUN] = {"tls-certificate-begun",
		"the server's certificate came after its first second, by this "
		"host's clock",
		"RFC 5280, 4.1.2.5",
		"a wrong clock of this host: one that was never set is at "
		"1970"},
	[PATH_FACT_TLS_LARGE_ARRIVES] = {"tls-large-arrives",
		"the server acknowledged the largest segment of a ClientHello "
		"before its bytes were sent in smaller ones; known not to "
		"hold: it acknowledged the smaller ones alone",
		"RFC 9293, 3.8.6.3", "loss"},
	[PATH_FACT_TLS_SMALLER_ARRIVES] = {"tls-smaller-arrives",
		"the server acknowledged the same bytes in smaller segments",
		NULL, NULL},
	[PATH_FACT_TLS_LARGE_ANSWERED] = {"tls-large-answered",
		"a ServerHello came on the connection that takes the largest "
		"segments",
		"RFC 8446, 4.1.3", NULL},
	[PATH_FACT_TLS_LARGE_SENT_OFTEN] = {"tls-large-sent-often",
		"the largest segment was sent at least three times",
		"heuristic", NULL},
	[PATH_FACT_TLS_SIZE_REPORTED] = {"tls-size-reported",
		"a PTB came for another segment that is as large, or larger",
		"RFC 1191, RFC 8201; lab: test_odd_paths", NULL},
	[PATH_FACT_TLS_LARGE_REPORTED] = {"tls-large-reported",
		"a PTB for the largest segment came: clients shrink theirs "
		"then",
		"RFC 1191, RFC 8201", NULL},
	[PATH_FACT_SENT_OFTEN_ENOUGH] = {"sent-often-enough",
		"enough packets were sent: 60 to measure loss, 3 of the next "
		"size where nothing larger arrives",
		"heuristic", NULL},
	[PATH_FACT_SEVERAL_LOST] = {"several-lost",
		"at least two were not answered", "heuristic", NULL},
	[PATH_FACT_MANY_LOST] = {"many-lost", "at least four were not answered",
		"heuristic", NULL},
	[PATH_FACT_HANDSHAKE_COMPLETE] = {"handshake-complete",
		"the server sent data, a FIN, a DSACK or an ACK of data, as it "
		"does once it has the handshake's ACK; known not to hold: "
		"none of these came, and it repeated its SYN-ACK",
		"RFC 9293, 3.10.7.4",
		"a server that waits for the first data (TCP_DEFER_ACCEPT)"},
	[PATH_FACT_OLD_DATA_ANSWERED] = {"old-data-answered",
		"all already acknowledged data of sizes that pass was answered "
		"with an ACK",
		"RFC 9293, 3.10.7.4", NULL},
	[PATH_FACT_ECHO_LOST_AS_OFTEN] = {"echo-lost-as-often",
		"known not to hold where old data is lost, and so few echo "
		"requests that the chance of it is below 1 in 100 at the "
		"lower end of the interval",
		"lab: test_routes", "loss that comes in bursts"},
	[PATH_FACT_ECHO_ANSWERED] = {"echo-answered",
		"all echo requests of sizes that pass were answered; they "
		"measure loss where no TCP packet arrived",
		"RFC 1122, 3.2.2.6", "a target that rate-limits echo"},
	[PATH_FACT_HOPS_MEASURED] = {"hops-measured",
		"a hop was sent at least twelve small packets",
		"RFC 1812, 4.3.2.8", NULL},
	[PATH_FACT_HOP_BEFORE_LOSES] = {"hop-before-loses",
		"known not to hold: the 95 % interval of the hop's loss lies "
		"below that of the whole path",
		"Wilson 1927", "a router that reports more than it forwards"},
	[PATH_FACT_HOP_BEHIND_LOSES] = {"hop-behind-loses",
		"the hop's loss is significantly above that of the hop before "
		"the link, and not significantly above that of the whole path",
		"Wilson 1927",
		"a router whose rate limit of errors equals the loss behind "
		"it"},
};
static_assert(sizeof(texts) / sizeof(texts[0]) == PATH_FACT_COUNT,
	"a text for every fact");

const struct path_fact_text *path_fact_text(enum path_fact fact)
{
	assert(fact < PATH_FACT_COUNT);
	return &texts[fact];
}
