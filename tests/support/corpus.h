/* All recordings that hold verdicts in place, in memory: the traces, and the
 * captures whose verdicts are pinned in tests/verdicts.txt. For tests that
 * judge them many times. */
#ifndef TESTS_SUPPORT_CORPUS_H
#define TESTS_SUPPORT_CORPUS_H

#include "tests/support/capture_packets.h"

struct trace_file;
struct trace_files;

struct corpus_recording {
	char *name;			/* from the top of the project */
	const struct trace_file *trace; /* NULL: it is a capture */
	const struct packet *packets;	/* payloads and all */
	unsigned count;
	struct capture_packets capture; /* empty: it is a trace */
};

struct corpus {
	struct corpus_recording *recordings; /* traces first, shorter first */
	uint32_t count, room;
	struct trace_files *traces;
};

/* False and a sentence when one of them can't be read; either way the corpus is
 * to be freed. */
bool corpus_read(struct corpus *corpus, struct failure *failure);
void corpus_free(struct corpus *corpus);

#endif
