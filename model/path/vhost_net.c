/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * vhost-net: a worker of the host's kernel for each VM moves packets between
 * its rings and a tap, once the VM's monitor has set that up by calls. Kicks
 * and interrupts go by eventfds past the monitor; two copies of each packet
 * stay.
 */
#include "model/path/path.h"
#include "model/host/classic.h"
#include "model/mutant.h"
#include "model/tap/tap.h"
#include "model/vhost/vhost_kernel.h"

/* Files that each monitor has open: its rings' eventfds, and its tap. */
enum { FILE_KICK = 0, FILE_CALL = VHOST_RINGS, FILE_TAP = 2 * VHOST_RINGS };

struct vhost_net {
	struct vhost_kernel end[LINK_ENDS];
};

static struct vhost_kernel *of(const struct nic *n)
{
	struct vhost_net *v = *tap_beside(n->link);

	return &v->end[n->end];
}

/* Rings are numbered as queues are. */
static bool bind(void *to, uint32_t ring, const struct vq_area *area,
		 uint16_t base, struct verdict *why)
{
	struct nic *n = to;

	(void)area; /* as the driver's registers say, which the owner read */
	(void)why;
	return nic_queue_start(n, ring, base);
}

static uint16_t at(void *to, uint32_t ring)
{
	return vq_device_popped(nic_queue(to, ring));
}

static uint16_t unbind(void *to, uint32_t ring)
{
	return vq_device_end(nic_queue(to, ring)).chain.index;
}

static const struct vhost_ops ops = {
	.bind = bind,
	.at = at,
	.unbind = unbind,
};

/* The monitor calls; false, and the queue is said to be broken: refused. */
static bool call(struct nic *n, struct vhost_call c)
{
	struct verdict why = {CLAUSE_NONE, ""};

	cost_count(n->link->cost, COST_MESSAGE, 1);
	cost_count(n->link->cost, COST_SYSCALL, 1);
	if (vhost_kernel_call(of(n), &c, NULL, &why) == VHOST_OK)
		return true;
	if (why.broken) /* else it was told of when the ring began */
		probe_emit(n->link->probe, EV_BROKEN,
			   queue_of_nic(n->number, c.index), why.broken, 0, 0,
			   0);
	return false;
}

#define CALL(n, ...) call(n, (struct vhost_call){__VA_ARGS__})

static bool ring_set_up(struct nic *n, uint32_t q)
{
	const struct device_queue *is = &n->dev.queue[q];

	return is->enabled &&
	       CALL(n, .request = VHOST_SET_VRING_NUM, .index = q,
		    .value = is->area.size) &&
	       CALL(n, .request = VHOST_SET_VRING_BASE, .index = q,
		    .value = n->link->cfg->ring.start) &&
	       CALL(n, .request = VHOST_SET_VRING_ADDR, .index = q,
		    .area = is->area) &&
	       CALL(n, .request = VHOST_SET_VRING_KICK, .index = q,
		    .file = FILE_KICK + (int32_t)q) &&
	       CALL(n, .request = VHOST_SET_VRING_CALL, .index = q,
		    .file = FILE_CALL + (int32_t)q);
}

/* All memory of the VM is one region. */
static bool set_up(struct nic *n)
{
	const struct vhost_region all = {n->vm->ram_gpa, n->vm->ram_size};
	uint64_t features = n->dev.accepted & of(n)->offered;

	return (of(n)->owned || CALL(n, .request = VHOST_SET_OWNER)) &&
	       CALL(n, .request = VHOST_SET_FEATURES, .value = features) &&
	       CALL(n, .request = VHOST_SET_MEM_TABLE, .count = 1,
		    .region = &all) &&
	       ring_set_up(n, NET_RX) && ring_set_up(n, NET_TX) &&
	       CALL(n, .request = VHOST_NET_SET_BACKEND, .index = NET_RX,
		    .file = FILE_TAP) &&
	       CALL(n, .request = VHOST_NET_SET_BACKEND, .index = NET_TX,
		    .file = FILE_TAP);
}

static bool stop(struct nic *n, bool was_live)
{
	for (uint32_t q = 0; q < VHOST_RINGS; q++) {
		if (!vhost_kernel_serves(of(n), q) || MUTANT(VHOST_STAYS_BOUND))
			continue;
		CALL(n, .request = VHOST_NET_SET_BACKEND, .index = q,
		     .file = VHOST_UNBIND);
		CALL(n, .request = VHOST_GET_VRING_BASE, .index = q);
	}
	return tap_stop(n, was_live);
}

/* What a kernel does not offer, a monitor does not either. */
static uint64_t features(uint64_t usual)
{
	return usual & ~FEATURE_BIT(F_RING_RESET);
}

static void kicked(struct nic *n)
{
	cost_count(n->link->cost, COST_EVENTFD, 1);
}

static size_t arena_size(const struct link_config *cfg)
{
	return tap_arena(cfg) + sizeof(struct vhost_net) + 64;
}

static void begin(struct link *l, const struct link_setup *s,
		  struct arena *arena)
{
	struct vhost_net *v = arena_new(arena, struct vhost_net, 1);

	tap_begin(l, s, arena);
	*tap_beside(l) = v;
	for (uint32_t end = 0; end < LINK_ENDS; end++) {
		struct vhost_kernel *k = &v->end[end];

		k->ops = &ops;
		k->to = &l->nic[end];
		k->offered = l->nic[end].dev.offered;
		k->layout = (uint8_t)s->cfg->ring.layout;
		memset(k->file, VHOST_FILE_EVENTFD, FILE_TAP);
		k->file[FILE_TAP] = VHOST_FILE_TAP;
	}
}

static void canon(const struct link *l, struct canon *f)
{
	for (uint32_t end = 0; end < LINK_ENDS; end++) {
		const struct vhost_kernel *k = of(&l->nic[end]);

		canon_flags(f, k->owned, vhost_kernel_serves(k, NET_RX),
			    vhost_kernel_serves(k, NET_TX));
	}
	tap_canon(l, f);
}

static enum forward forward(struct worker *w)
{
	tap_write(w);
	return FORWARDED;
}

const struct path_ops path_vhost_net = {
	.name = "vhost-net",
	.words = "a worker of the host's kernel copies packets to and from a "
		 "tap of its bridge",
	.members_min = 2,
	.members_max = 2,
	.arena = arena_size,
	.begin = begin,
	.features = features,
	.set_up = set_up,
	.stop = stop,
	.kicked = kicked,
	.interrupts = kicked,
	.canon = canon,
	.forward = forward,
	.deliver = tap_read,
	.give_up = tap_give_up,
	.posted = classic_posted,
	.posted_batch = classic_posted_batch,
};
