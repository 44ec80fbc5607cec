/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Memory of a world: one block, given out once at set-up, never freed in
 * parts. Everything that a run can change lies in such a block.
 */
#ifndef TWINRING_MODEL_MEMORY_ARENA_H
#define TWINRING_MODEL_MEMORY_ARENA_H

#include <assert.h>
#include <stddef.h>
#include <stdint.h>

struct arena {
	uint8_t *base; /* all zero at first */
	size_t size;
	size_t used;
};

/*
 * @size zeroed bytes at a multiple of @align, a power of two. The block was
 * made large enough: running out is a bug of ours.
 */
static inline void *arena_take(struct arena *a, size_t size, size_t align)
{
	size_t at = (a->used + align - 1) & ~(align - 1);

	assert(align && (align & (align - 1)) == 0);
	assert(at <= a->size && size <= a->size - at);
	a->used = at + size;
	return a->base + at;
}

#ifdef TWINRING_MUTANTS
/* Is told of each piece, for whoever says what lies where; or NULL. */
__attribute__((weak)) void (*arena_told)(const void *at, size_t size,
					 size_t count, const char *type,
					 const char *by);

static inline void *arena_tell(void *at, size_t size, size_t count,
			       const char *type, const char *by)
{
	if (arena_told)
		arena_told(at, size, count, type, by);
	return at;
}
#else
#define arena_tell(at, size, count, type, by) (at)
#endif

#define arena_new(a, type, count)                                      \
	((type *)arena_tell(                                           \
		arena_take(a, sizeof(type) * (count), _Alignof(type)), \
		sizeof(type), count, #type, __func__))

#endif
