/* SPDX-License-Identifier: BSD-3-Clause */
#include "model/ring/split/split.h"

bool split_map(const struct vq_area *area, const struct gmem *mem,
	       struct split_bytes *out, struct verdict *why)
{
	uint16_t size = area->size;

	if (size == 0 || (size & (size - 1)) != 0) {
		verdict_set(why, CLAUSE_SPLIT_SIZE, "queue size %u", size);
		return false;
	}
	if (area->desc % 16 || area->driver % 2 || area->device % 4) {
		verdict_set(why, CLAUSE_SPLIT_LAYOUT,
			    "desc %#llx, avail %#llx, used %#llx",
			    (unsigned long long)area->desc,
			    (unsigned long long)area->driver,
			    (unsigned long long)area->device);
		return false;
	}
	out->desc = gmem_at(mem, area->desc, split_desc_bytes(size));
	out->avail = gmem_at(mem, area->driver, split_avail_bytes(size));
	out->used = gmem_at(mem, area->device, split_used_bytes(size));
	if (!out->desc || !out->avail || !out->used) {
		verdict_set(why, CLAUSE_SPLIT_LAYOUT,
			    "a part of the ring lies outside of memory");
		return false;
	}
	return true;
}

void split_words_begin(const struct split_bytes *at, uint16_t size,
		       uint16_t start)
{
	memset(at->avail, 0, split_avail_bytes(size));
	memset(at->used, 0, split_used_bytes(size));
	gmem_store16(at->avail + SPLIT_IDX, start);
	gmem_store16(at->used + SPLIT_IDX, start);
	gmem_store16(split_used_event(at, size), start);
	gmem_store16(split_avail_event(at, size), start);
}
