/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Judges whether a party touched memory that its path does not grant it. Knows
 * the map of the world; must not know what the bytes are for.
 */
#ifndef TWINRING_CONFORMANCE_REFEREE_ISOLATION_H
#define TWINRING_CONFORMANCE_REFEREE_ISOLATION_H

#include "sim/watch/referee.h"

extern const struct referee_ops isolation_referee;

#endif
