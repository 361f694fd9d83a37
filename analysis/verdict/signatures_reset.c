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
		.needs = HAS(SENDER_CONTINUED) | HAS(RESET_IS_STATELESS) |
			 HAS(RESET_ANSWERS_PEER) | HAS(IDLE_BEFORE),
		.denies = HAS(RESET_TTL_MATCHES_SENDER),
		.mechanism = MECHANISM_STATE_EXPIRED,
		.sender = ROLE_MIDDLEBOX,
		.culprit = ROLE_NAT,
		.grade = GRADE_LIKELY,
		.summary = "A device on the path forgot the connection while "
			   "it was idle, and answered the next packet with a "
			   "reset; the other end knows nothing of it and "
			   "talks on.",
		.also = {ALSO_FIREWALL},
		.decide = {FACT_IDLE_TIMER_ON_PATH},
		.decide_count = 1,
	},
	{
		.name = "rejected-and-outlived",
		.needs = HAS(SENDER_CONTINUED) | HAS(RESET_IS_STATELESS) |
			 HAS(RESET_ANSWERS_PEER),
		.denies = HAS(RESET_TTL_MATCHES_SENDER),
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
		.needs = HAS(SENDER_CONTINUED),
		.denies = HAS(RESET_TTL_MATCHES_SENDER),
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
		.needs = HAS(SENDER_CONTINUED),
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
		.needs = HAS(ACKS_UNDELIVERED),
		.denies = HAS(RESET_TTL_MATCHES_SENDER),
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
		.needs = HAS(RESET_MADE_HERE) | HAS(IDLE_BEFORE),
		.mechanism = MECHANISM_STATE_EXPIRED,
		.sender = ROLE_MIDDLEBOX,
		.culprit = ROLE_NAT,
		.grade = GRADE_LIKELY,
		.summary = "The machine that recorded this sent the reset "
			   "itself, after a silence: it had forgotten the "
			   "connection.",
		.also = {ALSO_FIREWALL},
		.decide = {FACT_IDLE_TIMER_ON_PATH},
		.decide_count = 1,
	},
	{
		.name = "made-here",
		.needs = HAS(RESET_MADE_HERE),
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
		.needs =
			HAS(RESET_BY_OTHER_INTERFACE) | HAS(RESET_IS_STATELESS),
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
		.needs = HAS(RESET_REFUSES_SYN),
		.denies = HAS(RESET_TTL_MATCHES_SENDER),
		.mechanism = MECHANISM_SYN_REJECTED,
		.sender = ROLE_MIDDLEBOX,
		.culprit = ROLE_MIDDLEBOX,
		.grade = GRADE_LIKELY,
		.summary = "A firewall on the path refused the connection "
			   "in the server's name: the server is at another "
			   "distance.",
		.also = {ALSO_PORT_CLOSED},
		.decide = {FACT_DSCP_REFLECTED},
		.decide_count = 1,
	},
	/* Two answers from two distances; no stack refuses with a window
	 * [captures of a device one hop before the host]. */
	{
		.name = "refused-twice-this-one-odd",
		.needs = HAS(REFUSED_TWICE),
		.denies = HAS(REFUSAL_AS_KERNELS_DO),
		.mechanism = MECHANISM_SYN_REJECTED,
		.sender = ROLE_MIDDLEBOX,
		.culprit = ROLE_MIDDLEBOX,
		.grade = GRADE_LIKELY,
		.summary = "A device on the path refused the connection as "
			   "well: two answers came from two distances, and "
			   "this one is not in the form that hosts use.",
		.also = {ALSO_PORT_CLOSED},
		.decide = {FACT_RESET_TTL_MATCHES_SENDER},
		.decide_count = 1,
	},
	{
		.name = "refused-twice",
		.needs = HAS(RESET_REFUSES_SYN) | HAS(REFUSED_TWICE) |
			 HAS(REFUSAL_AS_KERNELS_DO),
		.mechanism = MECHANISM_PORT_CLOSED,
		.sender = ROLE_SERVER,
		.culprit = ROLE_SERVER,
		.grade = GRADE_POSSIBLE,
		.summary = "Two answers refused the connection, from two "
			   "distances; this one is in the form that hosts "
			   "use.",
		.also = {ALSO_REJECTED_BY_BOX},
		.decide = {FACT_RESET_TTL_MATCHES_SENDER},
		.decide_count = 1,
	},
	{
		.name = "refused-by-a-neighbour",
		.needs = HAS(RESET_REFUSES_SYN) | HAS(ANSWERED_BY_NEIGHBOUR),
		.mechanism = MECHANISM_SYN_REJECTED,
		.sender = ROLE_MIDDLEBOX,
		.culprit = ROLE_MIDDLEBOX,
		.grade = GRADE_LIKELY,
		.summary = "The next hop refused the connection in the "
			   "server's name.",
		.also = {ALSO_PORT_CLOSED},
		.decide = {FACT_DSCP_REFLECTED},
		.decide_count = 1,
	},
	/* Linux's stack reflects the DSCP of what it refuses, nf_reject sets
	 * 0 [measured; net/ipv4/tcp_ipv4.c, nf_reject_ipv4.c]. Fooled by: a
	 * path that clears the DSCP on the way back, and other stacks. */
	{
		.name = "reject-rule-at-the-server",
		.needs = HAS(RESET_REFUSES_SYN) | HAS(REFUSAL_AS_KERNELS_DO) |
			 HAS(RESET_TTL_MATCHES_SENDER),
		.denies = HAS(DSCP_REFLECTED),
		.mechanism = MECHANISM_SYN_REJECTED,
		.sender = ROLE_SERVER,
		.culprit = ROLE_SERVER,
		.grade = GRADE_POSSIBLE,
		.summary = "The refusal does not reflect the SYN's DSCP: a "
			   "REJECT rule rather than a closed port.",
		.also = {ALSO_PORT_CLOSED, ALSO_REJECTED_BY_BOX},
		.decide = {FACT_DSCP_REFLECTED},
		.decide_count = 1,
	},
	{
		.name = "reject-rule-somewhere",
		.needs = HAS(RESET_REFUSES_SYN) | HAS(REFUSAL_AS_KERNELS_DO),
		.denies = HAS(DSCP_REFLECTED),
		.mechanism = MECHANISM_SYN_REJECTED,
		.sender = ROLE_UNKNOWN,
		.culprit = ROLE_UNKNOWN,
		.grade = GRADE_POSSIBLE,
		.summary = "The refusal does not reflect the SYN's DSCP: a "
			   "REJECT rule, on the server or on the path.",
		.also = {ALSO_REJECTED_BY_HOST, ALSO_REJECTED_BY_BOX,
			ALSO_PORT_CLOSED},
		.decide = {FACT_RESET_TTL_MATCHES_SENDER},
		.decide_count = 1,
	},
	/* IPv6: Linux's refusal carries a flow label, nf_reject6's none
	 * [measured]. Fooled by: other stacks, which send 0 too. */
	{
		.name = "reject-rule-v6",
		.needs = HAS(RESET_REFUSES_SYN) | HAS(REFUSAL_AS_KERNELS_DO),
		.denies = HAS(FLOW_LABEL_SET),
		.mechanism = MECHANISM_SYN_REJECTED,
		.sender = ROLE_UNKNOWN,
		.culprit = ROLE_UNKNOWN,
		.grade = GRADE_POSSIBLE,
		.summary = "The refusal has no flow label: a REJECT rule on "
			   "the server or on the path, if the server runs "
			   "Linux.",
		.also = {ALSO_REJECTED_BY_HOST, ALSO_REJECTED_BY_BOX,
			ALSO_PORT_CLOSED},
		.decide = {FACT_RESET_TTL_MATCHES_SENDER},
		.decide_count = 1,
	},
	{
		.name = "port-closed-reflected",
		.needs = HAS(RESET_REFUSES_SYN) | HAS(REFUSAL_AS_KERNELS_DO) |
			 HAS(DSCP_REFLECTED),
		.mechanism = MECHANISM_PORT_CLOSED,
		.sender = ROLE_SERVER,
		.culprit = ROLE_SERVER,
		.grade = GRADE_LIKELY,
		.summary = "Nothing listens on that port: the host's own "
			   "stack refused the SYN.",
		.also = {ALSO_REJECTED_BY_BOX},
		.decide = {FACT_RESET_TTL_MATCHES_SENDER},
		.decide_count = 1,
	},
	{
		.name = "port-closed-v6",
		.needs = HAS(RESET_REFUSES_SYN) | HAS(REFUSAL_AS_KERNELS_DO) |
			 HAS(FLOW_LABEL_SET),
		.mechanism = MECHANISM_PORT_CLOSED,
		.sender = ROLE_SERVER,
		.culprit = ROLE_SERVER,
		.grade = GRADE_LIKELY,
		.summary = "Nothing listens on that port: the host's own "
			   "stack refused the SYN.",
		.also = {ALSO_REJECTED_BY_BOX},
		.decide = {FACT_RESET_TTL_MATCHES_SENDER},
		.decide_count = 1,
	},
	{
		.name = "port-closed",
		.needs = HAS(RESET_REFUSES_SYN) | HAS(REFUSAL_AS_KERNELS_DO) |
			 HAS(RESET_TTL_MATCHES_SENDER),
		.mechanism = MECHANISM_PORT_CLOSED,
		.sender = ROLE_SERVER,
		.culprit = ROLE_SERVER,
		.grade = GRADE_LIKELY,
		.summary = "Nothing listens on that port of the server, "
			   "which answers from its usual distance.",
		.also = {ALSO_REJECTED_BY_HOST},
		.decide = {FACT_DSCP_REFLECTED},
		.decide_count = 1,
	},
	{
		.name = "refused",
		.needs = HAS(RESET_REFUSES_SYN),
		.mechanism = MECHANISM_PORT_CLOSED,
		.sender = ROLE_SERVER,
		.culprit = ROLE_SERVER,
		.grade = GRADE_POSSIBLE,
		.summary = "The connection was refused; by the server, or "
			   "by a firewall in its name.",
		.also = {ALSO_REJECTED_BY_BOX, ALSO_REJECTED_BY_HOST},
		.decide = {FACT_RESET_TTL_MATCHES_SENDER, FACT_DSCP_REFLECTED},
		.decide_count = 2,
	},

	/* --- from another distance ------------------------------------- */
	/* Whoever writes the other side's identification and window into a
	 * packet has seen the other side's packet: on the path [captures of
	 * several injectors]. */
	{
		.name = "injected-copying",
		.needs = HAS(RESET_TTL_FAR_OFF) | HAS(RESET_COPIES_PEER) |
			 HAS(SENDER_TTL_STEADY),
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
		.needs = HAS(RESET_TTL_FAR_OFF) | HAS(RESET_COPIES_PEER),
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
		.needs = HAS(RESET_TTL_FAR_OFF) | HAS(RESET_TOO_FAST),
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
		.needs = HAS(IDLE_BEFORE) | HAS(RESET_IS_STATELESS) |
			 HAS(RESET_ANSWERS_PEER),
		.denies = HAS(RESET_TTL_MATCHES_SENDER),
		.mechanism = MECHANISM_STATE_EXPIRED,
		.sender = ROLE_MIDDLEBOX,
		.culprit = ROLE_NAT,
		.grade = GRADE_LIKELY,
		.summary = "A device on the path forgot the connection while "
			   "it was idle, and answered the next packet with a "
			   "reset.",
		.also = {ALSO_FIREWALL},
		.decide = {FACT_IDLE_TIMER_ON_PATH},
		.decide_count = 1,
	},
	{
		.name = "box-after-close",
		.needs = HAS(RESET_TTL_FAR_OFF) | HAS(IDLE_BEFORE) |
			 HAS(PEER_HAD_CLOSED),
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
		.needs = HAS(RESET_TTL_FAR_OFF) | HAS(SENDER_TTL_STEADY),
		.denies = HAS(RESET_ID_CONTINUES),
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
		.needs = HAS(RESET_TTL_FAR_OFF) | HAS(RESET_IS_STATELESS) |
			 HAS(RESET_ANSWERS_PEER),
		.mechanism = MECHANISM_FIREWALL_REJECT,
		.sender = ROLE_MIDDLEBOX,
		.culprit = ROLE_MIDDLEBOX,
		.grade = GRADE_LIKELY,
		.summary = "A firewall on the path rejected a packet of the "
			   "established connection, with a reset in the "
			   "endpoint's name.",
		.also = {{MECHANISM_INJECTED, ROLE_MIDDLEBOX, ROLE_MIDDLEBOX,
			"a device that looks for content"}},
		.decide = {FACT_SENDER_CONTINUED},
		.decide_count = 1,
	},
	{
		.name = "injected-far",
		.needs = HAS(RESET_TTL_FAR_OFF),
		.mechanism = MECHANISM_INJECTED,
		.sender = ROLE_MIDDLEBOX,
		.culprit = ROLE_MIDDLEBOX,
		.grade = GRADE_LIKELY,
		.summary = "A device on the path forged the reset: it came "
			   "from another distance than the endpoint's "
			   "packets.",
		.also = {ALSO_FIREWALL},
		.decide = {FACT_SENDER_CONTINUED},
		.decide_count = 1,
	},
	/* A distance of one to four: routes differ by that much, kernels
	 * that answer between two packets do not. */
	{
		.name = "near-but-its-own-socket",
		.needs = HAS(RESET_FROM_SOCKET) | HAS(RESET_ID_CONTINUES),
		.denies = HAS(RESET_TTL_MATCHES_SENDER),
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
		.needs = HAS(RESET_IS_STATELESS) | HAS(RESET_ANSWERS_PEER) |
			 HAS(SENDER_TTL_STEADY),
		.denies = HAS(RESET_TTL_MATCHES_SENDER),
		.mechanism = MECHANISM_FIREWALL_REJECT,
		.sender = ROLE_MIDDLEBOX,
		.culprit = ROLE_MIDDLEBOX,
		.grade = GRADE_LIKELY,
		.summary = "A firewall on the path rejected a packet of the "
			   "established connection, with a reset in the "
			   "endpoint's name.",
		.also = {ALSO_UNKNOWN_CONNECTION},
		.decide = {FACT_SENDER_CONTINUED},
		.decide_count = 1,
	},
	/* A stack without the connection knows the number that it was
	 * acknowledged, its owner also sends an acknowledgment. Bare and with
	 * a newer number it was sent by somebody who watched. Fooled by: old
	 * stacks that abort with a bare RST (RFC 793), hence the distance. */
	{
		.name = "bare-and-knowing",
		.needs = HAS(RESET_IS_STATELESS) | HAS(RESET_SEQUENCE_EXACT) |
			 HAS(SENDER_TTL_STEADY),
		.denies =
			HAS(RESET_TTL_MATCHES_SENDER) | HAS(RESET_ANSWERS_PEER),
		.mechanism = MECHANISM_INJECTED,
		.sender = ROLE_MIDDLEBOX,
		.culprit = ROLE_MIDDLEBOX,
		.grade = GRADE_LIKELY,
		.summary = "A device on the path forged the reset: it came "
			   "from another distance, and knows a number that a "
			   "host without the connection could not know.",
		.also = {ALSO_ABORT},
		.decide = {FACT_SENDER_CONTINUED},
		.decide_count = 1,
	},
	{
		.name = "near",
		.needs = HAS(RESET_SEQUENCE_EXACT),
		.denies = HAS(RESET_TTL_MATCHES_SENDER),
		.mechanism = MECHANISM_INJECTED,
		.sender = ROLE_MIDDLEBOX,
		.culprit = ROLE_MIDDLEBOX,
		.grade = GRADE_POSSIBLE,
		.summary = "The reset came from a slightly other distance: "
			   "a device on the path, or the endpoint over "
			   "another route.",
		.also = {ALSO_ABORT, ALSO_FIREWALL},
		.decide = {FACT_SENDER_CONTINUED},
		.decide_count = 1,
	},
	{
		.name = "near-and-inexact",
		.needs = HAS(SENDER_TTL_STEADY),
		.denies = HAS(RESET_TTL_MATCHES_SENDER),
		.mechanism = MECHANISM_INJECTED,
		.sender = ROLE_MIDDLEBOX,
		.culprit = ROLE_MIDDLEBOX,
		.grade = GRADE_POSSIBLE,
		.summary = "The reset came from a slightly other distance, "
			   "with numbers that the endpoint would not use.",
		.also = {ALSO_ABORT},
		.decide = {FACT_SENDER_CONTINUED},
		.decide_count = 1,
	},

	/* --- from the endpoint's own distance --------------------------- */
	/* VirtualBox's NAT and redirecting proxies answer so [captures;
	 * measured: c10, c11]. Fooled by: a server in the next room. */
	{
		.name = "answered-by-neighbour-after-close",
		.needs = HAS(ANSWERED_BY_NEIGHBOUR) |
			 HAS(RESET_TTL_MATCHES_SENDER),
		.mechanism = MECHANISM_PROXY_CLOSED,
		.sender = ROLE_MIDDLEBOX,
		.culprit = ROLE_MIDDLEBOX,
		.grade = GRADE_POSSIBLE,
		.summary = "Everything that came in the server's name came "
			   "from the next hop: a proxy, or a NAT that "
			   "terminates connections, ended it.",
		.also = {ALSO_ABORT, ALSO_UNKNOWN_CONNECTION},
		.decide = {FACT_ANSWERED_BY_NEIGHBOUR},
		.decide_count = 1,
	},
	{
		.name = "syn-ack-from-elsewhere",
		.needs = HAS(SYNACK_FROM_ELSEWHERE),
		.forbids = HAS(RESET_TTL_MATCHES_SENDER),
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
		.decide = {FACT_SENDER_CONTINUED},
		.decide_count = 1,
	},
	/* Its FIN was retransmitted without an answer: the path was dead in
	 * that direction before the other side's data came [measured: h4]. */
	{
		.name = "closed-unheard",
		.needs = HAS(SENDER_HAD_CLOSED) | HAS(DATA_AFTER_CLOSE) |
			 HAS(OWN_DATA_UNANSWERED) |
			 HAS(RESET_TTL_MATCHES_SENDER),
		.mechanism = MECHANISM_STATE_EXPIRED,
		.sender = ROLE_SENDER,
		.culprit = ROLE_NAT,
		.grade = GRADE_POSSIBLE,
		.summary = "It had closed the connection, but its FIN was "
			   "never answered: something between dropped it, "
			   "as boxes do that forgot the connection.",
		.also = {{MECHANISM_LATE_DATA, ROLE_SENDER, ROLE_SENDER,
			"the other side was only slow"}},
		.decide = {FACT_IDLE_TIMER_ON_PATH},
		.decide_count = 1,
	},
	/* Kernel sends it when data comes after close() [measured: c4, c17].
	 */
	{
		.name = "late-data",
		.needs = HAS(SENDER_HAD_CLOSED) | HAS(DATA_AFTER_CLOSE) |
			 HAS(RESET_TTL_MATCHES_SENDER),
		.mechanism = MECHANISM_LATE_DATA,
		.sender = ROLE_SENDER,
		.culprit = ROLE_SENDER,
		.grade = GRADE_LIKELY,
		.summary = "It had closed the connection; data came after "
			   "that, and its kernel said so.",
	},
	{
		.name = "keepalive-ran-out",
		.needs = HAS(RESET_FROM_SOCKET) | HAS(OWN_PROBES_UNANSWERED),
		.forbids = HAS(RESET_TTL_FAR_OFF),
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
		.decide = {FACT_IDLE_TIMER_ON_PATH},
		.decide_count = 1,
	},
	{
		.name = "timeout-then-reset",
		.needs = HAS(OWN_DATA_UNANSWERED) | HAS(RESET_FROM_SOCKET),
		.forbids = HAS(RESET_TTL_FAR_OFF),
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
		.decide = {FACT_IDLE_TIMER_ON_PATH},
		.decide_count = 1,
	},
	/* Socket-born resets carry the connection's own numbers, timestamps
	 * and identification [measured: c2, c3, c5, c12]. Only a device that
	 * keeps all of them could forge it. */
	{
		.name = "abort-in-every-detail",
		.needs = HAS(RESET_FROM_SOCKET) | HAS(RESET_ID_CONTINUES) |
			 HAS(RESET_TTL_MATCHES_SENDER) | HAS(SENDER_TTL_STEADY),
		.forbids = HAS(RESET_COPIES_PEER) | HAS(RESET_TOO_FAST) |
			   HAS(ANSWERED_BY_NEIGHBOUR),
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
		.needs = HAS(RESET_FROM_SOCKET) | HAS(RESET_TTL_MATCHES_SENDER),
		.forbids = HAS(RESET_COPIES_PEER) | HAS(RESET_TOO_FAST),
		.mechanism = MECHANISM_ABORT,
		.sender = ROLE_SENDER,
		.culprit = ROLE_SENDER,
		.grade = GRADE_LIKELY,
		.summary = "The endpoint aborted the connection itself: its "
			   "program crashed, was killed, or closed it with "
			   "data unread.",
		.also = {ALSO_INJECTED},
		.decide = {FACT_SENDER_CONTINUED},
		.decide_count = 1,
	},
	{
		.name = "expired-by-timer",
		.needs = HAS(RESET_IS_STATELESS) | HAS(RESET_ANSWERS_PEER) |
			 HAS(IDLE_BEFORE) | HAS(IDLE_TIMER_ON_PATH) |
			 HAS(RESET_TTL_MATCHES_SENDER),
		.forbids = HAS(SENDER_HAD_CLOSED),
		.mechanism = MECHANISM_STATE_EXPIRED,
		.sender = ROLE_SENDER,
		.culprit = ROLE_NAT,
		.grade = GRADE_LIKELY,
		.summary = "It sent the reset because its kernel knew no such "
			   "connection: something between forgot it first, "
			   "after a silence that others on this path did not "
			   "survive either.",
		.also = {ALSO_UNKNOWN_CONNECTION},
		.decide = {FACT_IDLE_TIMER_ON_PATH},
		.decide_count = 1,
	},
	/* NAT remap, load balancer, server idle close with a lost FIN and
	 * restart look the same from here [measured: a2, a4, h4, c9, i1]. */
	{
		.name = "unknown-after-silence",
		.needs = HAS(RESET_IS_STATELESS) | HAS(RESET_ANSWERS_PEER) |
			 HAS(IDLE_BEFORE) | HAS(RESET_TTL_MATCHES_SENDER),
		.forbids = HAS(SENDER_HAD_CLOSED),
		.mechanism = MECHANISM_STATE_EXPIRED,
		.sender = ROLE_SENDER,
		.culprit = ROLE_NAT,
		.grade = GRADE_POSSIBLE,
		.summary = "It sent the reset because its kernel knew no such "
			   "connection. After a silence that is mostly a NAT, "
			   "firewall or load balancer that forgot it first.",
		.also = {ALSO_UNKNOWN_CONNECTION},
		.decide = {FACT_IDLE_TIMER_ON_PATH},
		.decide_count = 1,
	},
	{
		.name = "unknown-connection",
		.needs = HAS(RESET_IS_STATELESS) | HAS(RESET_ANSWERS_PEER) |
			 HAS(RESET_TTL_MATCHES_SENDER),
		.forbids = HAS(SENDER_HAD_CLOSED),
		.mechanism = MECHANISM_UNKNOWN_CONNECTION,
		.sender = ROLE_SENDER,
		.culprit = ROLE_SENDER,
		.grade = GRADE_POSSIBLE,
		.summary = "Its kernel knew no such connection: it was "
			   "restarted, or a load balancer sent the packet to "
			   "another machine.",
		.also = {ALSO_BALANCER, ALSO_EXPIRED, ALSO_INJECTED},
		.decide = {FACT_SENDER_CONTINUED},
		.decide_count = 1,
	},
	{
		.name = "abort-of-another-stack",
		.needs = HAS(RESET_TTL_MATCHES_SENDER) |
			 HAS(RESET_SEQUENCE_EXACT),
		.forbids = HAS(RESET_COPIES_PEER) | HAS(RESET_TOO_FAST),
		.mechanism = MECHANISM_ABORT,
		.sender = ROLE_SENDER,
		.culprit = ROLE_SENDER,
		.grade = GRADE_LIKELY,
		.summary = "The endpoint ended the connection with a reset.",
		.also = {ALSO_INJECTED},
		.decide = {FACT_SENDER_CONTINUED},
		.decide_count = 1,
	},
	{
		.name = "copying-at-the-right-distance",
		.needs = HAS(RESET_COPIES_PEER) | HAS(RESET_TTL_MATCHES_SENDER),
		.mechanism = MECHANISM_INJECTED,
		.sender = ROLE_MIDDLEBOX,
		.culprit = ROLE_MIDDLEBOX,
		.grade = GRADE_POSSIBLE,
		.summary = "The reset copies fields of the packet that it "
			   "answers; endpoints don't.",
		.also = {ALSO_ABORT},
		.decide = {FACT_SENDER_CONTINUED},
		.decide_count = 1,
	},
	{
		.name = "inexact-at-the-right-distance",
		.needs = HAS(RESET_TTL_MATCHES_SENDER),
		.mechanism = MECHANISM_ABORT,
		.sender = ROLE_SENDER,
		.culprit = ROLE_SENDER,
		.grade = GRADE_POSSIBLE,
		.summary = "A reset from the endpoint's distance, with "
			   "numbers that do not quite fit.",
		.also = {ALSO_INJECTED},
		.decide = {FACT_SENDER_CONTINUED},
		.decide_count = 1,
	},

	/* --- nothing to compare with ------------------------------------ */
	{
		.name = "stateless-without-baseline",
		.needs = HAS(RESET_IS_STATELESS),
		.forbids =
			HAS(RESET_TTL_MATCHES_SENDER) | HAS(RESET_TTL_FAR_OFF),
		.mechanism = MECHANISM_UNKNOWN_CONNECTION,
		.sender = ROLE_SENDER,
		.culprit = ROLE_SENDER,
		.grade = GRADE_POSSIBLE,
		.summary = "A reset as kernels send it for a connection that "
			   "they don't know; nothing else of its sender was "
			   "recorded to compare it with.",
		.also = {ALSO_BALANCER, ALSO_EXPIRED, ALSO_INJECTED},
		.decide = {FACT_RESET_TTL_MATCHES_SENDER},
		.decide_count = 1,
	},
	{
		.name = "without-baseline",
		.needs = HAS(RESET_SEEN),
		.forbids =
			HAS(RESET_TTL_MATCHES_SENDER) | HAS(RESET_TTL_FAR_OFF),
		.mechanism = MECHANISM_ABORT,
		.sender = ROLE_SENDER,
		.culprit = ROLE_SENDER,
		.grade = GRADE_POSSIBLE,
		.summary = "A reset that can't be held against its sender: too "
			   "little else of it was recorded, or it fits "
			   "neither well nor badly.",
		.also = {ALSO_INJECTED},
		.decide = {FACT_RESET_TTL_MATCHES_SENDER},
		.decide_count = 1,
	},
};

const unsigned signatures_reset_count =
	sizeof(signatures_reset) / sizeof(signatures_reset[0]);
