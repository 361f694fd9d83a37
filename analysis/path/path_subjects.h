/* All cases of a path: a pure function of the record. */
#ifndef ANALYSIS_PATH_PATH_SUBJECTS_H
#define ANALYSIS_PATH_PATH_SUBJECTS_H

#include "analysis/path/path_record.h"

/* Hands the cases of all subjects that were looked for to the sink, in the
 * order of enum path_subject. */
void path_subjects_each(
	const struct path *path, const struct path_case_sink *sink);

#endif
