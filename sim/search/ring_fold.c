/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/search/ring_fold.h"

/* Where used elements end that the driver may still take. */
static uint16_t used_end(const struct ring_view *v)
{
	return v->dev->live ? v->dev->used_idx
			    : gmem_load16(v->drv->at.used + SPLIT_IDX);
}

static uint32_t used_at(const struct split_driver *d, uint16_t i)
{
	return gmem_load32(d->at.used + SPLIT_RING +
			   (uint32_t)SPLIT_USED_SIZE * (i & (d->size - 1u)));
}

static uint16_t avail_at(const struct split_driver *d, uint16_t i)
{
	return gmem_load16(d->at.avail + SPLIT_RING +
			   2u * (i & (d->size - 1u)));
}

/* How far @head has come: used first, then with the device, then offered. */
static uint32_t head_rank(const struct ring_view *v, uint32_t head)
{
	const struct split_driver *d = v->drv;
	uint16_t end = used_end(v);

	for (uint16_t i = d->used_idx; i != end; i++)
		if (used_at(d, i) == head)
			return (uint16_t)(i - d->used_idx);
	for (uint16_t i = v->dev->avail_idx; v->dev->live && i != d->avail_idx;
	     i++)
		if (avail_at(d, i) == head)
			return 0x20000u + (uint16_t)(i - v->dev->avail_idx);
	return 0x10000;
}

/* Whether @a is named before @b: by what it stands for, then by its way. */
static bool head_before(const struct ring_view *v, uint32_t a, uint32_t b)
{
	const struct split_note *note = v->drv->note;

	if (note[a].cookie != note[b].cookie)
		return note[a].cookie < note[b].cookie;
	return head_rank(v, a) < head_rank(v, b);
}

/* Exposed heads, in the order in which they are named. */
static uint32_t heads_sorted(const struct ring_view *v, uint8_t *head)
{
	const struct split_driver *d = v->drv;
	uint32_t n = 0;

	for (uint32_t i = 0; i < d->size; i++) {
		uint32_t at = n;

		if (d->note[i].count == 0)
			continue;
		while (at && head_before(v, i, head[at - 1])) {
			head[at] = head[at - 1];
			at--;
		}
		head[at] = (uint8_t)i;
		n++;
	}
	return n;
}

static void name_identity(struct fold_queue *q)
{
	for (uint32_t i = 0; i < q->size; i++)
		q->raw[i] = q->name[i] = (uint8_t)i;
}

/*
 * Free descriptors in the order in which they will be taken, then chains. The
 * list and the chains share none and leave none out.
 */
void ring_fold_name(const struct ring_view *v, struct fold_queue *q)
{
	const struct split_driver *d = v->drv;
	uint8_t head[FOLD_RING_MAX];
	uint32_t heads, n = 0;

	assert(v->size <= FOLD_RING_MAX);
	q->size = v->size;
	q->base = v->start;
	if (!d) {
		name_identity(q);
		return;
	}
	q->base = d->used_idx;
	for (uint16_t i = d->free_head; n < d->free; i = d->note[i].next)
		q->raw[n++] = (uint8_t)i;
	heads = heads_sorted(v, head);
	for (uint32_t h = 0; h < heads; h++) {
		uint16_t i = head[h];

		for (uint16_t k = d->note[i].count; k; k--) {
			assert(n < v->size);
			q->raw[n++] = (uint8_t)i;
			i = d->note[i].next;
		}
	}
	assert(n == v->size);
	for (uint32_t k = 0; k < n; k++)
		q->name[q->raw[k]] = (uint8_t)k;
}

static void driver_fold(const struct ring_view *v, struct fold *f)
{
	const struct split_driver *d = v->drv;

	fold_index(f, v->id, d->avail_idx);
	fold_index(f, v->id, d->published);
	fold_index(f, v->id, d->kicked);
	fold_index(f, v->id, d->used_seen);
	fold_u16(f, d->free);
	fold_u8(f, (uint8_t)(d->calls_off | d->broken << 1));
}

