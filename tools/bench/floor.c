/* SPDX-License-Identifier: BSD-3-Clause */
#include "tools/bench/floor.h"

#include <assert.h>
#include <stdlib.h>

#include "tools/system/clock.h"

enum { SIZE = 256, MASK = SIZE - 1, SLOT = 2048 };

struct bare_desc {
	uint64_t addr;
	uint32_t len;
	uint16_t flags, next;
};

/* One ring with both sides' private words. */
struct bare_ring {
	struct bare_desc desc[SIZE];
	uint16_t avail_idx, avail[SIZE];
	uint16_t used_idx;
	struct {
		uint32_t id, len;
	} used[SIZE];
	uint16_t seen_avail, seen_used;
	uint16_t free[SIZE], frees;
};

struct floor {
	struct bare_ring tx, rx;
	int32_t match[SIZE];
	uint8_t owner[SIZE];
	uint32_t slot[SIZE]; /* the sender's, oldest first */
	uint32_t first, last;
	uint32_t batch;
	uint64_t wrong;
};

enum { SENDER, RECEIVER, UNDER_WAY };

static void ring_begin(struct bare_ring *r)
{
	for (uint32_t i = 0; i < SIZE; i++)
		r->free[i] = (uint16_t)(SIZE - 1 - i);
	r->frees = SIZE;
}

static inline uint16_t ring_add(struct bare_ring *r, uint32_t slot)
{
	uint16_t i = r->free[--r->frees];
	uint16_t at = r->avail_idx;

	r->desc[i] = (struct bare_desc){(uint64_t)slot * SLOT, SLOT, 0, 0};
	r->avail[at & MASK] = i;
	__atomic_store_n(&r->avail_idx, (uint16_t)(at + 1), __ATOMIC_RELEASE);
	return i;
}

static inline void ring_use(struct bare_ring *r, uint32_t id, uint32_t len)
{
	uint16_t at = r->used_idx;

	r->used[at & MASK].id = id;
	r->used[at & MASK].len = len;
	__atomic_store_n(&r->used_idx, (uint16_t)(at + 1), __ATOMIC_RELEASE);
}

struct floor *floor_open(uint32_t batch)
{
	struct floor *f = calloc(1, sizeof *f);

	assert(batch <= SIZE / 2);
	if (!f)
		return NULL;
	f->batch = batch;
	ring_begin(&f->tx);
	ring_begin(&f->rx);
	for (uint32_t s = 0; s < SIZE; s++) {
		f->slot[s] = s;
		f->match[s] = ring_add(&f->rx, s);
	}
	f->last = SIZE;
	return f;
}

void floor_close(struct floor *f)
{
	free(f);
}

static inline void send_batch(struct floor *f)
{
	for (uint32_t n = 0; n < f->batch; n++) {
		uint32_t s = f->slot[f->first++ & MASK];

		f->wrong += f->owner[s] != SENDER;
		f->owner[s] = UNDER_WAY;
		ring_add(&f->tx, s);
	}
}

static inline void match_batch(struct floor *f)
{
	struct bare_ring *tx = &f->tx;

	while (tx->seen_avail !=
	       __atomic_load_n(&tx->avail_idx, __ATOMIC_ACQUIRE)) {
		uint16_t id = tx->avail[tx->seen_avail++ & MASK];
		uint64_t addr = tx->desc[id].addr;
		uint32_t s = (uint32_t)(addr / SLOT);

		if (addr >= (uint64_t)SIZE * SLOT || f->match[s] < 0) {
			f->wrong++;
			continue;
		}
		f->wrong += f->owner[s] != UNDER_WAY;
		ring_use(&f->rx, (uint32_t)f->match[s], tx->desc[id].len);
		f->match[s] = -1;
		ring_use(tx, id, 0);
	}
}

/* The receiver takes the slots and, by fiat, posts them for the sender. */
static inline void take_batch(struct floor *f)
{
	struct bare_ring *rx = &f->rx, *tx = &f->tx;

	while (rx->seen_used !=
	       __atomic_load_n(&rx->used_idx, __ATOMIC_ACQUIRE)) {
		uint32_t id = rx->used[rx->seen_used++ & MASK].id;
		uint32_t s = (uint32_t)(rx->desc[id].addr / SLOT);

		f->wrong += f->owner[s] != UNDER_WAY;
		f->owner[s] = SENDER;
		rx->free[rx->frees++] = (uint16_t)id;
		f->match[s] = ring_add(rx, s);
		f->slot[f->last++ & MASK] = s;
	}
	while (tx->seen_used !=
	       __atomic_load_n(&tx->used_idx, __ATOMIC_ACQUIRE))
		tx->free[tx->frees++] =
			(uint16_t)tx->used[tx->seen_used++ & MASK].id;
}

uint64_t floor_lap(struct floor *f, uint64_t packets, uint64_t *moved)
{
	uint64_t begin = clock_ns();

	for (*moved = 0; *moved < packets; *moved += f->batch) {
		send_batch(f);
		match_batch(f);
		take_batch(f);
	}
	assert(f->wrong == 0);
	return clock_ns() - begin;
}
