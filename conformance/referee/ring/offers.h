/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What a driver offers on a split queue: descriptors, entries of the available
 * ring and its index. Knows what a driver owes; not what becomes of a chain.
 */
#ifndef TWINRING_CONFORMANCE_REFEREE_RING_OFFERS_H
#define TWINRING_CONFORMANCE_REFEREE_RING_OFFERS_H

#include "model/event.h"

/* Subscribers of a struct ringwatch: a descriptor is written, */
void offers_desc(void *self, const struct event *ev);

/* an entry of the available ring names a chain, */
void offers_entry(void *self, const struct event *ev);

/* FUSED_SEND: its second and third part, buffers that are posted, and sent, */
void offers_fused(void *self, const struct event *ev);

/* and the index makes entries available. */
void offers_idx(void *self, const struct event *ev);

#endif
