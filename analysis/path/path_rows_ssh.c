/* SSH servers. Each case has the facts of one thing: the server, large packets,
 * the time it waits for a login, and the DSCP of sessions. */
#include "analysis/path/path_rows.h"

static const struct path_row rows[] = {
	/* OpenSSH 8.2 to 9.7 [lab: test_ssh]. */
	{
		.name = "ssh-max-startups",
		.when = {.needs = FACTS(SSH_SAID_MAX_STARTUPS)},
		.kind = FINDING_SSH,
		.grade = GRADE_CERTAIN,
		.cause = SSH_CAUSE_MAX_STARTUPS,
		.figures = FIGURE_SSH_OPEN,
		.shows = FACTS(SSH_SAID_MAX_STARTUPS, FEW_OWN_CONNECTIONS,
			SSH_OTHERS_ACCEPTED),
		.says = "sshd has too many connections that nobody has logged "
			"in on (MaxStartups), and says so.",
	},
	/* OpenSSH since 9.8 [source]: one text for two causes. */
	{
		.name = "ssh-not-allowed",
		.when = {.needs = FACTS(SSH_SAID_NOT_ALLOWED)},
		.kind = FINDING_SSH,
		.grade = GRADE_LIKELY,
		.cause = SSH_CAUSE_NOT_ALLOWED,
		.figures = FIGURE_SSH_OPEN,
		.shows = FACTS(SSH_SAID_NOT_ALLOWED, SSH_OTHERS_ACCEPTED),
		.says = "sshd refused before its identification: too many "
			"connections that nobody has logged in on, or a "
			"penalty for this address.",
	},
	/* TCP wrappers [lab: test_ssh]. */
	{
		.name = "ssh-refused-before-banner",
		.when = {.needs = FACTS(SSH_CLOSED_UNSAID),
			.forbids = FACTS(RESET_NEARER, RESET_FARTHER)},
		.kind = FINDING_SSH,
		.grade = GRADE_LIKELY,
		.cause = SSH_CAUSE_REFUSED,
		.figures = FIGURE_SSH_WAIT,
		.shows = FACTS(SSH_CLOSED_UNSAID, SSH_CLOSED_AGAIN,
			RESET_TTL_MATCHES_SENDER),
		.says = "The server accepts connections and ends them before "
			"its identification, as TCP wrappers make it do.",
	},
	/* OpenSSH before 8.2 [source]. */
	{
		.name = "ssh-one-of-many-refused",
		.when = {.needs = FACTS(SSH_ONE_OF_MANY_CLOSED)},
		.kind = FINDING_SSH,
		.grade = GRADE_LIKELY,
		.cause = SSH_CAUSE_MAX_STARTUPS,
		.figures = FIGURE_SSH_OPEN,
		.shows = FACTS(SSH_ONE_OF_MANY_CLOSED, SSH_OTHERS_ACCEPTED),
		.says = "The server ended one of several connections without "
			"a word: MaxStartups of OpenSSH before 8.2, or a "
			"limit in front of it.",
	},
	{
		.name = "ssh-silent",
		.when = {.needs = FACTS(SSH_TEXT_ACKNOWLEDGED, SSH_WAITED)},
		.kind = FINDING_SSH,
		.grade = GRADE_LIKELY,
		.cause = SSH_CAUSE_SILENT,
		.figures = FIGURE_SSH_WAIT,
		.shows = FACTS(SSH_WAITED, SSH_TEXT_ACKNOWLEDGED),
		.says = "The server's kernel accepts and acknowledges; the "
			"application says nothing.",
	},
	/* libwrap, or a resolver of the server's that does not answer [lab:
	 * test_ssh]. */
	{
		.name = "ssh-slow-banner",
		.when = {.needs = FACTS(SSH_BANNER_LATE)},
		.kind = FINDING_SSH,
		.grade = GRADE_LIKELY,
		.cause = SSH_CAUSE_SLOW_BANNER,
		.figures = FIGURE_SSH_WAIT,
		.shows = FACTS(SSH_BANNER_LATE, SSH_BANNER_LATE_AGAIN,
			SSH_TEXT_ACKNOWLEDGED),
		.says = "The server accepts at once and sends its "
			"identification seconds later.",
	},
	{
		.name = "ssh-no-common-algorithm",
		.when = {.denies = FACTS(SSH_ALGORITHMS_COMMON)},
		.kind = FINDING_SSH,
		.grade = GRADE_CERTAIN,
		.cause = SSH_CAUSE_NO_COMMON_ALGORITHM,
		.shows = FACTS(SSH_ALGORITHMS_COMMON, SSH_IDENTIFIED),
		.says = "Client and server have no algorithm of a class in "
			"common.",
	},
	{
		.name = "ssh-no-reply",
		.when = {.denies = FACTS(SSH_KEY_EXCHANGE_ANSWERED,
				 SSH_CLOSED_IN_EXCHANGE)},
		.kind = FINDING_SSH,
		.grade = GRADE_LIKELY,
		.cause = SSH_CAUSE_NO_REPLY,
		.shows = FACTS(
			SSH_KEY_EXCHANGE_BEGUN, SSH_KEY_EXCHANGE_ANSWERED),
		.says = "The server does not answer the key exchange, in "
			"segments that pass every path.",
	},
	{
		.name = "ssh-closed-in-exchange",
		.when = {.needs = FACTS(SSH_CLOSED_IN_EXCHANGE),
			.keeps = FACTS(SSH_ALGORITHMS_COMMON)},
		.kind = FINDING_SSH,
		.grade = GRADE_POSSIBLE,
		.cause = SSH_CAUSE_CLOSED,
		.shows = FACTS(SSH_CLOSED_IN_EXCHANGE, SSH_ALGORITHMS_COMMON),
		.says = "The server ends the connection in the key exchange.",
	},
	/* [lab: test_ssh] */
	{
		.name = "ssh-large-lost",
		.when = {.needs = FACTS(SSH_LARGE_SENT_OFTEN),
			.denies = FACTS(SSH_LARGE_ARRIVES, SSH_LARGE_REPORTED)},
		.kind = FINDING_SSH,
		.grade = GRADE_CERTAIN,
		.direction = PATH_FORWARD,
		.cause = SSH_CAUSE_LARGE_LOST,
		.shows = FACTS(SSH_LARGE_ARRIVES, SSH_SMALLER_ARRIVES),
		.says = "The client's large segments of the key exchange are "
			"lost, and its small ones arrive.",
	},
	{
		.name = "ssh-large-reply-lost",
		.when = {.needs = FACTS(SSH_LARGE_ARRIVES),
			.denies = FACTS(
				SSH_LARGE_ANSWERED, SSH_CLOSED_IN_EXCHANGE)},
		.kind = FINDING_SSH,
		.grade = GRADE_LIKELY,
		.direction = PATH_REVERSE,
		.cause = SSH_CAUSE_LARGE_LOST,
		.shows = FACTS(SSH_LARGE_ANSWERED, SSH_LARGE_ARRIVES),
		.says = "The server's messages of the key exchange come in "
			"small segments, and not in large ones.",
	},
	{
		.name = "ssh-login-grace",
		.when = {.needs = FACTS(SSH_ENDED_UNAUTHENTICATED)},
		.kind = FINDING_SSH,
		.grade = GRADE_LIKELY,
		.cause = SSH_CAUSE_LOGIN_GRACE,
		.figures = FIGURE_SSH_WAIT,
		.shows = FACTS(SSH_ENDED_UNAUTHENTICATED),
		.says = "The server ends connections on which nobody has "
			"logged in after that time.",
	},
	{
		.name = "ssh-dscp-lost",
		.when = {.needs = FACTS(SSH_UNMARKED_ANSWERED),
			.denies = FACTS(SSH_MARKED_ANSWERED)},
		.kind = FINDING_SSH,
		.grade = GRADE_CERTAIN,
		.cause = SSH_CAUSE_DSCP,
		.figures = FIGURE_SSH_DSCP,
		.shows = FACTS(SSH_MARKED_ANSWERED, SSH_UNMARKED_ANSWERED),
		.says = "Packets with a DSCP that clients set in a session are "
			"lost, and others of the same connection are not.",
	},
	/* What is excluded. */
	{
		.name = "ssh-identified",
		.when = {.needs = FACTS(SSH_IDENTIFIED)},
		.kind = FINDING_COUNT,
		.shows = FACTS(SSH_IDENTIFIED),
		.excludes = QUESTION_BIT(SSH_REFUSED),
		.says = "The server sent its identification.",
	},
	{
		.name = "ssh-identified-at-once",
		.when = {.denies = FACTS(SSH_BANNER_LATE)},
		.kind = FINDING_COUNT,
		.shows = FACTS(SSH_BANNER_LATE),
		.excludes = QUESTION_BIT(SSH_SLOW),
		.says = "The identification came in time.",
	},
	{
		.name = "ssh-common-algorithms",
		.when = {.needs = FACTS(SSH_ALGORITHMS_COMMON)},
		.kind = FINDING_COUNT,
		.shows = FACTS(SSH_ALGORITHMS_COMMON),
		.excludes = QUESTION_BIT(SSH_ALGORITHMS),
		.says = "Client and server have algorithms of all classes in "
			"common; those of keys at the login "
			"(PubkeyAcceptedAlgorithms) were not tried.",
	},
	{
		.name = "ssh-exchanged",
		.when = {.needs = FACTS(SSH_LARGE_ARRIVES, SSH_LARGE_ANSWERED)},
		.kind = FINDING_COUNT,
		.shows = FACTS(SSH_LARGE_ARRIVES, SSH_LARGE_ANSWERED),
		.excludes = QUESTION_BIT(SSH_EXCHANGE),
		.says = "The key exchange was answered, in the largest "
			"segments.",
	},
	{
		.name = "ssh-exchanged-smaller",
		.when = {.needs =
				 FACTS(SSH_LARGE_REPORTED, SSH_LARGE_ANSWERED)},
		.kind = FINDING_COUNT,
		.shows = FACTS(SSH_LARGE_REPORTED, SSH_LARGE_ANSWERED),
		.excludes = QUESTION_BIT(SSH_EXCHANGE),
		.says = "The key exchange was answered; for its largest "
			"segment a smaller size was reported.",
	},
	{
		.name = "ssh-many-accepted",
		.when = {.needs = FACTS(SSH_MANY_ACCEPTED)},
		.kind = FINDING_COUNT,
		.shows = FACTS(SSH_MANY_ACCEPTED),
		.excludes = QUESTION_BIT(SSH_STARTUPS),
		.says = "Up to {open} connections at once were accepted; more "
			"were not tried.",
	},
	{
		.name = "ssh-marked-answered",
		.when = {.needs = FACTS(SSH_MARKED_ANSWERED)},
		.kind = FINDING_COUNT,
		.shows = FACTS(SSH_MARKED_ANSWERED),
		.excludes = QUESTION_BIT(SSH_DSCP),
		.says = "Packets with the DSCP of sessions arrive.",
	},
	{
		.name = "ssh-outlived-grace",
		.when = {.needs = FACTS(SSH_OUTLIVED_DEFAULT_GRACE)},
		.kind = FINDING_COUNT,
		.shows = FACTS(SSH_OUTLIVED_DEFAULT_GRACE),
		.excludes = QUESTION_BIT(SSH_GRACE),
		.says = "A connection outlived sshd's default.",
	},
	/* What is not determined. */
	{
		.name = "ssh-grace-not-awaited",
		.when = {.denies = FACTS(SSH_OUTLIVED_DEFAULT_GRACE)},
		.kind = FINDING_COUNT,
		.opens = QUESTION_BIT(SSH_GRACE),
		.says = "No connection was left open for so long.",
	},
	{
		.name = "ssh-few-at-once",
		.when = {.needs = FACTS(SSH_IDENTIFIED),
			.denies = FACTS(SSH_MANY_ACCEPTED)},
		.kind = FINDING_COUNT,
		.opens = QUESTION_BIT(SSH_STARTUPS),
		.says = "No more than {open} connections at once were tried.",
		.settled_by = "{probe} --only ssh --startups 8",
	},
	{
		.name = "ssh-not-spoken",
		.when = {.denies = FACTS(SSH_SERVER_SPOKE),
			.forbids = FACTS(SSH_CLOSED_UNSAID, SSH_WAITED)},
		.kind = FINDING_COUNT,
		.opens = QUESTION_BIT(SSH_REFUSED) | QUESTION_BIT(SSH_SLOW),
		.says = "The server at port {port} said nothing.",
		.settled_by = "{probe host} -p PORT --only ssh, with the port "
			      "of its SSH server",
	},
};

