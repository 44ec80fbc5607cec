/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Which order of stores a world's processors keep by themselves, and the
 * barriers that its drivers and devices keep; see model/barriers.def.
 */
#ifndef TWINRING_MODEL_BARRIERS_H
#define TWINRING_MODEL_BARRIERS_H

enum memory_order {
	MEMORY_SC,  /* no buffers */
	MEMORY_TSO, /* stores leave in the order in which they came */
	MEMORY_PSO  /* only those to one place, and across a barrier, do */
};

enum barrier {
#define BARRIER(id, name, orders, words) BARRIER_##id,
#include "model/barriers.def"
#undef BARRIER
	BARRIER_COUNT
};

#define BARRIER_BIT(barrier) (1u << (barrier))
#define BARRIERS_ALL         ((1u << BARRIER_COUNT) - 1)

enum barrier_orders {
	BARRIER_STORES, /* earlier stores before later ones */
	BARRIER_FULL    /* and before later loads */
};

struct barrier_info {
	const char *name; /* as scenarios spell it */
	enum barrier_orders orders;
	const char *words;
};

const struct barrier_info *barrier_info(enum barrier b);

#endif
