/* Placeholders in the texts about causes. */
#ifndef ANALYSIS_CAUSE_CAUSE_WORDS_H
#define ANALYSIS_CAUSE_CAUSE_WORDS_H

#include <stddef.h>

#include "analysis/path/path.h"

/* Fills a text in for this path: {port}, {target}, {own} (this host's address),
 * {probe} (the command), {log} (of the server's program), {jail} (fail2ban's,
 * with a space before; nothing where the port is not SSH's) and with a finding,
 * which may be NULL, {mtu}, {way}, {place}, {died} and {percent}. Others stay
 * as they are. */
void cause_words_fill(const struct path *path, const struct finding *finding,
	const char *text, char *out, size_t out_bytes);

#endif
