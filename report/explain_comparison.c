/* Words of `culprit compare`: what became of a packet between two capture
 * points, and by what that is known. */
#include <assert.h>
#include <stddef.h>

#include "report/explain_table.h"

static const struct explanation outcomes[] = {
	[OUTCOME_ARRIVED] = {"arrived",
		"The packet is recorded at both capture points.",
		"Sequence and acknowledgment number, length and flags agree, "
		"and IP ID and timestamp where they tell copies apart; or "
		"other segments cover its bytes.",
		NULL, NULL},
	[OUTCOME_LOST] = {"lost",
		"The packet passed one capture point and never reached the "
		"next.",
		"The next point recorded at that time. Certain if the receiver "
		"acknowledged nothing of it before a copy arrived, or goes on "
		"asking for it, or if several copies are absent and none is "
		"acknowledged.",
		"A recorder that missed the packet; then the grade is likely.",
		"Look at the devices between both points: queues, firewalls, "
		"state entries that expired, MTU."},
	[OUTCOME_NEVER_SENT] = {"never-sent",
		"The packet arrived at one capture point, and the host whose "
		"name it bears did not send it: a device between both points "
		"forged it.",
		"The point nearer to that host recorded at that time and has "
		"no record of it. Certain if it came from another distance (by "
		"its TTL), if the host went on as if it had not been, if the "
		"host has other data or numbers there, or if each end was sent "
		"a reset in the name of the other.",
		"A recorder that missed the packet; then the grade is likely.",
		"Look for an intrusion prevention system, a firewall that "
		"rejects, or a filter between both points."},
	[OUTCOME_NOT_RECORDED] = {"not-recorded",
		"The packet passed, and the recorder at this point missed it.",
		"Points before and behind have it, it is acknowledged, or its "
		"sender's numbers went on behind it.",
		NULL, "Record with a larger buffer (tcpdump -B)."},
	[OUTCOME_DUPLICATED] = {"duplicated",
		"One more copy of the packet arrived than was sent.",
		"All fields agree with those of a packet that arrived.",
		"A recorder that writes packets twice (a mirror port).", NULL},
	[OUTCOME_DELAYED] = {"delayed",
		"The packet was under way for more than 0.2 s longer than the "
		"quickest of its connection.",
		"By both points' clocks, which packets that both recorded set "
		"right. Certain if packets of the other direction show that "
		"no clock was set meanwhile; if they show that one was, "
		"nothing is delayed.",
		"Clocks that drift, where the drift is not known, or that were "
		"set; then the grade is possible.",
		"Look for full queues between both points."},
	[OUTCOME_NOT_JUDGED] = {"not-judged",
		"The packet is recorded at one point only, and nothing tells "
		"why.",
		"The other point did not record at that time, or its recorder "
		"may have missed the packet: of an acknowledgment, or of a "
		"copy that was not needed, no other packet tells.",
		NULL, NULL},
};
static_assert(sizeof(outcomes) / sizeof(outcomes[0]) == OUTCOME_COUNT,
	"every outcome is explained");

