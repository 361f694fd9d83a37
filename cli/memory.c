#include "cli/memory.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>

#include "analysis/analysis.h"

enum { SHARE = 8, TEXT_BYTES = 4096, PATH_BYTES = 4096 };
enum { PAGE_LEAST_BYTES = 4096 };

/* Found by lowering the limit of the stack (ulimit -s) until a run died, over
 * analyze, timeline and explain with their formats: 180 KiB, 200 KiB with a
 * probe's recording. The rest is for what other commands, a filter or a library
 * may need. */
enum { STACK_BYTES = 512 << 10 };

static const uint64_t MOST = 4000000000u, LEAST_ASKED = 32000000u;

static __attribute__((noinline)) unsigned char touch_stack(void)
{
	volatile unsigned char room[STACK_BYTES];

	/* from its end, the stack's next page, downwards */
	for (size_t i = 0; i < STACK_BYTES; i += PAGE_LEAST_BYTES)
		room[STACK_BYTES - 1 - i] = 0;
	return room[STACK_BYTES - 1];
}

bool memory_take_stack(struct failure *failure)
{
	size_t bytes = STACK_BYTES;
	struct rlimit limit;
	void *room = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	/* Where a mapping of that size has room, the stack has it after. */
	if (room == MAP_FAILED || munmap(room, bytes) != 0)
		return failure_set(
			failure, EXIT_INPUT_CUT, "no memory for the stack");
	if (getrlimit(RLIMIT_STACK, &limit) == 0 &&
		limit.rlim_cur / 2 < STACK_BYTES)
		return true; /* asked for so: it grows as it can */
	(void)touch_stack();
	return true;
}

bool memory_parse(
	const char *argument, uint64_t *bytes, struct failure *failure)
{
	static const char units[] = "KMGT";
	uint64_t factor = 1;
	unsigned long long number;
	const char *unit;
	char *end;

	*bytes = UINT64_MAX;
	if (strcmp(argument, "none") == 0 || strcmp(argument, "0") == 0)
		return true;
	errno = 0;
	number = strtoull(argument, &end, 10);
	unit = *end ? strchr(units, *end >= 'a' ? *end - 'a' + 'A' : *end)
		    : NULL;
	for (const char *at = units; unit && at <= unit; at++)
		factor *= 1000;
	if (argument[0] < '0' || argument[0] > '9' || errno != 0 ||
		(*end && (!unit || end[1])) || number > UINT64_MAX / factor ||
		number * factor < LEAST_ASKED)
		return failure_set(failure, EXIT_USAGE,
			"--memory takes a size from 32M up, such as 500M or "
			"2G, or none, not %s",
			argument);
	*bytes = number * factor;
	return true;
}

/* The number of bytes that a line of /proc/meminfo tells; UINT64_MAX: it has
 * none such. */
static uint64_t meminfo_bytes(const char *meminfo, const char *name)
{
	const char *line = strstr(meminfo, name);

	return line ? strtoull(line + strlen(name), NULL, 10) * 1024
		    : UINT64_MAX;
}

uint64_t memory_of(
	const char *meminfo, const char *group_most, const char *group_used)
{
	uint64_t available =
		meminfo ? meminfo_bytes(meminfo, "MemAvailable:") : UINT64_MAX;

	/* "max" where it is not limited */
	if (group_most && group_most[0] >= '0' && group_most[0] <= '9') {
		uint64_t most = strtoull(group_most, NULL, 10);
		uint64_t used = group_used ? strtoull(group_used, NULL, 10) : 0;
		uint64_t left = most > used ? most - used : 0;

		if (left < available)
			available = left;
	}
	if (available == UINT64_MAX ||
		available / SHARE < ANALYSIS_MEMORY_LEAST)
		return ANALYSIS_MEMORY_LEAST;
	return available / SHARE < MOST ? available / SHARE : MOST;
}

/* The beginning of a file; NULL: it can't be read. */
static const char *text_of(const char *path, char text[TEXT_BYTES])
{
	FILE *file = fopen(path, "re");
	size_t length;

	if (!file)
		return NULL;
	length = fread(text, 1, TEXT_BYTES - 1, file);
	text[length] = 0;
	(void)fclose(file); /* only read */
	return text;
}

/* Folder of the control group's files on memory, as cgroups(7) has it: of
 * version 2 the line "0::", of version 1 the one with "memory". */
static bool find_group(char folder[PATH_BYTES], bool *is_first_version)
{
	char text[TEXT_BYTES], *line, *rest = NULL;

	if (!text_of("/proc/self/cgroup", text))
		return false;
	for (line = strtok_r(text, "\n", &rest); line;
		line = strtok_r(NULL, "\n", &rest)) {
		const char *path = strrchr(line, ':');

		*is_first_version = strstr(line, ":memory:") != NULL;
		if (!path ||
			(!*is_first_version && strncmp(line, "0::", 3) != 0))
			continue;
		(void)snprintf(folder, PATH_BYTES, "/sys/fs/cgroup%s%s",
			*is_first_version ? "/memory" : "",
			path[1] == '/' && path[2] ? path + 1 : "");
		return true;
	}
	return false;
}

static const char *text_in(
	const char *folder, const char *name, char text[TEXT_BYTES])
{
	char path[PATH_BYTES + 64];

	(void)snprintf(path, sizeof(path), "%s/%s", folder, name);
	return text_of(path, text);
}

uint64_t memory_default(void)
{
	char meminfo[TEXT_BYTES], most[TEXT_BYTES], used[TEXT_BYTES];
	char folder[PATH_BYTES];
	bool is_first_version = false;
	const char *limit = NULL, *usage = NULL;

	if (find_group(folder, &is_first_version)) {
		limit = text_in(folder,
			is_first_version ? "memory.limit_in_bytes"
					 : "memory.max",
			most);
		usage = text_in(folder,
			is_first_version ? "memory.usage_in_bytes"
					 : "memory.current",
			used);
	}
	return memory_of(text_of("/proc/meminfo", meminfo), limit, usage);
}
