#include "analysis/path/path_case.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "probe/protocol/probe_command.h"

static const char *const keys[] = {
	[PATH_WORD_MTU] = "mtu",
	[PATH_WORD_MSS] = "mss",
	[PATH_WORD_PTB] = "ptb",
	[PATH_WORD_PLACE] = "place",
	[PATH_WORD_SIZE] = "size",
	[PATH_WORD_CAPTURE] = "not captured",
	[PATH_WORD_NEXT] = "next",
	[PATH_WORD_BEFORE] = "before",
	[PATH_WORD_MOST] = "most",
	[PATH_WORD_PARITY] = "parity",
	[PATH_WORD_FROM] = "from",
	[PATH_WORD_TO] = "to",
	[PATH_WORD_SENT] = "sent",
	[PATH_WORD_ARRIVED] = "arrived",
	[PATH_WORD_ON] = "on",
	[PATH_WORD_HOP] = "hop",
	[PATH_WORD_NEXT_HOP] = "next hop",
	[PATH_WORD_ERROR] = "error",
	[PATH_WORD_KEEPALIVE] = "keepalive",
	[PATH_WORD_SURVIVED] = "survived",
	[PATH_WORD_CLOSES] = "closes",
	[PATH_WORD_PORT] = "port",
	[PATH_WORD_TRIGGER] = "trigger",
	[PATH_WORD_WAIT] = "wait",
	[PATH_WORD_OPEN] = "open",
	[PATH_WORD_DSCP] = "dscp",
	[PATH_WORD_LINE] = "line",
	[PATH_WORD_SERVER_LINE] = "server line",
	[PATH_WORD_ALERT] = "alert",
	[PATH_WORD_VERSION] = "version",
	[PATH_WORD_SUITE] = "suite",
	[PATH_WORD_SPEAKS] = "speaks",
	[PATH_WORD_NAME] = "name",
	[PATH_WORD_PROBE] = "probe",
	[PATH_WORD_PROBE_HOST] = "probe host",
	[PATH_WORD_SSH_TARGET] = "ssh target",
	[PATH_WORD_ENDPOINT] = "endpoint",
	[PATH_WORD_OWN] = "own",
	[PATH_WORD_LOG] = "log",
};
static_assert(sizeof(keys) / sizeof(keys[0]) == PATH_WORD_COUNT,
	"a key for every word");

const char *path_case_key(enum path_word word)
{
	assert(word < PATH_WORD_COUNT);
	return keys[word];
}

void path_case_begin(
	struct path_case *one, enum path_subject subject, uint8_t family)
{
	memset(one, 0, sizeof(*one));
	one->subject = subject;
	one->family = family;
	path_fact_set(&one->facts, PATH_FACT_IPV6, family == 6);
	path_case_word(&one->words, PATH_WORD_PTB, "%s",
		family == 4 ? "ICMP type 3 code 4" : "ICMPv6 type 2");
	one->figures.link = one->figures.later_link =
		(struct path_stretch){HOP_NOT_KNOWN, HOP_NOT_KNOWN};
	one->figures.hop = one->figures.limited_after = HOP_NOT_KNOWN;
}

void path_case_word(
	struct path_words *words, enum path_word word, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	(void)vsnprintf(words->word[word], PATH_WORD_BYTES, format, arguments);
	va_end(arguments);
}

void path_case_commands(
	struct path_words *words, const struct section_comment *comment)
{
	static_assert((int)PROBE_COMMAND_TEXT <= (int)PATH_WORD_BYTES,
		"a command fits");
	probe_command_text(comment, words->word[PATH_WORD_PROBE]);
	probe_command_host_text(comment, words->word[PATH_WORD_PROBE_HOST]);
	probe_ssh_target_text(comment, words->word[PATH_WORD_SSH_TARGET]);
	probe_endpoint_text(comment, words->word[PATH_WORD_ENDPOINT]);
	probe_own_text(comment, words->word[PATH_WORD_OWN]);
}

void path_case_log(struct path_words *words, uint16_t port, bool is_ssh)
{
	if (is_ssh)
		path_case_word(words, PATH_WORD_LOG, "journalctl -u ssh");
	else
		path_case_word(words, PATH_WORD_LOG,
			"the log of the program that serves port %u", port);
}

/* The value of the key at `text`, behind its brace. */
static const char *word_at(const struct path_words *words, const char *text)
{
	size_t length = strcspn(text, "}");

	for (int word = 0; word < PATH_WORD_COUNT; word++)
		if (strlen(keys[word]) == length &&
			strncmp(keys[word], text, length) == 0)
			return words->word[word];
	assert(false && "a word of that name");
	return "";
}

void path_case_text(const struct path_words *words, const char *text, char *out,
	size_t out_bytes)
{
	size_t used = 0;

	out[0] = '\0';
	while (*text && used + 1 < out_bytes) {
		size_t plain = strcspn(text, "{");

		used += (size_t)snprintf(out + used, out_bytes - used, "%.*s%s",
			(int)plain, text,
			text[plain] ? word_at(words, text + plain + 1) : "");
		text += plain;
		text += text[0] ? strcspn(text, "}") + 1 : 0;
	}
}
