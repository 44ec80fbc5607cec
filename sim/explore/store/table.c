/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/explore/store/table.h"

enum { PAGE = 4096 };

static size_t block_size(uint32_t bits)
{
	return sizeof(struct table_slot) << bits;
}

bool table_open(struct table *t, uint32_t bits, uint32_t bits_max, bool shared)
{
	*t = (struct table){
		.bits_first = bits, .bits_max = bits_max, .shared = shared};
	t->head = shared_arena_map(PAGE, shared);
	t->component[0] = shared_arena_map(block_size(bits_max), shared);
	t->component[1] = shared_arena_map(block_size(bits_max), shared);
	if (!t->head || !t->component[0] || !t->component[1])
		return false;
	t->head->bits = bits;
	return true;
}

void table_close(struct table *t)
{
	shared_arena_unmap(t->head, PAGE);
	shared_arena_unmap(t->component[0], block_size(t->bits_max));
	shared_arena_unmap(t->component[1], block_size(t->bits_max));
	*t = (struct table){0};
}

void table_clear(struct table *t)
{
	shared_arena_drop(t->component[t->head->side],
			  block_size(t->head->bits), t->shared);
	t->head->bits = t->bits_first;
	t->head->gone += t->head->count;
	t->head->count = 0;
}

uint64_t table_put(struct table *t, uint64_t key, uint64_t value)
{
	uint64_t mask = (UINT64_C(1) << t->head->bits) - 1;
	struct table_slot *component = t->component[t->head->side];
	uint64_t i = key >> (64 - t->head->bits), there, none;

	assert(value && t->head->count < mask);
	key += key == 0;
	for (;; i = (i + 1) & mask) {
		there = 0;
		if (__atomic_compare_exchange_n(&component[i].key, &there, key,
						false, __ATOMIC_RELAXED,
						__ATOMIC_RELAXED))
			__atomic_fetch_add(&t->head->count, 1,
					   __ATOMIC_RELAXED);
		else if (there != key)
			continue;
		none = 0;
		return __atomic_compare_exchange_n(
			       &component[i].value, &none, value, false,
			       __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE)
			       ? value
			       : none;
	}
}

bool table_grow(struct table *t)
{
	struct table_head *h = t->head;
	uint64_t slots = UINT64_C(1) << h->bits;
	const struct table_slot *old = t->component[h->side];

	if (h->count < slots / 2)
		return true;
	if (h->bits == t->bits_max)
		return h->count < slots - slots / 8;
	h->side = !h->side;
	h->bits++;
	h->count = 0;
	for (uint64_t i = 0; i < slots; i++)
		if (old[i].value)
			table_put(t, old[i].key, old[i].value);
	shared_arena_drop(t->component[!h->side], block_size(h->bits - 1),
			  t->shared);
	return true;
}