static void device_fold(const struct ring_view *v, struct fold *f)
{
	const struct split_device *d = v->dev;

	fold_u8(f, (uint8_t)(d->live | d->broken << 1 | d->kicks_off << 2));
	if (!d->live)
		return;
	fold_index(f, v->id, d->avail_idx);
	fold_index(f, v->id, d->avail_seen);
	fold_index(f, v->id, d->used_idx);
	fold_index(f, v->id, d->published);
	fold_index(f, v->id, d->called);
}

/* The words that one side writes and the other reads. */
static void words_fold(const struct ring_view *v, struct fold *f)
{
	const struct split_driver *d = v->drv;

	fold_index(f, v->id, gmem_load16(d->at.avail + SPLIT_IDX));
	fold_index(f, v->id, gmem_load16(d->at.used + SPLIT_IDX));
	if (d->event_idx && v->dev->live) {
		fold_event(f, gmem_load16(split_used_event(&d->at, d->size)),
			   v->dev->called);
		fold_event(f, gmem_load16(split_avail_event(&d->at, d->size)),
			   d->kicked);
	}
	fold_u16(f, gmem_load16(d->at.avail + SPLIT_FLAGS));
	fold_u16(f, gmem_load16(d->at.used + SPLIT_FLAGS));
}

/* Entries that the device has not taken. */
static void avail_fold(const struct ring_view *v, struct fold *f)
{
	const struct split_driver *d = v->drv;

	for (uint16_t i = v->dev->avail_idx; i != d->avail_idx; i++)
		fold_head(f, v->id, avail_at(d, i));
}

static void content_fold(const struct ring_view *v, struct fold *f,
			 uint32_t head, uint32_t len)
{
	struct ring_chain c = {.seg = v->seg};
	struct verdict why;

	if (v->dev->size == v->size &&
	    split_device_walk(v->dev, (uint16_t)head, &c, &why))
		v->content(v, f, &c, len, v->drv->note[head].cookie);
}

/*
 * Elements that the driver has not taken; what a receive chain of them holds
 * is still to be read. A device that has stopped adds none to those that the
 * driver sees. Returns their descriptors as a bit each.
 */
static uint64_t used_fold(const struct ring_view *v, struct fold *f)
{
	const struct split_driver *d = v->drv;
	uint16_t last = used_end(v);
	uint64_t used = 0;

	for (uint16_t i = d->used_idx; i != last; i++) {
		const uint8_t *e =
			d->at.used + SPLIT_RING +
			(uint32_t)SPLIT_USED_SIZE * (i & (d->size - 1u));
		uint32_t head = gmem_load32(e);
		uint32_t len = gmem_load32(e + SPLIT_USED_LEN);

		fold_head(f, v->id, head);
		fold_u32(f, len);
		if (head >= d->size || d->note[head].count == 0)
			continue;
		used |= UINT64_C(1) << head;
		if (len)
			content_fold(v, f, head, len);
	}
	return used;
}

/* Chains that will be offered again, in that order. */
static void out_fold(const struct ring_view *v, struct fold *f)
{
	uint16_t head[2 * FOLD_RING_MAX];
	uint32_t count = split_driver_out(v->drv, head);

	for (uint32_t k = 0; k < count; k++)
		fold_head(f, v->id, head[k]);
}

/* Chains that are out, and the packets in those that are for the device. */
static void chains_fold(const struct ring_view *v, struct fold *f,
			uint64_t used)
{
	bool read = v->dev->live || v->again;
	const struct split_driver *d = v->drv;

	for (uint32_t k = d->free; k < d->size; k++) {
		uint32_t i = fold_queue(f, v->id)->raw[k];
		const struct split_note *n = &d->note[i];

		if (n->count == 0)
			continue;
		fold_u32(f, n->cookie);
		fold_u32(f, n->room);
		fold_u16(f, (uint16_t)n->count);
		if (n->room == 0 && read && !(used >> i & 1))
			content_fold(v, f, i, UINT32_MAX);
	}
}

void ring_fold(const struct ring_view *v, struct fold *f)
{
	fold_u8(f, v->drv != NULL);
	device_fold(v, f);
	if (!v->drv)
		return;
	driver_fold(v, f);
	words_fold(v, f);
	if (v->dev->live)
		avail_fold(v, f);
	else if (v->again)
		out_fold(v, f);
	chains_fold(v, f, used_fold(v, f));
}