static const struct path_doubt doubts[] = {
	{
		.name = "ssh-size-reported",
		.when = {.needs = FACTS(SSH_SIZE_REPORTED)},
		.most = GRADE_POSSIBLE,
		.other = "a PTB that comes late, or not for each: one came for "
			 "another segment of that size",
	},
	/* [lab: two_faults] */
	{
		.name = "for-this-run",
		.when = {.denies = FACTS(FEW_OWN_CONNECTIONS)},
		.most = GRADE_POSSIBLE,
		.other = "the connections of this run, of which {open} had "
			 "been opened: sshd begins to refuse at ten by "
			 "default, and a busy one counts those that ended, too",
	},
	{
		.name = "a-penalty",
		.of = {"ssh-not-allowed"},
		.when = {.forbids = FACTS(SSH_OTHERS_ACCEPTED)},
		.most = GRADE_CERTAIN,
		.other = "this address is penalised (PerSourcePenalties): "
			 "then it is refused until that ends, ten minutes at "
			 "the longest by default",
	},
	{
		.name = "a-limit-of-this-address",
		.of = {"ssh-not-allowed"},
		.when = {.needs = FACTS(SSH_OTHERS_ACCEPTED)},
		.most = GRADE_CERTAIN,
		.other = "a limit of connections from one address "
			 "(PerSourceMaxStartups)",
	},
	{
		.name = "wrappers",
		.of = {"ssh-refused-before-banner"},
		.most = GRADE_CERTAIN,
		.other = "besides TCP wrappers (hosts.deny): MaxStartups of "
			 "OpenSSH before 8.2, a proxy whose server is down, or "
			 "sshd that can't begin a process; packets are the "
			 "same",
	},
	{
		.name = "closed-once",
		.of = {"ssh-refused-before-banner"},
		.when = {.forbids = FACTS(SSH_CLOSED_AGAIN)},
		.most = GRADE_POSSIBLE,
	},
	{
		.name = "without-a-word",
		.of = {"ssh-one-of-many-refused"},
		.when = {.needs = FACTS(SSH_SAYS_REFUSALS)},
		.outranks = {{"a-limit-in-front",
			"the server would have said so"}},
		.most = GRADE_POSSIBLE,
		.other = "a device or proxy that ends connections: a server of "
			 "this version says so when it refuses",
	},
	{
		.name = "a-limit-in-front",
		.of = {"ssh-one-of-many-refused"},
		.most = GRADE_CERTAIN,
		.other = "a device or proxy that limits connections",
	},
	{
		.name = "hangs",
		.of = {"ssh-silent"},
		.most = GRADE_CERTAIN,
		.other = "a look-up that takes longer, a server that is "
			 "overloaded, or a proxy whose server does not answer",
	},
	{
		.name = "busy-server",
		.of = {"ssh-slow-banner"},
		.most = GRADE_CERTAIN,
		.other = "a server that is overloaded",
	},
	{
		.name = "late-once",
		.of = {"ssh-slow-banner"},
		.when = {.denies = FACTS(SSH_BANNER_LATE_AGAIN)},
		.most = GRADE_POSSIBLE,
		.other = "the path lost the first copies",
	},
	{
		.name = "stopped-then",
		.of = {"ssh-login-grace"},
		.most = GRADE_CERTAIN,
		.other = "sshd was stopped at that time",
	},
	{
		.name = "one-reply",
		.of = {"ssh-large-reply-lost"},
		.most = GRADE_CERTAIN,
		.other = "the server answers this key exchange slowly",
	},
	{
		.name = "marked-loss-small",
		.when = {.denies = FACTS(LOSS_EXCLUDED)},
		.most = GRADE_LIKELY,
	},
	{
		.name = "marked-loss",
		.when = {.denies = FACTS(LOSS_UNLIKELY)},
		.most = GRADE_POSSIBLE,
		.other = "the packets were lost by chance",
	},
};

