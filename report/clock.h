/* Times of day and times since the beginning, as --time asks for them. */
#ifndef REPORT_CLOCK_H
#define REPORT_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

#include "report/layout.h"

enum { CLOCK_TEXT = 48 };

/* "23:40:11", with the date where `is_dated`; with --time=rel "+26.1 s" since
 * the layout's origin. "" for INT64_MIN: no time. Local time takes tzset(). */
const char *clock_text(char text[CLOCK_TEXT], const struct layout *layout,
	int64_t time_ns, bool is_dated);

/* The zone of times of day: "UTC", "CET"; "" with --time=rel. */
const char *clock_zone(
	char text[CLOCK_TEXT], const struct layout *layout, int64_t time_ns);

/* The same with fractions, for packets: "00:00:26.104233" since the origin,
 * with --time=local and utc the time of day. "no time" for INT64_MIN. */
const char *packet_clock_text(
	char text[CLOCK_TEXT], const struct layout *layout, int64_t time_ns);

/* "2026-11-20 23:14:02 to 2026-11-21 01:28:40 UTC", the second date where it is
 * another one; "" with --time=rel and without a time. */
enum { CLOCK_RANGE_TEXT = 3 * CLOCK_TEXT + 8 };
const char *clock_range_text(char text[CLOCK_RANGE_TEXT],
	const struct layout *layout, int64_t first_ns, int64_t last_ns);

/* Whether both are on one day of the zone. */
bool clock_is_same_day(
	const struct layout *layout, int64_t one_ns, int64_t other_ns);

#endif
