#include "cli/descriptors.h"

#include <ctype.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The next name in a path, at a slash, behind more of them and behind ".";
 * NULL: there is no slash. */
static const char *next_name(const char *path)
{
	if (path[0] != '/')
		return NULL;
	while (path[0] == '/' || (path[0] == '.' && path[1] == '/'))
		path++;
	return path;
}

/* What follows the next name, if it is `name`, or any where that is NULL; NULL:
 * it is not. */
static const char *behind(const char *path, const char *name)
{
	const char *next = next_name(path);
	size_t bytes;

	if (!next)
		return NULL;
	bytes = name ? strlen(name) : strcspn(next, "/");
	return name && strncmp(next, name, bytes) != 0 ? NULL : next + bytes;
}

/* What follows a folder of descriptors that a path begins with: "/dev/fd",
 * "/proc/PROCESS/fd" or "/proc/PROCESS/task/THREAD/fd"; NULL: none. */
static const char *behind_folder(const char *path)
{
	const char *owner = behind(path, "dev"), *task;

	if (!owner) {
		owner = behind(path, "proc");
		owner = owner ? behind(owner, NULL) : NULL;
		task = owner ? behind(owner, "task") : NULL;
		task = task ? behind(task, NULL) : NULL;
		owner = task ? task : owner;
	}
	return owner ? behind(owner, "fd") : NULL;
}

/* The number of the descriptor that a path names; -1: none. */
static int named_by(const char *path)
{
	const char *folder = behind_folder(path);
	const char *number = folder ? next_name(folder) : NULL;
	char *end;

	if (!number || !isdigit((unsigned char)number[0]))
		return -1;
	long named = strtol(number, &end, 10);

	return (*end == '\0' || *end == '/') && named < INT_MAX ? (int)named
								: -1;
}

/* A path begins an argument, or follows an equals sign ("--trigger=FILE",
 * "--at=NAME=FILE") or options of a letter ("-4w/dev/fd/63"). Shells name
 * what they put in an argument's place so: `<(tcpdump -w -)`. */
static bool may_begin_path(const char *argument, const char *at)
{
	if (at == argument || at[-1] == '=')
		return true;
	if (argument[0] != '-')
		return false;
	for (const char *letter = argument + 1; letter < at; letter++)
		if (!isalnum((unsigned char)*letter))
			return false;
	return true;
}

/* The lowest number from `least` on that an argument names; INT_MAX: none. */
static int lowest_named(int argc, char *const *argv, int least)
{
	int lowest = INT_MAX;

	for (int i = 1; i < argc; i++)
		for (const char *at = argv[i]; (at = strchr(at, '/')); at++) {
			int number = may_begin_path(argv[i], at) ? named_by(at)
								 : -1;

			if (number >= least && number < lowest)
				lowest = number;
		}
	return lowest;
}

void descriptors_settle(int argc, char *const *argv)
{
	int from = STDERR_FILENO + 1, descriptor;

	do
		descriptor = open("/dev/null", O_RDONLY | O_CLOEXEC);
	while (descriptor >= 0 && descriptor <= STDERR_FILENO);
	if (descriptor >= 0)
		(void)close(descriptor);
	while (from < INT_MAX) {
		int kept = lowest_named(argc, argv, from);

		/* Can't fail but on kernels before 5.9: then more stays. */
		if (kept > from)
			(void)close_range(
				(unsigned)from, (unsigned)kept - 1, 0);
		from = kept < INT_MAX ? kept + 1 : kept;
	}
}

static bool is_same_file(const struct stat *one, const struct stat *other)
{
	return one->st_dev == other->st_dev && one->st_ino == other->st_ino;
}

/* Standard error is an input; what holds something may be one as well. */
static bool may_say_it_there(int descriptor)
{
	struct stat status, errors;

	return fstat(descriptor, &status) == 0 &&
	       (!S_ISREG(status.st_mode) ||
		       (status.st_size == 0 &&
			       fstat(STDERR_FILENO, &errors) == 0 &&
			       !is_same_file(&status, &errors)));
}

void descriptors_divert_errors(void)
{
	static const char *const others[] = {"/dev/tty", "/dev/null"};
	int other = may_say_it_there(STDOUT_FILENO)
			    ? fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3)
			    : -1;

	for (unsigned i = 0; other < 0 && i < 2; i++)
		other = open(others[i], O_WRONLY | O_CLOEXEC | O_NOCTTY);
	if (other < 0 || dup2(other, STDERR_FILENO) < 0)
		(void)close(STDERR_FILENO); /* nothing is printed then */
	if (other >= 0)
		(void)close(other);
}

static bool is_path_of(const char *path, const struct stat *file)
{
	struct stat other;

	return stat(path, &other) == 0 && is_same_file(file, &other);
}

/* As a whole, or behind an equals sign ("--trigger=FILE", "--at=NAME=FILE"), or
 * behind letters that are options ("-rFILE", "-qrFILE"). */
static bool names_file(const char *word, const struct stat *file)
{
	bool has_letters = word[0] == '-' && word[1] && word[1] != '-';

	if (is_path_of(word, file))
		return true;
	for (const char *at = word; *at; at++)
		if ((*at == '=' || (has_letters && at > word)) &&
			is_path_of(at + 1, file))
			return true;
	return false;
}

bool descriptors_spare_input(int argc, char *const *argv)
{
	struct stat errors, other;

	if (fstat(STDERR_FILENO, &errors) != 0 || !S_ISREG(errors.st_mode) ||
		errors.st_size == 0)
		return false;
	bool is_named = fstat(STDIN_FILENO, &other) == 0 &&
			is_same_file(&errors, &other);

	for (int i = 1; i < argc && !is_named; i++)
		is_named = names_file(argv[i], &errors);
	if (!is_named)
		return false;
	descriptors_divert_errors();
	(void)fputs("culprit: standard error is a file that the command line "
		    "names too: send it elsewhere\n",
		stderr);
	return true;
}
