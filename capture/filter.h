/* BPF filter expressions over recorded frames, compiled by libpcap. */
#ifndef CAPTURE_FILTER_H
#define CAPTURE_FILTER_H

#include "capture/failure.h"
#include "capture/frame.h"

struct filter;

/* Checks the expression for syntax; compiles per link type as frames come. */
struct filter *filter_new(const char *expression, struct failure *failure);
bool filter_matches(struct filter *filter, const struct frame *frame);
void filter_free(struct filter *filter);

/* "libpcap version 1.10.3 ..." */
const char *filter_library_version(void);

#endif
