/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The queues of taps: how many frames are there, which of them leaves next, who
 * sent it, and for which driver it came.
 */
#ifndef TWINRING_CONFORMANCE_REFEREE_TAPS_H
#define TWINRING_CONFORMANCE_REFEREE_TAPS_H

#include "sim/watch/referee.h"

extern const struct referee_ops taps_referee;

#endif
