/* The knowledge about paths with one thing left out or changed: a row, doubt or
 * remedy that never applies; a condition, rank, exclusion or row of a doubt
 * less; another grade; another threshold. */
#ifndef TESTS_SUPPORT_PATH_MUTANTS_H
#define TESTS_SUPPORT_PATH_MUTANTS_H

#include "analysis/path/path_row.h"
#include "analysis/path/path_threshold.h"

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

/* Two of each threshold: one less and one more of what is counted in packets,
 * and a fifth less and a quarter more of anything else. */
enum { PATH_THRESHOLD_MUTANTS = 2 * PATH_THRESHOLD_COUNT };

struct path_threshold_mutant {
	char name[PATH_MUTANT_NAME];
	enum path_threshold threshold;
	double value;
};
struct path_threshold_mutant path_mutants_threshold(unsigned index);

#endif
