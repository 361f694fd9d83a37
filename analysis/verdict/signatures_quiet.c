/* The knowledge about endings without a reset: silence, ICMP errors, packets
 * too large for the path, and what SSH says in clear. */
#include "analysis/verdict/signatures.h"

#define ALSO_BLACK_HOLE                                                        \
	{                                                                      \
		MECHANISM_PMTU_BLACK_HOLE, ROLE_NONE, ROLE_MTU,                \
			"only large packets vanish: no small one was tried "   \
			"to tell"                                              \
	}
#define ALSO_SILENT_EXPIRY                                                     \
	{                                                                      \
		MECHANISM_STATE_EXPIRED, ROLE_NONE, ROLE_NAT,                  \
			"a box on the path forgot the connection and drops "   \
			"its packets"                                          \
	}

const struct signature signatures_silence[] = {
	/* --- the SYN --------------------------------------------------- */
	/* RFC 792 and RFC 4443; REJECT rules answer so by default [measured:
	 * h2 from the server's address, c6c from a router's]. Fooled by:
	 * forged ICMP. */
	{
		.name = "syn-rejected-by-server",
		.needs = HAS(SYN_UNANSWERED) | HAS(ICMP_ERROR) |
			 HAS(ICMP_FROM_SERVER),
		.mechanism = MECHANISM_SYN_REJECTED,
		.sender = ROLE_SERVER,
		.culprit = ROLE_SERVER,
		.grade = GRADE_LIKELY,
		.summary = "The server's own firewall refused the SYN with "
			   "an ICMP error (a REJECT rule, a ban).",
		.also = {ALSO_REJECTED_BY_BOX},
	},
	{
		.name = "syn-prohibited-on-path",
		.needs = HAS(SYN_UNANSWERED) | HAS(ICMP_ERROR) |
			 HAS(ICMP_PROHIBITED),
		.mechanism = MECHANISM_SYN_REJECTED,
		.sender = ROLE_MIDDLEBOX,
		.culprit = ROLE_MIDDLEBOX,
		.grade = GRADE_LIKELY,
		.summary = "A firewall on the path refused the SYN and said "
			   "so with an ICMP error.",
	},
	{
		.name = "syn-port-unreachable-on-path",
		.needs = HAS(SYN_UNANSWERED) | HAS(ICMP_ERROR) | HAS(ICMP_PORT),
		.mechanism = MECHANISM_SYN_REJECTED,
		.sender = ROLE_MIDDLEBOX,
		.culprit = ROLE_MIDDLEBOX,
		.grade = GRADE_LIKELY,
		.summary = "A firewall on the path refused the SYN and said "
			   "so with an ICMP error.",
	},
	/* e1: host unreachable from the last router, 3 s after the SYN, when
	 * nobody answers ARP [measured]. */
	{
		.name = "syn-unreachable",
		.needs = HAS(SYN_UNANSWERED) | HAS(ICMP_ERROR),
		.denies = HAS(ICMP_PROHIBITED) | HAS(ICMP_FROM_SERVER),
		.mechanism = MECHANISM_ICMP_UNREACHABLE,
		.sender = ROLE_MIDDLEBOX,
		.culprit = ROLE_UNKNOWN,
		.grade = GRADE_LIKELY,
		.summary = "A router had no way to the server: the server is "
			   "off, or the route to it is missing.",
		.also = {{MECHANISM_ICMP_UNREACHABLE, ROLE_MIDDLEBOX,
				 ROLE_SERVER, "the server is switched off"},
			{MECHANISM_ICMP_UNREACHABLE, ROLE_MIDDLEBOX,
				ROLE_MIDDLEBOX, "a route is missing"}},
	},
	/* A drop rule, a full backlog and a dead host are alike from here
	 * [measured: c6d, c15, c16]. */
	{
		.name = "syn-unanswered",
		.needs = HAS(SYN_UNANSWERED),
		.mechanism = MECHANISM_SYN_UNANSWERED,
		.sender = ROLE_NONE,
		.culprit = ROLE_UNKNOWN,
		.grade = GRADE_POSSIBLE,
		.summary = "Nobody answered the SYN.",
		.also = {{MECHANISM_SYN_UNANSWERED, ROLE_NONE, ROLE_MIDDLEBOX,
				 "a firewall or security group drops it"},
			{MECHANISM_SYN_UNANSWERED, ROLE_NONE, ROLE_SERVER,
				"the server is down, drops it, or its accept "
				"queue is full"},
			{MECHANISM_SYN_UNANSWERED, ROLE_NONE, ROLE_LOSS,
				"the path lost it"}},
		.decide = {FACT_SYN_UNANSWERED},
		.decide_count = 1,
	},
	{
		.name = "syn-ack-unanswered",
		.needs = HAS(SYNACK_UNANSWERED),
		.mechanism = MECHANISM_SYN_UNANSWERED,
		.sender = ROLE_NONE,
		.culprit = ROLE_UNKNOWN,
		.grade = GRADE_POSSIBLE,
		.summary = "The server answered the SYN again and again; its "
			   "answer did not arrive, or the client's did not "
			   "come back.",
		.also = {{MECHANISM_SYN_UNANSWERED, ROLE_NONE, ROLE_MIDDLEBOX,
				 "a firewall drops one direction"},
			{MECHANISM_SYN_UNANSWERED, ROLE_NONE, ROLE_CLIENT,
				"a scan, or a forged source address"},
			{MECHANISM_SYN_UNANSWERED, ROLE_NONE, ROLE_LOSS,
				"the path lost it"}},
		.decide = {FACT_SYNACK_UNANSWERED},
		.decide_count = 1,
	},

	/* The accept queue was full when the last ACK came: the client thinks
	 * it is connected, the server drops everything [measured: c16b].
	 * Fooled by: that one ACK lost and all data after it. */
	{
		.name = "handshake-not-heard",
		.needs = HAS(HANDSHAKE_NOT_HEARD) |
			 HAS(RETRANSMISSIONS_UNANSWERED),
		.mechanism = MECHANISM_RETRANSMISSION_TIMEOUT,
		.sender = ROLE_NONE,
		.culprit = ROLE_SERVER,
		.grade = GRADE_POSSIBLE,
		.summary = "The server repeats its SYN-ACK though the client "
			   "has acknowledged it, and takes no data: its "
			   "accept queue is full, or the path loses "
			   "everything towards it.",
		.also = {ALSO_LOSS},
		.decide = {FACT_SYN_UNANSWERED},
		.decide_count = 1,
	},

	/* The same without a repeated SYN-ACK: the queue, or a box that let
	 * the handshake through and nothing else. */
	{
		.name = "never-served",
		.needs = HAS(SERVER_NEVER_SPOKE) |
			 HAS(RETRANSMISSIONS_UNANSWERED),
		.denies = HAS(ICMP_ERROR),
		.mechanism = MECHANISM_RETRANSMISSION_TIMEOUT,
		.sender = ROLE_NONE,
		.culprit = ROLE_UNKNOWN,
		.grade = GRADE_POSSIBLE,
		.summary = "The handshake passed, and nothing after it was "
			   "ever answered.",
		.also = {{MECHANISM_RETRANSMISSION_TIMEOUT, ROLE_NONE,
				 ROLE_SERVER,
				 "its accept queue overflowed at the last "
				 "step"},
			{MECHANISM_STATE_EXPIRED, ROLE_NONE, ROLE_NAT,
				"a box on the path forgot the connection and "
				"drops its packets"},
			ALSO_LOSS},
		.decide = {FACT_SERVER_NEVER_SPOKE},
		.decide_count = 1,
	},

	/* --- "too big" --------------------------------------------------- */
	{
		.name = "too-big-ignored",
		.needs = HAS(TOO_BIG_IGNORED),
		.mechanism = MECHANISM_PMTU_IGNORED,
		.sender = ROLE_NONE,
		.culprit = ROLE_SENDER,
		.grade = GRADE_LIKELY,
		.summary = "It was told that its packets are too big for the "
			   "path, and went on sending them.",
		.also = {{MECHANISM_PMTU_BLACK_HOLE, ROLE_NONE, ROLE_MTU,
			"the message is dropped between here and the "
			"sender's stack"}},
		.decide = {FACT_TOO_BIG_IGNORED},
		.decide_count = 1,
	},

	/* --- established, with ICMP ------------------------------------- */
	/* Linux treats these as soft errors after the handshake and goes on
	 * retransmitting [measured: b5, b6]. */
	{
		.name = "expired-with-icmp",
		.needs = HAS(RETRANSMISSIONS_UNANSWERED) | HAS(ICMP_ERROR) |
			 HAS(ICMP_PROHIBITED) | HAS(IDLE_BEFORE),
		.denies = HAS(ICMP_FROM_SERVER),
		.mechanism = MECHANISM_STATE_EXPIRED,
		.sender = ROLE_MIDDLEBOX,
		.culprit = ROLE_NAT,
		.grade = GRADE_LIKELY,
		.summary = "A firewall on the path forgot the connection "
			   "while it was idle, and refuses its packets with "
			   "ICMP errors.",
		.also = {ALSO_FIREWALL},
		.decide = {FACT_IDLE_TIMER_ON_PATH},
		.decide_count = 1,
	},
	{
		.name = "expired-with-icmp-port",
		.needs = HAS(RETRANSMISSIONS_UNANSWERED) | HAS(ICMP_ERROR) |
			 HAS(ICMP_PORT) | HAS(IDLE_BEFORE),
		.denies = HAS(ICMP_FROM_SERVER),
		.mechanism = MECHANISM_STATE_EXPIRED,
		.sender = ROLE_MIDDLEBOX,
		.culprit = ROLE_NAT,
		.grade = GRADE_LIKELY,
		.summary = "A firewall on the path forgot the connection "
			   "while it was idle, and refuses its packets with "
			   "ICMP errors.",
		.also = {ALSO_FIREWALL},
		.decide = {FACT_IDLE_TIMER_ON_PATH},
		.decide_count = 1,
	},
	{
		.name = "banned-by-server",
		.needs = HAS(RETRANSMISSIONS_UNANSWERED) | HAS(ICMP_ERROR) |
			 HAS(ICMP_FROM_SERVER),
		.mechanism = MECHANISM_FIREWALL_REJECT,
		.sender = ROLE_SERVER,
		.culprit = ROLE_SERVER,
		.grade = GRADE_LIKELY,
		.summary = "The server's own firewall began to refuse the "
			   "established connection (a ban), with ICMP errors.",
		.also = {ALSO_FIREWALL},
	},
	{
		.name = "rejected-with-icmp",
		.needs = HAS(RETRANSMISSIONS_UNANSWERED) | HAS(ICMP_ERROR) |
			 HAS(ICMP_PROHIBITED),
		.mechanism = MECHANISM_FIREWALL_REJECT,
		.sender = ROLE_MIDDLEBOX,
		.culprit = ROLE_MIDDLEBOX,
		.grade = GRADE_LIKELY,
		.summary = "A firewall on the path refuses the established "
			   "connection with ICMP errors.",
	},
	{
		.name = "rejected-with-icmp-port",
		.needs = HAS(RETRANSMISSIONS_UNANSWERED) | HAS(ICMP_ERROR) |
			 HAS(ICMP_PORT),
		.mechanism = MECHANISM_FIREWALL_REJECT,
		.sender = ROLE_MIDDLEBOX,
		.culprit = ROLE_MIDDLEBOX,
		.grade = GRADE_LIKELY,
		.summary = "A firewall on the path refuses the established "
			   "connection with ICMP errors.",
	},
	{
		.name = "unreachable",
		.needs = HAS(RETRANSMISSIONS_UNANSWERED) | HAS(ICMP_ERROR),
		.mechanism = MECHANISM_ICMP_UNREACHABLE,
		.sender = ROLE_MIDDLEBOX,
		.culprit = ROLE_UNKNOWN,
		.grade = GRADE_LIKELY,
		.summary = "A router lost its way to the other end in the "
			   "middle of the connection.",
		.also = {{MECHANISM_ICMP_UNREACHABLE, ROLE_MIDDLEBOX, ROLE_PEER,
				 "the other end is switched off"},
			{MECHANISM_ICMP_UNREACHABLE, ROLE_MIDDLEBOX,
				ROLE_MIDDLEBOX, "a route is missing"}},
	},

	/* --- sizes ------------------------------------------------------- */
	/* Later, smaller data is acknowledged selectively while the same
	 * large segment is never [measured: d2, d5]. Fooled by: a device that
	 * drops this one segment for its content. */
	{
		.name = "black-hole",
		.needs = HAS(RETRANSMISSIONS_UNANSWERED) | HAS(SMALLER_PASSED),
		.denies = HAS(SAME_SIZE_PASSED),
		.forbids = HAS(PEER_WINDOW_CLOSED),
		.keeps = HAS(BOTH_DIRECTIONS_RECORDED),
		.mechanism = MECHANISM_PMTU_BLACK_HOLE,
		.sender = ROLE_NONE,
		.culprit = ROLE_MTU,
		.grade = GRADE_LIKELY,
		.summary = "Only large packets vanish, and nothing says so: a "
			   "path MTU black hole.",
		.also = {{MECHANISM_INJECTED, ROLE_NONE, ROLE_MIDDLEBOX,
			"a device drops this segment for its content"}},
		.decide = {FACT_REPAIRED_BY_SMALLER},
		.decide_count = 1,
	},
	{
		.name = "black-hole-peer-alive",
		.needs = HAS(RETRANSMISSIONS_UNANSWERED) |
			 HAS(PEER_STILL_ANSWERS),
		.denies = HAS(SAME_SIZE_PASSED),
		.forbids = HAS(PEER_WINDOW_CLOSED),
		.keeps = HAS(BOTH_DIRECTIONS_RECORDED),
		.mechanism = MECHANISM_PMTU_BLACK_HOLE,
		.sender = ROLE_NONE,
		.culprit = ROLE_MTU,
		.grade = GRADE_POSSIBLE,
		.summary = "A large packet never arrives while the other end "
			   "still talks: probably a path MTU black hole.",
		.also = {ALSO_LOSS},
		.decide = {FACT_SMALLER_PASSED},
		.decide_count = 1,
	},

	/* --- silence at every size --------------------------------------- */
	{
		.name = "expired-silently-by-timer",
		.needs = HAS(RETRANSMISSIONS_UNANSWERED) | HAS(IDLE_BEFORE) |
			 HAS(IDLE_TIMER_ON_PATH),
		.forbids = HAS(PEER_WINDOW_CLOSED),
		.keeps = HAS(BOTH_DIRECTIONS_RECORDED),
		.mechanism = MECHANISM_STATE_EXPIRED,
		.sender = ROLE_NONE,
		.culprit = ROLE_NAT,
		.grade = GRADE_LIKELY,
		.summary = "Something on the path forgot the connection while "
			   "it was idle, and drops its packets silently; "
			   "others on this path did not survive such a "
			   "silence either.",
		.also = {ALSO_LOSS},
		.decide = {FACT_IDLE_TIMER_ON_PATH},
		.decide_count = 1,
	},
	{
		.name = "expired-silently",
		.needs = HAS(RETRANSMISSIONS_UNANSWERED) | HAS(IDLE_BEFORE),
		.forbids = HAS(PEER_WINDOW_CLOSED),
		.keeps = HAS(BOTH_DIRECTIONS_RECORDED),
		.mechanism = MECHANISM_STATE_EXPIRED,
		.sender = ROLE_NONE,
		.culprit = ROLE_NAT,
		.grade = GRADE_POSSIBLE,
		.summary = "After a silence nothing was answered any more: "
			   "mostly a NAT or firewall that forgot the "
			   "connection and drops its packets.",
		.also = {ALSO_LOSS, ALSO_BLACK_HOLE},
		.decide = {FACT_IDLE_TIMER_ON_PATH},
		.decide_count = 1,
	},
	/* SSH hangs so at its key exchange, TLS at its certificates. */
	{
		.name = "first-large-unanswered",
		.needs = HAS(RETRANSMISSIONS_UNANSWERED) |
			 HAS(FIRST_LARGE_PACKET),
		.denies = HAS(SAME_SIZE_PASSED),
		.forbids = HAS(PEER_WINDOW_CLOSED),
		.keeps = HAS(BOTH_DIRECTIONS_RECORDED),
		.mechanism = MECHANISM_PMTU_BLACK_HOLE,
		.sender = ROLE_NONE,
		.culprit = ROLE_MTU,
		.grade = GRADE_POSSIBLE,
		.summary = "The first large packet of this side was never "
			   "answered, the small ones before it all were: "
			   "perhaps a path MTU black hole; no small one was "
			   "sent after it that would tell.",
		.also = {ALSO_LOSS},
		.decide = {FACT_SMALLER_PASSED},
		.decide_count = 1,
	},
	{
		.name = "unanswered-large",
		.needs = HAS(RETRANSMISSIONS_UNANSWERED),
		.denies = HAS(SAME_SIZE_PASSED),
		.forbids = HAS(PEER_WINDOW_CLOSED),
		.keeps = HAS(BOTH_DIRECTIONS_RECORDED),
		.mechanism = MECHANISM_RETRANSMISSION_TIMEOUT,
		.sender = ROLE_NONE,
		.culprit = ROLE_UNKNOWN,
		.grade = GRADE_POSSIBLE,
		.summary = "Large packets went unanswered to the end; no "
			   "small one was tried that would tell a dead path "
			   "from a path MTU black hole.",
		.also = {ALSO_BLACK_HOLE, ALSO_LOSS},
		.decide = {FACT_SMALLER_PASSED},
		.decide_count = 1,
	},
	{
		.name = "unanswered",
		.needs = HAS(RETRANSMISSIONS_UNANSWERED),
		.forbids = HAS(PEER_WINDOW_CLOSED),
		.keeps = HAS(BOTH_DIRECTIONS_RECORDED),
		.mechanism = MECHANISM_RETRANSMISSION_TIMEOUT,
		.sender = ROLE_NONE,
		.culprit = ROLE_UNKNOWN,
		.grade = GRADE_POSSIBLE,
		.summary = "Every retransmission went unanswered: the other "
			   "end is gone, or the path drops everything.",
		.also = {ALSO_LOSS,
			{MECHANISM_RETRANSMISSION_TIMEOUT, ROLE_NONE, ROLE_PEER,
				"the other end crashed or was "
				"switched off"},
			{MECHANISM_RETRANSMISSION_TIMEOUT, ROLE_NONE,
				ROLE_MIDDLEBOX,
				"a firewall began to drop its packets"}},
		.decide = {FACT_RETRANSMISSIONS_UNANSWERED},
		.decide_count = 1,
	},
	{
		.name = "probes-unanswered",
		.needs = HAS(OWN_PROBES_UNANSWERED),
		.keeps = HAS(BOTH_DIRECTIONS_RECORDED),
		.mechanism = MECHANISM_KEEPALIVE_TIMEOUT,
		.sender = ROLE_NONE,
		.culprit = ROLE_UNKNOWN,
		.grade = GRADE_POSSIBLE,
		.summary = "Keepalive probes went unanswered.",
		.also = {ALSO_SILENT_EXPIRY, ALSO_LOSS},
		.decide = {FACT_IDLE_TIMER_ON_PATH},
		.decide_count = 1,
	},
};
const unsigned signatures_silence_count =
	sizeof(signatures_silence) / sizeof(signatures_silence[0]);

