/* SPDX-License-Identifier: BSD-3-Clause */
#define _GNU_SOURCE /* MADV_REMOVE */
#include "sim/search/share.h"

#include <assert.h>
#include <sys/mman.h>

enum { PAGE = 4096 };

void *share_map(size_t size, bool shared)
{
	int how = MAP_ANONYMOUS | MAP_NORESERVE;
	void *p = mmap(NULL, size, PROT_READ | PROT_WRITE,
		       how | (shared ? MAP_SHARED : MAP_PRIVATE), -1, 0);

	if (p == MAP_FAILED)
		return NULL;
	madvise(p, size, MADV_HUGEPAGE);
	return p;
}

void share_unmap(void *at, size_t size)
{
	if (at)
		munmap(at, size);
}

void share_drop(void *at, size_t size, bool shared)
{
	size_t whole = (size + PAGE - 1) / PAGE * PAGE;

	if (size)
		madvise(at, whole, shared ? MADV_REMOVE : MADV_DONTNEED);
}

/* The counter has a page of its own before the words. */
bool share_pool_open(struct share_pool *p, uint64_t words, bool shared)
{
	uint8_t *at = share_map(PAGE + words * sizeof(uint64_t), shared);

	*p = (struct share_pool){.size = words, .shared = shared};
	if (!at)
		return false;
	p->used = (uint64_t *)at;
	p->word = (uint64_t *)(at + PAGE);
	return true;
}

void share_pool_close(struct share_pool *p)
{
	share_unmap(p->used, PAGE + p->size * sizeof(uint64_t));
	*p = (struct share_pool){0};
}
