#include "analysis/verdict/vocabulary.h"

#include <assert.h>
#include <stddef.h>
#include <string.h>

static const char *const party_words[] = {
	[PARTY_UNKNOWN] = "unknown",
	[PARTY_CLIENT] = "client",
	[PARTY_SERVER] = "server",
	[PARTY_MIDDLEBOX] = "middlebox",
	[PARTY_NONE] = "none",
	[PARTY_NAT_TIMEOUT] = "nat-timeout",
	[PARTY_PATH_MTU] = "path-mtu",
	[PARTY_PATH_LOSS] = "path-loss",
};
static_assert(sizeof(party_words) / sizeof(party_words[0]) == PARTY_COUNT,
	"a word for every party");

static const char *const grade_words[] = {
	[GRADE_UNDETERMINED] = "undetermined",
	[GRADE_POSSIBLE] = "possible",
	[GRADE_LIKELY] = "likely",
	[GRADE_CERTAIN] = "certain",
};
static_assert(sizeof(grade_words) / sizeof(grade_words[0]) == GRADE_COUNT,
	"a word for every grade");

static const char *const mechanism_words[] = {
	[MECHANISM_UNKNOWN] = "unknown",
	[MECHANISM_PORT_CLOSED] = "port-closed",
	[MECHANISM_SYN_REJECTED] = "syn-rejected",
	[MECHANISM_SYN_UNANSWERED] = "syn-unanswered",
	[MECHANISM_ABORT] = "abort",
	[MECHANISM_LATE_DATA] = "late-data",
	[MECHANISM_UNKNOWN_CONNECTION] = "unknown-connection",
	[MECHANISM_STATE_EXPIRED] = "state-expired",
	[MECHANISM_INJECTED] = "injected",
	[MECHANISM_FIREWALL_REJECT] = "firewall-reject",
	[MECHANISM_PROXY_CLOSED] = "proxy-closed",
	[MECHANISM_KEEPALIVE_TIMEOUT] = "keepalive-timeout",
	[MECHANISM_RETRANSMISSION_TIMEOUT] = "retransmission-timeout",
	[MECHANISM_PMTU_BLACK_HOLE] = "pmtu-black-hole",
	[MECHANISM_PMTU_IGNORED] = "pmtu-ignored",
	[MECHANISM_ICMP_UNREACHABLE] = "icmp-unreachable",
	[MECHANISM_HALF_OPEN] = "half-open",
	[MECHANISM_NAT_MISMATCH] = "nat-mismatch",
	[MECHANISM_OPTION_REFUSED] = "option-refused",
	[MECHANISM_NO_RESPONSE] = "no-response",
	[MECHANISM_WINDOW_CLOSED] = "window-closed",
	[MECHANISM_PEER_PROTOCOL] = "peer-protocol",
	[MECHANISM_SSH_MAX_STARTUPS] = "ssh-max-startups",
	[MECHANISM_SSH_REFUSED_BEFORE_BANNER] = "ssh-refused-before-banner",
	[MECHANISM_SSH_LOGIN_GRACE] = "ssh-login-grace",
	[MECHANISM_SSH_NO_COMMON_ALGORITHM] = "ssh-no-common-algorithm",
	[MECHANISM_SSH_SLOW_BANNER] = "ssh-slow-banner",
	[MECHANISM_SSH_CLIENT_ALIVE] = "ssh-client-alive",
	[MECHANISM_ORDERLY] = "orderly",
};
static_assert(
	sizeof(mechanism_words) / sizeof(mechanism_words[0]) == MECHANISM_COUNT,
	"a word for every mechanism");

const char *party_word(enum party party)
{
	assert(party < PARTY_COUNT);
	return party_words[party];
}

const char *grade_word(enum grade grade)
{
	assert(grade < GRADE_COUNT);
	return grade_words[grade];
}

const char *mechanism_word(enum mechanism mechanism)
{
	assert(mechanism < MECHANISM_COUNT);
	return mechanism_words[mechanism];
}

bool mechanism_of_word(const char *word, enum mechanism *mechanism)
{
	for (int i = 0; i < MECHANISM_COUNT; i++)
		if (strcmp(word, mechanism_words[i]) == 0) {
			*mechanism = (enum mechanism)i;
			return true;
		}
	return false;
}

bool party_of_word(const char *word, enum party *party)
{
	for (int i = 0; i < PARTY_COUNT; i++)
		if (strcmp(word, party_words[i]) == 0) {
			*party = (enum party)i;
			return true;
		}
	return false;
}
