/* Any bytes as a partial result, and the same with a right checksum behind
 * them: the check and the readers come to some end, and what was found whole
 * names the file of each of its frames. */
#include <endian.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <zlib.h>

#include "capture/file/partial_check.h"
#include "capture/file/partial_format.h"
#include "tests/support/open_recording.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void claim(bool holds)
{
	if (!holds)
		abort();
}

static void read_frames(struct recording *recording, struct batch *batch)
{
	struct failure failure;
	uint64_t number;

	while (recording_read(recording, batch, &failure) != READING_END)
		for (uint32_t i = 0; i < batch->count; i++) {
			const struct frame *frame = &batch->frames[i];

			claim(recording_locate(
				      recording, frame->number, &number) &&
				number > 0 && number <= frame->number);
		}
}

static void look_at(const char *path, struct batch *batch)
{
	struct failure failure = {.text = ""};
	struct recording *recording = recording_open(&path, 1, &failure);
	struct partial_info info;

	claim(recording);
	if (recording_check_partial(recording, &info, &failure)) {
		for (uint32_t i = 0; i < info.name_count; i++)
			claim(strlen(info.names[i]) <= PARTIAL_NAME_BYTES);
		if (recording_begin(recording, &failure))
			read_frames(recording, batch);
	} else {
		claim(failure.text[0]);
	}
	partial_info_release(&info);
	recording_close(recording);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct batch *batch;
	static int file = -1;
	static char path[32];
	uint32_t sum;

	if (!batch) {
		batch = batch_new(0);
		file = memfd_create("partial", MFD_CLOEXEC);
		claim(batch && file >= 0);
		(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", file);
	}
	claim(pwrite(file, data, size, 0) == (ssize_t)size);
	claim(ftruncate(file, (off_t)size) == 0);
	look_at(path, batch);
	if (size < PARTIAL_TAIL_BYTES)
		return 0;
	sum = htole32(
		(uint32_t)crc32(0, data, (uInt)(size - PARTIAL_TAIL_BYTES)));
	claim(pwrite(file, &sum, sizeof(sum),
		      (off_t)(size - PARTIAL_TAIL_BYTES)) == sizeof(sum));
	look_at(path, batch);
	return 0;
}
