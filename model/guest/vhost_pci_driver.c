/* SPDX-License-Identifier: BSD-3-Clause */
#include "model/guest/vhost_pci_driver.h"

#include "model/guest/vhost_pci_driver_canon.h"
#include "model/mutant.h"
#include "model/ring/virtqueue.h"

static struct vhost_pci_driver *driver_of(struct guest_driver *d)
{
	return (struct vhost_pci_driver *)d; /* it is the first member */
}

static uint64_t driver_ram(const struct link_config *cfg)
{
	return cfg->max_frame + UINT64_C(8192);
}

static size_t driver_arena(const struct link_config *cfg, uint32_t burst)
{
	return sizeof(struct vhost_pci_driver) +
	       posted_rx_arena(cfg->ring.size) +
	       held_arena(cfg->ring.size, burst) + 256;
}

static struct guest_driver *begin(const struct guest_driver_setup *s,
				  struct arena *arena)
{
	const struct link_config *cfg = s->cfg;
	struct vhost_pci_driver *d =
		arena_new(arena, struct vhost_pci_driver, 1);

	*d = (struct vhost_pci_driver){
		.driver = {&vhost_pci_driver_ops, s->nic, s->link},
		.cfg = cfg,
		.vmcfg = s->vmcfg,
		.device = s->device,
		.vm = s->vm,
		.probe = s->probe,
		.cost = s->cost,
		.view = {.stores = s->vm->mem.stores,
			 .window = &d->window,
			 .room = 1},
		.app = s->app,
		.app_ctx = s->app_ctx,
		.burst = s->burst,
		.own_size = cfg->max_frame,
	};
	d->own_gpa = vm_take(s->vm, d->own_size, 64);
	d->own = gmem_at(&s->vm->mem, d->own_gpa, d->own_size);
	held_init(&d->held, cfg->ring.size, s->burst, arena);
	posted_rx_init(&d->line, &d->rx, &d->view, d->device->peer_vm,
		       cfg->ring.size, arena);
	return &d->driver;
}

static struct iov_copy guest_iov_copy(const struct vhost_pci_driver *d)
{
	return (struct iov_copy){d->probe,        d->cost,
				 EV_GUEST_READ,   EV_GUEST_WRITE,
				 COST_GUEST_COPY, COST_GUEST_BYTE};
}

/* The peer's driver broke a rule: its device says so, and it has to reset. */
static bool peer_failed(struct vhost_pci_driver *d)
{
	d->device->ops->fail(d->device);
	return false;
}

static bool peer_broke(struct vhost_pci_driver *d, struct vq_device *q,
		       const struct verdict *why)
{
	vq_device_break(q, why);
	return peer_failed(d);
}

static bool ring_connect(struct vhost_pci_driver *d, uint32_t queue)
{
	const struct vhost_pci_device *device = d->device;
	struct vq_device_setup s = {
		.area = device->area[queue],
		.mem = &d->view,
		.probe = d->probe,
		.cost = d->cost,
		.queue = queue_of_nic(d->device->peer_nic, queue),
		.layout = d->cfg->ring.layout,
		.from = vq_resume_at(d->cfg->ring.layout, d->cfg->ring.start),
		.event_idx = feature_on(device->features, F_RING_EVENT_IDX),
		.indirect = feature_on(device->features, F_RING_INDIRECT),
	};
	struct verdict why;

	if (vq_device_begin(queue == NET_RX ? &d->rx : &d->tx, &s, &why))
		return true;
	probe_emit(s.probe, EV_BROKEN, s.queue, why.broken, 0, 0, 0);
	return peer_failed(d);
}

/* The peer came or went since, perhaps both: its rings are other ones. */
static bool peer_moved(const struct vhost_pci_driver *d)
{
	return d->generation != d->device->generation;
}

