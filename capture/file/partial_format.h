/* A partial result, as `analyze --partial` writes it and `merge` reads it: what
 * verdicts can depend on of every frame, in the frames' order. It is a pcapng
 * file in the byte order of its writer, compressed by zstd:
 *
 * - a section for each capture file, with the comment PARTIAL_MARK VERSION
 *   PARTIAL_OF and the file's name; a second comment, PARTIAL_FILTER and the
 *   filter, where there was one;
 * - interfaces as the file describes them, of all frames up to there;
 * - frames as enhanced packets, without the end of their payload
 *   (analysis/observe/payload_need.h); a frame without a time has the ticks
 *   PARTIAL_NO_TIME;
 * - a custom block for each number that the file gives to no frame, or to one
 *   that did not match the filter, so that the others keep theirs;
 * - at the end a section without frames, with the comment PARTIAL_MARK VERSION
 *   PARTIAL_END, which counts the frames, gives the first and the last time and
 *   the CRC-32 of all bytes before; a second comment, PARTIAL_CUT and the
 *   sentence, where a file was not read to its end.
 *
 * Without that end a partial result is not whole: its writer died. */
#ifndef CAPTURE_FILE_PARTIAL_FORMAT_H
#define CAPTURE_FILE_PARTIAL_FORMAT_H

#include <stdint.h>

/* Counts up when the format changes, and when the analysis reads more of a
 * payload than before. */
enum { PARTIAL_VERSION = 1 };

#define PARTIAL_MARK "culprit partial "
#define PARTIAL_OF " of: "
#define PARTIAL_END " end: "
#define PARTIAL_FILTER "filter: "
#define PARTIAL_CUT "cut: "

#define PARTIAL_NO_TIME UINT64_MAX

enum {
	PARTIAL_NAME_BYTES = 4096, /* of a file's name, at most */
	PARTIAL_FILTER_BYTES = 32768,
};

#endif
