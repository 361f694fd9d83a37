/* Resets that came from the endpoint's own distance, or that there is nothing
 * to compare with. */
#include "analysis/verdict/signatures.h"

const struct signature signatures_own[] = {
	{
		.name = "answered-by-neighbour-after-close",
		.needs = FACTS(ANSWERED_BY_NEIGHBOUR, RESET_TTL_MATCHES_SENDER),
		.mechanism = MECHANISM_PROXY_CLOSED,
		.sender = ROLE_MIDDLEBOX,
		.culprit = ROLE_MIDDLEBOX,
		.grade = GRADE_POSSIBLE,
		.summary = "Everything that came in the server's name came "
			   "from the next hop: a proxy, or a NAT that "
			   "terminates connections, ended it.",
		.also = {ALSO_ABORT, ALSO_UNKNOWN_CONNECTION},
		.decide = FACTS(ANSWERED_BY_NEIGHBOUR),
		.why = "VirtualBox's NAT and redirecting proxies answer so "
		       "[captures; measured: c10, c11]. Fooled by: a server in "
		       "the next room.",
	},
	{
		.name = "closed-unheard",
		.needs = FACTS(SENDER_HAD_CLOSED, DATA_AFTER_CLOSE,
			OWN_DATA_UNANSWERED, RESET_TTL_MATCHES_SENDER,
			IDLE_BEFORE),
		.forbids = FACTS(SENDER_IS_CLIENT),
		.mechanism = MECHANISM_STATE_EXPIRED,
		.sender = ROLE_SENDER,
		.culprit = ROLE_NAT,
		.grade = GRADE_POSSIBLE,
		.summary = "It had closed the connection, but its FIN was "
			   "never answered: something between dropped it, "
			   "as boxes do that forgot the connection.",
		.also = {{MECHANISM_LATE_DATA, ROLE_SENDER, ROLE_SENDER,
			"the other side was only slow"}},
		.decide = FACTS(IDLE_TIMER_ON_PATH),
		.outranks = {{"late-data",
			"its FIN was never answered: the path was dead before "
			"the data came"}},
		.why = "Not of a client: what an inner side sends makes a NAT "
		       "remember. Its FIN was retransmitted without an answer: "
		       "the path "
		       "was dead in that direction before the other side's "
		       "data came [measured: h4].",
	},
	{
		.name = "late-data",
		.needs = FACTS(SENDER_HAD_CLOSED, DATA_AFTER_CLOSE,
			RESET_TTL_MATCHES_SENDER),
		.mechanism = MECHANISM_LATE_DATA,
		.sender = ROLE_SENDER,
		.culprit = ROLE_SENDER,
		.grade = GRADE_LIKELY,
		.summary = "It had closed the connection; data came after "
			   "that, and its kernel said so.",
		.outranks = {{"abort-in-every-detail",
				     "after its FIN there is no program left "
				     "to abort"},
			{"right-distance-foreign-counter",
				"kernels count for themselves"}},
		.why = "Kernel sends it when data comes after close() "
		       "[measured: c4, c17].",
	},
	{
		.name = "late-data-of-another-initial-ttl",
		.needs = FACTS(
			SENDER_HAD_CLOSED, DATA_AFTER_CLOSE, RESET_SAME_HOPS),
		.mechanism = MECHANISM_LATE_DATA,
		.sender = ROLE_SENDER,
		.culprit = ROLE_SENDER,
		.grade = GRADE_POSSIBLE,
		.summary = "It had closed the connection; data came after "
			   "that, and its kernel said so, with another "
			   "initial TTL than its own stack's.",
		.also = {ALSO_INJECTED},
		.decide = FACTS(SENDER_CONTINUED),
		.outranks = {{"stateless-without-baseline",
				     "it is as many hops away"},
			{"abort-of-another-stack",
				"after its FIN there is no program left"}},
		.why = "Front ends with a stack of their own over a kernel "
		       "that answers for closed sockets [captures].",
	},
	{
		.name = "keepalive-ran-out",
		.needs = FACTS(RESET_FROM_SOCKET, OWN_PROBES_UNANSWERED),
		.forbids = FACTS(RESET_TTL_FAR_OFF),
		.mechanism = MECHANISM_KEEPALIVE_TIMEOUT,
		.sender = ROLE_SENDER,
		.culprit = ROLE_UNKNOWN,
		.grade = GRADE_LIKELY,
		.summary = "Its keepalive probes went unanswered, and it "
			   "gave up. Why nobody answered is another "
			   "question.",
		.also = {{MECHANISM_STATE_EXPIRED, ROLE_NONE, ROLE_NAT,
				 "a box on the path forgot the connection and "
				 "drops its packets"},
			ALSO_LOSS},
		.decide = FACTS(IDLE_TIMER_ON_PATH),
		.outranks = {{"abort-in-every-detail",
				     "it is its own reset, and the unanswered "
				     "probes say why"},
			{"right-distance-foreign-counter",
				"the unanswered probes say why"}},
	},
	{
		.name = "abort-in-every-detail",
		.needs = FACTS(RESET_FROM_SOCKET, RESET_ID_CONTINUES,
			RESET_TTL_MATCHES_SENDER, SENDER_TTL_STEADY),
		.forbids = FACTS(RESET_TOO_FAST),
		.mechanism = MECHANISM_ABORT,
		.sender = ROLE_SENDER,
		.culprit = ROLE_SENDER,
		.grade = GRADE_CERTAIN,
		.summary = "The endpoint aborted the connection itself: its "
			   "program crashed, was killed, or closed it with "
			   "data unread.",
		.outranks = {{"abort", "every detail fits"}},
		.why = "Socket-born resets carry the connection's own numbers, "
		       "timestamps and identification [measured: c2, c3, c5, "
		       "c12]. Only a device that keeps all of them could forge "
		       "it.",
	},
	{
		.name = "abort",
		.needs = FACTS(RESET_FROM_SOCKET, RESET_TTL_MATCHES_SENDER),
		.forbids = FACTS(RESET_TOO_FAST),
		.mechanism = MECHANISM_ABORT,
		.sender = ROLE_SENDER,
		.culprit = ROLE_SENDER,
		.grade = GRADE_LIKELY,
		.summary = "The endpoint aborted the connection itself: its "
			   "program crashed, was killed, or closed it with "
			   "data unread.",
		.also = {ALSO_INJECTED},
		.decide = FACTS(SENDER_CONTINUED),
		.outranks = {{"abort-of-another-stack",
			"Linux and most others abort in this form"}},
	},
	{
		.name = "expired-by-timer",
		.needs = FACTS(RESET_IS_STATELESS, RESET_ANSWERS_PEER,
			IDLE_BEFORE, IDLE_TIMER_ON_PATH,
			RESET_TTL_MATCHES_SENDER),
		.forbids = FACTS(SENDER_HAD_CLOSED),
		.mechanism = MECHANISM_STATE_EXPIRED,
		.sender = ROLE_SENDER,
		.culprit = ROLE_NAT,
		.grade = GRADE_LIKELY,
		.summary = "It sent the reset because its kernel knew no such "
			   "connection: something between forgot it first, "
			   "after a silence that others on this path did not "
			   "survive either.",
		.also = {ALSO_UNKNOWN_CONNECTION},
		.decide = FACTS(IDLE_TIMER_ON_PATH),
		.outranks = {{"unknown-after-silence", "other connections died "
						       "of such a silence too"},
			{"abort-of-another-stack", "other connections died of "
						   "such a silence too"}},
	},
	{
		.name = "unknown-after-silence",
		.needs = FACTS(RESET_IS_BARE, RESET_ANSWERS_PEER, IDLE_ENOUGH,
			RESET_TTL_MATCHES_SENDER),
		.forbids = FACTS(SENDER_HAD_CLOSED),
		.mechanism = MECHANISM_STATE_EXPIRED,
		.sender = ROLE_SENDER,
		.culprit = ROLE_NAT,
		.grade = GRADE_POSSIBLE,
		.summary = "It sent the reset because its kernel knew no such "
			   "connection. After a silence that is mostly a NAT, "
			   "firewall or load balancer that forgot it first.",
		.also = {ALSO_UNKNOWN_CONNECTION},
		.decide = FACTS(IDLE_TIMER_ON_PATH),
		.outranks = {{"unknown-connection",
			"the silence before it says why nobody knows it"}},
		.why = "NAT remap, load balancer, server idle close with a "
		       "lost FIN and restart look the same from here "
		       "[measured: a2, a4, h4, c9, i1]. Load balancers fill in "
		       "a window [captures].",
	},
	{
		.name = "unknown-connection",
		.needs = FACTS(RESET_IS_STATELESS, RESET_ANSWERS_PEER,
			RESET_TTL_MATCHES_SENDER),
		.forbids = FACTS(SENDER_HAD_CLOSED),
		.mechanism = MECHANISM_UNKNOWN_CONNECTION,
		.sender = ROLE_SENDER,
		.culprit = ROLE_SENDER,
		.grade = GRADE_POSSIBLE,
		.summary = "Its kernel knew no such connection: it was "
			   "restarted, or a load balancer sent the packet to "
			   "another machine.",
		.also = {ALSO_BALANCER, ALSO_EXPIRED, ALSO_INJECTED},
		.decide = FACTS(SENDER_CONTINUED),
	},
	{
		.name = "bare-abort",
		.needs = FACTS(RESET_IS_STATELESS, RESET_ANSWERS_PEER,
			RESET_ID_CONTINUES, RESET_TTL_MATCHES_SENDER),
		.forbids = FACTS(SENDER_HAD_CLOSED, IDLE_BEFORE),
		.mechanism = MECHANISM_ABORT,
		.sender = ROLE_SENDER,
		.culprit = ROLE_SENDER,
		.grade = GRADE_POSSIBLE,
		.summary = "The endpoint aborted the connection, in the form "
			   "of old stacks: its identification goes on, so "
			   "neither was it restarted, nor is it another "
			   "machine.",
		.also = {ALSO_INJECTED},
		.decide = FACTS(SENDER_CONTINUED),
		.outranks = {{"unknown-connection",
				     "the same kernel spoke for the connection "
				     "before"},
			{"abort-of-another-stack",
				"no socket sent it: what closed that is not "
				"recorded"}},
		.why = "RFC 793 let an abort be a bare RST; old Windows and "
		       "small devices send it [captures].",
	},
	{
		.name = "right-distance-foreign-counter",
		.needs = FACTS(RESET_TTL_MATCHES_SENDER, RESET_SEQUENCE_EXACT,
			RESET_ID_FOREIGN),
		.mechanism = MECHANISM_ABORT,
		.sender = ROLE_SENDER,
		.culprit = ROLE_SENDER,
		.grade = GRADE_POSSIBLE,
		.summary = "A reset from the endpoint's distance with its "
			   "numbers; but its identification is not the "
			   "endpoint's, which counted up from packet to "
			   "packet.",
		.also = {{MECHANISM_INJECTED, ROLE_MIDDLEBOX, ROLE_MIDDLEBOX,
			"a device that stands next to the endpoint, or "
			"copies its distance"}},
		.decide = FACTS(SENDER_CONTINUED),
		.outranks = {{"abort", "a socket would have gone on counting"},
			{"bare-abort", "its identification does not go on"}},
		.why = "Inline devices leave the distance right [captures]. "
		       "Fooled by: stacks with another counter for resets.",
	},
	{
		.name = "abort-of-another-stack",
		.needs = FACTS(RESET_TTL_MATCHES_SENDER, RESET_SEQUENCE_EXACT),
		.forbids = FACTS(RESET_TOO_FAST),
		.mechanism = MECHANISM_ABORT,
		.sender = ROLE_SENDER,
		.culprit = ROLE_SENDER,
		.grade = GRADE_LIKELY,
		.summary = "The endpoint aborted the connection; its stack "
			   "does so in another form than Linux's.",
		.also = {ALSO_INJECTED},
		.decide = FACTS(SENDER_CONTINUED),
		.outranks = {{"inexact-at-the-right-distance",
			"its numbers fit"}},
	},
	{
		.name = "copying-at-the-right-distance",
		.needs = FACTS(RESET_COPIES_PEER, RESET_TTL_MATCHES_SENDER),
		.mechanism = MECHANISM_INJECTED,
		.sender = ROLE_MIDDLEBOX,
		.culprit = ROLE_MIDDLEBOX,
		.grade = GRADE_POSSIBLE,
		.summary = "The reset copies fields of the packet that it "
			   "answers; endpoints don't.",
		.also = {ALSO_ABORT},
		.decide = FACTS(SENDER_CONTINUED),
		.outranks = {{"answers-a-reset",
			"endpoints do not copy what they answer"}},
	},
	{
		.name = "inexact-at-the-right-distance",
		.needs = FACTS(RESET_TTL_MATCHES_SENDER),
		.mechanism = MECHANISM_ABORT,
		.sender = ROLE_SENDER,
		.culprit = ROLE_SENDER,
		.grade = GRADE_POSSIBLE,
		.summary = "A reset from the endpoint's distance, with "
			   "numbers that do not quite fit.",
		.also = {ALSO_INJECTED},
		.decide = FACTS(SENDER_CONTINUED),
	},
	{
		.name = "stateless-without-baseline",
		.needs = FACTS(RESET_IS_STATELESS),
		.forbids = FACTS(RESET_TTL_MATCHES_SENDER, RESET_TTL_FAR_OFF),
		.mechanism = MECHANISM_UNKNOWN_CONNECTION,
		.sender = ROLE_SENDER,
		.culprit = ROLE_SENDER,
		.grade = GRADE_POSSIBLE,
		.summary = "A reset as kernels send it for a connection that "
			   "they don't know; nothing else of its sender was "
			   "recorded to compare it with.",
		.also = {ALSO_BALANCER, ALSO_EXPIRED, ALSO_INJECTED},
		.decide = FACTS(RESET_TTL_MATCHES_SENDER),
		.outranks = {{"without-baseline", "its form says more"}},
	},
	{
		.name = "without-baseline",
		.needs = FACTS(RESET_SEEN),
		.forbids = FACTS(RESET_TTL_MATCHES_SENDER, RESET_TTL_FAR_OFF),
		.mechanism = MECHANISM_ABORT,
		.sender = ROLE_SENDER,
		.culprit = ROLE_SENDER,
		.grade = GRADE_POSSIBLE,
		.summary = "A reset that can't be held against its sender: too "
			   "little else of it was recorded, or it fits "
			   "neither well nor badly.",
		.also = {ALSO_INJECTED},
		.decide = FACTS(RESET_TTL_MATCHES_SENDER),
	},
};
const unsigned signatures_own_count =
	sizeof(signatures_own) / sizeof(signatures_own[0]);
