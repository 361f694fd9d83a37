/* Text recordings with the verdict that they deserve: guilty cases and their
 * innocent twins. What a trace may expect is told in
 * tests/support/trace_check.h.
 *
 * Every row of every table of signatures has to be the verdict of at least
 * one trace. */
#include "analysis/verdict/knowledge.h"
#include "tests/support/trace_check.h"

enum { SIGNATURES_SEEN = 2048 };

struct seen_names {
	const char *name[SIGNATURES_SEEN];
	unsigned count;
};

static void note_seen(struct seen_names *seen, const char *name)
{
	if (seen->count < SIGNATURES_SEEN)
		seen->name[seen->count++] = name;
}

static bool check(const struct trace_file *file, struct seen_names *seen)
{
	static const struct trace_manner manner = {.seed = 1};
	static struct trace_verdict verdict;
	bool is_good = trace_check(file, &manner, stdout, &verdict);

	for (unsigned i = 0; i < verdict.count && i < TRACE_INCIDENTS; i++)
		note_seen(seen, verdict.incidents[i].signature);
	for (unsigned i = 0; i < verdict.acquittal_count; i++)
		note_seen(seen, verdict.acquittals[i]);
	return is_good;
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

		printf("%sok %u - %s has the expected verdict\n",
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
