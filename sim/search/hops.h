/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A map from digests to numbers that forgets: what is put last takes the place
 * of what was there. Several workers put and find at once, without waiting for
 * each other: what two of them have half written is taken for nothing. Knows
 * nothing of what the numbers say.
 */
#ifndef TWINRING_SIM_SEARCH_HOPS_H
#define TWINRING_SIM_SEARCH_HOPS_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/search/share.h"

struct hop {
	uint64_t check; /* the key and all else, so that it shows what fits */
	uint64_t more;  /* whatever goes with it */
	uint32_t to;    /* 0: nothing is there */
};

struct hops {
	struct hop *hop;
	uint32_t bits;
};

/* False: no memory. */
static inline bool hops_open(struct hops *h, uint32_t bits, bool shared)
{
	*h = (struct hops){share_map(sizeof *h->hop << bits, shared), bits};
	return h->hop;
}

static inline void hops_close(struct hops *h)
{
	share_unmap(h->hop, sizeof *h->hop << h->bits);
	*h = (struct hops){0};
}

static inline uint64_t hop_check(uint64_t key, uint32_t to, uint64_t more)
{
	return key ^ more ^ to * UINT64_C(0x9e3779b97f4a7c15);
}

/* Begins to fetch what hops_find() will look at. */
static inline void hops_prefetch(const struct hops *h, uint64_t key)
{
	__builtin_prefetch(&h->hop[key >> (64 - h->bits)]);
}

/* What belongs to @key, or 0. */
static inline uint32_t hops_find(const struct hops *h, uint64_t key,
				 uint64_t *more)
{
	const struct hop *at = &h->hop[key >> (64 - h->bits)];
	uint32_t to = __atomic_load_n(&at->to, __ATOMIC_RELAXED);

	*more = __atomic_load_n(&at->more, __ATOMIC_RELAXED);
	return __atomic_load_n(&at->check, __ATOMIC_RELAXED) ==
			       hop_check(key, to, *more)
		       ? to
		       : 0;
}

static inline void hops_put(struct hops *h, uint64_t key, uint32_t to,
			    uint64_t more)
{
	struct hop *at = &h->hop[key >> (64 - h->bits)];

	__atomic_store_n(&at->to, to, __ATOMIC_RELAXED);
	__atomic_store_n(&at->more, more, __ATOMIC_RELAXED);
	__atomic_store_n(&at->check, hop_check(key, to, more),
			 __ATOMIC_RELAXED);
}

#endif
