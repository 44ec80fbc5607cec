/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/search/claims.h"

#include <assert.h>
#include <string.h>

enum { BITS_FIRST = 12, BITS_MAX = 27 };

#define BLOCK (sizeof(struct claim) << BITS_MAX)

struct claims_head {
	uint64_t count;
	uint32_t bits; /* log2 of slots */
	uint32_t side; /* of two blocks, the one in use */
};

bool claims_open(struct claims *c, bool shared)
{
	*c = (struct claims){0};
	c->head = share_map(sizeof *c->head, shared);
	c->block[0] = share_map(BLOCK, shared);
	c->block[1] = share_map(BLOCK, shared);
	if (!c->head || !c->block[0] || !c->block[1])
		return false;
	c->head->bits = BITS_FIRST;
	return true;
}

void claims_close(struct claims *c)
{
	share_unmap(c->head, sizeof *c->head);
	share_unmap(c->block[0], BLOCK);
	share_unmap(c->block[1], BLOCK);
	*c = (struct claims){0};
}

/* Pages stay where they are: they are written to again. */
static void block_empty(struct claims *c, uint32_t side)
{
	memset(c->block[side], 0, sizeof(struct claim) << c->head->bits);
}

static bool fits(const struct claims *c, uint64_t count)
{
	return count <= (UINT64_C(1) << c->head->bits) / 2;
}

void claims_clear(struct claims *c, uint64_t count)
{
	block_empty(c, c->head->side);
	c->head->count = 0;
	c->head->bits = BITS_FIRST;
	while (!fits(c, count) && c->head->bits < BITS_MAX)
		c->head->bits++;
}

static uint64_t key_of(uint64_t digest)
{
	return digest + (digest == 0);
}

static struct claim *claim_at(const struct claims *c, uint64_t digest)
{
	return &c->block[c->head->side][digest >> (64 - c->head->bits)];
}

/* Whoever is behind the last one is the first. */
static struct claim *claim_next(const struct claims *c, struct claim *at)
{
	struct claim *first = c->block[c->head->side];

	return at + 1 == first + (UINT64_C(1) << c->head->bits) ? first
								: at + 1;
}

bool claims_grow(struct claims *c, uint64_t more)
{
	struct claims_head *h = c->head;

	while (!fits(c, h->count + more)) {
		const struct claim *old = c->block[h->side];
		uint64_t slots = UINT64_C(1) << h->bits;

		if (h->bits == BITS_MAX)
			return h->count + more < slots - slots / 8;
		h->side = !h->side;
		h->bits++;
		h->count = 0;
		for (uint64_t i = 0; i < slots; i++)
			if (old[i].digest)
				*claims_add(c, old[i].digest) = old[i];
		memset(c->block[!h->side], 0, slots * sizeof *old);
	}
	return true;
}

void claims_prefetch(const struct claims *c, uint64_t digest)
{
	__builtin_prefetch(claim_at(c, key_of(digest)));
}

struct claim *claims_find(const struct claims *c, uint64_t digest)
{
	uint64_t key = key_of(digest), there;
	struct claim *at = claim_at(c, key);

	while ((there = __atomic_load_n(&at->digest, __ATOMIC_RELAXED))) {
		if (there == key)
			return at;
		at = claim_next(c, at);
	}
	return NULL;
}

struct claim *claims_add(struct claims *c, uint64_t digest)
{
	uint64_t key = key_of(digest);
	struct claim *at = claim_at(c, key);

	for (;; at = claim_next(c, at)) {
		uint64_t there = 0;

		if (__atomic_compare_exchange_n(&at->digest, &there, key, false,
						__ATOMIC_RELAXED,
						__ATOMIC_RELAXED)) {
			__atomic_fetch_add(&c->head->count, 1,
					   __ATOMIC_RELAXED);
			return at;
		}
		if (there == key)
			return at;
	}
}

bool claim_take(struct claim *c, uint32_t round, uint32_t order)
{
	uint64_t mine = (uint64_t)round << 32 | order;
	uint64_t now = __atomic_load_n(&c->order, __ATOMIC_RELAXED);

	assert(!(now & CLAIM_PLACED));
	while (now >> 32 != round || now > mine)
		if (__atomic_compare_exchange_n(&c->order, &now, mine, false,
						__ATOMIC_RELAXED,
						__ATOMIC_RELAXED))
			return true;
	return now == mine;
}
