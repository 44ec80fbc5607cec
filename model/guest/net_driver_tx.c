/* SPDX-License-Identifier: BSD-3-Clause */
/* Sending: from slots, from private buffers, gifts, and reaping it all. */
#include "model/guest/net_driver.h"
#include "model/mutant.h"
#include "model/ring/virtqueue.h"

bool net_driver_lend(struct net_driver *d, uint32_t slot)
{
	struct ring_seg seg = {.gpa = net_slot_gpa(d, slot),
			       .len = d->slots.slot_size,
			       .write = true};

	if (!vq_driver_add(&d->rx, &seg, 1, NET_COOKIE_SLOT | slot))
		return false;
	d->belief[slot] = SLOT_LENT;
	d->lent++;
	return true;
}

/*
 * Posts slots chained by note.next, of which the segments are where they are;
 * what does not fit is only sent.
 */
static void slots_lend(struct net_driver *d, uint32_t first, uint32_t count)
{
	const uint32_t size = d->slots.slot_size;
	const struct slot_note *note = d->note;
	const struct ring_seg *seg = d->seg;
	uint8_t *belief = d->belief;
	uint32_t slot = first, left = count, run;

	while ((run = vq_add_most(&d->rx, left))) {
		struct vq_add_cursor a = vq_add_begin(
			&d->rx, vq_driver_layout(&d->rx), run, size);
		struct event_item *said = vq_add_tell(&d->rx, run, size);

		for (uint32_t k = 0; k < run; k++, seg++) {
			const uint64_t gpa = seg->gpa;

			belief[slot] = SLOT_LENT;
			vq_add_told(
				&said[k], gpa, size,
				vq_add_put(&a, gpa, 0, NET_COOKIE_SLOT | slot));
			slot = note[slot].next;
		}
		vq_add_end(&d->rx, &a, run);
		probe_batch_end(d->probe);
		d->lent += run;
		left -= run;
	}
	for (; left; left--, slot = note[slot].next)
		belief[slot] = SLOT_SENT;
}

/* Both rings take another send of @count slots. */
static bool has_room(const struct net_driver *d, uint32_t count)
{
	bool posts =
		net_rule(d, RULE_POST_FIRST) && net_rule(d, RULE_POOL_FITS);

	return vq_driver_needs(&d->tx, count) <= vq_driver_free(&d->tx) &&
	       !(posts && vq_driver_free(&d->rx) < count);
}

bool net_driver_hand_over(struct net_driver *d, uint32_t first, uint32_t count,
			  uint32_t bytes)
{
	const bool post = net_rule(d, RULE_POST_FIRST);
	const struct slot_note *note = d->note;
	const struct bar_geometry slots = d->slots;
	const uint64_t gpa = d->pci.shared_gpa;
	struct ring_seg *seg = d->seg;
	uint32_t slot = first;

	if (!has_room(d, count))
		return false;
	for (uint32_t k = 0; k < count; k++, slot = note[slot].next) {
		uint32_t len =
			bytes < slots.slot_size ? bytes : slots.slot_size;

		bytes -= len;
		ring_seg_set(&seg[k], gpa + bar_offset(&slots, slot), len,
			     false);
		if (!post)
			d->belief[slot] = SLOT_SENT;
	}
	if (post)
		slots_lend(d, first, count);
	vq_driver_add(&d->tx, d->seg, count, NET_COOKIE_SLOT | first);
	return true;
}

/* Takes @count slots from the pool and links them; the first one. */
static uint32_t slots_take(struct net_driver *d, uint32_t count, uint64_t seq)
{
	uint32_t number[EVENT_BATCH_MAX], first = NO_SLOT_HERE, last = 0, run;
	struct slot_note *note = d->note;

	for (; count; count -= run) {
		run = batch_most(count);
		slot_pool_take_batch(&d->pool, number, run);
		if (first == NO_SLOT_HERE)
			first = last = number[0];
		for (uint32_t k = 0; k < run; k++) {
			note[last].next = number[k];
			note[number[k]].seq = seq;
			last = number[k];
		}
	}
	note[last].next = first;
	return first;
}

static inline void wrote(struct net_driver *d, uint64_t gpa, uint32_t len)
{
	probe_emit(d->probe, EV_GUEST_WRITE, net_queue(d, 1), 0, gpa, len,
		   d->vm->id);
}

/* Lays header and frame out over the chained slots from @first on. */
static void slots_fill(struct net_driver *d, uint32_t first,
		       const struct app_packet *p)
{
	uint32_t left = p->len, done = 0, slot = first, skip = d->hdr_len;

	net_header_write(d, net_slot_bytes(d, first), net_slot_gpa(d, first), p,
			 net_want_flag(d));
	do {
		uint8_t *at = net_slot_bytes(d, slot) + skip;
		uint32_t part = d->slots.slot_size - skip;

		if (part > left)
			part = left;
		if (p->bytes)
			memcpy(at, p->bytes + done, part);
		wrote(d, net_slot_gpa(d, slot), skip + part);
		done += part;
		left -= part;
		skip = 0;
		slot = d->note[slot].next;
	} while (left);
}

