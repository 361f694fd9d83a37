/* Which sizes got how far on a probe's path. */
#ifndef REPORT_PATH_SIZES_H
#define REPORT_PATH_SIZES_H

#include "analysis/path/path.h"

struct hop_sizes {
	unsigned passed; /* the largest that got there, or further; 0: none */
	unsigned lost;	 /* the smallest above it that went there and was not
			    heard of, or was refused; 0: none */
};

/* Whether sizes were tried. */
bool path_sizes_known(const struct path *path);

struct hop_sizes path_sizes_of(const struct path *path, unsigned hop_ttl);

#endif
