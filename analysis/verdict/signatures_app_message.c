/* An endpoint gave in clear the reason for its close. A reset after that is
 * its way to close, not a crash. */
#include "analysis/verdict/signatures.h"

const struct signature signatures_app_message[] = {
	{
		.name = "other-protocol",
		.needs = FACTS(OTHER_PROTOCOL),
		.mechanism = MECHANISM_PEER_PROTOCOL,
		.sender = ROLE_SERVER,
		.culprit = ROLE_CLIENT,
		.grade = GRADE_LIKELY,
		.summary = "The client uses another protocol than the server "
			   "on that port, which reports it or answers in its "
			   "own.",
		.also = {{MECHANISM_PEER_PROTOCOL, ROLE_SERVER, ROLE_SERVER,
			"another service was configured on that port"}},
		.outranks = {{"tls-alert", "the protocol mismatch explains "
					   "the alert"}},
		.why = "sshd sends \"Invalid SSH identification string.\" "
		       "(\"Protocol mismatch.\" before OpenSSH 7.9) and "
		       "closes with the rest unread [source; measured].",
	},
	{
		.name = "tls-alert",
		.needs = FACTS(TLS_ALERT),
		.mechanism = MECHANISM_PEER_PROTOCOL,
		.sender = ROLE_SENDER,
		.culprit = ROLE_UNKNOWN,
		.grade = GRADE_LIKELY,
		.summary = "The TLS handshake failed: one side gave the "
			   "reason in an alert before encryption and closed.",
		.outranks = {{"both-had-closed", "the alert explains the end"}},
		.why = "RFC 8446, 6.2: alerts of level fatal end the "
		       "connection. Before the keys are negotiated they are "
		       "not encrypted.",
	},
	{
		.name = "refused-in-clear",
		.needs = FACTS(REFUSED_IN_CLEAR),
		.mechanism = MECHANISM_PEER_PROTOCOL,
		.sender = ROLE_SERVER,
		.culprit = ROLE_SERVER,
		.grade = GRADE_LIKELY,
		.summary = "The server refuses this client, or refuses to go "
			   "on, and gives the reason.",
		.also = {{MECHANISM_PEER_PROTOCOL, ROLE_SERVER, ROLE_CLIENT,
			"the client exceeded a limit, or sent no request or "
			"command in time"}},
		.outranks = {{"both-had-closed", "it said why"}},
		.why = "SMTP 421, at any time, and 554 (RFC 5321, 3.1 and "
		       "3.8), or 550 in its place, FTP 421 and 530 (RFC "
		       "959), NNTP 400 and 502 (RFC 3977, 5.1.1), IMAP BYE "
		       "(RFC 9051, 7.1.5), MySQL's error packet, PostgreSQL's "
		       "FATAL, Redis' -DENIED and -ERR max, MQTT's CONNACK "
		       "(3.1.1, 3.2.2.3), NATS' -ERR, memcached's ERROR and "
		       "SERVER_ERROR, HTTP 408 (RFC 9110, 15.5.9).",
	},
	{
		.name = "http-error-then-reset",
		.needs = FACTS(HTTP_ERROR_CLOSES, RESET_SEQUENCE_EXACT),
		.forbids = FACTS(OWN_DATA_UNANSWERED, RESET_FASTER_THAN_PATH),
		.mechanism = MECHANISM_PEER_PROTOCOL,
		.sender = ROLE_SERVER,
		.culprit = ROLE_SERVER,
		.grade = GRADE_LIKELY,
		.summary = "The server answered with an HTTP error after which "
			   "it closes, and reset the connection: it refuses "
			   "the request, or the rest of it, or to wait for "
			   "one.",
		.also = {{MECHANISM_PEER_PROTOCOL, ROLE_SERVER, ROLE_CLIENT,
				 "the request is wrong, too large or too slow, "
				 "or never came, as the status says"},
			{MECHANISM_PEER_PROTOCOL, ROLE_MIDDLEBOX,
				ROLE_MIDDLEBOX,
				"a proxy in front of the server answered in "
				"its place"}},
		.outranks = {{"reset-says-why", "its answer says more"},
			{"late-data", "the server said before that it closes"}},
		.why = "RFC 9112, 9.6: a server that closes while the client "
		       "still sends is answered by a reset, which its kernel "
		       "sends for what was not read.",
	},
	{
		.name = "reset-says-why",
		.needs = FACTS(RESET_CARRIES_TEXT, RESET_SEQUENCE_EXACT),
		.forbids = FACTS(OWN_DATA_UNANSWERED, RESET_WITHIN_ROUND_TRIP),
		.mechanism = MECHANISM_PEER_PROTOCOL,
		.sender = ROLE_SENDER,
		.culprit = ROLE_SENDER,
		.grade = GRADE_LIKELY,
		.summary = "The endpoint ended the connection and wrote the "
			   "reason in its reset.",
		.also = {{MECHANISM_PROXY_CLOSED, ROLE_MIDDLEBOX,
			ROLE_MIDDLEBOX,
			"a load balancer or proxy in front of the "
			"endpoint sent it"}},
		.outranks = {{"ended-after-silence",
			"the text says why it ended"}},
		.why = "RFC 9293, 3.5.3: a reset may carry an explanation. "
		       "Linux's resets carry nothing [measured: c2, c3, c5, "
		       "c12]. Fooled by: stacks that leave data of the stream "
		       "in a reset.",
	},
	{
		.name = "ssh-disconnect",
		.needs = FACTS(SSH_DISCONNECT),
		.mechanism = MECHANISM_PEER_PROTOCOL,
		.sender = ROLE_SENDER,
		.culprit = ROLE_UNKNOWN,
		.grade = GRADE_LIKELY,
		.summary = "One side of SSH gave its reason in an unencrypted "
			   "disconnect message and closed.",
		.outranks = {{"both-had-closed", "it said why"}},
		.why = "RFC 4253, 11.1: SSH_MSG_DISCONNECT before encryption.",
	},
};
const unsigned signatures_app_message_count =
	sizeof(signatures_app_message) / sizeof(signatures_app_message[0]);
