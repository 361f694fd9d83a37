/* A partial result, as `analyze --partial` writes it and `merge` reads it: what
 * verdicts can depend on of every frame, in the frames' order. The file has
 * three parts, each a frame of zstd (RFC 8878), so that it is read as a
 * compressed capture, too:
 *
 * 1. a skippable frame: PARTIAL_MARK, the version and a newline;
 * 2. a compressed pcapng file in the byte order of its writer:
 *    - a section for each capture file, with the comment PARTIAL_OF and the
 *      file's name;
 *    - interfaces as the file describes them, all those up to there;
 *    - frames as enhanced packets, without the end of their payload
 *      (analysis/observe/payload_need.h); one without a time has the ticks
 *      PARTIAL_NO_TIME;
 *    - a custom block for each number that the file gives to no frame, or to
 *      one that did not match the filter, so that the others keep theirs;
 * 3. a skippable frame with fields that end with a zero: a word, a blank, a
 *    text. "frames" is their number, "first" and "last" are times in
 *    nanoseconds, "contents" is a hash of times, lengths and kept bytes,
 *    "filter" and "cut" (why a file was not read to its end) are there where
 *    there is one, "file" comes once for each capture file. Behind them stand,
 *    in little-endian order, the CRC-32 of all bytes before and the bytes of
 *    this part, PARTIAL_TAIL_BYTES together.
 *
 * Without the last part a partial result is not whole: its writer died. */
#ifndef CAPTURE_FILE_PARTIAL_FORMAT_H
#define CAPTURE_FILE_PARTIAL_FORMAT_H

#include <stdint.h>

/* Counts up when the format changes, and when the analysis reads more of a
 * payload than before. */
enum { PARTIAL_VERSION = 1 };

#define PARTIAL_MARK "culprit partial "
#define PARTIAL_OF "culprit partial of "

#define PARTIAL_NO_TIME UINT64_MAX

enum {
	PARTIAL_SKIPPABLE = 0x184d2a5c, /* magic number of parts 1 and 3 */
	PARTIAL_FRAME_BYTES = 8,	/* magic number, length */
	PARTIAL_TAIL_BYTES = 8,
	PARTIAL_NAME_BYTES = 4096,  /* of a file's name, at most */
	PARTIAL_FILES_MOST = 65536, /* that it is of */
	/* the last part, at most */
	PARTIAL_END_BYTES = PARTIAL_FILES_MOST * (PARTIAL_NAME_BYTES / 4),
};

#endif
