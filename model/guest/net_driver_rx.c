/* SPDX-License-Identifier: BSD-3-Clause */
/* Taking what arrives, and posting what may be filled. */
#include "model/guest/net_driver.h"
#include "model/mutant.h"
#include "model/ring/virtqueue.h"

/* One received buffer: where it is and what it was. */
struct arrived {
	const uint8_t *bytes;
	uint64_t gpa;
	uint32_t len;
	uint32_t slot; /* or NO_SLOT_HERE */
	uint16_t buffer;
};

/* Takes one used receive buffer. */
static enum ring_end buffer_take(struct net_driver *d, struct arrived *a)
{
	struct verdict why;
	uint32_t cookie;
	enum ring_end end = vq_driver_take(&d->rx, &cookie, &a->len, &why);

	if (end != RING_CHAIN)
		return end;
	if (cookie & NET_COOKIE_SLOT) {
		a->slot = cookie & ~NET_COOKIE_SLOT;
		a->buffer = 0;
		a->gpa = net_slot_gpa(d, a->slot);
		a->bytes = net_slot_bytes(d, a->slot);
	} else {
		a->slot = NO_SLOT_HERE;
		a->buffer = (uint16_t)cookie;
		a->gpa = buffer_gpa(&d->rx_buffers, cookie);
		a->bytes = buffer_bytes(&d->rx_buffers, cookie);
	}
	return RING_CHAIN;
}

/* The slots of a lent chain are this driver's again. */
static inline void slot_gain(struct net_driver *d, uint32_t slot)
{
	if (d->belief[slot] != SLOT_LENT)
		return;
	d->belief[slot] = SLOT_MINE;
	d->lent--;
	slot_pool_put(&d->pool, slot);
}

static void slots_gain(struct net_driver *d, uint32_t first)
{
	for (uint32_t k = 0, s = first;
	     k < d->vmcfg->rx_chain && s < d->slots.slots; k++, s += 2)
		slot_gain(d, s);
}

/* The buffer has been looked at: a slot is ours, a private one goes back. */
static inline void buffer_done(struct net_driver *d, const struct arrived *a)
{
	if (a->slot != NO_SLOT_HERE && net_rule(d, RULE_WHOLE_SLOTS))
		slot_gain(d, a->slot);
	else if (a->slot != NO_SLOT_HERE)
		slots_gain(d, a->slot);
	else
		d->rx_buffers.free[d->rx_buffers.count++] = a->buffer;
}

/* A chain of empty slots, or of ours that could not be delivered. */
static void slots_arrived(struct net_driver *d, uint8_t flags, uint32_t slot,
			  uint32_t count)
{
	uint64_t seq = d->note[slot].seq;

	if (flags & NET_HDR_GIFT && !(flags & NET_HDR_RETURNED)) {
		probe_emit(d->probe, EV_GIFTED, net_queue(d, 0), slot, 0, 0,
			   count);
		return;
	}
	probe_emit(d->probe, EV_RETURNED, net_queue(d, 0), slot, 0, 0, count);
	if (seq != NO_SEQ)
		probe_emit(d->probe, EV_FAIL, net_queue(d, 1), (uint32_t)seq, 0,
			   0, 0);
}

/* Notes a piece of the frame; true when it has bytes for the application. */
static inline void piece_add(struct net_driver *d, uint32_t *pieces,
			     uint32_t *total, const struct arrived *a,
			     uint32_t skip)
{
	probe_emit(d->probe, EV_GUEST_READ, net_queue(d, 0), 0, a->gpa, a->len,
		   d->vm->id);
	/* Field by field, as ring_seg_set(). */
	d->piece[*pieces].bytes = a->bytes + skip;
	d->piece[(*pieces)++].len = a->len - skip;
	*total += a->len - skip;
}

/*
 * Takes up to @most used slots that come with a message, as long as they are
 * lent ones; how many. What lies in them is of no interest.
 */
static uint32_t slots_gain_batch(struct net_driver *d, uint32_t most)
{
	uint32_t number[EVENT_BATCH_MAX], k;
	struct event_item *took;
	struct probe_batches runs;
	struct vq_get_cursor in;
	struct vq_used u;
	struct verdict why;

	if (!net_rule(d, RULE_WHOLE_SLOTS) ||
	    vq_driver_ready(&d->rx, &why) != RING_CHAIN)
		return 0;
	most = vq_get_most(&d->rx, most);
	runs = probe_batches_begin(d->probe, most);
	took = probe_batch_begin(d->probe, EV_USED_CONSUMED, net_queue(d, 0),
				 most, 0);
	in = vq_get_begin(&d->rx, vq_driver_layout(&d->rx));
	for (k = 0; k < most && vq_get_look(&in, &u); k++) {
		uint32_t slot = u.cookie ^ NET_COOKIE_SLOT;

		if (slot & NET_COOKIE_SLOT || d->belief[slot] != SLOT_LENT)
			break;
		vq_get_take(&in, &u);
		d->belief[slot] = SLOT_MINE;
		event_item_set(&took[k], 0, u.len, u.id);
		number[k] = slot;
	}
	vq_get_end(&d->rx, &in, k);
	probe_batches_end(d->probe, &runs, k);
	slot_pool_put_batch(&d->pool, number, k);
	d->lent -= k;
	return k;
}

/*
 * The rest of a packet whose first buffer is @a, of @count in all. A message
 * has nothing for the application.
 */
