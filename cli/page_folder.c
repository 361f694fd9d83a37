#include "cli/page_folder.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/file_opener.h"
#include "cli/output_file.h"

/* A page says in its beginning whose it is. */
enum { MARK_WITHIN = 4096 };

static bool is_folder(const char *path)
{
	struct stat state;

	return strcmp(path, "-") != 0 && stat(path, &state) == 0 &&
	       S_ISDIR(state.st_mode);
}

/* Which pages an earlier report has left. A folder that can't be read has none
 * to be seen. */
static void look_around(struct page_folder *folder, const char *path)
{
	DIR *stream = opendir(path);
	const struct dirent *entry;

	while (stream && (entry = readdir(stream)) != NULL) {
		char name[PAGE_GROUP_NAME];
		unsigned number = 0;

		if (sscanf(entry->d_name, "group-%4u.html", &number) != 1 ||
			number == 0 || number > PAGE_EXAMPLES_MOST)
			continue;
		if (strcmp(entry->d_name, page_group_name(name, number - 1)) ==
			0)
			folder->was_there[number - 1] = true;
	}
	if (stream)
		(void)closedir(stream); /* it was only read */
}

bool page_folder_open(struct page_folder *folder, const char *path,
	const struct run_files *files, struct failure *failure)
{
	struct rotation rotation = {.largest_bytes = 1, .is_pages = true};
	const char *slash;
	struct stat state;

	folder->opener = -1;
	if (!path || !is_folder(path))
		return true;
	slash = path[strlen(path) - 1] == '/' ? "" : "/";
	folder->files = files;
	look_around(folder, path);
	if (asprintf(&folder->index, "%s%sindex.html", path, slash) < 0)
		folder->index = NULL;
	if (asprintf(&folder->pattern, "%s%s", path, slash) < 0)
		folder->pattern = NULL;
	if (!folder->index || !folder->pattern)
		return failure_set(failure, EXIT_INPUT_CUT, "no memory");
	folder->is_new = lstat(folder->index, &state) != 0 && errno == ENOENT;
	rotation.path = folder->pattern;
	folder->opener = file_opener_start(&rotation, failure);
	return folder->opener >= 0;
}

/* The path of a page, for sentences and checks. */
static void name_page(const struct page_folder *folder, unsigned number,
	char *path, size_t capacity)
{
	char name[PAGE_GROUP_NAME];
	int length = (int)(strrchr(folder->index, '/') + 1 - folder->index);

	(void)snprintf(path, capacity, "%.*s%s", length, folder->index,
		page_group_name(name, number)); /* too long a path has no page
						   there */
}

/* The same, and of the index. */
static void name_earlier(const struct page_folder *folder, unsigned number,
	char *path, size_t capacity)
{
	if (number < PAGE_EXAMPLES_MOST)
		name_page(folder, number, path, capacity);
	else
		(void)snprintf(path, capacity, "%s", folder->index);
}

static void close_earlier(struct page_folder *folder)
{
	for (unsigned i = 0; i <= PAGE_EXAMPLES_MOST; i++)
		if (folder->earlier[i] > 0) {
			(void)close(folder->earlier[i]); /* only read */
			folder->earlier[i] = 0;
		}
}

static bool open_earlier(
	struct page_folder *folder, unsigned number, struct failure *failure)
{
	char path[PATH_MAX];
	int descriptor;

	name_earlier(folder, number, path, sizeof(path));
	descriptor = output_file_open_earlier(path, RUN_FILE_PAGE, failure);
	if (descriptor < 0)
		return false;
	folder->earlier[number] = descriptor;
	return true;
}

bool page_folder_check(struct page_folder *folder, struct failure *failure)
{
	if (!folder->index)
		return true;
	for (unsigned i = 0; i < PAGE_EXAMPLES_MOST; i++) {
		char path[PATH_MAX];

		if (!folder->was_there[i])
			continue;
		name_page(folder, i, path, sizeof(path));
		/* opened first: a link of somebody else's is not followed */
		if (!open_earlier(folder, i, failure) ||
			!run_files_check_path(folder->files, path,
				RUN_FILE_PAGE, failure))
			return false;
	}
	return folder->is_new ||
	       open_earlier(folder, PAGE_EXAMPLES_MOST, failure);
}

