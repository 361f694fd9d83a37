#include "capture/file/partial_check.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "capture/array.h"
#include "capture/file/file_bytes.h"
#include "capture/file/partial_format.h"

enum {
	READ_BYTES = 64 * 1024,
	HEADER_BYTES = 8,
	LEAST_BYTES = 12, /* of a block */
	SECTION_FIXED_BYTES = 16,
	SECTION_MOST_BYTES = SECTION_FIXED_BYTES + PARTIAL_FILTER_BYTES +
			     PARTIAL_NAME_BYTES + 256,
	BLOCK_SECTION = 0x0a0d0d0a,
	OPTION_COMMENT = 1,
	BYTE_ORDER_MARK = 0x1a2b3c4d,
};

struct partial_check {
	struct source *source;
	struct partial_info *info;
	struct failure *failure;
	size_t at, end;	     /* of `bytes`, what is not used yet */
	uint64_t used_bytes; /* of all */
	uint32_t crc, frames_crc;
	bool has_first, has_ended;
	uint8_t bytes[READ_BYTES];
	uint8_t section[SECTION_MOST_BYTES];
};

void partial_info_release(struct partial_info *info)
{
	for (uint32_t i = 0; i < info->name_count; i++)
		free(info->names[i]);
	free(info->names);
	free(info->filter);
	free(info->cut);
	*info = (struct partial_info){.names = NULL};
}

static bool damaged(struct partial_check *check, const char *why)
{
	return failure_set(check->failure, EXIT_INPUT_CUT,
		"%s: a damaged partial result, at byte %" PRIu64
		" (decompressed): %s",
		source_name(check->source), check->used_bytes, why);
}

/* False when there are no more; with a sentence when they can't be read. */
static bool fill(struct partial_check *check, bool *has_failed)
{
	ssize_t count = source_read(check->source, check->bytes,
		sizeof(check->bytes), check->failure);

	check->at = 0;
	check->end = count > 0 ? (size_t)count : 0;
	*has_failed = count < 0;
	return count > 0;
}

/* The next bytes: to `to`, unless that is NULL. */
static bool take(struct partial_check *check, uint8_t *to, size_t count)
{
	bool has_failed;

	while (count > 0) {
		size_t there = check->end - check->at;

		if (there == 0 && !fill(check, &has_failed))
			return has_failed
				       ? false
				       : damaged(check,
						 "it ends early: its writer "
						 "died, or it is cut off");
		there = check->end - check->at;
		if (there > count)
			there = count;
		check->crc = (uint32_t)crc32(
			check->crc, check->bytes + check->at, (uInt)there);
		if (to) {
			memcpy(to, check->bytes + check->at, there);
			to += there;
		} else {
			check->frames_crc = (uint32_t)crc32(check->frames_crc,
				check->bytes + check->at, (uInt)there);
		}
		check->at += there;
		check->used_bytes += there;
		count -= there;
	}
	return true;
}

/* What follows `mark` at the beginning of the text; NULL: something else
 * stands there. */
static const char *behind(const char *text, const char *mark)
{
	size_t length = strlen(mark);

	return strncmp(text, mark, length) == 0 ? text + length : NULL;
}

/* Behind mark and version; *version is 0 where there is no mark. */
static const char *behind_version(const char *comment, unsigned long *version)
{
	const char *number = behind(comment, PARTIAL_MARK);
	char *end;

	*version = 0;
	if (!number || *number < '0' || *number > '9')
		return NULL;
	*version = strtoul(number, &end, 10);
	return end;
}

const char *partial_name_of(const char *comment)
{
	unsigned long version;
	const char *rest = behind_version(comment, &version);

	return rest && version == PARTIAL_VERSION ? behind(rest, PARTIAL_OF)
						  : NULL;
}

/* The comments of a section, at most two, as texts of their own. */
static bool read_comments(struct partial_check *check, size_t body_bytes,
	char *comments[2])
{
	struct file_bytes options = {check->section + SECTION_FIXED_BYTES,
		body_bytes - SECTION_FIXED_BYTES, false};
	unsigned count = 0;

	while (options.length >= 4 && count < 2) {
		size_t bytes = file_u16(options, 2);
		size_t padded = 4 + ((bytes + 3) & ~(size_t)3);

		if (file_u16(options, 0) != OPTION_COMMENT ||
			bytes > options.length - 4)
			break;
		comments[count] =
			strndup((const char *)options.bytes + 4, bytes);
		if (!comments[count++])
			return failure_set(check->failure, EXIT_INPUT_CUT,
				"%s: no memory to read it",
				source_name(check->source));
		options = file_part(options, padded, options.length);
	}
	return true;
}

static bool add_name(struct partial_check *check, const char *name)
{
	struct partial_info *info = check->info;
	char **names = array_grown(info->names, info->name_count,
		&info->name_capacity, sizeof(*names));

	if (info->name_count == PARTIAL_FILES_MOST)
		return damaged(check, "it is of too many files");
	if (names)
		info->names = names;
	if (!names || !(names[info->name_count] = strdup(name)))
		return failure_set(check->failure, EXIT_INPUT_CUT,
			"%s: no memory to read it", source_name(check->source));
	info->name_count++;
	return true;
}

