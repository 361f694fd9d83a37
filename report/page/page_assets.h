/* The two halves of an HTML report, made by report/page/assemble.sh: what
 * stands before its data (head, style, licence), and behind it (scripts). */
#ifndef REPORT_PAGE_PAGE_ASSETS_H
#define REPORT_PAGE_PAGE_ASSETS_H

/* From the first byte up to the byte that the second points to; UTF-8. */
extern const char page_head[], page_head_end[];
extern const char page_tail[], page_tail_end[];

#endif
