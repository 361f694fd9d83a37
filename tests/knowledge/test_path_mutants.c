/* Whether somebody notices when the knowledge about paths changes. Every row,
 * condition, rank, exclusion, grade and threshold
 * (tests/support/path_mutants.h) is changed alone, and all committed recordings
 * of probes and all talks (tests/support/path_talks.h) are judged again: one of
 * them has to be judged otherwise, in what tests/verdicts.txt pins of a
 * recording and in what a talk says that it deserves. A mutant that nobody
 * notices has a line in the ledger, and the ledger no other line.
 *
 *   test_path_mutants            fails on a survivor outside the ledger, and on
 *                                a line of the ledger that has none
 *   test_path_mutants --update   writes the ledger anew
 *
 * A path is read once, but for the rule that counts as packets are read; cases
 * are judged by each table, and what a path was before its end is finished with
 * each threshold and rule. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "analysis/path/path_exclusion.h"
#include "analysis/path/path_record.h"
#include "analysis/path/path_rows.h"
#include "analysis/path/path_subjects.h"
#include "tests/support/path_lines.h"
#include "tests/support/path_mutants.h"
#include "tests/support/path_talks.h"
#include "tests/support/probe_recordings.h"

#define LEDGER "tests/knowledge/path_survivors.txt"

enum {
	PINNED_MOST = PROBE_RECORDINGS_MOST + PATH_TALKS_MOST,
	SURVIVORS_MOST = 4096,
	OF_RECORDINGS =
		PATH_LINES_EVIDENCE | PATH_LINES_ADVICE | PATH_LINES_OPEN,
};

/* The rows that exclude a question, or leave it open; NULL: none does. */
struct reasons {
	const char *excluding[QUESTION_COUNT], *opening[QUESTION_COUNT];
};

/* What is judged of one path, by the tables as they are. */
struct pinned {
	unsigned parts; /* that are pinned */
	unsigned found; /* questions */
	unsigned case_count;
	struct path_case *cases;
	char *lines[PATH_SUBJECT_COUNT];
	struct reasons reasons[PATH_SUBJECT_COUNT];
};

struct survivors {
	unsigned count;
	char *name[SURVIVORS_MOST];
};

struct workplace {
	unsigned pinned_count;
	struct pinned pinned[PINNED_MOST];
	struct path_lines lines, expected;
	struct path_verdict verdict;
	/* To be finished, a private mapping of the file: a path is large, and
	 * little of it changes then, so that forgetting the changed pages is
	 * much quicker than a copy of all. */
	struct path *path;
	int before; /* a file in memory: the path before its end */
	bool is_noticed[PATH_NUMBER_MUTANTS];
	unsigned mutants, talks, talks_wrong;
	struct survivors survivors;
};

static void *get(void *memory, size_t bytes)
{
	void *larger = realloc(memory, bytes);

	if (!larger)
		abort();
	return larger;
}

static void add_survivor(struct survivors *survivors, const char *name)
{
	if (survivors->count == SURVIVORS_MOST)
		abort();
	survivors->name[survivors->count++] = strdup(name);
}

static void keep_case(void *context, const struct path_case *one)
{
	struct pinned *pinned = context;

	pinned->cases = get(pinned->cases,
		(pinned->case_count + 1) * sizeof(pinned->cases[0]));
	pinned->cases[pinned->case_count++] = *one;
}

/* Judges the cases of a subject. */
static void judge(struct workplace *place, const struct pinned *pinned,
	enum path_subject subject, const struct path_table *table)
{
	struct path_verdict *verdict = &place->verdict;

	verdict->finding_count = 0;
	verdict->excluded = verdict->opened = 0;
	path_lines_clear(&place->lines);
	for (unsigned i = 0; i < pinned->case_count; i++)
		if (pinned->cases[i].subject == subject)
			path_judge_case(table, &pinned->cases[i], verdict);
	for (unsigned i = 0; i < verdict->finding_count; i++)
		path_lines_finding(
			&place->lines, &verdict->findings[i], pinned->parts);
}

static struct reasons reasons_of(const struct path_verdict *verdict)
{
	struct reasons reasons = {0};

	for (int i = 0; i < QUESTION_COUNT; i++) {
		if (verdict->excluded >> i & 1)
			reasons.excluding[i] = verdict->excluding[i].row;
		if (verdict->opened >> i & 1)
			reasons.opening[i] = verdict->opening[i].row;
	}
	return reasons;
}

/* The questions that have a finding. */
static unsigned found_of(const struct path *path)
{
	unsigned found = 0;

	for (unsigned i = 0; i < path_finding_count(path); i++)
		for (int j = 0; j < QUESTION_COUNT; j++)
			if (path_question_is_of((enum path_question)j,
				    path_finding(path, i)))
				found |= 1u << j;
	return found;
}

