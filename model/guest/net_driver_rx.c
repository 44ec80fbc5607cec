/* SPDX-License-Identifier: BSD-3-Clause */
/* Taking what arrives, and posting what may be filled. */
#include "model/guest/net_driver.h"

/* One received buffer: where it is and what it was. */
struct arrived {
	const uint8_t *bytes;
	uint64_t gpa;
	uint32_t len;
	uint32_t slot; /* or NO_SLOT_HERE */
	uint16_t buffer;
};

/* Used receive buffers that were taken off the ring and not yet looked at. */
struct inbox {
	uint32_t next;
	uint32_t count;
	uint32_t most; /* to take at once */
	uint32_t cookie[EVENT_RUN_MAX];
	struct event_item item[EVENT_RUN_MAX];
};

/* Frames of one buffer each that wait to be delivered together. */
struct outbox {
	uint32_t count;
	uint32_t bytes;
	struct app_segment frame[EVENT_RUN_MAX];
	struct event_item read[EVENT_RUN_MAX];
};

static enum ring_end inbox_fill(struct net_driver *d, struct inbox *in)
{
	enum ring_end end;
	struct verdict why;

	in->next = 0;
	in->count = run_most(in->most);
	end = split_driver_take_run(&d->rx, in->item, in->cookie, &in->count,
				    &why);
	if (end == RING_CHAIN && in->count == 0) {
		end = split_driver_take(&d->rx, in->cookie, &in->item[0].len,
					&why);
		in->count = end == RING_CHAIN;
	}
	d->dead |= end == RING_BROKEN;
	return end;
}

/* Takes one used receive buffer. */
static inline enum ring_end buffer_take(struct net_driver *d, struct inbox *in,
					struct arrived *a)
{
	uint32_t cookie;

	if (in->next == in->count) {
		enum ring_end end = inbox_fill(d, in);

		if (end != RING_CHAIN)
			return end;
	}
	cookie = in->cookie[in->next];
	a->len = in->item[in->next++].len;
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
	if (d->note[slot].belief != SLOT_LENT)
		return;
	d->note[slot].belief = SLOT_MINE;
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

/* Delivers the frames that wait. */
static void outbox_empty(struct net_driver *d, struct outbox *out)
{
	if (!out->count)
		return;
	probe_emit_run(d->probe, EV_GUEST_READ, net_queue(d, 0), out->read,
		       out->count, d->vm->id);
	d->app->arrive(d->app_ctx, d->nic, out->frame, out->count);
	cost_count(d->cost, COST_PACKET, out->count);
	cost_count(d->cost, COST_APP_BYTE, out->bytes);
	out->count = out->bytes = 0;
}

/* Adds the frame of @len bytes, header included, at @gpa; there is room. */
static inline void outbox_put(struct outbox *out, uint64_t gpa,
			      const uint8_t *bytes, uint32_t len,
			      uint32_t hdr_len)
{
	uint32_t n = out->count++;

	out->read[n] = (struct event_item){gpa, len, 0};
	out->frame[n].bytes = bytes + hdr_len;
	out->frame[n].len = len - hdr_len;
	out->bytes += len - hdr_len;
}

/*
 * The rest of a packet whose first buffer is @a, of @count in all. A message
 * has nothing for the application.
 */
static enum ring_end packet_rest(struct net_driver *d, struct inbox *in,
				 struct arrived *a, uint32_t count,
				 bool message)
{
	uint32_t pieces = 0, total = 0;

	if (!message)
		piece_add(d, &pieces, &total, a, d->hdr_len);
	buffer_done(d, a);
	while (--count) {
		if (buffer_take(d, in, a) != RING_CHAIN)
			return RING_BROKEN;
		if (!message)
			piece_add(d, &pieces, &total, a, 0);
		buffer_done(d, a);
	}
	if (!message) {
		d->app->deliver(d->app_ctx, d->nic, d->piece, pieces, total);
		cost_count(d->cost, COST_PACKET, 1);
		cost_count(d->cost, COST_APP_BYTE, total);
	}
	return RING_CHAIN;
}

/*
 * Takes one packet, all its buffers. RING_BROKEN when the device used fewer
 * buffers than the header says (NET-RX-DEV-4) or no whole header.
 */
static enum ring_end packet_take(struct net_driver *d, struct inbox *in,
				 struct outbox *out)
{
	struct arrived a;
	uint32_t count = 1;
	uint8_t flags;
	bool message;
	enum ring_end end = buffer_take(d, in, &a);

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
	if (count == 0 || count > d->rx.size) {
		buffer_done(d, &a);
		return RING_BROKEN;
	}
	message = d->gifts && a.slot != NO_SLOT_HERE &&
		  flags & (NET_HDR_GIFT | NET_HDR_RETURNED);
	d->asked |= d->gifts && flags & NET_HDR_WANT;
	if (count == 1 && !message) {
		if (out->count == EVENT_RUN_MAX)
			outbox_empty(d, out);
		outbox_put(out, a.gpa, a.bytes, a.len, d->hdr_len);
		buffer_done(d, &a);
		return RING_CHAIN;
	}
	outbox_empty(d, out); /* packets arrive in order */
	if (message)
		slots_arrived(d, flags, a.slot, count);
	return packet_rest(d, in, &a, count, message);
}

/* A frame in one buffer whose header says nothing, flags in @odd least. */
static inline bool frame_plain(const struct net_driver *d, const uint8_t *bytes,
			       uint32_t len, uint8_t odd)
{
	return len >= d->hdr_len &&
	       !(bytes[offsetof(struct virtio_net_hdr, flags)] & odd) &&
	       gmem_load16(bytes +
			   offsetof(struct virtio_net_hdr, num_buffers)) == 1;
}

/*
 * Takes frames of one slot each, which is what most are, up to the first of
 * the inbox that is anything else; how many.
 */
static uint32_t slots_take_run(struct net_driver *d, struct inbox *in,
			       struct outbox *out)
{
	uint8_t odd =
		d->gifts ? NET_HDR_GIFT | NET_HDR_RETURNED | NET_HDR_WANT : 0;
	uint32_t slot[EVENT_RUN_MAX], n = 0, first = in->next;
	uint64_t gpa = d->pci.shared_gpa - (uintptr_t)d->bar;
	uint32_t hdr_len = d->hdr_len, stride = d->slots.stride;
	struct slot_note *note = d->note;

