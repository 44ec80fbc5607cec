/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Ring mirroring: the VM at end 1 maps all RAM of the VM at end 0 and works its
 * rings as their device half, transmit ring as receive ring. The copying is
 * guest software's (model/guest/vhost_pci_driver); the host forwards nothing.
 * It tells that driver where the rings are, and passes notifications on.
 */
#include "model/guest/net_driver.h"
#include "model/guest/vhost_pci_driver.h"
#include "model/host/kick.h"
#include "model/path/path.h"

enum { MIRRORED, MIRROR }; /* the ends */

struct vhost_pci {
	struct vhost_pci_device device; /* first: the ops get this pointer */
	struct link *link;
};

static struct vhost_pci *of(const struct link *l)
{
	return l->own;
}

static const struct guest_driver_ops *driver(uint32_t end)
{
	return end == MIRROR ? &vhost_pci_driver_ops : &net_driver_ops;
}

static void *device(const struct link *l, uint32_t end)
{
	return end == MIRROR ? &of(l)->device : NULL;
}

static bool maps_peer(uint32_t end)
{
	return end == MIRROR;
}

static uint64_t features(uint64_t usual)
{
	return usual & ~FEATURE_BIT(F_RING_RESET);
}

static void wake(struct link *l)
{
	signal_raise(&l->nic[MIRROR].vm->signal, l->cost);
}

/* Counts an interrupt of the driver that works its peer's rings. */
static void interrupt_tell(struct link *l)
{
	interrupt_count(l->interrupts, l->cfg, l->nic[MIRROR].vm,
			l->nic[MIRROR].number, VECTOR_QUEUE, l->cost);
}

/* Tells the driver where the peer put its rings, or that it is gone. */
static void connect(struct link *l, bool on)
{
	const struct virtio_device *peer = &l->nic[MIRRORED].dev;
	struct vhost_pci_device *d = &of(l)->device;

	d->generation++;
	d->connected = on;
	for (uint32_t q = 0; q < NET_QUEUES; q++)
		d->area[q] = peer->queue[q].area;
	d->features = peer->accepted;
	interrupt_tell(l);
	wake(l);
}

static bool runs(const struct link *l, uint32_t end)
{
	return end == MIRROR ? of(l)->device.ready : nic_live(&l->nic[end]);
}

static void start(struct nic *n)
{
	connect(n->link, true);
	link_publish(n->link);
}

static bool stop(struct nic *n, bool was_live)
{
	if (!was_live && !of(n->link)->device.connected)
		return false;
	connect(n->link, false);
	return true;
}

/* Crossed event: a kick is an interrupt in the other VM. */
static void kick(struct nic *n, uint32_t queue)
{
	(void)queue; /* the driver looks at both */
	interrupt_tell(n->link);
	wake(n->link);
}

static void call(struct link *l, uint32_t end)
{
	(void)end;
	wake(l);
}

static void on_ready(struct vhost_pci_device *d, bool ready)
{
	struct link *l = ((struct vhost_pci *)d)->link;
	bool stops = d->ready && !ready;

	d->ready = ready;
	store_settle(l->nic[MIRROR].vm->mem.stores);
	if (stops && d->connected) {
		/* How far the rings were worked is gone with the driver. */
		connect(l, false);
		nic_fail(&l->nic[MIRRORED]);
	}
	link_publish(l);
}

static void on_fail(struct vhost_pci_device *d)
{
	struct link *l = ((struct vhost_pci *)d)->link;

	kick_count(l->cfg, l->cost);
	nic_fail(&l->nic[MIRRORED]);
}

static void on_call(struct vhost_pci_device *d, uint32_t queue)
{
	struct link *l = ((struct vhost_pci *)d)->link;
	struct virtio_device *peer = &l->nic[MIRRORED].dev;

	kick_count(l->cfg, l->cost);
	peer->ops->interrupt(peer, peer->queue[queue].vector);
}

static const struct vhost_pci_device_ops device_ops = {
	.ready = on_ready,
	.fail = on_fail,
	.call = on_call,
};

static void crash(struct link *l, uint32_t end)
{
	(void)end;
	on_ready(&of(l)->device, false);
}

static size_t arena_size(const struct link_config *cfg)
{
	(void)cfg;
	return sizeof(struct vhost_pci);
}

static void begin(struct link *l, const struct link_setup *s,
		  struct arena *arena)
{
	struct vhost_pci *v = arena_new(arena, struct vhost_pci, 1);
	const struct vm *peer = s->vm[MIRRORED];

	v->link = l;
	v->device = (struct vhost_pci_device){
		.ops = &device_ops,
		.peer_gpa = peer->ram_gpa,
		.peer_size = peer->ram_size,
		.window_gpa = s->window_gpa[MIRROR],
		.peer_nic = l->nic[MIRRORED].number,
		.peer_vm = (uint16_t)peer->id,
	};
	l->own = v;
}

/* What the driver will be told. */
static void canon(const struct link *l, struct canon *f)
{
	const struct vhost_pci_device *d = &of(l)->device;

	canon_flags(f, d->connected, d->ready);
	canon_u64(f, d->features);
}

const struct path_ops path_vhost_pci = {
	.name = "vhost-pci",
	.words = "the second VM maps the first one's RAM, works its rings and "
		 "copies",
	.members_min = 2,
	.members_max = 2,
	.driver = driver,
	.device = device,
	.arena = arena_size,
	.begin = begin,
	.maps_peer = maps_peer,
	.features = features,
	.runs = runs,
	.start = start,
	.stop = stop,
	.kick = kick,
	.call = call,
	.crash = crash,
	.canon = canon,
};
