/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A chain followed descriptor by descriptor, from the head that is exposed to
 * its end, also through an indirect table: what may stand in it, and which
 * descriptors it takes. Knows one chain; not what becomes of it.
 */
#ifndef TWINRING_CONFORMANCE_REFEREE_RING_CHAIN_WALK_H
#define TWINRING_CONFORMANCE_REFEREE_RING_CHAIN_WALK_H

#include "conformance/referee/ring/chains.h"

/* As chains_offer(), for any chain. */
bool chain_walk_offer(struct chains *c, const struct event *ev,
		      struct verdict *why);

#endif