static const struct path_remedy remedies[] = {
	{
		.name = "raise-max-startups",
		.of = {"ssh-max-startups", "ssh-one-of-many-refused",
			"ssh-not-allowed"},
		.advice = "On the server: ss -tn sport = :{port} shows who "
			  "holds connections; raise MaxStartups in "
			  "/etc/ssh/sshd_config (10:30:100 by default).",
	},
	/* sshd(8) refuses from the first number on, at random up to the last.
	 */
	{
		.name = "first-of-max-startups",
		.of = {"ssh-max-startups"},
		.when = {.needs = FACTS(SSH_OTHERS_ACCEPTED)},
		.advice = "It refused with {open} of ours open at once: unless "
			  "others held some, its first number is below {open}.",
	},
	{
		.name = "look-for-penalties",
		.of = {"ssh-not-allowed"},
		.advice = "Its log names the reason: {log}.",
	},
	{
		.name = "look-at-wrappers",
		.of = {"ssh-refused-before-banner"},
		.advice = "On the server: {log} (\"refused connect "
			  "from\" is TCP wrappers), /etc/hosts.deny and "
			  "/etc/hosts.allow.",
	},
	{
		.name = "look-at-names",
		.of = {"ssh-slow-banner", "ssh-silent"},
		.advice = "On the server: time getent hosts {own} shows a slow "
			  "look-up; mend /etc/resolv.conf, or use addresses in "
			  "place of names in /etc/hosts.allow and "
			  "/etc/hosts.deny.",
	},
	{
		.name = "propose-more",
		.when = {.needs = FACTS(SSH_CLIENT_COULD)},
		.advice = "In ~/.ssh/config: {line}. Better is a newer server: "
			  "what is named is weak.",
	},
	{
		.name = "accept-more",
		.when = {.needs = FACTS(SSH_SERVER_COULD)},
		.advice = "In the server's /etc/ssh/sshd_config: "
			  "{server line}. Or use a client that has one of the "
			  "server's.",
	},
	{
		.name = "look-at-its-log",
		.of = {"ssh-no-reply", "ssh-closed-in-exchange"},
		.advice = "The server's log says why: {log}.",
	},
	{
		.name = "measure-the-size",
		.of = {"ssh-large-lost", "ssh-large-reply-lost"},
		.advice = "Measure the size that passes, and find the link: "
			  "{probe} --only mtu",
	},
	{
		.name = "raise-the-grace",
		.of = {"ssh-login-grace"},
		.advice = "LoginGraceTime in the server's "
			  "/etc/ssh/sshd_config is {wait} s: log in sooner, or "
			  "raise it.",
	},
	{
		.name = "no-dscp",
		.of = {"ssh-dscp-lost"},
		.advice = "IPQoS none in ~/.ssh/config; a device on the path "
			  "drops DSCP {dscp}.",
	},
};

const struct path_table path_rows_ssh = {
	.title = "SSH servers",
	PATH_ROWS(rows),
	PATH_DOUBTS(doubts),
	PATH_REMEDIES(remedies),
};