static enum ring_end packet_rest(struct net_driver *d, struct arrived *a,
				 uint32_t count, bool message)
{
	uint32_t pieces = 0, total = 0;

	if (!message)
		piece_add(d, &pieces, &total, a, d->hdr_len);
	buffer_done(d, a);
	while (--count) {
		uint32_t run = message ? slots_gain_batch(d, count) : 0;

		if (run) {
			count -= run - 1;
			continue;
		}
		if (buffer_take(d, a) != RING_CHAIN)
			return RING_BROKEN;
		if (!message)
			piece_add(d, &pieces, &total, a, 0);
		buffer_done(d, a);
	}
	if (!message) {
		d->app->deliver(d->app_ctx, d->driver.nic, d->piece, pieces,
				total);
		cost_count(d->cost, COST_PACKET, 1);
		cost_count(d->cost, COST_APP_BYTE, total);
	}
	return RING_CHAIN;
}

/*
 * Takes one packet, all its buffers. RING_BROKEN when the device used fewer
 * buffers than the header says (NET-RX-DEV-4) or no whole header.
 */
static enum ring_end packet_take(struct net_driver *d)
{
	struct arrived a;
	uint32_t count = 1;
	uint8_t flags;
	bool message;
	enum ring_end end = buffer_take(d, &a);

	if (end != RING_CHAIN)
		return end;
	if (a.len < d->hdr_len) {
		buffer_done(d, &a);
		return RING_BROKEN;
	}
	flags = a.bytes[offsetof(struct virtio_net_hdr, flags)];
	if (d->hdr_len >= NET_HDR_COMMON)
		count = gmem_load16(
			a.bytes + offsetof(struct virtio_net_hdr, num_buffers));
	if (count == 0 || count > vq_driver_size(&d->rx)) {
		buffer_done(d, &a);
		return RING_BROKEN;
	}
	message = d->gifts && a.slot != NO_SLOT_HERE &&
		  flags & (NET_HDR_GIFT | NET_HDR_RETURNED);
	d->asked |= d->gifts && flags & NET_HDR_WANT;
	message &= !MUTANT(GUEST_EATS_GIFT);
	if (message)
		slots_arrived(d, flags, a.slot, count);
	return packet_rest(d, &a, count, message);
}

bool net_driver_take(struct net_driver *d)
{
	struct verdict why;
	uint32_t n = 0;

	while (n < d->burst) {
		enum ring_end end = vq_driver_ready(&d->rx, &why);
		uint32_t run = end == RING_CHAIN
				       ? net_driver_take_batch(d, d->burst - n)
				       : 0;

		if (end == RING_CHAIN && !run) {
			end = packet_take(d);
			run = 1;
		}
		d->dead |= end == RING_BROKEN;
		if (end != RING_CHAIN)
			break;
		n += run;
	}
	return n > 0;
}

/* Rule whole-slots off: several slots of ours as one receive chain. */
static bool lend_chain(struct net_driver *d, uint32_t first, uint32_t count)
{
	uint32_t n = 0;

	for (uint32_t s = first; n < count && s < d->slots.slots; s += 2, n++)
		ring_seg_set(&d->seg[n], net_slot_gpa(d, s), d->slots.slot_size,
			     true);
	if (!vq_driver_add(&d->rx, d->seg, n, NET_COOKIE_SLOT | first))
		return false;
	for (uint32_t k = 0, s = first; k < n; k++, s += 2)
		d->belief[s] = SLOT_LENT;
	d->lent += n;
	return true;
}

/* Lends the next of the slots that the peer holds at first. */
static bool lend_first(struct net_driver *d)
{
	uint32_t chain = net_rule(d, RULE_WHOLE_SLOTS) ? 1 : d->vmcfg->rx_chain;
	uint32_t slot;

	while (d->unposted < d->slots.slots &&
	       d->belief[d->unposted] != SLOT_UNKNOWN)
		d->unposted++;
	if (d->unposted == d->slots.slots)
		return false;
	slot = d->unposted;
	if (chain == 1 ? !net_driver_lend(d, slot)
		       : !lend_chain(d, slot, chain)) {
		/* A pool too large for the ring: the rest is never posted. */
		d->unposted = d->slots.slots;
		return false;
	}
	d->unposted++;
	return true;
}

/* Posts up to @most idle private buffers; how many. */
static uint32_t buffers_post(struct net_driver *d, uint32_t most)
{
	struct buffer_stack *b = &d->rx_buffers;
	struct event_item *said;
	struct vq_add_cursor a;

	if (most > b->count)
		most = b->count;
	most = vq_add_most(&d->rx, most);
	if (!most)
		return 0;
	a = vq_add_begin(&d->rx, vq_driver_layout(&d->rx), most, b->size);
	said = vq_add_tell(&d->rx, most, b->size);
	for (uint32_t k = 0; k < most; k++) {
		uint16_t i = b->free[--b->count];
		uint64_t gpa = buffer_gpa(b, i);

		vq_add_told(&said[k], gpa, b->size, vq_add_put(&a, gpa, 0, i));
	}
	vq_add_end(&d->rx, &a, most);
	probe_batch_end(d->probe);
	return most;
}

bool net_driver_refill(struct net_driver *d)
{
	uint32_t before = vq_driver_added(&d->rx);
	uint32_t n = 0;

	while (d->rx_buffers.count && n < d->burst) {
		uint32_t run = buffers_post(d, d->burst - n);

		if (!run)
			break;
		n += run;
	}
	while (d->paired && d->unposted < d->slots.slots && n < d->burst) {
		if (!lend_first(d))
			break;
		n++;
	}
	return n > 0 && vq_driver_added(&d->rx) != before;
}
