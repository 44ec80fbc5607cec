/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Judges what a device does to its driver's memory: it writes neither what was
 * described to it as device-readable nor a descriptor table, and a guest that
 * mirrors another's rings stays out once that one has reset. Knows descriptors
 * and accesses; must not know packets, slots or used elements' order.
 */
#ifndef TWINRING_CONFORMANCE_REFEREE_DEVICE_ACCESS_H
#define TWINRING_CONFORMANCE_REFEREE_DEVICE_ACCESS_H

#include "sim/watch/referee.h"

extern const struct referee_ops device_access_referee;

#endif