	if (!net_rule(d, RULE_WHOLE_SLOTS) || hdr_len < NET_HDR_COMMON)
		return 0;
	outbox_empty(d, out);
	for (uint32_t k = first; k < in->count; k++, n++) {
		uint32_t cookie = in->cookie[k], len = in->item[k].len;
		const uint8_t *bytes;

		slot[n] = cookie & ~NET_COOKIE_SLOT;
		bytes = d->bar + (uint64_t)slot[n] * stride;
		if (!(cookie & NET_COOKIE_SLOT) ||
		    note[slot[n]].belief != SLOT_LENT ||
		    !frame_plain(d, bytes, len, odd))
			break;
		note[slot[n]].belief = SLOT_MINE;
		outbox_put(out, gpa + (uintptr_t)bytes, bytes, len, hdr_len);
	}
	slot_pool_put_run(&d->pool, slot, n);
	d->lent -= n;
	in->next += n;
	return n;
}

/* The same for frames in one private buffer each. */
static uint32_t buffers_take_run(struct net_driver *d, struct inbox *in,
				 struct outbox *out)
{
	struct buffer_stack *b = &d->rx_buffers;
	uint32_t hdr_len = d->hdr_len, n = 0;
	uint8_t odd = d->gifts ? NET_HDR_WANT : 0;

	if (hdr_len < NET_HDR_COMMON)
		return 0;
	outbox_empty(d, out);
	for (uint32_t k = in->next; k < in->count; k++, n++) {
		uint32_t cookie = in->cookie[k], len = in->item[k].len;
		const uint8_t *bytes = b->base + (size_t)cookie * b->size;

		if (cookie & NET_COOKIE_SLOT ||
		    !frame_plain(d, bytes, len, odd))
			break;
		b->free[b->count++] = (uint16_t)cookie;
		outbox_put(out, buffer_gpa(b, cookie), bytes, len, hdr_len);
	}
	in->next += n;
	return n;
}

bool net_driver_take(struct net_driver *d)
{
	struct inbox in;
	struct outbox out;
	uint32_t n = 0;

	in.next = in.count = 0;
	out.count = out.bytes = 0;
	while (n < d->burst) {
		enum ring_end end = RING_CHAIN;
		uint32_t run;

		in.most = d->burst - n;
		if (in.next == in.count)
			end = inbox_fill(d, &in);
		run = in.next < in.count && in.cookie[in.next] & NET_COOKIE_SLOT
			      ? slots_take_run(d, &in, &out)
			      : buffers_take_run(d, &in, &out);
		n += run;
		if (run)
			continue;
		if (end == RING_CHAIN)
			end = packet_take(d, &in, &out);
		d->dead |= end == RING_BROKEN;
		if (end != RING_CHAIN)
			break;
		n++;
	}
	outbox_empty(d, &out);
	return n > 0;
}

/* Rule whole-slots off: several slots of ours as one receive chain. */
static bool lend_chain(struct net_driver *d, uint32_t first, uint32_t count)
{
	uint32_t n = 0;

	for (uint32_t s = first; n < count && s < d->slots.slots; s += 2, n++)
		ring_seg_set(&d->seg[n], net_slot_gpa(d, s), d->slots.slot_size,
			     true);
	if (!split_driver_add(&d->rx, d->seg, n, NET_COOKIE_SLOT | first))
		return false;
	for (uint32_t k = 0, s = first; k < n; k++, s += 2)
		d->note[s].belief = SLOT_LENT;
	d->lent += n;
	return true;
}

/* Lends the next of the slots that the peer holds at first. */
static bool lend_first(struct net_driver *d)
{
	uint32_t chain = net_rule(d, RULE_WHOLE_SLOTS) ? 1 : d->vmcfg->rx_chain;
	uint32_t slot;

	while (d->unposted < d->slots.slots &&
	       d->note[d->unposted].belief != SLOT_UNKNOWN)
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
	struct event_item item[EVENT_RUN_MAX];

	most = run_most(most);
	if (most > b->count)
		most = b->count;
	if (most > d->rx.free)
		most = d->rx.free;
	if (!most || d->rx.broken)
		return 0;
	for (uint32_t k = 0; k < most; k++) {
		uint16_t i = b->free[--b->count];

		item[k] = (struct event_item){buffer_gpa(b, i), 0, i};
	}
	split_driver_add_run(&d->rx, item, most, b->size);
	return most;
}

bool net_driver_refill(struct net_driver *d)
{
	uint32_t before = d->rx.avail_idx;
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
	return n > 0 && d->rx.avail_idx != before;
}
