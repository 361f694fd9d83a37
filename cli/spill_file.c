#include "cli/spill_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/statvfs.h>
#include <unistd.h>

enum { SHARE_OF_FREE = 4 };

static bool write_all(
	int descriptor, const void *bytes, size_t count, uint64_t offset)
{
	const char *at = bytes;

	while (count > 0) {
		ssize_t written = pwrite(descriptor, at, count, (off_t)offset);

		if (written < 0 && errno == EINTR)
			continue;
		if (written <= 0)
			return false;
		at += written;
		offset += (uint64_t)written;
		count -= (size_t)written;
	}
	return true;
}

static uint64_t append(void *context, const void *bytes, size_t count)
{
	struct spill_file *file = context;
	uint64_t offset = atomic_load(&file->length);

	do
		if (count > file->most_bytes - offset)
			return UINT64_MAX;
	while (!atomic_compare_exchange_weak(
		&file->length, &offset, offset + count));
	return write_all(file->descriptor, bytes, count, offset) ? offset
								 : UINT64_MAX;
}

static bool read_at(void *context, uint64_t offset, void *bytes, size_t count)
{
	const struct spill_file *file = context;
	char *at = bytes;

	while (count > 0) {
		ssize_t got = pread(file->descriptor, at, count, (off_t)offset);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return false;
		at += got;
		offset += (uint64_t)got;
		count -= (size_t)got;
	}
	return true;
}

const struct spill *spill_file_open(struct spill_file *file)
{
	const char *const folders[] = {
		secure_getenv("TMPDIR"), "/var/tmp", "/tmp"};
	struct statvfs about;

	file->descriptor = -1;
	for (unsigned i = 0; i < 3 && file->descriptor < 0; i++)
		if (folders[i])
			file->descriptor = open(folders[i],
				O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	if (file->descriptor < 0)
		return NULL;
	if (fstatvfs(file->descriptor, &about) != 0) {
		spill_file_close(file);
		return NULL;
	}
	file->most_bytes =
		(uint64_t)about.f_bavail * about.f_frsize / SHARE_OF_FREE;
	file->length = 0;
	file->spill = (struct spill){append, read_at, file};
	return &file->spill;
}

void spill_file_close(struct spill_file *file)
{
	if (file->descriptor > 0)
		(void)close(file->descriptor); /* it is gone in any case */
	*file = (struct spill_file){.descriptor = -1};
}
