/* Which known device a burst of resets looks like, and what it copies of the
 * packet that provoked it. A name is only reported and decides nothing. */
#ifndef ANALYSIS_PATH_PATH_INJECTOR_STYLE_H
#define ANALYSIS_PATH_PATH_INJECTOR_STYLE_H

#include "analysis/path/path_reset_record.h"

/* The words are those of analysis/verdict/injector_fingerprint.h, with the
 * captures that they are from, and "linux-reject"; NULL: none is known. */
const char *path_injector_style(uint8_t family, const struct reset_flow *flow,
	const struct reset_show *trigger);
bool path_injector_copies_id(uint8_t family, const struct reset_flow *flow,
	const struct reset_show *trigger);
bool path_injector_copies_window(
	const struct reset_flow *flow, const struct reset_show *trigger);

#endif
