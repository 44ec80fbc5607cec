/* SPDX-License-Identifier: BSD-3-Clause */
/* The one source of chance: splitmix64. Same seed, same throws, everywhere. */
#ifndef TWINRING_SIM_WORLD_RNG_H
#define TWINRING_SIM_WORLD_RNG_H

#include <stdint.h>

struct rng {
	uint64_t state;
};

static inline uint64_t rng_next(struct rng *d)
{
	uint64_t z = d->state += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

/* Evenly from 0 to @n - 1; @n is not 0. */
static inline uint32_t rng_below(struct rng *d, uint32_t n)
{
	return (uint32_t)((rng_next(d) >> 32) * n >> 32);
}

#endif
