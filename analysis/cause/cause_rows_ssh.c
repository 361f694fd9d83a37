/* Signs of causes among what the experiment ssh finds. A server that closes
 * connections before its identification does so for several reasons with the
 * same packets: each of them is possible. */
#include "analysis/cause/cause_row.h"

static const struct cause_sign signs[] = {
	FOUND(MAX_STARTUPS, "ssh-max-startups", CERTAIN,
		.says = "sshd refuses connections since too many have not "
			"logged in (MaxStartups), and says so."),
	FOUND(MAX_STARTUPS, "ssh-one-of-many-refused", CERTAIN,
		.says = "The server ended one of several connections without a "
			"word."),
	FOUND(MAX_STARTUPS, "ssh-not-allowed", CERTAIN,
		.says = "sshd refused before its identification: too many have "
			"not logged in, or this address is penalised."),
	FOUND(MAX_STARTUPS, "ssh-refused-before-banner", POSSIBLE,
		.says = "The server ends connections before its "
			"identification, as OpenSSH before 8.2 does beyond "
			"MaxStartups.",
		.other = "TCP wrappers, a proxy whose server is down, or sshd "
			 "that can't begin a process"),
	EXCLUDED(MAX_STARTUPS, "ssh-many-accepted", .says = NULL),
	LEFT_OPEN(MAX_STARTUPS, "ssh-few-at-once"),
	FOUND(TCP_WRAPPERS, "ssh-refused-before-banner", POSSIBLE,
		.says = "The server ends connections before its "
			"identification, as TCP wrappers do.",
		.other = "MaxStartups of OpenSSH before 8.2, a proxy whose "
			 "server is down, or sshd that can't begin a process"),
	EXCLUDED(TCP_WRAPPERS, "ssh-identified", .says = NULL),
	LEFT_OPEN(TCP_WRAPPERS, "ssh-not-spoken"),
	FOUND(SSH_MISMATCH, "ssh-no-common-algorithm", CERTAIN,
		.says = "Client and server have no algorithm of a class in "
			"common."),
	FOUND(SSH_MISMATCH, "ssh-closed-in-exchange", POSSIBLE,
		.says = "The server ends the connection in the key exchange."),
	EXCLUDED(SSH_MISMATCH, "ssh-common-algorithms", .says = NULL),
	FOUND(SLOW_DNS, "ssh-slow-banner", CERTAIN,
		.says = "The server accepts at once and sends its "
			"identification seconds later."),
	FOUND(SLOW_DNS, "ssh-silent", POSSIBLE,
		.says = "The server accepts, and sends no identification."),
	/* sshd asks at the login, which the probe does not come to [lab:
	 * test_ssh]. */
	BOUNDED(SLOW_DNS, "ssh-identified-at-once",
		"The identification came in time: no look-up is made before "
		"it, or none is slow. sshd (UseDNS) and PAM make theirs at the "
		"login, which was not tried."),
	LEFT_OPEN(SLOW_DNS, "ssh-not-spoken"),
	/* sshd does so by default: it is a fault where logins take as long. */
	FOUND(LOGIN_GRACE, "ssh-login-grace", POSSIBLE,
		.says = "The server ends connections on which nobody has "
			"logged in after that time.",
		.other = "no fault, where logins take less time"),
	EXCLUDED(LOGIN_GRACE, "ssh-outlived-grace", .says = NULL),
	LEFT_OPEN(LOGIN_GRACE, "ssh-grace-not-awaited"),
	FOUND(PATH_MTU, "ssh-large-lost", CERTAIN,
		.says = "Large segments of the key exchange are lost, and "
			"small ones arrive."),
	FOUND(PATH_MTU, "ssh-large-reply-lost", CERTAIN,
		.says = "The server's messages of the key exchange come in "
			"small segments, and not in large ones."),
	FOUND(DSCP, "ssh-dscp-lost", CERTAIN,
		.says = "Packets with the DSCP that ssh sets in a session are "
			"lost, and others are not."),
	EXCLUDED(DSCP, "ssh-marked-answered", .says = NULL),
};

const struct cause_signs cause_signs_ssh = {
	CAUSE_SIGNS(signs), .experiment = "ssh"};
