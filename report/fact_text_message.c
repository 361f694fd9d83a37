/* Facts about what is said in clear, and about SSH. The same texts stand in
 * docs/evidence.md; tests/commands/test_explain.py compares them. */
#include "report/fact_text.h"

#include <stddef.h>

const struct fact_text fact_texts_message[] = {
	{FACT_HTTP_ERROR_CLOSES,
		"The server's last answer before its reset, with the "
		"reset's TTL, has the status 4xx or 5xx and \"Connection: "
		"close\", or is HTTP/1.0 without \"Connection: "
		"keep-alive\"; its handshake came from at most 2 hops away "
		"from that, and no other request came after the server's "
		"FIN",
		"RFC 9110, 15.5; RFC 9112, 9.3 and 9.6",
		"A proxy that leaves the TTL as the server's; fields that a "
		"second segment holds"},
	{FACT_SSH_DISCONNECT, "A side sent SSH_MSG_DISCONNECT before NEWKEYS",
		"RFC 4253, 11.1", NULL},
	{FACT_SSH_KEY_EXCHANGE_REPLY_MISSING,
		"The client began a key exchange (message 30 to 34), and "
		"nothing came from the server after that",
		"RFC 4253, 8; RFC 5656, 7.1; RFC 4419, 5", NULL},
	{FACT_SSH_LOGGED_IN,
		"The server sent at least 4,096 bytes since NEWKEYS (8,192 "
		"since the beginning, where the key exchange could not be "
		"followed); else not known",
		"RFC 4252: answers to attempts are short", "Long banners"},
	{FACT_SSH_PAST_LOGIN,
		"Since NEWKEYS the server answered the client at least 7 "
		"times, or spoke again 0.9 s after its answer, unasked; else "
		"not known",
		"RFC 4252: a service, the methods, two answers for a key; "
		"RFC 4256 for a second factor",
		"Attempts that fail, agents that offer many keys"},
	{FACT_SSH_SAID_MAX_STARTUPS,
		"The server says \"Exceeded MaxStartups\", and no version",
		"Lab: ssh-max-startups; source: OpenSSH 8.2 to 9.7",
		"A forged packet (so a far TTL forbids it)"},
	{FACT_SSH_SAID_NOT_ALLOWED,
		"The server says \"Not allowed at this time\", and no version",
		"Source: OpenSSH 9.8",
		"A forged packet (so a far TTL forbids it)"},
	{FACT_SSH_NO_SERVER_BANNER,
		"Recorded from the SYN, nothing missing of either side, and "
		"the server sent no data",
		"Lab: ssh-tcp-wrappers", "Capture loss"},
	{FACT_SSH_BANNER_LATE,
		"The server's version line came at least 3 s later than the "
		"handshake and two round trips let it; one SYN, nothing that "
		"the client had to send again before it, and by IP "
		"identification no packet of the server just before it that "
		"was not seen",
		"Lab: ssh-slow-banner; traces: "
		"ssh-slow-banner-twin-lost-unseen",
		"Copies lost between here and a server whose identifications "
		"do not count up, or IPv6"},
	{FACT_SSH_NOTHING_IN_COMMON,
		"Both KEXINITs were read, and for one class of algorithms "
		"no name is in both",
		"RFC 4253, 7.1; lab: ssh-no-common-cipher and its kin", NULL},
	{FACT_SSH_BEFORE_LOGIN, "No NEWKEYS of the client was seen",
		"RFC 4253, 7.3; lab: ssh-login-grace-after-banner",
		"A client stream with holes (then it is not known)"},
	{FACT_SSH_AT_GRACE_TIME,
		"The server closed first, 119.5 to 122 s after the "
		"handshake was complete (round trips left out) "
		"(LoginGraceTime is 120 s unless set). Before 1.9 s it is "
		"known not to hold, nor when the server had answered the "
		"client within a round trip before; at other times it is "
		"not known",
		"Source: sshd_config(5)", "Another end at that time"},
	{FACT_SSH_ALIVE_REQUESTS_UNANSWERED,
		"The server's last packets, at least 2, are equally long "
		"and equally spaced (an eighth of slack, at least 0.9 s), "
		"the client said nothing since, and the server closed one "
		"interval after the last",
		"Lab: ssh-client-alive",
		"A program that prints lines at intervals to a client that "
		"is stopped"},
	{FACT_SERVER_CLOSED_FIRST,
		"The server's FIN or reset came before the client's", NULL,
		"A forged one"},
};
const unsigned fact_texts_message_count =
	sizeof(fact_texts_message) / sizeof(fact_texts_message[0]);
