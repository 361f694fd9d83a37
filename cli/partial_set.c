#include "cli/partial_set.h"

#include <stdlib.h>
#include <string.h>

struct partial_row {
	struct partial_info info;
	const char *path; /* of the partial result */
	unsigned given;	  /* which of the inputs */
};

static const char *name_of(const struct partial_row *row)
{
	return row->info.name_count ? row->info.names[0] : row->path;
}

/* By first and last times, as rotated files are; what has the same by the
 * names, numbers in them as numbers. What has no time comes last. */
static int by_time(const void *one, const void *other)
{
	const struct partial_row *a = one, *b = other;
	bool has_a = a->info.first_ns != INT64_MIN;
	bool has_b = b->info.first_ns != INT64_MIN;

	if (has_a != has_b)
		return has_a ? -1 : 1;
	if (a->info.first_ns != b->info.first_ns)
		return a->info.first_ns < b->info.first_ns ? -1 : 1;
	if (a->info.last_ns != b->info.last_ns)
		return a->info.last_ns < b->info.last_ns ? -1 : 1;
	return strverscmp(name_of(a), name_of(b));
}

static int by_contents(const void *one, const void *other)
{
	const struct partial_info *a = &((const struct partial_row *)one)->info;
	const struct partial_info *b =
		&((const struct partial_row *)other)->info;

	if (a->frames != b->frames)
		return a->frames < b->frames ? -1 : 1;
	if (a->first_ns != b->first_ns)
		return a->first_ns < b->first_ns ? -1 : 1;
	if (a->last_ns != b->last_ns)
		return a->last_ns < b->last_ns ? -1 : 1;
	if (a->contents != b->contents)
		return a->contents < b->contents ? -1 : 1;
	return a->crc < b->crc ? -1 : a->crc > b->crc;
}

/* The same frames; where an older culprit did not say which, as many between
 * the same nanoseconds. Two captures may have the same times: a tool that wrote
 * another from one. */
static bool may_have_same_frames(
	const struct partial_info *one, const struct partial_info *other)
{
	return one->contents == other->contents || !one->contents ||
	       !other->contents;
}

/* The same frames, and not of a single moment in two files. */
static bool is_same_piece(
	const struct partial_info *one, const struct partial_info *other)
{
	return one->frames > 0 && one->frames == other->frames &&
	       one->first_ns == other->first_ns &&
	       one->last_ns == other->last_ns &&
	       may_have_same_frames(one, other) &&
	       (one->first_ns < one->last_ns || one->crc == other->crc);
}

static bool has_no_twins(struct partial_set *set, struct failure *failure)
{
	qsort(set->rows, set->count, sizeof(*set->rows), by_contents);
	for (unsigned i = 1; i < set->count; i++) {
		const struct partial_row *row = &set->rows[i];

		if (is_same_piece(&set->rows[i - 1].info, &row->info))
			return failure_set(failure, EXIT_USAGE,
				"%.100s and %.100s are partial results of the "
				"same piece, %.200s: name one of them",
				set->rows[i - 1].path, row->path, name_of(row));
	}
	return true;
}

static bool has_one_filter(
	const struct partial_set *set, struct failure *failure)
{
	const struct partial_row *first = &set->rows[0];
	const char *filter = first->info.filter;

	for (unsigned i = 1; i < set->count; i++) {
		const struct partial_row *row = &set->rows[i];
		const char *other = row->info.filter;

		if (!filter != !other || (filter && strcmp(filter, other) != 0))
			return failure_set(failure, EXIT_USAGE,
				"%.100s was made with %s%.80s, %.100s with "
				"%s%.80s: partial results of one report have "
				"one filter",
				first->path, filter ? "--filter " : "no filter",
				filter ? filter : "", row->path,
				other ? "--filter " : "no filter",
				other ? other : "");
	}
	return true;
}

/* Whether each begins when those before it have ended. Whether one that begins
 * a little earlier is of their capture point, its packets tell (cli/seam.h). */
static bool is_one_after_the_other(const struct partial_set *set)
{
	int64_t last_ns = INT64_MIN;

	for (unsigned i = 0; i < set->count; i++) {
		const struct partial_info *info = &set->rows[i].info;

		if (info->first_ns == INT64_MIN || info->first_ns < last_ns)
			return false;
		if (info->last_ns > last_ns)
			last_ns = info->last_ns;
	}
	return true;
}

static bool list_names(struct partial_set *set, struct failure *failure)
{
	size_t count = 0;

	for (unsigned i = 0; i < set->count; i++)
		count += set->rows[i].info.name_count;
	set->names = calloc(count + 1, sizeof(*set->names));
	if (!set->names)
		return failure_set(failure, EXIT_INPUT_CUT,
			"no memory for the names of captures");
	for (unsigned i = 0; i < set->count; i++) {
		const struct partial_info *info = &set->rows[i].info;

		for (uint32_t j = 0; j < info->name_count; j++)
			set->names[set->name_count++] = info->names[j];
		if (info->cut && !set->cut)
			set->cut = info->cut;
	}
	return true;
}

static bool check_all(struct partial_set *set, struct inputs *inputs,
	const struct input_file *files, struct failure *failure)
{
	unsigned count = inputs_count(inputs);

	/* one more, which ends them */
	set->rows = calloc(count + 1, sizeof(*set->rows));
	if (!set->rows)
		return failure_set(failure, EXIT_INPUT_CUT,
			"no memory for %u partial results", count);
	for (; set->count < count; set->count++) {
		struct partial_row *row = &set->rows[set->count];

		row->path = files[set->count].path;
		row->given = set->count;
		if (!inputs_check_partial(
			    inputs, set->count, &row->info, failure))
			return false;
	}
	return true;
}

bool partial_set_read(struct partial_set *set, struct inputs *inputs,
	struct input_file *files, struct failure *failure)
{
	bool has_places = false;
	unsigned *order;

	*set = (struct partial_set){.rows = NULL};
	if (!check_all(set, inputs, files, failure) ||
		!has_no_twins(set, failure))
		return false;
	qsort(set->rows, set->count, sizeof(*set->rows), by_time);
	if (!has_one_filter(set, failure) || !list_names(set, failure))
		return false;
	order = calloc(set->count, sizeof(*order));
	if (!order)
		return failure_set(failure, EXIT_INPUT_CUT, "no memory");
	for (unsigned i = 0; i < set->count; i++) {
		struct input_file *file = &files[set->rows[i].given];

		order[i] = set->rows[i].given;
		has_places |= file->place != NULL;
		file->path = name_of(&set->rows[i]);
	}
	inputs_order(inputs, order);
	free(order);
	set->is_one = !has_places && is_one_after_the_other(set);
	return !set->is_one || inputs_join(inputs, failure);
}

const char *partial_set_filter(const struct partial_set *set)
{
	return set->rows[0].info.filter;
}

void partial_set_release(struct partial_set *set)
{
	/* with the one that could not be read */
	for (unsigned i = 0; set->rows && i <= set->count; i++)
		partial_info_release(&set->rows[i].info);
	free(set->rows);
	free(set->names);
}
