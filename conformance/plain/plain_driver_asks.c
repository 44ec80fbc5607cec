/* SPDX-License-Identifier: BSD-3-Clause */
/* What the plain driver half says of its account. */
#include "model/ring/split/split_driver.h"

/* The ring has room for no entry between that of the chain and the next. */
static bool written_over(const struct split_driver *q, uint16_t head)
{
	return q->serial - q->note[head].serial > q->size;
}

/*
 * Whether @a was offered before @b. Of chains whose entries were written over,
 * the order is no longer in the ring: they go by what they stand for.
 */
static bool offered_before(const struct split_driver *q, uint16_t a, uint16_t b)
{
	const bool old = written_over(q, a);

	if (old != written_over(q, b))
		return old;
	if (old && q->note[a].cookie != q->note[b].cookie)
		return q->note[a].cookie < q->note[b].cookie;
	return q->note[a].serial < q->note[b].serial;
}

uint32_t split_driver_out(const struct split_driver *q, uint16_t *head)
{
	uint32_t count = 0;

	for (uint16_t h = 0; h < q->size; h++) {
		uint32_t at = count;

		if (q->note[h].count == 0)
			continue;
		for (; at && offered_before(q, h, head[at - 1]); at--)
			head[at] = head[at - 1];
		head[at] = h;
		count++;
	}
	return count;
}

uint16_t split_driver_size(const struct split_driver *q)
{
	return q->size;
}

uint16_t split_driver_free(const struct split_driver *q)
{
	return q->free;
}

bool split_driver_broken(const struct split_driver *q)
{
	return q->broken;
}

uint16_t split_driver_added(const struct split_driver *q)
{
	return q->added;
}

uint16_t split_driver_published(const struct split_driver *q)
{
	return q->published;
}

uint16_t split_driver_kicked(const struct split_driver *q)
{
	return q->kicked;
}

uint16_t split_driver_seen(const struct split_driver *q)
{
	return q->seen;
}

uint16_t split_driver_taken(const struct split_driver *q)
{
	return q->taken;
}

const uint16_t *split_driver_taken_at(const struct split_driver *q)
{
	return &q->taken;
}

bool split_driver_event_idx(const struct split_driver *q)
{
	return q->event_idx;
}

bool split_driver_calls_are_off(const struct split_driver *q)
{
	return q->calls_off;
}

struct vq_note split_driver_note(const struct split_driver *q, uint32_t i)
{
	const struct plain_note *n = &q->note[i];

	return (struct vq_note){n->cookie, n->room, n->count};
}

uint32_t split_driver_free_head(const struct split_driver *q)
{
	return q->free ? plain_free(q, 0) : q->size;
}

uint32_t split_driver_behind(const struct split_driver *q, uint32_t i)
{
	for (uint32_t k = 0; k + 1 < q->free; k++)
		if (plain_free(q, k) == i)
			return plain_free(q, k + 1);
	return q->note[i].next;
}

struct vq_bytes split_driver_bytes(const struct split_driver *q)
{
	return (struct vq_bytes){q->at.desc, q->at.avail, q->at.used};
}

const uint8_t *split_driver_table(const struct split_driver *q)
{
	return q->table;
}
