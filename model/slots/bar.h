/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Slots of a Shared Buffers BAR: between a slot's number and its offset. A
 * slot is known by its offset, since every VM maps the BAR elsewhere. Knows
 * nothing of who owns a slot.
 */
#ifndef TWINRING_MODEL_SLOTS_BAR_H
#define TWINRING_MODEL_SLOTS_BAR_H

#include <assert.h>
#include <stdbool.h>
#include <stdint.h>

#include "model/slots/exact_division.h"

struct bar_geometry {
	uint32_t slots;
	uint32_t slot_size; /* usable bytes */
	uint32_t stride;
	struct exact_division of_stride;
};

static inline void bar_geometry_init(struct bar_geometry *g, uint32_t slots,
				     uint32_t slot_size, uint32_t stride)
{
	assert(slot_size <= stride);
	assert((uint64_t)slots * stride <= UINT64_C(1) << 32);
	g->slots = slots;
	g->slot_size = slot_size;
	g->stride = stride;
	exact_division_init(&g->of_stride, stride);
}

static inline uint64_t bar_bytes(const struct bar_geometry *g)
{
	return (uint64_t)g->slots * g->stride;
}

static inline uint64_t bar_offset(const struct bar_geometry *g, uint32_t slot)
{
	assert(slot < g->slots);
	return (uint64_t)slot * g->stride;
}

/* The slot that begins at @off; no less than their number if none does. */
static inline uint64_t bar_begins(const struct bar_geometry *g, uint64_t off)
{
	return exact_division_which(g->of_stride, off);
}

/*
 * True when [@off, @off + @len) begins where a slot begins and stays inside
 * of it (EXT-WHOLE-SLOTS); its number is then in *slot.
 */
static inline bool bar_slot(const struct bar_geometry *g, uint64_t off,
			    uint64_t len, uint32_t *slot)
{
	uint64_t s = bar_begins(g, off);

	*slot = (uint32_t)s;
	return s < g->slots && len <= g->slot_size;
}

/*
 * Which end lends @slot to the other at first, by posting it for receive: the
 * proposal's figure, repeated. The other end holds it.
 */
static inline uint32_t bar_first_lender(uint32_t slot)
{
	return slot & 1;
}

#endif
