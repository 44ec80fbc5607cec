/* SPDX-License-Identifier: BSD-3-Clause */
#define _GNU_SOURCE /* MADV_REMOVE, O_TMPFILE, mincore() */
#include "sim/explore/store/shared_arena.h"

#include <assert.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <unistd.h>

enum { PAGE = 4096, LARGE = 1 << 21 };

/* A file system in memory that lends large pages to who asks; -1: none. */
static int large_pages(void)
{
	int mount = -1;

#ifdef FSOPEN_CLOEXEC /* glibc has it since 2.36 */
	int fs = fsopen("tmpfs", FSOPEN_CLOEXEC);

	if (fs < 0)
		return -1;
	if (!fsconfig(fs, FSCONFIG_SET_STRING, "huge", "advise", 0) &&
	    !fsconfig(fs, FSCONFIG_SET_STRING, "size", "0", 0) &&
	    !fsconfig(fs, FSCONFIG_CMD_CREATE, NULL, NULL, 0))
		mount = fsmount(fs, FSMOUNT_CLOEXEC, 0);
	close(fs);
#endif
	return mount;
}

/*
 * A file of @size bytes that is nowhere to be found, and gone with the last
 * memory that is mapped from it. Systems do not give large pages to anonymous
 * memory that is shared unless they are told to; to such a file they do, for
 * those who may mount. -1: they do not.
 */
static int large_file(size_t size)
{
	int mount = large_pages(), file = -1;

	if (mount < 0)
		return -1;
	file = openat(mount, ".", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	close(mount);
	if (file >= 0 && ftruncate(file, (off_t)size)) {
		close(file);
		return -1;
	}
	return file;
}

/* Maps @file, or if that is -1 what has no name. */
static void *map(size_t size, bool shared, int file)
{
	int how = MAP_NORESERVE | (file < 0 ? MAP_ANONYMOUS : 0) |
		  (shared ? MAP_SHARED : MAP_PRIVATE);
	void *p = mmap(NULL, size, PROT_READ | PROT_WRITE, how, file, 0);

	if (p == MAP_FAILED)
		return NULL;
	madvise(p, size, MADV_HUGEPAGE);
	return p;
}

void *shared_arena_map(size_t size, bool shared)
{
	int file = shared ? large_file(size) : -1;
	void *p = map(size, shared, file);

	if (file >= 0)
		close(file);
	return p;
}

void *shared_arena_map_row(size_t size, bool shared)
{
	return map(size, shared, -1);
}

/* Who writes to one place of a large page has got all of it. */
bool shared_arena_large(void)
{
	uint8_t *p = shared_arena_map(2 * LARGE, true), *page, last = 0;
	bool known;

	if (!p)
		return false;
	page = p + (LARGE - (uintptr_t)p % LARGE) % LARGE;
	*page = 1;
	known = mincore(page + LARGE - PAGE, PAGE, &last) == 0;
	shared_arena_unmap(p, 2 * LARGE);
	return known && last & 1;
}

void shared_arena_unmap(void *at, size_t size)
{
	if (at)
		munmap(at, size);
}

void shared_arena_drop(void *at, size_t size, bool shared)
{
	size_t whole = (size + PAGE - 1) / PAGE * PAGE;

	if (size)
		madvise(at, whole, shared ? MADV_REMOVE : MADV_DONTNEED);
}

/* The counter has a page of its own before the words. */
bool shared_pool_open(struct shared_pool *p, uint64_t words, bool shared)
{
	uint8_t *at = shared_arena_map(PAGE + words * sizeof(uint64_t), shared);

	*p = (struct shared_pool){.size = words, .shared = shared};
	if (!at)
		return false;
	p->used = (uint64_t *)at;
	p->word = (uint64_t *)(at + PAGE);
	return true;
}

void shared_pool_close(struct shared_pool *p)
{
	shared_arena_unmap(p->used, PAGE + p->size * sizeof(uint64_t));
	*p = (struct shared_pool){0};
}
