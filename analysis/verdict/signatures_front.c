/* Resets of a side whose packets have two distances: a device in front of the
 * server answered the handshake, or a device on the path sends in the
 * endpoint's name. */
#include "analysis/verdict/signatures.h"

const struct signature signatures_front[] = {
	{
		.name = "another-station-in-every-detail",
		.needs = FACTS(RESET_FROM_ANOTHER_STATION, RESET_FROM_SOCKET),
		.forbids = FACTS(RESET_WITHIN_ROUND_TRIP),
		.keeps = FACTS(RESET_IP_ID_CONTINUES),
		.mechanism = MECHANISM_INJECTED,
		.sender = ROLE_MIDDLEBOX,
		.culprit = ROLE_MIDDLEBOX,
		.grade = GRADE_POSSIBLE,
		.summary = "The reset has another MAC address than the "
			   "endpoint's packets, and fits them in every detail: "
			   "a precise forgery, or the endpoint's own, by its "
			   "other card.",
		.also = {ALSO_ABORT},
		.decide = FACTS(SENDER_CONTINUED_AFTER_RESET),
		.outranks = {{"sent-by-another-station",
			"numbers and identification are the endpoint's own"}},
		.why = "Bonded cards and redundant gateways send the packets "
		       "of one address by several MAC addresses.",
	},
	{
		.name = "another-host-with-its-address",
		.needs = FACTS(RESET_BEGAN_ON_THE_LINK, RESET_IS_STATELESS,
			RESET_ANSWERS_PEER),
		.forbids = FACTS(SENDER_CONTINUED_AFTER_RESET),
		.mechanism = MECHANISM_UNKNOWN_CONNECTION,
		.sender = ROLE_MIDDLEBOX,
		.culprit = ROLE_MIDDLEBOX,
		.grade = GRADE_POSSIBLE,
		.summary = "Another machine on the link answered for the "
			   "endpoint's address, with another MAC address: it "
			   "knew no such connection. The address may have "
			   "moved to it (failover), or two machines have it.",
		.also = {ALSO_FIREWALL, ALSO_INJECTED},
		.decide = FACTS(SENDER_CONTINUED_AFTER_RESET),
		.outranks = {{"expired-box-answers-long-silence",
			"it began on this link"}},
		.why = "RFC 5227: hosts with one address answer each other's "
		       "packets as the ARP cache has it; clusters move an "
		       "address by a gratuitous ARP, and the kernel that has "
		       "it then knows none of its connections [public reports "
		       "of VRRP]. Fooled by: firewalls and forgers on the link "
		       "that answer packets from a MAC address of their own.",
	},
	{
		.name = "sent-by-another-station",
		.needs = FACTS(RESET_FROM_ANOTHER_STATION),
		.mechanism = MECHANISM_INJECTED,
		.sender = ROLE_MIDDLEBOX,
		.culprit = ROLE_MIDDLEBOX,
		.grade = GRADE_LIKELY,
		.summary = "Another machine on the link sent the reset in the "
			   "endpoint's name: it has another MAC address than "
			   "the endpoint's packets.",
		.also = {ALSO_ABORT},
		.decide = FACTS(SENDER_CONTINUED_AFTER_RESET),
		.outranks = {{"closed-with-nothing-lost",
			"the endpoint did not send it"}},
		.why = "On one link no router stands between that would put "
		       "its own address in. Fooled by: hosts with two "
		       "interfaces on the link.",
	},
	{
		.name = "syn-ack-from-elsewhere",
		.needs = FACTS(SYN_ACK_FROM_ELSEWHERE),
		.mechanism = MECHANISM_INJECTED,
		.sender = ROLE_MIDDLEBOX,
		.culprit = ROLE_MIDDLEBOX,
		.grade = GRADE_POSSIBLE,
		.summary = "Two hosts send in this endpoint's name: the "
			   "handshake came from one distance, the reset from "
			   "another.",
		.also = {ALSO_ABORT,
			{MECHANISM_PROXY_CLOSED, ROLE_SENDER, ROLE_SENDER,
				"a SYN proxy answered the handshake, the "
				"server behind it ended the connection"}},
		.decide = FACTS(SENDER_CONTINUED_AFTER_RESET),
		.outranks =
			{
				{"answers-a-reset", "two hosts send in the "
						    "endpoint's name"},
			},
	},
	{
		.name = "reset-after-an-answer-from-elsewhere",
		.needs = FACTS(RESET_FROM_AN_UNUSUAL_DISTANCE),
		.forbids = FACTS(RESET_IP_ID_CONTINUES, SENDER_HAD_CLOSED,
			PEER_HAD_CLOSED, CONNECTION_WAS_OVER),
		.mechanism = MECHANISM_INJECTED,
		.sender = ROLE_MIDDLEBOX,
		.culprit = ROLE_MIDDLEBOX,
		.grade = GRADE_POSSIBLE,
		.summary = "The reset, and little else before it, came from "
			   "another distance than the endpoint's packets: a "
			   "device on the path answered in its name and ended "
			   "the connection.",
		.also = {{MECHANISM_ABORT, ROLE_SENDER, ROLE_SENDER,
			"the endpoint itself aborted, just after its route "
			"had changed"}},
		.decide = FACTS(SENDER_CONTINUED_AFTER_RESET),
		.why = "Who slips in an answer sends little. Not of a "
		       "connection that was closed: a FIN is no answer. "
		       "Fooled by: a route that changes shortly before the "
		       "end.",
	},
	{
		.name = "reset-after-a-syn-ack-from-elsewhere",
		.needs = FACTS(RESET_FROM_THE_USUAL_DISTANCE),
		.mechanism = MECHANISM_ABORT,
		.sender = ROLE_SENDER,
		.culprit = ROLE_SENDER,
		.grade = GRADE_POSSIBLE,
		.summary = "The reset came from the distance of the server's "
			   "data; only the SYN-ACK came from another one: the "
			   "server behind a SYN proxy or load balancer ended "
			   "the connection.",
		.also = {{MECHANISM_PROXY_CLOSED, ROLE_MIDDLEBOX,
				 ROLE_MIDDLEBOX,
				 "the load balancer or proxy ended it over the "
				 "server's route"},
			ALSO_INJECTED},
		.decide = FACTS(SENDER_CONTINUED_AFTER_RESET),
		.outranks = {{"syn-ack-from-elsewhere",
			"the reset has the distance at which the server is "
			"known"}},
		.why = "SYN proxies answer the SYN and leave the rest to the "
		       "server [measured: f1, f2]. Fooled by: a device that "
		       "answers in the server's name with several packets.",
	},
	{
		.name = "ended-by-whoever-shook-hands-after-silence",
		.needs = FACTS(
			RESET_FROM_THE_HANDSHAKES_PLACE, IDLE_LONG_ENOUGH),
		.mechanism = MECHANISM_STATE_EXPIRED,
		.sender = ROLE_MIDDLEBOX,
		.culprit = ROLE_NAT,
		.grade = GRADE_POSSIBLE,
		.summary = "The device in front of the server, which answered "
			   "the handshake, reset the connection after an idle "
			   "time: probably its idle timeout.",
		.also = {ALSO_SERVER_ITSELF},
		.decide = FACTS(IDLE_TIMER_ON_PATH),
		.outranks = {{"ended-by-whoever-shook-hands",
			"the idle time before it explains it"}},
	},
	{
		.name = "ended-by-whoever-shook-hands",
		.needs = FACTS(RESET_FROM_THE_HANDSHAKES_PLACE),
		.mechanism = MECHANISM_PROXY_CLOSED,
		.sender = ROLE_MIDDLEBOX,
		.culprit = ROLE_MIDDLEBOX,
		.grade = GRADE_POSSIBLE,
		.summary = "The reset has the distance of the SYN-ACK, the "
			   "server's data another one: a load balancer or "
			   "proxy in front of the server ended the connection.",
		.also = {ALSO_SERVER_ITSELF, ALSO_INJECTED},
		.decide = FACTS(SENDER_CONTINUED_AFTER_RESET),
		.outranks = {{"stateless-without-baseline",
			"where it came from is known"}},
		.why = "Load balancers that shake hands themselves and then "
		       "let server and client talk [captures]. Fooled by: data "
		       "that somebody slipped in; then handshake and reset "
		       "are the server's.",
	},
};
const unsigned signatures_front_count =
	sizeof(signatures_front) / sizeof(signatures_front[0]);
