/* Large zeroed memory for tables that are entered at random. In pages of 4 KiB
 * nearly every such access also misses the address translation cache, which
 * costs more than the data, twice so in a virtual machine; in huge pages it
 * doesn't. Where the system gives none, and below one of them, it is ordinary
 * memory. */
#ifndef ANALYSIS_FLOW_HUGEPAGES_H
#define ANALYSIS_FLOW_HUGEPAGES_H

#include <stdbool.h>
#include <stddef.h>

/* Zeroed memory that takes room only where it is touched, by the huge page if
 * most of it `will_fill`; NULL: none is left. To be freed by
 * hugepages_free with the same size. */
void *hugepages_new(size_t bytes, bool will_fill);
void hugepages_free(void *pages, size_t bytes);

/* They are not needed any more, and freed later: memory that is not of malloc
 * goes back now, and is zero where it is looked at all the same. */
void hugepages_let_go(void *pages, size_t bytes);

#endif
