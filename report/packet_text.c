#include "report/packet_text.h"

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
