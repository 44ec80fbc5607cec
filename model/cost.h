/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What costs something, and whose time that is. Model code counts; a profile
 * outside decides what each count is worth.
 */
#ifndef TWINRING_MODEL_COST_H
#define TWINRING_MODEL_COST_H

#include <stdint.h>

/* Who spends time, on whatever core. */
enum party {
#define PARTY(id, name, words) PARTY_##id,
#include "model/costs.def"
#undef PARTY
	PARTIES,
	PARTY_SELF /* of a cost: the party of whoever steps */
};

struct party_info {
	const char *name; /* as reports spell it */
	const char *words;
};

const struct party_info *party_info(enum party party);

enum cost {
#define COST(id, name, payer, sort, words) COST_##id,
#include "model/costs.def"
#undef COST
	COST_KINDS
};

/* Sorts of costs that reports sum up: who copies, and how a guest is left. */
enum cost_sort {
	COST_SORT_ONE,
	COST_SORT_BYTE,
	COST_SORT_EXIT,
	COST_SORT_HOST_COPY,
	COST_SORT_HOST_BYTE,
	COST_SORT_GUEST_COPY,
	COST_SORT_GUEST_BYTE
};

struct cost_info {
	const char *name; /* as profiles and reports spell it */
	enum party payer;
	enum cost_sort sort;
	const char *words;
};

const struct cost_info *cost_info(enum cost kind);

/* All of @count, one number for each cost, that are of @sort. */
uint64_t cost_sum(const uint64_t *count, enum cost_sort sort);

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
