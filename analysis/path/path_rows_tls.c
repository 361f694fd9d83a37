/* TLS servers. One case has the facts of the server, another those of large
 * packets. */
#include "analysis/path/path_rows.h"

static const struct path_row rows[] = {
	{
		.name = "tls-other-protocol",
		.when = {.needs = FACTS(TLS_OTHER_PROTOCOL)},
		.kind = FINDING_TLS,
		.grade = GRADE_CERTAIN,
		.cause = TLS_CAUSE_NOT_TLS,
		.figures = FIGURE_TLS,
		.shows = FACTS(TLS_OTHER_PROTOCOL),
		.says = "The server at port {port} does not speak TLS first, "
			"but {speaks}.",
	},
	/* nginx, ssl_reject_handshake [lab: test_tls]. */
	{
		.name = "tls-name-refused",
		.when = {.needs = FACTS(TLS_ALERT_NAME, TLS_NAME_SENT)},
		.kind = FINDING_TLS,
		.grade = GRADE_LIKELY,
		.cause = TLS_CAUSE_NAME,
		.figures = FIGURE_TLS,
		.shows = FACTS(TLS_ALERT, TLS_NAME_SENT, TLS_NAMELESS_ANSWERED),
		.says = "The server has no certificate for the name {name}, "
			"and says so.",
	},
	{
		.name = "tls-name-demanded",
		.when = {.needs = FACTS(TLS_ALERT_NAME),
			.denies = FACTS(TLS_NAME_SENT)},
		.kind = FINDING_TLS,
		.grade = GRADE_CERTAIN,
		.cause = TLS_CAUSE_NAME,
		.figures = FIGURE_TLS,
		.shows = FACTS(TLS_ALERT, TLS_NAME_SENT),
		.says = "The server refuses clients that do not name it.",
	},
	{
		.name = "tls-name-refused-otherwise",
		.when = {.needs = FACTS(TLS_NAMELESS_ANSWERED),
			.denies = FACTS(TLS_ANSWERED),
			.forbids = FACTS(TLS_ALERT_NAME, TLS_WIDE_ANSWERED)},
		.kind = FINDING_TLS,
		.grade = GRADE_LIKELY,
		.cause = TLS_CAUSE_NAME,
		.figures = FIGURE_TLS,
		.shows = FACTS(TLS_NAMELESS_ANSWERED, TLS_ALERT,
			TLS_CLOSED_UNSAID, TLS_WAITED, TLS_HELLO_ACKNOWLEDGED,
			RESET_TTL_MATCHES_SENDER),
		.says = "The same ClientHello is answered without the name "
			"{name}, and not with it.",
	},
	/* openssl s_server -tls1 [lab: test_tls]. */
	{
		.name = "tls-old-version",
		.when = {.needs = FACTS(TLS_VERSION_OLD)},
		.kind = FINDING_TLS,
		.grade = GRADE_CERTAIN,
		.cause = TLS_CAUSE_VERSION,
		.figures = FIGURE_TLS,
		.shows = FACTS(TLS_VERSION_OLD, TLS_ALERT, TLS_CLOSED_UNSAID),
		.says = "The server speaks {version} at most; clients want TLS "
			"1.2 or 1.3.",
	},
	{
		.name = "tls-no-common-suite",
		.when = {.denies = FACTS(TLS_ANSWERED, TLS_SUITE_USUAL,
				 TLS_VERSION_OLD)},
		.kind = FINDING_TLS,
		.grade = GRADE_LIKELY,
		.cause = TLS_CAUSE_NO_COMMON,
		.figures = FIGURE_TLS,
		.shows = FACTS(TLS_SUITE_USUAL, TLS_ALERT, TLS_CLOSED_UNSAID),
		.says = "Client and server have no cipher suite in common: of "
			"all that were offered the server takes {suite}.",
	},
	{
		.name = "tls-no-common-group",
		.when = {.needs = FACTS(TLS_SUITE_USUAL),
			.denies = FACTS(TLS_ANSWERED, TLS_VERSION_OLD)},
		.kind = FINDING_TLS,
		.grade = GRADE_LIKELY,
		.cause = TLS_CAUSE_NO_COMMON,
		.figures = FIGURE_TLS,
		.shows = FACTS(TLS_WIDE_ANSWERED, TLS_ALERT, TLS_CLOSED_UNSAID),
		.says = "The server takes a ClientHello with more groups and "
			"signature algorithms, and not what clients propose.",
	},
	{
		.name = "tls-alert",
		.when = {.needs = FACTS(TLS_ALERT),
			.forbids = FACTS(TLS_ALERT_NAME, TLS_WIDE_ANSWERED,
				TLS_NAMELESS_ANSWERED)},
		.kind = FINDING_TLS,
		.grade = GRADE_LIKELY,
		.cause = TLS_CAUSE_ALERT,
		.figures = FIGURE_TLS,
		.shows = FACTS(TLS_ALERT, TLS_WIDE_ANSWERED,
			TLS_NAMELESS_ANSWERED, TLS_NAME_SENT),
		.says = "The server refuses the ClientHello with the alert "
			"{alert}.",
	},
	{
		.name = "tls-closed",
		.when = {.needs = FACTS(TLS_CLOSED_UNSAID),
			.denies = FACTS(TLS_ANSWERED),
			.forbids =
				FACTS(TLS_WIDE_ANSWERED, TLS_NAMELESS_ANSWERED,
					RESET_NEARER, RESET_FARTHER)},
		.kind = FINDING_TLS,
		.grade = GRADE_LIKELY,
		.cause = TLS_CAUSE_CLOSED,
		.figures = FIGURE_TLS,
		.shows = FACTS(TLS_CLOSED_UNSAID, TLS_WIDE_ANSWERED,
			TLS_NAMELESS_ANSWERED, RESET_TTL_MATCHES_SENDER),
		.says = "The server ends the connection after the ClientHello, "
			"without an alert.",
	},
	{
		.name = "tls-silent",
		.when = {.needs = FACTS(TLS_WAITED, TLS_HELLO_ACKNOWLEDGED),
			.forbids = FACTS(TLS_NAMELESS_ANSWERED)},
		.kind = FINDING_TLS,
		.grade = GRADE_LIKELY,
		.cause = TLS_CAUSE_SILENT,
		.figures = FIGURE_TLS | FIGURE_SSH_WAIT,
		.shows = FACTS(TLS_WAITED, TLS_HELLO_ACKNOWLEDGED),
		.says = "The server's kernel accepts and acknowledges; the "
			"application does not answer the ClientHello.",
	},
	{
		.name = "tls-hello-lost",
		.when = {.needs = FACTS(TLS_WAITED),
			.denies = FACTS(TLS_HELLO_ACKNOWLEDGED),
			.forbids = FACTS(TLS_NAMELESS_ANSWERED)},
		.kind = FINDING_TLS,
		.grade = GRADE_LIKELY,
		.cause = TLS_CAUSE_HELLO_LOST,
		.figures = FIGURE_TLS | FIGURE_SSH_WAIT,
		.shows = FACTS(TLS_WAITED, TLS_HELLO_ACKNOWLEDGED),
		.says = "The connection opens, and the ClientHello does not "
			"arrive, although it is small.",
	},
	/* openssl s_server -tls1_3 [lab: test_tls]. */
	{
		.name = "tls-1.3-only",
		.when = {.denies = FACTS(TLS_1_2_ANSWERED)},
		.kind = FINDING_TLS,
		.grade = GRADE_CERTAIN,
		.cause = TLS_CAUSE_NEW_ONLY,
		.figures = FIGURE_TLS,
		.shows = FACTS(TLS_1_2_ANSWERED, TLS_ANSWERED),
		.says = "The server refuses clients that have no TLS 1.3.",
	},
	{
		.name = "tls-other-certificate",
		.when = {.denies = FACTS(TLS_NAME_CERTIFIED)},
		.kind = FINDING_TLS,
		.grade = GRADE_LIKELY,
		.cause = TLS_CAUSE_OTHER_CERTIFICATE,
		.figures = FIGURE_TLS,
		.shows = FACTS(TLS_NAME_CERTIFIED, TLS_NAME_SENT),
		.says = "The server's certificate is not for the name {name}: "
			"clients that look end the connection.",
	},
	/* Servers send it whatever it says; clients end the connection. */
	{
		.name = "tls-expired-certificate",
		.when = {.needs = FACTS(TLS_CERTIFICATE_BEGUN),
			.denies = FACTS(TLS_CERTIFICATE_VALID)},
		.kind = FINDING_TLS,
		.grade = GRADE_LIKELY,
		.cause = TLS_CAUSE_EXPIRED,
		.figures = FIGURE_TLS,
		.shows = FACTS(TLS_CERTIFICATE_VALID, TLS_NAME_SENT),
		.says = "The server's certificate has expired: clients end the "
			"connection.",
	},
	{
		.name = "tls-certificate-not-begun",
		.when = {.denies = FACTS(TLS_CERTIFICATE_BEGUN)},
		.kind = FINDING_TLS,
		.grade = GRADE_POSSIBLE,
		.cause = TLS_CAUSE_EXPIRED,
		.figures = FIGURE_TLS,
		.shows = FACTS(TLS_CERTIFICATE_VALID, TLS_CERTIFICATE_BEGUN,
			TLS_NAME_SENT),
		.says = "By this host's clock the server's certificate is not "
			"valid yet: clients with that clock end the "
			"connection.",
	},
	/* openssl s_server -Verify [lab: test_tls]. */
	{
		.name = "tls-client-certificate",
		.when = {.needs = FACTS(TLS_CERTIFICATE_ASKED)},
		.kind = FINDING_TLS,
		.grade = GRADE_LIKELY,
		.cause = TLS_CAUSE_CLIENT_CERTIFICATE,
		.figures = FIGURE_TLS,
		.shows = FACTS(TLS_CERTIFICATE_ASKED),
		.says = "The server asks for a client's certificate.",
	},
	{
		.name = "tls-large-lost",
		.when = {.needs = FACTS(TLS_LARGE_SENT_OFTEN),
			.denies = FACTS(TLS_LARGE_ARRIVES, TLS_LARGE_REPORTED)},
		.kind = FINDING_TLS,
		.grade = GRADE_LIKELY,
		.direction = PATH_FORWARD,
		.cause = TLS_CAUSE_LARGE_LOST,
		.shows = FACTS(TLS_LARGE_ARRIVES, TLS_SMALLER_ARRIVES),
		.says = "A ClientHello in large segments is lost, and in small "
			"ones it arrives.",
	},
	{
		.name = "tls-large-reply-lost",
		.when = {.needs = FACTS(TLS_LARGE_ARRIVES),
			.denies = FACTS(TLS_LARGE_ANSWERED, TLS_CLOSED_UNSAID)},
		.kind = FINDING_TLS,
		.grade = GRADE_LIKELY,
		.direction = PATH_REVERSE,
		.cause = TLS_CAUSE_LARGE_LOST,
		.shows = FACTS(TLS_LARGE_ANSWERED, TLS_LARGE_ARRIVES),
		.says = "The server's messages come in small segments, and not "
			"in large ones.",
	},
	/* What is excluded. */
	{
		.name = "tls-answered",
		.when = {.needs = FACTS(TLS_ANSWERED)},
		.kind = FINDING_COUNT,
		.shows = FACTS(TLS_ANSWERED),
		.excludes = QUESTION_BIT(TLS_REFUSED),
		.says = "The server answered with {version}, {suite}.",
	},
	{
		.name = "tls-1.2-answered",
		.when = {.needs = FACTS(TLS_1_2_ANSWERED)},
		.kind = FINDING_COUNT,
		.shows = FACTS(TLS_1_2_ANSWERED),
		.excludes = QUESTION_BIT(TLS_OLD_CLIENTS),
		.says = "The server takes clients that have no TLS 1.3.",
	},
	{
		.name = "tls-name-certified",
		.when = {.needs = FACTS(TLS_NAME_CERTIFIED)},
		.kind = FINDING_COUNT,
		.shows = FACTS(TLS_NAME_CERTIFIED),
		.excludes = QUESTION_BIT(TLS_CERTIFICATE),
		.says = "The server's certificate is for {name}.",
	},
	{
		.name = "tls-no-certificate-asked",
		.when = {.denies = FACTS(TLS_CERTIFICATE_ASKED)},
		.kind = FINDING_COUNT,
		.shows = FACTS(TLS_CERTIFICATE_ASKED),
		.excludes = QUESTION_BIT(TLS_CLIENT_CERTIFICATE),
		.says = "The server asks for no client's certificate, in TLS "
			"1.2.",
	},
	{
		.name = "tls-large-answered",
		.when = {.needs = FACTS(TLS_LARGE_ARRIVES, TLS_LARGE_ANSWERED)},
		.kind = FINDING_COUNT,
		.shows = FACTS(TLS_LARGE_ARRIVES, TLS_LARGE_ANSWERED),
		.excludes = QUESTION_BIT(TLS_LARGE),
		.says = "A ClientHello of two segments was answered, in the "
			"largest segments.",
	},
	{
		.name = "tls-large-answered-smaller",
		.when = {.needs =
				 FACTS(TLS_LARGE_REPORTED, TLS_LARGE_ANSWERED)},
		.kind = FINDING_COUNT,
		.shows = FACTS(TLS_LARGE_REPORTED, TLS_LARGE_ANSWERED),
		.excludes = QUESTION_BIT(TLS_LARGE),
		.says = "A large ClientHello was answered; for its largest "
			"segment a smaller size was reported.",
	},
};

