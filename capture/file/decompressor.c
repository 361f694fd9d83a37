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

/* What the decoders may take for their windows: enough for the largest that
 * `xz -9` and `zstd --ultra -22` use, too little for a hostile header. */
enum {
	DECODER_MEMORY_BYTES = 256 * 1024 * 1024,
	ZSTD_WINDOW_LOG = 27,
	ZSTD_BLOCK_HEADER_BYTES = 3, /* RFC 8878, 3.1.1.2 */
	ZSTD_FIRST_BYTES = 5,	     /* of a frame, before the library asks */
};

struct decoding {
	const char *name;
	uint8_t magic[DECODER_MAGIC_BYTES];
	size_t magic_bytes;
	bool (*start)(struct decoder *decoder);
	enum decoder_state (*run)(
		struct decoder *decoder, struct decoder_step *step);
	void (*finish)(struct decoder *decoder);
};

struct decoder {
	const struct decoding *decoding;
	enum decoder_state state;
	const char *problem;
	z_stream gzip;
	ZSTD_DStream *zstd;
	size_t zstd_wants;    /* bytes of input */
	bool zstd_holds_more; /* output that found no room */
	lzma_stream xz;
};

static enum decoder_state damaged(struct decoder *decoder, const char *problem)
{
	decoder->problem = problem;
	return DECODER_DAMAGED;
}

/* gzip (RFC 1952): streams may follow on each other, and tapes and disks pad
 * them with zeros. */
static bool gzip_start(struct decoder *decoder)
{
	return inflateInit2(&decoder->gzip, 15 + 16) == Z_OK;
}

static enum decoder_state gzip_between(
	struct decoder *decoder, struct decoder_step *step)
{
	while (step->in_bytes && *step->in == 0) {
		step->in++;
		step->in_bytes--;
	}
	if (step->in_bytes == 0)
		return DECODER_BETWEEN;
	if (*step->in != 0x1f || inflateReset(&decoder->gzip) != Z_OK)
		return damaged(decoder, "bytes that are no gzip follow it");
	return DECODER_WITHIN;
}

static enum decoder_state gzip_run(
	struct decoder *decoder, struct decoder_step *step)
{
	z_stream *gzip = &decoder->gzip;
	int result;

	if (decoder->state == DECODER_BETWEEN &&
		gzip_between(decoder, step) != DECODER_WITHIN)
		return decoder->problem ? DECODER_DAMAGED : DECODER_BETWEEN;
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
		return DECODER_BETWEEN;
	case Z_OK:
	case Z_BUF_ERROR: /* no room or no input: not an error */
		return DECODER_WITHIN;
	case Z_MEM_ERROR:
		return DECODER_STARVED;
	default:
		return damaged(
			decoder, gzip->msg ? gzip->msg : "the data is damaged");
	}
}

static void gzip_finish(struct decoder *decoder)
{
	(void)inflateEnd(&decoder->gzip); /* nothing to report at the end */
}

/* zstd (RFC 8878): frames may follow on each other. */
static bool zstd_start(struct decoder *decoder)
{
	decoder->zstd = ZSTD_createDStream();
	decoder->zstd_wants = ZSTD_FIRST_BYTES;
	return decoder->zstd &&
	       !ZSTD_isError(ZSTD_DCtx_setParameter(
		       decoder->zstd, ZSTD_d_windowLogMax, ZSTD_WINDOW_LOG));
}

/* What the library asks for, without the header of the block after it. */
static size_t zstd_feed(const struct decoder *decoder, size_t in_bytes)
{
	size_t wanted = decoder->zstd_wants;

	if (decoder->zstd_holds_more)
		return 0;
	if (wanted > ZSTD_BLOCK_HEADER_BYTES)
		wanted -= ZSTD_BLOCK_HEADER_BYTES;
	return wanted < in_bytes ? wanted : in_bytes;
}

/* A call that fails does not say how much it decompressed before. So each is
 * given one block, header or rest, and what came before the damage is kept. */
