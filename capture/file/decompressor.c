/* zlib declares its input const only where this is asked for */
#define ZLIB_CONST

#include "capture/file/decompressor.h"

#include <limits.h>
#include <lzma.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>
#include <zstd.h>
#include <zstd_errors.h>

enum {
	ZSTD_WINDOW_LOG = 27,
	ZSTD_WINDOW_LOG_LEAST = 10,  /* RFC 8878, 3.1.1.1.2 */
	ZSTD_BLOCK_HEADER_BYTES = 3, /* RFC 8878, 3.1.1.2 */
	ZSTD_FIRST_BYTES = 5,	     /* of a frame, before the library asks */
};

struct compression {
	const char *name;
	uint8_t magic[DECOMPRESSOR_MAGIC_BYTES];
	size_t magic_bytes;
	bool (*start)(struct decompressor *decompressor);
	enum decompressor_state (*run)(struct decompressor *decompressor,
		struct decompressor_step *step);
	void (*finish)(struct decompressor *decompressor);
};

struct decompressor {
	const struct compression *compression;
	enum decompressor_state state;
	const char *problem;
	uint64_t memory_bytes; /* that a window may take */
	z_stream gzip;
	ZSTD_DStream *zstd;
	size_t zstd_wants;    /* bytes of input */
	bool zstd_holds_more; /* output that found no room */
	lzma_stream xz;
};

static enum decompressor_state damaged(
	struct decompressor *decompressor, const char *problem)
{
	decompressor->problem = problem;
	return DECOMPRESSOR_DAMAGED;
}

/* gzip (RFC 1952): streams may follow on each other, and tapes and disks pad
 * them with zeros. */
static bool gzip_start(struct decompressor *decompressor)
{
	return inflateInit2(&decompressor->gzip, 15 + 16) == Z_OK;
}

static enum decompressor_state gzip_between(
	struct decompressor *decompressor, struct decompressor_step *step)
{
	while (step->in_bytes && *step->in == 0) {
		step->in++;
		step->in_bytes--;
	}
	if (step->in_bytes == 0)
		return DECOMPRESSOR_BETWEEN;
	if (*step->in != 0x1f || inflateReset(&decompressor->gzip) != Z_OK)
		return damaged(decompressor,
			"it is followed by bytes that are not "
			"gzip");
	return DECOMPRESSOR_WITHIN;
}

static enum decompressor_state gzip_run(
	struct decompressor *decompressor, struct decompressor_step *step)
{
	z_stream *gzip = &decompressor->gzip;
	int result;

	if (decompressor->state == DECOMPRESSOR_BETWEEN &&
		gzip_between(decompressor, step) != DECOMPRESSOR_WITHIN)
		return decompressor->problem ? DECOMPRESSOR_DAMAGED
					     : DECOMPRESSOR_BETWEEN;
	gzip->next_in = step->in;
	gzip->avail_in =
		step->in_bytes > UINT_MAX ? UINT_MAX : (uInt)step->in_bytes;
	gzip->next_out = step->out;
	gzip->avail_out =
		step->out_bytes > UINT_MAX ? UINT_MAX : (uInt)step->out_bytes;
	result = inflate(gzip, Z_NO_FLUSH);
	step->in_bytes -= (size_t)(gzip->next_in - step->in);
	step->in = gzip->next_in;
	step->out_bytes -= (size_t)(gzip->next_out - step->out);
	step->out = gzip->next_out;
	switch (result) {
	case Z_STREAM_END:
		return DECOMPRESSOR_BETWEEN;
	case Z_OK:
	case Z_BUF_ERROR: /* no room or no input: not an error */
		return DECOMPRESSOR_WITHIN;
	case Z_MEM_ERROR:
		return DECOMPRESSOR_STARVED;
	default:
		return damaged(decompressor,
			gzip->msg ? gzip->msg : "the data is damaged");
	}
}

static void gzip_finish(struct decompressor *decompressor)
{
	(void)inflateEnd(
		&decompressor->gzip); /* nothing to report at the end */
}

