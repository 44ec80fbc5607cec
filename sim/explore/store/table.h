/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A map from digests to numbers. Several workers put and find at once; nothing
 * is ever taken out. It grows when nobody else looks at it. Knows nothing of
 * what the numbers say.
 */
#ifndef TWINRING_SIM_EXPLORE_STORE_TABLE_H
#define TWINRING_SIM_EXPLORE_STORE_TABLE_H

#include <assert.h>

#include "sim/explore/store/shared_arena.h"

struct table_slot {
	uint64_t key;   /* 0: empty */
	uint64_t value; /* 0: not there yet */
};

/* Shared by all workers; what changes all the time has a line of its own. */
struct table_head {
	uint32_t bits; /* log2 of slots */
	uint32_t side; /* of two components, the one in use */
	uint64_t gone; /* keys that were there before it was emptied */
	_Alignas(SHARED_LINE) uint64_t count;
};

struct table {
	struct table_head *head;
	struct table_slot *component[2];
	uint32_t bits_first, bits_max;
	bool shared;
};

/* False: no memory. */
bool table_open(struct table *t, uint32_t bits, uint32_t bits_max, bool shared);
void table_close(struct table *t);

/* Empties it. Nobody else may look. */
void table_clear(struct table *t);

/* Keys that have ever been put there. */
static inline uint64_t table_ever(const struct table *t)
{
	return t->head->gone + t->head->count;
}

static inline uint64_t table_bytes(const struct table *t)
{
	return sizeof(struct table_slot) << t->head->bits;
}

/* Grows it where it is more than half full; false: there is no more room. */
bool table_grow(struct table *t);

/* Begins to fetch what table_find() will look at. */
static inline void table_prefetch(const struct table *t, uint64_t key)
{
	__builtin_prefetch(
		&t->component[t->head->side][key >> (64 - t->head->bits)]);
}

/* What belongs to @key, or 0. */
static inline uint64_t table_find(const struct table *t, uint64_t key)
{
	uint64_t mask = (UINT64_C(1) << t->head->bits) - 1;
	struct table_slot *component = t->component[t->head->side];
	uint64_t i = key >> (64 - t->head->bits), there;

	key += key == 0;
	while ((there = __atomic_load_n(&component[i].key, __ATOMIC_RELAXED))) {
		if (there == key)
			return __atomic_load_n(&component[i].value,
					       __ATOMIC_ACQUIRE);
		i = (i + 1) & mask;
	}
	return 0;
}

/* Puts @value there, unless somebody was first: what is there afterwards. */
uint64_t table_put(struct table *t, uint64_t key, uint64_t value);

#endif
