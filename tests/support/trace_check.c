/* Holds what was found of a trace to its `expect` lines. */
#include "tests/support/trace_check.h"

#include <stdlib.h>

#include "analysis/verdict/fact.h"
#include "analysis/verdict/trigger.h"
#include "report/trigger_text.h"
#include "tests/support/evidence_check.h"

enum { WORDS_MOST = 24 };

struct checker {
	const struct trace_file *file;
	const struct trace_verdict *verdict;
	FILE *told;
	unsigned incidents; /* expected so far */
	bool expects_none;
	unsigned complaints;
};

static void complain(struct checker *checker, unsigned line,
	const char *expected, const char *found)
{
	checker->complaints++;
	if (checker->told)
		(void)fprintf(checker->told,
			"# %s:%u: expected %s\n#   found %s\n",
			checker->file->name, line, expected, found);
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
		&checker->verdict->incidents[checker->incidents];
	char found[512];
	enum mechanism mechanism;

	if (!mechanism_of_word(words[0], &mechanism) || count % 2 == 0) {
		complain(checker, line, text, "no such expectation");
		return;
	}
	if (checker->incidents++ >= checker->verdict->count) {
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
		checker->incidents > checker->verdict->count)
		return NULL;
	return &checker->verdict->incidents[checker->incidents - 1];
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
		&checker->verdict->truths[checker->incidents - 1], fact);
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

/* "sni NAME 12/12 0/340": reset of those with it and without; "none". */
static void expect_trigger(struct checker *checker, unsigned line,
	const char *text, char **words, unsigned count)
{
	const struct incident *incident = current(checker);
	const struct incident_trigger *trigger;
	char found[512] = "none", wanted[512];

	if (!incident || (count != 2 && count != 5)) {
		complain(checker, line, text, "no such expectation");
		return;
	}
	trigger = &incident->trigger;
	if (trigger->kind != TRIGGER_NONE) {
		char value[TRIGGER_VALUE];

		trigger_value(value, incident);
		(void)snprintf(found, sizeof(found), "%s %s %u/%u %u/%u",
			trigger_word(trigger->kind), value,
			trigger->counts.with_reset, trigger->counts.with,
			trigger->counts.without_reset, trigger->counts.without);
	}
	if (count == 2)
		(void)snprintf(wanted, sizeof(wanted), "%s", words[1]);
	else
		(void)snprintf(wanted, sizeof(wanted), "%s %s %s %s", words[1],
			words[2], words[3], words[4]);
	if (strcmp(found, wanted) != 0)
		complain(checker, line, text, found);
}

static void expect_outranked(struct checker *checker, unsigned line,
	const char *text, char **words, unsigned count)
{
	const struct incident *incident = current(checker);
	bool is_wanted = strcmp(words[0], "outranks") == 0, is_there = false;

	for (unsigned i = 0;
		incident && count == 2 && i < incident->outranked_count; i++)
		is_there |= strcmp(words[1], incident->outranked[i]) == 0;
	if (!incident || count != 2 || is_there != is_wanted)
		complain(checker, line, text,
			is_there ? "it" : "no such row set aside");
}

static void expect_acquittal(struct checker *checker, unsigned line,
	const char *text, char **words, unsigned count)
{
	bool is_there = false;

	for (unsigned i = 0; i < checker->verdict->acquittal_count; i++)
		is_there |=
			count == 2 &&
			strcmp(words[1], checker->verdict->acquittals[i]) == 0;
	if (!is_there)
		complain(checker, line, text,
			checker->verdict->acquittal_count
				? checker->verdict->acquittals[0]
				: "no acquittal");
}

static void expect_total(struct checker *checker, unsigned line,
	const char *text, char **words, unsigned count)
{
	const struct analysis_totals *totals = &checker->verdict->totals;
	const struct {
		const char *word;
		uint64_t value;
	} known[] = {
		{"orderly", totals->orderly},
		{"harmless", totals->benign_resets},
		{"duplicates", totals->duplicates},
		{"shared", totals->shared_packets},
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
	else if (strcmp(words[0], "outranks") == 0 ||
		 strcmp(words[0], "not-outranks") == 0)
		expect_outranked(checker, expectation->line, expectation->text,
			words, count);
	else if (strcmp(words[0], "trigger") == 0)
		expect_trigger(checker, expectation->line, expectation->text,
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

/* What no line expects. */
static void check_rest(struct checker *checker)
{
	const struct trace_verdict *verdict = checker->verdict;
	char found[512];

	if (checker->incidents == 0 && !checker->expects_none)
		complain(checker, 0, "an expectation", "a trace without any");
	for (unsigned i = 0; i < verdict->count && i < TRACE_INCIDENTS; i++) {
		const struct incident *incident = &verdict->incidents[i];
		const char *fact = evidence_contradiction(incident);

		trace_describe(incident, found, sizeof(found));
		if (i >= checker->incidents)
			complain(checker, 0, "no more incidents", found);
		if (fact)
			complain(checker, 0, "evidence that agrees with itself",
				fact);
	}
}

bool trace_check(const struct trace_file *file,
	const struct trace_manner *manner, FILE *told,
	struct trace_verdict *verdict)
{
	struct checker checker = {
		.file = file, .verdict = verdict, .told = told};
	const struct trace *trace = file->trace;

	if (!trace_judge(
		    trace->packets, trace->packet_count, manner, verdict)) {
		complain(&checker, 0, "a verdict", "no memory");
		return false;
	}
	for (unsigned i = 0; i < trace->expectation_count; i++)
		expect(&checker, &trace->expectations[i]);
	check_rest(&checker);
	return checker.complaints == 0;
}
