#include "analysis/path/path_tls_text.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "analysis/observe/app_message.h"

/* "handshake_failure": RFC 8446 writes them so. */
static void alert_text(uint8_t alert, char text[FINDING_TLS_TEXT])
{
	(void)snprintf(
		text, FINDING_TLS_TEXT, "%s", app_message_alert_name(alert));
	for (char *at = text; *at; at++)
		*at = *at == ' ' ? '_' : (char)tolower((unsigned char)*at);
}

void path_tls_describe(const struct tls_answer *answer, struct tls_figures *tls)
{
	const char *version = tls_version_text(answer->version);

	if (answer->kind == TLS_ANSWER_ALERT)
		alert_text(answer->alert, tls->alert);
	if (answer->kind != TLS_ANSWER_HELLO)
		return;
	if (version)
		(void)snprintf(
			tls->version, sizeof(tls->version), "%s", version);
	else
		(void)snprintf(tls->version, sizeof(tls->version), "0x%04x",
			answer->version);
	tls_suite_text(answer->suite, tls->suite);
}

static bool begins(const struct dialog_stream *stream, const char *text)
{
	size_t bytes = strlen(text);

	return stream->known >= bytes &&
	       memcmp(stream->bytes, text, bytes) == 0;
}

const char *path_tls_protocol(const struct dialog_stream *stream)
{
	static const struct {
		const char *text, *name;
	} known[] = {
		{"HTTP/", "HTTP"},
		{"<html", "HTTP"},
		{"<!DOCTYPE", "HTTP"},
		{"SSH-", "SSH"},
		{"220 ", "SMTP or FTP"},
		{"220-", "SMTP or FTP"},
		{"+OK", "POP3"},
		{"* OK", "IMAP"},
	};

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (begins(stream, known[i].text))
			return known[i].name;
	return "another protocol";
}
