/* Words that verdicts about connections consist of: facts and signatures. */
#include "report/explain_table.h"

#include <assert.h>
#include <stddef.h>

#include "analysis/verdict/knowledge.h"
#include "report/fact_text.h"

static const struct fact_text *text_of(enum fact fact)
{
	const struct {
		const struct fact_text *texts;
		unsigned count;
	} tables[] = {
		{fact_texts_reset, fact_texts_reset_count},
		{fact_texts_silence, fact_texts_silence_count},
		{fact_texts_message, fact_texts_message_count},
	};

	for (unsigned i = 0; i < sizeof(tables) / sizeof(tables[0]); i++)
		for (unsigned j = 0; j < tables[i].count; j++)
			if (tables[i].texts[j].fact == fact)
				return &tables[i].texts[j];
	assert(false); /* there is a text for every fact */
	return NULL;
}

struct explanation explain_fact(int index)
{
	const struct fact_text *text = text_of((enum fact)index);

	return (struct explanation){
		.word = fact_word(text->fact),
		.meaning = text->holds,
		.recognised = text->source,
		.also = text->fooled,
	};
}

int explain_fact_count(void)
{
	return FACT_COUNT;
}

int explain_signature_count(void)
{
	struct knowledge_table tables[KNOWLEDGE_TABLES];
	unsigned count = 0;

	knowledge_tables(tables);
	for (unsigned i = 0; i < KNOWLEDGE_TABLES; i++)
		count += tables[i].count;
	return (int)count;
}

struct explanation explain_signature(int index)
{
	struct knowledge_table tables[KNOWLEDGE_TABLES];
	unsigned left = (unsigned)index, table = 0;
	const struct signature *row;

	knowledge_tables(tables);
	while (left >= tables[table].count)
		left -= tables[table++].count;
	row = &tables[table].rows[left];
	return (struct explanation){
		.word = row->name,
		.meaning = row->summary,
		.recognised = row->why,
		.row = row,
	};
}
