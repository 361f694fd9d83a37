/* Where packets without the don't-fragment bit are fragmented, on the forward
 * path, and to what size. */
#ifndef ANALYSIS_PATH_PATH_CUT_H
#define ANALYSIS_PATH_PATH_CUT_H

#include "analysis/path/path_case.h"
#include "analysis/path/path_record.h"

/* Sets what routers' quotes of fragments show, and the figures `mtu_fragments`
 * and `limited_after`. */
void path_cut_set(const struct path *path, struct path_case *one);

#endif
