/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * When to give a slot back, and how many: the policies of a driver that
 * counts only what it sees itself.
 */
#ifndef TWINRING_MODEL_SLOTS_GIFT_H
#define TWINRING_MODEL_SLOTS_GIFT_H

#include "model/config.h"

/* What a driver knows when it decides. */
struct gift_view {
	uint32_t mine; /* free slots in its own pool */
	uint32_t lent; /* slots it has posted for the peer to fill */
	bool asked;    /* the peer's last packet had WANT set */
};

/*
 * Slots to give now. Only an excess of two or more counts, and never more
 * than half of it goes, so that gifts cannot swing back and forth (F10). With
 * ->odd the odd one goes as well, and never stays.
 */
uint32_t gift_count(const struct gift_config *g, const struct gift_view *v);

/*
 * Slots that a sender can count on having again once it waits, of @slots in
 * use: what the peer's policy keeps on giving up to.
 */
uint32_t gift_floor(const struct gift_config *g, uint32_t slots);

#endif
