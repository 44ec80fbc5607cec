/* SPDX-License-Identifier: BSD-3-Clause */
#include "tools/bench/bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/referee/ledger.h"
#include "sim/world/world.h"
#include "tools/bench/cold.h"
#include "tools/system/clock.h"
#define XXH_INLINE_ALL
#include <xxhash.h>

enum {
	HEADER = 12,
	LINE = 64,
	SLOT_LEAST = 2048,
	HISTORY = 1024,
	TRIES = 4096,       /* rounds in which something has to arrive */
	SLOTS_MOST = 16384, /* of an open world; a ring holds 32768 */
};

/* Most bytes of buffers in each pool. */
static const struct {
	const char *name;
	const char *words;
	uint64_t bytes;
} pools[BENCH_POOLS] = {
	[POOL_L1] = {"L1", "buffers of 32 KiB in all, packed", 32 << 10},
	[POOL_L2] = {"L2", "buffers of 512 KiB in all", 512 << 10},
	[POOL_L3] = {"L3", "buffers of 12 MiB in all", 12 << 20},
	[POOL_DRAM] = {"DRAM",
		       "buffers of 64 MiB in all, flushed from every cache "
		       "before each lap over them",
		       64 << 20},
};

struct bench {
	struct bench_case c;
	struct bench_shape shape;
	struct world_config config;
	struct world w;
	void *ledger;
	uint32_t left[2]; /* packets that each end may still send */
	uint64_t arrived;
	bool bridged; /* frames go by their addresses */
	uint64_t violations;
	uint64_t sum; /* of what was read, so that it is read */
};

const char *bench_pool_name(enum bench_pool p)
{
	return pools[p].name;
}

const char *bench_pool_words(enum bench_pool p)
{
	return pools[p].words;
}

static uint32_t round_up(uint32_t n, uint32_t to)
{
	return (n + to - 1) / to * to;
}

bool bench_shape(const struct bench_case *c, struct bench_shape *out)
{
	uint32_t whole = round_up(c->bytes + HEADER, LINE);
	uint64_t slots;

	/* An odd number of lines apart, so that slots spread over all sets. */
	out->slot_size =
		c->pool == POOL_L1 || whole > SLOT_LEAST ? whole : SLOT_LEAST;
	out->stride = out->slot_size;
	if (out->stride / LINE % 2 == 0)
		out->stride += LINE;
	slots = pools[c->pool].bytes / out->stride;
	if (slots > SLOTS_MOST)
		slots = SLOTS_MOST;
	out->slots = (uint32_t)slots & ~1u;
	out->pool_bytes = (uint64_t)out->slots * out->stride;
	return out->slots >= 2 * c->batch && out->slots >= 4;
}

static uint16_t ring_for(uint32_t slots)
{
	uint32_t size = 64;

	while (size < slots)
		size *= 2;
	return (uint16_t)size;
}

static void config_fill(struct bench *b)
{
	struct world_config *c = &b->config;
	const struct bench_shape *s = &b->shape;
	struct link_config *l = &c->link[0];
	uint64_t features =
		FEATURE_BIT(F_NET_SHARED_BUFFERS) | FEATURE_BIT(F_NET_GIFT) |
		FEATURE_BIT(F_NET_MRG_RXBUF) | FEATURE_BIT(F_NET_STATUS);

	c->vms = 2;
	c->links = 1;
	c->burst = b->c.batch;
	for (uint32_t i = 0; i < 2; i++) {
		snprintf(c->vm[i].name, NAME_SIZE, "vm%u", i + 1);
		c->vm[i].features = features;
		c->vm[i].poll = true;
		l->end[i] = (uint8_t)i;
	}
	l->members = 2;
	world_number(c);
	snprintf(l->path, NAME_SIZE, "%s", b->c.path);
	l->ring.size = ring_for(s->slots);
	l->ring.event_idx = true;
	l->bar.slots = s->slots;
	l->bar.slot_size = s->slot_size;
	l->bar.stride = s->stride;
	l->rules = RULES_ALL;
	l->private_size = s->stride;
	l->private_rx = path_has_slots(path_find(b->c.path)) ? 0 : s->slots;
	l->max_frame = b->c.bytes;
	l->gifts.policy = GIFT_NONE;
	l->host_poll = true;
	l->tap_queue =
		l->ring.size < TAP_QUEUE_MAX ? l->ring.size : TAP_QUEUE_MAX;
}

static enum app_answer bench_peek(void *app, uint32_t nic,
				  struct app_packet *out, uint64_t *wait_ps)
{
	struct bench *b = app;

	(void)wait_ps;
	if (!b->left[nic])
		return APP_NOTHING;
	*out = (struct app_packet){.len = b->c.bytes, .to = (uint8_t)!nic};
	return APP_PACKET;
}

static void bench_taken(void *app, uint32_t nic, bool refused)
{
	struct bench *b = app;

	assert(!refused);
	(void)refused;
	b->left[nic]--;
}

/* Frames say to whom they go, and from whom, where a bridge asks for that. */
static void address(const struct bench *b, uint32_t nic, uint8_t *frame)
{
	const uint8_t macs[] = {2, 0, 0, 0, 0, (uint8_t)!nic,
				2, 0, 0, 0, 0, (uint8_t)nic};

	if (b->bridged)
		memcpy(frame, macs, sizeof macs);
}

