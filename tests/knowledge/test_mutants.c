/* Every condition, rank and grade of the tables of signatures, and every
 * threshold, holds something: without it, or with it moved, a trace is not
 * judged as it expects, or a capture not as tests/verdicts.txt pins it.
 *
 * A mutant that nothing notices is a failure, unless survivors.txt names it; so
 * is a line there whose mutant is noticed. The list is debt: it may shrink
 * only.
 *
 *   test_mutants           checks
 *   test_mutants --write   writes survivors.txt anew
 *   test_mutants WORD      tells who notices the mutants whose names have it
 *
 * A recording is judged again only where the mutant can make a difference. The
 * tables are entered by verdict_find() alone, which the linker wraps here, so
 * that the facts of each of its calls are known. Until a row applies that would
 * not, or is set aside that would not be, both worlds are the same. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/verdict/verdict.h"
#include "capture/array.h"
#include "probe/protocol/section_comment.h"
#include "tests/support/corpus.h"
#include "tests/support/mutant.h"
#include "tests/support/survivors.h"
#include "tests/support/trace_check.h"
#include "tests/support/verdict_lines.h"

#define SURVIVORS "tests/knowledge/survivors.txt"

/* A call of verdict_find, and what it found by what is built in. */
struct lookup {
	struct bit_set yes, no, applies, stands;
	uint64_t kinds;
};

struct pinned {
	const struct corpus_recording *recording;
	char *lines; /* of a capture */
	struct lookup *lookups;
	uint32_t lookup_count, lookup_room;
};

struct bench {
	struct corpus corpus;
	struct pinned *pinned;
	unsigned count;
	unsigned *order; /* by threshold mutants: who noticed lately first */
	struct mutant mutants[MUTANTS_MOST];
	unsigned mutant_count;
	struct mutant_world world;
};

static struct pinned *noted; /* whose calls are noted down; NULL: nobody's */

void __real_verdict_find(const struct knowledge *knowledge,
	const struct closed_conn *conn, struct ending ending, unsigned kinds,
	const struct facts *facts, struct verdict *verdict);
void __wrap_verdict_find(const struct knowledge *knowledge,
	const struct closed_conn *conn, struct ending ending, unsigned kinds,
	const struct facts *facts, struct verdict *verdict);

static void note(const struct lookup *lookup)
{
	struct lookup *grown;

	for (unsigned i = 0; i < noted->lookup_count; i++)
		if (memcmp(&noted->lookups[i], lookup, sizeof(*lookup)) == 0)
			return;
	grown = array_grown(noted->lookups, noted->lookup_count,
		&noted->lookup_room, sizeof(*grown));
	if (!grown)
		abort();
	noted->lookups = grown;
	noted->lookups[noted->lookup_count++] = *lookup;
}

void __wrap_verdict_find(const struct knowledge *knowledge,
	const struct closed_conn *conn, struct ending ending, unsigned kinds,
	const struct facts *facts, struct verdict *verdict)
{
	struct lookup lookup;

	__real_verdict_find(knowledge, conn, ending, kinds, facts, verdict);
	if (!noted)
		return;
	memset(&lookup, 0, sizeof(lookup));
	lookup.yes = facts->yes;
	lookup.no = facts->no;
	lookup.applies = verdict->applies;
	lookup.stands = verdict->stands;
	lookup.kinds = kinds;
	note(&lookup);
}

/* A verdict tells what its row needs and denies, and which of several rows is
 * told first depends on how many that are. */
static bool may_differ(const struct lookup *lookup, const struct mutant *mutant,
	const struct mutant_world *world)
{
	const struct knowledge *knowledge = &world->knowledge;
	struct bit_set stands = lookup->applies;
	bool applies;

	if (mutant->kind == MUTANT_THRESHOLD)
		return true;
	if (mutant->kind == MUTANT_GRADE)
		return bit_set_has(&lookup->stands, mutant->row);
	if (mutant->kind == MUTANT_OUTRANKS) {
		for (unsigned i = 0; i < knowledge->count; i++)
			if (bit_set_has(&lookup->applies, i))
				bit_set_remove_all(
					&stands, &knowledge->outranked[i]);
		return memcmp(&stands, &lookup->stands, sizeof(stands)) != 0;
	}
	applies = lookup->kinds >> knowledge->about[mutant->row] & 1 &&
		  signature_applies(
			  &world->rows[mutant->row], &lookup->yes, &lookup->no);
	return applies != bit_set_has(&lookup->applies, mutant->row) ||
	       bit_set_has(&lookup->stands, mutant->row);
}

