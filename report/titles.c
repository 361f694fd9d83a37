#include "report/titles.h"

#include <assert.h>
#include <ctype.h>
#include <stdio.h>

static const char *const mechanisms[] = {
	[MECHANISM_UNKNOWN] = "undetermined",
	[MECHANISM_PORT_CLOSED] = "port closed",
	[MECHANISM_SYN_REJECTED] = "SYN rejected",
	[MECHANISM_SYN_UNANSWERED] = "SYN unanswered",
	[MECHANISM_ABORT] = "aborted",
	[MECHANISM_LATE_DATA] = "data after close",
	[MECHANISM_UNKNOWN_CONNECTION] = "connection unknown",
	[MECHANISM_STATE_EXPIRED] = "idle timeout",
	[MECHANISM_INJECTED] = "forged packet",
	[MECHANISM_FIREWALL_REJECT] = "rejected by firewall",
	[MECHANISM_PROXY_CLOSED] = "closed by proxy",
	[MECHANISM_KEEPALIVE_TIMEOUT] = "keepalives unanswered",
	[MECHANISM_RETRANSMISSION_TIMEOUT] =
		"retransmissions unanswered",
	[MECHANISM_PMTU_BLACK_HOLE] = "path MTU black hole",
	[MECHANISM_PMTU_IGNORED] = "path MTU ignored",
	[MECHANISM_ICMP_UNREACHABLE] = "unreachable",
	[MECHANISM_HALF_OPEN] = "half-open connection",
	[MECHANISM_NAT_MISMATCH] = "NAT mismatch",
	[MECHANISM_OPTION_REFUSED] = "option refused",
	[MECHANISM_NO_RESPONSE] = "no response",
	[MECHANISM_WINDOW_CLOSED] = "window closed",
	[MECHANISM_PEER_PROTOCOL] = "closed with a message",
	[MECHANISM_SSH_MAX_STARTUPS] = "too many SSH logins",
	[MECHANISM_SSH_REFUSED_BEFORE_BANNER] = "refused before SSH banner",
	[MECHANISM_SSH_LOGIN_GRACE] = "login grace time over",
	[MECHANISM_SSH_NO_COMMON_ALGORITHM] = "no common SSH algorithm",
	[MECHANISM_SSH_SLOW_BANNER] = "slow SSH banner",
	[MECHANISM_SSH_CLIENT_ALIVE] = "SSH keepalives unanswered",
	[MECHANISM_ORDERLY] = "benign",
};
static_assert(sizeof(mechanisms) / sizeof(mechanisms[0]) == MECHANISM_COUNT,
	"a title for every mechanism");

static const char *const culprits[] = {
	[PARTY_UNKNOWN] = "",
	[PARTY_CLIENT] = "client",
	[PARTY_SERVER] = "server",
	[PARTY_MIDDLEBOX] = "device on the path",
	[PARTY_NONE] = "nobody",
	[PARTY_NAT_TIMEOUT] = "NAT or firewall",
	[PARTY_PATH_MTU] = "path MTU",
	[PARTY_PATH_LOSS] = "loss on the path",
};
static_assert(sizeof(culprits) / sizeof(culprits[0]) == PARTY_COUNT,
	"a title for every culprit");

const char *failure_title(enum mechanism mechanism, enum party culprit,
	const struct reset_look *look)
{
	assert(mechanism < MECHANISM_COUNT);
	if (culprit == PARTY_NAT_TIMEOUT)
		return mechanisms[MECHANISM_STATE_EXPIRED];
	if (mechanism == MECHANISM_INJECTED && look->window != LOOK_NONE)
		return "forged reset";
	return mechanisms[mechanism];
}

const char *culprit_title(enum party culprit)
{
	assert(culprit < PARTY_COUNT);
	return culprits[culprit];
}

const char *headline_text(
	char text[HEADLINE_TEXT], const struct incident *incident)
{
	const char *title = failure_title(
		incident->mechanism, incident->culprit, &incident->look);

	(void)snprintf(text, HEADLINE_TEXT, "%s", title);
	for (char *to = text; *to; to++)
		*to = (char)toupper((unsigned char)*to);
	return text;
}

const char *who_text(char text[WHO_TEXT], const struct incident *incident)
{
	char hop[24] = "";

	if (incident->hop != 0 && incident->culprit == incident->sender)
		(void)snprintf(hop, sizeof(hop), ", hop %u", incident->hop);
	(void)snprintf(
		text, WHO_TEXT, "%s%s", culprit_title(incident->culprit), hop);
	return text;
}
