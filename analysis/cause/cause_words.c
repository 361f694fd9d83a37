#include "analysis/cause/cause_words.h"

#include <stdio.h>
#include <string.h>

#include "analysis/path/path_case.h"
#include "probe/protocol/probe_command.h"

enum { WORD_BYTES = 128 };

/* ", between hop 2 and hop 3" */
static void place(const struct finding *finding, char word[WORD_BYTES])
{
	word[0] = '\0';
	if (finding->hop > 0)
		(void)snprintf(word, WORD_BYTES, ", at hop %d", finding->hop);
	else if (finding->after_hop == 0 && finding->before_hop > 0)
		(void)snprintf(word, WORD_BYTES,
			", between this host and hop %d", finding->before_hop);
	else if (finding->after_hop > 0 && finding->before_hop > 0)
		(void)snprintf(word, WORD_BYTES, ", between hop %d and hop %d",
			finding->after_hop, finding->before_hop);
	else if (finding->after_hop > 0)
		(void)snprintf(word, WORD_BYTES, ", behind hop %d",
			finding->after_hop);
}

static bool is_key(const char *key, size_t length, const char *known)
{
	return strlen(known) == length && strncmp(key, known, length) == 0;
}

static bool finding_word(const struct finding *finding, const char *key,
	size_t length, char word[WORD_BYTES])
{
	const char *way = finding_direction_word(finding->direction);

	if (is_key(key, length, "mtu"))
		(void)snprintf(word, WORD_BYTES, "%u", finding->mtu);
	else if (is_key(key, length, "way"))
		(void)snprintf(word, WORD_BYTES, "%s%s%s",
			way ? " on the " : "", way ? way : "",
			way ? " path" : "");
	else if (is_key(key, length, "place"))
		place(finding, word);
	else if (is_key(key, length, "died"))
		(void)snprintf(word, WORD_BYTES, "%.1f",
			(double)finding->idle.died_ns / 1e9);
	else if (is_key(key, length, "percent"))
		(void)snprintf(word, WORD_BYTES, "%.1f", finding->percent);
	else
		return false;
	return true;
}

static void log_text(const struct path *path, char word[WORD_BYTES])
{
	struct path_words words = {0};

	path_case_log(&words, path_comment(path)->port, path_is_ssh(path));
	(void)snprintf(word, WORD_BYTES, "%.*s", WORD_BYTES - 1,
		words.word[PATH_WORD_LOG]);
}

/* The value of a placeholder; false: there is none of that name. */
static bool word_of(const struct path *path, const struct finding *finding,
	const char *key, size_t length, char word[WORD_BYTES])
{
	const struct section_comment *comment = path_comment(path);

	if (is_key(key, length, "port"))
		(void)snprintf(word, WORD_BYTES, "%u", comment->port);
	else if (is_key(key, length, "target"))
		probe_target_text(comment, word);
	else if (is_key(key, length, "probe"))
		probe_command_text(comment, word);
	else if (is_key(key, length, "jail"))
		(void)snprintf(word, WORD_BYTES, "%s",
			path_is_ssh(path) ? " sshd" : "");
	else if (is_key(key, length, "log"))
		log_text(path, word);
	else if (is_key(key, length, "own"))
		probe_own_text(comment, word);
	else if (is_key(key, length, "ssh target"))
		probe_ssh_target_text(comment, word);
	else
		return finding && finding_word(finding, key, length, word);
	return true;
}

void cause_words_fill(const struct path *path, const struct finding *finding,
	const char *text, char *out, size_t out_bytes)
{
	size_t used = 0;
	char word[WORD_BYTES];

	out[0] = '\0';
	while (*text && used + 1 < out_bytes) {
		size_t plain = strcspn(text, "{");
		size_t length =
			text[plain] ? strcspn(text + plain + 1, "}") : 0;
		bool is_word =
			text[plain] &&
			word_of(path, finding, text + plain + 1, length, word);

		if (!is_word && text[plain])
			plain++; /* a brace of the text's own */
		used += (size_t)snprintf(out + used, out_bytes - used, "%.*s%s",
			(int)plain, text, is_word ? word : "");
		text += plain + (is_word ? length + 2 : 0);
	}
}
