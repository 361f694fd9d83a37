#include "report/clock.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

enum { NS = 1000000000 };

/* False where there is no such day. */
static bool day_of(const struct layout *layout, int64_t time_ns, struct tm *day)
{
	/* rounded down, before 1970 too */
	time_t seconds = (time_t)(time_ns / NS - (time_ns % NS < 0));

	if (time_ns == INT64_MIN)
		return false;
	return layout->style->times == TIMES_UTC
		       ? gmtime_r(&seconds, day) != NULL
		       : localtime_r(&seconds, day) != NULL;
}

const char *clock_text(char text[CLOCK_TEXT], const struct layout *layout,
	int64_t time_ns, bool is_dated)
{
	char duration[DURATION_TEXT];
	struct tm day;

	text[0] = '\0';
	if (time_ns == INT64_MIN)
		return text;
	if (layout->style->times == TIMES_RELATIVE) {
		int64_t since_ns = time_ns - layout->origin_ns;

		(void)snprintf(text, CLOCK_TEXT, "%c%s",
			since_ns < 0 ? '-' : '+',
			duration_text(duration,
				since_ns < 0 ? -since_ns : since_ns));
	} else if (!day_of(layout, time_ns, &day) ||
		   strftime(text, CLOCK_TEXT,
			   is_dated ? "%Y-%m-%d %H:%M:%S" : "%H:%M:%S",
			   &day) == 0) {
		text[0] = '\0';
	}
	return text;
}

const char *clock_zone(
	char text[CLOCK_TEXT], const struct layout *layout, int64_t time_ns)
{
	struct tm day;

	text[0] = '\0';
	if (layout->style->times == TIMES_UTC)
		(void)strcpy(text, "UTC");
	else if (layout->style->times != TIMES_RELATIVE &&
		 day_of(layout, time_ns, &day))
		(void)snprintf(text, CLOCK_TEXT, "%s", day.tm_zone);
	return text;
}

static void since_origin(char text[CLOCK_TEXT], int64_t since_ns)
{
	const char *sign = since_ns < 0 ? "-" : "";
	uint64_t us = since_ns < 0 ? 0 - (uint64_t)(since_ns / 1000)
				   : (uint64_t)since_ns / 1000;
	uint64_t seconds = us / 1000000;

	(void)snprintf(text, CLOCK_TEXT,
		"%s%02" PRIu64 ":%02" PRIu64 ":%02" PRIu64 ".%06" PRIu64, sign,
		seconds / 3600, seconds / 60 % 60, seconds % 60, us % 1000000);
}

const char *packet_clock_text(
	char text[CLOCK_TEXT], const struct layout *layout, int64_t time_ns)
{
	enum times times = layout->style->times;
	struct tm day;

	(void)strcpy(text, "no time");
	if (time_ns == INT64_MIN)
		return text;
	if (times == TIMES_UTC || times == TIMES_LOCAL) {
		int64_t rest_ns = time_ns % NS;

		if (day_of(layout, time_ns, &day))
			(void)snprintf(text, CLOCK_TEXT,
				"%02d:%02d:%02d.%06d", day.tm_hour, day.tm_min,
				day.tm_sec,
				(int)((rest_ns + (rest_ns < 0 ? NS : 0)) /
					1000));
	} else if (layout->origin_ns != INT64_MIN) {
		since_origin(text, time_ns - layout->origin_ns);
	}
	return text;
}

bool clock_is_same_day(
	const struct layout *layout, int64_t one_ns, int64_t other_ns)
{
	struct tm one, other;

	return day_of(layout, one_ns, &one) &&
	       day_of(layout, other_ns, &other) &&
	       one.tm_yday == other.tm_yday && one.tm_year == other.tm_year;
}

const char *clock_range_text(char text[CLOCK_RANGE_TEXT],
	const struct layout *layout, int64_t first_ns, int64_t last_ns)
{
	char first[CLOCK_TEXT], last[CLOCK_TEXT] = "", zone[CLOCK_TEXT];
	bool is_dated = !clock_is_same_day(layout, first_ns, last_ns);

	text[0] = '\0';
	if (layout->style->times == TIMES_RELATIVE ||
		!clock_text(first, layout, first_ns, true)[0])
		return text;
	if (last_ns / NS != first_ns / NS)
		(void)clock_text(last, layout, last_ns, is_dated);
	(void)snprintf(text, CLOCK_RANGE_TEXT, "%s%s%s %s", first,
		last[0] ? " to " : "", last,
		clock_zone(zone, layout, first_ns));
	return text;
}
