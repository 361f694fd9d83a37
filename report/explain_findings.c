#include "report/explain_table.h"

#include <assert.h>
#include <stddef.h>

const struct explanation explain_findings[] = {
	{
		"path-mtu",
		"The largest IP packet that reaches the target unfragmented.",
		"Packets of growing size with DF set: those up to this size "
		"are answered, larger ones never, or a router sends a PTB and "
		"the size that it names is confirmed.",
		NULL,
		"Nothing, if it is the MTU of the links. Tunnels and PPPoE "
		"make it smaller than 1500.",
	},
	{
		"pmtu-black-hole",
		"Packets above a size are lost on a link, without an ICMP "
		"error.",
		"One hop answers small packets and not large ones, repeatedly, "
		"while the hop before answers both; no PTB arrives.",
		"A hop that rate-limits its ICMP errors: it treats all sizes "
		"alike.",
		"Clamp the MSS at the router before the link, allow PTB "
		"messages, or lower the interface's MTU.",
	},
	{
		"too-big-ignored",
		"The target received a PTB and kept sending packets above its "
		"size.",
		"The probe sent a PTB to the target (probe --only too-big), "
		"and the target retransmitted the same large segment at the "
		"same size.",
		"A firewall in front of the target that dropped the PTB.",
		"Allow ICMP type 3 code 4 and ICMPv6 type 2 to the target.",
	},
	{
		"mss-clamped",
		"A device on the path lowers the MSS option of the handshake.",
		"The MSS that a router quotes, or that the target reports or "
		"honours, is smaller than the one sent.",
		NULL,
		"Usually nothing: a router before a link with a smaller MTU "
		"avoids large packets this way.",
	},
	{
		"df-cleared",
		"A device on the path removes the don't-fragment bit.",
		"The bit was set when the packet was sent, and is cleared in "
		"the quotes of routers from this hop on.",
		NULL,
		"Path MTU discovery does not work behind that device: large "
		"packets are fragmented instead of rejected with a PTB.",
	},
	{
		"fragments-dropped",
		"Fragments do not arrive.",
		"The same packet is answered when sent whole and not when sent "
		"in "
		"fragments, repeatedly.",
		"Loss: excluded by repetition. In IPv4, where routers report "
		"first fragments only: a device that waits for the later "
		"fragments looks like the device that drops them.",
		"Keep packets below the path MTU (UDP services, IPsec, large "
		"DNS responses); configure the firewall at the hop named to "
		"pass or to reassemble fragments.",
	},
	{
		"port-state",
		"The response to a SYN to the port: open, closed, rejected, "
		"filtered.",
		"SYN-ACK; a reset from the host's distance; a reset or ICMP "
		"error from a firewall; no response.",
		"See port-closed, syn-rejected and syn-unanswered.",
		NULL,
	},
	{
		"reset-origin",
		"The sender of a reset that ended a connection of the probe, "
		"and its hop.",
		"The reset has the exact sequence number, and its TTL tells how "
		"many routers it has passed: as many as the target's other "
		"packets, or fewer. A server that acknowledges the probe's end "
		"of that connection did not send it.",
		"A target whose resets take a shorter route; a device that "
		"copies the TTL.",
		NULL,
	},
	{
		"injector",
		"A device between two hops forges resets when it sees certain "
		"bytes, the trigger.",
		"Connections survive without the trigger and are reset with "
		"it (probe --only reset, --trigger): the trigger is old data "
		"that no application gets, with one hop limit after another. "
		"The least that causes resets ends behind the device; the "
		"server still has the connection. A device in the path drops "
		"the trigger, one beside it does not.",
		"A server that resets all connections just then: those "
		"without the trigger tell. A firewall on the server's host, "
		"where the trigger has to go the whole way.",
		"Ask who runs the hops that are named; use another port or "
		"name, or a VPN.",
	},
	{
		"proxy",
		"The connection ends at another host than the one that answers "
		"ICMP echo: at a device before it, or at a host to which the "
		"address forwards the port.",
		"Segments arrive with a hop limit at which echo requests expire "
		"at a router, or the other way round.",
		"Load balancing over paths of different length.",
		"The proxy's idle timeouts and limits apply, not the server's.",
	},
	{
		"option-refused",
		"A device drops SYNs for an option or flag that they have.",
		"SYNs with one feature each are sent with the hop limit of a "
		"hop behind it: that with the feature is not reported as "
		"expired, and that without any is.",
		"A filter for SYNs that end on the way only.",
		"Linux' clients send timestamps, SACK and a window scale; "
		"with tcp_ecn=1 ECN, too.",
	},
	{
		"idle-timeout",
		"How long a connection may be idle before its state expires in "
		"a device on the path.",
		"Connections left idle for different times, side by side "
		"(probe --only idle): the longest that survived and the "
		"shortest that failed bound the timeout. Others get "
		"keepalives that end at a hop: those that live were refreshed "
		"at the device or behind it. The answer afterwards shows "
		"whether the device is silent, resets, or gives the next "
		"packet another port, which the server resets.",
		"A server that closes idle connections: it ends those too that "
		"are kept alive, and is never taken for a device.",
		"Keepalives at a third of the time: ServerAliveInterval, "
		"ClientAliveInterval, TCP_KEEPIDLE. --verify proves that they "
		"help.",
	},
	{
		"loss",
		"Packets are lost on the path to or from a hop.",
		"A share of probes is unanswered at this hop and at all hops "
		"behind it.",
		"A hop that rate-limits its ICMP errors loses no packet that "
		"it forwards: the hops behind it then show no loss.",
		"Check the link before the first lossy hop; loss of large "
		"packets only indicates errors on the line or full queues.",
	},
	{
		"rewritten",
		"A device on the path changes a header field.",
		"A field that a router quotes, or the target reports, differs "
		"from the field sent: ports and addresses (NAT), sequence "
		"numbers, options, DSCP, ECN, the hop limit; or a router "
		"quotes a whole packet where fragments were sent, which shows "
		"a firewall or NAT that keeps state.",
		"A router that quotes wrongly: the hops behind it then quote "
		"the packet as sent. A NAT that restores all changed fields in "
		"quotes is not visible.",
		"Usually nothing. A firewall that changes sequence numbers but "
		"not the SACK blocks stalls connections.",
	},
	{
		"ssh",
		"A client fails at an SSH server, or would; phase and cause "
		"say where and why.",
		"A client's first messages up to the reply of the key exchange "
		"(probe --only ssh), on a connection with small segments and "
		"on one with the largest; several connections at once; old "
		"data with the DSCP of sessions. The text that sshd sends when "
		"it refuses, the times between messages, and the two lists of "
		"algorithms decide.",
		"A server that ends connections before its banner may be TCP "
		"wrappers, an old sshd above MaxStartups, or a proxy: the "
		"packets are the same. A late banner may be a busy server.",
		"The finding's advice names the line of sshd_config, of "
		"~/.ssh/config, or the log to look at.",
	},
	{
		"tls",
		"A client fails at a TLS server, or would; phase and cause say "
		"where and why.",
		"A ClientHello as OpenSSL's clients send it (probe --only "
		"tls), on a connection with small segments and on one with the "
		"largest; one for TLS 1.2 alone, in which certificates can be "
		"read. Where the first is refused, one with all versions and "
		"suites that the server may want, and one without its name. No "
		"handshake is completed.",
		"What follows ServerHello is encrypted in TLS 1.3: there a "
		"demand for a client's certificate shows only if the server "
		"speaks TLS 1.2 as well. A server that ends the connection "
		"without an alert may not speak TLS.",
		"The finding's advice names the setting, or the log to look "
		"at.",
	},
};
static_assert(sizeof(explain_findings) / sizeof(explain_findings[0]) ==
		      EXPLAIN_FINDINGS,
	"an explanation of every finding");