static const struct path_doubt doubts[] = {
	{
		.name = "tls-size-reported",
		.when = {.needs = FACTS(TLS_SIZE_REPORTED)},
		.most = GRADE_POSSIBLE,
		.other = "a PTB that comes late, or not for each: one came for "
			 "another segment of that size",
	},
	/* An alert before the handshake's end is not authenticated. */
	{
		.name = "alert-of-a-device",
		.of = {"tls-alert", "tls-name-refused"},
		.most = GRADE_CERTAIN,
		.other = "a device on the path that looks at the ClientHello, "
			 "and answers in the server's place",
	},
	{
		.name = "a-device-that-looks",
		.of = {"tls-name-refused-otherwise"},
		.most = GRADE_CERTAIN,
		.other = "a device that looks at the name and answers, or "
			 "drops, in the server's place",
	},
	{
		.name = "preferred-suite",
		.of = {"tls-no-common-suite"},
		.most = GRADE_CERTAIN,
		.other = "a server that prefers this suite, and lacks a group "
			 "or signature algorithm of the client's",
	},
	{
		.name = "a-limit-of-the-server",
		.of = {"tls-no-common-group"},
		.most = GRADE_CERTAIN,
		.other = "a server that needs TLS 1.1 or 1.0 to be offered",
	},
	{
		.name = "a-proxy-that-closes",
		.of = {"tls-closed"},
		.most = GRADE_CERTAIN,
		.other = "a server that does not speak TLS, one that closes in "
			 "place of an alert, or a proxy whose server is down",
	},
	{
		.name = "one-at-a-time",
		.of = {"tls-silent"},
		.most = GRADE_CERTAIN,
		.other = "a server of another protocol that waits for more, "
			 "one that is overloaded or attends to one connection "
			 "at a time, or a proxy whose server does not answer",
	},
	{
		.name = "a-device-that-drops",
		.of = {"tls-hello-lost"},
		.most = GRADE_CERTAIN,
		.other = "a device that lets connections open and drops TLS; "
			 "or loss",
	},
	{
		.name = "no-need-of-it",
		.of = {"tls-client-certificate"},
		.most = GRADE_CERTAIN,
		.other = "it may go on without one: only the whole handshake "
			 "shows that",
	},
	{
		.name = "clients-differ",
		.of = {"tls-other-certificate"},
		.most = GRADE_CERTAIN,
		.other = "a name that the user's clients do not send",
	},
	{
		.name = "wrong-clock",
		.of = {"tls-expired-certificate"},
		.most = GRADE_CERTAIN,
		.other = "this host's clock is wrong",
	},
	{
		.name = "unset-clock",
		.of = {"tls-certificate-not-begun"},
		.most = GRADE_CERTAIN,
		.other = "this host's clock is wrong: one that was never set "
			 "is at 1970",
	},
	{
		.name = "another-by-name",
		.of = {"tls-expired-certificate", "tls-certificate-not-begun"},
		.when = {.denies = FACTS(TLS_NAME_SENT)},
		.most = GRADE_POSSIBLE,
		.other = "a name that clients send gets another certificate",
	},
	{
		.name = "large-by-chance",
		.of = {"tls-large-lost"},
		.most = GRADE_CERTAIN,
		.other = "loss, of each of them",
	},
	{
		.name = "one-answer",
		.of = {"tls-large-reply-lost"},
		.most = GRADE_CERTAIN,
		.other = "the server answers this ClientHello slowly, or not "
			 "one of two segments",
	},
};

