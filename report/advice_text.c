#include "report/advice_text.h"

#include <stdio.h>
#include <string.h>

#include "probe/protocol/probe_command.h"

static void add(char text[ADVICE_TEXT], const char *more, size_t length)
{
	size_t used = strlen(text);

	(void)snprintf(text + used, ADVICE_TEXT - used, "%.*s", (int)length,
		more);
}

const char *advice_text(char text[ADVICE_TEXT], const char *from,
	const struct flow_name *flow)
{
	static const char plain[] = "probe --only ", program[] = "culprit ";
	const struct section_comment target = {.family = flow->family,
		.target = flow->server.address,
		.port = flow->server.port};
	const size_t name = sizeof(program) - 1;
	char command[PROBE_COMMAND_TEXT];
	const char *at;

	probe_command_text(&target, command);
	text[0] = '\0';
	while ((at = strstr(from, plain)) != NULL) {
		size_t before = (size_t)(at - from);

		if (before >= name && memcmp(at - name, program, name) == 0)
			before -= name;
		add(text, from, before);
		add(text, command, strlen(command));
		add(text, " --only ", sizeof(" --only ") - 1);
		from = at + sizeof(plain) - 1;
	}
	add(text, from, strlen(from));
	return text;
}
