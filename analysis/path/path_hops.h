/* The hops of a path: how far the target is, who reported what expired. */
#ifndef ANALYSIS_PATH_PATH_HOPS_H
#define ANALYSIS_PATH_PATH_HOPS_H

#include "analysis/path/path_record.h"

/* May be asked for at any time; every time begins anew. */
void path_hops_find(struct path *path);
/* The hop with this address, HOP_NOT_KNOWN. */
int path_hops_of(const struct path *path, const struct address *address);

#endif
