/* The clocks of pcapng interfaces: any resolution (if_tsresol), shifted by any
 * number of seconds (if_tsoffset). */
#ifndef CAPTURE_FILE_FILE_CLOCK_H
#define CAPTURE_FILE_FILE_CLOCK_H

#include <stdint.h>

struct file_clock {
	uint8_t resolution; /* if_tsresol: 10^-n, or with the top bit 2^-n */
	int64_t offset_s;   /* if_tsoffset */
	int64_t tick_ns;    /* nanoseconds per tick if resolution is 10^-6 or
			       10^-9 and offset 0; else 0; set by
			       file_clock_prepare */
};

/* Once resolution and offset are known. */
void file_clock_prepare(struct file_clock *clock);

/* Ticks since the epoch as nanoseconds; INT64_MIN when they don't fit, which
 * is before the year 1678 or after 2262. */
int64_t file_clock_ns(const struct file_clock *clock, uint64_t ticks);

/* INT64_MAX when there are more. */
int64_t file_clock_ticks_per_second(uint8_t resolution);

/* The same as file_clock_ns; the usual resolutions, 10^-6 and 10^-9, cost one
 * multiplication. */
static inline int64_t file_clock_time(
	const struct file_clock *clock, uint64_t ticks)
{
	if (clock->tick_ns && ticks < (uint64_t)INT64_MAX / 1000)
		return (int64_t)ticks * clock->tick_ns;
	return file_clock_ns(clock, ticks);
}

#endif