/* zstd (RFC 8878): frames may follow on each other. */
static bool zstd_start(struct decompressor *decompressor)
{
	int log = ZSTD_WINDOW_LOG;

	while (log > ZSTD_WINDOW_LOG_LEAST &&
		(uint64_t)1 << log > decompressor->memory_bytes)
		log--;
	decompressor->zstd = ZSTD_createDStream();
	decompressor->zstd_wants = ZSTD_FIRST_BYTES;
	return decompressor->zstd &&
	       !ZSTD_isError(ZSTD_DCtx_setParameter(
		       decompressor->zstd, ZSTD_d_windowLogMax, log));
}

/* What the library asks for, without the header of the block after it. */
static size_t zstd_feed(
	const struct decompressor *decompressor, size_t in_bytes)
{
	size_t wanted = decompressor->zstd_wants;

	if (decompressor->zstd_holds_more)
		return 0;
	if (wanted > ZSTD_BLOCK_HEADER_BYTES)
		wanted -= ZSTD_BLOCK_HEADER_BYTES;
	return wanted < in_bytes ? wanted : in_bytes;
}

/* A call that fails does not say how much it decompressed before. So each is
 * given one block, header or rest, and what came before the damage is kept. */
static enum decompressor_state zstd_run(
	struct decompressor *decompressor, struct decompressor_step *step)
{
	while (step->out_bytes) {
		size_t feed = zstd_feed(decompressor, step->in_bytes);
		ZSTD_inBuffer in = {step->in, feed, 0};
		ZSTD_outBuffer out = {step->out, step->out_bytes, 0};

		if (feed == 0 && !decompressor->zstd_holds_more)
			break;
		size_t result =
			ZSTD_decompressStream(decompressor->zstd, &out, &in);
		if (ZSTD_getErrorCode(result) == ZSTD_error_memory_allocation)
			return DECOMPRESSOR_STARVED;
		if (ZSTD_getErrorCode(result) ==
			ZSTD_error_frameParameter_windowTooLarge)
			return DECOMPRESSOR_LIMITED;
		if (ZSTD_isError(result))
			return damaged(decompressor, ZSTD_getErrorName(result));
		step->in += in.pos;
		step->in_bytes -= in.pos;
		step->out += out.pos;
		step->out_bytes -= out.pos;
		decompressor->zstd_wants = result ? result : ZSTD_FIRST_BYTES;
		decompressor->zstd_holds_more = result && step->out_bytes == 0;
		decompressor->state =
			result ? DECOMPRESSOR_WITHIN : DECOMPRESSOR_BETWEEN;
	}
	return decompressor->state;
}

static void zstd_finish(struct decompressor *decompressor)
{
	(void)ZSTD_freeDStream(decompressor->zstd); /* always 0 */
}

/* xz: streams may follow on each other, with padding between. */
static bool xz_start(struct decompressor *decompressor)
{
	decompressor->xz = (lzma_stream)LZMA_STREAM_INIT;
	return lzma_stream_decoder(&decompressor->xz,
		       decompressor->memory_bytes,
		       LZMA_CONCATENATED) == LZMA_OK;
}

static const char *xz_problem(lzma_ret result)
{
	static const struct {
		lzma_ret result;
		const char *problem;
	} problems[] = {
		{LZMA_FORMAT_ERROR, "it is followed by bytes that are not xz"},
		{LZMA_OPTIONS_ERROR, "it uses an unknown filter"},
	};

	for (size_t i = 0; i < sizeof(problems) / sizeof(problems[0]); i++)
		if (problems[i].result == result)
			return problems[i].problem;
	return "the data is damaged";
}

/* With concatenated streams the decompressor knows the end only once it is told
 * that no more comes; until then it is never `between`. */
static enum decompressor_state xz_run(
	struct decompressor *decompressor, struct decompressor_step *step)
{
	lzma_stream *xz = &decompressor->xz;

