#include "report/explain.h"

#include <stddef.h>
#include <string.h>

#include "report/explain_table.h"
#include "report/layout.h"

struct shelf {
	const char *kind;
	const struct explanation *explanations;
	int count;
};

static const struct shelf shelves[] = {
	{"Mechanism of an incident", explain_mechanisms, MECHANISM_COUNT},
	{"Finding of a probe", explain_findings, EXPLAIN_FINDINGS},
	{"Grade", explain_grades, GRADE_COUNT},
	{"Sender or culprit", explain_parties, PARTY_COUNT},
};
enum { SHELF_COUNT = sizeof(shelves) / sizeof(shelves[0]) };

static void section(
	const struct layout *layout, const char *title, const char *text)
{
	if (!text)
		return;
	(void)fputc('\n', layout->out);
	layout_text(layout, INK_STRONG, title);
	(void)fputc('\n', layout->out);
	layout_wrap(layout, 0, 2, INK_PLAIN, text);
}

static void explain(const struct layout *layout, const char *kind,
	const struct explanation *explanation)
{
	layout_text(layout, INK_STRONG, explanation->word);
	(void)fprintf(layout->out, "  (%s)\n", kind);
	layout_wrap(layout, 0, 2, INK_PLAIN, explanation->meaning);
	section(layout, "How it is recognised", explanation->recognised);
	section(layout, "What else it could be", explanation->also);
	section(layout, "What to do", explanation->remedy);
}

bool explain_word(const char *word, const struct style *style, FILE *out)
{
	struct layout layout = {out, style};
	bool is_known = false;

	for (int s = 0; s < SHELF_COUNT; s++)
		for (int i = 0; i < shelves[s].count; i++) {
			const struct explanation *explanation =
				&shelves[s].explanations[i];

			if (strcmp(word, explanation->word) != 0)
				continue;
			if (is_known)
				(void)fputc('\n', out);
			explain(&layout, shelves[s].kind, explanation);
			is_known = true;
		}
	return is_known;
}

void explain_list(const struct style *style, FILE *out)
{
	enum { MEANING_COLUMN = 28 };
	struct layout layout = {out, style};

	for (int s = 0; s < SHELF_COUNT; s++) {
		if (s > 0)
			(void)fputc('\n', out);
		layout_text(&layout, INK_STRONG, shelves[s].kind);
		(void)fputc('\n', out);
		for (int i = 0; i < shelves[s].count; i++) {
			const struct explanation *explanation =
				&shelves[s].explanations[i];
			unsigned at = 2 + (unsigned)strlen(explanation->word);

			(void)fprintf(out, "  %s", explanation->word);
			layout_wrap(&layout, at, MEANING_COLUMN, INK_PLAIN,
				explanation->meaning);
		}
	}
}

void explain_each_word(
	void (*each)(void *context, const char *word), void *context)
{
	for (int s = 0; s < SHELF_COUNT; s++)
		for (int i = 0; i < shelves[s].count; i++)
			each(context, shelves[s].explanations[i].word);
}
