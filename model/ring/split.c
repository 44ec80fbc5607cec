/* SPDX-License-Identifier: BSD-3-Clause */
#include "model/ring/split.h"

bool split_map(const struct split_area *area, const struct gmem *mem,
	       struct split_bytes *out, struct verdict *why)
{
	uint16_t size = area->size;

	if (size == 0 || (size & (size - 1)) != 0) {
		verdict_set(why, CLAUSE_SPLIT_SIZE, "queue size %u", size);
		return false;
	}
	if (area->desc % 16 || area->avail % 2 || area->used % 4) {
		verdict_set(why, CLAUSE_SPLIT_LAYOUT,
			    "desc %#llx, avail %#llx, used %#llx",
			    (unsigned long long)area->desc,
			    (unsigned long long)area->avail,
			    (unsigned long long)area->used);
		return false;
	}
	out->desc = gmem_at(mem, area->desc, split_desc_bytes(size));
	out->avail = gmem_at(mem, area->avail, split_avail_bytes(size));
	out->used = gmem_at(mem, area->used, split_used_bytes(size));
	if (!out->desc || !out->avail || !out->used) {
		verdict_set(why, CLAUSE_SPLIT_LAYOUT,
			    "a part of the ring lies outside of memory");
		return false;
	}
	return true;
}