static bool is_concerned(const struct pinned *pinned,
	const struct mutant *mutant, const struct mutant_world *world)
{
	for (unsigned i = 0; i < pinned->lookup_count; i++)
		if (may_differ(&pinned->lookups[i], mutant, world))
			return true;
	return mutant->kind == MUTANT_THRESHOLD;
}

static bool notices(
	const struct pinned *pinned, const struct mutant_world *world)
{
	static struct trace_verdict verdict;
	const struct trace_manner manner = {.seed = 1,
		.knowledge = &world->knowledge,
		.thresholds = &world->thresholds};
	const struct corpus_recording *recording = pinned->recording;
	char *lines;
	bool is_same;

	if (recording->trace)
		return !trace_check(recording->trace, &manner, NULL, &verdict);
	lines = verdict_lines(recording->packets, recording->count,
		&world->knowledge, &world->thresholds);
	if (!lines)
		abort();
	is_same = strcmp(lines, pinned->lines) == 0;
	free(lines);
	return !is_same;
}

/* The first that notices; NULL: none does. */
static const struct pinned *noticed_by(
	struct bench *bench, const struct mutant *mutant)
{
	mutant_world_init(&bench->world);
	mutant_apply(mutant, &bench->world);
	for (unsigned i = 0; i < bench->count; i++) {
		unsigned chosen = bench->order[i];
		const struct pinned *pinned = &bench->pinned[chosen];

		if (!is_concerned(pinned, mutant, &bench->world) ||
			!notices(pinned, &bench->world))
			continue;
		if (mutant->kind == MUTANT_THRESHOLD) {
			memmove(bench->order + 1, bench->order,
				i * sizeof(*bench->order));
			bench->order[0] = chosen;
		}
		return pinned;
	}
	return NULL;
}

/* What tests/verdicts.txt says of a capture; the rest of the file, where its
 * lines begin. NULL: it says nothing. */
static const char *pinned_lines(const char *verdicts, const char *name)
{
	size_t length = strlen(name);
	const char *at = verdicts;

	while ((at = strstr(at, name))) {
		if ((at == verdicts || at[-1] == '\n') && at[length] == '\n')
			return at + length + 1;
		at += length;
	}
	return NULL;
}

/* Judges by what is built in; is all as it is pinned? */
static bool pin(
	struct bench *bench, struct pinned *pinned, const char *verdicts)
{
	static struct trace_verdict verdict;
	const struct trace_manner manner = {.seed = 1};
	const struct corpus_recording *recording = pinned->recording;
	const char *expected;

	noted = pinned;
	if (recording->trace) {
		bool is_good = trace_check(
			recording->trace, &manner, stdout, &verdict);

		noted = NULL;
		return is_good;
	}
	pinned->lines = verdict_lines(recording->packets, recording->count,
		&bench->world.knowledge, &bench->world.thresholds);
	noted = NULL;
	if (!pinned->lines)
		abort();
	expected = pinned_lines(verdicts, recording->name);
	if (expected &&
		strncmp(expected, pinned->lines, strlen(pinned->lines)) == 0)
		return true;
	printf("# %s: not as pinned, but\n%s", recording->name, pinned->lines);
	return false;
}

/* A probe's connections are experiments, and not judged. */
static bool is_probe(const struct corpus_recording *recording)
{
	struct section_comment comment;

	return section_comment_read(recording->capture.comment, &comment) ==
	       SECTION_COMMENT_PROBE;
}

