/* The knowledge about paths with one thing left out or changed: a row, doubt or
 * remedy that never applies; a condition, rank, exclusion or row of a doubt
 * less; another grade; another threshold or rule. */
#ifndef TESTS_SUPPORT_PATH_MUTANTS_H
#define TESTS_SUPPORT_PATH_MUTANTS_H

#include "analysis/path/path_row.h"
#include "analysis/path/path_threshold.h"
#include "probe/protocol/probe_rules.h"

enum { PATH_MUTANT_NAME = 160 };

/* Who takes them; a mutant lives as long as the call. */
struct path_mutant_sink {
	void (*take)(void *context, const char *name, enum path_subject subject,
		const struct path_table *mutant);
	void *context;
};

/* All mutants of the table of a subject. */
void path_mutants_of(
	enum path_subject subject, const struct path_mutant_sink *sink);

/* Numbers: thresholds, and the rules that the prober shares. Two mutants of
 * each: one less and one more of what is counted, and a fifth less and a
 * quarter more of anything else. */
enum { PATH_RULES = 14, PATH_NUMBERS = PATH_THRESHOLD_COUNT + PATH_RULES };
enum { PATH_NUMBER_MUTANTS = 2 * PATH_NUMBERS };

struct path_number_mutant {
	char name[PATH_MUTANT_NAME];
	double thresholds[PATH_THRESHOLD_COUNT];
	struct probe_rules rules;
	bool is_read; /* counts as packets are read, not only at the end */
};
/* Of the rules that are not changed. */
struct path_number_mutant path_mutants_number(
	unsigned index, const struct probe_rules *unchanged);

#endif
