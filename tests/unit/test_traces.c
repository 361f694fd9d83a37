/* Text recordings with the verdict that they deserve: guilty cases and their
 * innocent twins. In a trace,
 *
 *   expect none                     no incident at all
 *   expect MECHANISM [WORD VALUE]...  the next incident, in order of frames:
 *       sender, culprit, grade (several: likely|possible), hop, frame,
 *       signature (the row's name), port (the client's), family, pattern,
 *       tampering (the label, _ for blanks), passed and failed (IP bytes)
 *   expect fact WORD yes|no|unknown  of the incident above: a row of evidence
 *                                    that says so, or that nothing is known
 *   expect also MECHANISM CULPRIT    of the incident above: another reading
 *   expect not-also MECHANISM CULPRIT  of the incident above: no such reading
 *   expect acquitted SIGNATURE       some connection's resets, by that row
 *   expect total WORD N              orderly, harmless, duplicates, lost,
 *                                    flows, steps, odd, out-of-window
 *   expect varies WORD...            which invariants the story is about, see
 *                                    test_trace_invariants.c
 *
 * Every row of every table of signatures has to be the verdict of at least
 * one trace. */
#include "analysis/verdict/fact.h"
#include "analysis/verdict/knowledge.h"
#include "tests/unit/evidence_check.h"
#include "tests/support/trace_run.h"

enum { WORDS_MOST = 24, SIGNATURES_SEEN = 2048 };

struct checker {
	const struct trace_file *file;
	struct trace_verdict verdict;
	unsigned incidents; /* expected so far */
	bool expects_none;
	unsigned complaints;
};

struct seen_names {
	const char *name[SIGNATURES_SEEN];
	unsigned count;
};

static void complain(struct checker *checker, unsigned line,
	const char *expected, const char *found)
{
	checker->complaints++;
	printf("# %s:%u: expected %s\n#   found %s\n", checker->file->name,
		line, expected, found);
}

/* "likely|possible" has "likely". */
static bool has_choice(const char *choices, const char *word)
{
	size_t length = strlen(word);

	for (const char *at = choices; at; at = strchr(at, '|')) {
		at += *at == '|';
		if (strncmp(at, word, length) == 0 &&
			(at[length] == '\0' || at[length] == '|'))
			return true;
	}
	return false;
}

static bool is_number(const char *word, uint64_t value)
{
	return strtoull(word, NULL, 10) == value;
}

/* A label with blanks, compared with one written with underscores. */
static bool is_label(const char *word, const char *label)
{
	if (!label)
		return strcmp(word, "none") == 0;
	for (; *word && *label; word++, label++)
		if (*word != *label && !(*word == '_' && *label == ' '))
			return false;
	return *word == *label;
}

static bool has_value(
	const struct incident *incident, const char *key, const char *value)
{
	if (strcmp(key, "sender") == 0)
		return has_choice(value, party_word(incident->sender));
	if (strcmp(key, "culprit") == 0)
		return has_choice(value, party_word(incident->culprit));
	if (strcmp(key, "grade") == 0)
		return has_choice(value, grade_word(incident->grade));
	if (strcmp(key, "hop") == 0)
		return is_number(value, incident->hop);
	if (strcmp(key, "frame") == 0)
		return is_number(value, incident->frame);
	if (strcmp(key, "signature") == 0)
		return has_choice(value,
			incident->signature ? incident->signature : "none");
	if (strcmp(key, "port") == 0)
		return is_number(value, incident->flow.client.port);
	if (strcmp(key, "family") == 0)
		return is_number(value, incident->flow.family);
	if (strcmp(key, "pattern") == 0)
		return is_label(value, incident->pattern);
	if (strcmp(key, "tampering") == 0)
		return is_label(value, incident->tampering_signature);
	if (strcmp(key, "passed") == 0)
		return is_number(value, incident->mtu_passed);
	if (strcmp(key, "failed") == 0)
		return is_number(value, incident->mtu_failed);
	return false;
}

