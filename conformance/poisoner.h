/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Slots that a VM does not hold are not there for its driver: closed for
 * memcheck and AddressSanitizer, by what the ledger says. Acts between steps:
 * what a driver gives away in a step is closed when the step is over.
 */
#ifndef TWINRING_CONFORMANCE_POISONER_H
#define TWINRING_CONFORMANCE_POISONER_H

#include "sim/watch/poisoner.h"

/* Guards links on which all rules hold; one world of a process at a time. */
extern const struct poisoner_ops guard;

/* In a build without TWINRING_POISON there is none: NULL. */
#ifdef TWINRING_POISON
#define POISONER_OR_NONE (&guard)
#else
#define POISONER_OR_NONE NULL
#endif

#endif
