#include "report/packet_text.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "capture/icmp_name.h"

const char *tcp_flags_text(char text[FLAGS_TEXT], uint16_t flags)
{
	static const struct {
		uint16_t flag;
		const char *name;
	} names[] = {
		{TCP_SYN, "SYN"},
		{TCP_FIN, "FIN"},
		{TCP_RST, "RST"},
		{TCP_PSH, "PSH"},
		{TCP_ACK, "ACK"},
		{TCP_URG, "URG"},
		{TCP_ECE, "ECE"},
		{TCP_CWR, "CWR"},
		{TCP_NS, "NS"},
	};
	char *to = text;

	*to = '\0';
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (flags & names[i].flag) {
			if (to != text)
				*to++ = ',';
			to = stpcpy(to, names[i].name);
		}
	if (to == text)
		(void)strcpy(text, "no flags");
	return text;
}

const char *icmp_text(char text[ICMP_TEXT], uint8_t family, uint8_t type,
	uint8_t code, uint32_t mtu)
{
	int length = snprintf(text, ICMP_TEXT, "%s %u/%u %s",
		family == 6 ? "ICMPv6" : "ICMP", type, code,
		icmp_name(family, type, code));

	if (mtu != 0 && length < ICMP_TEXT)
		(void)snprintf(text + length, (size_t)(ICMP_TEXT - length),
			", mtu %u", mtu);
	return text;
}

static const char *party_headline(enum party culprit)
{
	static const char *const headlines[] = {
		[PARTY_UNKNOWN] = "UNDETERMINED",
		[PARTY_CLIENT] = "CLIENT",
		[PARTY_SERVER] = "SERVER",
		[PARTY_MIDDLEBOX] = "MIDDLEBOX",
		[PARTY_NONE] = "SILENCE",
		[PARTY_NAT_TIMEOUT] = "IDLE TIMEOUT",
		[PARTY_PATH_MTU] = "PATH MTU",
		[PARTY_PATH_LOSS] = "PATH LOSS",
	};
	static_assert(sizeof(headlines) / sizeof(headlines[0]) == PARTY_COUNT,
		"a headline for every culprit");

	assert(culprit < PARTY_COUNT);
	return headlines[culprit];
}

static const char *mechanism_headline(enum mechanism mechanism)
{
	static const char *const headlines[] = {
		[MECHANISM_UNKNOWN] = "UNDETERMINED",
		[MECHANISM_PORT_CLOSED] = "PORT CLOSED",
		[MECHANISM_SYN_REJECTED] = "SYN REJECTED",
		[MECHANISM_SYN_UNANSWERED] = "SYN UNANSWERED",
		[MECHANISM_ABORT] = "ABORTED",
		[MECHANISM_LATE_DATA] = "DATA AFTER CLOSE",
		[MECHANISM_UNKNOWN_CONNECTION] = "CONNECTION UNKNOWN",
		[MECHANISM_STATE_EXPIRED] = "IDLE TIMEOUT",
		[MECHANISM_INJECTED] = "FORGED RESET",
		[MECHANISM_FIREWALL_REJECT] = "REJECTED",
		[MECHANISM_PROXY_CLOSED] = "CLOSED BY PROXY",
		[MECHANISM_KEEPALIVE_TIMEOUT] = "KEEPALIVES UNANSWERED",
		[MECHANISM_RETRANSMISSION_TIMEOUT] =
			"RETRANSMISSIONS UNANSWERED",
		[MECHANISM_PMTU_BLACK_HOLE] = "PATH MTU BLACK HOLE",
		[MECHANISM_PMTU_IGNORED] = "PATH MTU IGNORED",
		[MECHANISM_ICMP_UNREACHABLE] = "UNREACHABLE",
		[MECHANISM_HALF_OPEN] = "HALF-OPEN CONNECTION",
		[MECHANISM_NAT_MISMATCH] = "NAT MISMATCH",
		[MECHANISM_OPTION_REFUSED] = "OPTION REFUSED",
		[MECHANISM_NO_RESPONSE] = "NO RESPONSE",
		[MECHANISM_WINDOW_CLOSED] = "WINDOW CLOSED",
		[MECHANISM_PEER_PROTOCOL] = "CLOSED WITH A MESSAGE",
		[MECHANISM_SSH_MAX_STARTUPS] = "TOO MANY SSH LOGINS",
		[MECHANISM_SSH_REFUSED_BEFORE_BANNER] = "REFUSED BEFORE BANNER",
		[MECHANISM_SSH_LOGIN_GRACE] = "LOGIN TIME OVER",
		[MECHANISM_SSH_NO_COMMON_ALGORITHM] = "NO COMMON ALGORITHM",
		[MECHANISM_SSH_SLOW_BANNER] = "SLOW BANNER",
		[MECHANISM_SSH_CLIENT_ALIVE] = "SSH KEEPALIVES UNANSWERED",
		[MECHANISM_ORDERLY] = "BENIGN",
	};
	static_assert(
		sizeof(headlines) / sizeof(headlines[0]) == MECHANISM_COUNT,
		"a headline for every mechanism");

	assert(mechanism < MECHANISM_COUNT);
	return headlines[mechanism];
}

const char *incident_headline_text(const struct incident *incident)
{
	return incident->mechanism == MECHANISM_ORDERLY ||
			       incident->culprit == PARTY_UNKNOWN
		       ? mechanism_headline(incident->mechanism)
		       : party_headline(incident->culprit);
}
