/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Whether both sides of a split queue tell each other what they owe, and only
 * that: kicks, calls, and the words that suppress them. Knows indexes; not
 * chains.
 */
#ifndef TWINRING_CONFORMANCE_REFEREE_RING_NOTIFICATIONS_H
#define TWINRING_CONFORMANCE_REFEREE_RING_NOTIFICATIONS_H

#include "conformance/referee/ring/queue_watch.h"

/* Subscribers of a struct ringwatch: the driver kicked, or chose not to, */
void notifications_kick(void *self, const struct event *ev);

/* the device called, or chose not to, */
void notifications_call(void *self, const struct event *ev);

/* and a suppression word was stored: flags, or an index. */
void notifications_word(void *self, const struct event *ev);

/* What queue @q's sides still owe each other at @now, when nothing moves. */
void notifications_finish(const struct ringwatch *w,
			  const struct queue_watch *q, uint64_t now);

#endif
