/* SPDX-License-Identifier: BSD-3-Clause */
#include "conformance/referee/e1000/e1000.h"

#include <stdbool.h>

#include "conformance/referee/finding.h"

/* Registers, by where they are. */
enum {
	STATUS = 0x8,
	ICR = 0xc0,
	ICS = 0xc8,
	IMS = 0xd0,
	IMC = 0xd8,
	RCTL = 0x100,
	TCTL = 0x400,
	RX_RING = 0x2800,
	TX_RING = 0x3800
};

/* Behind where a ring's registers begin. */
enum { BASE_LOW = 0, BASE_HIGH = 4, LENGTH = 8, HEAD = 0x10, TAIL = 0x18 };

enum {
	ENABLED = 1 << 1,
	ALL_CAUSES = 0x1ffff,
	STATUS_BITS = 3, /* full duplex, link up: all that there is */
	DESC_BYTES = 16
};

/* A ring, as its registers and the device's accesses make it. */
struct ring_seen {
	uint64_t base;
	uint32_t size, head, tail;
	uint32_t open; /* descriptors behind head: fetched, not written back */
	bool on;
};

struct device_seen {
	struct ring_seen ring[NET_QUEUES];
	uint32_t icr, ims;
	bool line;
	bool begun; /* there is such a device */
};

struct e1000_watch {
	struct referee_setup setup;
	struct device_seen *device; /* by NIC */
	uint32_t nics;
};

static struct device_seen *device_of(const void *self, const struct event *ev)
{
	const struct e1000_watch *t = self;

	return &t->device[queue_nic(ev->queue)];
}

static const char *vm_of(const struct e1000_watch *t, const struct event *ev)
{
	const struct world_config *c = t->setup.config;

	return c->vm[queue_vm(c, ev->queue)].name;
}

static const char *half(const struct event *ev)
{
	return queue_is_tx(ev->queue) ? "transmit" : "receive";
}

static uint32_t distance(const struct ring_seen *r, uint32_t from, uint32_t to)
{
	return r->size ? (to + r->size - from % r->size) % r->size : 0;
}

/* The line goes down at once with what it is up for; up, it may be late. */
static void line_look(const struct e1000_watch *t, struct device_seen *d,
		      const struct event *ev)
{
	if (!d->line || d->icr & d->ims)
		return;
	d->line = false;
	referee_finding(&t->setup, ev, CLAUSE_E1000_LINE, NO_SLOT,
			"the line of %s stays up without a cause",
			vm_of(t, ev));
}

static void on_line(void *self, const struct event *ev)
{
	const struct e1000_watch *t = self;
	struct device_seen *d = device_of(self, ev);
	uint32_t why = d->icr & d->ims;

	d->line = ev->a;
	if (!ev->a == !why)
		return;
	referee_finding(&t->setup, ev, CLAUSE_E1000_LINE, NO_SLOT,
			"the line of %s goes %s with causes %#x unmasked",
			vm_of(t, ev), ev->a ? "up" : "down", why);
}

static void on_cause(void *self, const struct event *ev)
{
	struct device_seen *d = device_of(self, ev);

	line_look(self, d, ev);
	d->icr |= ev->a;
}

/* Descriptors that the driver gives with a tail of @tail. */
static void tail_write(const struct e1000_watch *t, const struct event *ev,
		       struct ring_seen *r, uint32_t tail)
{
	uint32_t out = distance(r, r->head, r->tail);
	uint32_t more = distance(r, r->tail, tail);

	if (r->size && (tail >= r->size || out + more >= r->size))
		referee_finding(&t->setup, ev, CLAUSE_E1000_ONE_FREE, NO_SLOT,
				"%s gives %u descriptors more, %u of %u are "
				"out, with a tail of %u",
				vm_of(t, ev), more, out, r->size, tail);
	r->tail = tail;
}

static void ring_write(const struct e1000_watch *t, const struct event *ev,
		       struct ring_seen *r, uint32_t at)
{
	switch (at) {
	case BASE_LOW:
		r->base = (r->base & ~UINT64_C(0xffffffff)) |
			  (ev->a & ~(uint32_t)(DESC_BYTES - 1));
		break;
	case BASE_HIGH:
		r->base = (r->base & 0xffffffff) | (uint64_t)ev->a << 32;
		break;
	case LENGTH:
		r->size = (ev->a & 0xfff80) / DESC_BYTES;
		break;
	case HEAD:
		r->head = ev->a & 0xffff;
		r->open = 0;
		break;
	case TAIL:
		tail_write(t, ev, r, ev->a & 0xffff);
		break;
	default:
		break;
	}
}

