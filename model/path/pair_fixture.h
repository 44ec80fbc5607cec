/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * For tests only: two guests with a driver each and a host link between them,
 * without clock or scheduler. Actors take turns until all rest.
 */
#ifndef TWINRING_MODEL_PATH_PAIR_FIXTURE_H
#define TWINRING_MODEL_PATH_PAIR_FIXTURE_H

#include "model/guest/net_driver.h"
#include "model/host/worker.h"
#include "model/path/path.h"
#include "model/unit.h"

enum { PAIR_EVENTS = 4096, PAIR_FRAME = 9000, PAIR_TURNS = 20000 };

/* The application at one end: sends so many frames, checks what comes. */
struct pair_app {
	uint32_t to_send, len;
	uint64_t seq; /* of the next frame */
	uint32_t refused;
	uint32_t delivered;
	uint32_t wrong; /* delivered with other bytes than were sent */
	uint32_t last_len;
};

struct pair {
	struct link_config cfg;
	struct vm_config vmcfg[2];
	struct event ring[PAIR_EVENTS + PROBE_SLACK];
	uint64_t seen[EVENT_KINDS];
	struct event last[EVENT_KINDS];
	struct probe probe;
	struct cost_meter cost;
	struct gmem_window window[2][2]; /* RAM and slots of each VM */
	struct vm vm[2];
	struct link link;
	struct net_driver *driver[2];
	struct pair_app app[2];
	uint8_t frame[PAIR_FRAME];
	bool ready[4]; /* guests, then workers */
	bool waits[4]; /* until its time runs out */
	struct arena arena;
};

static inline void pair_flush(void *listener, const struct event *ev,
			      uint32_t places)
{
	struct pair *t = listener;
	struct event_walk walk = event_walk(ev, places);
	struct event e;

	while (event_next(&walk, &e)) {
		t->seen[e.kind]++;
		t->last[e.kind] = e;
	}
}

static inline uint8_t pair_byte(uint32_t i)
{
	return (uint8_t)(i * 7 + 3);
}

static inline enum app_answer pair_peek(void *app, uint32_t nic,
					struct app_packet *out,
					uint64_t *wait_ps)
{
	struct pair *t = app;
	struct pair_app *a = &t->app[nic];

	(void)wait_ps;
	if (!a->to_send)
		return APP_NOTHING;
	*out = (struct app_packet){.bytes = t->frame,
				   .seq = a->seq,
				   .hash = a->seq,
				   .len = a->len,
				   .to = (uint8_t)!nic};
	return APP_PACKET;
}

static inline void pair_taken(void *app, uint32_t nic, bool refused)
{
	struct pair_app *a = &((struct pair *)app)->app[nic];

	a->to_send--;
	a->seq++;
	a->refused += refused;
}

static inline void pair_deliver(void *app, uint32_t nic,
				const struct app_segment *piece, uint32_t count,
				uint32_t len)
{
	struct pair_app *a = &((struct pair *)app)->app[nic];
	uint32_t at = 0;
	bool same = true;

	for (uint32_t k = 0; k < count; k++)
		for (uint32_t i = 0; i < piece[k].len; i++)
			same &= piece[k].bytes[i] == pair_byte(at++);
	a->delivered++;
	a->wrong += !same || at != len;
	a->last_len = len;
}

static inline uint32_t pair_fill(void *app, uint32_t nic,
				 const struct app_buffers *to,
				 struct app_batch *out)
{
	struct app_packet p;
	uint64_t wait_ps;
	uint32_t k;

	for (k = 0; k < to->count; k++) {
		if (pair_peek(app, nic, &p, &wait_ps) != APP_PACKET ||
		    p.len > to->room)
			break;
		if (k == 0) {
			out->seq = p.seq;
			out->to = p.to;
		}
		out->frame[k] = (struct app_frame){p.hash, p.len};
		memcpy(app_buffer(to, k), p.bytes, p.len);
		pair_taken(app, nic, false);
	}
	return k;
}

