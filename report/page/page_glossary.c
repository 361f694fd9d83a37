#include "report/page/page_glossary.h"

#include "analysis/path/path_fact_text.h"
#include "report/explain_table.h"
#include "report/fact_text.h"

static void line(struct report_page *page, const char *word, const char *text)
{
	struct json *json = page_json(page);

	json_row(json);
	json_string(json, NULL, "g");
	json_string(json, NULL, word);
	json_string(json, NULL, text);
	json_row_end(json);
}

static void table(
	struct report_page *page, const struct fact_text *texts, unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		line(page, fact_word(texts[i].fact), texts[i].holds);
}

void page_glossary_connection(struct report_page *page)
{
	table(page, fact_texts_reset, fact_texts_reset_count);
	table(page, fact_texts_silence, fact_texts_silence_count);
	table(page, fact_texts_message, fact_texts_message_count);
}

void page_glossary_path(struct report_page *page)
{
	for (int i = 0; i < PATH_FACT_COUNT; i++) {
		const struct path_fact_text *text =
			path_fact_text((enum path_fact)i);

		line(page, text->word, text->holds);
	}
}

void page_glossary_comparison(struct report_page *page)
{
	for (int i = 0; i < EXPLAIN_OUTCOMES; i++)
		line(page, explain_outcome(i).word, explain_outcome(i).meaning);
	for (int i = 0; i < EXPLAIN_REASONS; i++)
		line(page, explain_reason(i).word, explain_reason(i).meaning);
}