static void expect_incident(struct checker *checker, unsigned line,
	const char *text, char **words, unsigned count)
{
	const struct incident *incident =
		&checker->verdict.incidents[checker->incidents];
	char found[512];
	enum mechanism mechanism;

	if (!mechanism_of_word(words[0], &mechanism) || count % 2 == 0) {
		complain(checker, line, text, "no such expectation");
		return;
	}
	if (checker->incidents++ >= checker->verdict.count) {
		complain(checker, line, text, "no incident");
		return;
	}
	trace_describe(incident, found, sizeof(found));
	if (incident->mechanism != mechanism) {
		complain(checker, line, text, found);
		return;
	}
	for (unsigned i = 1; i + 1 < count; i += 2)
		if (!has_value(incident, words[i], words[i + 1])) {
			complain(checker, line, text, found);
			return;
		}
}

static const struct incident *current(const struct checker *checker)
{
	if (checker->incidents == 0 ||
		checker->incidents > checker->verdict.count)
		return NULL;
	return &checker->verdict.incidents[checker->incidents - 1];
}

static void expect_fact(struct checker *checker, unsigned line,
	const char *text, char **words, unsigned count)
{
	const struct incident *incident = current(checker);
	enum fact fact = FACT_COUNT;
	const char *found;

	for (unsigned i = 0; count == 3 && i < FACT_COUNT; i++)
		if (strcmp(words[1], fact_word((enum fact)i)) == 0)
			fact = (enum fact)i;
	if (fact == FACT_COUNT || !incident) {
		complain(checker, line, text, "no such fact, or no incident");
		return;
	}
	found = trace_fact_found(incident,
		&checker->verdict.truths[checker->incidents - 1], fact);
	if (!has_choice(words[2], found))
		complain(checker, line, text, found);
}

static void expect_also(struct checker *checker, unsigned line,
	const char *text, char **words, unsigned count)
{
	const struct incident *incident = current(checker);
	bool is_wanted = strcmp(words[0], "also") == 0, is_there = false;

	for (unsigned i = 0; incident && count == 3 && i < incident->also_count;
		i++) {
		const struct other_reading *also = &incident->also[i];

		is_there |= strcmp(words[1], mechanism_word(also->mechanism)) ==
				    0 &&
			    strcmp(words[2], party_word(also->culprit)) == 0;
	}
	if (!incident || count != 3 || is_there != is_wanted)
		complain(checker, line, text,
			is_there ? "it" : "no such reading");
}

static void expect_acquittal(struct checker *checker, unsigned line,
	const char *text, char **words, unsigned count)
{
	bool is_there = false;

	for (unsigned i = 0; i < checker->verdict.acquittal_count; i++)
		is_there |=
			count == 2 &&
			strcmp(words[1], checker->verdict.acquittals[i]) == 0;
	if (!is_there)
		complain(checker, line, text,
			checker->verdict.acquittal_count
				? checker->verdict.acquittals[0]
				: "no acquittal");
}

static void expect_total(struct checker *checker, unsigned line,
	const char *text, char **words, unsigned count)
{
	const struct analysis_totals *totals = &checker->verdict.totals;
	const struct {
		const char *word;
		uint64_t value;
	} known[] = {
		{"orderly", totals->orderly},
		{"harmless", totals->benign_resets},
		{"duplicates", totals->duplicates},
		{"lost", totals->lost_packets},
		{"flows", totals->flows},
		{"steps", totals->clock_steps},
		{"odd", totals->odd_packets},
		{"out-of-window", totals->out_of_window_icmp},
	};
	char found[32];

	for (unsigned i = 0; count == 3 && i < sizeof(known) / sizeof(*known);
		i++) {
		if (strcmp(words[1], known[i].word) != 0)
			continue;
		(void)snprintf(found, sizeof(found), "%llu",
			(unsigned long long)known[i].value);
		if (strcmp(words[2], found) != 0)
			complain(checker, line, text, found);
		return;
	}
	complain(checker, line, text, "no such total");
}

static void expect(
	struct checker *checker, const struct trace_expectation *expectation)
{
	char line[512], *words[WORDS_MOST], *rest = line, *word;
	unsigned count = 0;

