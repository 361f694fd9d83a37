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
		.needs = FACTS(SYN_UNANSWERED, ICMP_ERROR, ICMP_FROM_SERVER),
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
		.needs = FACTS(SYN_UNANSWERED, ICMP_ERROR, ICMP_PROHIBITED),
		.mechanism = MECHANISM_SYN_REJECTED,
		.sender = ROLE_MIDDLEBOX,
		.culprit = ROLE_MIDDLEBOX,
		.grade = GRADE_LIKELY,
		.summary = "A firewall on the path refused the SYN and said "
			   "so with an ICMP error.",
	},
	{
		.name = "syn-port-unreachable-on-path",
		.needs = FACTS(SYN_UNANSWERED, ICMP_ERROR, ICMP_PORT),
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
		.needs = FACTS(SYN_UNANSWERED, ICMP_ERROR),
		.denies = FACTS(ICMP_PROHIBITED, ICMP_FROM_SERVER),
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
		.needs = FACTS(SYN_UNANSWERED),
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
		.decide = FACTS(SYN_UNANSWERED),
	},
	{
		.name = "syn-ack-unanswered",
		.needs = FACTS(SYNACK_UNANSWERED),
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
		.decide = FACTS(SYNACK_UNANSWERED),
	},

	/* The accept queue was full when the last ACK came: the client thinks
	 * it is connected, the server drops everything [measured: c16b].
	 * Fooled by: that one ACK lost and all data after it. */
	{
		.name = "handshake-not-heard",
		.needs = FACTS(HANDSHAKE_NOT_HEARD, RETRANSMISSIONS_UNANSWERED),
		.mechanism = MECHANISM_RETRANSMISSION_TIMEOUT,
		.sender = ROLE_NONE,
		.culprit = ROLE_SERVER,
		.grade = GRADE_POSSIBLE,
		.summary = "The server repeats its SYN-ACK though the client "
			   "has acknowledged it, and takes no data: its "
			   "accept queue is full, or the path loses "
			   "everything towards it.",
		.also = {ALSO_LOSS},
		.decide = FACTS(SYN_UNANSWERED),
	},

	/* The same without a repeated SYN-ACK: the queue, or a box that let
	 * the handshake through and nothing else. */
	{
		.name = "never-served",
		.needs = FACTS(SERVER_NEVER_SPOKE, RETRANSMISSIONS_UNANSWERED),
		.denies = FACTS(ICMP_ERROR),
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
		.decide = FACTS(SERVER_NEVER_SPOKE),
	},

	/* --- "too big" --------------------------------------------------- */
	{
		.name = "too-big-ignored",
		.needs = FACTS(TOO_BIG_IGNORED),
		.mechanism = MECHANISM_PMTU_IGNORED,
		.sender = ROLE_NONE,
		.culprit = ROLE_SENDER,
		.grade = GRADE_LIKELY,
		.summary = "It was told that its packets are too big for the "
			   "path, and went on sending them.",
		.also = {{MECHANISM_PMTU_BLACK_HOLE, ROLE_NONE, ROLE_MTU,
			"the message is dropped between here and the "
			"sender's stack"}},
		.decide = FACTS(TOO_BIG_IGNORED),
	},

	/* --- established, with ICMP ------------------------------------- */
	/* Linux treats these as soft errors after the handshake and goes on
	 * retransmitting [measured: b5, b6]. */
	{
		.name = "expired-with-icmp",
		.needs = FACTS(RETRANSMISSIONS_UNANSWERED, ICMP_ERROR,
			ICMP_PROHIBITED, IDLE_BEFORE),
		.denies = FACTS(ICMP_FROM_SERVER),
		.mechanism = MECHANISM_STATE_EXPIRED,
		.sender = ROLE_MIDDLEBOX,
		.culprit = ROLE_NAT,
		.grade = GRADE_LIKELY,
		.summary = "A firewall on the path forgot the connection "
			   "while it was idle, and refuses its packets with "
			   "ICMP errors.",
		.also = {ALSO_FIREWALL},
		.decide = FACTS(IDLE_TIMER_ON_PATH),
	},
	{
		.name = "expired-with-icmp-port",
		.needs = FACTS(RETRANSMISSIONS_UNANSWERED, ICMP_ERROR,
			ICMP_PORT, IDLE_BEFORE),
		.denies = FACTS(ICMP_FROM_SERVER),
		.mechanism = MECHANISM_STATE_EXPIRED,
		.sender = ROLE_MIDDLEBOX,
		.culprit = ROLE_NAT,
		.grade = GRADE_LIKELY,
		.summary = "A firewall on the path forgot the connection "
			   "while it was idle, and refuses its packets with "
			   "ICMP errors.",
		.also = {ALSO_FIREWALL},
		.decide = FACTS(IDLE_TIMER_ON_PATH),
	},
	{
		.name = "banned-by-server",
		.needs = FACTS(RETRANSMISSIONS_UNANSWERED, ICMP_ERROR,
			ICMP_FROM_SERVER),
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
		.needs = FACTS(RETRANSMISSIONS_UNANSWERED, ICMP_ERROR,
			ICMP_PROHIBITED),
		.mechanism = MECHANISM_FIREWALL_REJECT,
		.sender = ROLE_MIDDLEBOX,
		.culprit = ROLE_MIDDLEBOX,
		.grade = GRADE_LIKELY,
		.summary = "A firewall on the path refuses the established "
			   "connection with ICMP errors.",
	},
	{
		.name = "rejected-with-icmp-port",
		.needs = FACTS(
			RETRANSMISSIONS_UNANSWERED, ICMP_ERROR, ICMP_PORT),
		.mechanism = MECHANISM_FIREWALL_REJECT,
		.sender = ROLE_MIDDLEBOX,
		.culprit = ROLE_MIDDLEBOX,
		.grade = GRADE_LIKELY,
		.summary = "A firewall on the path refuses the established "
			   "connection with ICMP errors.",
	},
	{
		.name = "unreachable",
		.needs = FACTS(RETRANSMISSIONS_UNANSWERED, ICMP_ERROR),
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
		.needs = FACTS(RETRANSMISSIONS_UNANSWERED, SMALLER_PASSED),
		.denies = FACTS(SAME_SIZE_PASSED),
		.forbids = FACTS(PEER_WINDOW_CLOSED),
		.keeps = FACTS(BOTH_DIRECTIONS_RECORDED),
		.mechanism = MECHANISM_PMTU_BLACK_HOLE,
		.sender = ROLE_NONE,
		.culprit = ROLE_MTU,
		.grade = GRADE_LIKELY,
		.summary = "Only large packets vanish, and nothing says so: a "
			   "path MTU black hole.",
		.also = {{MECHANISM_INJECTED, ROLE_NONE, ROLE_MIDDLEBOX,
			"a device drops this segment for its content"}},
		.decide = FACTS(REPAIRED_BY_SMALLER),
	},
	{
		.name = "black-hole-peer-alive",
		.needs = FACTS(RETRANSMISSIONS_UNANSWERED, PEER_STILL_ANSWERS),
		.denies = FACTS(SAME_SIZE_PASSED),
		.forbids = FACTS(PEER_WINDOW_CLOSED),
		.keeps = FACTS(BOTH_DIRECTIONS_RECORDED),
		.mechanism = MECHANISM_PMTU_BLACK_HOLE,
		.sender = ROLE_NONE,
		.culprit = ROLE_MTU,
		.grade = GRADE_POSSIBLE,
		.summary = "A large packet never arrives while the other end "
			   "still talks: probably a path MTU black hole.",
		.also = {ALSO_LOSS},
		.decide = FACTS(SMALLER_PASSED),
	},

	/* --- silence at every size --------------------------------------- */
	{
		.name = "expired-silently-by-timer",
		.needs = FACTS(RETRANSMISSIONS_UNANSWERED, IDLE_BEFORE,
			IDLE_TIMER_ON_PATH),
		.forbids = FACTS(PEER_WINDOW_CLOSED),
		.keeps = FACTS(BOTH_DIRECTIONS_RECORDED),
		.mechanism = MECHANISM_STATE_EXPIRED,
		.sender = ROLE_NONE,
		.culprit = ROLE_NAT,
		.grade = GRADE_LIKELY,
		.summary = "Something on the path forgot the connection while "
			   "it was idle, and drops its packets silently; "
			   "others on this path did not survive such a "
			   "silence either.",
		.also = {ALSO_LOSS},
		.decide = FACTS(IDLE_TIMER_ON_PATH),
	},
	{
		.name = "expired-silently",
		.needs = FACTS(RETRANSMISSIONS_UNANSWERED, IDLE_BEFORE),
		.forbids = FACTS(PEER_WINDOW_CLOSED),
		.keeps = FACTS(BOTH_DIRECTIONS_RECORDED),
		.mechanism = MECHANISM_STATE_EXPIRED,
		.sender = ROLE_NONE,
		.culprit = ROLE_NAT,
		.grade = GRADE_POSSIBLE,
		.summary = "After a silence nothing was answered any more: "
			   "mostly a NAT or firewall that forgot the "
			   "connection and drops its packets.",
		.also = {ALSO_LOSS, ALSO_BLACK_HOLE},
		.decide = FACTS(IDLE_TIMER_ON_PATH),
	},
	/* SSH hangs so at its key exchange, TLS at its certificates. */
	{
		.name = "first-large-unanswered",
		.needs = FACTS(RETRANSMISSIONS_UNANSWERED, FIRST_LARGE_PACKET),
		.denies = FACTS(SAME_SIZE_PASSED),
		.forbids = FACTS(PEER_WINDOW_CLOSED),
		.keeps = FACTS(BOTH_DIRECTIONS_RECORDED),
		.mechanism = MECHANISM_PMTU_BLACK_HOLE,
		.sender = ROLE_NONE,
		.culprit = ROLE_MTU,
		.grade = GRADE_POSSIBLE,
		.summary = "The first large packet of this side was never "
			   "answered, the small ones before it all were: "
			   "perhaps a path MTU black hole; no small one was "
			   "sent after it that would tell.",
		.also = {ALSO_LOSS},
		.decide = FACTS(SMALLER_PASSED),
	},
	{
		.name = "unanswered-large",
		.needs = FACTS(RETRANSMISSIONS_UNANSWERED),
		.denies = FACTS(SAME_SIZE_PASSED),
		.forbids = FACTS(PEER_WINDOW_CLOSED),
		.keeps = FACTS(BOTH_DIRECTIONS_RECORDED),
		.mechanism = MECHANISM_RETRANSMISSION_TIMEOUT,
		.sender = ROLE_NONE,
		.culprit = ROLE_UNKNOWN,
		.grade = GRADE_POSSIBLE,
		.summary = "Large packets went unanswered to the end; no "
			   "small one was tried that would tell a dead path "
			   "from a path MTU black hole.",
		.also = {ALSO_BLACK_HOLE, ALSO_LOSS},
		.decide = FACTS(SMALLER_PASSED),
	},
	{
		.name = "unanswered",
		.needs = FACTS(RETRANSMISSIONS_UNANSWERED),
		.forbids = FACTS(PEER_WINDOW_CLOSED),
		.keeps = FACTS(BOTH_DIRECTIONS_RECORDED),
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
		.decide = FACTS(RETRANSMISSIONS_UNANSWERED),
	},
	{
		.name = "probes-unanswered",
		.needs = FACTS(OWN_PROBES_UNANSWERED),
		.keeps = FACTS(BOTH_DIRECTIONS_RECORDED),
		.mechanism = MECHANISM_KEEPALIVE_TIMEOUT,
		.sender = ROLE_NONE,
		.culprit = ROLE_UNKNOWN,
		.grade = GRADE_POSSIBLE,
		.summary = "Keepalive probes went unanswered.",
		.also = {ALSO_SILENT_EXPIRY, ALSO_LOSS},
		.decide = FACTS(IDLE_TIMER_ON_PATH),
	},
};
const unsigned signatures_silence_count =
	sizeof(signatures_silence) / sizeof(signatures_silence[0]);

