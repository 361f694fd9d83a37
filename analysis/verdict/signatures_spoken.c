/* An endpoint said in clear why it hung up. A reset after that is its own
 * manner of hanging up, and no crash. */
#include "analysis/verdict/signatures.h"

const struct signature signatures_spoken[] = {
	{
		.name = "other-protocol",
		.needs = FACTS(OTHER_PROTOCOL),
		.mechanism = MECHANISM_PEER_PROTOCOL,
		.sender = ROLE_SERVER,
		.culprit = ROLE_CLIENT,
		.grade = GRADE_LIKELY,
		.summary = "The client speaks another protocol than the server "
			   "on that port, which says so or answers in its own.",
		.also = {{MECHANISM_PEER_PROTOCOL, ROLE_SERVER, ROLE_SERVER,
			"another service was put on that port"}},
		.outranks = {{"tls-alert", "it says what the alert is about"}},
		.why = "sshd says \"Invalid SSH identification string.\" (\"Pr"
		       "otocol mismatch.\" before OpenSSH 7.9) and hangs up "
		       "with the rest unread [source; measured].",
	},
	{
		.name = "tls-alert",
		.needs = FACTS(TLS_ALERT),
		.mechanism = MECHANISM_PEER_PROTOCOL,
		.sender = ROLE_SENDER,
		.culprit = ROLE_UNKNOWN,
		.grade = GRADE_LIKELY,
		.summary = "TLS could not be agreed on: one side said why, in "
			   "an alert before encryption, and hung up.",
		.outranks = {{"both-had-closed", "the alert explains the end"}},
		.why = "RFC 8446, 6.2: alerts of level fatal end the "
		       "connection. Before the keys are agreed on they can be "
		       "read.",
	},
	{
		.name = "refused-in-clear",
		.needs = FACTS(REFUSED_IN_CLEAR),
		.mechanism = MECHANISM_PEER_PROTOCOL,
		.sender = ROLE_SERVER,
		.culprit = ROLE_SERVER,
		.grade = GRADE_LIKELY,
		.summary = "The server said in its first words that it does "
			   "not serve this client, and why.",
		.also = {{MECHANISM_PEER_PROTOCOL, ROLE_SERVER, ROLE_CLIENT,
			"the client has done too much, or too little"}},
		.outranks = {{"both-had-closed", "it said why"}},
		.why = "SMTP 421 and 554 (RFC 5321, 3.1), FTP 421 and 530 (RFC "
		       "959), IMAP BYE, MySQL's error packet, PostgreSQL's "
		       "FATAL, Redis' -DENIED and -ERR max, HTTP 408.",
	},
	{
		.name = "ssh-disconnect",
		.needs = FACTS(SSH_DISCONNECT),
		.mechanism = MECHANISM_PEER_PROTOCOL,
		.sender = ROLE_SENDER,
		.culprit = ROLE_UNKNOWN,
		.grade = GRADE_LIKELY,
		.summary = "One side of SSH said in clear why it hung up.",
		.outranks = {{"both-had-closed", "it said why"}},
		.why = "RFC 4253, 11.1: SSH_MSG_DISCONNECT before encryption.",
	},
};
const unsigned signatures_spoken_count =
	sizeof(signatures_spoken) / sizeof(signatures_spoken[0]);