/* How an attempt to send ended. */
enum sent { SENT, SENT_NOT, SENT_NEVER };

static uint32_t slots_for(const struct net_driver *d, uint32_t len)
{
	uint32_t bytes = d->hdr_len + len, size = d->slots.slot_size;

	return bytes <= size ? 1 : (bytes + size - 1) / size;
}

static bool takes_many(const struct net_driver *d)
{
	return feature_on(d->pci.features, F_NET_MRG_RXBUF);
}

/* The packet is the driver's now; whoever hears of it may hear at once. */
static inline void say_sent(struct net_driver *d, const struct app_packet *p)
{
	d->app->taken(d->app_ctx, d->driver.nic, false);
	probe_emit(d->probe, EV_SEND, net_queue(d, 1), (uint32_t)p->seq,
		   p->hash, p->len, p->to);
}

static enum sent send_slots(struct net_driver *d, const struct app_packet *p,
			    uint32_t count)
{
	uint32_t first;

	if (!has_room(d, count)) {
		d->tx_blocked = true;
		return SENT_NOT;
	}
	first = slots_take(d, count, p->seq);
	say_sent(d, p);
	slots_fill(d, first, p);
	if (!net_driver_hand_over(d, first, count, d->hdr_len + p->len))
		assert(!"room was checked");
	return SENT;
}

/* Room for a frame in the peer's private buffers, which are like ours. */
static bool classic_fits(const struct net_driver *d, uint32_t len)
{
	uint32_t size = d->cfg->private_size;
	uint32_t count = (d->hdr_len + len + size - 1) / size;

	return count <= d->cfg->private_rx && count <= vq_driver_size(&d->tx) &&
	       (count == 1 || takes_many(d));
}

/* Copies the frame into private buffers behind a header. */
static enum sent send_classic(struct net_driver *d, const struct app_packet *p)
{
	uint32_t size = d->tx_buffers.size;
	uint32_t total = d->hdr_len + p->len;
	uint32_t count = (total + size - 1) / size;
	uint32_t done = 0, skip = d->hdr_len;
	uint16_t last = 0;

	if (count > d->tx_free.count ||
	    vq_driver_needs(&d->tx, count) > vq_driver_free(&d->tx)) {
		d->tx_blocked = !MUTANT(GUEST_FULL_COPY);
		return SENT_NOT;
	}
	say_sent(d, p);
	for (uint32_t k = 0; k < count; k++) {
		uint16_t i = (uint16_t)slot_pool_take(&d->tx_free);
		uint32_t part = size - skip;

		if (part > p->len - done)
			part = p->len - done;
		if (k == 0)
			net_header_write(d, buffer_bytes(&d->tx_buffers, i),
					 buffer_gpa(&d->tx_buffers, i), p, 0);
		if (p->bytes)
			memcpy(buffer_bytes(&d->tx_buffers, i) + skip,
			       p->bytes + done, part);
		ring_seg_set(&d->seg[k], buffer_gpa(&d->tx_buffers, i),
			     skip + part, false);
		wrote(d, d->seg[k].gpa, d->seg[k].len);
		d->tx_next[i] = last;
		last = i;
		done += part;
		skip = 0;
	}
	vq_driver_add(&d->tx, d->seg, count, last | count << 16);
	return SENT;
}

/*
 * A frame of @count slots that waiting need not bring: from private memory, or
 * never. One slot is waited for in any case: the peer may send some day.
 */
static enum sent send_without(struct net_driver *d, const struct app_packet *p,
			      uint32_t count)
{
	if (d->cfg->fallback && classic_fits(d, p->len))
		return send_classic(d, p);
	if (d->gifts && count > 1)
		return SENT_NEVER;
	d->starved = count;
	return SENT_NOT;
}

/* Zero-copy when it can be, classic when it must be, later or never. */
static inline enum sent send_packet(struct net_driver *d,
				    const struct app_packet *p)
{
	uint32_t count;

	if (p->len > d->cfg->max_frame)
		return SENT_NEVER;
	if (!d->paired || p->copied)
		return classic_fits(d, p->len) ? send_classic(d, p)
					       : SENT_NEVER;
	if (d->unposted < d->slots.slots)
		return SENT_NOT; /* first lend what the peer begins with */
	count = slots_for(d, p->len);
	if ((count > 1 && !takes_many(d)) || count > d->slots.slots ||
	    count > vq_driver_size(&d->tx))
		return SENT_NEVER;
	if (count <= d->pool.count)
		return send_slots(d, p, count);
	if (!d->gifts || count > gift_floor(&d->cfg->gifts, d->slots.slots))
		return send_without(d, p, count);
	d->starved = count;
	return SENT_NOT;
}

/* Sends the one packet that is next, if there is one; true: there was. */
static bool send_next(struct net_driver *d)
{
	struct app_packet p;
	enum sent sent;

	if (d->app->peek(d->app_ctx, d->driver.nic, &p, &d->wait_ps) !=
	    APP_PACKET)
		return false;
	sent = send_packet(d, &p);
	if (sent == SENT_NOT)
		return false;
	if (sent == SENT_NEVER) {
		probe_emit(d->probe, EV_REFUSE, net_queue(d, 1),
			   (uint32_t)p.seq, 0, p.len, p.to);
		d->app->taken(d->app_ctx, d->driver.nic, true);
	}
	cost_count(d->cost, COST_PACKET, 1);
	cost_count(d->cost, COST_APP_BYTE, p.len);
	return true;
}

