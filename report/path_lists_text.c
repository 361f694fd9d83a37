#include "report/path_lists_text.h"

#include <stdio.h>
#include <string.h>

#include "probe/protocol/probe_command.h"

enum { LINE_BYTES = 1024 };

static void add(char text[LINE_BYTES], const char *between, const char *more)
{
	size_t used = strlen(text);

	(void)snprintf(text + used, LINE_BYTES - used, "%s%s",
		used ? between : "", more);
}

static const char *name_of(const struct path_statement *statement)
{
	return path_question_text((enum path_question)statement->question)
		->name;
}

/* "interface-mtu-passes: 1500 (#7)" */
static void add_evidence(
	char text[LINE_BYTES], const struct evidence_row *row, bool is_first)
{
	char one[256];

	(void)snprintf(one, sizeof(one), "%s: %s%s", row->fact,
		row->holds == TRUTH_NO ? "no, " : "", row->found);
	add(text, is_first ? " " : ", ", one);
	if (!row->frame)
		return;
	(void)snprintf(
		one, sizeof(one), "(#%llu)", (unsigned long long)row->frame);
	add(text, " ", one);
}

static void statement_text(const struct layout *layout,
	const struct path_statement *statement, bool is_open)
{
	char text[LINE_BYTES] = "", settled[FINDING_OTHER + 16];

	(void)snprintf(text, sizeof(text), "%s:", name_of(statement));
	if (is_open)
		add(text, " ", statement->reason);
	for (unsigned i = 0; i < statement->evidence_count; i++)
		add_evidence(text, &statement->evidence[i], i == 0);
	if (is_open && statement->settled_by[0]) {
		(void)snprintf(settled, sizeof(settled), "Settled by: %s.",
			statement->settled_by);
		add(text, statement->evidence_count ? ". " : " ", settled);
	}
	layout_wrap(layout, 0, 6, INK_PLAIN, text);
}

/* All names in one line. */
static void names(const struct layout *layout, const char *label,
	const struct path *path, unsigned count,
	const struct path_statement *(*at)(const struct path *, unsigned))
{
	char text[LINE_BYTES] = "";

	for (unsigned i = 0; i < count; i++)
		add(text, " · ", name_of(at(path, i)));
	layout_labelled(layout, 2, label, text);
}

static bool is_untested(const struct path_statement *statement)
{
	return strcmp(statement->row, PATH_ROW_NOT_TESTED) == 0;
}

/* "COMMAND --only a,b"; nothing for an empty set. */
static void add_command(
	char text[LINE_BYTES], const char *command, uint32_t set)
{
	char experiments[EXPERIMENTS_BYTES];

	if (!set)
		return;
	probe_experiments_write(set, ",", experiments);
	add(text, "", command);
	add(text, "", " --only ");
	add(text, "", experiments);
}

/* Those that were not tested, in one paragraph. */
static void untested(const struct layout *layout, const struct path *path,
	unsigned count,
	const struct path_statement *(*at)(const struct path *, unsigned))
{
	/* it takes minutes, and the server with it: alone */
	const uint32_t idle = probe_experiment_bit(EXPERIMENT_IDLE);
	char text[LINE_BYTES] = "", command[PROBE_COMMAND_TEXT];
	uint32_t set = 0;

	for (unsigned i = 0; i < count; i++) {
		const struct path_statement *statement = at(path, i);

		if (!is_untested(statement))
			continue;
		add(text, " · ", name_of(statement));
		set |= probe_experiment_bit(path_question_text(
			(enum path_question)statement->question)
						    ->experiment);
	}
	if (!set)
		return;
	probe_command_text(path_comment(path), command);
	add(text, ": ", "not tested. Settled by: ");
	add_command(text, command, set & ~idle);
	if (set & idle && set != idle)
		add(text, "", ", and ");
	add_command(text, command, set & idle);
	add(text, "", ".");
	layout_wrap(layout, 0, 6, INK_FAINT, text);
}

static void list(const struct layout *layout, const char *label,
	const struct path *path, unsigned count,
	const struct path_statement *(*at)(const struct path *, unsigned),
	bool is_open)
{
	if (count == 0)
		return;
	if (layout->style->is_quiet) {
		names(layout, label, path, count, at);
		return;
	}
	layout_space(layout, 2);
	layout_text(layout, INK_STRONG, label);
	(void)fputc('\n', layout->out);
	for (unsigned i = 0; i < count; i++)
		if (!is_untested(at(path, i)))
			statement_text(layout, at(path, i), is_open);
	untested(layout, path, count, at);
}

void path_lists_text(const struct layout *layout, const struct path *path)
{
	list(layout, "excluded:", path, path_excluded_count(path),
		path_excluded, false);
	list(layout, "not determined:", path, path_open_count(path), path_open,
		true);
}
