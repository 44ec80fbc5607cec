/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * For a test: memory that runs out. The program is linked with these in place
 * of what gives out memory; the Nth time that it asks, counted from 1, there is
 * none, and with "N+" not later either. N is in TWINRING_FAIL; that it came to
 * that is noted in the file TWINRING_FAIL_NOTE, with the place that asked.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/types.h>

extern const char __executable_start;

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *old, size_t size);
void *__real_aligned_alloc(size_t align, size_t size);
char *__real_strdup(const char *text);
FILE *__real_open_memstream(char **text, size_t *size);
FILE *__real_fmemopen(void *at, size_t size, const char *mode);
void *__real_mmap(void *at, size_t size, int access, int flags, int fd,
		  off_t off);

void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *old, size_t size);
void *__wrap_aligned_alloc(size_t align, size_t size);
char *__wrap_strdup(const char *text);
FILE *__wrap_open_memstream(char **text, size_t *size);
FILE *__wrap_fmemopen(void *at, size_t size, const char *mode);
void *__wrap_mmap(void *at, size_t size, int access, int flags, int fd,
		  off_t off);

static unsigned long asked; /* times */

static void note(const void *who)
{
	const char *name = getenv("TWINRING_FAIL_NOTE");
	FILE *out = name ? fopen(name, "w") : NULL;

	if (!out)
		return;
	fprintf(out, "0x%lx\n",
		(unsigned long)((const char *)who - &__executable_start));
	fclose(out);
}

/* Whether there is no memory this time. */
static bool is_out(const void *who)
{
	const char *at = getenv("TWINRING_FAIL");
	unsigned long n;
	char *end;

	if (!at)
		return false;
	n = strtoul(at, &end, 10);
	asked++;
	if (asked < n || (asked > n && *end != '+'))
		return false;
	if (asked == n)
		note(who);
	errno = ENOMEM;
	return true;
}

#define OUT is_out(__builtin_return_address(0))

void *__wrap_malloc(size_t size)
{
	return OUT ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
	return OUT ? NULL : __real_calloc(count, size);
}

void *__wrap_realloc(void *old, size_t size)
{
	return OUT ? NULL : __real_realloc(old, size);
}

void *__wrap_aligned_alloc(size_t align, size_t size)
{
	return OUT ? NULL : __real_aligned_alloc(align, size);
}

char *__wrap_strdup(const char *text)
{
	return OUT ? NULL : __real_strdup(text);
}

FILE *__wrap_open_memstream(char **text, size_t *size)
{
	return OUT ? NULL : __real_open_memstream(text, size);
}

FILE *__wrap_fmemopen(void *at, size_t size, const char *mode)
{
	return OUT ? NULL : __real_fmemopen(at, size, mode);
}

void *__wrap_mmap(void *at, size_t size, int access, int flags, int fd,
		  off_t off)
{
	return OUT ? MAP_FAILED : __real_mmap(at, size, access, flags, fd, off);
}