	(void)snprintf(line, sizeof(line), "%s", expectation->text);
	while (count < WORDS_MOST && (word = strsep(&rest, " ")))
		if (*word)
			words[count++] = word;
	if (count == 0)
		complain(checker, expectation->line, "something", "nothing");
	else if (strcmp(words[0], "none") == 0)
		checker->expects_none = true;
	else if (strcmp(words[0], "fact") == 0)
		expect_fact(checker, expectation->line, expectation->text,
			words, count);
	else if (strcmp(words[0], "also") == 0 ||
		 strcmp(words[0], "not-also") == 0)
		expect_also(checker, expectation->line, expectation->text,
			words, count);
	else if (strcmp(words[0], "acquitted") == 0)
		expect_acquittal(checker, expectation->line, expectation->text,
			words, count);
	else if (strcmp(words[0], "total") == 0)
		expect_total(checker, expectation->line, expectation->text,
			words, count);
	else if (strcmp(words[0], "varies") != 0)
		expect_incident(checker, expectation->line, expectation->text,
			words, count);
}

static void note_seen(struct seen_names *seen, const char *name)
{
	if (seen->count < SIGNATURES_SEEN)
		seen->name[seen->count++] = name;
}

static bool check(const struct trace_file *file, struct seen_names *seen)
{
	static const struct trace_manner manner = {.seed = 1};
	struct checker checker = {.file = file};
	const struct trace *trace = file->trace;
	char found[512];

	if (!trace_judge(trace->packets, trace->packet_count, &manner,
		    &checker.verdict)) {
		complain(&checker, 0, "a verdict", "no memory");
		return false;
	}
	for (unsigned i = 0; i < trace->expectation_count; i++)
		expect(&checker, &trace->expectations[i]);
	if (checker.incidents == 0 && !checker.expects_none)
		complain(&checker, 0, "an expectation", "a trace without any");
	for (unsigned i = checker.incidents;
		i < checker.verdict.count && i < TRACE_INCIDENTS; i++) {
		trace_describe(
			&checker.verdict.incidents[i], found, sizeof(found));
		complain(&checker, 0, "no more incidents", found);
	}
	for (unsigned i = 0; i < checker.verdict.count && i < TRACE_INCIDENTS;
		i++) {
		const char *fact =
			evidence_contradiction(&checker.verdict.incidents[i]);

		if (fact)
			complain(&checker, 0,
				"evidence that agrees with "
				"itself",
				fact);
	}
	for (unsigned i = 0; i < checker.verdict.count && i < TRACE_INCIDENTS;
		i++)
		note_seen(seen, checker.verdict.incidents[i].signature);
	for (unsigned i = 0; i < checker.verdict.acquittal_count; i++)
		note_seen(seen, checker.verdict.acquittals[i]);
	return checker.complaints == 0;
}

/* Rows that are the verdict of no trace. */
static unsigned unseen(const struct seen_names *seen)
{
	struct knowledge knowledge;
	unsigned missing = 0;

	knowledge_init(&knowledge);
	for (unsigned i = 0; i < knowledge.count; i++) {
		const char *name = knowledge.rows[i]->name;
		bool is_seen = false;

		for (unsigned j = 0; j < seen->count; j++)
			is_seen |= strcmp(seen->name[j], name) == 0;
		if (is_seen)
			continue;
		printf("# signature \"%s\" is the verdict of no trace\n", name);
		missing++;
	}
	return missing;
}

int main(void)
{
	static struct trace_files files;
	static struct seen_names seen;
	unsigned failed = trace_files_read(&files), number = 0, missing;

	printf("%sok %u - every trace can be read\n",
		failed || files.count == 0 ? "not " : "", ++number);
	failed += files.count == 0;
	for (unsigned i = 0; i < files.count; i++) {
		bool is_good = check(&files.file[i], &seen);

		printf("%sok %u - %s is judged as it deserves\n",
			is_good ? "" : "not ", ++number, files.file[i].name);
		failed += !is_good;
	}
	missing = unseen(&seen);
	printf("%sok %u - every signature is the verdict of some trace\n",
		missing ? "not " : "", ++number);
	printf("1..%u\n", number);
	trace_files_free(&files);
	return failed || missing;
}
