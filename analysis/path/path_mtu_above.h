/* Sizes above a reported limit: a hole in front of the router that reports it
 * takes the largest packets, and nobody says so. A router that rate-limits its
 * PTB looks alike at first; but it leaves packets of any size without one,
 * while a hole takes all above a size and none below. The chance that packets
 * which are answered whatever their size fall apart like that is one of all
 * their orders. */
#ifndef ANALYSIS_PATH_PATH_MTU_ABOVE_H
#define ANALYSIS_PATH_PATH_MTU_ABOVE_H

#include "analysis/path/mtu_bound.h"

/* Sets whether larger sizes are reported, too. */
void path_mtu_above_set(const struct path *path, struct path_case *one,
	const struct mtu_bound *bound);
/* The case of larger packets that are lost, if there is one. */
void path_mtu_above_case(const struct path *path,
	const struct path_case_sink *sink, const struct mtu_bound *bound);

#endif