const struct signature signatures_ssh[] = {
	/* sshd says it in clear and hangs up; OpenSSH 8.2 to 9.7 [source;
	 * measured with 9.2]. */
	{
		.name = "ssh-exceeded-max-startups",
		.needs = FACTS(SSH_SAID_MAX_STARTUPS),
		.forbids = FACTS(RESET_TTL_FAR_OFF),
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
		.needs = FACTS(SSH_SAID_NOT_ALLOWED),
		.forbids = FACTS(RESET_TTL_FAR_OFF),
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
		.needs = FACTS(SSH_NOTHING_IN_COMMON),
		.mechanism = MECHANISM_SSH_NO_COMMON_ALGORITHM,
		.sender = ROLE_UNKNOWN, /* whoever hung up first: see judge */
		.culprit = ROLE_UNKNOWN,
		.grade = GRADE_CERTAIN,
		.summary = "The two sides have no algorithm in common.",
	},
	/* TCP wrappers close without a banner [measured with libwrap]. */
	{
		.name = "ssh-refused-before-banner",
		.needs = FACTS(SSH_NO_SERVER_BANNER, SERVER_CLOSED_FIRST),
		.forbids = FACTS(RESET_TTL_FAR_OFF),
		.keeps = FACTS(RESET_TTL_MATCHES_SENDER),
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
		.needs = FACTS(SSH_ALIVE_UNANSWERED, SERVER_CLOSED_FIRST),
		.forbids = FACTS(RESET_TTL_FAR_OFF),
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
		.needs = FACTS(SSH_AT_GRACE_TIME, SERVER_CLOSED_FIRST),
		.denies = FACTS(SSH_NO_SERVER_BANNER),
		.forbids = FACTS(RESET_TTL_FAR_OFF, RETRANSMISSIONS_UNANSWERED),
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
		.needs = FACTS(SSH_BEFORE_LOGIN, SERVER_CLOSED_FIRST),
		.denies = FACTS(SSH_NO_SERVER_BANNER),
		.forbids = FACTS(RESET_TTL_FAR_OFF, RETRANSMISSIONS_UNANSWERED),
		.keeps = FACTS(SSH_AT_GRACE_TIME),
		.mechanism = MECHANISM_SSH_LOGIN_GRACE,
		.sender = ROLE_SERVER,
		.culprit = ROLE_SERVER,
		.grade = GRADE_LIKELY,
		.summary = "sshd hung up on a client that had not finished "
			   "the key exchange: LoginGraceTime was over.",
		.also = {{MECHANISM_ABORT, ROLE_SERVER, ROLE_SERVER,
			"sshd ended for another reason"}},
		.decide = FACTS(SSH_AT_GRACE_TIME),
	},
	/* Resolver time-outs delay the banner by seconds, with prompt ACKs
	 * [measured with a silent resolver]. */
	{
		.name = "ssh-slow-banner",
		.needs = FACTS(SSH_BANNER_LATE),
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
		.needs = FACTS(TOO_BIG_IGNORED),
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
		.needs = FACTS(REPAIRED_BY_SMALLER),
		.mechanism = MECHANISM_PMTU_BLACK_HOLE,
		.sender = ROLE_NONE,
		.culprit = ROLE_MTU,
		.grade = GRADE_LIKELY,
		.summary = "Large packets vanished until the sender tried "
			   "smaller ones: a path MTU black hole that its "
			   "stack found a way round.",
		.also = {ALSO_LOSS},
		.decide = FACTS(REPAIRED_BY_SMALLER),
	},
	/* The receiver's side: small packets come, large ones never [measured:
	 * d7]. */
	{
		.name = "large-never-arrive",
		.needs = FACTS(LARGE_MISSING),
		.mechanism = MECHANISM_PMTU_BLACK_HOLE,
		.sender = ROLE_NONE,
		.culprit = ROLE_MTU,
		.grade = GRADE_POSSIBLE,
		.summary = "Small packets arrive, the large ones before them "
			   "never do: probably a path MTU black hole on the "
			   "way here.",
		.also = {ALSO_LOSS},
		.decide = FACTS(LARGE_MISSING),
	},
};
const unsigned signatures_mtu_count =
	sizeof(signatures_mtu) / sizeof(signatures_mtu[0]);

const struct signature signatures_forged[] = {
	{
		.name = "forged-answer",
		.needs = FACTS(ACKS_UNDELIVERED),
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
