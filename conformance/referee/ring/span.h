/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The packet that a device puts into receive buffers, as far as it has used
 * them: how many there are, and which of them is full. Knows lengths and
 * headers; must not know rings.
 */
#ifndef TWINRING_CONFORMANCE_REFEREE_RING_SPAN_H
#define TWINRING_CONFORMANCE_REFEREE_RING_SPAN_H

#include <stdbool.h>

#include "model/clauses.h"
#include "model/event.h"

/* All zero: no packet whose header said something is under way. */
struct span {
	uint32_t left;    /* of its bytes, without a used element */
	uint32_t used;    /* elements so far */
	uint16_t buffers; /* that its header has counted */
	bool counted;     /* the header has room for a number */
};

/* A HEADER event of a receive queue: its packet's buffers are used next. */
void span_begin(struct span *s, const struct event *header);

/*
 * The next element, of @len bytes in a buffer with room for @room. False, with
 * the rule, when the device broke one with it; the last is never plain.
 */
bool span_odd(struct span *s, uint32_t len, uint32_t room, struct verdict *why);

static inline bool span_used(struct span *s, uint32_t len, uint32_t room,
			     struct verdict *why)
{
	if (len >= s->left || len != room)
		return span_odd(s, len, room, why);
	s->used++;
	s->left -= len;
	return true;
}

/* The driver can see what is used. False when that is half a packet. */
bool span_shown(struct span *s, struct verdict *why);

#endif
