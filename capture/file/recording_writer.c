/* Blocks are gathered in memory and handed to the kernel whole, so that a
 * recording is readable up to its last write whatever ends the program; when
 * that is, who records decides by recording_writer_flush. When a write fails
 * halfway, a plain file is cut back to its last whole block. */
#include "capture/file/recording_writer.h"

#include <assert.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "capture/file/pcapng_block.h"

enum {
	BUFFER_BYTES = 64 * 1024,
	LONGEST_OPTION = 0xffff,
};

struct recording_writer {
	int descriptor;
	char *path;
	bool is_plain_file;
	struct pcapng_blocks blocks; /* not handed to the kernel yet */
	uint64_t whole_bytes; /* handed to the kernel as whole blocks */
	unsigned interface_count;
	int64_t last_time_ns;
	bool has_failed;
	struct failure failure;
};

static bool fail(struct recording_writer *writer, int error)
{
	if (writer->has_failed)
		return false;
	writer->has_failed = true;
	return failure_set(&writer->failure, EXIT_INPUT_CUT,
		error == ENOSPC ? "%s: the disk is full; the recording ends "
				  "early (%s)"
		: error == EPIPE
			? "%s: its reader closed the pipe; the recording ends "
			  "early (%s)"
			: "%s: it can't be written: %s",
		writer->path, strerror(error));
}

static bool wait_for_room(int descriptor)
{
	struct pollfd wanted = {descriptor, POLLOUT, 0};

	return poll(&wanted, 1, -1) >= 0 || errno == EINTR;
}

/* Leaves no half block behind where that can be helped; what is whole of the
 * first `done` bytes stays. */
static void cut_back(struct recording_writer *writer, size_t done)
{
	size_t whole = 0;
	uint32_t length = 0; /* of a block */

	while (whole + BLOCK_FRAME_BYTES <= done) {
		memcpy(&length, writer->blocks.bytes + whole + 4,
			sizeof(length));
		if (whole + length > done)
			break;
		whole += length;
	}
	writer->whole_bytes += whole;
	if (writer->is_plain_file &&
		ftruncate(writer->descriptor, (off_t)writer->whole_bytes) != 0)
		return; /* the failure itself is being told already */
}

bool recording_writer_flush(struct recording_writer *writer)
{
	size_t done = 0;

	if (writer->has_failed)
		return false;
	while (done < writer->blocks.used_bytes) {
		ssize_t count =
			write(writer->descriptor, writer->blocks.bytes + done,
				writer->blocks.used_bytes - done);
		if (count >= 0)
			done += (size_t)count;
		else if (errno != EINTR &&
			 !(errno == EAGAIN &&
				 wait_for_room(writer->descriptor))) {
			(void)fail(writer, errno);
			cut_back(writer, done);
			return false;
		}
	}
	writer->whole_bytes += writer->blocks.used_bytes;
	writer->blocks.used_bytes = 0;
	return true;
}

/* Room for a block of at most so many bytes, with all before it flushed when
 * they don't fit together. */
static bool reserve(struct recording_writer *writer, size_t bytes)
{
	if (writer->has_failed)
		return false;
	if (writer->blocks.used_bytes + bytes > BUFFER_BYTES &&
		!recording_writer_flush(writer))
		return false;
	return pcapng_block_reserve(&writer->blocks, bytes) ||
	       fail(writer, ENOMEM);
}

static void put_time(struct recording_writer *writer, int64_t time_ns)
{
	/* the format has neither times before 1970 nor a word for "none" */
	uint64_t ticks = time_ns > 0 ? (uint64_t)time_ns : 0;

	pcapng_block_u32(&writer->blocks, (uint32_t)(ticks >> 32));
	pcapng_block_u32(&writer->blocks, (uint32_t)ticks);
}

