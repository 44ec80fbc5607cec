/* SPDX-License-Identifier: BSD-3-Clause */
#include "model/memory/store_buffer.h"

#include "model/canon/canon.h"

/* Words of suppression are told of when they are seen; indexes were before. */
static bool is_suppression(uint8_t kind)
{
	return kind == EV_AVAIL_FLAGS || kind == EV_USED_EVENT ||
	       kind == EV_USED_FLAGS || kind == EV_AVAIL_EVENT;
}

static bool by_device(uint8_t kind)
{
	return kind == EV_USED || kind == EV_USED_IDX ||
	       kind == EV_USED_FLAGS || kind == EV_AVAIL_EVENT;
}

/* What a story says of it: the value of a word, the kind of anything else. */
static uint32_t store_value(const struct store *s)
{
	return s->size == sizeof(uint16_t)
		       ? (uint32_t)(s->bytes[0] | s->bytes[1] << 8)
		       : 0;
}

static void seen(struct store_buffers *b, const struct store *s)
{
	if (s->size == sizeof(uint16_t))
		gmem_store16(s->at, (uint16_t)store_value(s));
	else
		memcpy(s->at, s->bytes, s->size);
	if (is_suppression(s->kind))
		probe_emit(b->probe, (enum event_kind)s->kind, s->queue,
			   store_value(s), 0, 0, 0);
}

bool store_may_leave(const struct store_buffers *b, uint32_t actor, uint32_t k)
{
	const struct store_buffer *own = &b->buffer[actor];

	if (k >= own->count)
		return false;
	for (uint32_t i = 1; i <= k; i++)
		if (own->store[i].after ||
		    own->store[i - 1].at == own->store[k].at)
			return false;
	return true;
}

void store_leave(struct store_buffers *b, uint32_t actor, uint32_t k)
{
	struct store_buffer *own = &b->buffer[actor];
	actor_id before = b->probe->actor;
	struct store s;

	assert(store_may_leave(b, actor, k));
	s = own->store[k];
	own->count--;
	memmove(&own->store[k], &own->store[k + 1],
		(own->count - k) * sizeof own->store[0]);
	memset(&own->store[own->count], 0, sizeof own->store[0]);
	own->store[0].after = false; /* of nothing */
	own->barrier &= own->count > 0;
	b->probe->actor = (actor_id)actor;
	probe_emit(b->probe, EV_STORE_COMMITTED, s.queue, s.kind, 0, s.size,
		   store_value(&s));
	seen(b, &s);
	b->probe->actor = before;
}

static void drain(struct store_buffers *b, uint32_t actor)
{
	while (b->buffer[actor].count)
		store_leave(b, actor, 0);
}

/*
 * Host workers hand a device's half of a ring to each other under a lock, and
 * with it all that was stored before: on @queue, for whoever moves now.
 */
static void take_over(struct store_buffers *b, uint16_t queue)
{
	for (uint32_t a = 0; a < b->actors; a++) {
		struct store_buffer *other = &b->buffer[a];
		uint32_t k = other->count;

		if (a == b->actor)
			continue;
		while (k && !(other->store[k - 1].queue == queue &&
			      by_device(other->store[k - 1].kind)))
			k--;
		while (k--)
			store_leave(b, a, 0);
	}
}

void store_put(struct store_buffers *b, uint8_t *at, const void *bytes,
	       uint32_t size, uint16_t queue, enum event_kind kind)
{
	struct store s = {.at = at,
			  .queue = queue,
			  .size = (uint8_t)size,
			  .kind = (uint8_t)kind};
	struct store_buffer *own;

	assert(size <= STORE_BYTES);
	memcpy(s.bytes, bytes, size);
	if (by_device(s.kind))
		take_over(b, queue);
	if (b->actor == STORES_NOBODY) {
		seen(b, &s);
		return;
	}
	own = &b->buffer[b->actor];
	if (own->count == STORES_MAX)
		store_leave(b, b->actor, 0);
	s.after = own->count && (own->barrier || b->order == MEMORY_TSO);
	own->store[own->count++] = s;
	own->barrier = false;
	probe_emit(b->probe, EV_STORE_BUFFERED, queue, kind, 0, size,
		   store_value(&s));
}

void store_entry(struct store_buffers *b, uint8_t *at, const void *bytes,
		 uint32_t size, uint16_t queue, enum event_kind kind)
{
	if (b->order == MEMORY_PSO)
		store_put(b, at, bytes, size, queue, kind);
	else
		memcpy(at, bytes, size);
}

void store_barrier(struct store_buffers *b, enum barrier which, uint16_t queue)
{
	if (which == BARRIER_DEVICE_PUBLISH || which == BARRIER_DEVICE_CALL ||
	    which == BARRIER_DEVICE_SLEEP)
		take_over(b, queue);
	if (b->actor == STORES_NOBODY || !(b->barriers & BARRIER_BIT(which)))
		return;
	if (barrier_info(which)->orders == BARRIER_FULL)
		drain(b, b->actor);
	else
		store_order(b);
}

void store_drain(struct store_buffers *b)
{
	if (b && b->actor != STORES_NOBODY)
		drain(b, b->actor);
}

void store_order(struct store_buffers *b)
{
	struct store_buffer *own = &b->buffer[b->actor];

	assert(b->actor < b->actors);
	own->barrier |= own->count && b->order == MEMORY_PSO;
}

uint8_t store_load8(const struct store_buffers *b, const uint8_t *at)
{
	const struct store_buffer *own = &b->buffer[b->actor];

	assert(b->actor < b->actors);
	for (uint32_t k = own->count; k-- > 0;)
		if (own->store[k].at == at)
			return own->store[k].bytes[0];
	return *at;
}

void store_settle(struct store_buffers *b)
{
	for (uint32_t a = 0; b && a < b->actors; a++)
		drain(b, a);
}

/* What an index covers; only under pso does any of it wait. */
static bool is_entry(const struct store *s)
{
	return s->kind == EV_DESC || s->kind == EV_AVAILABLE ||
	       s->kind == EV_USED;
}

static void swap(struct store *s)
{
	uint8_t bytes[STORE_BYTES];

	if (!is_entry(s))
		return;
	memcpy(bytes, s->at, s->size);
	memcpy(s->at, s->bytes, s->size);
	memcpy(s->bytes, bytes, s->size);
}

void store_show(struct store_buffers *b)
{
	for (uint32_t a = 0; store_entries_wait(b) && a < b->actors; a++)
		for (uint32_t k = 0; k < b->buffer[a].count; k++)
			swap(&b->buffer[a].store[k]);
}

void store_hide(struct store_buffers *b)
{
	for (uint32_t a = b ? b->actors : 0; store_entries_wait(b) && a-- > 0;)
		for (uint32_t k = b->buffer[a].count; k-- > 0;)
			swap(&b->buffer[a].store[k]);
}

void store_canon(const struct store_buffers *b, struct canon *f,
		 void (*tell)(const void *to, struct canon *f,
			      const struct store *s),
		 const void *to)
{
	for (uint32_t a = 0; a < b->actors; a++) {
		const struct store_buffer *of = &b->buffer[a];

		canon_u16(f, of->count);
		canon_flags(f, of->barrier);
		for (uint32_t k = 0; k < of->count; k++) {
			canon_u8(f, of->store[k].kind);
			canon_u16(f, of->store[k].queue);
			canon_flags(f, of->store[k].after);
			tell(to, f, &of->store[k]);
		}
	}
}
