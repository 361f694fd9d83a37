/* When a recording that is spread over several files goes on to the next one,
 * and how that is called: `-C`, `-G` and `-W` of tcpdump(8). */
#ifndef CLI_ROTATION_H
#define CLI_ROTATION_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct rotation {
	const char *path; /* with period_s: a format of strftime(3) */
	/* -C: a file that is larger gets no more packets; 0: any size */
	uint64_t largest_bytes;
	uint64_t period_s;   /* -G: how long for each file; 0: for ever */
	uint64_t most_files; /* -W; 0: any number */
	bool is_lake;	     /* reports (cli/lake.h), by hours of UTC */
	bool is_pages;	     /* of a report (cli/page_folder.h), by number; 0:
				its index */
};

/* What tells the files of a recording apart. */
struct rotation_file {
	int64_t start_s;  /* of its period, since the epoch */
	uint64_t number;  /* with largest_bytes: counts from 0 in each period */
	uint64_t again;	  /* 0: the period before it had another name */
	uint64_t is_back; /* local time went back: its name has the offset */
	int64_t latest_s; /* start of the period with the latest local time */
};

bool rotation_is_used(const struct rotation *rotation);

enum rotation_step {
	ROTATION_STAYS,
	ROTATION_GOES_ON,
	ROTATION_IS_FULL, /* most_files have been written, one a period */
};

/* Where a packet of this time belongs when the file is so large before it;
 * `*file` becomes the next one if it goes on. A period whose time in the name
 * is that of the one before, or one that local time had before it went back, is
 * told apart, unless the name has no time at all. */
enum rotation_step rotation_step(const struct rotation *rotation,
	int64_t time_ns, uint64_t file_bytes, struct rotation_file *file);

/* The name of a file, in local time (tzset has been called) unless it is of a
 * lake. False when it does not fit into `capacity` bytes. */
bool rotation_name(const struct rotation *rotation,
	const struct rotation_file *file, char *name, size_t capacity);

#endif