/* A text's length as an option can hold it: never within a character. */
static size_t text_length(const char *text)
{
	size_t length = strlen(text);

	if (length <= LONGEST_OPTION)
		return length;
	length = LONGEST_OPTION;
	while (length > LONGEST_OPTION - 4 &&
		((unsigned char)text[length] & 0xc0) == 0x80)
		length--;
	return length;
}

static void put_text(
	struct recording_writer *writer, uint16_t code, const char *text)
{
	pcapng_block_option(&writer->blocks, code, text, text_length(text));
}

/* Bytes that an option of this text takes. */
static size_t text_bytes(const char *text)
{
	return 4 + ((text_length(text) + 3) & ~(size_t)3);
}

static bool write_section(struct recording_writer *writer, const char *comment)
{
	static const uint64_t unknown_length = UINT64_MAX;
	static const char program[] = "culprit " CULPRIT_VERSION;
	struct utsname system;
	char name[sizeof(system.sysname) + sizeof(system.release) + 1] = "";

	if (uname(&system) == 0)
		(void)snprintf(name, sizeof(name), "%s %s", system.sysname,
			system.release); /* a cut name is still a name */
	if (!reserve(writer, BLOCK_FRAME_BYTES + 64 + sizeof(name) +
				     sizeof(program) +
				     (comment ? text_bytes(comment) : 0)))
		return false;
	pcapng_block_begin(&writer->blocks, BLOCK_SECTION);
	pcapng_block_u32(&writer->blocks, SECTION_BYTE_ORDER);
	pcapng_block_u16_pair(&writer->blocks, 1, 0);
	pcapng_block_put(
		&writer->blocks, &unknown_length, sizeof(unknown_length));
	if (comment)
		put_text(writer, OPTION_COMMENT, comment);
	if (name[0])
		pcapng_block_option(&writer->blocks, OPTION_SECTION_SYSTEM,
			name, strlen(name));
	pcapng_block_option(&writer->blocks, OPTION_SECTION_PROGRAM, program,
		sizeof(program) - 1);
	pcapng_block_u16_pair(&writer->blocks, OPTION_END, 0);
	pcapng_block_end(&writer->blocks);
	return true;
}

struct recording_writer *recording_writer_on(int descriptor, const char *path,
	const char *comment, struct failure *failure)
{
	struct recording_writer *writer = calloc(1, sizeof(*writer));
	struct stat status;

	if (writer) {
		writer->path = strdup(
			strcmp(path, "-") == 0 ? "standard output" : path);
		writer->descriptor = descriptor;
		writer->is_plain_file = fstat(descriptor, &status) == 0 &&
					S_ISREG(status.st_mode) &&
					strcmp(path, "-") != 0;
	}
	if (writer && writer->path &&
		pcapng_block_reserve(&writer->blocks, BUFFER_BYTES) &&
		write_section(writer, comment)) {
		(void)recording_writer_flush(writer); /* its failure is kept */
		return writer;
	}
	if (writer) {
		free(writer->path);
		free(writer->blocks.bytes);
	}
	free(writer);
	(void)close(descriptor); /* nothing was written yet */
	(void)failure_set(
		failure, EXIT_INPUT_CUT, "%s: no memory to write it", path);
	return NULL;
}

int recording_writer_interface(struct recording_writer *writer,
	uint16_t linktype, uint32_t snap_bytes, const char *name)
{
	static const uint8_t nanoseconds = 9;

	if (!reserve(writer,
		    BLOCK_FRAME_BYTES + 32 + (name ? text_bytes(name) : 0)))
		return -1;
	pcapng_block_begin(&writer->blocks, BLOCK_INTERFACE);
	pcapng_block_u16_pair(&writer->blocks, linktype, 0);
	pcapng_block_u32(&writer->blocks, snap_bytes);
	if (name && name[0])
		put_text(writer, OPTION_INTERFACE_NAME, name);
	pcapng_block_option(&writer->blocks, OPTION_TIME_RESOLUTION,
		&nanoseconds, sizeof(nanoseconds));
	pcapng_block_u16_pair(&writer->blocks, OPTION_END, 0);
	pcapng_block_end(&writer->blocks);
	return (int)writer->interface_count++;
}

