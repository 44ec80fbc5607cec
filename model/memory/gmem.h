/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The one door to guest memory: a table of windows from guest-physical
 * addresses to bytes. The windows may be a VM's own RAM, a shared BAR or
 * another VM's RAM; whoever holds the table can reach what it lists and
 * nothing else. Knows bounds, endianness and order, not what bytes mean.
 */
#ifndef TWINRING_MODEL_MEMORY_GMEM_H
#define TWINRING_MODEL_MEMORY_GMEM_H

#include <assert.h>
#include <endian.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "model/numbers/limits.h"

enum gmem_kind { GMEM_RAM, GMEM_BAR, GMEM_PEER_RAM };

struct gmem_window {
	uint64_t gpa;
	uint64_t size;
	uint8_t *base;
	uint16_t owner;  /* VM whose memory it is; for a BAR, the link */
	uint8_t kind;    /* enum gmem_kind */
	uint8_t zero[5]; /* no holes: a world is compared by its bytes */
};

struct store_buffers;

struct gmem {
	struct store_buffers *stores; /* NULL: every store is seen at once */
	struct gmem_window *window;   /* whose memory it is given */
	uint32_t count;
	uint32_t room; /* windows that it was given memory for */
};

/*
 * Adds a window. False when it would wrap, overlap another or exceed the
 * room; the table is then unchanged.
 */
bool gmem_add(struct gmem *m, struct gmem_window w);

/* Removes the window that begins at @gpa; false when there is none. */
bool gmem_remove(struct gmem *m, uint64_t gpa);

/* The window that holds all of [@gpa, @gpa + @len), or NULL. */
static inline const struct gmem_window *gmem_find(const struct gmem *m,
						  uint64_t gpa, uint64_t len)
{
	for (uint32_t i = 0; i < m->count; i++) {
		const struct gmem_window *w = &m->window[i];
		uint64_t off = gpa - w->gpa; /* wraps below the window */

		if (off < w->size && len <= w->size - off)
			return w;
	}
	return NULL;
}

/* The bytes at [@gpa, @gpa + @len), or NULL if any of it cannot be reached. */
static inline uint8_t *gmem_at(const struct gmem *m, uint64_t gpa, uint64_t len)
{
	const struct gmem_window *w = gmem_find(m, gpa, len);

	return w ? w->base + (gpa - w->gpa) : NULL;
}

/*
 * Words of a ring. @p is aligned to the word and was bounds-checked when the
 * ring was mapped. A word that another party may change is loaded once.
 */
static inline uint16_t gmem_load16(const uint8_t *p)
{
	return le16toh(__atomic_load_n((const uint16_t *)p, __ATOMIC_RELAXED));
}

/* Later loads see what the writer stored before it released this word. */
static inline uint16_t gmem_load16_acquire(const uint8_t *p)
{
	return le16toh(__atomic_load_n((const uint16_t *)p, __ATOMIC_ACQUIRE));
}

static inline void gmem_store16(uint8_t *p, uint16_t v)
{
	__atomic_store_n((uint16_t *)p, htole16(v), __ATOMIC_RELAXED);
}

/* Earlier stores are seen by whoever acquires this word. */
static inline void gmem_store16_release(uint8_t *p, uint16_t v)
{
	__atomic_store_n((uint16_t *)p, htole16(v), __ATOMIC_RELEASE);
}

static inline uint32_t gmem_load32(const uint8_t *p)
{
	return le32toh(__atomic_load_n((const uint32_t *)p, __ATOMIC_RELAXED));
}

static inline void gmem_store32(uint8_t *p, uint32_t v)
{
	__atomic_store_n((uint32_t *)p, htole32(v), __ATOMIC_RELAXED);
}

static inline uint64_t gmem_load64(const uint8_t *p)
{
	return le64toh(__atomic_load_n((const uint64_t *)p, __ATOMIC_RELAXED));
}

static inline void gmem_store64(uint8_t *p, uint64_t v)
{
	__atomic_store_n((uint64_t *)p, htole64(v), __ATOMIC_RELAXED);
}

/* Orders an earlier store before a later load: index before suppression. */
static inline void gmem_fence(void)
{
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
}

#endif
