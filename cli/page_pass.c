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
	unsigned count, struct run_files *run_files, struct failure *failure)
{
	if (!pass->file.path)
		return true;
	for (unsigned i = 0; i < count; i++)
		if (!can_read_twice(files[i].path))
			return true;
	pass->again = inputs_open(files, count, failure);
	return pass->again && inputs_add_to(pass->again, run_files, failure);
}

bool page_pass_prepare(struct page_pass *pass, struct command_run *run,
	struct failure *failure)
{
	if (!page_folder_open(
		    &pass->folder, pass->file.path, &run->files, failure))
		return false;
	if (pass->folder.index)
		pass->file.path = pass->folder.index;
	return (pass->folder.is_new ||
		       page_file_open(&pass->file, run, failure)) &&
	       page_folder_check(&pass->folder, failure);
}

bool page_pass_begin(struct page_pass *pass, struct failure *failure)
{
	if (!page_folder_read(&pass->folder, failure) ||
		(pass->again && !inputs_begin(pass->again, failure)))
		return false;
	if (pass->folder.is_new)
		pass->file.stream =
			page_folder_begin_index(&pass->folder, failure);
	return !pass->folder.is_new || pass->file.stream;
}

void page_pass_close(struct page_pass *pass)
{
	struct failure ignored; /* of a report that was not begun */

	inputs_close(pass->again);
	(void)page_file_close(&pass->file, &ignored);
	page_folder_close(&pass->folder);
}

/* What packets are read again for. */
struct second_pass {
	struct page_flows *flows;
	struct page_groups *groups; /* NULL: the report is one file */
};

static void take(void *context, const struct batch *batch)
{
	const struct second_pass *second = context;

	for (uint32_t i = 0; i < batch->count; i++) {
		page_flows_take(second->flows, &batch->packets[i]);
		if (second->groups)
			page_groups_take(second->groups, &batch->packets[i]);
	}
}

/* Where the first reading was cut short, this one is too: that is told. */
static void read_again(struct page_pass *pass, struct second_pass *second)
{
	struct failure ignored;
	struct pipeline pipeline = {
		.inputs = pass->again,
		.filter = pass->filter,
		.max_packets = pass->max_packets,
		.consume = take,
		.context = second,
		.is_stopped = pass->is_stopped,
		.has_progress_line = pass->has_progress_line,
	};

	(void)pipeline_run(&pipeline, &ignored);
}

/* The packets of examples; in a folder, each with a page of its own. False with
 * a sentence. */
static bool add_packets(struct page_pass *pass, struct report_page *page,
	const struct page_examples *examples,
	const struct report_source *source, struct failure *failure)
{
	struct second_pass second = {NULL, NULL};
	bool has_all = true;

	if (!pass->again || !examples->count || *pass->is_stopped)
		return true;
	second.flows = page_flows_new(examples, source);
	if (second.flows && pass->folder.index) {
		second.groups = page_groups_new(examples, source);
		has_all = second.groups
				  ? page_folder_begin(&pass->folder,
					    second.groups, examples, failure)
				  : failure_set(failure, EXIT_INPUT_CUT,
					    "no memory for pages of groups");
	}
	if (second.flows && has_all) {
		read_again(pass, &second);
		page_flows_write(second.flows, page);
		if (second.groups)
			page_groups_links(page, examples);
	}
	page_groups_end(second.groups);
	page_flows_free(second.flows);
	return page_folder_finish(&pass->folder, failure) && has_all;
}

static bool write_incidents(struct page_pass *pass,
	const struct report_source *source, struct failure *failure)
{
	struct page_examples examples;
	struct report_page *page = page_begin(pass->file.stream);
	bool has_all = false;

	if (page) {
		page_summary(page, source, "capture");
		has_all = page_incidents(page, source, &examples);
	}
	if (!has_all)
		(void)failure_set(failure, EXIT_INPUT_CUT,
			"%s: no memory for the HTML report", pass->file.path);
	else
		has_all = add_packets(pass, page, &examples, source, failure);
	if (page)
		page_end(page);
	return has_all;
}

bool page_pass_write(struct page_pass *pass, const struct path *path,
	const struct report_source *source, struct failure *failure)
{
	struct failure at_close;
	bool has_all;

	if (!pass->file.stream)
		return true;
	has_all = path ? page_path(path, pass->file.stream) ||
				  failure_set(failure, EXIT_INPUT_CUT,
					  "%s: no memory for the HTML report",
					  pass->file.path)
		       : write_incidents(pass, source, failure);
	if (has_all)
		has_all = page_folder_replace(&pass->folder, failure);
	if (page_file_close(&pass->file, &at_close))
		return has_all;
	if (has_all)
		*failure = at_close;
	return false;
}
