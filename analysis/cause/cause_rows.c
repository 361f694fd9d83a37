/* Grades: a packet filter of the server, a ban, and a filter in front of the
 * server send, or leave out, the same packets. Then each of them is possible,
 * and only the server or its network tells which it is: fail2ban's usual action
 * rejects with port unreachable, as packet filters do. */
#include <assert.h>

#include "analysis/cause/cause_row.h"

const struct cause_rule cause_rules[CAUSE_COUNT] = {
	[CAUSE_PATH_MTU] = {.questions = QUESTION_BIT(HOLE_FORWARD) |
					 QUESTION_BIT(HOLE_REVERSE),
		.experiment = "mtu"},
	[CAUSE_IDLE_TIMEOUT] = {.questions = QUESTION_BIT(IDLE_TIMEOUT),
		.experiment = "idle"},
	[CAUSE_KEEPALIVE] = {.questions = QUESTION_BIT(IDLE_TIMEOUT),
		.experiment = "idle"},
	[CAUSE_LOSS] = {.questions = QUESTION_BIT(LOSS), .experiment = "loss"},
	[CAUSE_MIDDLEBOX_RESET] = {.questions = QUESTION_BIT(INJECTOR),
		.experiment = "reset"},
	[CAUSE_SSH_MISMATCH] = {.is_of_ssh = true, .experiment = "ssh"},
	[CAUSE_MAX_STARTUPS] = {.is_of_ssh = true, .experiment = "ssh"},
	[CAUSE_TCP_WRAPPERS] = {.is_of_ssh = true, .experiment = "ssh"},
	[CAUSE_LOGIN_GRACE] = {.is_of_ssh = true, .experiment = "ssh"},
	[CAUSE_SLOW_DNS] = {.is_of_ssh = true, .experiment = "ssh"},
	[CAUSE_NO_HOST] = {.experiment = "route"},
	[CAUSE_NO_SERVICE] =
		{.of_some = "The program may have begun or ended in the "
			    "run.",
			.experiment = "route"},
	[CAUSE_HOST_FIREWALL] =
		{.of_some = "The server's packet filter may limit the rate "
			    "of connections.",
			.experiment = "route"},
	[CAUSE_FAIL2BAN] = {.of_some =
				    "A ban may have begun or ended in the run.",
		.experiment = "route"},
	[CAUSE_SECURITY_GROUP] =
		{.of_some = "A device before the server may limit the rate "
			    "of connections.",
			.experiment = "route"},
	[CAUSE_DSCP] = {.is_of_ssh = true, .experiment = "ssh"},
	[CAUSE_CLIENT_ALIVE] = {.is_of_ssh = true},
	[CAUSE_SERVER_LOG] = {.is_of_ssh = false},
};
static_assert(sizeof(cause_rules) / sizeof(cause_rules[0]) == CAUSE_COUNT,
	"a rule for every cause");

const struct cause_signs *const cause_sign_tables[CAUSE_SIGN_TABLES] = {
	&cause_signs_path, &cause_signs_reset, &cause_signs_ssh};