static inline void pair_arrive(void *app, uint32_t nic,
			       const struct app_buffers *in,
			       const uint32_t *len)
{
	for (uint32_t k = 0; k < in->count; k++) {
		struct app_segment frame = {app_buffer(in, k), len[k]};

		pair_deliver(app, nic, &frame, 1, len[k]);
	}
}

static const struct app_ops pair_app_ops = {
	.peek = pair_peek,
	.taken = pair_taken,
	.fill = pair_fill,
	.arrive = pair_arrive,
	.deliver = pair_deliver,
};

static inline void pair_interrupt(struct vm *vm, uint32_t message)
{
	struct pair *t = vm->interrupt_to;

	net_driver_ops.interrupt(&t->driver[message_nic(message)]->driver,
				 message_vector(message));
}

#define PAIR_FEATURES                                                   \
	(FEATURE_BIT(F_VERSION_1) | FEATURE_BIT(F_NET_SHARED_BUFFERS) | \
	 FEATURE_BIT(F_NET_GIFT) | FEATURE_BIT(F_NET_MRG_RXBUF) |       \
	 FEATURE_BIT(F_NET_MAC) | FEATURE_BIT(F_NET_STATUS) |           \
	 FEATURE_BIT(F_NET_MTU))

/* What a test may change before pair_open(). */
static inline void pair_config(struct pair *t)
{
	memset(t, 0, sizeof *t);
	t->cfg = (struct link_config){
		.path = "shared-buffers",
		.end = {0, 1},
		.members = 2,
		.ring = {.size = 16, .event_idx = true},
		.bar = {.slots = 8, .slot_size = 256, .stride = 256},
		.gifts = {GIFT_WATERMARK, 1, 1, false},
		.rules = RULES_ALL,
		.private_rx = 4,
		.private_size = 2048,
		.max_frame = PAIR_FRAME,
		.park_ps = 1000,
		.fallback = true,
	};
	for (uint32_t i = 0; i < 2; i++)
		t->vmcfg[i] = (struct vm_config){.features = PAIR_FEATURES,
						 .rx_chain = 1};
}

static inline void pair_vm(struct pair *t, uint32_t i)
{
	struct vm *vm = &t->vm[i];

	vm->id = i;
	vm->ram_gpa = UINT64_C(0x100000) << i;
	vm->ram_size = net_driver_ram(&t->cfg) + 4096;
	vm->ram = arena_take(&t->arena, vm->ram_size, 4096);
	vm->interrupt = pair_interrupt;
	vm->interrupt_to = t;
	vm->mem.window = t->window[i];
	vm->mem.room = 2;
	gmem_add(&vm->mem, (struct gmem_window){.gpa = vm->ram_gpa,
						.size = vm->ram_size,
						.base = vm->ram});
}

static inline uint64_t pair_bar_gpa(uint32_t i)
{
	return UINT64_C(0x4000000000) + ((uint64_t)i << 36);
}

static inline void pair_driver(struct pair *t, uint32_t i, uint8_t *region)
{
	const struct guest_driver_setup s = {
		.cfg = &t->cfg,
		.vmcfg = &t->vmcfg[i],
		.vm = &t->vm[i],
		.device = &t->link.nic[i].pci,
		.probe = &t->probe,
		.cost = &t->cost,
		.app = &pair_app_ops,
		.app_ctx = t,
		.region = region,
		.nic = i,
		.burst = 32,
	};

	t->driver[i] = net_driver_of(net_driver_begin(&s, &t->arena));
}

