#include "cli/probe_trigger.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* One byte more than there is room for tells a file that is too long. */
static bool read_file(const char *name, struct reset_trigger *trigger,
	struct failure *failure)
{
	uint8_t bytes[RESET_TRIGGER_MOST_BYTES + 1];
	FILE *file = fopen(name, "rb");
	size_t count;
	bool is_wrong;

	if (!file)
		return failure_set(failure, EXIT_USAGE,
			"--trigger: %.200s: no such kind of trigger, and no "
			"file: %s",
			name, strerror(errno));
	count = fread(bytes, 1, sizeof(bytes), file);
	is_wrong = ferror(file) != 0;
	(void)fclose(file); /* it was only read */
	if (is_wrong || count < RESET_TRIGGER_LEAST_BYTES ||
		count > RESET_TRIGGER_MOST_BYTES)
		return failure_set(failure, EXIT_USAGE,
			"--trigger: %.200s: not a file of %d to %d bytes", name,
			RESET_TRIGGER_LEAST_BYTES, RESET_TRIGGER_MOST_BYTES);
	memcpy(trigger->bytes, bytes, count);
	trigger->count = (uint16_t)count;
	(void)snprintf(trigger->name, sizeof(trigger->name), "file");
	return true;
}

bool probe_trigger_read(const char *word, struct reset_trigger *trigger,
	struct failure *failure)
{
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
	return read_file(word, trigger, failure);
}
