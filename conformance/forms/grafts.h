/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What forms write, left out where two states differ by a single byte: one as
 * it was found, and the same with a byte grafted onto it from another state of
 * its world. What is told twice elsewhere is told once there, so that each of
 * the two tellings is missed.
 */
#ifndef TWINRING_CONFORMANCE_FORMS_GRAFTS_H
#define TWINRING_CONFORMANCE_FORMS_GRAFTS_H

#include "conformance/forms/states.h"

/*
 * Tries the sites that were not missed yet with each byte that they look at, of
 * those that @moving has, a bit each by word of the state: which some move
 * reads, and which can change.
 */
void grafts_try(struct states *st, const uint8_t *moving);

#endif
