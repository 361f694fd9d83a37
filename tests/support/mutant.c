#include "tests/support/mutant.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

static const char *const words[] = {
	[MUTANT_NEEDS] = "needs",
	[MUTANT_DENIES] = "denies",
	[MUTANT_FORBIDS] = "forbids",
	[MUTANT_KEEPS] = "keeps",
	[MUTANT_OUTRANKS] = "outranks",
	[MUTANT_GRADE] = "grade",
	[MUTANT_THRESHOLD] = "threshold",
};
static_assert(sizeof(words) / sizeof(words[0]) == MUTANT_KINDS, "a word each");

/* Endings of names of thresholds that are amounts. What has none of them is a
 * count. */
static const char *const units[] = {
	"_ms", "_us", "_s", "_bytes", "_share", "_ttl"};

void mutant_world_init(struct mutant_world *world)
{
	knowledge_init(&world->knowledge);
	for (unsigned i = 0; i < world->knowledge.count; i++) {
		world->rows[i] = *world->knowledge.rows[i];
		world->knowledge.rows[i] = &world->rows[i];
	}
	world->thresholds = thresholds_default;
}

static struct bit_set *conditions(struct signature *row, enum mutant_kind kind)
{
	switch (kind) {
	case MUTANT_NEEDS:
		return &row->needs;
	case MUTANT_DENIES:
		return &row->denies;
	case MUTANT_FORBIDS:
		return &row->forbids;
	case MUTANT_KEEPS:
		return &row->keeps;
	case MUTANT_OUTRANKS:
	case MUTANT_GRADE:
	case MUTANT_THRESHOLD:
	case MUTANT_KINDS:
		break;
	}
	return NULL;
}

void mutant_apply(const struct mutant *mutant, struct mutant_world *world)
{
	struct signature *row = &world->rows[mutant->row];
	struct bit_set *facts = conditions(row, mutant->kind);
	int64_t *thresholds = (int64_t *)&world->thresholds;

	if (facts) {
		bit_set_remove(facts, mutant->number);
		knowledge_rank(&world->knowledge);
	} else if (mutant->kind == MUTANT_THRESHOLD) {
		thresholds[mutant->number] = mutant->value;
	} else if (mutant->kind == MUTANT_GRADE) {
		row->grade = (enum grade)mutant->number;
	} else {
		memmove(&row->outranks[mutant->number],
			&row->outranks[mutant->number + 1],
			(SIGNATURE_RANKS - 1 - mutant->number) *
				sizeof(struct rank));
		row->outranks[SIGNATURE_RANKS - 1].over = NULL;
		knowledge_rank(&world->knowledge);
	}
}

static void add(struct mutant mutants[MUTANTS_MOST], unsigned *count,
	const struct mutant *mutant)
{
	assert(*count < MUTANTS_MOST);
	mutants[(*count)++] = *mutant;
}

/* A row has to need a fact (test_verdict.c), also where nothing is left to ask
 * for: a reset is seen wherever one is judged, and data after a close are known
 * of who has closed. */
static bool is_formal(const struct mutant *mutant, const struct signature *row)
{
	return mutant->kind == MUTANT_NEEDS &&
	       bit_set_count(&row->needs) == 1 &&
	       (mutant->number == FACT_RESET_SEEN ||
		       bit_set_has(&row->denies, FACT_DATA_AFTER_CLOSE));
}

static void list_row(struct mutant mutants[MUTANTS_MOST], unsigned *count,
	struct signature *row, unsigned number)
{
	for (unsigned i = 0; i < MUTANT_OUTRANKS * FACT_COUNT; i++) {
		struct mutant mutant = {
			.kind = (enum mutant_kind)(i / FACT_COUNT),
			.row = number,
			.number = i % FACT_COUNT};
		const struct bit_set *facts = conditions(row, mutant.kind);

		if (bit_set_has(facts, mutant.number) &&
			!is_formal(&mutant, row))
			add(mutants, count, &mutant);
	}
	for (unsigned i = 0; i < SIGNATURE_RANKS && row->outranks[i].over; i++)
		add(mutants, count,
			&(struct mutant){.kind = MUTANT_OUTRANKS,
				.row = number,
				.number = i});
	/* how sure an acquittal is, is told nowhere */
	for (unsigned i = GRADE_POSSIBLE; i <= GRADE_CERTAIN; i++)
		if (i != (unsigned)row->grade &&
			row->mechanism != MECHANISM_ORDERLY)
			add(mutants, count,
				&(struct mutant){.kind = MUTANT_GRADE,
					.row = number,
					.number = i});
}

static bool is_count(const char *name)
{
	size_t length = strlen(name);

	for (unsigned i = 0; i < sizeof(units) / sizeof(*units); i++) {
		size_t bytes = strlen(units[i]);

		if (length > bytes &&
			strcmp(name + length - bytes, units[i]) == 0)
			return false;
	}
	return true;
}

/* Half and twice of what is an amount; one less and one more of a count. */
static void list_threshold(struct mutant mutants[MUTANTS_MOST], unsigned *count,
	const struct threshold *threshold, unsigned number)
{
	bool is_small = is_count(threshold->name) && threshold->value <= 8;
	int64_t value = threshold->value;
	struct mutant mutant = {.kind = MUTANT_THRESHOLD, .number = number};

	mutant.value = is_small ? value - 1 : value / 2;
	add(mutants, count, &mutant);
	mutant.value = is_small ? value + 1 : value * 2;
	add(mutants, count, &mutant);
}

unsigned mutant_list(struct mutant mutants[MUTANTS_MOST])
{
	static struct mutant_world world;
	unsigned count = 0, thresholds;
	const struct threshold *rows = thresholds_rows(&thresholds);

	mutant_world_init(&world);
	for (unsigned i = 0; i < world.knowledge.count; i++)
		list_row(mutants, &count, &world.rows[i], i);
	for (unsigned i = 0; i < thresholds; i++)
		list_threshold(mutants, &count, &rows[i], i);
	return count;
}

void mutant_name(const struct mutant *mutant, char name[MUTANT_NAME_BYTES])
{
	static struct mutant_world world;
	unsigned thresholds;
	const struct signature *row;
	const char *what;

	if (mutant->kind == MUTANT_THRESHOLD) {
		(void)snprintf(name, MUTANT_NAME_BYTES, "threshold %s = %lld",
			thresholds_rows(&thresholds)[mutant->number].name,
			(long long)mutant->value);
		return;
	}
	mutant_world_init(&world);
	row = &world.rows[mutant->row];
	what = mutant->kind == MUTANT_OUTRANKS
		       ? row->outranks[mutant->number].over
	       : mutant->kind == MUTANT_GRADE
		       ? grade_word((enum grade)mutant->number)
		       : fact_word((enum fact)mutant->number);
	(void)snprintf(name, MUTANT_NAME_BYTES, "%s %s %s", row->name,
		words[mutant->kind], what);
}
