#include "analysis/path/path_fact.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void path_fact_found(
	struct path_facts *facts, enum path_fact fact, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	(void)vsnprintf(facts->value[fact].found, FOUND_BYTES, format,
		arguments); /* cut where it is too long */
	va_end(arguments);
}

void path_fact_expected(
	struct path_facts *facts, enum path_fact fact, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	(void)vsnprintf(facts->value[fact].expected, FOUND_BYTES, format,
		arguments); /* cut where it is too long */
	va_end(arguments);
}

void path_fact_as_expected(
	struct path_facts *facts, enum path_fact fact, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	(void)vsnprintf(facts->value[fact].found, FOUND_BYTES, format,
		arguments); /* cut where it is too long */
	va_end(arguments);
	memcpy(facts->value[fact].expected, facts->value[fact].found,
		FOUND_BYTES);
}
