/* The bytes of a capture: from a file, standard input or a FIFO, as they are
 * or compressed by gzip, zstd or xz, which is told by the content and undone
 * on the way. */
#ifndef CAPTURE_FILE_SOURCE_H
#define CAPTURE_FILE_SOURCE_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "capture/failure.h"

struct source;

/* Opens a path, "-" being standard input; reads nothing yet. NULL and a
 * sentence when there is no such file, it may not be read or is a
 * directory. */
struct source *source_open(const char *path, struct failure *failure);
void source_close(struct source *source);

/* What it is read from: for fstat(2). */
int source_descriptor(const struct source *source);

/* Lets a wait for bytes (of a pipe; files don't wait) end, as if the data did,
 * soon after `*is_stopped` is set, by a signal in whatever thread. */
void source_stop_on(
	struct source *source, const volatile sig_atomic_t *is_stopped);

/* The file grows: its end is waited for until `*is_stopped` is set, as that of
 * a pipe, and it is no plain file to anybody. Before anything is read. */
void source_follow(struct source *source);

/* Called after each second in which no byte came of a pipe or of a file that
 * grows, with how long was waited since one did: what the writer took, and not
 * what this process did. Before anything is read, and with source_stop_on. */
void source_on_silence(struct source *source,
	void (*call)(void *context, int64_t waited_ns), void *context);

/* What decompressing it may take of memory, from its beginning on; unless it is
 * called DECOMPRESSOR_MEMORY_BYTES, which is the most in any case. */
void source_limit_memory(struct source *source, uint64_t bytes);

/* How much of that it may take; 0 when it is not compressed, by gzip, or
 * nothing has been read. */
uint64_t source_window_bytes(const struct source *source);

/* The path as messages name it: "standard input" for "-". */
const char *source_name(const struct source *source);

/* Reads at most `capacity` bytes as soon as there are any. 0 at the end; -1
 * with a sentence when reading fails, or when the compressed data is damaged
 * or ends early: all bytes before that were returned. Both are final. */
ssize_t source_read(struct source *source, uint8_t *bytes, size_t capacity,
	struct failure *failure);

/* Back to the beginning, as if nothing had been read; for a plain file only. */
void source_rewind(struct source *source);

/* True for a plain file, whose bytes are there without waiting. */
bool source_is_file(const struct source *source);

/* "gzip", "zstd" or "xz"; NULL when it is not compressed, or nothing has been
 * read yet. */
const char *source_compression(const struct source *source);

/* Bytes taken from the file itself, and how many there are: 0 when that is not
 * known. */
void source_progress(const struct source *source, uint64_t *done_bytes,
	uint64_t *total_bytes);

#endif
