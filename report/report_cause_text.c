#include <stdio.h>
#include <string.h>

#include "analysis/cause/cause_words.h"
#include "probe/protocol/probe_command.h"
#include "report/report_cause.h"

enum { LINE_BYTES = 3000 };

static void add(char text[LINE_BYTES], const char *between, const char *more)
{
	size_t used = strlen(text);

	if (more && more[0])
		(void)snprintf(text + used, LINE_BYTES - used, "%s%s",
			used ? between : "", more);
}

/* " 1  path MTU black hole   certain", and why. */
static void found(const struct layout *layout,
	const struct cause_verdict *verdict, unsigned number)
{
	char text[LINE_BYTES];

	(void)snprintf(text, sizeof(text), "  %2u  ", number);
	layout_text(layout, INK_PLAIN, text);
	layout_text(layout, INK_BAD, cause_text(verdict->cause)->title);
	(void)snprintf(text, sizeof(text), "   %s", grade_word(verdict->grade));
	layout_text(layout, INK_STRONG, text);
	(void)fputc('\n', layout->out);
	if (layout->style->is_quiet)
		return;
	layout_wrap(layout, 0, 6, INK_PLAIN, verdict->because);
	if (verdict->other[0])
		layout_labelled(layout, 6, "Or:", verdict->other);
}

/* Those that the same excludes are in one line; `next` may be NULL. */
static void excluded(char text[LINE_BYTES], bool is_further,
	const struct cause_verdict *verdict, const struct cause_verdict *next)
{
	char frame[40] = "";

	add(text, is_further ? " · " : "\n", cause_text(verdict->cause)->title);
	if (next && strcmp(verdict->because, next->because) == 0)
		return;
	add(text, ": ", verdict->because);
	if (verdict->frame)
		(void)snprintf(frame, sizeof(frame), "(#%llu)",
			(unsigned long long)verdict->frame);
	add(text, " ", frame);
}

/* "server: sshd -T | grep -i maxstartups" */
static void add_check(char text[LINE_BYTES], const struct path *path,
	const char *where, const char *check)
{
	char filled[CAUSE_BECAUSE];

	if (!check)
		return;
	cause_words_fill(path, NULL, check, filled, sizeof(filled));
	add(text, "; ", where);
	add(text, " ", filled);
}

static void open_one(char text[LINE_BYTES], const struct path *path,
	const struct cause_verdict *verdict)
{
	const struct cause_text *known = cause_text(verdict->cause);
	char checks[LINE_BYTES] = "";

	add(text, "\n", known->title);
	if (verdict->test[0]) {
		add(text, ": ", verdict->because);
		add(text, " ", verdict->test);
		return;
	}
	if (verdict->frame) {
		add(checks, "", verdict->because);
		(void)snprintf(checks + strlen(checks),
			sizeof(checks) - strlen(checks), " (#%llu)",
			(unsigned long long)verdict->frame);
	}
	add_check(checks, path, "On this host:", known->client);
	add_check(checks, path, "At the server:", known->server);
	if (known->log) {
		add(checks, "; ", "In its log: \"");
		add(checks, "", known->log);
		add(checks, "", "\"");
	}
	add_check(checks, path, "Look at:", known->network);
	add(text, ": ", checks[0] ? checks : verdict->because);
}

static void list(
	const struct layout *layout, const char *label, const char *text)
{
	if (!text[0])
		return;
	layout_space(layout, 2);
	layout_text(layout, INK_STRONG, label);
	(void)fputc('\n', layout->out);
	layout_wrap(layout, 0, 6, INK_PLAIN, text);
}

/* What makes the probe another thing than ssh's connection. */
static void client_notes(const struct layout *layout, const struct path *path)
{
	const struct client_settings *client = path_client(path);
	char text[200];

	if (!client->is_ssh_known)
		return;
	if (client->has_proxy)
		layout_wrap(layout, 0, 2, INK_PLAIN,
			"ssh reaches this host by a ProxyJump or ProxyCommand "
			"(ssh -G): the probe measured the direct path.");
	if (client->port == path_comment(path)->port)
		return;
	(void)snprintf(text, sizeof(text),
		"ssh connects to port %u of this host (ssh -G), the probe to "
		"port %u.",
		client->port, path_comment(path)->port);
	layout_wrap(layout, 0, 2, INK_PLAIN, text);
}

static void head(const struct layout *layout, const struct path *path,
	const char *before, const char *behind)
{
	char target[PROBE_COMMAND_TEXT], text[2 * PROBE_COMMAND_TEXT];

	probe_endpoint_text(path_comment(path), target);
	(void)snprintf(text, sizeof(text), "%s %s%s", before, target, behind);
	layout_text(layout, INK_STRONG, text);
	(void)fputc('\n', layout->out);
}

static void lists(const struct layout *layout, const struct path *path,
	const struct diagnosis *diagnosis)
{
	char out[LINE_BYTES] = "", test[LINE_BYTES] = "", rest[LINE_BYTES] = "";
	bool is_further = false;

	for (unsigned i = 0; i < diagnosis->count; i++) {
		const struct cause_verdict *verdict = &diagnosis->verdicts[i];

		if (verdict->state == CAUSE_EXCLUDED) {
			excluded(out, is_further, verdict,
				i + 1 < diagnosis->count ? verdict + 1 : NULL);
			is_further = i + 1 < diagnosis->count &&
				     strcmp(verdict->because,
					     verdict[1].because) == 0;
		}
		if (verdict->state == CAUSE_OPEN)
			open_one(verdict->test[0] ? test : rest, path, verdict);
	}
	list(layout, "causes excluded:", out);
	list(layout, "causes to be tested:", test);
	list(layout, "causes that show elsewhere:", rest);
}

void report_cause_text(const struct layout *layout, const struct path *path)
{
	struct diagnosis diagnosis;
	unsigned number = 0;

	diagnosis_make(path, &diagnosis);
	if (!layout->style->is_quiet)
		(void)fputc('\n', layout->out);
	head(layout, path, "  Why connections to", " fail");
	for (unsigned i = 0; i < diagnosis.count; i++)
		if (diagnosis.verdicts[i].state == CAUSE_FOUND)
			found(layout, &diagnosis.verdicts[i], ++number);
	if (number == 0)
		layout_wrap(layout, 0, 6, INK_PLAIN,
			"No cause was found. Those that were not excluded are "
			"still possible.");
	if (layout->style->is_quiet)
		return;
	client_notes(layout, path);
	lists(layout, path, &diagnosis);
}

void report_cause_advice(const struct layout *layout, const struct path *path)
{
	struct diagnosis diagnosis;
	unsigned number = 0;
	char text[LINE_BYTES] = "";

	diagnosis_make(path, &diagnosis);
	for (unsigned i = 0; i < diagnosis.count; i++) {
		const struct cause_verdict *verdict = &diagnosis.verdicts[i];

		if (verdict->state == CAUSE_OPEN && verdict->test[0])
			open_one(text, path, verdict);
		if (verdict->state != CAUSE_FOUND || !verdict->advice[0])
			continue;
		if (++number == 1)
			head(layout, path, "What to change for", ":");
		found(layout, verdict, number);
		layout_labelled(layout, 6, "Do:", verdict->advice);
	}
	if (number)
		return;
	head(layout, path, "Nothing to change was found for", ".");
	list(layout, "causes to be tested:", text);
}
