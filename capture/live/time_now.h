/* The time now. The analysis takes its time from packets, and never asks. */
#ifndef CAPTURE_LIVE_TIME_NOW_H
#define CAPTURE_LIVE_TIME_NOW_H

#include <stdint.h>
#include <time.h>

/* CLOCK_MONOTONIC or CLOCK_REALTIME: these always exist. */
static inline int64_t time_now_ns(clockid_t clock)
{
	struct timespec now;

	(void)clock_gettime(clock, &now);
	return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static inline int64_t time_now_ms(void)
{
	return time_now_ns(CLOCK_MONOTONIC) / 1000000;
}

#endif
