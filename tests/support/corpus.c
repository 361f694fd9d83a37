#include "tests/support/corpus.h"

#include <fts.h>
#include <stdlib.h>
#include <string.h>

#include "capture/array.h"
#include "tests/support/trace_run.h"

static const char *const endings[] = {".pcap", ".pcapng", ".pcapng.xz"};

static struct corpus_recording *add(
	struct corpus *corpus, const char *folder, const char *name)
{
	struct corpus_recording *grown = array_grown(corpus->recordings,
		corpus->count, &corpus->room, sizeof(*grown));

	if (!grown)
		return NULL;
	corpus->recordings = grown;
	grown += corpus->count;
	memset(grown, 0, sizeof(*grown));
	if (asprintf(&grown->name, "%s%s", folder, name) < 0)
		return NULL;
	corpus->count++;
	return grown;
}

static bool read_capture(
	struct corpus *corpus, const char *path, struct failure *failure)
{
	struct corpus_recording *added = add(corpus, "", path);

	if (!added)
		return failure_set(failure, EXIT_INPUT_CUT, "no memory");
	if (!capture_packets_read(&added->capture, path, failure))
		return false;
	added->packets = added->capture.packets;
	added->count = added->capture.count;
	return true;
}

static bool is_capture(const char *name)
{
	size_t length = strlen(name);

	for (unsigned i = 0; i < sizeof(endings) / sizeof(*endings); i++) {
		size_t bytes = strlen(endings[i]);

		if (length > bytes &&
			strcmp(name + length - bytes, endings[i]) == 0)
			return true;
	}
	return false;
}

static bool read_captures(struct corpus *corpus, struct failure *failure)
{
	char captures[] = "tests/captures", examples[] = "docs/examples";
	char *const folders[] = {captures, examples, NULL};
	FTS *walk = fts_open(folders, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
	bool is_read = walk || failure_set(failure, EXIT_INPUT_CUT,
				       "can't walk through tests/captures");
	const FTSENT *entry;

	while (is_read && (entry = fts_read(walk)))
		if (entry->fts_info == FTS_F && is_capture(entry->fts_name))
			is_read =
				read_capture(corpus, entry->fts_path, failure);
	if (walk)
		fts_close(walk);
	return is_read;
}

static bool read_traces(struct corpus *corpus, struct failure *failure)
{
	struct corpus_recording *added;

	corpus->traces = calloc(1, sizeof(*corpus->traces));
	if (!corpus->traces)
		return failure_set(failure, EXIT_INPUT_CUT, "no memory");
	if (trace_files_read(corpus->traces) || corpus->traces->count == 0)
		return failure_set(
			failure, EXIT_INPUT_CUT, "not every trace can be read");
	for (unsigned i = 0; i < corpus->traces->count; i++) {
		const struct trace_file *file = &corpus->traces->file[i];

		added = add(corpus, TRACE_FOLDER, file->name);
		if (!added)
			return failure_set(
				failure, EXIT_INPUT_CUT, "no memory");
		added->trace = file;
		added->packets = file->trace->packets;
		added->count = file->trace->packet_count;
	}
	return true;
}

static int compare(const void *a, const void *b)
{
	const struct corpus_recording *one = a, *other = b;

	if (!one->trace != !other->trace)
		return one->trace ? -1 : 1;
	if (one->count != other->count)
		return one->count < other->count ? -1 : 1;
	return strcmp(one->name, other->name);
}

bool corpus_read(struct corpus *corpus, struct failure *failure)
{
	memset(corpus, 0, sizeof(*corpus));
	if (!read_traces(corpus, failure) || !read_captures(corpus, failure))
		return false;
	qsort(corpus->recordings, corpus->count, sizeof(*corpus->recordings),
		compare);
	return true;
}

void corpus_free(struct corpus *corpus)
{
	for (uint32_t i = 0; i < corpus->count; i++) {
		struct corpus_recording *recording = &corpus->recordings[i];

		capture_packets_free(&recording->capture);
		free(recording->name);
	}
	free(corpus->recordings);
	if (corpus->traces)
		trace_files_free(corpus->traces);
	free(corpus->traces);
}
