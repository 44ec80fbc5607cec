/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Which multiple of a fixed number another one is, by one multiplication. What
 * lies in a row of equal pieces is found by it, and what does not begin where
 * a piece begins is found out.
 */
#ifndef TWINRING_MODEL_SLOTS_EXACT_DIVISION_H
#define TWINRING_MODEL_SLOTS_EXACT_DIVISION_H

#include <assert.h>
#include <stdint.h>

/* A number above 0, as an odd one times 2^shift. */
struct exact_division {
	uint64_t inverse; /* of the odd one modulo 2^64 */
	uint32_t shift;
};

/*
 * For @n, above 0. It is stored here, not returned: a search does not see what
 * a call stores of the structure that it returns.
 */
static inline void exact_division_init(struct exact_division *m, uint32_t n)
{
	uint64_t odd;

	assert(n);
	m->inverse = 1;
	m->shift = (uint32_t)__builtin_ctz(n);
	odd = n >> m->shift;
	/* Each turn doubles the bits that are right; 1 is so in one. */
	for (uint32_t bits = 1; bits < 64; bits *= 2)
		m->inverse *= 2 - odd * m->inverse;
}

/*
 * For q * n, the q. For what is no multiple of n, more than (2^64 - 1) / n:
 * multiplying by the inverse permutes the numbers modulo 2^64, rotating by the
 * shift as well, and multiples of n are those that come to lie that low. So
 * one comparison tells whether @at is one of the first so many multiples.
 */
static inline uint64_t exact_division_which(struct exact_division m,
					    uint64_t at)
{
	uint64_t q = at * m.inverse;

	return q >> m.shift | q << (-m.shift & 63);
}

#endif
