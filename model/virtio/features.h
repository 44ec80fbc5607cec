/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Feature bits that this project negotiates, and what each of them needs.
 * SHARED_BUFFERS and GIFT are ours, on bits that virtio 1.4 leaves free.
 */
#ifndef TWINRING_MODEL_VIRTIO_FEATURES_H
#define TWINRING_MODEL_VIRTIO_FEATURES_H

#include <stdbool.h>
#include <stdint.h>

#include "model/clauses.h"

enum feature_bit {
#define FEATURE(id, bit, needs, name) F_##id = bit,
#include "model/virtio/features.def"
#undef FEATURE
};

#define FEATURE_BIT(bit) (UINT64_C(1) << (bit))

static inline bool feature_on(uint64_t features, enum feature_bit bit)
{
	return features >> bit & 1;
}

/*
 * Whether a driver may accept @accepted of @offered (FEAT-DRV-1, FEAT-DRV-2);
 * false names the rule in @why.
 */
bool features_valid(uint64_t accepted, uint64_t offered, struct verdict *why);

/* @features less every bit whose prerequisite is missing. */
uint64_t features_closed(uint64_t features);

/* What the feature called @bit is called in scenarios; NULL: not a choice. */
const char *feature_name(unsigned bit);

#endif
