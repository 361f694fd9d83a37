/* The knowledge about resets: which facts together mean what. Rows are tried
 * from the top; the first that applies is the verdict, what follows from later
 * rows is named beside it. Where a row comes from and what could fool it stands
 * at each.
 *
 * "measured" means: seen on real kernels in the project's lab; docs/evidence.md
 * lists the recordings. */
#include "analysis/verdict/signatures.h"

const struct signature signatures_reset[] = {
	/* A box that answers one side's packet leaves the other side
	 * ignorant, and talking [measured: a7, c8]. */
	{
		.name = "expired-box-answers-outlived",
		.needs = FACTS(SENDER_CONTINUED, RESET_IS_STATELESS,
			RESET_ANSWERS_PEER, IDLE_BEFORE),
		.denies = FACTS(RESET_TTL_MATCHES_SENDER),
		.mechanism = MECHANISM_STATE_EXPIRED,
		.sender = ROLE_MIDDLEBOX,
		.culprit = ROLE_NAT,
		.grade = GRADE_LIKELY,
		.summary = "A device on the path forgot the connection while "
			   "it was idle, and answered the next packet with a "
			   "reset; the other end knows nothing of it and "
			   "talks on.",
		.also = {ALSO_FIREWALL},
		.decide = FACTS(IDLE_TIMER_ON_PATH),
	},
	{
		.name = "rejected-and-outlived",
		.needs = FACTS(SENDER_CONTINUED, RESET_IS_STATELESS,
			RESET_ANSWERS_PEER),
		.denies = FACTS(RESET_TTL_MATCHES_SENDER),
		.mechanism = MECHANISM_FIREWALL_REJECT,
		.sender = ROLE_MIDDLEBOX,
		.culprit = ROLE_MIDDLEBOX,
		.grade = GRADE_LIKELY,
		.summary = "A firewall on the path rejected a packet of the "
			   "connection with a reset in the endpoint's name; "
			   "the endpoint knows nothing of it and talks on.",
		.also = {{MECHANISM_INJECTED, ROLE_MIDDLEBOX, ROLE_MIDDLEBOX,
			"a device that looks for content"}},
	},
	/* A socket that was reset sends nothing more (RFC 9293, 3.10.7), so
	 * what goes on was not reset. Fooled by: reordering, hence newer
	 * numbers are asked for. */
	{
		.name = "forged-and-outlived",
		.needs = FACTS(SENDER_CONTINUED),
		.denies = FACTS(RESET_TTL_MATCHES_SENDER),
		.mechanism = MECHANISM_INJECTED,
		.sender = ROLE_MIDDLEBOX,
		.culprit = ROLE_MIDDLEBOX,
		.grade = GRADE_CERTAIN,
		.summary = "A device on the path forged the reset: it came "
			   "from another distance, and the one it was "
			   "forged for went on talking.",
	},
	{
		.name = "outlived-by-its-sender",
		.needs = FACTS(SENDER_CONTINUED),
		.mechanism = MECHANISM_INJECTED,
		.sender = ROLE_MIDDLEBOX,
		.culprit = ROLE_MIDDLEBOX,
		.grade = GRADE_LIKELY,
		.summary = "Somebody else sent the reset: the one in whose "
			   "name it came went on talking.",
		.also = {{MECHANISM_ABORT, ROLE_SENDER, ROLE_SENDER,
			"the packets after it are late copies of older "
			"ones"}},
	},
	/* A router said that the packet died on its way; nobody behind that
	 * router can have acknowledged it. */
	{
		.name = "acknowledged-what-never-arrived",
		.needs = FACTS(ACKS_UNDELIVERED),
		.denies = FACTS(RESET_TTL_MATCHES_SENDER),
		.mechanism = MECHANISM_INJECTED,
		.sender = ROLE_MIDDLEBOX,
		.culprit = ROLE_MIDDLEBOX,
		.grade = GRADE_CERTAIN,
		.summary = "A device on the path forged the reset: it "
			   "acknowledges a packet that never reached the "
			   "endpoint, and came from another distance.",
	},
	/* Recorded on the box itself: it only ever went out [measured]. */
	{
		.name = "made-here-after-silence",
		.needs = FACTS(RESET_MADE_HERE, IDLE_BEFORE),
		.mechanism = MECHANISM_STATE_EXPIRED,
		.sender = ROLE_MIDDLEBOX,
		.culprit = ROLE_NAT,
		.grade = GRADE_LIKELY,
		.summary = "The machine that recorded this sent the reset "
			   "itself, after a silence: it had forgotten the "
			   "connection.",
		.also = {ALSO_FIREWALL},
		.decide = FACTS(IDLE_TIMER_ON_PATH),
	},
	{
		.name = "made-here",
		.needs = FACTS(RESET_MADE_HERE),
		.mechanism = MECHANISM_FIREWALL_REJECT,
		.sender = ROLE_MIDDLEBOX,
		.culprit = ROLE_MIDDLEBOX,
		.grade = GRADE_CERTAIN,
		.summary = "The machine that recorded this sent the reset "
			   "itself, in the endpoint's name.",
	},

	/* A REJECT rule for outgoing packets answers over the loopback
	 * interface [measured: h3]. */
	{
		.name = "own-firewall",
		.needs = FACTS(RESET_BY_OTHER_INTERFACE, RESET_IS_STATELESS),
		.mechanism = MECHANISM_FIREWALL_REJECT,
		.sender = ROLE_PEER,
		.culprit = ROLE_PEER,
		.grade = GRADE_POSSIBLE,
		.summary = "The reset came by another interface than the rest "
			   "of the connection: a REJECT rule on the machine "
			   "that recorded this.",
		.also = {ALSO_FIREWALL},
	},

	/* --- refusals ------------------------------------------------- */
	/* Known from other connections of the host. Fooled by: anycast. */
	{
		.name = "refused-from-elsewhere",
		.needs = FACTS(RESET_REFUSES_SYN),
		.denies = FACTS(RESET_TTL_MATCHES_SENDER),
		.mechanism = MECHANISM_SYN_REJECTED,
		.sender = ROLE_MIDDLEBOX,
		.culprit = ROLE_MIDDLEBOX,
		.grade = GRADE_LIKELY,
		.summary = "A firewall on the path refused the connection "
			   "in the server's name: the server is at another "
			   "distance.",
		.also = {ALSO_PORT_CLOSED},
		.decide = FACTS(DSCP_REFLECTED),
	},
	/* Two answers from two distances; no stack refuses with a window
	 * [captures of a device one hop before the host]. */
	{
		.name = "refused-twice-this-one-odd",
		.needs = FACTS(REFUSED_TWICE),
		.denies = FACTS(REFUSAL_AS_KERNELS_DO),
		.mechanism = MECHANISM_SYN_REJECTED,
		.sender = ROLE_MIDDLEBOX,
		.culprit = ROLE_MIDDLEBOX,
		.grade = GRADE_LIKELY,
		.summary = "A device on the path refused the connection as "
			   "well: two answers came from two distances, and "
			   "this one is not in the form that hosts use.",
		.also = {ALSO_PORT_CLOSED},
		.decide = FACTS(RESET_TTL_MATCHES_SENDER),
	},
	{
		.name = "refused-twice",
		.needs = FACTS(RESET_REFUSES_SYN, REFUSED_TWICE,
			REFUSAL_AS_KERNELS_DO),
		.mechanism = MECHANISM_PORT_CLOSED,
		.sender = ROLE_SERVER,
		.culprit = ROLE_SERVER,
		.grade = GRADE_POSSIBLE,
		.summary = "Two answers refused the connection, from two "
			   "distances; this one is in the form that hosts "
			   "use.",
		.also = {ALSO_REJECTED_BY_BOX},
		.decide = FACTS(RESET_TTL_MATCHES_SENDER),
	},
	{
		.name = "refused-by-a-neighbour",
		.needs = FACTS(RESET_REFUSES_SYN, ANSWERED_BY_NEIGHBOUR),
		.mechanism = MECHANISM_SYN_REJECTED,
		.sender = ROLE_MIDDLEBOX,
		.culprit = ROLE_MIDDLEBOX,
		.grade = GRADE_LIKELY,
		.summary = "The next hop refused the connection in the "
			   "server's name.",
		.also = {ALSO_PORT_CLOSED},
		.decide = FACTS(DSCP_REFLECTED),
	},
	/* Linux's stack reflects the DSCP of what it refuses, nf_reject sets
	 * 0 [measured; net/ipv4/tcp_ipv4.c, nf_reject_ipv4.c]. Fooled by: a
	 * path that clears the DSCP on the way back, and other stacks. */
	{
		.name = "reject-rule-at-the-server",
		.needs = FACTS(RESET_REFUSES_SYN, REFUSAL_AS_KERNELS_DO,
			RESET_TTL_MATCHES_SENDER),
		.denies = FACTS(DSCP_REFLECTED),
		.mechanism = MECHANISM_SYN_REJECTED,
		.sender = ROLE_SERVER,
		.culprit = ROLE_SERVER,
		.grade = GRADE_POSSIBLE,
		.summary = "The refusal does not reflect the SYN's DSCP: a "
			   "REJECT rule rather than a closed port.",
		.also = {ALSO_PORT_CLOSED, ALSO_REJECTED_BY_BOX},
		.decide = FACTS(DSCP_REFLECTED),
	},
	{
		.name = "reject-rule-somewhere",
		.needs = FACTS(RESET_REFUSES_SYN, REFUSAL_AS_KERNELS_DO),
		.denies = FACTS(DSCP_REFLECTED),
		.mechanism = MECHANISM_SYN_REJECTED,
		.sender = ROLE_UNKNOWN,
		.culprit = ROLE_UNKNOWN,
		.grade = GRADE_POSSIBLE,
		.summary = "The refusal does not reflect the SYN's DSCP: a "
			   "REJECT rule, on the server or on the path.",
		.also = {ALSO_REJECTED_BY_HOST, ALSO_REJECTED_BY_BOX,
			ALSO_PORT_CLOSED},
		.decide = FACTS(RESET_TTL_MATCHES_SENDER),
	},
	/* IPv6: Linux's refusal carries a flow label, nf_reject6's none
	 * [measured]. Fooled by: other stacks, which send 0 too. */
	{
		.name = "reject-rule-v6",
		.needs = FACTS(RESET_REFUSES_SYN, REFUSAL_AS_KERNELS_DO),
		.denies = FACTS(FLOW_LABEL_SET),
		.mechanism = MECHANISM_SYN_REJECTED,
		.sender = ROLE_UNKNOWN,
		.culprit = ROLE_UNKNOWN,
		.grade = GRADE_POSSIBLE,
		.summary = "The refusal has no flow label: a REJECT rule on "
			   "the server or on the path, if the server runs "
			   "Linux.",
		.also = {ALSO_REJECTED_BY_HOST, ALSO_REJECTED_BY_BOX,
			ALSO_PORT_CLOSED},
		.decide = FACTS(RESET_TTL_MATCHES_SENDER),
	},
	{
		.name = "port-closed-reflected",
		.needs = FACTS(RESET_REFUSES_SYN, REFUSAL_AS_KERNELS_DO,
			DSCP_REFLECTED),
		.mechanism = MECHANISM_PORT_CLOSED,
		.sender = ROLE_SERVER,
		.culprit = ROLE_SERVER,
		.grade = GRADE_LIKELY,
		.summary = "Nothing listens on that port: the host's own "
			   "stack refused the SYN.",
		.also = {ALSO_REJECTED_BY_BOX},
		.decide = FACTS(RESET_TTL_MATCHES_SENDER),
	},
	{
		.name = "port-closed-v6",
		.needs = FACTS(RESET_REFUSES_SYN, REFUSAL_AS_KERNELS_DO,
			FLOW_LABEL_SET),
		.mechanism = MECHANISM_PORT_CLOSED,
		.sender = ROLE_SERVER,
		.culprit = ROLE_SERVER,
		.grade = GRADE_LIKELY,
		.summary = "Nothing listens on that port: the host's own "
			   "stack refused the SYN.",
		.also = {ALSO_REJECTED_BY_BOX},
		.decide = FACTS(RESET_TTL_MATCHES_SENDER),
	},
	{
		.name = "port-closed",
		.needs = FACTS(RESET_REFUSES_SYN, REFUSAL_AS_KERNELS_DO,
			RESET_TTL_MATCHES_SENDER),
		.mechanism = MECHANISM_PORT_CLOSED,
		.sender = ROLE_SERVER,
		.culprit = ROLE_SERVER,
		.grade = GRADE_LIKELY,
		.summary = "Nothing listens on that port of the server, "
			   "which answers from its usual distance.",
		.also = {ALSO_REJECTED_BY_HOST},
		.decide = FACTS(DSCP_REFLECTED),
	},
	{
		.name = "refused",
		.needs = FACTS(RESET_REFUSES_SYN),
		.mechanism = MECHANISM_PORT_CLOSED,
		.sender = ROLE_SERVER,
		.culprit = ROLE_SERVER,
		.grade = GRADE_POSSIBLE,
		.summary = "The connection was refused; by the server, or "
			   "by a firewall in its name.",
		.also = {ALSO_REJECTED_BY_BOX, ALSO_REJECTED_BY_HOST},
		.decide = FACTS(RESET_TTL_MATCHES_SENDER, DSCP_REFLECTED),
	},

	/* --- from another distance ------------------------------------- */
	/* Whoever writes the other side's identification and window into a
	 * packet has seen the other side's packet: on the path [captures of
	 * several injectors]. */
	{
		.name = "injected-copying",
		.needs = FACTS(RESET_TTL_FAR_OFF, RESET_COPIES_PEER,
			SENDER_TTL_STEADY),
		.mechanism = MECHANISM_INJECTED,
		.sender = ROLE_MIDDLEBOX,
		.culprit = ROLE_MIDDLEBOX,
		.grade = GRADE_CERTAIN,
		.summary = "A device on the path forged the reset: it came "
			   "from another distance and copies fields of the "
			   "packet that it answers.",
	},
	{
		.name = "injected-copying-short",
		.needs = FACTS(RESET_TTL_FAR_OFF, RESET_COPIES_PEER),
		.mechanism = MECHANISM_INJECTED,
		.sender = ROLE_MIDDLEBOX,
		.culprit = ROLE_MIDDLEBOX,
		.grade = GRADE_LIKELY,
		.summary = "A device on the path forged the reset: it came "
			   "from another distance and copies fields of the "
			   "packet that it answers.",
	},
	{
		.name = "injected-too-fast",
		.needs = FACTS(RESET_TTL_FAR_OFF, RESET_TOO_FAST),
		.mechanism = MECHANISM_INJECTED,
		.sender = ROLE_MIDDLEBOX,
		.culprit = ROLE_MIDDLEBOX,
		.grade = GRADE_CERTAIN,
		.summary = "A device on the path forged the reset: it came "
			   "from another distance, and sooner than the "
			   "endpoint could have answered.",
	},
	/* A NAT or firewall that answers for a connection it no longer
	 * knows [measured: a7, c7 after expiry; capture of a home gateway]. */
	{
		.name = "expired-box-answers",
		.needs = FACTS(
			IDLE_BEFORE, RESET_IS_STATELESS, RESET_ANSWERS_PEER),
		.denies = FACTS(RESET_TTL_MATCHES_SENDER),
		.mechanism = MECHANISM_STATE_EXPIRED,
		.sender = ROLE_MIDDLEBOX,
		.culprit = ROLE_NAT,
		.grade = GRADE_LIKELY,
		.summary = "A device on the path forgot the connection while "
			   "it was idle, and answered the next packet with a "
			   "reset.",
		.also = {ALSO_FIREWALL},
		.decide = FACTS(IDLE_TIMER_ON_PATH),
	},
	{
		.name = "box-after-close",
		.needs = FACTS(RESET_TTL_FAR_OFF, IDLE_BEFORE, PEER_HAD_CLOSED),
		.mechanism = MECHANISM_STATE_EXPIRED,
		.sender = ROLE_MIDDLEBOX,
		.culprit = ROLE_NAT,
		.grade = GRADE_LIKELY,
		.summary = "A device on the path ended its record of the "
			   "connection after a silence, with a reset in the "
			   "endpoint's name.",
		.also = {ALSO_FIREWALL},
	},
	{
		.name = "injected-foreign-counter",
		.needs = FACTS(RESET_TTL_FAR_OFF, SENDER_TTL_STEADY),
		.denies = FACTS(RESET_ID_CONTINUES),
		.mechanism = MECHANISM_INJECTED,
		.sender = ROLE_MIDDLEBOX,
		.culprit = ROLE_MIDDLEBOX,
		.grade = GRADE_CERTAIN,
		.summary = "A device on the path forged the reset: neither "
			   "its distance nor its IP identification is the "
			   "endpoint's.",
	},
	/* nf_reject's form: RST, seq = the acknowledgment it answers, window
	 * 0 [measured: c7, c8, b3, b4]; also what other stateful boxes send
	 * to packets without a record. */
	{
		.name = "rejected-far",
		.needs = FACTS(RESET_TTL_FAR_OFF, RESET_IS_STATELESS,
			RESET_ANSWERS_PEER),
		.mechanism = MECHANISM_FIREWALL_REJECT,
		.sender = ROLE_MIDDLEBOX,
		.culprit = ROLE_MIDDLEBOX,
		.grade = GRADE_LIKELY,
		.summary = "A firewall on the path rejected a packet of the "
			   "established connection, with a reset in the "
			   "endpoint's name.",
		.also = {{MECHANISM_INJECTED, ROLE_MIDDLEBOX, ROLE_MIDDLEBOX,
			"a device that looks for content"}},
		.decide = FACTS(SENDER_CONTINUED),
	},
	{
		.name = "injected-far",
		.needs = FACTS(RESET_TTL_FAR_OFF),
		.mechanism = MECHANISM_INJECTED,
		.sender = ROLE_MIDDLEBOX,
		.culprit = ROLE_MIDDLEBOX,
		.grade = GRADE_LIKELY,
		.summary = "A device on the path forged the reset: it came "
			   "from another distance than the endpoint's "
			   "packets.",
		.also = {ALSO_FIREWALL},
		.decide = FACTS(SENDER_CONTINUED),
	},
	/* A distance of one to four: routes differ by that much, kernels
	 * that answer between two packets do not. */
	{
		.name = "near-but-its-own-socket",
		.needs = FACTS(RESET_FROM_SOCKET, RESET_ID_CONTINUES),
		.denies = FACTS(RESET_TTL_MATCHES_SENDER),
		.mechanism = MECHANISM_ABORT,
		.sender = ROLE_SENDER,
		.culprit = ROLE_SENDER,
		.grade = GRADE_LIKELY,
		.summary = "The endpoint aborted the connection: numbers and "
			   "IP identification go on as its own; its route "
			   "changed a little.",
		.also = {ALSO_INJECTED},
	},
	{
		.name = "rejected-near",
		.needs = FACTS(RESET_IS_STATELESS, RESET_ANSWERS_PEER,
			SENDER_TTL_STEADY),
		.denies = FACTS(RESET_TTL_MATCHES_SENDER),
		.mechanism = MECHANISM_FIREWALL_REJECT,
		.sender = ROLE_MIDDLEBOX,
		.culprit = ROLE_MIDDLEBOX,
		.grade = GRADE_LIKELY,
		.summary = "A firewall on the path rejected a packet of the "
			   "established connection, with a reset in the "
			   "endpoint's name.",
		.also = {ALSO_UNKNOWN_CONNECTION},
		.decide = FACTS(SENDER_CONTINUED),
	},
	/* A stack without the connection knows the number that it was
	 * acknowledged, its owner also sends an acknowledgment. Bare and with
	 * a newer number it was sent by somebody who watched. Fooled by: old
	 * stacks that abort with a bare RST (RFC 793), hence the distance. */
	{
		.name = "bare-and-knowing",
		.needs = FACTS(RESET_IS_STATELESS, RESET_SEQUENCE_EXACT,
			SENDER_TTL_STEADY),
		.denies = FACTS(RESET_TTL_MATCHES_SENDER, RESET_ANSWERS_PEER),
		.mechanism = MECHANISM_INJECTED,
		.sender = ROLE_MIDDLEBOX,
		.culprit = ROLE_MIDDLEBOX,
		.grade = GRADE_LIKELY,
		.summary = "A device on the path forged the reset: it came "
			   "from another distance, and knows a number that a "
			   "host without the connection could not know.",
		.also = {ALSO_ABORT},
		.decide = FACTS(SENDER_CONTINUED),
	},
	{
		.name = "near",
		.needs = FACTS(RESET_SEQUENCE_EXACT),
		.denies = FACTS(RESET_TTL_MATCHES_SENDER),
		.mechanism = MECHANISM_INJECTED,
		.sender = ROLE_MIDDLEBOX,
		.culprit = ROLE_MIDDLEBOX,
		.grade = GRADE_POSSIBLE,
		.summary = "The reset came from a slightly other distance: "
			   "a device on the path, or the endpoint over "
			   "another route.",
		.also = {ALSO_ABORT, ALSO_FIREWALL},
		.decide = FACTS(SENDER_CONTINUED),
	},
	{
		.name = "near-and-inexact",
		.needs = FACTS(SENDER_TTL_STEADY),
		.denies = FACTS(RESET_TTL_MATCHES_SENDER),
		.mechanism = MECHANISM_INJECTED,
		.sender = ROLE_MIDDLEBOX,
		.culprit = ROLE_MIDDLEBOX,
		.grade = GRADE_POSSIBLE,
		.summary = "The reset came from a slightly other distance, "
			   "with numbers that the endpoint would not use.",
		.also = {ALSO_ABORT},
		.decide = FACTS(SENDER_CONTINUED),
	},

	/* --- from the endpoint's own distance --------------------------- */
	/* VirtualBox's NAT and redirecting proxies answer so [captures;
	 * measured: c10, c11]. Fooled by: a server in the next room. */
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
	},
	{
		.name = "syn-ack-from-elsewhere",
		.needs = FACTS(SYNACK_FROM_ELSEWHERE),
		.forbids = FACTS(RESET_TTL_MATCHES_SENDER),
		.mechanism = MECHANISM_INJECTED,
		.sender = ROLE_MIDDLEBOX,
		.culprit = ROLE_MIDDLEBOX,
		.grade = GRADE_POSSIBLE,
		.summary = "Two places speak in this endpoint's name: the "
			   "handshake came from one, the reset from the "
			   "other.",
		.also = {ALSO_ABORT,
			{MECHANISM_PROXY_CLOSED, ROLE_SENDER, ROLE_SENDER,
				"a SYN proxy answered the handshake, the "
				"server behind it ended the connection"}},
		.decide = FACTS(SENDER_CONTINUED),
	},
	/* Its FIN was retransmitted without an answer: the path was dead in
	 * that direction before the other side's data came [measured: h4]. */
	{
		.name = "closed-unheard",
		.needs = FACTS(SENDER_HAD_CLOSED, DATA_AFTER_CLOSE,
			OWN_DATA_UNANSWERED, RESET_TTL_MATCHES_SENDER),
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
	},
	/* Kernel sends it when data comes after close() [measured: c4, c17].
	 */
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
	},
	{
		.name = "timeout-then-reset",
		.needs = FACTS(OWN_DATA_UNANSWERED, RESET_FROM_SOCKET),
		.forbids = FACTS(RESET_TTL_FAR_OFF),
		.mechanism = MECHANISM_RETRANSMISSION_TIMEOUT,
		.sender = ROLE_SENDER,
		.culprit = ROLE_UNKNOWN,
		.grade = GRADE_LIKELY,
		.summary = "Its retransmissions went unanswered, and it gave "
			   "up.",
		.also = {{MECHANISM_STATE_EXPIRED, ROLE_NONE, ROLE_NAT,
				 "a box on the path forgot the connection and "
				 "drops its packets"},
			ALSO_LOSS},
		.decide = FACTS(IDLE_TIMER_ON_PATH),
	},
	/* Socket-born resets carry the connection's own numbers, timestamps
	 * and identification [measured: c2, c3, c5, c12]. Only a device that
	 * keeps all of them could forge it. */
	{
		.name = "abort-in-every-detail",
		.needs = FACTS(RESET_FROM_SOCKET, RESET_ID_CONTINUES,
			RESET_TTL_MATCHES_SENDER, SENDER_TTL_STEADY),
		.forbids = FACTS(RESET_COPIES_PEER, RESET_TOO_FAST,
			ANSWERED_BY_NEIGHBOUR),
		.mechanism = MECHANISM_ABORT,
		.sender = ROLE_SENDER,
		.culprit = ROLE_SENDER,
		.grade = GRADE_CERTAIN,
		.summary = "The endpoint aborted the connection itself: its "
			   "program crashed, was killed, or closed it with "
			   "data unread.",
	},
	{
		.name = "abort",
		.needs = FACTS(RESET_FROM_SOCKET, RESET_TTL_MATCHES_SENDER),
		.forbids = FACTS(RESET_COPIES_PEER, RESET_TOO_FAST),
		.mechanism = MECHANISM_ABORT,
		.sender = ROLE_SENDER,
		.culprit = ROLE_SENDER,
		.grade = GRADE_LIKELY,
		.summary = "The endpoint aborted the connection itself: its "
			   "program crashed, was killed, or closed it with "
			   "data unread.",
		.also = {ALSO_INJECTED},
		.decide = FACTS(SENDER_CONTINUED),
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
	},
	/* NAT remap, load balancer, server idle close with a lost FIN and
	 * restart look the same from here [measured: a2, a4, h4, c9, i1]. */
	{
		.name = "unknown-after-silence",
		.needs = FACTS(RESET_IS_STATELESS, RESET_ANSWERS_PEER,
			IDLE_BEFORE, RESET_TTL_MATCHES_SENDER),
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
		.name = "abort-of-another-stack",
		.needs = FACTS(RESET_TTL_MATCHES_SENDER, RESET_SEQUENCE_EXACT),
		.forbids = FACTS(RESET_COPIES_PEER, RESET_TOO_FAST),
		.mechanism = MECHANISM_ABORT,
		.sender = ROLE_SENDER,
		.culprit = ROLE_SENDER,
		.grade = GRADE_LIKELY,
		.summary = "The endpoint ended the connection with a reset.",
		.also = {ALSO_INJECTED},
		.decide = FACTS(SENDER_CONTINUED),
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

	/* --- nothing to compare with ------------------------------------ */
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

const unsigned signatures_reset_count =
	sizeof(signatures_reset) / sizeof(signatures_reset[0]);
