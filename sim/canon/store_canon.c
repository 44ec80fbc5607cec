/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/canon/store_canon.h"

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

static bool entries_wait(const struct world *w)
{
	return w->cfg->memory == MEMORY_PSO;
}

void store_canon_show(const struct world *w)
{
	for (uint32_t a = 0; entries_wait(w) && a < w->actors; a++) {
		struct store_buffer *b = &w->stores->buffer[a];

		for (uint32_t k = 0; k < b->count; k++)
			swap(&b->store[k]);
	}
}

void store_canon_hide(const struct world *w)
{
	for (uint32_t a = w->actors; entries_wait(w) && a-- > 0;) {
		struct store_buffer *b = &w->stores->buffer[a];

		for (uint32_t k = b->count; k-- > 0;)
			swap(&b->store[k]);
	}
}

/* A position in a ring, seen from where its indexes count. */
static void position_canon(struct canon *f, uint32_t queue, ptrdiff_t position)
{
	const struct canon_queue *q = canon_queue(f, queue);

	canon_u16(f,
		  (uint16_t)(((uint32_t)position - q->base) & (q->size - 1u)));
}

/* A descriptor by its name, or by that of the head whose table it is in. */
static void desc_canon(struct canon *f, const struct store *s,
		       const struct split_driver *d)
{
	ptrdiff_t at = s->at - d->at.desc;
	bool table = at < 0 || at >= d->size * SPLIT_DESC_SIZE;
	uint32_t n;

	if (table)
		at = s->at - d->table;
	n = (uint32_t)(at / SPLIT_DESC_SIZE);
	canon_u8(f, table);
	canon_u8(f, (uint8_t)(table ? n % SPLIT_INDIRECT_MAX : 0));
	canon_head(f, s->queue, table ? n / SPLIT_INDIRECT_MAX : n);
}

static uint16_t word(const struct store *s)
{
	return gmem_load16(s->bytes);
}

static void one_canon(struct canon *f, const struct store *s,
		      const struct store_queue *q)
{
	canon_u8(f, s->kind);
	canon_u16(f, s->queue);
	canon_u8(f, s->after);
	assert(q->drv); /* whoever begins anew waits until all is seen */
	switch ((enum event_kind)s->kind) {
	case EV_DESC:
		desc_canon(f, s, q->drv);
		break;
	case EV_AVAILABLE:
		position_canon(f, s->queue,
			       (s->at - q->drv->at.avail - SPLIT_RING) / 2);
		break;
	case EV_USED:
		position_canon(f, s->queue,
			       (s->at - q->drv->at.used - SPLIT_RING) /
				       SPLIT_USED_SIZE);
		break;
	case EV_AVAIL_IDX:
	case EV_USED_IDX:
		canon_index(f, s->queue, word(s));
		break;
	case EV_USED_EVENT:
		if (q->dev->live)
			canon_event(f, word(s), q->dev->called);
		else
			canon_index(f, s->queue, word(s));
		break;
	case EV_AVAIL_EVENT:
		canon_event(f, word(s), q->drv->kicked);
		break;
	default:
		canon_u16(f, word(s));
	}
}

void store_canon(const struct world *w, const struct store_queue *queue,
		 struct canon *f)
{
	for (uint32_t a = 0; w->stores && a < w->actors; a++) {
		const struct store_buffer *b = &w->stores->buffer[a];

		canon_u8(f, (uint8_t)(b->count | b->barrier << 7));
		for (uint32_t k = 0; k < b->count; k++)
			one_canon(f, &b->store[k], &queue[b->store[k].queue]);
	}
}

bool store_canon_cannot(const struct world_config *c)
{
	uint32_t both = BARRIER_BIT(BARRIER_DRIVER_PUBLISH) |
			BARRIER_BIT(BARRIER_DEVICE_PUBLISH);

	return c->memory == MEMORY_PSO && (c->barriers & both) != both;
}
