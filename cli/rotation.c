#include "cli/rotation.h"

#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

bool rotation_is_used(const struct rotation *rotation)
{
	return rotation->largest_bytes || rotation->period_s;
}

/* Enough digits for all numbers, so that the names sort. */
static int digits_of(const struct rotation *rotation)
{
	uint64_t largest = rotation->most_files ? rotation->most_files - 1 : 0;
	int digits = 0;

	for (; largest; largest /= 10)
		digits++;
	return digits;
}

/* The format is the caller's own, as it is with tcpdump: it can name files, and
 * nothing else. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
static size_t expand(const struct rotation *rotation, time_t start, char *name,
	size_t capacity)
{
	struct tm time;

	if (!(rotation->is_lake ? gmtime_r(&start, &time)
				: localtime_r(&start, &time)))
		return 0;
	return strftime(name, capacity, rotation->path, &time);
}
#pragma GCC diagnostic pop

/* Seconds by which local time is ahead of UTC. */
static int64_t offset_at(int64_t time_s)
{
	time_t time = (time_t)time_s;
	struct tm local;

	return localtime_r(&time, &local) ? local.tm_gmtoff : 0;
}

static bool has_one_name(
	const struct rotation *rotation, int64_t one_s, int64_t other_s)
{
	char one[PATH_MAX], other[PATH_MAX];

	return expand(rotation, (time_t)one_s, one, sizeof(one)) != 0 &&
	       expand(rotation, (time_t)other_s, other, sizeof(other)) != 0 &&
	       strcmp(one, other) == 0;
}

/* Whether local time went back and has not come further than it was by a
 * period, and the format does not tell the hour from the one that had the same
 * name before, as one with %z does. */
static bool is_back(
	const struct rotation *rotation, const struct rotation_file *file)
{
	int64_t before_s = offset_at(file->latest_s) - offset_at(file->start_s);
	int64_t since_s = file->start_s - file->latest_s - before_s;

	return before_s > 0 && since_s < (int64_t)rotation->period_s &&
	       has_one_name(
		       rotation, file->start_s, file->start_s - before_s);
}

/* The file of a period that begins now. */
static struct rotation_file next_period(const struct rotation *rotation,
	const struct rotation_file *last, int64_t now_s)
{
	struct rotation_file next = {.start_s = now_s,
		.number = rotation->largest_bytes ? 0 : last->number + 1,
		.latest_s = last->latest_s};
	char name[PATH_MAX];
	int64_t ahead_s = offset_at(last->start_s) - offset_at(last->latest_s);

	if (rotation->is_lake ||
		expand(rotation, (time_t)now_s, name, sizeof(name)) == 0 ||
		strcmp(name, rotation->path) == 0)
		return next;
	if (last->start_s - last->latest_s + ahead_s > 0)
		next.latest_s = last->start_s;
	/* what was named as after the change stays so, as long as names without
	 * that may be of before it */
	next.is_back = is_back(rotation, &next) ||
		       (last->is_back &&
			       has_one_name(rotation, now_s, last->start_s));
	if (next.is_back != last->is_back ||
		!has_one_name(rotation, now_s, last->start_s))
		return next;
	if (rotation->largest_bytes)
		next.number = last->number + 1;
	else
		next.again = last->again + 1;
	return next;
}

enum rotation_step rotation_step(const struct rotation *rotation,
	int64_t time_ns, uint64_t file_bytes, struct rotation_file *file)
{
	int64_t now_s = time_ns / 1000000000;

	/* A clock that was set back leaves the file as it is. */
	if (rotation->period_s && now_s > file->start_s &&
		(uint64_t)now_s - (uint64_t)file->start_s >=
			rotation->period_s) {
		*file = next_period(rotation, file, now_s);
		if (!rotation->largest_bytes &&
			file->number == rotation->most_files)
			return ROTATION_IS_FULL;
		if (rotation->largest_bytes &&
			file->number == rotation->most_files)
			file->number = 0;
		return ROTATION_GOES_ON;
	}
	if (rotation->largest_bytes && file_bytes > rotation->largest_bytes) {
		file->number++;
		if (file->number == rotation->most_files)
			file->number = 0;
		return ROTATION_GOES_ON;
	}
	return ROTATION_STAYS;
}

/* What is added to a name that was there before. False when it does not fit. */
static bool tell_apart(const struct rotation_file *file, char *name,
	size_t capacity, size_t *used)
{
	time_t start = (time_t)file->start_s;
	struct tm local;

	if (file->is_back && localtime_r(&start, &local))
		*used += strftime(
			name + *used, capacity - *used, "%z", &local);
	if (file->again)
		*used += (size_t)snprintf(name + *used, capacity - *used,
			".%" PRIu64, file->again);
	return *used < capacity;
}

bool rotation_name(const struct rotation *rotation,
	const struct rotation_file *file, char *name, size_t capacity)
{
	int digits = digits_of(rotation);
	size_t used = rotation->period_s
			      ? expand(rotation, (time_t)file->start_s, name,
					capacity)
			      : (size_t)snprintf(
					name, capacity, "%s", rotation->path);

	if (used == 0 || used >= capacity)
		return false;
	if (rotation->is_pages) {
		used += (size_t)snprintf(name + used, capacity - used,
			file->number ? "group-%04" PRIu64 ".html"
				     : "index.html",
			file->number);
		return used < capacity;
	}
	if (!tell_apart(file, name, capacity, &used))
		return false;
	if (!rotation->largest_bytes || (file->number == 0 && digits == 0))
		return true;
	used += (size_t)snprintf(name + used, capacity - used, "%0*" PRIu64,
		digits, file->number);
	return used < capacity;
}
