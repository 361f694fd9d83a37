#include "capture/file/partial_check.h"

#include <endian.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "capture/array.h"
#include "capture/file/partial_format.h"

enum { READ_BYTES = 64 * 1024, MARK_BYTES = 32 };

struct partial_file {
	const struct source *source;
	struct failure *failure;
	off_t start;
	uint64_t bytes; /* of all of it */
};

void partial_info_release(struct partial_info *info)
{
	free(info->fields);
	free(info->names);
	*info = (struct partial_info){.names = NULL};
}

/* What follows `mark` at the beginning of the text; NULL: something else
 * stands there. */
static const char *behind(const char *text, const char *mark)
{
	size_t length = strlen(mark);

	return strncmp(text, mark, length) == 0 ? text + length : NULL;
}

const char *partial_name_of(const char *comment)
{
	return behind(comment, PARTIAL_OF);
}

static bool say(const struct partial_file *file, const char *what)
{
	return failure_set(file->failure, EXIT_INPUT_CUT, "%s: %s",
		source_name(file->source), what);
}

static bool say_no_memory(const struct partial_file *file)
{
	return say(file, "no memory to read it");
}

static bool say_damaged(const struct partial_file *file)
{
	return say(file, "a damaged partial result: its checksum does not "
			 "agree; make it again");
}

static bool read_at(
	const struct partial_file *file, uint64_t at, void *to, size_t count)
{
	for (size_t done = 0; done < count;) {
		ssize_t some = pread(source_descriptor(file->source),
			(char *)to + done, count - done,
			file->start + (off_t)(at + done));

		if (some < 0 && errno == EINTR)
			continue;
		if (some < 0)
			return say(file, strerror(errno));
		if (some == 0)
			return say(file, "it became shorter while it was read");
		done += (size_t)some;
	}
	return true;
}

/* Whether these bytes are as many of a partial result's first ones, and too few
 * for mark and version, which end with a newline: its writer died there. */
static bool is_cut_mark(const char *text, size_t bytes)
{
	uint32_t magic = htole32(PARTIAL_SKIPPABLE);
	size_t of_magic = bytes < sizeof(magic) ? bytes : sizeof(magic);
	size_t of_mark = strlen(PARTIAL_MARK);

	if (memcmp(text, &magic, of_magic) != 0)
		return false;
	if (bytes <= PARTIAL_FRAME_BYTES)
		return true;
	text += PARTIAL_FRAME_BYTES;
	bytes -= PARTIAL_FRAME_BYTES;
	if (bytes < of_mark)
		of_mark = bytes;
	return memcmp(text, PARTIAL_MARK, of_mark) == 0 &&
	       !memchr(text, '\n', bytes);
}

/* Mark and version, with which it begins. */
static bool check_mark(const struct partial_file *file)
{
	char mark[PARTIAL_FRAME_BYTES + MARK_BYTES + 1] = "";
	size_t bytes = sizeof(mark) - 1;
	uint32_t magic;
	const char *version;

	if (file->bytes == 0)
		return say(file, "a partial result that is not whole: it is "
				 "empty, since its writer died or failed");
	if (file->bytes < bytes)
		bytes = (size_t)file->bytes;
	if (!read_at(file, 0, mark, bytes))
		return false;
	if (is_cut_mark(mark, bytes))
		return true; /* its end is missing too */
	memcpy(&magic, mark, sizeof(magic));
	version = behind(mark + PARTIAL_FRAME_BYTES, PARTIAL_MARK);
	if (le32toh(magic) != PARTIAL_SKIPPABLE || !version)
		return say(file, "it is no partial result of `culprit analyze "
				 "--partial`");
	if (strtoul(version, NULL, 10) != PARTIAL_VERSION)
		return failure_set(file->failure, EXIT_INPUT_CUT,
			"%s: a partial result of version %lu; this culprit "
			"reads version %d: make it again",
			source_name(file->source), strtoul(version, NULL, 10),
			PARTIAL_VERSION);
	return true;
}

