#include "report/explain_table.h"

#include <assert.h>
#include <stddef.h>

const struct explanation explain_findings[] = {
	{
		"path-mtu",
		"The largest IP packet that reaches the target unfragmented.",
		"Packets of growing size with DF set: those up to this size "
		"are answered, "
		"larger ones never, or a router answers \"too big\" and its "
		"claim holds.",
		NULL,
		"Nothing, if it is what the links promise. Tunnels and PPPoE "
		"make it "
		"smaller than 1500.",
	},
	{
		"pmtu-black-hole",
		"Packets above a size vanish on a link, and nobody says so.",
		"At one hop small packets are answered and large ones are not, "
		"repeatedly, "
		"while at the hop before both are; no \"too big\" message "
		"arrives.",
		"A hop that merely limits how often it answers: it treats all "
		"sizes "
		"alike.",
		"Clamp the MSS at the router before the link, let \"too big\" "
		"messages "
		"through, or lower the interface's MTU.",
	},
	{
		"too-big-ignored",
		"The other side got a \"too big\" message and went on sending "
		"too large "
		"packets.",
		"The message was sent to it (probe --only too-big), and the "
		"same large "
		"segment came again at the same size.",
		"A firewall in front of it that dropped the message.",
		"Let ICMP type 3 code 4 and ICMPv6 type 2 through to it.",
	},
	{
		"mss-clamped",
		"A device on the path lowers the MSS option of the handshake.",
		"The MSS that a router quotes back, or that the other side "
		"reports or "
		"respects, is smaller than the one sent.",
		NULL,
		"Usually nothing: it is how a router with a smaller link "
		"behind it keeps "
		"large packets away.",
	},
	{
		"df-cleared",
		"A device on the path removes the don't-fragment bit.",
		"The bit was set when the packet left, and is missing in what "
		"routers "
		"quote from this hop on.",
		NULL,
		"Know that path MTU discovery is blind behind it: large "
		"packets are cut "
		"up instead of refused.",
	},
	{
		"fragments-dropped",
		"Fragments do not arrive.",
		"The same packet is answered when sent whole and not when sent "
		"in "
		"fragments, repeatedly.",
		"Loss: told apart by repetition. In IPv4, where routers report "
		"first "
		"fragments only: a device that waits in vain for the others "
		"looks like "
		"the dropper.",
		"Keep packets below the path MTU (UDP services, IPsec, large "
		"DNS "
		"answers); firewalls at the hop named may be told to let "
		"fragments "
		"through or to reassemble.",
	},
	{
		"port-state",
		"What a SYN to the port gets: open, closed, rejected, "
		"filtered.",
		"SYN-ACK; a reset from the host's distance; a reset or ICMP "
		"error from a "
		"firewall; nothing at all.",
		"See port-closed, syn-rejected and syn-unanswered.",
		NULL,
	},
	{
		"reset-origin",
		"Who sends the resets, and at which hop.",
		"Segments of a live connection sent with growing TTL: from the "
		"hop on "
		"where resets begin, the device that sends them has seen the "
		"segment.",
		"A device that acts before and one that acts after its router "
		"counts down "
		"the TTL are one hop apart.",
		NULL,
	},
	{
		"injector",
		"A device between two hops forges resets when it sees a "
		"trigger.",
		"The same connection lives without the trigger and is reset "
		"with it; the "
		"trigger sent with too small a TTL to reach the server still "
		"brings "
		"resets.",
		NULL,
		"See injected.",
	},
	{
		"proxy",
		"Something nearer answers in the target's name.",
		"The handshake is answered from a distance shorter than the "
		"target's, or "
		"segments that can't have reached the target are acknowledged.",
		"A device that rewrites the TTL of everything.",
		"Its idle timeouts and limits count, not the server's.",
	},
	{
		"idle-timeout",
		"How long a connection may be silent before something forgets "
		"it.",
		"Connections left idle for different times: the longest that "
		"lived and the "
		"shortest that died bound the timeout; what comes back "
		"afterwards tells "
		"who forgot.",
		NULL,
		"Keepalives at a third of the time: ServerAliveInterval, "
		"ClientAliveInterval, TCP_KEEPIDLE.",
	},
	{
		"loss",
		"Packets get lost on the way to or from a hop.",
		"A share of probes stays unanswered at this hop and at all "
		"hops behind "
		"it.",
		"A hop that limits its own answers loses nothing of what it "
		"forwards: the "
		"hops behind it then show none.",
		"Look at the link before the first lossy hop; loss of large "
		"packets only "
		"points to errors on the line or to queues.",
	},
	{
		"rewritten",
		"A device on the path changes a header field.",
		"What a router quotes, or the other side reports, differs from "
		"what was "
		"sent: ports and addresses (NAT), sequence numbers, options, "
		"DSCP, ECN, "
		"the hop limit; or it is a whole packet where fragments were "
		"sent, which "
		"is how firewalls and NATs that keep state are seen.",
		"A router that quotes wrongly: the hops behind it then quote "
		"as sent. A NAT "
		"that puts back all that it changed leaves no trace.",
		"Know of it: a firewall that changes sequence numbers and not "
		"the SACK "
		"blocks with them stalls connections.",
	},
	{
		"ssh",
		"How far an SSH login gets, and what stops it.",
		"The readable part of the protocol: version lines, algorithm "
		"lists, the "
		"first key exchange packets, and the times between them.",
		NULL,
		"See the mechanisms that begin with ssh-.",
	},
};
static_assert(sizeof(explain_findings) / sizeof(explain_findings[0]) ==
		      EXPLAIN_FINDINGS,
	"an explanation of every finding");

