/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/search/footprint.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

struct footprint footprint;

bool footprint_open(void *base, size_t size)
{
	size_t words = size / FOOTPRINT_WORD;

	assert(!footprint.base && size % FOOTPRINT_WORD == 0);
	footprint.read = calloc(words, 1);
	footprint.written = calloc(words, 1);
	footprint.touched = calloc(words, sizeof *footprint.touched);
	if (!footprint.read || !footprint.written || !footprint.touched) {
		footprint_close();
		return false;
	}
	footprint.base = base;
	footprint.size = size;
	return true;
}

void footprint_close(void)
{
	free(footprint.read);
	free(footprint.written);
	free(footprint.touched);
	footprint = (struct footprint){0};
}

void footprint_begin(void)
{
	if (!footprint.base)
		return;
	for (uint32_t i = 0; i < footprint.count; i++) {
		footprint.read[footprint.touched[i]] = 0;
		footprint.written[footprint.touched[i]] = 0;
	}
	footprint.count = 0;
	footprint.on = true;
}

void footprint_end(void)
{
	footprint.on = false;
}

#ifdef TWINRING_WATCHED

static inline void touch_word(size_t word, uint8_t bytes, bool write)
{
	struct footprint *f = &footprint;

	if (!f->read[word] && !f->written[word])
		f->touched[f->count++] = (uint32_t)word;
	if (write)
		f->written[word] |= bytes;
	else
		f->read[word] |= (uint8_t)(bytes & ~f->written[word]);
}

static void touch(const volatile void *at, size_t size, bool write)
{
	size_t from = (size_t)((uintptr_t)at - (uintptr_t)footprint.base);

	if (!footprint.on || from >= footprint.size)
		return;
	if (size > footprint.size - from)
		size = footprint.size - from;
	while (size) {
		size_t in = from % FOOTPRINT_WORD;
		size_t n =
			FOOTPRINT_WORD - in < size ? FOOTPRINT_WORD - in : size;

		touch_word(from / FOOTPRINT_WORD,
			   (uint8_t)(((1u << n) - 1) << in), write);
		from += n;
		size -= n;
	}
}

/* Most accesses are to a part of one word. */
static inline void touch_few(const volatile void *at, size_t size, bool write)
{
	size_t from = (size_t)((uintptr_t)at - (uintptr_t)footprint.base);
	size_t in = from % FOOTPRINT_WORD;

	if (!footprint.on || from >= footprint.size)
		return;
	if (in + size <= FOOTPRINT_WORD)
		touch_word(from / FOOTPRINT_WORD,
			   (uint8_t)(((1u << size) - 1) << in), write);
	else
		touch(at, size, write);
}

/*
 * What compilers call with -fsanitize=thread, which is how they are asked to
 * show accesses; nothing here is about threads.
 */
#define ACCESS(bytes)                                       \
	void __tsan_read##bytes(const void *at);            \
	void __tsan_write##bytes(const void *at);           \
	void __tsan_unaligned_read##bytes(const void *at);  \
	void __tsan_unaligned_write##bytes(const void *at); \
	void __tsan_read##bytes(const void *at)             \
	{                                                   \
		touch_few(at, bytes, false);                \
	}                                                   \
	void __tsan_write##bytes(const void *at)            \
	{                                                   \
		touch_few(at, bytes, true);                 \
	}                                                   \
	void __tsan_unaligned_read##bytes(const void *at)   \
	{                                                   \
		touch_few(at, bytes, false);                \
	}                                                   \
	void __tsan_unaligned_write##bytes(const void *at)  \
	{                                                   \
		touch_few(at, bytes, true);                 \
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
		touch_few(at, sizeof *at, false);                      \
		return *at;                                            \
	}                                                              \
	void __tsan_atomic##bits##_store(volatile uint##bits##_t *at,  \
					 uint##bits##_t v, int order)  \
	{                                                              \
		(void)order;                                           \
		touch_few(at, sizeof *at, true);                       \
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
	touch(at, size, false);
}

void __tsan_write_range(const void *at, size_t size)
{
	touch(at, size, true);
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

/* Watched code calls these in place of the library's. */
void *footprint_memcpy(void *to, const void *from, size_t size);
void *footprint_memmove(void *to, const void *from, size_t size);
void *footprint_memset(void *to, int byte, size_t size);
int footprint_memcmp(const void *a, const void *b, size_t size);

void *footprint_memcpy(void *to, const void *from, size_t size)
{
	touch(from, size, false);
	touch(to, size, true);
	return memcpy(to, from, size);
}

void *footprint_memmove(void *to, const void *from, size_t size)
{
	touch(from, size, false);
	touch(to, size, true);
	return memmove(to, from, size);
}

void *footprint_memset(void *to, int byte, size_t size)
{
	touch(to, size, true);
	return memset(to, byte, size);
}

int footprint_memcmp(const void *a, const void *b, size_t size)
{
	touch(a, size, false);
	touch(b, size, false);
	return memcmp(a, b, size);
}

#endif
