/* SSH's clear text messages, and when its server closes. */
#include "analysis/verdict/signatures.h"

const struct signature signatures_ssh[] = {
	{
		.name = "ssh-exceeded-max-startups",
		.needs = FACTS(SSH_SAID_MAX_STARTUPS),
		.forbids = FACTS(RESET_TTL_FAR_OFF),
		.mechanism = MECHANISM_SSH_MAX_STARTUPS,
		.sender = ROLE_SERVER,
		.culprit = ROLE_SERVER,
		.grade = GRADE_CERTAIN,
		.summary = "sshd had too many unauthenticated connections "
			   "(MaxStartups), reported it and closed the "
			   "connection.",
		.outranks = {{"answers-a-reset",
			"sshd's refusal explains the reset"}},
		.why = "sshd sends the text in clear and closes; OpenSSH 8.2 "
		       "to 9.7 [source; measured with 9.2].",
	},
	{
		.name = "ssh-not-allowed",
		.needs = FACTS(SSH_SAID_NOT_ALLOWED),
		.forbids = FACTS(RESET_TTL_FAR_OFF),
		.mechanism = MECHANISM_SSH_MAX_STARTUPS,
		.sender = ROLE_SERVER,
		.culprit = ROLE_SERVER,
		.grade = GRADE_LIKELY,
		.summary = "sshd refused before the banner: too many "
			   "unauthenticated connections (MaxStartups), or this "
			   "address is penalised (PerSourcePenalties).",
		.also = {{MECHANISM_SSH_REFUSED_BEFORE_BANNER, ROLE_SERVER,
			ROLE_SERVER, "PerSourcePenalties"}},
		.outranks = {{"answers-a-reset",
			"sshd's refusal explains the reset"}},
		.why = "OpenSSH since 9.8 uses one text for two causes "
		       "[source].",
	},
	{
		.name = "ssh-nothing-in-common",
		.needs = FACTS(SSH_NOTHING_IN_COMMON),
		.mechanism = MECHANISM_SSH_NO_COMMON_ALGORITHM,
		.sender = ROLE_FIRST_TO_CLOSE,
		.culprit = ROLE_UNKNOWN,
		.grade = GRADE_CERTAIN,
		.summary = "Client and server have no algorithm in common.",
		.outranks = {{"ssh-disconnect",
			"the key exchange shows what is missing"}},
	},
	{
		.name = "ssh-refused-before-banner",
		.needs = FACTS(SSH_NO_SERVER_BANNER, SERVER_CLOSED_FIRST),
		.keeps = FACTS(RESET_TTL_MATCHES_SENDER, RESET_FROM_SOCKET),
		.mechanism = MECHANISM_SSH_REFUSED_BEFORE_BANNER,
		.sender = ROLE_SERVER,
		.culprit = ROLE_SERVER,
		.grade = GRADE_LIKELY,
		.summary = "The server accepted the connection and closed it "
			   "before its banner: TCP wrappers (hosts.deny), or "
			   "MaxStartups of an old sshd.",
		.also = {{MECHANISM_SSH_MAX_STARTUPS, ROLE_SERVER, ROLE_SERVER,
			"OpenSSH before 8.2 closes without a message"}},
		.outranks = {{"answers-a-reset",
			"sshd's refusal explains the reset"}},
		.why = "TCP wrappers close without a banner [measured with "
		       "libwrap].",
	},
	{
		.name = "ssh-client-alive",
		.needs = FACTS(
			SSH_ALIVE_REQUESTS_UNANSWERED, SERVER_CLOSED_FIRST),
		.forbids = FACTS(RESET_TTL_FAR_OFF),
		.mechanism = MECHANISM_SSH_CLIENT_ALIVE,
		.sender = ROLE_SERVER,
		.culprit = ROLE_CLIENT,
		.grade = GRADE_LIKELY,
		.summary = "sshd's keepalive requests (ClientAliveInterval) "
			   "went unanswered, and sshd closed the connection.",
		.also = {{MECHANISM_SSH_CLIENT_ALIVE, ROLE_SERVER, ROLE_LOSS,
			"the path lost requests or replies"}},
	},
	{
		.name = "ssh-login-grace-default",
		.needs = FACTS(SSH_AT_GRACE_TIME, SERVER_CLOSED_FIRST),
		.denies = FACTS(SSH_NO_SERVER_BANNER),
		.forbids = FACTS(RESET_TTL_FAR_OFF, RETRANSMISSIONS_UNANSWERED,
			SSH_LOGGED_IN, SSH_PAST_LOGIN),
		.mechanism = MECHANISM_SSH_LOGIN_GRACE,
		.sender = ROLE_SERVER,
		.culprit = ROLE_SERVER,
		.grade = GRADE_LIKELY,
		.summary = "sshd closed the connection because nobody had "
			   "logged in within LoginGraceTime.",
		.also = {{MECHANISM_ABORT, ROLE_SERVER, ROLE_SERVER,
			"the session ended at that time by chance"}},
		.outranks = {{"ssh-login-grace",
			"the time is LoginGraceTime's default"}},
		.why = "FIN (or reset) at LoginGraceTime while the client has "
		       "not logged in [measured].",
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
		.summary = "sshd closed the connection because the client had "
			   "not finished the key exchange within "
			   "LoginGraceTime.",
		.also = {{MECHANISM_ABORT, ROLE_SERVER, ROLE_SERVER,
			"sshd ended for another reason"}},
		.decide = FACTS(SSH_AT_GRACE_TIME),
	},
	{
		.name = "ssh-slow-banner",
		.needs = FACTS(SSH_BANNER_LATE),
		.forbids = FACTS(RESET_SEEN),
		.mechanism = MECHANISM_SSH_SLOW_BANNER,
		.sender = ROLE_NONE,
		.culprit = ROLE_SERVER,
		.grade = GRADE_LIKELY,
		.summary = "The server accepted the connection at once and "
			   "sent its banner seconds later: the usual cause is "
			   "a name look-up that times out.",
		.also = {{MECHANISM_SSH_SLOW_BANNER, ROLE_NONE, ROLE_SERVER,
				 "the server is overloaded"},
			{MECHANISM_SSH_SLOW_BANNER, ROLE_NONE, ROLE_LOSS,
				"the path lost the banner's first copies, "
				"between here and the server"}},
		.why = "Resolver time-outs delay the banner by seconds, with "
		       "prompt ACKs [measured with a silent resolver].",
	},
};
const unsigned signatures_ssh_count =
	sizeof(signatures_ssh) / sizeof(signatures_ssh[0]);
