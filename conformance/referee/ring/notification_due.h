/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Whether one side of a ring owes the other a notification. Suppression is
 * advisory and may change at any time: what counts is how the words stand when
 * the side decides, or when the run ends without a decision.
 */
#ifndef TWINRING_CONFORMANCE_REFEREE_RING_NOTIFICATION_DUE_H
#define TWINRING_CONFORMANCE_REFEREE_RING_NOTIFICATION_DUE_H

#include <stdbool.h>
#include <stdint.h>

struct notification_due {
	uint16_t told;  /* the index at the last decision */
	uint16_t flags; /* the other side's word: 1 asks for silence */
	uint16_t event; /* the other side's word: the entry to be told of */
	bool event_idx;
};

static inline void notification_due_reset(struct notification_due *o,
					  uint16_t start)
{
	o->told = o->event = start;
	o->flags = 0;
}

/* True when the other side must be told that the index is now @idx. */
static inline bool notification_due_now(const struct notification_due *o,
					uint16_t idx)
{
	if (!o->event_idx)
		return idx != o->told && !(o->flags & 1);
	/* P-SPLIT-7: does moving from told to idx pass event? */
	return (uint16_t)(idx - o->event - 1) < (uint16_t)(idx - o->told);
}

#endif
