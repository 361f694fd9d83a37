#include "cli/probe_view.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "report/address_text.h"
#include "report/layout.h"

enum {
	USUAL_COLUMNS = 80,
	USUAL_ROWS = 24,
	MOST_COLUMNS = 200,
	PAGE_BYTES = 16384,
	ADDRESS_LEAST = 15,
};

/* All that is written at once, so that a terminal never shows half of it. */
struct page {
	char text[PAGE_BYTES];
	size_t used;
};

static void put(struct page *page, const char *text)
{
	size_t bytes = strlen(text);

	if (bytes >= sizeof(page->text) - page->used)
		return;
	memcpy(page->text + page->used, text, bytes + 1);
	page->used += bytes;
}

/* One line, cut to what fits: nothing that is written here is other than ASCII,
 * and nothing of it came from the wire as text. */
static void put_line(struct page *page, const struct probe_view *view,
	const char *format, ...) __attribute__((format(printf, 3, 4)));
static void put_line(struct page *page, const struct probe_view *view,
	const char *format, ...)
{
	char line[MOST_COLUMNS];
	va_list arguments;

	va_start(arguments, format);
	(void)vsnprintf(line, view->columns, format, arguments);
	va_end(arguments);
	put(page, line);
}

static void show(const struct page *page)
{
	(void)fwrite(page->text, 1, page->used, stderr);
	(void)fflush(stderr);
}

void probe_view_begin(struct probe_view *view, bool is_quiet)
{
	const char *terminal = getenv("TERM");
	struct winsize size = {0};

	*view = (struct probe_view){
		.is_wanted = !is_quiet && isatty(STDERR_FILENO),
		.is_dumb = !terminal || !terminal[0] ||
			   strcmp(terminal, "dumb") == 0,
		.columns = USUAL_COLUMNS,
		.rows = USUAL_ROWS};
	if (!view->is_wanted || ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0)
		return;
	if (size.ws_col)
		view->columns =
			size.ws_col < MOST_COLUMNS ? size.ws_col : MOST_COLUMNS;
	if (size.ws_row)
		view->rows = size.ws_row;
	view->is_dumb = view->is_dumb || view->rows < 3;
}

/* "mtu 118, waits for routers to answer again; loss 12   131 packets" */
static void put_status(struct page *page, const struct probe_view *view,
	const struct runner_progress *progress)
{
	char text[MOST_COLUMNS * 2] = "";
	size_t used = 0;

	for (unsigned i = 0; i < progress->count; i++) {
		const struct experiment_progress *one =
			&progress->experiments[i];

		if (!one->is_running || used + 1 >= sizeof(text))
			continue;
		int wrote = snprintf(text + used, sizeof(text) - used,
			"%s%s %u%s%s", used ? "; " : "",
			probe_experiment_word(one->experiment), one->sent,
			one->waits_for ? ", waits for " : "",
			one->waits_for ? one->waits_for : "");
		used += wrote > 0 ? (size_t)wrote : 0;
	}
	put_line(page, view, "  %s%s%u packets", used ? text : "",
		used ? "   " : "", progress->packets);
}

static int address_columns(const struct path *path, unsigned first)
{
	size_t most = ADDRESS_LEAST;
	char address[ADDRESS_TEXT];

	for (unsigned i = first; i < path_hop_count(path); i++) {
		if (!path_hop(path, i)->has_address)
			continue;
		address_text(address, &path_hop(path, i)->address,
			path_comment(path)->family);
		if (strlen(address) > most)
			most = strlen(address);
	}
	return (int)most;
}

static void put_hops(
	struct page *page, struct probe_view *view, const struct path *path)
{
	unsigned count = path_hop_count(path), most = view->rows - 2;
	unsigned first = count > most ? count - most : 0;
	int columns = address_columns(path, first);

	for (unsigned i = first; i < count; i++) {
		const struct path_hop *hop = path_hop(path, i);
		char address[ADDRESS_TEXT] = "no response yet";
		char trip[DURATION_TEXT] = "";

		if (hop->has_address)
			address_text(address, &hop->address,
				path_comment(path)->family);
		if (hop->rtt_ns != INT64_MAX)
			(void)duration_text(trip, hop->rtt_ns);
		put_line(page, view, "  %2u  %-*s %10s  %3u sent %3u lost",
			hop->ttl, columns, address, trip, hop->sent, hop->lost);
		put(page, "\n");
		view->lines++;
	}
}

static void put_clear(struct page *page, struct probe_view *view)
{
	char up[16];

	put(page, "\r");
	if (view->is_dumb) {
		put_line(page, view, "%*s", (int)view->columns - 1, "");
		put(page, "\r");
		return;
	}
	if (view->lines) {
		(void)snprintf(up, sizeof(up), "\033[%uA", view->lines);
		put(page, up);
	}
	put(page, "\033[J");
	view->lines = 0;
}

void probe_view_draw(struct probe_view *view, struct path *path,
	const struct runner_progress *progress)
{
	struct page page = {.used = 0};

	if (!view->is_wanted)
		return;
	if (view->is_drawn)
		put_clear(&page, view);
	if (!view->is_dumb) {
		path_look(path);
		put_hops(&page, view, path);
	}
	put_status(&page, view, progress);
	show(&page);
	view->is_drawn = true;
}

void probe_view_clear(struct probe_view *view)
{
	struct page page = {.used = 0};

	if (!view->is_drawn)
		return;
	put_clear(&page, view);
	show(&page);
	view->is_drawn = false;
}
