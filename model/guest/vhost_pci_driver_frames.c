/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Frames that a vhost-pci driver takes out of the peer's transmit ring and puts
 * into its receive ring.
 */
#include "model/guest/vhost_pci_driver.h"
#include "model/mutant.h"
#include "model/ring/virtqueue.h"

static struct iov_copy guest_iov_copy(const struct vhost_pci_driver *d)
{
	return (struct iov_copy){d->probe,        d->cost,
				 EV_GUEST_READ,   EV_GUEST_WRITE,
				 COST_GUEST_COPY, COST_GUEST_BYTE};
}

static bool peer_broke(struct vhost_pci_driver *d, struct vq_device *q,
		       const struct verdict *why)
{
	vq_device_break(q, why);
	return vhost_pci_peer_failed(d);
}

/* The chain has its outcome: nothing is delivered. */
static void frame_drop(struct vhost_pci_driver *d, enum clause broken)
{
	probe_emit(d->probe, EV_DROP, vq_device_queue(&d->tx), broken, 0,
		   (uint32_t)d->held.chain.read_len, d->held.chain.head);
}

static void frame_deliver(struct vhost_pci_driver *d, uint32_t frame)
{
	struct app_segment piece = {d->own, frame};

	d->app->deliver(d->app_ctx, d->driver.nic, &piece, 1, frame);
	cost_count(d->cost, COST_PACKET, 1);
	cost_count(d->cost, COST_APP_BYTE, frame);
}

/*
 * Copies the chain's frame out of the peer's memory and delivers it; false when
 * it is not in memory.
 */
static bool frame_take(struct vhost_pci_driver *d)
{
	struct iov_copy m = guest_iov_copy(d);
	struct cursor src = {.mem = &d->view,
			     .seg = d->held.chain.seg,
			     .count = d->held.chain.readable,
			     .vm = d->device->peer_vm,
			     .queue = vq_device_queue(&d->tx)};
	struct ring_seg own = {.gpa = d->own_gpa, .len = d->own_size};
	struct cursor dst = {.mem = &d->vm->mem,
			     .seg = &own,
			     .count = 1,
			     .vm = (uint16_t)d->vm->id,
			     .queue = vq_device_queue(&d->tx)};
	uint64_t frame = d->held.chain.read_len - d->hdr_len; /* may wrap */
	struct virtio_net_hdr h;
	struct verdict why;

	if (d->held.chain.read_len < d->hdr_len) {
		frame_drop(d, CLAUSE_NET_TX_HDR);
		return true;
	}
	if (frame > d->own_size) {
		frame_drop(d, CLAUSE_NONE);
		return true;
	}
	if (iov_copy_reaches(&src) && iov_copy_get(&m, &src, &h, d->hdr_len) &&
	    iov_copy_move(&m, &dst, &src, (uint32_t)frame)) {
		frame_deliver(d, (uint32_t)frame);
		return true;
	}
	verdict_set(&why, CLAUSE_SPLIT_REACH,
		    "head %u: a segment lies outside of memory",
		    d->held.chain.head);
	return peer_broke(d, &d->tx, &why);
}

/* Takes and uses the first chain that is held; false: the queue stops. */
static bool take_held(struct vhost_pci_driver *d)
{
	held_chain(&d->held);
	if (!frame_take(d)) {
		held_forget(&d->held);
		return false;
	}
	vq_device_used(&d->tx, d->held.chain.head, 0);
	held_chain_done(&d->held);
	return true;
}

bool vhost_pci_take(struct vhost_pci_driver *d)
{
	bool worked = vq_device_works(&d->tx);
	struct verdict why;
	uint32_t n;

	for (n = 0; n < d->burst; n++) {
		enum ring_end end = RING_CHAIN;

		if (!held_any(&d->held))
			end = held_pull(&d->held, &d->tx, d->burst - n, &why);
		if (end == RING_BROKEN)
			vhost_pci_peer_failed(d);
		if (end != RING_CHAIN || !take_held(d))
			break;
	}
	return n > 0 || worked != vq_device_works(&d->tx);
}

/* Takes in what the peer has posted as most is; RING_CHAIN: there is more. */
static enum ring_end intake_batch(struct vhost_pci_driver *d)
{
	struct verdict why;
	enum ring_end end;