static uint32_t bench_fill(void *app, uint32_t nic,
			   const struct app_buffers *to, struct app_batch *out)
{
	struct bench *b = app;
	uint32_t count = to->count;

	assert(b->c.bytes <= to->room);
	if (count > b->left[nic])
		count = b->left[nic];
	out->seq = 0;
	out->to = (uint8_t)!nic;
	for (uint32_t k = 0; k < count; k++) {
		address(b, nic, app_buffer(to, k));
		out->frame[k] = (struct app_frame){.len = b->c.bytes};
	}
	b->left[nic] -= count;
	return count;
}

static void bench_arrive(void *app, uint32_t nic, const struct app_buffers *in,
			 const uint32_t *len)
{
	struct bench *b = app;

	(void)nic;
	b->arrived += in->count;
	for (uint32_t i = 0; b->c.read && i < in->count; i++)
		b->sum += XXH3_64bits(app_buffer(in, i), len[i]);
}

static void bench_deliver(void *app, uint32_t nic,
			  const struct app_segment *piece, uint32_t count,
			  uint32_t len)
{
	struct bench *b = app;

	(void)nic;
	(void)len;
	b->arrived++;
	for (uint32_t i = 0; b->c.read && i < count; i++)
		b->sum += XXH3_64bits(piece[i].bytes, piece[i].len);
}

static const struct app_ops bench_app = {
	.peek = bench_peek,
	.taken = bench_taken,
	.fill = bench_fill,
	.arrive = bench_arrive,
	.deliver = bench_deliver,
};

static void on_flush(void *listener, const struct event *ev, uint32_t places)
{
	struct bench *b = listener;

	referee_watch(&ledger_referee, b->ledger, ev, places);
}

static void on_finding(void *to, const struct finding *f)
{
	struct bench *b = to;

	(void)f;
	b->violations++;
}

static void step_all(struct bench *b)
{
	struct world *w = &b->w;
	bool host = w->actor[2].state != ACTOR_DEAD;

	/* A guest, the worker for what it sent, the other guest, its worker. */
	for (uint32_t end = 0; end < 2; end++) {
		world_step(w, end);
		if (host)
			world_step(w, 2 + end);
	}
}

/* The drivers start, the ends are paired, all buffers are posted. */
static void settle(struct bench *b)
{
	uint32_t steps = 64 + 4 * b->shape.slots / b->c.batch;

	while (steps--)
		step_all(b);
}

/* Offers as in a lap, for a while: whether anything arrives. */
static bool packets_cross(struct bench *b)
{
	for (uint32_t n = 0; n < TRIES && !b->arrived; n++) {
		b->left[0] = b->left[1] = b->c.batch;
		step_all(b);
	}
	return b->arrived;
}

struct bench *bench_open(const struct bench_case *c, char *error, size_t size)
{
	struct bench *b = calloc(1, sizeof *b);
	bool shaped;

	if (!b) {
		snprintf(error, size, "out of memory");
		return NULL;
	}
	b->c = *c;
	b->bridged = path_find(c->path)->deliver;
	shaped = bench_shape(c, &b->shape);
	assert(shaped);
	(void)shaped;
	config_fill(b);
	if (!world_open(&b->w,
			&(struct world_setup){
				.cfg = &b->config,
				.app = &bench_app,
				.app_ctx = b,
				.extra_other = ledger_referee.size(&b->config),
				.history = HISTORY,
			},
			error, size)) {
		free(b);
		return NULL;
	}
	b->ledger = ledger_referee.create(&(struct referee_setup){
		.config = &b->config,
		.map = &b->w.map,
		.arena = &b->w.extra,
		.report = on_finding,
		.to = b,
	});
	b->w.probe->flush = on_flush;
	b->w.probe->listener = b;
	probe_want(b->w.probe,
		   c->referees
			   ? subscriptions_wanted(ledger_referee.subscriptions)
			   : 0);
	settle(b);
	if (!packets_cross(b)) {
		snprintf(error, size, "no packet of %u bytes crosses '%s' here",
			 c->bytes, c->path);
		bench_close(b);
		return NULL;
	}
	return b;
}

void bench_close(struct bench *b)
{
	if (b)
		world_close(&b->w);
	free(b);
}

/* Everything that packets lie in: the slots, or both VMs' RAM. */
static void pool_flush(struct bench *b)
{
	const struct link *l = &b->w.link[0];

	if (l->region)
		cold_flush(l->region, b->shape.pool_bytes);
	else
		for (uint32_t i = 0; i < 2; i++)
			cold_flush(b->w.vm[i].ram, b->w.vm[i].ram_size);
}

uint64_t bench_lap(struct bench *b, uint64_t packets, uint64_t *moved)
{
	uint64_t arrived = b->arrived, begin, ns;
	bool cold = b->c.pool == POOL_DRAM;

	/* Flushed buffers are warm after one round: then the lap is over. */
	if (packets < b->shape.slots || cold)
		packets = b->shape.slots;
	if (cold)
		pool_flush(b);
	begin = clock_ns();
	while (b->arrived - arrived < packets) {
		b->left[0] = b->left[1] = b->c.batch;
		step_all(b);
	}
	probe_flush(b->w.probe);
	ns = clock_ns() - begin;
	*moved = b->arrived - arrived;
	return ns;
}

uint64_t bench_violations(const struct bench *b)
{
	return b->violations;
}
