/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Sets of small numbers, a bit each, in as many words as whoever has them says.
 */
#ifndef TWINRING_SIM_EXPLORE_STORE_SET_H
#define TWINRING_SIM_EXPLORE_STORE_SET_H

#include <stdbool.h>
#include <stdint.h>

static inline uint32_t set_words(uint32_t numbers)
{
	return (numbers + 63) / 64;
}

static inline bool set_has(const uint64_t *set, uint32_t i)
{
	return set[i / 64] >> i % 64 & 1;
}

static inline void set_add(uint64_t *set, uint32_t i)
{
	set[i / 64] |= UINT64_C(1) << i % 64;
}

/* The lowest of a word that is not empty. */
static inline uint32_t set_lowest(uint64_t word)
{
	return (uint32_t)__builtin_ctzll(word);
}

static inline uint32_t set_count(const uint64_t *set, uint32_t words)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < words; i++)
		n += (uint32_t)__builtin_popcountll(set[i]);
	return n;
}

/* Those of @a that are not in @b; false: there are none. */
static inline bool set_without(const uint64_t *a, const uint64_t *b,
			       uint32_t words, uint64_t *out)
{
	uint64_t any = 0;

	for (uint32_t i = 0; i < words; i++) {
		out[i] = a[i] & ~b[i];
		any |= out[i];
	}
	return any;
}

static inline bool set_meets(const uint64_t *a, const uint64_t *b,
			     uint32_t words)
{
	uint64_t any = 0;

	for (uint32_t i = 0; i < words; i++)
		any |= a[i] & b[i];
	return any;
}

#endif
