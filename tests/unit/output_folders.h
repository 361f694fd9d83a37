/* Folders of root's and of others for output files, and what is tried there. */
#ifndef TESTS_UNIT_OUTPUT_FOLDERS_H
#define TESTS_UNIT_OUTPUT_FOLDERS_H

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "cli/output_file.h"

enum { NOBODY = 65534, SOMEBODY = 65533, PATH_BYTES = 200 };

static char top[] = "/tmp/culprit-output-XXXXXX";
static char victim[PATH_BYTES];
static bool is_given; /* `theirs` to nobody */

/* `closed` and `sticky` are root's, `theirs` is nobody's. */
static inline int make_folders(void **state)
{
	char path[PATH_BYTES];

	(void)state;
	if (!mkdtemp(top) || chmod(top, 0755) != 0)
		return -1;
	(void)snprintf(victim, sizeof(victim), "%s/victim", top);
	(void)snprintf(path, sizeof(path), "%s/closed", top);
	if (mkdir(path, 0755) != 0)
		return -1;
	(void)snprintf(path, sizeof(path), "%s/sticky", top);
	if (mkdir(path, 0700) != 0 || chmod(path, 01777) != 0)
		return -1;
	(void)snprintf(path, sizeof(path), "%s/theirs", top);
	if (mkdir(path, 0755) != 0)
		return -1;
	/* Not for other users, nor in a namespace that maps root alone. */
	is_given = chown(path, NOBODY, NOBODY) == 0;
	return 0;
}

static inline int remove_folders(void **state)
{
	char command[PATH_BYTES];

	(void)state;
	(void)snprintf(command, sizeof(command), "rm -r %s", top);
	/* a name of our own: NOLINTNEXTLINE(cert-env33-c) */
	return system(command);
}

static inline const char *in(char *path, const char *folder, const char *name)
{
	(void)snprintf(path, PATH_BYTES, "%s/%s/%s", top, folder, name);
	return path;
}

static inline void put(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
}

static inline bool holds(const char *path, const char *text)
{
	char found[64] = "";
	FILE *file = fopen(path, "r");

	assert_non_null(file);
	size_t count = fread(found, 1, sizeof(found) - 1, file);
	(void)fclose(file);
	return count == strlen(text) && memcmp(found, text, count) == 0;
}

/* Writes a report there, as a run does; the exit code of what it says. */
static inline enum exit_code report_to(const char *path)
{
	struct failure failure = {.exit_code = EXIT_RAN};
	struct run_files files = {0};
	int descriptor =
		output_file_open(path, RUN_FILE_REPORT, &files, &failure);

	if (descriptor >= 0) {
		assert_true(run_files_begin(&files, &failure));
		assert_int_equal(write(descriptor, "new", 3), 3);
		(void)close(descriptor);
	} else {
		assert_non_null(strstr(failure.text, path));
		assert_non_null(strstr(failure.text, "-o"));
	}
	run_files_free(&files);
	return failure.exit_code;
}

static inline void need_root(void)
{
	if (geteuid() != 0 || !is_given)
		skip();
}

/* Who makes it: root's unless it is chowned. */
static inline void give(const char *path, uid_t owner)
{
	assert_int_equal(lchown(path, owner, owner), 0);
}

#endif
