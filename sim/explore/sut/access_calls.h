/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What compilers call with -fsanitize=thread, which is how they are asked to
 * show accesses; nothing here is about threads. For one file of a program,
 * which defines before it includes this
 *
 *	accessed(at, size, write)	is told of 1, 2, 4, 8 or 16 bytes
 *	accessed_range(at, size, write)	of any number, or none
 *
 * and says ACCESS_LIBRARY() for the library's functions that touch memory.
 */
#ifndef TWINRING_SIM_EXPLORE_SUT_ACCESS_CALLS_H
#define TWINRING_SIM_EXPLORE_SUT_ACCESS_CALLS_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define ACCESS(bytes)                                       \
	void __tsan_read##bytes(const void *at);            \
	void __tsan_write##bytes(const void *at);           \
	void __tsan_unaligned_read##bytes(const void *at);  \
	void __tsan_unaligned_write##bytes(const void *at); \
	void __tsan_read##bytes(const void *at)             \
	{                                                   \
		accessed(at, bytes, false);                 \
	}                                                   \
	void __tsan_write##bytes(const void *at)            \
	{                                                   \
		accessed(at, bytes, true);                  \
	}                                                   \
	void __tsan_unaligned_read##bytes(const void *at)   \
	{                                                   \
		accessed(at, bytes, false);                 \
	}                                                   \
	void __tsan_unaligned_write##bytes(const void *at)  \
	{                                                   \
		accessed(at, bytes, true);                  \
	}

ACCESS(1)
ACCESS(2)
ACCESS(4)
ACCESS(8)
ACCESS(16)

#define ATOMIC(bits)                                                   \
	uint##bits##_t __tsan_atomic##bits##_load(                     \
		const volatile uint##bits##_t *at, int order);         \
	void __tsan_atomic##bits##_store(volatile uint##bits##_t *at,  \
					 uint##bits##_t v, int order); \
	uint##bits##_t __tsan_atomic##bits##_load(                     \
		const volatile uint##bits##_t *at, int order)          \
	{                                                              \
		(void)order;                                           \
		accessed(at, sizeof *at, false);                       \
		return *at;                                            \
	}                                                              \
	void __tsan_atomic##bits##_store(volatile uint##bits##_t *at,  \
					 uint##bits##_t v, int order)  \
	{                                                              \
		(void)order;                                           \
		accessed(at, sizeof *at, true);                        \
		*at = v;                                               \
	}

ATOMIC(8)
ATOMIC(16)
ATOMIC(32)
ATOMIC(64)

void __tsan_read_range(const void *at, size_t size);
void __tsan_write_range(const void *at, size_t size);
void __tsan_atomic_thread_fence(int order);
void __tsan_func_entry(const void *caller);
void __tsan_func_exit(void);
void __tsan_init(void);

void __tsan_read_range(const void *at, size_t size)
{
	accessed_range(at, size, false);
}

void __tsan_write_range(const void *at, size_t size)
{
	accessed_range(at, size, true);
}

void __tsan_atomic_thread_fence(int order)
{
	(void)order; /* one thread: it sees its own order */
}

void __tsan_func_entry(const void *caller)
{
	(void)caller;
}

void __tsan_func_exit(void)
{
}

void __tsan_init(void)
{
}

/* Watched code calls @to##memcpy and so on; @real##memcpy does it. */
#define ACCESS_LIBRARY(to, real)                                     \
	void *to##memcpy(void *out, const void *from, size_t size);  \
	void *to##memmove(void *out, const void *from, size_t size); \
	void *to##memset(void *out, int byte, size_t size);          \
	int to##memcmp(const void *a, const void *b, size_t size);   \
	void *to##memcpy(void *out, const void *from, size_t size)   \
	{                                                            \
		accessed_range(from, size, false);                   \
		accessed_range(out, size, true);                     \
		return real##memcpy(out, from, size);                \
	}                                                            \
	void *to##memmove(void *out, const void *from, size_t size)  \
	{                                                            \
		accessed_range(from, size, false);                   \
		accessed_range(out, size, true);                     \
		return real##memmove(out, from, size);               \
	}                                                            \
	void *to##memset(void *out, int byte, size_t size)           \
	{                                                            \
		accessed_range(out, size, true);                     \
		return real##memset(out, byte, size);                \
	}                                                            \
	int to##memcmp(const void *a, const void *b, size_t size)    \
	{                                                            \
		accessed_range(a, size, false);                      \
		accessed_range(b, size, false);                      \
		return real##memcmp(a, b, size);                     \
	}

#endif
