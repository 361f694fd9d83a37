/* The HTML report of `analyze`: when all is judged, it goes through the capture
 * once more for the packets of connections that stand for their groups. */
#ifndef CLI_PAGE_PASS_H
#define CLI_PAGE_PASS_H

#include "analysis/path/path.h"
#include "cli/page_file.h"
#include "cli/page_folder.h"
#include "cli/pipeline.h"

struct page_pass {
	struct page_file file;
	struct page_folder folder; /* where `file` names one */
	struct inputs *again;	   /* NULL: what is read can't be read twice */
	/* what the second reading has to do as the first one did */
	struct filter *filter;
	uint64_t max_packets;
	const volatile sig_atomic_t *is_stopped;
	bool has_progress_line;
};

/* Opens the inputs a second time, if an HTML report is asked for and they are
 * plain files, and adds them to `run_files`: by then a name may lead to another
 * file. `files` has to stay. */
bool page_pass_open(struct page_pass *pass, const struct input_file *files,
	unsigned count, struct run_files *run_files, struct failure *failure);
/* Opens the report's file, or the folder's. */
bool page_pass_prepare(struct page_pass *pass, struct command_run *run,
	struct failure *failure);
bool page_pass_begin(struct page_pass *pass, struct failure *failure);
void page_pass_close(struct page_pass *pass);

/* Writes and closes the HTML report, if it is asked for: of the path where
 * there is one (a probe's recording), else of the incidents. False with a
 * sentence. */
bool page_pass_write(struct page_pass *pass, const struct path *path,
	const struct report_source *source, struct failure *failure);

#endif