const struct explanation explain_grades[] = {
	[GRADE_UNDETERMINED] =
		{
			"undetermined",
			"The packets do not decide. What would is named.",
			"No signature applies, or the facts that would decide "
			"between several "
			"are not in the capture.",
			NULL,
			"Make the experiment or capture where \"Prove:\" says.",
		},
	[GRADE_POSSIBLE] =
		{
			"possible",
			"Several readings are level; all are named.",
			"The facts hold for more than one signature, and none "
			"is favoured.",
			NULL,
			"Treat each of them as open.",
		},
	[GRADE_LIKELY] =
		{
			"likely",
			"One reading fits best; another exists, and is named.",
			"All facts that the signature needs hold, and what "
			"would exclude the "
			"other reading is not known.",
			NULL,
			"Act on it where acting is cheap; prove it where it is "
			"not.",
		},
	[GRADE_CERTAIN] =
		{
			"certain",
			"The packets admit no other reading.",
			"The facts that decide are all seen in this capture, "
			"and none that could "
			"fool them is open.",
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
			"Who it was can't be told from these packets.",
			"Several parties could have sent what was seen.",
			NULL,
			"See the incident's \"Prove:\" lines.",
		},
	[PARTY_CLIENT] =
		{
			"client",
			"The side that opened the connection.",
			"It sent the SYN; without one in the capture, ports "
			"and behaviour decide, "
			"and the report says that it guesses.",
			NULL,
			NULL,
		},
	[PARTY_SERVER] =
		{
			"server",
			"The side that was connected to.",
			"As sender: the packet has the distance and habits of "
			"the server's other "
			"packets. As culprit: nothing between the ends "
			"explains what it did.",
			"A sender is not always the one to blame: after a NAT "
			"forgot a "
			"connection, it is the server's kernel that sends the "
			"reset.",
			NULL,
		},
	[PARTY_MIDDLEBOX] =
		{
			"middlebox",
			"A device between the two ends: firewall, proxy, "
			"inspection, load "
			"balancer.",
			"Its packets come from another distance, or with other "
			"habits, than "
			"those of the end in whose name it speaks.",
			NULL,
			NULL,
		},
	[PARTY_NONE] =
		{
			"none",
			"Nobody sent a fatal packet: the connection died of "
			"silence.",
			"Repetitions without an answer are the last that is "
			"seen.",
			NULL,
			NULL,
		},
	[PARTY_NAT_TIMEOUT] =
		{
			"nat-timeout",
			"A device that keeps state forgot the connection while "
			"it was idle.",
			"See state-expired.",
			NULL,
			"See state-expired.",
		},
	[PARTY_PATH_MTU] =
		{
			"path-mtu",
			"The path can't carry packets of the size that was "
			"sent.",
			"See pmtu-black-hole and pmtu-ignored.",
			NULL,
			"See pmtu-black-hole.",
		},
	[PARTY_PATH_LOSS] =
		{
			"path-loss",
			"The path lost packets at every size.",
			"See retransmission-timeout and loss.",
			NULL,
			NULL,
		},
};
static_assert(
	sizeof(explain_parties) / sizeof(explain_parties[0]) == PARTY_COUNT,
	"an explanation of every party");