static void on_register_write(void *self, const struct event *ev)
{
	struct device_seen *d = device_of(self, ev);
	uint32_t at = (uint32_t)ev->addr;

	line_look(self, d, ev);
	d->begun = true;
	if (at == ICR)
		d->icr &= ~ev->a;
	else if (at == ICS)
		d->icr |= ev->a & ALL_CAUSES;
	else if (at == IMS)
		d->ims |= ev->a & ALL_CAUSES;
	else if (at == IMC)
		d->ims &= ~ev->a;
	else if (at == RCTL)
		d->ring[NET_RX].on = ev->a & ENABLED;
	else if (at == TCTL)
		d->ring[NET_TX].on = ev->a & ENABLED;
	else if (at >= TX_RING)
		ring_write(self, ev, &d->ring[NET_TX], at - TX_RING);
	else if (at >= RX_RING)
		ring_write(self, ev, &d->ring[NET_RX], at - RX_RING);
}

static void causes_read(const struct e1000_watch *t, struct device_seen *d,
			const struct event *ev)
{
	if (d->icr & ~ev->a)
		referee_finding(&t->setup, ev, CLAUSE_E1000_CAUSE, NO_SLOT,
				"%s reads causes %#x, and there are %#x",
				vm_of(t, ev), ev->a, d->icr);
	if (ev->a & ~d->icr)
		referee_finding(&t->setup, ev, CLAUSE_E1000_ICR, NO_SLOT,
				"%s reads causes %#x, and there are but %#x",
				vm_of(t, ev), ev->a, d->icr);
	d->icr = 0;
}

static void on_register_read(void *self, const struct event *ev)
{
	const struct e1000_watch *t = self;
	struct device_seen *d = device_of(self, ev);

	line_look(self, d, ev);
	if (ev->addr == ICR)
		causes_read(t, d, ev);
	if (ev->addr == STATUS && ev->a & ~(uint32_t)STATUS_BITS)
		referee_finding(&t->setup, ev, CLAUSE_E1000_READ_ONLY, NO_SLOT,
				"%s reads a status of %#x", vm_of(t, ev),
				ev->a);
}

static void head_move(struct ring_seen *r)
{
	r->head = r->size ? (r->head + 1) % r->size : 0;
	r->open--;
}

/* The one that comes next, if it is the device's, and where it is. */
static void on_fetch(void *self, const struct event *ev)
{
	const struct e1000_watch *t = self;
	struct ring_seen *r =
		&device_of(self, ev)->ring[queue_is_tx(ev->queue)];
	uint32_t next;

	if (queue_is_tx(ev->queue) && r->open)
		head_move(r); /* it was not to be written back */
	next = r->size ? (r->head + r->open) % r->size : 0;
	if (!r->on)
		referee_finding(&t->setup, ev, CLAUSE_E1000_QUIET, NO_SLOT,
				"the device of %s reads a %s descriptor, and "
				"is not enabled",
				vm_of(t, ev), half(ev));
	else if (r->open >= distance(r, r->head, r->tail) || ev->a != next ||
		 ev->addr != r->base + (uint64_t)ev->a * DESC_BYTES)
		referee_finding(&t->setup, ev, CLAUSE_E1000_HEAD_TAIL, NO_SLOT,
				"the device of %s reads %s descriptor %u, head "
				"is %u and tail %u",
				vm_of(t, ev), half(ev), ev->a, next, r->tail);
	r->open++;
}

static void on_write_back(void *self, const struct event *ev)
{
	const struct e1000_watch *t = self;
	struct ring_seen *r =
		&device_of(self, ev)->ring[queue_is_tx(ev->queue)];

	if (r->open && ev->a == r->head) {
		head_move(r);
		return;
	}
	referee_finding(&t->setup, ev, CLAUSE_E1000_HEAD_TAIL, NO_SLOT,
			"the device of %s writes %s descriptor %u back, head "
			"is %u, %u were read",
			vm_of(t, ev), half(ev), ev->a, r->head, r->open);
}

