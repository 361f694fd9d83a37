/* What the facts of the HTML report mean. */
#ifndef REPORT_PAGE_PAGE_GLOSSARY_H
#define REPORT_PAGE_PAGE_GLOSSARY_H

#include "report/page/page.h"

/* Writes a line ["g", word, meaning] for every fact about connections, or about
 * paths, or for what becomes of packets and by what that is known: as `culprit
 * explain` has them. */
void page_glossary_connection(struct report_page *page);
void page_glossary_path(struct report_page *page);
void page_glossary_comparison(struct report_page *page);

#endif
