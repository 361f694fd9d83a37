#include "tests/support/path_lines.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LINES_ROOM = 1 << 17 };

struct path_lines path_lines_new(void)
{
	struct path_lines lines = {
		.text = malloc(LINES_ROOM), .room = LINES_ROOM};

	if (!lines.text)
		abort();
	path_lines_clear(&lines);
	return lines;
}

void path_lines_free(struct path_lines *lines)
{
	free(lines->text);
}

void path_lines_clear(struct path_lines *lines)
{
	lines->used = 0;
	lines->text[0] = '\0';
}

void path_lines_add(struct path_lines *lines, const char *format, ...)
{
	size_t left = lines->room - lines->used;
	va_list arguments;
	int wrote;

	va_start(arguments, format);
	wrote = vsnprintf(lines->text + lines->used, left, format, arguments);
	va_end(arguments);
	if (wrote < 0 || (size_t)wrote >= left)
		abort();
	lines->used += (size_t)wrote;
}

static void add_number(struct path_lines *lines, const char *word, int number)
{
	if (number != HOP_NOT_KNOWN)
		path_lines_add(lines, " %s %d", word, number);
}

static void add_word(struct path_lines *lines, const char *word)
{
	if (word)
		path_lines_add(lines, " %s", word);
}

static void add_tls(struct path_lines *lines, const struct tls_figures *tls)
{
	const char *words[] = {
		tls->alert, tls->version, tls->suite, tls->name, tls->speaks};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (words[i][0])
			add_word(lines, words[i]);
}

static void add_injector(
	struct path_lines *lines, const struct injector_figures *injector)
{
	static const char *const drops[] = {
		[TRUTH_UNKNOWN] = "",
		[TRUTH_NO] = ", passes",
		[TRUTH_YES] = ", dropped",
	};

	path_lines_add(lines, " on %s%s", injector->trigger,
		drops[injector->drops_trigger]);
	add_word(lines, injector->style);
	add_word(lines, injector->copies_ttl ? "copies-ttl" : NULL);
	add_word(lines, injector->copies_id ? "copies-id" : NULL);
	add_word(lines, injector->copies_window ? "copies-window" : NULL);
	if (injector->blocked_ns)
		path_lines_add(lines, " blocked %.2f to %.2f",
			(double)injector->blocked_ns / 1e9,
			(double)injector->unblocked_ns / 1e9);
}

static void add_figures(struct path_lines *lines, const struct finding *finding)
{
	add_word(lines, finding_direction_word(finding->direction));
	if (finding->mtu)
		path_lines_add(lines, " mtu %u", finding->mtu);
	add_number(lines, "after", finding->after_hop);
	add_number(lines, "before", finding->before_hop);
	add_number(lines, "hop", finding->hop);
	add_number(lines, "limited-after", finding->limited_after_hop);
	if (finding->has_reporter)
		path_lines_add(lines, " reporter ..%u.%u",
			finding->reporter.bytes[2], finding->reporter.bytes[3]);
	if (finding->arrived)
		path_lines_add(lines, " sent %u arrived %u", finding->sent,
			finding->arrived);
	add_word(lines, finding_state_word(finding->state));
	add_word(lines, finding_rejecter_word(finding->by));
	if (finding->sender != PARTY_UNKNOWN)
		add_word(lines, party_word(finding->sender));
	add_word(lines, finding_fragments_word(finding->fragments));
	add_word(lines, finding_field_word(finding->field));
	if (finding->has_idle)
		path_lines_add(lines, " survived %.2f died %.2f keepalive %u%s",
			(double)finding->idle.survived_ns / 1e9,
			(double)finding->idle.died_ns / 1e9,
			finding->idle.keepalive_s, finding->idle.timers);
	add_word(lines, finding_expiry_word(finding->on_expiry));
	if (finding->has_injector)
		add_injector(lines, &finding->injector);
	add_word(lines, finding_cause_word(finding->cause));
	if (finding->ssh.wait_ns)
		path_lines_add(lines, " wait %.1f",
			(double)finding->ssh.wait_ns / 1e9);
	if (finding->ssh.open)
		path_lines_add(lines, " open %u", finding->ssh.open);
	if (finding->ssh.dscp >= 0)
		path_lines_add(lines, " dscp %d", finding->ssh.dscp);
	add_tls(lines, &finding->tls);
	if (finding->has_percent)
		path_lines_add(lines,
			" percent %.1f from %.1f to %.1f, large %.1f",
			finding->percent, finding->percent_low,
			finding->percent_high, finding->percent_large);
}

static void add_evidence(
	struct path_lines *lines, const struct evidence_row *row)
{
	path_lines_add(lines, "    %s %d #%llu #%llu %s / %s\n", row->fact,
		(int)row->holds, (unsigned long long)row->frame,
		(unsigned long long)row->against, row->found, row->expected);
}

void path_lines_finding(
	struct path_lines *lines, const struct finding *finding, unsigned parts)
{
	path_lines_add(lines, "%s %s by %s,", finding_kind_word(finding->kind),
		grade_word(finding->grade), finding->row);
	add_figures(lines, finding);
	if (finding->other[0])
		path_lines_add(lines, "; or %s", finding->other);
	path_lines_add(lines, "\n");
	if (parts & PATH_LINES_ADVICE && finding->advice[0])
		path_lines_add(lines, "    do: %s\n", finding->advice);
	for (unsigned i = 0;
		parts & PATH_LINES_EVIDENCE && i < finding->evidence_count; i++)
		add_evidence(lines, &finding->evidence[i]);
}

static void add_question(
	struct path_lines *lines, const struct path_statement *statement)
{
	const struct path_question_text *text =
		path_question_text((enum path_question)statement->question);

	path_lines_add(lines, " %s%s", finding_kind_word(text->kind),
		text->direction == PATH_REVERSE ? "/reverse" : "");
	for (int i = 0; i < FINDING_CAUSE_COUNT; i++)
		if (text->causes >> i & 1) {
			path_lines_add(lines, "/%s",
				finding_cause_word((enum finding_cause)i));
			break;
		}
}

static void add_excluded(struct path_lines *lines, const struct path *path)
{
	for (unsigned i = 0; i < path_excluded_count(path); i++) {
		if (i == 0)
			path_lines_add(lines, "excluded:");
		add_question(lines, path_excluded(path, i));
	}
	if (path_excluded_count(path))
		path_lines_add(lines, "\n");
}

static void add_open(struct path_lines *lines, const struct path *path)
{
	for (unsigned i = 0; i < path_open_count(path); i++) {
		const struct path_statement *statement = path_open(path, i);

		if (strcmp(statement->row, PATH_ROW_NOT_TESTED) == 0)
			continue;
		path_lines_add(lines, "open:");
		add_question(lines, statement);
		path_lines_add(lines, " by %s\n", statement->row);
	}
}

void path_lines_path(
	struct path_lines *lines, const struct path *path, unsigned parts)
{
	struct path_totals totals;

	path_totals(path, &totals);
	for (unsigned i = 0; i < path_finding_count(path); i++)
		path_lines_finding(lines, path_finding(path, i), parts);
	add_excluded(lines, path);
	if (parts & PATH_LINES_OPEN)
		add_open(lines, path);
	if (parts & PATH_LINES_DELAYS && totals.delays.count)
		path_lines_add(lines, "delays: %u trips%s\n",
			totals.delays.count,
			totals.delays.is_jitter_large ? ", large jitter" : "");
}
