/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Slots of a Shared Buffers BAR: between a slot's number and its offset. A
 * slot is known by its offset, since every VM maps the BAR elsewhere. Knows
 * nothing of who owns a slot.
 */
#ifndef TWINRING_MODEL_BAR_H
#define TWINRING_MODEL_BAR_H

#include <assert.h>
#include <stdbool.h>
#include <stdint.h>

struct bar_geometry {
	uint32_t slots;
	uint32_t slot_size; /* usable bytes */
	uint32_t stride;
	uint64_t inverse; /* 2^64 / stride, rounded up: a BAR has 4 GiB at most
			   */
};

static inline struct bar_geometry bar_geometry(uint32_t slots,
					       uint32_t slot_size,
					       uint32_t stride)
{
	assert(slot_size <= stride && stride > 1);
	assert((uint64_t)slots * stride <= UINT64_C(1) << 32);
	return (struct bar_geometry){slots, slot_size, stride,
				     UINT64_MAX / stride + 1};
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

/*
 * True when [@off, @off + @len) begins where a slot begins and stays inside
 * of it (EXT-WHOLE-SLOTS); its number is then in *slot.
 */
static inline bool bar_slot(const struct bar_geometry *g, uint64_t off,
			    uint64_t len, uint32_t *slot)
{
	uint64_t s;

	if (off > UINT32_MAX)
		return false;
	s = (uint64_t)((unsigned __int128)off * g->inverse >> 64);
	*slot = (uint32_t)s;
	return s < g->slots && off == s * g->stride && len <= g->slot_size;
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
