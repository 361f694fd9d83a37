#include "report/annotate.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "capture/array.h"
#include "capture/safe_text.h"

/* Display filters find a verdict by `frame.comment contains "culprit:"`, so no
 * comment on a fact may contain that. */
static const char verdict_begins[] = "culprit: ",
		  fact_begins[] = "culprit-fact: ";

/* A comment is made when its frame comes; until then only this is kept. */
struct note {
	uint64_t frame;
	uint64_t incident;
	int16_t evidence; /* index, or -1: the verdict itself */
};
static_assert(INCIDENT_EVIDENCE <= INT16_MAX, "note.evidence holds an index");

struct annotations {
	const struct report_source *source;
	struct note *notes;
	size_t count, next;
	uint32_t capacity;
	uint64_t analysed; /* whose incident is in `incident`; UINT64_MAX: none
			    */
	struct incident incident;
};

static bool add(struct annotations *annotations, uint64_t frame,
	uint64_t incident, int evidence)
{
	struct note *notes = array_grown(annotations->notes, annotations->count,
		&annotations->capacity, sizeof(*notes));

	if (!notes)
		return false;
	annotations->notes = notes;
	annotations->notes[annotations->count++] =
		(struct note){frame, incident, (int16_t)evidence};
	return true;
}

/* Verdicts come first: there is room for so many comments only, and one verdict
 * may rest on the fatal packet of another. */
static int by_frame(const void *left, const void *right)
{
	const struct note *a = left, *b = right;

	if (a->frame != b->frame)
		return a->frame < b->frame ? -1 : 1;
	if ((a->evidence < 0) != (b->evidence < 0))
		return a->evidence < 0 ? -1 : 1;
	if (a->incident != b->incident)
		return a->incident < b->incident ? -1 : 1;
	return a->evidence - b->evidence;
}

/* Whether the fact is known, belongs to a packet, and speaks for a reading; if
 * no row applied, none does. */
static bool does_matter(
	const struct incident *incident, const struct evidence_row *row)
{
	return row->frame != 0 && row->holds != TRUTH_UNKNOWN &&
	       (row->weight != WEIGHT_NEUTRAL || !incident->signature);
}

static bool add_incident(struct annotations *annotations, uint64_t index)
{
	struct incident *incident = &annotations->incident;

	annotations->source->incident(
		annotations->source->context, index, incident);
	bool is_kept = add(annotations, incident->frame, index, -1);
	for (unsigned i = 0; i < incident->evidence_count && is_kept; i++)
		if (does_matter(incident, &incident->evidence[i]))
			is_kept = add(annotations, incident->evidence[i].frame,
				index, (int)i);
	return is_kept;
}

struct annotations *annotations_new(const struct report_source *source,
	uint64_t only, struct failure *failure)
{
	struct annotations *annotations = calloc(1, sizeof(*annotations));
	bool is_kept = annotations != NULL;

	if (annotations) {
		annotations->source = source;
		annotations->analysed = UINT64_MAX;
	}
	for (uint64_t i = 0; i < source->incident_count && is_kept; i++)
		if (only == UINT64_MAX || only == i)
			is_kept = add_incident(annotations, i);
	if (!is_kept) {
		annotations_free(annotations);
		(void)failure_set(failure, EXIT_INPUT_CUT,
			"no memory for the comments of %" PRIu64 " incidents",
			source->incident_count);
		return NULL;
	}
	if (annotations->count > 0)
		qsort(annotations->notes, annotations->count,
			sizeof(*annotations->notes), by_frame);
	return annotations;
}

void annotations_free(struct annotations *annotations)
{
	if (annotations)
		free(annotations->notes);
	free(annotations);
}

static void verdict(char *text, size_t size, const struct incident *incident)
{
	(void)snprintf(text, size,
		"%s%s (%s). Mechanism %s, sender %s. %s%s%s%s%s",
		verdict_begins, party_word(incident->culprit),
		grade_word(incident->grade),
		mechanism_word(incident->mechanism),
		party_word(incident->sender),
		incident->summary ? incident->summary : "",
		incident->detail[0] ? " " : "", incident->detail,
		incident->advice[0] ? " Do: " : "", incident->advice);
}

static void fact(char *text, size_t size, const struct incident *incident,
	const struct evidence_row *row)
{
	char against[40] = "", verdict_at[60] = "";

	if (row->against != 0)
		(void)snprintf(against, sizeof(against), " (frame %" PRIu64 ")",
			row->against);
	if (row->frame != incident->frame && incident->frame != 0)
		(void)snprintf(verdict_at, sizeof(verdict_at),
			"; the verdict is on frame %" PRIu64, incident->frame);
	(void)snprintf(text, size, "%s%s: %s%s%s%s%s%s%s%s", fact_begins,
		row->fact, row->holds == TRUTH_YES ? "yes" : "no",
		row->found[0] ? ", found " : "", row->found,
		row->expected[0] ? ", expected " : "", row->expected, against,
		row->weight == WEIGHT_AGAINST
			? "; this speaks for another explanation"
			: "",
		verdict_at);
}

static void write_note(struct annotations *annotations, const struct note *note,
	char text[ANNOTATION_BYTES])
{
	char raw[ANNOTATION_BYTES];

	if (annotations->analysed != note->incident) {
		annotations->source->incident(annotations->source->context,
			note->incident, &annotations->incident);
		annotations->analysed = note->incident;
	}
	if (note->evidence < 0)
		verdict(raw, sizeof(raw), &annotations->incident);
	else
		fact(raw, sizeof(raw), &annotations->incident,
			&annotations->incident.evidence[note->evidence]);
	(void)safe_text_copy(text, ANNOTATION_BYTES, raw, strlen(raw));
}

unsigned annotations_of(struct annotations *annotations, uint64_t frame,
	char texts[ANNOTATIONS_PER_FRAME][ANNOTATION_BYTES])
{
	unsigned count = 0;

	while (annotations->next < annotations->count &&
		annotations->notes[annotations->next].frame <= frame) {
		const struct note *note =
			&annotations->notes[annotations->next++];

		/* Earlier frames were filtered away, or never written. */
		if (note->frame == frame && count < ANNOTATIONS_PER_FRAME)
			write_note(annotations, note, texts[count++]);
	}
	return count;
}
