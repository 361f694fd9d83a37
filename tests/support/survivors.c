#include "tests/support/survivors.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

char *file_text(const char *path)
{
	FILE *file = fopen(path, "r");
	char *text = NULL;
	size_t room = 0;
	ssize_t length;

	if (!file)
		return NULL;
	length = getdelim(&text, &room, '\0', file);
	(void)fclose(file);
	if (length < 0 && text)
		text[0] = '\0';
	return text;
}

void survivors_read(struct survivors *survivors, const char *path)
{
	char *rest, *line;

	survivors->count = 0;
	survivors->text = rest = file_text(path);
	while ((line = strsep(&rest, "\n")))
		if (*line && *line != '#' && survivors->count < SURVIVORS_MOST)
			survivors->names[survivors->count++] = line;
}

void survivors_free(struct survivors *survivors)
{
	free(survivors->text);
}

bool survivors_strike(struct survivors *survivors, const char *name)
{
	for (unsigned i = 0; i < survivors->count; i++)
		if (survivors->names[i] &&
			strcmp(survivors->names[i], name) == 0) {
			survivors->names[i] = NULL;
			return true;
		}
	return false;
}

unsigned survivors_tell(const struct survivors *survivors, const char *path)
{
	unsigned left = 0;

	for (unsigned i = 0; i < survivors->count; i++)
		if (survivors->names[i]) {
			printf("# %s: noticed, or no mutant: %s\n", path,
				survivors->names[i]);
			left++;
		}
	return left;
}

bool survivors_write(const char *path, const char *const *names, unsigned count)
{
	char *text = file_text(path), *rest = text, *line;
	FILE *file = fopen(path, "w");

	while (file && (line = strsep(&rest, "\n")))
		if (*line == '#')
			(void)fprintf(file, "%s\n", line);
	free(text);
	for (unsigned i = 0; file && i < count; i++)
		(void)fprintf(file, "%s\n", names[i]);
	return file && fclose(file) == 0;
}