static void keep_cases(
	struct workplace *place, const struct path *path, unsigned parts)
{
	struct pinned *pinned = &place->pinned[place->pinned_count++];

	*pinned = (struct pinned){.parts = parts, .found = found_of(path)};
	path_subjects_each(path, &(struct path_case_sink){keep_case, pinned});
	for (int i = 0; i < PATH_SUBJECT_COUNT; i++) {
		enum path_subject subject = (enum path_subject)i;

		judge(place, pinned, subject, path_rows[i]);
		pinned->reasons[i] = reasons_of(&place->verdict);
		pinned->lines[i] = strdup(place->lines.text);
	}
}

static void map_path(struct workplace *place)
{
	const size_t bytes = sizeof(*place->path);

	place->before = memfd_create("path", MFD_CLOEXEC);
	if (place->before < 0 || ftruncate(place->before, (off_t)bytes) != 0)
		abort();
	place->path = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE,
		place->before, 0);
	if (place->path == MAP_FAILED)
		abort();
}

static void put_before(struct workplace *place, const struct path *before)
{
	if (pwrite(place->before, before, sizeof(*before), 0) !=
		(ssize_t)sizeof(*before))
		abort();
}

/* Finishes the path as it was before its end, with other numbers or none. */
static void finish_with(
	struct workplace *place, const struct path_number_mutant *mutant)
{
	if (madvise(place->path, sizeof(*place->path), MADV_DONTNEED) != 0)
		abort();
	if (mutant) {
		memcpy(place->path->thresholds, mutant->thresholds,
			sizeof(mutant->thresholds));
		place->path->rules = &mutant->rules;
	}
	path_finish(place->path);
}

/* Where a path is read from. */
struct source {
	const struct probe_recording *recording; /* or NULL */
	const struct path_talk *talk;
};

/* By other rules, or by its own where they are NULL. */
static struct path *read_path(
	const struct source *source, const struct probe_rules *rules)
{
	const struct probe_recording *one = source->recording;
	struct failure failure;
	struct path *path;

	if (!one)
		return path_talk_play(source->talk, rules);
	path = path_new(&one->comment, &failure);
	if (!path)
		abort();
	if (rules)
		path->rules = rules;
	for (unsigned i = 0; i < one->count; i++)
		path_packet(path, &one->packets[i]);
	return path;
}

static void tell_with(struct workplace *place, const struct source *source,
	const struct path_number_mutant *mutant, unsigned parts)
{
	path_lines_clear(&place->lines);
	if (mutant->is_read) {
		struct path *path = read_path(source, &mutant->rules);

		path_finish(path);
		path_lines_path(&place->lines, path, parts);
		path_free(path);
		return;
	}
	finish_with(place, mutant);
	path_lines_path(&place->lines, place->path, parts);
}

static void try_numbers(struct workplace *place, const struct source *source,
	const struct probe_rules *rules, unsigned parts)
{
	for (unsigned i = 0; i < PATH_NUMBER_MUTANTS; i++) {
		struct path_number_mutant mutant =
			path_mutants_number(i, rules);

		if (place->is_noticed[i])
			continue;
		tell_with(place, source, &mutant, parts);
		place->is_noticed[i] =
			strcmp(place->lines.text, place->expected.text) != 0;
	}
}

static void take(
	struct workplace *place, const struct source *source, unsigned parts)
{
	struct path *before = read_path(source, NULL);

	put_before(place, before);
	finish_with(place, NULL);
	path_lines_clear(&place->expected);
	path_lines_path(&place->expected, place->path, parts);
	keep_cases(place, place->path, parts);
	try_numbers(place, source, before->rules, parts);
	path_free(before);
}

static void take_recordings(struct workplace *place)
{
	struct probe_recordings *recordings = probe_recordings_load();

	for (unsigned i = 0; i < recordings->count; i++)
		take(place,
			&(struct source){
				.recording = &recordings->recording[i]},
			OF_RECORDINGS);
	probe_recordings_free(recordings);
}

static void take_talks(struct workplace *place)
{
	const struct path_talk *talks[PATH_TALKS_MOST];

	place->talks = path_talks_all(talks);
	for (unsigned i = 0; i < place->talks; i++) {
		take(place, &(struct source){.talk = talks[i]},
			talks[i]->parts);
		if (strcmp(place->expected.text, talks[i]->found) == 0)
			continue;
		printf("# %s\n# expected\n%s# found\n%s", talks[i]->name,
			talks[i]->found, place->expected.text);
		place->talks_wrong++;
	}
}

static bool is_other(const char *one, const char *other)
{
	return one && other ? strcmp(one, other) != 0 : one != other;
}

static bool is_noticed_by(struct workplace *place, const struct pinned *pinned,
	enum path_subject subject, const struct path_table *mutant)
{
	const struct reasons *before = &pinned->reasons[subject];
	struct reasons after;
	unsigned changed = 0;

