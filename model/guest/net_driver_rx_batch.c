/* SPDX-License-Identifier: BSD-3-Clause */
/* Taking in runs: frames of one buffer each whose headers say nothing. */
#include "model/guest/net_driver.h"
#include "model/ring/virtqueue.h"

/* Buffers of one size that lie in a row, and that frames arrive in. */
struct row {
	uint8_t *base; /* of number 0 */
	uint64_t gpa;
	uint32_t stride;
};

/* A run of frames while it is taken. */
struct takes {
	uint32_t count;
	uint64_t bytes;
	uint32_t number[EVENT_BATCH_MAX]; /* of the buffer */
	uint32_t len[EVENT_BATCH_MAX];    /* of the frame */
};

/* A frame in one buffer whose header says nothing, flags in @odd least. */
static inline bool frame_plain(const uint8_t *bytes, uint32_t len,
			       uint32_t hdr_len, uint8_t odd)
{
	return len >= hdr_len &&
	       !(bytes[offsetof(struct virtio_net_hdr, flags)] & odd) &&
	       gmem_load16(bytes +
			   offsetof(struct virtio_net_hdr, num_buffers)) == 1;
}

/*
 * Takes the next @most frames, up to the first that is not plain or not in
 * such a buffer: a lent slot if @slots, else a private one.
 */
static inline __attribute__((always_inline)) void frames_take(
	struct net_driver *d, const struct row *from, uint32_t most, bool slots,
	struct takes *t)
{
	const uint32_t hdr_len = d->hdr_len, tag = slots ? NET_COOKIE_SLOT : 0;
	const uint8_t odd = !d->gifts ? 0
			    : slots   ? NET_HDR_EXTENSION
				      : NET_HDR_WANT;
	const uint64_t gpa = from->gpa;
	uint8_t *const base = from->base, *belief = d->belief;
	const uint32_t stride = from->stride;
	struct probe_batches runs = probe_batches_begin(d->probe, most);
	struct vq_get_cursor in =
		vq_get_begin(&d->rx, vq_driver_layout(&d->rx));
	struct event_item *item = probe_fused_begin(
		d->probe, fused_take(net_queue(d, 0), d->vm->id), most);
	struct vq_used u;
	uint64_t bytes = 0;
	uint32_t k;

	for (k = 0; k < most && vq_get_look(&in, &u); k++) {
		uint32_t number = u.cookie ^ tag;
		uint64_t off = (uint64_t)number * stride;

		if (number & NET_COOKIE_SLOT ||
		    (slots && belief[number] != SLOT_LENT) ||
		    !frame_plain(base + off, u.len, hdr_len, odd))
			break;
		vq_get_take(&in, &u);
		if (slots)
			belief[number] = SLOT_MINE;
		event_item_set(&item[k], gpa + off, u.len, u.id);
		t->number[k] = number;
		t->len[k] = u.len - hdr_len;
		bytes += u.len - hdr_len;
	}
	t->count = k;
	t->bytes = bytes;
	vq_get_end(&d->rx, &in, k);
	probe_batches_end(d->probe, &runs, k);
}

/* The frames are delivered. */
static void takes_deliver(struct net_driver *d, const struct takes *t,
			  const struct row *from)
{
	struct app_buffers in = {.base = from->base + d->hdr_len,
				 .stride = from->stride,
				 .number = t->number,
				 .count = t->count};

	d->app->arrive(d->app_ctx, d->driver.nic, &in, t->len);
	cost_count(d->cost, COST_PACKET, t->count);
	cost_count(d->cost, COST_APP_BYTE, t->bytes);
}

/* From slots, which are this driver's again. */
static uint32_t slots_take_batch(struct net_driver *d, uint32_t most)
{
	struct row from = {d->bar, d->pci.shared_gpa, d->slots.stride};
	struct takes t;

	frames_take(d, &from, most, true, &t);
	if (!t.count)
		return 0;
	slot_pool_put_batch(&d->pool, t.number, t.count);
	d->lent -= t.count;
	takes_deliver(d, &t, &from);
	return t.count;
}

/* From private buffers, which are idle again. */
static uint32_t buffers_take_batch(struct net_driver *d, uint32_t most)
{
	struct buffer_stack *b = &d->rx_buffers;
	struct row from = {b->base, b->gpa, b->size};
	struct takes t;

	frames_take(d, &from, most, false, &t);
	if (!t.count)
		return 0;
	for (uint32_t k = 0; k < t.count; k++)
		b->free[b->count++] = (uint16_t)t.number[k];
	takes_deliver(d, &t, &from);
	return t.count;
}

uint32_t net_driver_take_batch(struct net_driver *d, uint32_t most)
{
	uint32_t n = 0;

	most = vq_get_most(&d->rx, most);
	if (!most || d->hdr_len < NET_HDR_COMMON)
		return 0;
	if (d->lent && net_rule(d, RULE_WHOLE_SLOTS))
		n = slots_take_batch(d, most);
	if (!n && d->rx_buffers.total)
		n = buffers_take_batch(d, most);
	return n;
}
