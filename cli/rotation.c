#include "cli/rotation.h"

#include <inttypes.h>
#include <stdio.h>
#include <time.h>

bool rotation_is_used(const struct rotation *rotation)
{
	return rotation->largest_bytes || rotation->period_s;
}

enum rotation_step rotation_step(const struct rotation *rotation,
	int64_t time_ns, uint64_t file_bytes, struct rotation_file *file)
{
	int64_t now_s = time_ns / 1000000000;

	/* A clock that was set back leaves the file as it is. */
	if (rotation->period_s && now_s > file->start_s &&
		(uint64_t)now_s - (uint64_t)file->start_s >=
			rotation->period_s) {
		if (rotation->largest_bytes)
			file->number = 0;
		else if (++file->number == rotation->most_files)
			return ROTATION_IS_FULL;
		file->start_s = now_s;
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
	if (!rotation->largest_bytes || (file->number == 0 && digits == 0))
		return true;
	used += (size_t)snprintf(name + used, capacity - used, "%0*" PRIu64,
		digits, file->number);
	return used < capacity;
}
