/* A page for each incident that stands for its group, with all packets of its
 * connection: beside the page of the capture, in a folder. */
#ifndef REPORT_PAGE_PAGE_GROUPS_H
#define REPORT_PAGE_PAGE_GROUPS_H

#include "report/page/page_incidents.h"

enum { PAGE_GROUP_NAME = 24 };

/* "group-0001.html", by the number of its example. */
const char *page_group_name(char name[PAGE_GROUP_NAME], unsigned number);

struct page_groups;

/* NULL without memory. `examples` and `source` have to stay. */
struct page_groups *page_groups_new(const struct page_examples *examples,
	const struct report_source *source);

/* Begins the page of an example; `out` has to stay until the end, and keeps its
 * errors. False without memory (1.4 MB a page). */
bool page_groups_begin(struct page_groups *groups, unsigned number, FILE *out);

/* Every packet of the capture, in the order of recording. */
void page_groups_take(struct page_groups *groups, const struct packet *packet);

/* Ends all pages and frees them. */
void page_groups_end(struct page_groups *groups);

/* Lines of the capture's page: which incidents have a page of their own. */
void page_groups_links(
	struct report_page *page, const struct page_examples *examples);

/* Stands in the head of every page. */
extern const char page_generator[];

/* The page of a number that the report of this folder does not have. */
void page_group_write_none(FILE *out);

#endif