/* Bytes of a frame, which go with a descriptor that is in work. */
static void on_frame(void *self, const struct event *ev)
{
	const struct e1000_watch *t = self;
	const struct device_seen *d = device_of(self, ev);

	if (!d->begun || d->ring[queue_is_tx(ev->queue)].open)
		return;
	referee_finding(&t->setup, ev, CLAUSE_E1000_DD, NO_SLOT,
			"the device of %s is in a buffer, and all %s "
			"descriptors are done",
			vm_of(t, ev), half(ev));
}

/* A reset: all is as at power-on, and the line goes down. */
static void on_status(void *self, const struct event *ev)
{
	struct device_seen *d = device_of(self, ev);

	if (ev->a == 0)
		*d = (struct device_seen){.line = d->line, .begun = d->begun};
}

/* Fused batches are of rings of virtio. */
static void of_virtio(void *self, const struct event *ev)
{
	(void)self;
	(void)ev;
}

static const struct event_subscriptions subscriptions = {
	.whole = SUBSCRIBE_BATCH(HOST_READ) | SUBSCRIBE_BATCH(HOST_WRITE) |
		 SUBSCRIBE_FUSED,
	.handler = {
		[EV_REGISTER_READ] = on_register_read,
		[EV_REGISTER_WRITE] = on_register_write,
		[EV_CAUSE] = on_cause,
		[EV_LINE] = on_line,
		[EV_FETCH] = on_fetch,
		[EV_WRITE_BACK] = on_write_back,
		[EV_HOST_READ] = on_frame,
		[EV_HOST_WRITE] = on_frame,
		[EV_STATUS] = on_status,
		[FUSED_SEND] = of_virtio,
		[FUSED_FORWARD] = of_virtio,
		[FUSED_TAKE] = of_virtio,
	}};

/* However long the line may wait, at rest it is up. */
static void e1000_finish(void *self, uint64_t now)
{
	const struct e1000_watch *t = self;

	for (uint32_t nic = 0; nic < t->nics; nic++) {
		const struct device_seen *d = &t->device[nic];
		const struct event ev = {
			.kind = EV_LINE,
			.actor = actor_worker(t->setup.config, nic),
			.queue = queue_of_nic(nic, NET_RX),
			.time = now};

		if (d->icr & d->ims && !d->line)
			referee_finding(&t->setup, &ev, CLAUSE_E1000_LINE,
					NO_SLOT,
					"the line of %s never went up for "
					"causes %#x",
					vm_of(t, &ev), d->icr & d->ims);
	}
}

static size_t e1000_size(const struct world_config *c)
{
	return sizeof(struct e1000_watch) + _Alignof(struct e1000_watch) +
	       nic_count(&c->numbers) * sizeof(struct device_seen) +
	       _Alignof(struct device_seen);
}

static void *e1000_create(const struct referee_setup *setup)
{
	struct e1000_watch *t = arena_new(setup->arena, struct e1000_watch, 1);

	t->setup = *setup;
	t->nics = nic_count(&setup->config->numbers);
	t->device = arena_new(setup->arena, struct device_seen, t->nics);
	return t;
}

/* Places in a ring count from its head, as the device tells them. */
static void e1000_canon(const void *self, uint32_t q, struct canon *f)
{
	const struct e1000_watch *t = self;
	const struct device_seen *d = &t->device[queue_nic(q)];
	const struct ring_seen *r;

	if (queue_nic(q) >= t->nics || !d->begun)
		return;
	r = &d->ring[queue_is_tx(q)];
	canon_u64(f, r->base);
	canon_u32(f, r->size);
	canon_u32(f, distance(r, r->head, r->tail));
	canon_u32(f, r->open);
	canon_flags(f, r->on);
	if (queue_is_tx(q))
		return;
	canon_u32(f, d->icr);
	canon_u32(f, d->ims);
	canon_flags(f, d->line);
}

const struct referee_ops e1000_referee = {
	.name = "e1000",
	.words = "an emulated e1000 and its driver keep to heads, tails and "
		 "causes",
	.size = e1000_size,
	.create = e1000_create,
	.subscriptions = &subscriptions,
	.finish = e1000_finish,
	.canon = e1000_canon,
};
