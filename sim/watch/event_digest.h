/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Events into a digest, as bytes that mean the same on every machine:
 * little-endian. Whoever wants XXH3 inline says so before including this.
 */
#ifndef TWINRING_SIM_WATCH_EVENT_DIGEST_H
#define TWINRING_SIM_WATCH_EVENT_DIGEST_H

#include <endian.h>
#include <xxhash.h>

#include "model/event.h"

#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
static inline struct event_item event_item_le(const struct event_item *i)
{
	return (struct event_item){htole64(i->addr), htole32(i->len),
				   htole32(i->a)};
}

/* One event, or a run with its items; returns what is behind it. */
static inline const struct event *event_digest_one(XXH3_state_t *to,
						   const struct event *ev)
{
	uint32_t size = event_size(ev);
	struct event e = *ev;

	e.queue = htole16(e.queue);
	e.b = htole32(e.b);
	e.item = event_item_le(&e.item);
	e.time = htole64(e.time);
	XXH3_64bits_update(to, &e, sizeof e);
	for (uint32_t k = 0; k < 2 * (size - 1); k++) {
		struct event_item i = event_item_le(&event_items(ev)[k]);

		XXH3_64bits_update(to, &i, sizeof i);
	}
	return ev + size;
}
#endif

/* Adds the @places events, or runs of them, at @ev. */
static inline void event_digest_add(XXH3_state_t *to, const struct event *ev,
				    uint32_t places)
{
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	XXH3_64bits_update(to, ev, places * sizeof *ev);
#else
	for (const struct event *end = ev + places; ev < end;)
		ev = event_digest_one(to, ev);
#endif
}

#endif
