/* The mutants that are known to live: a file with one name a line, and
 * comments. */
#ifndef TESTS_SUPPORT_SURVIVORS_H
#define TESTS_SUPPORT_SURVIVORS_H

#include <stdbool.h>

enum { SURVIVORS_MOST = 1024 };

struct survivors {
	char *text;
	const char *names[SURVIVORS_MOST]; /* NULL: struck */
	unsigned count;
};

/* The whole of a file, to be freed; NULL when it can't be read. */
char *file_text(const char *path);

/* None, when there is no such file. */
void survivors_read(struct survivors *survivors, const char *path);
void survivors_free(struct survivors *survivors);

/* Strikes the name; is it there? */
bool survivors_strike(struct survivors *survivors, const char *name);

/* Tells the names that are left, as lines of TAP comments. How many? */
unsigned survivors_tell(const struct survivors *survivors, const char *path);

/* Writes the comments of the file, and these names. */
bool survivors_write(
	const char *path, const char *const *names, unsigned count);

#endif
