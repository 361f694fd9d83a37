/* Signs of causes among what the experiment reset finds. */
#include "analysis/cause/cause_row.h"

static const struct cause_sign signs[] = {
	FOUND(MIDDLEBOX_RESET, "injector-before-target", CERTAIN,
		.says = "A device resets connections that show certain "
			"bytes{place}."),
	FOUND(MIDDLEBOX_RESET, "injector-copies-hop-limit", CERTAIN,
		.says = "A device resets connections that show certain "
			"bytes{place}."),
	FOUND(MIDDLEBOX_RESET, "injector-waits", CERTAIN,
		.says = "A device resets connections a while after they show "
			"certain bytes{place}."),
	FOUND(MIDDLEBOX_RESET, "injector-at-the-end", CERTAIN,
		.says = "Connections that show certain bytes are reset in the "
			"server's name."),
	FOUND(MIDDLEBOX_RESET, "trigger-reset-at-target", POSSIBLE,
		.says = "Connections that show certain bytes are reset, at the "
			"server or right before it."),
	EXCLUDED(MIDDLEBOX_RESET, "trigger-provokes-nothing", .says = NULL),
	LEFT_OPEN(MIDDLEBOX_RESET, "controls-silent-too"),
	LEFT_OPEN(MIDDLEBOX_RESET, "controls-reset-too"),
	LEFT_OPEN(MIDDLEBOX_RESET, "trigger-dropped"),
	LEFT_OPEN(MIDDLEBOX_RESET, "trigger-not-acknowledged"),
	FOUND(HOST_FIREWALL, "port-reset-by-firewall", CERTAIN,
		.says = "The server's packet filter resets the SYN to port "
			"{port}.",
		.advice = "On the server: nft list ruleset; iptables-save. "
			  "Accept TCP port {port} from {own}."),
	FOUND(FAIL2BAN, "port-reset-by-firewall", POSSIBLE,
		.says = "The server's packet filter resets the SYN to port "
			"{port}, as a ban may.",
		.other = "any other rule of the server's packet filter",
		.advice = "On the server: fail2ban-client status{jail}; where "
			  "it lists {own}, fail2ban-client unban {own}."),
};

const struct cause_signs cause_signs_reset = {
	CAUSE_SIGNS(signs), .experiment = "reset"};
