/* BPF filter expressions over recorded frames, compiled by libpcap. */
#ifndef CAPTURE_LIVE_FILTER_H
#define CAPTURE_LIVE_FILTER_H

#include "capture/failure.h"
#include "capture/frame.h"

struct filter;

/* Compiles the expression for every link type; NULL and a sentence when it
 * makes sense for none. Names of hosts and services are looked up now and
 * never again, so this comes before any sandbox. To be freed with
 * filter_free. */
struct filter *filter_new(const char *expression, struct failure *failure);
bool filter_matches(struct filter *filter, const struct frame *frame);

/* A sentence when frames of a link type that the expression can't be applied
 * to were left out, else NULL. Lives as long as the filter. */
const char *filter_problem(const struct filter *filter);
void filter_free(struct filter *filter);

/* "libpcap version 1.10.3 ..." */
const char *filter_library_version(void);

#endif