static bool take_end(struct partial_check *check, const char *end,
	const char *cut, uint32_t crc)
{
	struct partial_info *info = check->info;
	uint32_t said;

	if (sscanf(end,
		    "%" SCNu64 " frames, %" SCNd64 " to %" SCNd64
		    ", crc32 %" SCNx32,
		    &info->frames, &info->first_ns, &info->last_ns, &said) != 4)
		return damaged(check, "its end can't be read");
	if (said != crc)
		return damaged(check, "its checksum is another");
	cut = cut ? behind(cut, PARTIAL_CUT) : NULL;
	info->cut = cut ? strdup(cut) : NULL;
	info->crc = crc;
	info->frames_crc = check->frames_crc;
	check->has_ended = true;
	return true;
}

static bool foreign(struct partial_check *check)
{
	return failure_set(check->failure, EXIT_INPUT_CUT,
		"%s: it is no partial result of `culprit analyze --partial`",
		source_name(check->source));
}

static bool take_comments(
	struct partial_check *check, char *const comments[2], uint32_t crc)
{
	unsigned long version = 0;
	const char *rest =
		comments[0] ? behind_version(comments[0], &version) : NULL;
	const char *filter =
		comments[1] ? behind(comments[1], PARTIAL_FILTER) : NULL;
	const char *name, *end;

	if (!rest)
		return check->has_first
			       ? damaged(check, "a section of something else")
			       : foreign(check);
	if (version != PARTIAL_VERSION)
		return failure_set(check->failure, EXIT_INPUT_CUT,
			"%s: a partial result of version %lu; this culprit "
			"reads version %d: make it again",
			source_name(check->source), version, PARTIAL_VERSION);
	check->has_first = true;
	name = behind(rest, PARTIAL_OF);
	end = behind(rest, PARTIAL_END);
	if (end)
		return take_end(check, end, comments[1], crc);
	if (!name)
		return damaged(check, "a section of something else");
	if (filter && !check->info->filter)
		check->info->filter = strdup(filter);
	return add_name(check, name);
}

/* `crc`: of all before the section. */
static bool take_section(
	struct partial_check *check, uint32_t length, uint32_t crc)
{
	size_t body = length - HEADER_BYTES;
	struct file_bytes bytes = {check->section, body, false};
	char *comments[2] = {NULL, NULL};
	bool is_good;

	if (body > sizeof(check->section) || body < SECTION_FIXED_BYTES + 4)
		return check->has_first
			       ? damaged(check, "a section of that length")
			       : foreign(check);
	if (!take(check, check->section, body))
		return false;
	if (file_u32(bytes, 0) != BYTE_ORDER_MARK)
		return check->has_first
			       ? damaged(check, "a section in no byte order")
			       : foreign(check);
	is_good = read_comments(check, body - 4, comments) &&
		  take_comments(check, comments, crc);
	free(comments[0]);
	free(comments[1]);
	return is_good;
}

static bool take_block(struct partial_check *check)
{
	uint32_t crc = check->crc;
	uint8_t header[HEADER_BYTES];
	struct file_bytes bytes = {header, sizeof(header), false};

	if (!take(check, header, sizeof(header)))
		return false;
	uint32_t type = file_u32(bytes, 0), length = file_u32(bytes, 4);

	if (!check->has_first && type != BLOCK_SECTION)
		return foreign(check);
	if (length < LEAST_BYTES || length % 4 != 0)
		return damaged(check, "a block of that length");
	return type == BLOCK_SECTION
		       ? take_section(check, length, crc)
		       : take(check, NULL, length - HEADER_BYTES);
}

/* Whether nothing follows. */
static bool is_over(struct partial_check *check)
{
	bool has_failed;

	if (check->at < check->end || fill(check, &has_failed))
		return damaged(check, "something follows its end");
	return !has_failed;
}

/* Something that is not even compressed, or empty. */
static bool begins_well(struct partial_check *check)
{
	bool has_failed;

	if (!fill(check, &has_failed))
		return has_failed ? false : foreign(check);
	return check->end - check->at >= LEAST_BYTES || foreign(check);
}

bool partial_check(struct source *source, struct partial_info *info,
	struct failure *failure)
{
	struct partial_check *check = calloc(1, sizeof(*check));
	bool is_good;

	*info = (struct partial_info){.first_ns = INT64_MIN};
	if (!check)
		return failure_set(failure, EXIT_INPUT_CUT,
			"%s: no memory to read it", source_name(source));
	check->source = source;
	check->info = info;
	check->failure = failure;
	is_good = begins_well(check);
	while (is_good && !check->has_ended)
		is_good = take_block(check);
	is_good = is_good && is_over(check);
	free(check);
	return is_good;
}