/* What is no regular file, its opener refuses. */
static bool may_replace(int descriptor)
{
	char text[MARK_WITHIN + 1];
	struct stat status;
	ssize_t count;

	if (fstat(descriptor, &status) != 0)
		return false;
	if (!S_ISREG(status.st_mode) || status.st_size == 0)
		return true;
	count = pread(descriptor, text, MARK_WITHIN, 0);
	if (count < 0)
		return false;
	return memmem(text, (size_t)count, page_generator,
		       strlen(page_generator)) != NULL;
}

bool page_folder_read(struct page_folder *folder, struct failure *failure)
{
	for (unsigned i = 0; i <= PAGE_EXAMPLES_MOST; i++) {
		char path[PATH_MAX];

		if (folder->earlier[i] <= 0 || may_replace(folder->earlier[i]))
			continue;
		name_earlier(folder, i, path, sizeof(path));
		return failure_set(failure, EXIT_USAGE,
			"%.200s: it is no page of an earlier report, and was "
			"not changed; name another directory with --html",
			path);
	}
	close_earlier(folder);
	return true;
}

/* A page that its opener calls by that number, empty; NULL with a sentence. */
static FILE *open_numbered(struct page_folder *folder, uint64_t number,
	const char *path, struct failure *failure)
{
	struct rotation_file file = {.number = number};
	int descriptor = file_opener_open(folder->opener, &file, failure);
	FILE *stream;

	if (descriptor < 0)
		return NULL;
	if (!run_files_check(folder->files, descriptor, path, RUN_FILE_PAGE,
		    failure) ||
		!run_file_empty(descriptor, path, failure)) {
		(void)close(descriptor); /* nothing was written */
		return NULL;
	}
	stream = fdopen(descriptor, "w");
	if (!stream) {
		(void)close(descriptor);
		(void)failure_set(failure, EXIT_INPUT_CUT, "no memory");
	}
	return stream;
}

static FILE *open_page(
	struct page_folder *folder, unsigned number, struct failure *failure)
{
	char path[PATH_MAX];

	name_page(folder, number, path, sizeof(path));
	return open_numbered(folder, number + 1, path, failure);
}

FILE *page_folder_begin_index(
	struct page_folder *folder, struct failure *failure)
{
	return open_numbered(folder, 0, folder->index, failure);
}

static bool begin_one(struct page_folder *folder, struct page_groups *groups,
	unsigned number, struct failure *failure)
{
	FILE *stream = open_page(folder, number, failure);

	if (!stream)
		return false;
	folder->streams[folder->count++] = stream;
	folder->was_there[number] = false;
	return page_groups_begin(groups, number, stream) ||
	       failure_set(failure, EXIT_INPUT_CUT,
		       "no memory for a page of a group");
}

bool page_folder_begin(struct page_folder *folder, struct page_groups *groups,
	const struct page_examples *examples, struct failure *failure)
{
	*failure = (struct failure){.text = ""};
	for (unsigned i = 0; i < examples->count; i++)
		if (!begin_one(folder, groups, i, failure))
			return false;
	return true;
}

static bool lost(const struct page_folder *folder, struct failure *failure)
{
	return failure_set(failure, EXIT_INPUT_CUT,
		"can't write all of the pages to %.200s: %s", folder->pattern,
		strerror(errno));
}

bool page_folder_replace(struct page_folder *folder, struct failure *failure)
{
	for (unsigned i = 0; i < PAGE_EXAMPLES_MOST; i++) {
		FILE *stream;

		if (!folder->was_there[i])
			continue;
		stream = open_page(folder, i, failure);
		if (!stream)
			return false;
		page_group_write_none(stream);
		if (fclose(stream) != 0)
			return lost(folder, failure);
		folder->was_there[i] = false;
	}
	return true;
}

bool page_folder_finish(struct page_folder *folder, struct failure *failure)
{
	bool is_whole = true;

	for (unsigned i = 0; i < folder->count; i++) {
		bool is_lost = ferror(folder->streams[i]) != 0;

		if (fclose(folder->streams[i]) != 0)
			is_lost = true;
		if (is_lost)
			is_whole = lost(folder, failure);
	}
	folder->count = 0;
	return is_whole;
}

void page_folder_close(struct page_folder *folder)
{
	struct failure told; /* if there was something to tell */

	(void)page_folder_finish(folder, &told);
	close_earlier(folder);
	if (folder->index && folder->opener >= 0)
		(void)close(folder->opener); /* which ends its process */
	free(folder->index);
	free(folder->pattern);
	folder->index = folder->pattern = NULL;
}
