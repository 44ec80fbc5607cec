/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What a move does, as words that can be remembered. Knows cells; not what they
 * mean.
 */
#ifndef TWINRING_SIM_SEARCH_EFFECT_H
#define TWINRING_SIM_SEARCH_EFFECT_H

#include <stdbool.h>
#include <stdint.h>

enum { ASKED_WORDS = 5 }; /* of a set of questions, a bit each */

struct effect {
	uint16_t changes; /* cells */
	uint16_t clause;  /* that it broke */
	uint16_t deltas;  /* blocks that have one of these cells */
	bool late;        /* it changes cells that came late */
	uint64_t blocks;  /* those blocks, a bit each */
	uint32_t known;   /* cells that there were, as far as was known */
	/* Questions that may have another answer behind it, as of @grown. */
	uint32_t grown;
	uint64_t asked[ASKED_WORDS];
	/*
	 * For each of those blocks, a digest of what changes there; sets of
	 * cells that it reads or writes and that it changes; what to; and the
	 * cells' numbers in 16 bits.
	 */
	uint64_t words[];
};

static inline const uint64_t *effect_touches(const struct effect *f)
{
	return f->words + f->deltas;
}

/* Sets have @set words. */
static inline const uint64_t *effect_changes(const struct effect *f,
					     uint32_t set)
{
	return f->words + f->deltas + set;
}

static inline const uint64_t *effect_values(const struct effect *f,
					    uint32_t set)
{
	return f->words + f->deltas + 2 * set;
}

static inline const uint16_t *effect_cells(const struct effect *f, uint32_t set)
{
	return (const uint16_t *)(effect_values(f, set) + f->changes);
}

static inline uint32_t effect_words(uint32_t deltas, uint32_t changes,
				    uint32_t set)
{
	return (uint32_t)(sizeof(struct effect) / 8) + deltas + 2 * set +
	       changes + (changes + 3) / 4;
}

/* One of them changes what the other reads or writes. */
static inline bool effects_clash(const struct effect *a, const struct effect *b,
				 uint32_t set)
{
	const uint64_t *ta = effect_touches(a), *ca = effect_changes(a, set);
	const uint64_t *tb = effect_touches(b), *cb = effect_changes(b, set);
	uint64_t any = 0;

	for (uint32_t i = 0; i < set; i++)
		any |= (ca[i] & tb[i]) | (cb[i] & ta[i]);
	return any;
}

#endif