	if (decompressor->state == DECOMPRESSOR_BETWEEN)
		return DECOMPRESSOR_BETWEEN;
	xz->next_in = step->in;
	xz->avail_in = step->in_bytes;
	xz->next_out = step->out;
	xz->avail_out = step->out_bytes;
	lzma_ret result = lzma_code(xz, step->is_last ? LZMA_FINISH : LZMA_RUN);
	step->in = xz->next_in;
	step->in_bytes = xz->avail_in;
	step->out = xz->next_out;
	step->out_bytes = xz->avail_out;
	switch ((int)result) {
	case LZMA_STREAM_END:
		return DECOMPRESSOR_BETWEEN;
	case LZMA_OK:
	case LZMA_BUF_ERROR: /* no room or no input: not an error */
		return DECOMPRESSOR_WITHIN;
	case LZMA_MEM_ERROR:
		return DECOMPRESSOR_STARVED;
	case LZMA_MEMLIMIT_ERROR:
		return DECOMPRESSOR_LIMITED;
	default:
		return damaged(decompressor, xz_problem(result));
	}
}

static void xz_finish(struct decompressor *decompressor)
{
	lzma_end(&decompressor->xz);
}

static const struct compression compressions[] = {
	{
		.name = "gzip",
		.magic = {0x1f, 0x8b},
		.magic_bytes = 2,
		.start = gzip_start,
		.run = gzip_run,
		.finish = gzip_finish,
	},
	{
		.name = "zstd",
		.magic = {0x28, 0xb5, 0x2f, 0xfd},
		.magic_bytes = 4,
		.start = zstd_start,
		.run = zstd_run,
		.finish = zstd_finish,
	},
	{
		/* begins with a frame that is skipped, as partial results do
		 * (capture/file/partial_format.h) */
		.name = "zstd",
		.magic = {0x5c, 0x2a, 0x4d, 0x18},
		.magic_bytes = 4,
		.start = zstd_start,
		.run = zstd_run,
		.finish = zstd_finish,
	},
	{
		.name = "xz",
		.magic = {0xfd, '7', 'z', 'X', 'Z', 0},
		.magic_bytes = 6,
		.start = xz_start,
		.run = xz_run,
		.finish = xz_finish,
	},
};

static const struct compression *recognise(
	const uint8_t *magic, size_t magic_bytes)
{
	for (size_t i = 0; i < sizeof(compressions) / sizeof(compressions[0]);
		i++)
		if (magic_bytes >= compressions[i].magic_bytes &&
			memcmp(magic, compressions[i].magic,
				compressions[i].magic_bytes) == 0)
			return &compressions[i];
	return NULL;
}

struct decompressor *decompressor_new(const uint8_t *magic, size_t magic_bytes,
	uint64_t memory_bytes, bool *is_out_of_memory)
{
	const struct compression *compression = recognise(magic, magic_bytes);
	struct decompressor *decompressor;

	*is_out_of_memory = false;
	if (!compression)
		return NULL;
	decompressor = calloc(1, sizeof(*decompressor));
	if (decompressor) {
		decompressor->compression = compression;
		decompressor->state = DECOMPRESSOR_WITHIN;
		decompressor->memory_bytes =
			memory_bytes < DECOMPRESSOR_MEMORY_BYTES
				? memory_bytes
				: DECOMPRESSOR_MEMORY_BYTES;
		if (compression->start(decompressor))
			return decompressor;
		decompressor_free(decompressor);
	}
	*is_out_of_memory = true;
	return NULL;
}

void decompressor_free(struct decompressor *decompressor)
{
	if (!decompressor)
		return;
	decompressor->compression->finish(decompressor);
	free(decompressor);
}

const char *decompressor_name(const struct decompressor *decompressor)
{
	return decompressor->compression->name;
}

bool decompressor_has_window(const struct decompressor *decompressor)
{
	return decompressor->compression->run != gzip_run;
}

const char *decompressor_problem(const struct decompressor *decompressor)
{
	return decompressor->problem;
}

enum decompressor_state decompressor_run(
	struct decompressor *decompressor, struct decompressor_step *step)
{
	if (decompressor->state < DECOMPRESSOR_DAMAGED)
		decompressor->state =
			decompressor->compression->run(decompressor, step);
	return decompressor->state;
}