static enum decoder_state zstd_run(
	struct decoder *decoder, struct decoder_step *step)
{
	while (step->out_bytes) {
		size_t feed = zstd_feed(decoder, step->in_bytes);
		ZSTD_inBuffer in = {step->in, feed, 0};
		ZSTD_outBuffer out = {step->out, step->out_bytes, 0};

		if (feed == 0 && !decoder->zstd_holds_more)
			break;
		size_t result = ZSTD_decompressStream(decoder->zstd, &out, &in);
		if (ZSTD_getErrorCode(result) == ZSTD_error_memory_allocation)
			return DECODER_STARVED;
		if (ZSTD_isError(result))
			return damaged(decoder, ZSTD_getErrorName(result));
		step->in += in.pos;
		step->in_bytes -= in.pos;
		step->out += out.pos;
		step->out_bytes -= out.pos;
		decoder->zstd_wants = result ? result : ZSTD_FIRST_BYTES;
		decoder->zstd_holds_more = result && step->out_bytes == 0;
		decoder->state = result ? DECODER_WITHIN : DECODER_BETWEEN;
	}
	return decoder->state;
}

static void zstd_finish(struct decoder *decoder)
{
	(void)ZSTD_freeDStream(decoder->zstd); /* always 0 */
}

/* xz: streams may follow on each other, with padding between. */
static bool xz_start(struct decoder *decoder)
{
	decoder->xz = (lzma_stream)LZMA_STREAM_INIT;
	return lzma_stream_decoder(&decoder->xz, DECODER_MEMORY_BYTES,
		       LZMA_CONCATENATED) == LZMA_OK;
}

static const char *xz_problem(lzma_ret result)
{
	static const struct {
		lzma_ret result;
		const char *problem;
	} problems[] = {
		{LZMA_MEMLIMIT_ERROR,
			"it was packed with a dictionary above 256 MiB"},
		{LZMA_FORMAT_ERROR, "bytes that are no xz follow it"},
		{LZMA_OPTIONS_ERROR, "it uses a filter that is not known"},
	};

	for (size_t i = 0; i < sizeof(problems) / sizeof(problems[0]); i++)
		if (problems[i].result == result)
			return problems[i].problem;
	return "the data is damaged";
}

/* With concatenated streams the decoder knows the end only once it is told
 * that no more comes; until then it is never `between`. */
static enum decoder_state xz_run(
	struct decoder *decoder, struct decoder_step *step)
{
	lzma_stream *xz = &decoder->xz;

	if (decoder->state == DECODER_BETWEEN)
		return DECODER_BETWEEN;
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
		return DECODER_BETWEEN;
	case LZMA_OK:
	case LZMA_BUF_ERROR: /* no room or no input: not an error */
		return DECODER_WITHIN;
	case LZMA_MEM_ERROR:
		return DECODER_STARVED;
	default:
		return damaged(decoder, xz_problem(result));
	}
}

static void xz_finish(struct decoder *decoder)
{
	lzma_end(&decoder->xz);
}

static const struct decoding decodings[] = {
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
		.name = "xz",
		.magic = {0xfd, '7', 'z', 'X', 'Z', 0},
		.magic_bytes = 6,
		.start = xz_start,
		.run = xz_run,
		.finish = xz_finish,
	},
};

static const struct decoding *recognise(
	const uint8_t *magic, size_t magic_bytes)
{
	for (size_t i = 0; i < sizeof(decodings) / sizeof(decodings[0]); i++)
		if (magic_bytes >= decodings[i].magic_bytes &&
			memcmp(magic, decodings[i].magic,
				decodings[i].magic_bytes) == 0)
			return &decodings[i];
	return NULL;
}

struct decoder *decoder_new(
	const uint8_t *magic, size_t magic_bytes, bool *is_out_of_memory)
{
	const struct decoding *decoding = recognise(magic, magic_bytes);
	struct decoder *decoder;

	*is_out_of_memory = false;
	if (!decoding)
		return NULL;
	decoder = calloc(1, sizeof(*decoder));
	if (decoder) {
		decoder->decoding = decoding;
		decoder->state = DECODER_WITHIN;
		if (decoding->start(decoder))
			return decoder;
		decoder_free(decoder);
	}
	*is_out_of_memory = true;
	return NULL;
}

void decoder_free(struct decoder *decoder)
{
	if (!decoder)
		return;
	decoder->decoding->finish(decoder);
	free(decoder);
}

const char *decoder_name(const struct decoder *decoder)
{
	return decoder->decoding->name;
}

const char *decoder_problem(const struct decoder *decoder)
{
	return decoder->problem;
}

enum decoder_state decoder_run(
	struct decoder *decoder, struct decoder_step *step)
{
	if (decoder->state < DECODER_DAMAGED)
		decoder->state = decoder->decoding->run(decoder, step);
	return decoder->state;
}