bool net_driver_send(struct net_driver *d)
{
	uint32_t n = 0;

	d->wait_ps = UINT64_MAX;
	d->peeked_ps = d->probe->time;
	d->tx_blocked = false;
	d->starved = 0;
	if (!d->link_up)
		return false;
	while (n < d->burst) {
		uint32_t run = net_driver_send_batch(d, d->burst - n);

		n += run;
		if (run)
			continue;
		if (!send_next(d))
			break;
		n++;
	}
	d->sent_some = n > 0;
	if (n > 0)
		d->told = 0;
	return n > 0;
}

/* Gives slots to the peer, as a chain with the GIFT header in the first. */
bool net_driver_give(struct net_driver *d)
{
	struct gift_view view = {d->pool.count, d->lent, d->asked};
	const uint32_t size = vq_driver_size(&d->tx), most = size / 2;
	uint32_t count, first;

	if (!d->paired || !d->gifts || d->unposted < d->slots.slots ||
	    (!net_rule(d, RULE_GIFT_OWED) && !d->sent_some))
		return false;
	count = gift_count(&d->cfg->gifts, &view);
	if (count > 1 && !takes_many(d))
		count = 1;
	if (count > most)
		count = most ? most : 1;
	if (count == 0)
		return false;
	if (!has_room(d, count)) {
		d->tx_blocked = true;
		return false;
	}
	first = slots_take(d, count, NO_SEQ);
	net_header_write(d, net_slot_bytes(d, first), net_slot_gpa(d, first),
			 NULL, NET_HDR_GIFT);
	wrote(d, net_slot_gpa(d, first), d->hdr_len);
	probe_emit(d->probe, EV_GIFT, net_queue(d, 1), first, 0, 0, count);
	cost_count(d->cost, COST_GIFT, count);
	d->asked = false;
	if (!net_driver_hand_over(d, first, count, count * d->slots.slot_size))
		assert(!"room was checked");
	return true;
}

/* Rule post-before-send off: the habit of posting when a send is reclaimed. */
static void lend_late(struct net_driver *d, uint32_t first)
{
	uint32_t slot = first;

	do {
		if (d->belief[slot] == SLOT_SENT)
			net_driver_lend(d, slot);
		slot = d->note[slot].next;
	} while (slot != first);
}

static void buffers_back(struct net_driver *d, uint32_t cookie)
{
	uint16_t i = (uint16_t)cookie;

	for (uint32_t k = cookie >> 16; k; k--) {
		slot_pool_put(&d->tx_free, i);
		i = d->tx_next[i];
	}
}

/* What becomes of a send that the host is done with, by its cookie. */
static inline void reaped(struct net_driver *d, uint32_t cookie, bool late)
{
	if (!(cookie & NET_COOKIE_SLOT))
		buffers_back(d, cookie);
	else if (late)
		lend_late(d, cookie & ~NET_COOKIE_SLOT);
}

/* Reaps up to @most sends of one buffer each; how many. */
static uint32_t reap_batch(struct net_driver *d, uint32_t most)
{
	struct event_item *took;
	struct probe_batches runs;
	struct vq_get_cursor t;
	struct vq_used u;
	uint32_t k;

	most = vq_get_most(&d->tx, most);
	if (!most || !net_rule(d, RULE_POST_FIRST))
		return 0;
	runs = probe_batches_begin(d->probe, most);
	took = probe_batch_begin(d->probe, EV_USED_CONSUMED, net_queue(d, 1),
				 most, 0);
	t = vq_get_begin(&d->tx, vq_driver_layout(&d->tx));
	for (k = 0; k < most && vq_get_look(&t, &u); k++) {
		vq_get_take(&t, &u);
		event_item_set(&took[k], 0, u.len, u.id);
		reaped(d, u.cookie, false);
	}
	vq_get_end(&d->tx, &t, k);
	probe_batches_end(d->probe, &runs, k);
	return k;
}

/* Reaps one send of any kind. */
static enum ring_end reap_one(struct net_driver *d)
{
	uint32_t cookie, len;
	struct verdict why;
	enum ring_end end = vq_driver_take(&d->tx, &cookie, &len, &why);

	if (end == RING_CHAIN)
		reaped(d, cookie, !net_rule(d, RULE_POST_FIRST));
	return end;
}

bool net_driver_reap(struct net_driver *d)
{
	struct verdict why;
	uint32_t n = 0;

	while (n < d->burst) {
		enum ring_end end = vq_driver_ready(&d->tx, &why);
		uint32_t run =
			end == RING_CHAIN ? reap_batch(d, d->burst - n) : 0;

		if (end == RING_CHAIN && !run) {
			end = reap_one(d);
			run = 1;
		}
		d->dead |= end == RING_BROKEN;
		if (end != RING_CHAIN)
			break;
		n += run;
	}
	return n > 0;
}
