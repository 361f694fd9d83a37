#include "capture/icmp_name.h"

#include "capture/numbers.h"

static const char *icmp4_name(uint8_t type, uint8_t code)
{
	static const char *const unreachable[] = {"network unreachable",
		"host unreachable", "protocol unreachable", "port unreachable",
		"fragmentation needed", "source route failed",
		"network unknown", "host unknown", "host isolated",
		"network prohibited", "host prohibited",
		"network unreachable for TOS", "host unreachable for TOS",
		"administratively prohibited", "precedence violation",
		"precedence cut off"};

	switch (type) {
	case ICMP4_ECHO_REPLY:
		return "echo reply";
	case ICMP4_UNREACHABLE:
		return code < sizeof(unreachable) / sizeof(unreachable[0])
			       ? unreachable[code]
			       : "unreachable";
	case ICMP4_QUENCH:
		return "source quench";
	case ICMP4_REDIRECT:
		return "redirect";
	case ICMP4_ECHO:
		return "echo request";
	case ICMP4_TIME_EXCEEDED:
		return code == 0 ? "time exceeded" : "reassembly time exceeded";
	case ICMP4_PARAMETER:
		return "parameter problem";
	default:
		return "";
	}
}

static const char *icmp6_name(uint8_t type, uint8_t code)
{
	static const char *const unreachable[] = {"no route",
		"administratively prohibited", "beyond scope",
		"address unreachable", "port unreachable",
		"source address failed policy", "route rejected"};

	switch (type) {
	case ICMP6_UNREACHABLE:
		return code < sizeof(unreachable) / sizeof(unreachable[0])
			       ? unreachable[code]
			       : "unreachable";
	case ICMP6_TOO_BIG:
		return "packet too big";
	case ICMP6_TIME_EXCEEDED:
		return code == 0 ? "time exceeded" : "reassembly time exceeded";
	case ICMP6_PARAMETER:
		return "parameter problem";
	case ICMP6_ECHO:
		return "echo request";
	case ICMP6_ECHO_REPLY:
		return "echo reply";
	default:
		return "";
	}
}

const char *icmp_name(uint8_t family, uint8_t type, uint8_t code)
{
	return family == 6 ? icmp6_name(type, code) : icmp4_name(type, code);
}
