#include "cli/page_pass.h"

#include <string.h>
#include <sys/stat.h>

#include "report/page/page_flows.h"
#include "report/page/page_path.h"
#include "report/page/page_summary.h"

static bool can_read_twice(const char *path)
{
	struct stat state;

	return strcmp(path, "-") != 0 && stat(path, &state) == 0 &&
	       S_ISREG(state.st_mode);
}

bool page_pass_open(struct page_pass *pass, const struct input_file *files,
	unsigned count, struct failure *failure)
{
	if (!pass->file.path)
		return true;
	for (unsigned i = 0; i < count; i++)
		if (!can_read_twice(files[i].path))
			return true;
	pass->again = inputs_open(files, count, failure);
	return pass->again != NULL;
}

bool page_pass_begin(struct page_pass *pass, struct failure *failure)
{
	return !pass->again || inputs_begin(pass->again, failure);
}

void page_pass_close(struct page_pass *pass)
{
	struct failure ignored; /* of a report that was not begun */

	inputs_close(pass->again);
	(void)page_file_close(&pass->file, &ignored);
}

static void take(void *context, const struct batch *batch)
{
	for (uint32_t i = 0; i < batch->count; i++)
		page_flows_take(context, &batch->packets[i]);
}

/* Where the first reading was cut short, this one is too: that is told. */
static void add_packets(struct page_pass *pass, struct report_page *page,
	const struct page_examples *examples,
	const struct report_source *source)
{
	struct failure ignored;
	struct page_flows *flows =
		pass->again && examples->count && !*pass->is_stopped
			? page_flows_new(examples, source)
			: NULL;
	struct pipeline pipeline = {
		.inputs = pass->again,
		.filter = pass->filter,
		.max_packets = pass->max_packets,
		.consume = take,
		.context = flows,
		.is_stopped = pass->is_stopped,
		.has_progress_line = pass->has_progress_line,
	};

	if (flows && pipeline_run(&pipeline, &ignored) != PIPELINE_FAILED)
		page_flows_write(flows, page);
	page_flows_free(flows);
}

static bool write_incidents(
	struct page_pass *pass, const struct report_source *source)
{
	struct page_examples examples;
	struct report_page *page = page_begin(pass->file.stream);

	if (!page)
		return false;
	page_summary(page, source, "capture");
	bool has_all = page_incidents(page, source, &examples);

	if (has_all)
		add_packets(pass, page, &examples, source);
	page_end(page);
	return has_all;
}

bool page_pass_write(struct page_pass *pass, const struct path *path,
	const struct report_source *source, struct failure *failure)
{
	if (!pass->file.stream)
		return true;
	bool has_all = path ? page_path(path, pass->file.stream)
			    : write_incidents(pass, source);

	if (!page_file_close(&pass->file, failure))
		return false;
	return has_all ||
	       failure_set(failure, EXIT_INPUT_CUT,
		       "%s: no memory for the HTML report", pass->file.path);
}
