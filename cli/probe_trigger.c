#include "cli/probe_trigger.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cli/input_file.h"

bool probe_trigger_take(const char *word, struct reset_trigger *trigger,
	const char **file, struct failure *failure)
{
	*file = NULL;
	switch (reset_trigger_make(trigger, word)) {
	case RESET_TRIGGER_MADE:
		return true;
	case RESET_TRIGGER_WRONG:
		return failure_set(failure, EXIT_USAGE,
			"--trigger %.200s: it takes ssh, http:HOST, tls:SNI "
			"(names of at most %d characters), bytes:HEX (at most "
			"%d bytes) or a file",
			word, RESET_TRIGGER_NAME - 6, RESET_TRIGGER_MOST_BYTES);
	case RESET_TRIGGER_OTHER:
		break;
	}
	(void)snprintf(trigger->name, sizeof(trigger->name), "file");
	*file = word;
	return true;
}

FILE *probe_trigger_open(
	const char *name, struct run_files *files, struct failure *failure)
{
	FILE *file = input_file_open(name);

	if (!file) {
		(void)failure_set(failure, EXIT_USAGE,
			"--trigger: %.200s: no such kind of trigger, and no "
			"file: %s",
			name, strerror(errno));
		return NULL;
	}
	if (run_files_add_input(files, fileno(file), name, failure))
		return file;
	(void)fclose(file); /* nothing was read */
	return NULL;
}

/* One byte more than there is room for tells a file that is too long. */
bool probe_trigger_read(FILE *file, const char *name,
	struct reset_trigger *trigger, struct failure *failure)
{
	uint8_t bytes[RESET_TRIGGER_MOST_BYTES + 1];
	size_t count = fread(bytes, 1, sizeof(bytes), file);

	if (ferror(file) || count < RESET_TRIGGER_LEAST_BYTES ||
		count > RESET_TRIGGER_MOST_BYTES)
		return failure_set(failure, EXIT_USAGE,
			"--trigger: %.200s: not a file of %d to %d bytes", name,
			RESET_TRIGGER_LEAST_BYTES, RESET_TRIGGER_MOST_BYTES);
	memcpy(trigger->bytes, bytes, count);
	trigger->count = (uint16_t)count;
	return true;
}
