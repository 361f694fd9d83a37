#include "capture/file/partial_output.h"

#include <endian.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include "capture/file/partial_format.h"

enum { COMPRESSION_LEVEL = 1 };

bool partial_output_on(
	struct partial_output *output, int descriptor, const char *path)
{
	*output = (struct partial_output){
		.descriptor = descriptor,
		.path = strdup(path),
		.zstd = ZSTD_createCCtx(),
		.capacity_bytes = ZSTD_CStreamOutSize(),
	};
	output->compressed = malloc(output->capacity_bytes);
	return output->path && output->zstd && output->compressed &&
	       !ZSTD_isError(ZSTD_CCtx_setParameter(output->zstd,
		       ZSTD_c_compressionLevel, COMPRESSION_LEVEL)) &&
	       !ZSTD_isError(ZSTD_CCtx_setParameter(
		       output->zstd, ZSTD_c_checksumFlag, 1));
}

bool partial_output_close(struct partial_output *output)
{
	/* some file systems tell only now that a write was lost */
	if (close(output->descriptor) != 0 && errno != EINTR && output->path)
		(void)partial_output_fail(output, strerror(errno));
	(void)ZSTD_freeCCtx(output->zstd); /* always 0 */
	free(output->compressed);
	free(output->path);
	return !output->has_failed;
}

bool partial_output_fail(struct partial_output *output, const char *why)
{
	if (output->has_failed)
		return false;
	output->has_failed = true;
	return failure_set(&output->failure, EXIT_INPUT_CUT,
		"%s: it can't be written, and is no partial result: %s",
		output->path, why);
}

bool partial_output_write(
	struct partial_output *output, const void *bytes, size_t count)
{
	if (output->has_failed)
		return false;
	output->crc = (uint32_t)crc32(output->crc, bytes, (uInt)count);
	for (size_t done = 0; done < count;) {
		ssize_t some = write(output->descriptor,
			(const uint8_t *)bytes + done, count - done);

		if (some >= 0)
			done += (size_t)some;
		else if (errno != EINTR)
			return partial_output_fail(output, strerror(errno));
	}
	return true;
}

bool partial_output_skippable(struct partial_output *output, const void *bytes,
	size_t count, size_t more_bytes)
{
	uint32_t head[2] = {htole32(PARTIAL_SKIPPABLE),
		htole32((uint32_t)(count + more_bytes))};

	return partial_output_write(output, head, sizeof(head)) &&
	       partial_output_write(output, bytes, count);
}

bool partial_output_compress(struct partial_output *output, const void *bytes,
	size_t count, bool is_end)
{
	ZSTD_inBuffer in = {bytes, count, 0};
	size_t left;

	if (output->has_failed)
		return false;
	do {
		ZSTD_outBuffer out = {
			output->compressed, output->capacity_bytes, 0};

		left = ZSTD_compressStream2(output->zstd, &out, &in,
			is_end ? ZSTD_e_end : ZSTD_e_continue);
		if (ZSTD_isError(left))
			return partial_output_fail(
				output, ZSTD_getErrorName(left));
		if (!partial_output_write(output, output->compressed, out.pos))
			return false;
	} while (in.pos < in.size || (is_end && left));
	return true;
}
