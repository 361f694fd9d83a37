/* The folder of an HTML report, --html FOLDER: index.html, which is the page of
 * a file, and for each incident that stands for its group a page with all of
 * its packets. How many those are is known only when all is judged; so a
 * process of its own opens them (cli/file_opener.h). It opens an index that is
 * new as well, once nothing can be refused any more. Nothing is deleted: pages
 * that an earlier report left there, and this one does not have, are replaced
 * by one that says so; what is no page of culprit's is left alone. */
#ifndef CLI_PAGE_FOLDER_H
#define CLI_PAGE_FOLDER_H

#include "cli/run_files.h"
#include "report/page/page_groups.h"

struct page_folder {
	char *index;   /* path of index.html; NULL: it is no folder */
	char *pattern; /* of all, without their names */
	bool is_new;   /* there is no index yet */
	int opener;    /* a socket */
	const struct run_files *files;
	/* a page of this number was there before: of an earlier report */
	bool was_there[PAGE_EXAMPLES_MOST];
	/* those pages, and the index behind them, to be read; 0: not open */
	int earlier[PAGE_EXAMPLES_MOST + 1];
	FILE *streams[PAGE_EXAMPLES_MOST];
	unsigned count;
};

/* Whether `path` is a folder; then its index is named, and the process that
 * opens the others started, before privilege is given up. False with a
 * sentence. */
bool page_folder_open(struct page_folder *folder, const char *path,
	const struct run_files *files, struct failure *failure);

/* Whether none of the pages that are there is another file of the run, once the
 * outputs are open. False with a sentence about wrong usage. */
bool page_folder_check(struct page_folder *folder, struct failure *failure);

/* Reads whether they are pages of culprit's, before anything is written. False
 * with a sentence about wrong usage. */
bool page_folder_read(struct page_folder *folder, struct failure *failure);

/* Creates an index that is new; NULL with a sentence. */
FILE *page_folder_begin_index(
	struct page_folder *folder, struct failure *failure);

/* Begins a page for each example. False with a sentence. */
bool page_folder_begin(struct page_folder *folder, struct page_groups *groups,
	const struct page_examples *examples, struct failure *failure);

/* Replaces what an earlier report left and this one has not begun. False with a
 * sentence. */
bool page_folder_replace(struct page_folder *folder, struct failure *failure);

/* Closes the pages, once they have ended. False with a sentence when something
 * was lost. */
bool page_folder_finish(struct page_folder *folder, struct failure *failure);

void page_folder_close(struct page_folder *folder);

#endif
