#include "cli/fail_on.h"

#include <string.h>

#include "cli/options.h"

static bool unknown_word(const char *word, struct failure *failure)
{
	for (int i = 0; i < MECHANISM_COUNT; i++)
		if (option_is_near_miss(
			    word, mechanism_word((enum mechanism)i)))
			return failure_set(failure, EXIT_USAGE,
				"--fail-on knows no %s; did you mean %s?", word,
				mechanism_word((enum mechanism)i));
	return failure_set(failure, EXIT_USAGE,
		"--fail-on knows no %.40s; it takes any, culprits (client, "
		"server, middlebox, nat-timeout, path-mtu, path-loss, unknown) "
		"and mechanisms (`culprit explain` lists them)",
		word);
}

static bool add_word(void *context, const char *word, struct failure *failure)
{
	struct fail_on *fail_on = context;
	enum mechanism mechanism;
	enum party party;
	bool is_mechanism = mechanism_of_word(word, &mechanism);
	bool is_party = party_of_word(word, &party) && party != PARTY_NONE;

	if (strcmp(word, "any") == 0)
		fail_on->is_any = true;
	else if (!is_mechanism && !is_party)
		return unknown_word(word, failure);
	if (is_mechanism)
		fail_on->mechanisms[mechanism] = true;
	if (is_party)
		fail_on->culprits[party] = true;
	return true;
}

bool fail_on_words(const char *words,
	bool (*add)(void *context, const char *word, struct failure *failure),
	void *context, struct failure *failure)
{
	char word[64];

	for (;;) {
		size_t length = strcspn(words, ",");

		if (length == 0 || length >= sizeof(word))
			return failure_set(failure, EXIT_USAGE,
				"--fail-on takes words with commas between "
				"them, not %.100s",
				words);
		memcpy(word, words, length);
		word[length] = '\0';
		if (!add(context, word, failure))
			return false;
		if (words[length] == '\0')
			return true;
		words += length + 1;
	}
}

bool fail_on_parse(
	struct fail_on *fail_on, const char *words, struct failure *failure)
{
	return fail_on_words(words, add_word, fail_on, failure);
}

bool fail_on_matches(
	const struct fail_on *fail_on, const struct analysis_totals *totals)
{
	if (fail_on->is_any &&
		totals->incidents + totals->incidents_not_kept > 0)
		return true;
	for (int i = 0; i < MECHANISM_COUNT; i++)
		if (fail_on->mechanisms[i] && totals->by_mechanism[i] > 0)
			return true;
	for (int i = 0; i < PARTY_COUNT; i++)
		if (fail_on->culprits[i] && totals->by_culprit[i] > 0)
			return true;
	return false;
}
