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

bool vhost_pci_peer_failed(struct vhost_pci_driver *d)
{
	d->device->ops->fail(d->device);
	return false;
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
	return vhost_pci_peer_failed(d);
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
	       PHASE(VHOST_PCI_TAKE, works(d) && vhost_pci_take(d)) &&
	       PHASE(VHOST_PCI_SEND, works(d) && vhost_pci_send(d)) &&
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
	return more ? STEP_MORE
		    : guest_driver_rest(d->probe, d->peeked_ps, d->wait_ps,
					wait_ps);
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