bool recording_writer_frame(struct recording_writer *writer,
	const struct frame *frame, const char *const *comments,
	unsigned comment_count)
{
	size_t bytes = BLOCK_FRAME_BYTES + 64 + (size_t)frame->captured_bytes;
	uint32_t flags = frame->direction == FRAME_INBOUND    ? 1
			 : frame->direction == FRAME_OUTBOUND ? 2
							      : 0;

	assert(frame->interface < writer->interface_count);
	for (unsigned i = 0; i < comment_count; i++)
		bytes += text_bytes(comments[i]);
	if (!reserve(writer, bytes))
		return false;
	pcapng_block_begin(&writer->blocks, BLOCK_ENHANCED_PACKET);
	pcapng_block_u32(&writer->blocks, frame->interface);
	put_time(writer, frame->time_ns);
	pcapng_block_u32(&writer->blocks, frame->captured_bytes);
	pcapng_block_u32(&writer->blocks, frame->original_bytes);
	pcapng_block_put(&writer->blocks, frame->bytes, frame->captured_bytes);
	for (unsigned i = 0; i < comment_count; i++)
		put_text(writer, OPTION_COMMENT, comments[i]);
	if (flags)
		pcapng_block_option(&writer->blocks, OPTION_PACKET_FLAGS,
			&flags, sizeof(flags));
	if (comment_count || flags)
		pcapng_block_u16_pair(&writer->blocks, OPTION_END, 0);
	pcapng_block_end(&writer->blocks);
	writer->last_time_ns = frame->time_ns;
	return true;
}

bool recording_writer_statistics(struct recording_writer *writer,
	unsigned interface, uint64_t received, uint64_t dropped)
{
	assert(interface < writer->interface_count);
	if (!reserve(writer, BLOCK_FRAME_BYTES + 64))
		return false;
	pcapng_block_begin(&writer->blocks, BLOCK_STATISTICS);
	pcapng_block_u32(&writer->blocks, interface);
	put_time(writer, writer->last_time_ns);
	if (received != UINT64_MAX)
		pcapng_block_option(&writer->blocks, OPTION_STATISTICS_RECEIVED,
			&received, sizeof(received));
	if (dropped != UINT64_MAX)
		pcapng_block_option(&writer->blocks, OPTION_STATISTICS_DROPPED,
			&dropped, sizeof(dropped));
	pcapng_block_u16_pair(&writer->blocks, OPTION_END, 0);
	pcapng_block_end(&writer->blocks);
	return true;
}

bool recording_writer_end_comment(struct recording_writer *writer,
	unsigned interface, const char *comment)
{
	if (writer->has_failed) /* it may have no interface then */
		return false;
	assert(interface < writer->interface_count);
	if (!reserve(writer, BLOCK_FRAME_BYTES + 64 + text_bytes(comment)))
		return false;
	pcapng_block_begin(&writer->blocks, BLOCK_STATISTICS);
	pcapng_block_u32(&writer->blocks, interface);
	put_time(writer, writer->last_time_ns);
	put_text(writer, OPTION_COMMENT, comment);
	pcapng_block_u16_pair(&writer->blocks, OPTION_END, 0);
	pcapng_block_end(&writer->blocks);
	return true;
}

uint64_t recording_writer_bytes(const struct recording_writer *writer)
{
	return writer->whole_bytes + writer->blocks.used_bytes;
}

bool recording_writer_close(
	struct recording_writer *writer, struct failure *failure)
{
	(void)recording_writer_flush(writer); /* its failure is kept */
	/* some file systems tell only now that a write was lost */
	if (close(writer->descriptor) != 0 && errno != EINTR)
		(void)fail(writer, errno);
	bool is_whole = !writer->has_failed;
	if (!is_whole)
		*failure = writer->failure;
	free(writer->path);
	free(writer->blocks.bytes);
	free(writer);
	return is_whole;
}