	do
		end = vq_device_ready(&d->rx, &why);
	while (end == RING_CHAIN &&
	       posted_rx_post_batch(&d->line,
				    vq_pop_most(&d->rx, EVENT_BATCH_MAX)));
	return end;
}

/* Takes in what the peer has posted; false when it broke a rule. */
static bool intake(struct vhost_pci_driver *d)
{
	struct ring_chain c = {.seg = d->line.seg};
	struct verdict why;
	enum ring_end end;

	while ((end = intake_batch(d)) == RING_CHAIN &&
	       (end = vq_device_pop(&d->rx, &c, &why)) == RING_CHAIN)
		if (!posted_rx_post(&d->line, &c, &why))
			return peer_broke(d, &d->rx, &why);
	return end == RING_EMPTY || vhost_pci_peer_failed(d);
}

static struct virtio_net_hdr header_of(const struct app_packet *p)
{
	struct virtio_net_hdr h = {0};

	if (p->gso_type) {
		h.flags = NET_HDR_NEEDS_CSUM;
		h.gso_type = p->gso_type;
		h.hdr_len = htole16(p->hdr_len);
		h.gso_size = htole16(p->gso_size);
		h.csum_start = htole16(p->csum_start);
		h.csum_offset = htole16(p->csum_offset);
	}
	return h;
}

/* Writes the frame into own memory, as its application would, and copies. */
static enum line_end frame_copy(struct vhost_pci_driver *d,
				const struct app_packet *p)
{
	struct iov_copy m = guest_iov_copy(d);
	struct ring_seg own = {.gpa = d->own_gpa, .len = d->own_size};
	struct cursor src = {.mem = &d->vm->mem,
			     .seg = &own,
			     .count = 1,
			     .vm = (uint16_t)d->vm->id,
			     .queue = vq_device_queue(&d->rx)};
	struct rx_form form = {d->features, d->hdr_len};
	struct virtio_net_hdr h = header_of(p);

	if (p->bytes)
		memcpy(d->own, p->bytes, p->len);
	return posted_rx_deliver(&d->line, &m, &src, &h, p->len, &form);
}

/* A frame waits for the peer: for what it posts, or for its reset. */
static bool frame_send(struct vhost_pci_driver *d, const struct app_packet *p)
{
	enum line_end end = frame_copy(d, p);

	if (end == LINE_WAIT && intake(d))
		end = frame_copy(d, p);
	if (end == LINE_BROKEN)
		vhost_pci_peer_failed(d);
	return end == LINE_DONE;
}

/* The frame fits into buffers that the peer's driver posts at most. */
static bool frame_fits(const struct vhost_pci_driver *d, uint32_t len)
{
	const struct link_config *cfg = d->cfg;
	uint64_t room = cfg->private_size;

	if (feature_on(d->features, F_NET_MRG_RXBUF))
		room *= cfg->private_rx;
	return len <= cfg->max_frame && d->hdr_len + (uint64_t)len <= room;
}

/* The application is rid of the packet, which was sent, or refused. */
static void taken(struct vhost_pci_driver *d, const struct app_packet *p,
		  enum event_kind kind)
{
	bool refused = kind == EV_REFUSE;

	d->app->taken(d->app_ctx, d->driver.nic, refused);
	probe_emit(d->probe, kind, queue_of_nic(d->driver.nic, NET_TX),
		   (uint32_t)p->seq, refused ? 0 : p->hash, p->len, p->to);
	cost_count(d->cost, COST_PACKET, 1);
	cost_count(d->cost, COST_APP_BYTE, p->len);
}

bool vhost_pci_send(struct vhost_pci_driver *d)
{
	bool worked = vq_device_works(&d->rx);
	uint32_t n;

	d->wait_ps = UINT64_MAX;
	d->peeked_ps = d->probe->time;
	d->rx_blocked = !worked;
	for (n = 0; n < d->burst && !d->rx_blocked; n++) {
		struct app_packet p;

		if (d->app->peek(d->app_ctx, d->driver.nic, &p, &d->wait_ps) !=
		    APP_PACKET)
			break;
		if (!frame_fits(d, p.len)) {
			taken(d, &p, EV_REFUSE);
			continue;
		}
		if (!frame_send(d, &p)) {
			d->rx_blocked = !MUTANT(VHOST_PCI_FULL_SEND);
			break;
		}
		taken(d, &p, EV_SEND);
	}
	return n > 0 || worked != vq_device_works(&d->rx);
}
