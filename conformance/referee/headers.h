/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Judges what packet headers say, by what the drivers at a link's ends have
 * agreed to, and whether ends that do not match are paired. Knows features and
 * headers; must not know rings, slots or paths.
 */
#ifndef TWINRING_CONFORMANCE_REFEREE_HEADERS_H
#define TWINRING_CONFORMANCE_REFEREE_HEADERS_H

#include "sim/watch/referee.h"

extern const struct referee_ops headers_referee;

#endif
