/* Numbers that decide verdicts. They stand in the .def files of this folder,
 * one row each, with where the number comes from and what moves it;
 * docs/thresholds.md is written from them. They are values and no constants,
 * so that a test can alter them. */
#ifndef ANALYSIS_THRESHOLDS_THRESHOLDS_H
#define ANALYSIS_THRESHOLDS_THRESHOLDS_H

#include <stdint.h>

struct thresholds {
#define THRESHOLD(name, ...) int64_t name;
#include "analysis/thresholds/connection.def"
#undef THRESHOLD
};

/* One row of a .def file. */
struct threshold {
	const char *name; /* its unit is part of it */
	int64_t value;
	const char *decides;
	const char *source;
	const char *moved_by;
};

/* What is used unless a test says otherwise. */
extern const struct thresholds thresholds_default;

/* All rows, in the order of the members of struct thresholds. */
const struct threshold *thresholds_rows(unsigned *count);

#endif
