#include "tests/support/verdict_lines.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/analysis.h"

enum { WORDS_MOST = 16, WORD_BYTES = 96, BATCH = 256 };

struct words {
	char word[WORDS_MOST][WORD_BYTES];
	unsigned count;
};

static void add(struct words *words, const char *one, const char *other)
{
	if (words->count == WORDS_MOST)
		return;
	(void)snprintf(words->word[words->count++], WORD_BYTES, "%s%s%s", one,
		other ? "/" : "", other ? other : "");
}

static int compare(const void *a, const void *b)
{
	return strcmp(a, b);
}

static void write_words(FILE *out, const char *title, struct words *words)
{
	if (words->count == 0)
		return;
	qsort(words->word, words->count, WORD_BYTES, compare);
	for (unsigned i = 0; i < words->count; i++)
		(void)fprintf(out, "%s%s%s", i ? "," : " | ", i ? "" : title,
			words->word[i]);
	words->count = 0;
}

static void write_incident(FILE *out, const struct incident *incident)
{
	struct words words = {.count = 0};

	(void)fprintf(out, "    #%llu | %s | %s | sender %s | culprit %s",
		(unsigned long long)incident->frame,
		mechanism_word(incident->mechanism),
		grade_word(incident->grade), party_word(incident->sender),
		party_word(incident->culprit));
	(void)fprintf(out, " | by %s",
		incident->signature ? incident->signature : "-");
	if (incident->hop)
		(void)fprintf(out, " | hop %u", incident->hop);
	for (unsigned i = 0; i < incident->also_count; i++)
		add(&words, mechanism_word(incident->also[i].mechanism),
			party_word(incident->also[i].culprit));
	write_words(out, "also ", &words);
	for (unsigned i = 0; i < incident->undecided_count; i++)
		add(&words, incident->undecided[i].fact, NULL);
	write_words(out, "undecided ", &words);
	for (unsigned i = 0; i < incident->outranked_count; i++)
		add(&words, incident->outranked[i], NULL);
	write_words(out, "outranks ", &words);
	(void)fputc('\n', out);
}

static void write_all(FILE *out, const struct analysis *analysis)
{
	static struct incident incident;
	struct analysis_totals totals;

	for (uint64_t i = 0; i < analysis_incident_count(analysis); i++)
		if (analysis_incident(analysis, i, &incident))
			write_incident(out, &incident);
	analysis_totals(analysis, &totals);
	if (totals.flows)
		(void)fprintf(out,
			"    %llu connections, %llu orderly, %llu harmless "
			"resets\n",
			(unsigned long long)totals.flows,
			(unsigned long long)totals.orderly,
			(unsigned long long)totals.benign_resets);
}

char *verdict_lines(const struct packet *packets, unsigned count,
	const struct knowledge *knowledge, const struct thresholds *thresholds)
{
	const struct analysis_options options = {
		.seed = 1, .knowledge = knowledge, .thresholds = thresholds};
	struct failure failure;
	struct analysis *analysis = analysis_new(&options, &failure);
	size_t bytes;
	char *text = NULL;
	FILE *out = analysis ? open_memstream(&text, &bytes) : NULL;

	if (out) {
		for (unsigned i = 0; i < count; i += BATCH)
			analysis_packets(analysis, packets + i,
				count - i < BATCH ? count - i : BATCH);
		analysis_finish(analysis);
		write_all(out, analysis);
		(void)fclose(out);
	}
	analysis_free(analysis);
	return text;
}
