/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Judges whether packets arrive: whole, once, in order, at whom they were sent
 * to. Knows what applications sent and received; must not know rings, slots
 * or how a path moves bytes.
 */
#ifndef TWINRING_CONFORMANCE_REFEREE_INTEGRITY_H
#define TWINRING_CONFORMANCE_REFEREE_INTEGRITY_H

#include "sim/watch/referee.h"

struct integrity_tally {
	uint64_t packets;
	uint64_t bytes;
};

/*
 * Packets of one sender. After finish() sent is the sum of the others; before,
 * packets in flight and drops not yet missed make the difference.
 */
struct integrity_counts {
	struct integrity_tally sent;
	struct integrity_tally delivered;
	struct integrity_tally lost;   /* dropped by the host, or missing */
	struct integrity_tally failed; /* came back to their sender */
	struct integrity_tally ended;  /* in flight when an epoch ended */
};

extern const struct referee_ops integrity_referee;

/* What the VM at @end of @link sent. @self is what create() gave. */
struct integrity_counts integrity_counts(const void *self, uint32_t link,
					 uint32_t end);

#endif
