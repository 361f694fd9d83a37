#include "tests/support/trace_includes.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <stdio.h>
#include <string.h>

#include "tests/support/packet_compare.h"
#include "tests/support/packet_fields.h"
#include "tests/support/trace_lines.h"

static const char suffix[] = ".trace";

static int compare_names(const void *a, const void *b)
{
	const struct trace_include *one = a, *other = b;

	return strcmp(one->name, other->name);
}

static bool read_one(const char *folder, const char *file,
	struct trace_includes *includes, struct failure *failure)
{
	struct trace_include *include = &includes->include[includes->count];
	size_t length = strlen(file);

	if (length < sizeof(suffix) || includes->count == INCLUDES_MOST ||
		strcmp(file + length + 1 - sizeof(suffix), suffix) != 0)
		return true;
	includes->count++;
	include->name = strndup(file, length + 1 - sizeof(suffix));
	if (!include->name ||
		asprintf(&include->path, "%s/%s", folder, file) < 0) {
		include->path = NULL;
		return failure_set(
			failure, EXIT_INPUT_CUT, "%s: no memory", folder);
	}
	include->text =
		trace_file_read(include->path, &include->length, failure);
	return include->text != NULL;
}

bool trace_includes_read(const char *folder, struct trace_includes *includes,
	struct failure *failure)
{
	DIR *directory = opendir(folder);
	const struct dirent *entry;
	bool is_good = true;

	includes->count = 0;
	if (!directory)
		return failure_set(failure, EXIT_INPUT_CUT,
			"%s can't be opened: %s", folder, strerror(errno));
	while (is_good && (entry = readdir(directory)))
		is_good = read_one(folder, entry->d_name, includes, failure);
	(void)closedir(directory); /* it was only read */
	if (is_good)
		qsort(includes->include, includes->count,
			sizeof(includes->include[0]), compare_names);
	return is_good;
}

void trace_includes_free(struct trace_includes *includes)
{
	for (unsigned i = 0; i < includes->count; i++) {
		free(includes->include[i].name);
		free(includes->include[i].path);
		free(includes->include[i].text);
	}
	includes->count = 0;
}

unsigned trace_include_match(const struct trace_include *include,
	const struct packet *packets, unsigned count,
	struct conversation *conversation)
{
	struct trace *trace = calloc(1, sizeof(*trace));
	struct failure failure;
	unsigned matching = 0;

	if (trace && trace_lines_read(trace, conversation, include->text,
			     include->length, include->path, &failure)) {
		while (matching < trace->packet_count && matching < count &&
			packet_is_same(
				&trace->packets[matching], &packets[matching]))
			matching++;
		if (matching < trace->packet_count)
			matching = 0;
	}
	trace_free(trace);
	conversation->last = (struct packet){0}; /* its payload is gone */
	return matching;
}
