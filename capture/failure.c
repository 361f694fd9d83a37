#include "capture/failure.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "capture/safe_text.h"

bool failure_set(struct failure *failure, enum exit_code exit_code,
	const char *format, ...)
{
	char raw[FAILURE_BYTES];
	va_list arguments;

	failure->exit_code = exit_code;
	va_start(arguments, format);
	(void)vsnprintf(raw, sizeof(raw), format,
		arguments); /* a cut sentence is still a sentence */
	va_end(arguments);
	/* Names of files, hosts and interfaces are foreign bytes too. */
	(void)safe_text_copy(
		failure->text, sizeof(failure->text), raw, strlen(raw));
	return false;
}
