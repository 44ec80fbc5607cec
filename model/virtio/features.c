/* SPDX-License-Identifier: BSD-3-Clause */
#include "model/virtio/features.h"

#include <stddef.h>

static const struct {
	const char *name;
	int8_t needs;
	bool known;
} features[64] = {
#define FEATURE(id, bit, needed, text) [bit] = {text, needed, true},
#include "model/virtio/features.def"
#undef FEATURE
};

bool features_valid(uint64_t accepted, uint64_t offered, struct verdict *why)
{
	if (accepted & ~offered) {
		verdict_set(why, CLAUSE_FEAT_SUBSET,
			    "accepted %#llx, offered %#llx",
			    (unsigned long long)accepted,
			    (unsigned long long)offered);
		return false;
	}
	if (features_closed(accepted) != accepted) {
		verdict_set(why, CLAUSE_FEAT_DEPENDS,
			    "accepted %#llx lacks a prerequisite",
			    (unsigned long long)accepted);
		return false;
	}
	return true;
}

uint64_t features_closed(uint64_t set)
{
	uint64_t before;

	do {
		before = set;
		for (unsigned bit = 0; bit < 64; bit++)
			if (features[bit].known && features[bit].needs >= 0 &&
			    !(set >> features[bit].needs & 1))
				set &= ~FEATURE_BIT(bit);
	} while (set != before);
	return set;
}

const char *feature_name(unsigned bit)
{
	return bit < 64 ? features[bit].name : NULL;
}