/* Where the last part begins, and its fields; false where there is none. */
static bool find_end(const struct partial_file *file, uint32_t *crc,
	uint64_t *end_at, uint32_t *field_bytes)
{
	static const char not_whole[] =
		"a partial result that is not whole: its writer died, or it "
		"is cut off; make it again";
	enum { LEAST = PARTIAL_FRAME_BYTES + PARTIAL_TAIL_BYTES };
	uint32_t tail[2], head[2];

	if (file->bytes < LEAST)
		return say(file, not_whole);
	if (!read_at(file, file->bytes - sizeof(tail), tail, sizeof(tail)))
		return false;
	*crc = le32toh(tail[0]);
	tail[1] = le32toh(tail[1]);
	if (tail[1] < LEAST || tail[1] > file->bytes ||
		tail[1] - LEAST > PARTIAL_END_BYTES)
		return say(file, not_whole);
	*end_at = file->bytes - tail[1];
	*field_bytes = tail[1] - LEAST;
	if (!read_at(file, *end_at, head, sizeof(head)))
		return false;
	if (le32toh(head[0]) != PARTIAL_SKIPPABLE ||
		le32toh(head[1]) != tail[1] - PARTIAL_FRAME_BYTES)
		return say(file, not_whole);
	return true;
}

/* The sums of all before the last part, and of all before the tail. */
static bool check_sum(const struct partial_file *file, uint64_t end_at,
	uint32_t said, uint32_t *crc)
{
	uint8_t *bytes = malloc(READ_BYTES);
	uint64_t total = file->bytes - PARTIAL_TAIL_BYTES;
	uint32_t sum = 0;
	bool is_good = bytes != NULL;

	if (!bytes)
		return say_no_memory(file);
	for (uint64_t at = 0; is_good && at < total;) {
		uint64_t until = at < end_at ? end_at : total;
		size_t count = until - at < READ_BYTES ? (size_t)(until - at)
						       : READ_BYTES;

		is_good = read_at(file, at, bytes, count);
		if (is_good)
			sum = (uint32_t)crc32(sum, bytes, (uInt)count);
		at += count;
		if (at == end_at)
			*crc = sum;
	}
	free(bytes);
	return is_good && (sum == said || say_damaged(file));
}

static bool add_name(const struct partial_file *file, struct partial_info *info,
	const char *name)
{
	const char **names = array_grown(info->names, info->name_count,
		&info->name_capacity, sizeof(*names));

	if (!names)
		return say_no_memory(file);
	info->names = names;
	if (info->name_count == PARTIAL_FILES_MOST ||
		strlen(name) > PARTIAL_NAME_BYTES)
		return say_damaged(file);
	names[info->name_count++] = name;
	return true;
}

static bool take_field(const struct partial_file *file,
	struct partial_info *info, const char *field)
{
	const char *text;

	if ((text = behind(field, "frames ")))
		info->frames = strtoull(text, NULL, 10);
	else if ((text = behind(field, "first ")))
		info->first_ns = strtoll(text, NULL, 10);
	else if ((text = behind(field, "last ")))
		info->last_ns = strtoll(text, NULL, 10);
	else if ((text = behind(field, "contents ")))
		info->contents = strtoll(text, NULL, 10);
	else if ((text = behind(field, "filter ")))
		info->filter = text;
	else if ((text = behind(field, "cut ")))
		info->cut = text;
	else if ((text = behind(field, "file ")))
		return add_name(file, info, text);
	return true;
}

static bool read_fields(const struct partial_file *file, uint64_t at,
	uint32_t bytes, struct partial_info *info)
{
	info->fields = malloc((size_t)bytes + 1);
	if (!info->fields)
		return say_no_memory(file);
	if (!read_at(file, at, info->fields, bytes))
		return false;
	info->fields[bytes] = '\0';
	for (size_t i = 0; i < bytes; i += strlen(info->fields + i) + 1)
		if (!take_field(file, info, info->fields + i))
			return false;
	return true;
}

bool partial_check(const struct source *source, struct partial_info *info,
	struct failure *failure)
{
	struct partial_file file = {.source = source, .failure = failure};
	uint64_t end_at = 0;
	uint32_t said = 0, field_bytes = 0;
	struct stat status;

	*info = (struct partial_info){
		.first_ns = INT64_MIN, .last_ns = INT64_MIN};
	file.start = lseek(source_descriptor(source), 0, SEEK_CUR);
	if (file.start < 0 || fstat(source_descriptor(source), &status) != 0)
		return say(&file, strerror(errno));
	if (status.st_size > file.start)
		file.bytes = (uint64_t)(status.st_size - file.start);
	return check_mark(&file) &&
	       find_end(&file, &said, &end_at, &field_bytes) &&
	       check_sum(&file, end_at, said, &info->crc) &&
	       read_fields(
		       &file, end_at + PARTIAL_FRAME_BYTES, field_bytes, info);
}