static inline void pair_open(struct pair *t)
{
	const struct path_ops *path = path_find(t->cfg.path);
	uint64_t region = path->region ? path->region(&t->cfg) : 0;
	struct link_setup s = {
		.cfg = &t->cfg,
		.path = path,
		.probe = &t->probe,
		.cost = &t->cost,
		.vm = {&t->vm[0], &t->vm[1]},
		.features = {t->vmcfg[0].features, t->vmcfg[1].features},
		.region_gpa = {pair_bar_gpa(0), pair_bar_gpa(1)},
		.region_size = region,
		.burst = 32,
	};

	t->arena.size = 2 * (net_driver_ram(&t->cfg) +
			     net_driver_arena(&t->cfg, s.burst) + 16384) +
			link_arena(&t->cfg, path, s.burst) + region + 16384;
	t->arena.base = aligned_alloc(4096, (t->arena.size + 4095) & ~4095ull);
	CU_ASSERT_PTR_NOT_NULL_FATAL(t->arena.base);
	memset(t->arena.base, 0, t->arena.size);
	for (uint32_t i = 0; i < PAIR_FRAME; i++)
		t->frame[i] = pair_byte(i);
	t->probe = (struct probe){.ring = t->ring,
				  .mask = PAIR_EVENTS - 1,
				  .wanted = UINT64_MAX,
				  .flush = pair_flush,
				  .listener = t};
	pair_vm(t, 0);
	pair_vm(t, 1);
	s.region = arena_take(&t->arena, region, 4096);
	for (uint32_t i = 0; i < 2; i++)
		gmem_add(&t->vm[i].mem,
			 (struct gmem_window){.gpa = pair_bar_gpa(i),
					      .size = region,
					      .base = s.region,
					      .kind = GMEM_BAR});
	link_init(&t->link, &s, &t->arena);
	pair_driver(t, 0, s.region);
	pair_driver(t, 1, s.region);
	t->ready[0] = t->ready[1] = true;
}

static inline void pair_close(struct pair *t)
{
	free(t->arena.base);
}

static inline struct signal *pair_signal(struct pair *t, uint32_t i)
{
	return i < 2 ? &t->vm[i].signal : &t->link.worker[i - 2].signal;
}

static inline enum step_end pair_worker_step(struct part *p, bool expired,
					     uint64_t *wait_ps)
{
	return p->ops->step(p, false, expired, wait_ps);
}

/* One step of guest 0 or 1, or of the worker of end 0 or 1 (2, 3). */
static inline void pair_step(struct pair *t, uint32_t i, bool expired)
{
	uint64_t wait_ps;
	enum step_end end;

	pair_signal(t, i)->raised = false;
	t->probe.actor = (actor_id)i;
	end = i < 2 ? net_driver_step(t->driver[i], false, &wait_ps)
		    : pair_worker_step(&t->link.worker[i - 2].part, expired,
				       &wait_ps);
	t->ready[i] = end == STEP_MORE;
	t->waits[i] = end == STEP_WAIT || end == STEP_WAIT_ON;
	probe_flush(&t->probe);
}

/* Turns until nobody has anything to do; times run out when all wait. */
static inline void pair_run(struct pair *t)
{
	for (uint32_t n = 0; n < PAIR_TURNS; n++) {
		bool any = false;

		for (uint32_t i = 0; i < 4; i++)
			if ((t->ready[i] || pair_signal(t, i)->raised) &&
			    !(i < 2 && t->vm[i].crashed)) {
				pair_step(t, i, false);
				any = true;
			}
		for (uint32_t i = 2; i < 4 && !any; i++)
			if (t->waits[i]) {
				pair_step(t, i, true);
				any = true;
			}
		if (!any)
			return;
	}
	CU_FAIL("the pair does not come to rest");
}

/* Sends @count frames of @len bytes from @end and lets them arrive. */
static inline void pair_send(struct pair *t, uint32_t end, uint32_t count,
			     uint32_t len)
{
	t->app[end].to_send = count;
	t->app[end].len = len;
	t->ready[end] = true;
	pair_run(t);
}

/* Sets up with the defaults and runs until both rest. */
static inline void pair_begin(struct pair *t)
{
	pair_config(t);
	pair_open(t);
	pair_run(t);
}

#endif