	judge(place, pinned, subject, mutant);
	if (strcmp(place->lines.text, pinned->lines[subject]) != 0)
		return true;
	after = reasons_of(&place->verdict);
	for (int i = 0; i < QUESTION_COUNT; i++)
		if (is_other(before->excluding[i], after.excluding[i]) ||
			is_other(before->opening[i], after.opening[i]))
			changed |= 1u << i;
	return (changed & ~pinned->found) != 0;
}

static void try_mutant(void *context, const char *name,
	enum path_subject subject, const struct path_table *mutant)
{
	struct workplace *place = context;

	place->mutants++;
	for (unsigned i = 0; i < place->pinned_count; i++)
		if (is_noticed_by(place, &place->pinned[i], subject, mutant))
			return;
	add_survivor(&place->survivors, name);
}

static void try_all(struct workplace *place)
{
	take_recordings(place);
	take_talks(place);
	for (int i = 0; i < PATH_SUBJECT_COUNT; i++)
		path_mutants_of((enum path_subject)i,
			&(struct path_mutant_sink){try_mutant, place});
	for (unsigned i = 0; i < PATH_NUMBER_MUTANTS; i++) {
		struct path_number_mutant mutant =
			path_mutants_number(i, probe_rules_of(1));

		place->mutants++;
		if (!place->is_noticed[i])
			add_survivor(&place->survivors, mutant.name);
	}
}

static bool read_ledger(struct survivors *ledger)
{
	FILE *file = fopen(LEDGER, "r");
	char line[512];

	if (!file)
		return false;
	while (fgets(line, sizeof(line), file)) {
		line[strcspn(line, "\n")] = '\0';
		if (line[0] && line[0] != '#')
			add_survivor(ledger, line);
	}
	return fclose(file) == 0;
}

static bool write_ledger(const struct survivors *survivors)
{
	FILE *file = fopen(LEDGER, "w");

	if (!file)
		return false;
	(void)fputs("# Changes of the knowledge about paths that no recording "
		    "and no talk notices:\n# tests/knowledge/test_path_mutants.c\n",
		file);
	for (unsigned i = 0; i < survivors->count; i++)
		(void)fprintf(file, "%s\n", survivors->name[i]);
	return fclose(file) == 0;
}

static unsigned missing_in(const struct survivors *all,
	const struct survivors *other, const char *what)
{
	unsigned missing = 0;

	for (unsigned i = 0; i < all->count; i++) {
		bool is_there = false;

		for (unsigned j = 0; j < other->count && !is_there; j++)
			is_there = strcmp(all->name[i], other->name[j]) == 0;
		if (!is_there)
			printf("# %s: %s\n", what, all->name[i]);
		missing += !is_there;
	}
	return missing;
}

static void free_survivors(struct survivors *survivors)
{
	for (unsigned i = 0; i < survivors->count; i++)
		free(survivors->name[i]);
}

static void free_all(struct workplace *place)
{
	for (unsigned i = 0; i < place->pinned_count; i++) {
		for (int j = 0; j < PATH_SUBJECT_COUNT; j++)
			free(place->pinned[i].lines[j]);
		free(place->pinned[i].cases);
	}
	path_lines_free(&place->lines);
	path_lines_free(&place->expected);
	free_survivors(&place->survivors);
	(void)munmap(place->path, sizeof(*place->path));
	(void)close(place->before);
	free(place);
}

static int compare(const struct workplace *place)
{
	static struct survivors ledger;
	bool is_read = read_ledger(&ledger);
	unsigned unknown = missing_in(
		&place->survivors, &ledger, "nobody notices, and no line says");
	unsigned dead = missing_in(
		&ledger, &place->survivors, "in the ledger, and noticed");

	printf("1..3\n");
	printf("%sok 1 - %u talks are judged as they deserve\n",
		place->talks_wrong ? "not " : "", place->talks);
	printf("%sok 2 - of %u changes of the knowledge about paths, each is "
	       "noticed, or one of %u in the ledger\n",
		unknown || !is_read || !place->mutants ? "not " : "",
		place->mutants, ledger.count);
	printf("%sok 3 - the ledger has no change that is noticed\n",
		dead ? "not " : "");
	free_survivors(&ledger);
	return place->talks_wrong || unknown || dead || !is_read;
}

int main(int argument_count, char **arguments)
{
	struct workplace *place = calloc(1, sizeof(*place));
	int status;

	if (!place)
		abort();
	place->lines = path_lines_new();
	place->expected = path_lines_new();
	map_path(place);
	try_all(place);
	if (argument_count > 1 && strcmp(arguments[1], "--update") == 0)
		status = !write_ledger(&place->survivors);
	else
		status = compare(place);
	free_all(place);
	return status;
}
