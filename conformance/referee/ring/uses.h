/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What a device uses of a split queue, and its driver takes back: elements of
 * the used ring and its index. Knows which chains are out; not who has to be
 * told.
 */
#ifndef TWINRING_CONFORMANCE_REFEREE_RING_USES_H
#define TWINRING_CONFORMANCE_REFEREE_RING_USES_H

#include "model/event.h"

/* Subscribers of a struct ringwatch: an element is stored, */
void uses_element(void *self, const struct event *ev);

/* FUSED_FORWARD: its second and third part, both chains of each buffer, */
void uses_fused(void *self, const struct event *ev);

/* the index shows elements to the driver, */
void uses_idx(void *self, const struct event *ev);

/* which takes them: by a run, or by the first part of FUSED_TAKE. */
void uses_taken(void *self, const struct event *ev);

#endif
