/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What an 82540EM and its driver owe each other: causes and the interrupt line,
 * heads and tails, when a descriptor is done. It makes the registers again from
 * what was written to them, and asks the device nothing.
 */
#ifndef TWINRING_CONFORMANCE_REFEREE_E1000_H
#define TWINRING_CONFORMANCE_REFEREE_E1000_H

#include "sim/watch/referee.h"

extern const struct referee_ops e1000_referee;

#endif