const struct explanation explain_grades[] = {
	[GRADE_UNDETERMINED] =
		{
			"undetermined",
			"The packets do not decide. The report names what "
			"would.",
			"No signature applies, or the facts that would decide "
			"between several "
			"are not in the capture.",
			NULL,
			"Run the experiment, or capture at the place, that "
			"\"Prove:\" names.",
		},
	[GRADE_POSSIBLE] =
		{
			"possible",
			"Several explanations are equally likely; all are "
			"named.",
			"The facts hold for more than one signature, and none "
			"outranks the others.",
			NULL,
			"Treat each of them as open.",
		},
	[GRADE_LIKELY] =
		{
			"likely",
			"One explanation fits best; another exists, and is "
			"named.",
			"All facts that the signature needs hold; the fact "
			"that would exclude the other explanation is not "
			"known.",
			NULL,
			"Act on it where that is cheap; confirm it first where "
			"it is not.",
		},
	[GRADE_CERTAIN] =
		{
			"certain",
			"The packets admit no other explanation.",
			"All deciding facts are in this capture, and no fact "
			"that could mislead them is unknown.",
			NULL,
			NULL,
		},
};
static_assert(sizeof(explain_grades) / sizeof(explain_grades[0]) == GRADE_COUNT,
	"an explanation of every grade");

const struct explanation explain_parties[] = {
	[PARTY_UNKNOWN] =
		{
			"unknown",
			"These packets do not show which party it was.",
			"Several parties could have sent these packets.",
			NULL,
			"See the incident's \"Prove:\" lines.",
		},
	[PARTY_CLIENT] =
		{
			"client",
			"The side that opened the connection.",
			"The client sent the SYN; without a SYN in the "
			"capture, ports and behaviour decide, and the report "
			"marks the client as a guess.",
			NULL,
			NULL,
		},
	[PARTY_SERVER] =
		{
			"server",
			"The side that accepted the connection.",
			"As sender: the packet has the TTL and header pattern "
			"of the server's other packets. As culprit: no device "
			"on the path explains the failure.",
			"The sender is not always the culprit: after a NAT's "
			"state entry expired, the server's kernel sends the "
			"reset.",
			NULL,
		},
	[PARTY_MIDDLEBOX] =
		{
			"middlebox",
			"A device between the two endpoints: firewall, proxy, "
			"DPI, load balancer.",
			"Its packets have another TTL, or another header "
			"pattern, than those of the endpoint in whose name it "
			"sends.",
			NULL,
			NULL,
		},
	[PARTY_NONE] =
		{
			"none",
			"No party sent a fatal packet: responses stopped.",
			"The capture ends with unacknowledged retransmissions.",
			NULL,
			NULL,
		},
	[PARTY_NAT_TIMEOUT] =
		{
			"nat-timeout",
			"The connection's state entry in a NAT, firewall or "
			"load balancer expired while the connection was idle.",
			"See state-expired.",
			NULL,
			"See state-expired.",
		},
	[PARTY_PATH_MTU] =
		{
			"path-mtu",
			"The path can't carry packets of the size sent.",
			"See pmtu-black-hole and pmtu-ignored.",
			NULL,
			"See pmtu-black-hole.",
		},
	[PARTY_PATH_LOSS] =
		{
			"path-loss",
			"The path lost packets of every size.",
			"See retransmission-timeout and loss.",
			NULL,
			NULL,
		},
};
static_assert(
	sizeof(explain_parties) / sizeof(explain_parties[0]) == PARTY_COUNT,
	"an explanation of every party");
