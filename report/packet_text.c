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

const char *party_headline(enum party culprit)
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
