#include "cli/notice.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "capture/failure.h"
#include "capture/safe_text.h"

void notice_print(const char *format, ...)
{
	char raw[FAILURE_SHOWN_BYTES], shown[4 * FAILURE_SHOWN_BYTES];
	va_list arguments;

	va_start(arguments, format);
	(void)vsnprintf(raw, sizeof(raw), format,
		arguments); /* a cut sentence is still a sentence */
	va_end(arguments);
	(void)safe_text_copy(shown, sizeof(shown), raw, strlen(raw));
	(void)fprintf(stderr, "culprit: %s\n", shown);
}
