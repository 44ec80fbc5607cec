/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What costs something. Model code counts; a profile outside decides what each
 * count is worth.
 */
#ifndef TWINRING_MODEL_COST_H
#define TWINRING_MODEL_COST_H

#include <stdint.h>

enum cost {
#define COST(id, name, words) COST_##id,
#include "model/costs.def"
#undef COST
	COST_KINDS
};

struct cost_info {
	const char *name; /* as profiles and reports spell it */
	const char *words;
};

const struct cost_info *cost_info(enum cost kind);

enum { COST_SIGNALS = 256 };

/* Counts of the step that is running. */
struct cost_meter {
	uint64_t count[COST_KINDS];
	/* Signals that went up since somebody asked, a bit each. */
	uint64_t raised[COST_SIGNALS / 64];
};

static inline void cost_count(struct cost_meter *m, enum cost kind, uint64_t n)
{
	m->count[kind] += n;
}

#endif