static const struct path_remedy remedies[] = {
	{
		.name = "ask-for-the-protocol",
		.of = {"tls-other-protocol"},
		.advice = "Use a client of that protocol (in SMTP, IMAP, POP3 "
			  "and FTP it asks for TLS itself, by STARTTLS or "
			  "AUTH TLS), or the port on which the server speaks "
			  "TLS.",
	},
	{
		.name = "name-what-it-has",
		.of = {"tls-name-refused", "tls-name-refused-otherwise"},
		.advice =
			"Use a name that the server has, or add {name} to its "
			"configuration (server_name and ssl_certificate in "
			"nginx).",
	},
	{
		.name = "name-it",
		.of = {"tls-name-demanded"},
		.advice = "Connect by the server's name; this probe takes it: "
			  "{probe} --only tls --sni NAME",
	},
	{
		.name = "newer-server",
		.of = {"tls-old-version"},
		.advice = "Enable TLS 1.2 on the server (ssl_protocols in "
			  "nginx), or renew it: {version} is obsolete (RFC "
			  "8996).",
	},
	{
		.name = "share-a-suite",
		.of = {"tls-no-common-suite"},
		.advice = "Enable a usual cipher suite on the server "
			  "(ssl_ciphers in nginx), such as "
			  "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256.",
	},
	{
		.name = "share-a-group",
		.of = {"tls-no-common-group"},
		.advice =
			"Enable the groups x25519 and secp256r1 on the server "
			"(ssl_ecdh_curve in nginx), and use a certificate "
			"that is signed with SHA-256.",
	},
	{
		.name = "look-at-the-log",
		.of = {"tls-alert", "tls-closed", "tls-silent"},
		.advice = "The server's log says why: {log}.",
	},
	{
		.name = "newer-clients",
		.of = {"tls-1.3-only"},
		.advice = "Use clients with TLS 1.3, or enable TLS 1.2 on the "
			  "server (ssl_protocols in nginx).",
	},
	{
		.name = "renew-the-certificate",
		.of = {"tls-other-certificate"},
		.advice = "Use a name of the certificate, or get one with the "
			  "name {name}.",
	},
	{
		.name = "renew-certificate",
		.of = {"tls-expired-certificate"},
		.advice = "Renew the server's certificate, and have the server "
			  "read it (nginx -s reload); openssl s_client "
			  "-connect {endpoint} </dev/null | openssl x509 "
			  "-noout -dates shows its dates.",
	},
	{
		.name = "set-the-clock",
		.of = {"tls-certificate-not-begun"},
		.advice = "Compare this host's clock (date -u) with another, "
			  "and set it if it is wrong; openssl s_client "
			  "-connect {endpoint} </dev/null | openssl x509 "
			  "-noout -dates shows when the certificate begins.",
	},
	{
		.name = "bring-a-certificate",
		.of = {"tls-client-certificate"},
		.advice = "Give the client a certificate that the server "
			  "accepts (curl --cert).",
	},
	{
		.name = "measure-the-path",
		.of = {"tls-large-lost", "tls-large-reply-lost"},
		.advice = "Measure the size that passes, and find the link: "
			  "{probe} --only mtu",
	},
	{
		.name = "find-the-device",
		.of = {"tls-hello-lost", "tls-name-refused-otherwise"},
		.advice = "Find the device: {probe} --only reset --trigger "
			  "tls:NAME",
	},
};

const struct path_table path_rows_tls = {
	.title = "TLS servers",
	PATH_ROWS(rows),
	PATH_DOUBTS(doubts),
	PATH_REMEDIES(remedies),
};