/* Follows the device: connects when the peer runs, lets go when it does not. */
static bool follow_peer(struct vhost_pci_driver *d)
{
	const struct vhost_pci_device *device = d->device;

	if (!peer_moved(d))
		return false;
	d->generation = device->generation;
	d->working = false;
	vq_device_end(&d->rx);
	vq_device_end(&d->tx);
	d->line.first = d->line.count = 0;
	held_forget(&d->held);
	d->view.count = 0;
	if (!device->connected)
		return true;
	gmem_add(&d->view,
		 (struct gmem_window){
			 .gpa = device->peer_gpa,
			 .size = device->peer_size,
			 .base = gmem_at(&d->vm->mem, device->window_gpa,
					 device->peer_size),
			 .kind = GMEM_PEER_RAM,
			 .owner = d->device->peer_vm,
		 });
	d->features = device->features;
	d->hdr_len = net_hdr_size(device->features);
	d->working = ring_connect(d, NET_RX) && ring_connect(d, NET_TX);
	return true;
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

static bool take_phase(struct vhost_pci_driver *d)
{
	bool worked = vq_device_works(&d->tx);
	struct verdict why;
	uint32_t n;

	for (n = 0; n < d->burst; n++) {
		enum ring_end end = RING_CHAIN;

		if (!held_any(&d->held))
			end = held_pull(&d->held, &d->tx, d->burst - n, &why);
		if (end == RING_BROKEN)
			peer_failed(d);
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
	return end == RING_EMPTY || peer_failed(d);
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
		peer_failed(d);
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

static bool send_phase(struct vhost_pci_driver *d)
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

static bool publish_phase(struct vq_device *q)
{
	if (!vq_device_unpublished(q))
		return false;
	vq_device_publish(q);
	return true;
}

static bool call_phase(struct vhost_pci_driver *d, uint32_t queue)
{
	struct vq_device *q = queue == NET_RX ? &d->rx : &d->tx;

	if (!vq_device_undecided(q))
		return false;
	if (vq_device_call_wanted(q))
		d->device->ops->call(d->device, queue);
	return true;
}

/* Rings are worked as long as they are those that it connected to. */
static bool works(const struct vhost_pci_driver *d)
{
	return d->working && (!peer_moved(d) || MUTANT(VHOST_PCI_NO_PORT));
}

/* Behind a phase: whether the step ends here, as in other drivers. */
static bool step_over(struct vhost_pci_driver *d, enum vhost_pci_phase phase,
		      bool acted, bool one)
{
	d->acted |= acted;
	if (!one || !acted || phase == VHOST_PCI_CALL_TX)
		return false;
	d->phase = (uint8_t)(phase + 1);
	return true;
}

/* The same behind what is no work, but how it wakes up and falls asleep. */
static bool part_over(struct vhost_pci_driver *d, enum vhost_pci_phase phase,
		      bool done, bool one)
{
	if (!one || !done)
		return false;
	d->phase = (uint8_t)(phase + 1);
	return true;
}

static bool kicks_off(struct vhost_pci_driver *d, struct vq_device *q)
{
	return !d->awake && works(d) && vq_device_kicks_off(q);
}

/* The last of them: from here on it is awake. */
static bool wake_up(struct vhost_pci_driver *d)
{
	bool stored = kicks_off(d, &d->rx);

	d->awake = true;
	return stored;
}

/* From where a step begins: to the end, or until it ended before (false). */
#define PHASE(name, act) (from > name || !step_over(d, name, act, one))
#define PART(name, act)  (from > name || !part_over(d, name, act, one))

/* Kicks are off while it works; then it works off the phases. */
static bool pass_run(struct vhost_pci_driver *d, bool one)
{
	const enum vhost_pci_phase from = (enum vhost_pci_phase)d->phase;

	return PART(VHOST_PCI_KICKS_OFF_TX, kicks_off(d, &d->tx)) &&
	       PART(VHOST_PCI_KICKS_OFF_RX, wake_up(d)) &&
	       PHASE(VHOST_PCI_CONNECT, follow_peer(d)) &&
	       PHASE(VHOST_PCI_TAKE, works(d) && take_phase(d)) &&
	       PHASE(VHOST_PCI_SEND, works(d) && send_phase(d)) &&
	       PHASE(VHOST_PCI_PUBLISH_RX, works(d) && publish_phase(&d->rx)) &&
	       PHASE(VHOST_PCI_CALL_RX, works(d) && call_phase(d, NET_RX)) &&
	       PHASE(VHOST_PCI_PUBLISH_TX, works(d) && publish_phase(&d->tx)) &&
	       PHASE(VHOST_PCI_CALL_TX, works(d) && call_phase(d, NET_TX));
}

/* One that polls asks for no kicks, and keeps them off. */
static bool idle(struct vhost_pci_driver *d)
{
	if (d->vmcfg->poll || !works(d))
		return false;
	d->awake = false;
	return true;
}

/* Asks for kicks; then looks, and what had come before is found. */
static bool ask(struct vhost_pci_driver *d, uint32_t tx)
{
	return MUTANT_OF(tx, VHOST_PCI_NO_ASK) ||
	       vq_device_kicks_on(tx ? &d->tx : &d->rx);
}

static bool look(struct vhost_pci_driver *d, uint32_t tx)
{
	if (!MUTANT_OF(tx, VHOST_PCI_NO_LOOK))
		d->found |= vq_device_pending(tx ? &d->tx : &d->rx);
	return true;
}

static bool first(struct vhost_pci_driver *d, uint32_t tx)
{
	return MUTANT_OF(tx, VHOST_PCI_LOOK_FIRST) ? look(d, tx) : ask(d, tx);
}

static bool second(struct vhost_pci_driver *d, uint32_t tx)
{
	return MUTANT_OF(tx, VHOST_PCI_LOOK_FIRST) ? ask(d, tx) : look(d, tx);
}

/* Before it sleeps: kicks on for what may wake it, and one more look. */
static bool sleep_run(struct vhost_pci_driver *d, bool one)
{
	const enum vhost_pci_phase from = (enum vhost_pci_phase)d->phase;
	const bool tx = !d->vmcfg->poll && works(d), rx = tx && d->rx_blocked;

	return PART(VHOST_PCI_IDLE, idle(d)) &&
	       PART(VHOST_PCI_ASK_TX, tx && first(d, NET_TX)) &&
	       PART(VHOST_PCI_LOOK_TX, tx && second(d, NET_TX)) &&
	       PART(VHOST_PCI_ASK_RX, rx && first(d, NET_RX)) &&
	       PART(VHOST_PCI_LOOK_RX, rx && second(d, NET_RX));
}

#undef PHASE
#undef PART

/* A pass is over: the next one begins as the first did. */
static void pass_end(struct vhost_pci_driver *d)
{
	d->phase = VHOST_PCI_KICKS_OFF_TX;
	d->acted = false;
	d->found = false;
}

/* It sleeps, or until the next packet is due. */
static enum step_end lie_down(const struct vhost_pci_driver *d,
			      uint64_t *wait_ps)
{
	uint64_t passed = d->probe->time - d->peeked_ps;

	if (d->wait_ps == UINT64_MAX)
		return STEP_REST;
	*wait_ps = d->wait_ps > passed ? d->wait_ps - passed : 0;
	return STEP_WAIT;
}

static enum step_end step(struct guest_driver *driver, bool one,
			  uint64_t *wait_ps)
{
	struct vhost_pci_driver *d = driver_of(driver);
	bool more;

	if (!d->started) {
		d->started = true;
		d->wait_ps = UINT64_MAX;
		d->device->ops->ready(d->device, true);
		return STEP_MORE;
	}
	if (!pass_run(d, one) || (!d->acted && !sleep_run(d, one)))
		return STEP_MORE;
	more = (d->acted && !MUTANT(VHOST_PCI_ONE_PASS)) ||
	       (d->found && !MUTANT(VHOST_PCI_NO_RECHECK));
	pass_end(d);
	return more ? STEP_MORE : lie_down(d, wait_ps);
}

static bool midway(const struct guest_driver *driver)
{
	const struct vhost_pci_driver *d =
		(const struct vhost_pci_driver *)driver;

	return d->started && d->phase != VHOST_PCI_KICKS_OFF_TX;
}

static void reset(struct guest_driver *driver)
{
	struct vhost_pci_driver *d = driver_of(driver);

	vq_device_end(&d->rx);
	vq_device_end(&d->tx);
	d->working = false;
	d->started = d->awake = d->acted = d->found = false;
	d->line.first = d->line.count = 0;
	d->phase = VHOST_PCI_KICKS_OFF_TX;
	d->wait_ps = UINT64_MAX;
	d->device->ops->ready(d->device, false);
}

/* The peer's, as long as that runs. */
static uint32_t rings(const struct guest_driver *driver,
		      struct guest_ring out[NIC_QUEUES])
{
	const struct vhost_pci_driver *d =
		(const struct vhost_pci_driver *)driver;
	const struct vhost_pci_device *device = d->device;

	for (uint32_t q = 0; q < NET_QUEUES; q++)
		out[q] = (struct guest_ring){
			.layout = d->cfg->ring.layout,
			.area = device->area[q],
			.base = device->peer_gpa,
			.window_gpa = device->window_gpa,
			.at = vq_device_popped_at(q == NET_TX ? &d->tx
							      : &d->rx),
		};
	return device->connected ? NET_QUEUES : 0;
}

const struct guest_driver_ops vhost_pci_driver_ops = {
	.name = "vhost-pci",
	.ram = driver_ram,
	.arena = driver_arena,
	.begin = begin,
	.step = step,
	.midway = midway,
	.reset = reset,
	.rings = rings,
	.canon = vhost_pci_driver_canon,
};
