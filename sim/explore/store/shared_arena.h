/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Memory that is there at one address in every worker of a search, and takes
 * none before it is written to. Knows pages only.
 */
#ifndef TWINRING_SIM_EXPLORE_STORE_SHARED_ARENA_H
#define TWINRING_SIM_EXPLORE_STORE_SHARED_ARENA_H

#include <assert.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SHARED_LINE = 64 }; /* bytes that go from one processor to another */

/*
 * @size bytes, all zero; with @shared, those who are forked later see the same.
 * NULL: no memory.
 */
void *shared_arena_map(size_t size, bool shared);

/* The same for what is gone through in order, which large pages do not help. */
void *shared_arena_map_row(size_t size, bool shared);
void shared_arena_unmap(void *at, size_t size);

/*
 * Whether the system gives large pages to memory that is shared. In small ones
 * two workers are up to a fifth slower.
 */
bool shared_arena_large(void);

/* Gives back what was written to [@at, @at + @size); it is zero again. */
void shared_arena_drop(void *at, size_t size, bool shared);

/* In a loop that waits for another worker. */
static inline void shared_arena_pause(void)
{
#if defined(__x86_64__) || defined(__i386__)
	__builtin_ia32_pause();
#endif
}

/* Words that are handed out in order and stay where they are. */
struct shared_pool {
	uint64_t *word;
	uint64_t *used; /* in shared memory itself */
	uint64_t size;
	bool shared;
};

bool shared_pool_open(struct shared_pool *p, uint64_t words, bool shared);
void shared_pool_close(struct shared_pool *p);

static inline uint64_t share_pool_bytes(const struct shared_pool *p)
{
	return *p->used * sizeof *p->word;
}

/* Where @words of them begin; UINT64_MAX: there are no more. */
static inline uint64_t shared_pool_take(struct shared_pool *p, uint64_t words)
{
	uint64_t at = __atomic_fetch_add(p->used, words, __ATOMIC_RELAXED);

	return at + words <= p->size ? at : UINT64_MAX;
}

#endif
