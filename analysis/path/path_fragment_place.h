/* Which fragments are lost, and where: how far first and later ones got, by
 * the routers that report them as expired and by the target, which reports
 * incomplete packets. */
#ifndef ANALYSIS_PATH_PATH_FRAGMENT_PLACE_H
#define ANALYSIS_PATH_PATH_FRAGMENT_PLACE_H

#include "analysis/path/path_record.h"

/* Sets the facts of a case, if such a share of round trips is lost. */
void path_fragment_place_set(
	const struct path *path, struct path_case *one, double loss_share);

#endif
