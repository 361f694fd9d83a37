/* Foreign text in XML: safe (capture/safe_text.h), and escaped. */
#ifndef REPORT_XML_TEXT_H
#define REPORT_XML_TEXT_H

#include <stddef.h>
#include <stdio.h>

#include "capture/safe_text.h"

/* One character, as XML may hold it: all that safe_text lets through but
 * U+FFFE and U+FFFF (XML 1.0, production 2); not escaped. Returns the bytes
 * taken. */
size_t xml_text_step(const char *text, size_t length, char out[SAFE_STEP_BYTES],
	size_t *out_length, unsigned *columns);

/* Writes the text escaped, unless `out` is NULL; returns its columns. */
unsigned xml_text_write(FILE *out, const char *text, size_t length);

#endif
