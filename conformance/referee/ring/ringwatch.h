/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Judges what both sides of a split ring owe each other: chains, indexes, used
 * elements, notifications, and quiet before DRIVER_OK and after a reset. Knows
 * events; must not know the halves, packets or slots.
 */
#ifndef TWINRING_CONFORMANCE_REFEREE_RING_RINGWATCH_H
#define TWINRING_CONFORMANCE_REFEREE_RING_RINGWATCH_H

#include "sim/watch/referee.h"

extern const struct referee_ops ringwatch_referee;

#endif
