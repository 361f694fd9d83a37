/* --fail-on WORD,... of a probe: which findings and causes make a script
 * stop. */
#ifndef CLI_FAIL_ON_PATH_H
#define CLI_FAIL_ON_PATH_H

#include "analysis/cause/cause.h"
#include "capture/failure.h"

struct fail_on_path {
	bool is_any;
	bool findings[FINDING_COUNT];
	bool causes[CAUSE_COUNT];
};

/* Adds the words of a comma separated list: findings, causes, "any". The
 * failure names the unknown word and what is known. */
bool fail_on_path_parse(struct fail_on_path *fail_on, const char *words,
	struct failure *failure);
/* Whether one of them was found. A path MTU is no fault: `any` is every other
 * finding, and every cause. */
bool fail_on_path_matches(
	const struct fail_on_path *fail_on, const struct path *path);

#endif
