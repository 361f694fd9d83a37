#include "cli/fail_on_path.h"

#include <string.h>

#include "cli/fail_on.h"
#include "cli/options.h"

static bool unknown_word(const char *word, struct failure *failure)
{
	for (int i = 0; i < FINDING_COUNT; i++)
		if (option_is_near_miss(
			    word, finding_kind_word((enum finding_kind)i)))
			return failure_set(failure, EXIT_USAGE,
				"--fail-on knows no %s; did you mean %s?", word,
				finding_kind_word((enum finding_kind)i));
	for (int i = 0; i < CAUSE_COUNT; i++)
		if (option_is_near_miss(word, cause_text((enum cause)i)->word))
			return failure_set(failure, EXIT_USAGE,
				"--fail-on knows no %s; did you mean %s?", word,
				cause_text((enum cause)i)->word);
	return failure_set(failure, EXIT_USAGE,
		"--fail-on knows no %.40s; it takes any, findings and causes "
		"(`culprit explain` lists them)",
		word);
}

static bool add_word(void *context, const char *word, struct failure *failure)
{
	struct fail_on_path *fail_on = context;
	bool is_known = strcmp(word, "any") == 0;

	fail_on->is_any = fail_on->is_any || is_known;
	for (int i = 0; i < FINDING_COUNT; i++)
		if (strcmp(word, finding_kind_word((enum finding_kind)i)) == 0)
			is_known = fail_on->findings[i] = true;
	for (int i = 0; i < CAUSE_COUNT; i++)
		if (strcmp(word, cause_text((enum cause)i)->word) == 0)
			is_known = fail_on->causes[i] = true;
	return is_known || unknown_word(word, failure);
}

bool fail_on_path_parse(struct fail_on_path *fail_on, const char *words,
	struct failure *failure)
{
	return fail_on_words(words, add_word, fail_on, failure);
}

bool fail_on_path_matches(
	const struct fail_on_path *fail_on, const struct path *path)
{
	struct diagnosis diagnosis;

	for (unsigned i = 0; i < path_finding_count(path); i++) {
		const struct finding *finding = path_finding(path, i);

		if (finding->grade != GRADE_UNDETERMINED &&
			(fail_on->findings[finding->kind] ||
				(fail_on->is_any &&
					finding->kind != FINDING_PATH_MTU)))
			return true;
	}
	diagnosis_make(path, &diagnosis);
	for (unsigned i = 0; i < diagnosis.count; i++)
		if (diagnosis.verdicts[i].state == CAUSE_FOUND &&
			(fail_on->is_any ||
				fail_on->causes[diagnosis.verdicts[i].cause]))
			return true;
	return false;
}
