#include "capture/failure.h"

#include <stdarg.h>
#include <stdio.h>

bool failure_set(struct failure *failure, enum exit_code exit_code,
	const char *format, ...)
{
	va_list arguments;

	failure->exit_code = exit_code;
	va_start(arguments, format);
	(void)vsnprintf(failure->text, sizeof(failure->text), format,
		arguments); /* a cut sentence is still a sentence */
	va_end(arguments);
	/* File and host names are foreign bytes too. */
	for (char *c = failure->text; *c; c++)
		if ((unsigned char)*c < 0x20 || *c == 0x7f)
			*c = '?';
	return false;
}