const struct signature signatures_ssh[] = {
	/* sshd says it in clear and hangs up; OpenSSH 8.2 to 9.7 [source;
	 * measured with 9.2]. */
	{
		.name = "ssh-exceeded-max-startups",
		.needs = HAS(SSH_SAID_MAX_STARTUPS),
		.forbids = HAS(RESET_TTL_FAR_OFF),
		.mechanism = MECHANISM_SSH_MAX_STARTUPS,
		.sender = ROLE_SERVER,
		.culprit = ROLE_SERVER,
		.grade = GRADE_CERTAIN,
		.summary = "sshd had too many connections that were not "
			   "logged in yet, said so, and hung up.",
	},
	/* OpenSSH 9.8 on uses one text for two causes [source]. */
	{
		.name = "ssh-not-allowed",
		.needs = HAS(SSH_SAID_NOT_ALLOWED),
		.forbids = HAS(RESET_TTL_FAR_OFF),
		.mechanism = MECHANISM_SSH_MAX_STARTUPS,
		.sender = ROLE_SERVER,
		.culprit = ROLE_SERVER,
		.grade = GRADE_LIKELY,
		.summary = "sshd refused before the banner: too many "
			   "connections that were not logged in yet "
			   "(MaxStartups), or this address is penalised "
			   "(PerSourcePenalties).",
		.also = {{MECHANISM_SSH_REFUSED_BEFORE_BANNER, ROLE_SERVER,
			ROLE_SERVER, "PerSourcePenalties"}},
	},
	{
		.name = "ssh-nothing-in-common",
		.needs = HAS(SSH_NOTHING_IN_COMMON),
		.mechanism = MECHANISM_SSH_NO_COMMON_ALGORITHM,
		.sender = ROLE_UNKNOWN, /* whoever hung up first: see judge */
		.culprit = ROLE_UNKNOWN,
		.grade = GRADE_CERTAIN,
		.summary = "The two sides have no algorithm in common.",
	},
	/* TCP wrappers close without a banner [measured with libwrap]. */
	{
		.name = "ssh-refused-before-banner",
		.needs = HAS(SSH_NO_SERVER_BANNER) | HAS(SERVER_CLOSED_FIRST),
		.forbids = HAS(RESET_TTL_FAR_OFF),
		.keeps = HAS(RESET_TTL_MATCHES_SENDER),
		.mechanism = MECHANISM_SSH_REFUSED_BEFORE_BANNER,
		.sender = ROLE_SERVER,
		.culprit = ROLE_SERVER,
		.grade = GRADE_LIKELY,
		.summary = "The server took the connection and hung up before "
			   "its banner: TCP wrappers (hosts.deny), or "
			   "MaxStartups of an old sshd.",
		.also = {{MECHANISM_SSH_MAX_STARTUPS, ROLE_SERVER, ROLE_SERVER,
			"OpenSSH before 8.2 hangs up without a word"}},
	},
	{
		.name = "ssh-client-alive",
		.needs = HAS(SSH_ALIVE_UNANSWERED) | HAS(SERVER_CLOSED_FIRST),
		.forbids = HAS(RESET_TTL_FAR_OFF),
		.mechanism = MECHANISM_SSH_CLIENT_ALIVE,
		.sender = ROLE_SERVER,
		.culprit = ROLE_CLIENT,
		.grade = GRADE_LIKELY,
		.summary = "sshd asked the client for a sign of life "
			   "(ClientAliveInterval), got none, and hung up.",
		.also = {{MECHANISM_SSH_CLIENT_ALIVE, ROLE_SERVER, ROLE_LOSS,
			"the path lost requests or replies"}},
	},
	/* FIN (or reset) at LoginGraceTime while the client has not logged in
	 * [measured]. */
	{
		.name = "ssh-login-grace-default",
		.needs = HAS(SSH_AT_GRACE_TIME) | HAS(SERVER_CLOSED_FIRST),
		.denies = HAS(SSH_NO_SERVER_BANNER),
		.forbids = HAS(RESET_TTL_FAR_OFF) |
			   HAS(RETRANSMISSIONS_UNANSWERED),
		.mechanism = MECHANISM_SSH_LOGIN_GRACE,
		.sender = ROLE_SERVER,
		.culprit = ROLE_SERVER,
		.grade = GRADE_LIKELY,
		.summary = "sshd hung up when LoginGraceTime was over and "
			   "nobody had logged in.",
		.also = {{MECHANISM_ABORT, ROLE_SERVER, ROLE_SERVER,
			"the session ended at that time by chance"}},
	},
	{
		.name = "ssh-login-grace",
		.needs = HAS(SSH_BEFORE_LOGIN) | HAS(SERVER_CLOSED_FIRST),
		.denies = HAS(SSH_NO_SERVER_BANNER),
		.forbids = HAS(RESET_TTL_FAR_OFF) |
			   HAS(RETRANSMISSIONS_UNANSWERED),
		.keeps = HAS(SSH_AT_GRACE_TIME),
		.mechanism = MECHANISM_SSH_LOGIN_GRACE,
		.sender = ROLE_SERVER,
		.culprit = ROLE_SERVER,
		.grade = GRADE_LIKELY,
		.summary = "sshd hung up on a client that had not finished "
			   "the key exchange: LoginGraceTime was over.",
		.also = {{MECHANISM_ABORT, ROLE_SERVER, ROLE_SERVER,
			"sshd ended for another reason"}},
		.decide = {FACT_SSH_AT_GRACE_TIME},
		.decide_count = 1,
	},
	/* Resolver time-outs delay the banner by seconds, with prompt ACKs
	 * [measured with a silent resolver]. */
	{
		.name = "ssh-slow-banner",
		.needs = HAS(SSH_BANNER_LATE),
		.mechanism = MECHANISM_SSH_SLOW_BANNER,
		.sender = ROLE_NONE,
		.culprit = ROLE_SERVER,
		.grade = GRADE_LIKELY,
		.summary = "The server took the connection at once and let "
			   "its banner wait for seconds: mostly a name "
			   "look-up that times out.",
		.also = {{MECHANISM_SSH_SLOW_BANNER, ROLE_NONE, ROLE_SERVER,
				 "the server is overloaded"},
			{MECHANISM_SSH_SLOW_BANNER, ROLE_NONE, ROLE_LOSS,
				"the path lost the banner's first copies, "
				"between here and the server"}},
	},
};
const unsigned signatures_ssh_count =
	sizeof(signatures_ssh) / sizeof(signatures_ssh[0]);

