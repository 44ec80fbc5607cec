/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/search/visited.h"

enum { PAGE = 4096, BITS_FIRST = 16, BITS_MAX = 31 };

#define BLOCK (sizeof(uint64_t) << BITS_MAX)

bool visited_open(struct visited *v, bool shared)
{
	*v = (struct visited){.shared = shared};
	v->head = share_map(PAGE, shared);
	v->block[0] = share_map(BLOCK, shared);
	v->block[1] = share_map(BLOCK, shared);
	if (!v->head || !v->block[0] || !v->block[1])
		return false;
	v->head->bits = BITS_FIRST;
	return true;
}

void visited_close(struct visited *v)
{
	share_unmap(v->head, PAGE);
	share_unmap(v->block[0], BLOCK);
	share_unmap(v->block[1], BLOCK);
	*v = (struct visited){0};
}

/* Where @digest is, or the empty slot where it belongs. */
static uint64_t *slot_find(const struct visited *v, uint64_t digest)
{
	uint64_t mask = (UINT64_C(1) << v->head->bits) - 1;
	uint64_t i = digest >> (64 - v->head->bits);
	uint64_t *slot = v->block[v->head->side], there;

	while ((there = __atomic_load_n(&slot[i], __ATOMIC_RELAXED)) &&
	       there != digest)
		i = (i + 1) & mask;
	return &slot[i];
}

bool visited_has(const struct visited *v, uint64_t digest)
{
	return *slot_find(v, digest + (digest == 0));
}

static bool grow(struct visited *v)
{
	struct visited_head *h = v->head;
	const uint64_t *old = v->block[h->side];
	uint64_t slots = UINT64_C(1) << h->bits;

	if (h->bits == BITS_MAX)
		return false;
	h->side = !h->side;
	h->bits++;
	for (uint64_t i = 0; i < slots; i++)
		if (old[i])
			*slot_find(v, old[i]) = old[i];
	share_drop(v->block[!h->side], slots * sizeof *old, v->shared);
	return true;
}

bool visited_room(struct visited *v, uint64_t count)
{
	/* At three quarters, runs of taken slots get long. */
	while (count > (UINT64_C(3) << v->head->bits) / 4)
		if (!grow(v))
			return count < UINT64_C(1) << BITS_MAX;
	return true;
}

void visited_add(struct visited *v, uint64_t digest)
{
	uint64_t none;

	digest += digest == 0;
	do
		none = 0;
	while (!__atomic_compare_exchange_n(slot_find(v, digest), &none, digest,
					    false, __ATOMIC_RELAXED,
					    __ATOMIC_RELAXED) &&
	       none != digest);
}
