#include "tests/support/probe_recordings.h"

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "capture/decode/packet_decode.h"
#include "capture/file/recording.h"

static const char *const patterns[] = {
	"docs/examples/probe*.pcapng*",
	"tests/captures/probe/*.pcapng*",
};

_Noreturn static void give_up(const char *name, const char *why)
{
	(void)fprintf(stderr, "%s: %s\n", name, why);
	exit(1);
}

static void *get(void *memory, size_t bytes)
{
	void *larger = realloc(memory, bytes);

	if (!larger)
		give_up("probe recordings", "no memory");
	return larger;
}

static void take_batch(struct probe_recording *one, const struct batch *batch)
{
	one->packets = get(one->packets,
		(one->count + batch->count) * sizeof(one->packets[0]));
	for (uint32_t i = 0; i < batch->count; i++) {
		packet_decode(&batch->frames[i], &one->packets[one->count]);
		one->count++;
	}
}

static void load(struct probe_recording *one, const char *name)
{
	struct failure failure = {.text = "no probe's recording"};
	struct recording *recording = recording_open(&name, 1, &failure);
	enum reading reading = READING_MORE;

	if (!recording)
		give_up(name, failure.text);
	*one = (struct probe_recording){.name = strdup(name)};
	while (reading == READING_MORE) {
		struct batch *batch = batch_new(BATCH_USUAL_BYTES);

		if (!batch || one->batch_count == PROBE_RECORDING_BATCHES)
			give_up(name, "too many packets");
		one->batches[one->batch_count++] = batch;
		reading = recording_read(recording, batch, &failure);
		if (reading == READING_MORE)
			take_batch(one, batch);
	}
	if (reading == READING_CUT ||
		section_comment_read(recording_comment(recording),
			&one->comment) != SECTION_COMMENT_PROBE)
		give_up(name, failure.text);
	recording_close(recording);
}

struct probe_recordings *probe_recordings_load(void)
{
	struct probe_recordings *recordings = get(NULL, sizeof(*recordings));

	recordings->count = 0;
	for (size_t i = 0; i < sizeof(patterns) / sizeof(patterns[0]); i++) {
		glob_t found;

		if (glob(patterns[i], 0, NULL, &found) != 0)
			give_up(patterns[i], "no such files");
		for (size_t j = 0; j < found.gl_pathc; j++) {
			if (recordings->count == PROBE_RECORDINGS_MOST)
				give_up(patterns[i], "too many files");
			load(&recordings->recording[recordings->count++],
				found.gl_pathv[j]);
		}
		globfree(&found);
	}
	return recordings;
}

void probe_recordings_free(struct probe_recordings *recordings)
{
	for (unsigned i = 0; i < recordings->count; i++) {
		struct probe_recording *one = &recordings->recording[i];

		free(one->name);
		free(one->packets);
		for (unsigned j = 0; j < one->batch_count; j++)
			batch_free(one->batches[j]);
	}
	free(recordings);
}