const struct signature signatures_mtu[] = {
	{
		.name = "told-and-ignored",
		.needs = HAS(TOO_BIG_IGNORED),
		.mechanism = MECHANISM_PMTU_IGNORED,
		.sender = ROLE_NONE,
		.culprit = ROLE_SENDER,
		.grade = GRADE_LIKELY,
		.summary = "It was told that its packets are too big for the "
			   "path, and went on sending them.",
		.also = {{MECHANISM_PMTU_BLACK_HOLE, ROLE_NONE, ROLE_MTU,
			"the message is dropped between here and the "
			"sender's stack"}},
	},
	/* tcp_mtu_probing and its kin in other stacks: after some identical
	 * retransmissions a smaller segment gets through at once [measured:
	 * d3; capture of a Windows host]. */
	{
		.name = "black-hole-survived",
		.needs = HAS(REPAIRED_BY_SMALLER),
		.mechanism = MECHANISM_PMTU_BLACK_HOLE,
		.sender = ROLE_NONE,
		.culprit = ROLE_MTU,
		.grade = GRADE_LIKELY,
		.summary = "Large packets vanished until the sender tried "
			   "smaller ones: a path MTU black hole that its "
			   "stack found a way round.",
		.also = {ALSO_LOSS},
		.decide = {FACT_REPAIRED_BY_SMALLER},
		.decide_count = 1,
	},
	/* The receiver's side: small packets come, large ones never [measured:
	 * d7]. */
	{
		.name = "large-never-arrive",
		.needs = HAS(LARGE_MISSING),
		.mechanism = MECHANISM_PMTU_BLACK_HOLE,
		.sender = ROLE_NONE,
		.culprit = ROLE_MTU,
		.grade = GRADE_POSSIBLE,
		.summary = "Small packets arrive, the large ones before them "
			   "never do: probably a path MTU black hole on the "
			   "way here.",
		.also = {ALSO_LOSS},
		.decide = {FACT_LARGE_MISSING},
		.decide_count = 1,
	},
};
const unsigned signatures_mtu_count =
	sizeof(signatures_mtu) / sizeof(signatures_mtu[0]);

const struct signature signatures_forged[] = {
	{
		.name = "forged-answer",
		.needs = HAS(ACKS_UNDELIVERED),
		.mechanism = MECHANISM_INJECTED,
		.sender = ROLE_MIDDLEBOX,
		.culprit = ROLE_MIDDLEBOX,
		.grade = GRADE_LIKELY,
		.summary = "A device on the path answered in the server's "
			   "name: the packet that was acknowledged never "
			   "reached the server.",
	},
};
const unsigned signatures_forged_count =
	sizeof(signatures_forged) / sizeof(signatures_forged[0]);
