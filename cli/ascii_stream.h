/* Text for people where the locale has no UTF-8 (LANG=C): lines, arrows and
 * marks become the ASCII characters that look most like them, as `tree` and
 * `mtr` do it, each of one column but the dots of "…" and "±". */
#ifndef CLI_ASCII_STREAM_H
#define CLI_ASCII_STREAM_H

#include <stdbool.h>
#include <stdio.h>

/* By LC_ALL, LC_CTYPE and LANG, of which the first that is set counts. */
bool ascii_stream_is_wanted(void);

/* A stream whose text goes to `inner` in ASCII: closing it closes `inner` as
 * well. NULL without memory. */
FILE *ascii_stream_on(FILE *inner);

#endif
