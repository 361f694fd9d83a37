/* BPF filter expressions over frames, recorded or live, compiled by libpcap. */
#ifndef CAPTURE_LIVE_FILTER_H
#define CAPTURE_LIVE_FILTER_H

#include "capture/failure.h"
#include "capture/frame.h"
#include "capture/live/task.h"

struct filter;
struct pcap;

/* Compiles the expression for every link type, at this place; NULL and a
 * sentence when it makes sense for none. Names of hosts and services are looked
 * up now, each once, and never again, so this comes before any sandbox. To be
 * freed with filter_free. */
struct filter *filter_new(const char *expression,
	const struct task_place *place, struct failure *failure);
bool filter_matches(struct filter *filter, const struct frame *frame);

/* A sentence when frames of a link type that the expression can't be applied
 * to were left out, else NULL. Lives as long as the filter. */
const char *filter_problem(const struct filter *filter);
void filter_free(struct filter *filter);

/* Attaches the expression to what libpcap listens on, compiled at this place;
 * NULL and "": nothing to attach. From then on it can't be changed. False with
 * a sentence. */
bool filter_attach(struct pcap *handle, const char *expression,
	const struct task_place *place, struct failure *failure);

/* "libpcap version 1.10.3 ..." */
const char *filter_library_version(void);

#endif