static bool bench_open(struct bench *bench)
{
	char *verdicts = file_text("tests/verdicts.txt");
	struct failure failure;
	bool is_good = verdicts;

	if (!corpus_read(&bench->corpus, &failure)) {
		printf("# %s\n", failure.text);
		free(verdicts);
		return false;
	}
	bench->pinned = calloc(bench->corpus.count, sizeof(*bench->pinned));
	bench->order = calloc(bench->corpus.count, sizeof(*bench->order));
	if (!bench->pinned || !bench->order)
		abort();
	mutant_world_init(&bench->world);
	for (uint32_t i = 0; verdicts && i < bench->corpus.count; i++) {
		struct pinned *pinned = &bench->pinned[bench->count];

		if (is_probe(&bench->corpus.recordings[i]))
			continue;
		bench->order[bench->count] = bench->count;
		pinned->recording = &bench->corpus.recordings[i];
		bench->count++;
		is_good &= pin(bench, pinned, verdicts);
	}
	free(verdicts);
	bench->mutant_count = mutant_list(bench->mutants);
	return is_good;
}

static void bench_close(struct bench *bench)
{
	for (unsigned i = 0; i < bench->count; i++) {
		free(bench->pinned[i].lines);
		free(bench->pinned[i].lookups);
	}
	free(bench->pinned);
	free(bench->order);
	corpus_free(&bench->corpus);
}

enum { SUBJECTS = 4 };

static const char *const subjects[SUBJECTS] = {"condition of a signature",
	"rank of a signature", "grade of a signature", "threshold"};

static unsigned subject_of(const struct mutant *mutant)
{
	return mutant->kind < MUTANT_OUTRANKS
		       ? 0
		       : (unsigned)(mutant->kind - MUTANT_OUTRANKS) + 1;
}

static int check(struct bench *bench)
{
	static struct survivors survivors;
	char name[MUTANT_NAME_BYTES];
	unsigned all[SUBJECTS] = {0}, known[SUBJECTS] = {0};
	unsigned failed[SUBJECTS] = {0}, failures = 0, stale;

	survivors_read(&survivors, SURVIVORS);
	for (unsigned i = 0; i < bench->mutant_count; i++) {
		const struct mutant *mutant = &bench->mutants[i];
		unsigned subject = subject_of(mutant);

		all[subject]++;
		if (noticed_by(bench, mutant))
			continue;
		mutant_name(mutant, name);
		if (survivors_strike(&survivors, name)) {
			known[subject]++;
			continue;
		}
		printf("# nothing notices the mutant of: %s\n", name);
		failed[subject]++;
		failures++;
	}
	stale = survivors_tell(&survivors, SURVIVORS);
	survivors_free(&survivors);
	for (unsigned i = 0; i < SUBJECTS; i++)
		printf("%sok %u - every %s is held by a trace or a pinned "
		       "verdict (%u mutants, %u known to live)\n",
			failed[i] ? "not " : "", i + 2, subjects[i], all[i],
			known[i]);
	printf("%sok 6 - each mutant that is known to live does\n1..6\n",
		stale ? "not " : "");
	return failures + stale != 0;
}

static int write_survivors(struct bench *bench)
{
	static char names[MUTANTS_MOST][MUTANT_NAME_BYTES];
	static const char *lines[MUTANTS_MOST];
	unsigned count = 0;

	for (unsigned i = 0; i < bench->mutant_count; i++) {
		if (noticed_by(bench, &bench->mutants[i]))
			continue;
		mutant_name(&bench->mutants[i], names[count]);
		lines[count] = names[count];
		count++;
	}
	return !survivors_write(SURVIVORS, lines, count);
}

static int tell(struct bench *bench, const char *word)
{
	char name[MUTANT_NAME_BYTES];

	for (unsigned i = 0; i < bench->mutant_count; i++) {
		const struct pinned *pinned;

		mutant_name(&bench->mutants[i], name);
		if (!strstr(name, word))
			continue;
		pinned = noticed_by(bench, &bench->mutants[i]);
		printf("%s: %s\n", name,
			pinned ? pinned->recording->name : "nobody");
	}
	return 0;
}

int main(int argc, char **argv)
{
	static struct bench bench;
	bool is_good = bench_open(&bench);
	int code;

	printf("%sok 1 - all recordings are judged as they are pinned\n",
		is_good ? "" : "not ");
	if (!is_good)
		code = 1; /* nothing to compare with */
	else if (argc < 2)
		code = check(&bench);
	else if (strcmp(argv[1], "--write") == 0)
		code = write_survivors(&bench);
	else
		code = tell(&bench, argv[1]);
	bench_close(&bench);
	return code;
}
