/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Progress obligations: what must not last for ever. A frame that its driver
 * does not take, a send that stays parked, gifts or steps without a packet.
 * Knows what a world says lasts; not how it knows.
 */
#ifndef TWINRING_CONFORMANCE_REFEREE_PROGRESS_H
#define TWINRING_CONFORMANCE_REFEREE_PROGRESS_H

#include "sim/watch/referee.h"

extern const struct referee_ops progress_referee;

#endif
