/* Any bytes as a capture file, and the same bytes through a pipe: both must
 * give the same frames and end in the same way. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "tests/support/open_recording.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What a pipe takes without a reader. */
enum { PIPE_BYTES = 60000 };

struct outcome {
	uint64_t frames, checksum, last_number;
	unsigned cuts, interfaces;
	bool is_open;
};

static void claim(bool holds)
{
	if (!holds)
		abort();
}

static void look_at(const struct batch *batch, struct outcome *outcome)
{
	for (uint32_t i = 0; i < batch->count; i++) {
		const struct frame *frame = &batch->frames[i];
		claim(frame->captured_bytes <= frame->original_bytes);
		claim(frame->number > outcome->last_number);
		outcome->last_number = frame->number;
		outcome->frames++;
		outcome->checksum = outcome->checksum * 31 +
				    (uint64_t)frame->time_ns +
				    frame->original_bytes + frame->interface +
				    frame->linktype + frame->direction;
		for (uint32_t j = 0; j < frame->captured_bytes; j++)
			outcome->checksum =
				outcome->checksum * 31 + frame->bytes[j];
	}
}

static struct outcome outcome_of(int descriptor, struct batch *batch)
{
	struct outcome outcome = {.frames = 0};
	struct failure failure;
	enum reading reading;
	char path[32];
	const char *paths[] = {path};

	(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", descriptor);
	struct recording *recording = open_and_begin(paths, 1, &failure);
	outcome.is_open = recording != NULL;
	if (!recording)
		return outcome;
	while ((reading = recording_read(recording, batch, &failure)) !=
		READING_END) {
		claim((reading == READING_CUT) == (batch->count == 0));
		outcome.cuts += reading == READING_CUT;
		claim(reading != READING_CUT || failure.text[0]);
		look_at(batch, &outcome);
		if (outcome.frames) /* the last frame is in the last file */
			claim(recording_interface_count(recording) > 0);
	}
	outcome.interfaces = recording_interface_count(recording);
	recording_close(recording);
	return outcome;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct batch *batch;
	static int file = -1;
	int ends[2];

	if (!batch) {
		batch = batch_new(0);
		file = memfd_create("capture", MFD_CLOEXEC);
		claim(batch && file >= 0);
	}
	claim(pwrite(file, data, size, 0) == (ssize_t)size);
	claim(ftruncate(file, (off_t)size) == 0);
	struct outcome as_file = outcome_of(file, batch);
	if (size > PIPE_BYTES)
		return 0;
	claim(pipe2(ends, O_CLOEXEC) == 0);
	claim(write(ends[1], data, size) == (ssize_t)size);
	close(ends[1]);
	struct outcome as_pipe = outcome_of(ends[0], batch);
	close(ends[0]);
	claim(as_file.is_open == as_pipe.is_open);
	claim(as_file.frames == as_pipe.frames);
	claim(as_file.checksum == as_pipe.checksum);
	claim(as_file.cuts == as_pipe.cuts);
	claim(as_file.interfaces == as_pipe.interfaces);
	return 0;
}