static const struct explanation reasons[] = {
	[REASON_NONE] = {"none", NULL, NULL, NULL, NULL},
	[REASON_COPY_ARRIVED] = {"copy-arrived",
		"A copy of the packet arrived later, and the receiver had "
		"acknowledged nothing of it before.",
		"Acknowledgments recorded at the further point.", NULL, NULL},
	[REASON_HOLE_ANSWERED] = {"hole-answered",
		"What was sent behind the packet arrived, and the receiver "
		"goes on asking for the packet.",
		"Acknowledgments recorded at the further point.", NULL, NULL},
	[REASON_COPIES_ABSENT] = {"copies-absent",
		"Several copies of the packet are absent, and none is "
		"acknowledged anywhere.",
		"Both recordings.", NULL, NULL},
	[REASON_ABSENT] = {"absent",
		"This one packet has no record at the other point.",
		"Both recordings. Possible, and not likely, where that "
		"point's recorder is known to have missed other packets: of "
		"a packet that was lost as of one that was never sent.",
		"A recorder that missed it.", NULL},
	[REASON_COPY_WAS_THERE] = {"copy-was-there",
		"An earlier copy of the packet had arrived.",
		"Both recordings.", "A recorder that missed this copy.", NULL},
	[REASON_SYN_ABSENT] = {"syn-absent",
		"The SYN was sent here, nobody answered it, and the next "
		"capture point has no packet of the connection.",
		"The next point recorded at that time, and packets of the "
		"same server pass there (likely), or nothing tells what does "
		"(possible).",
		"A filter of the other capture, another way of these packets, "
		"or clocks that are apart.",
		"Capture there without a filter while the client tries again."},
	[REASON_SENDER_WENT_ON] = {"sender-went-on",
		"The host that is said to have reset the connection went on "
		"with it.",
		"Its later segments at the point nearer to it, by time or by "
		"numbers (RFC 9293, 3.10.7).",
		NULL, NULL},
	[REASON_OTHER_TTL] = {"other-ttl",
		"The packet came from another distance than the packets of its "
		"host that both points recorded.",
		"TTLs at the point where it arrived.",
		"A change of the route "
		"by two hops.",
		NULL},
	[REASON_BOTH_ENDS] = {"both-ends",
		"Each end was sent a reset in the name of the other, and "
		"neither sent one.",
		"Both recordings.", NULL, NULL},
	[REASON_OTHER_DATA] = {"other-data",
		"The host whose name the packet bears sent other data with "
		"the same sequence numbers.",
		"Payloads at both points.", NULL, NULL},
	[REASON_NUMBERS_BEHIND] = {"numbers-behind",
		"The sequence numbers of the host whose name the packet bears "
		"had not come so far.",
		"Its later acknowledgments at the point nearer to it.", NULL,
		NULL},
	[REASON_ACKNOWLEDGED] = {"acknowledged",
		"The packet was acknowledged, so it arrived.",
		"Acknowledgments recorded anywhere.", NULL, NULL},
	[REASON_FURTHER_ON] = {"further-on",
		"Points before and behind have the packet.",
		"The recordings of those points.", NULL, NULL},
	[REASON_NUMBERS_AHEAD] = {"numbers-ahead",
		"The sequence numbers of its sender went on behind the packet.",
		"The sender's later segments at the point nearer to it.", NULL,
		NULL},
	[REASON_ACK_ONLY] = {"ack-only",
		"The packet acknowledges and carries nothing: no other packet "
		"tells whether it arrived.",
		"Its length.", NULL, NULL},
	[REASON_LIMIT] = {"limit",
		"More packets of the connection are absent at the other point "
		"than are looked into: this one was not.",
		"128 in each direction always, and more until 268 million "
		"packets were gone through for them in the whole run.",
		NULL,
		"Compare less at once: --filter with the connection's "
		"addresses and ports, or a shorter part of both captures."},
	[REASON_OTHER_WAY_PROMPT] = {"other-way-prompt",
		"Packets of the other direction were as quick as before while "
		"this one was late, so that no clock was set meanwhile.",
		"Times of both directions at both points.",
		"A clock that is set and set back within two seconds.", NULL},
	[REASON_CLOCK_OR_DELAY] = {"clock-or-delay",
		"The packet was late, or a clock was set: too few packets of "
		"the other direction passed meanwhile to tell which.",
		"Times of both directions at both points.",
		"A clock that NTP or a resumed machine sets.",
		"Look into the logs of both recorders' clocks, or capture for "
		"longer."},
};
static_assert(sizeof(reasons) / sizeof(reasons[0]) == REASON_COUNT,
	"every reason is explained");

struct explanation explain_outcome(int index)
{
	return outcomes[index];
}

struct explanation explain_reason(int index)
{
	return reasons[index + 1]; /* REASON_NONE is no word */
}
