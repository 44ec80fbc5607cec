/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/explore/sut/footprint.h"

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

#define accessed       touch_few
#define accessed_range touch
#include "sim/explore/sut/access_calls.h"

/* Watched code calls these in place of the library's. */
ACCESS_LIBRARY(footprint_, )

#endif
