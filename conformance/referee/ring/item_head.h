/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Which head of a chain an item of a batch is about. Knows batches of events;
 * not what is done with a chain.
 */
#ifndef TWINRING_CONFORMANCE_REFEREE_RING_ITEM_HEAD_H
#define TWINRING_CONFORMANCE_REFEREE_RING_ITEM_HEAD_H

#include "model/event.h"

/* Which head an item is about: its only one, or one of a fused batch's two. */
enum about { ABOUT_OFFER, ABOUT_USE, ABOUT_RX, ABOUT_TX };

static inline uint32_t head_of(const struct event_item *i, enum about about)
{
	switch (about) {
	case ABOUT_OFFER:
		return i->a ^ 1 << 16; /* of one segment, or out of range */
	case ABOUT_RX:
		return fused_rx(i);
	case ABOUT_TX:
		return fused_tx(i);
	case ABOUT_USE:
		break;
	}
	return i->a;
}
#endif
