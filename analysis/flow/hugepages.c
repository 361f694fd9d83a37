#include "analysis/flow/hugepages.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum { HUGE_PAGE_BYTES = 2 * 1024 * 1024, LINE_BYTES = 64 };

/* Whole huge pages: of other lengths the kernel aligns no mapping, so that most
 * of it would be small pages. */
static size_t whole_pages(size_t bytes)
{
	return (bytes + HUGE_PAGE_BYTES - 1) & ~(size_t)(HUGE_PAGE_BYTES - 1);
}

void *hugepages_new(size_t bytes, bool will_fill)
{
	void *pages;

	if (bytes < HUGE_PAGE_BYTES) {
		if (posix_memalign(&pages, LINE_BYTES, bytes) != 0)
			return NULL;
		return memset(pages, 0, bytes);
	}
	pages = mmap(NULL, whole_pages(bytes), PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (pages == MAP_FAILED)
		return NULL;
	/* A hint: kernels without huge pages refuse it, without effect. */
	if (will_fill)
		(void)madvise(pages, whole_pages(bytes), MADV_HUGEPAGE);
	return pages;
}

void hugepages_let_go(void *pages, size_t bytes)
{
	if (bytes >= HUGE_PAGE_BYTES)
		(void)madvise(pages, bytes, MADV_DONTNEED); /* or it stays */
}

void hugepages_free(void *pages, size_t bytes)
{
	int error = 0;

	if (bytes < HUGE_PAGE_BYTES)
		free(pages);
	else if (pages)
		error = munmap(pages, whole_pages(bytes));
	assert(error == 0); /* what hugepages_new gave, with its size */
	(void)error;
}
