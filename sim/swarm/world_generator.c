/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/swarm/world_generator.h"

#include <assert.h>
#include <inttypes.h>

#include "model/path/path.h"
#include "model/virtio/features.h"
#include "sim/scenario/schema/schema.h"
#include "sim/world/progress.h"

enum {
	SLOTS_MOST = 12,
	RING_LOG_MOST = 5,
	WRAP_NEAR = 40,                 /* indexes before they wrap */
	KINDS_MOST = 4,                 /* kinds of faults in one world */
	LINKS_MOST = PROGRESS_NICS / 2, /* in all of which nothing may last */
	HEADER_MOST = 24
};

struct plan {
	FILE *out;
	bool gifts; /* every driver accepts them */
	struct rng rng;
	struct rng queues; /* which are reset: makes no other choice differ */
	uint32_t links;
	uint8_t end[LINKS_MOST][2];
};

static uint32_t below(struct plan *p, uint32_t n)
{
	return rng_below(&p->rng, n);
}

/* True once in @n throws. */
static bool once_in(struct plan *p, uint32_t n)
{
	return below(p, n) == 0;
}

static const char *word(struct plan *p, const char *const *words, uint32_t n)
{
	return words[below(p, n)];
}

#define WORD(p, ...)                                      \
	word(p, (const char *const[]){__VA_ARGS__},       \
	     sizeof((const char *const[]){__VA_ARGS__}) / \
		     sizeof(const char *))

static const char *on_off(struct plan *p)
{
	return WORD(p, "on", "off");
}

/*
 * Now and then a driver that accepts less, so that ends may differ. One throw
 * a statement: the order of a call's arguments is the compiler's choice.
 */
static void draw_vm(struct plan *p, uint32_t i)
{
	static const char *const fewer[] = {"mrg-rxbuf",      "gift",
					    "csum",           "guest-csum",
					    "shared-buffers", "status"};
	const char *sep = "";

	fprintf(p->out, "  - {name: vm%u, ", i + 1);
	fprintf(p->out, "guess: %s, ", WORD(p, "parity", "halves"));
	fprintf(p->out, "poll: %s, ", once_in(p, 10) ? "on" : "off");
	fprintf(p->out, "rx-chain: %u, ", 1 + once_in(p, 3));
	fputs("features: {", p->out);
	for (uint32_t k = 0; k < sizeof fewer / sizeof fewer[0]; k++)
		if (once_in(p, 16)) {
			p->gifts &= fewer[k][0] != 'g' || fewer[k][1] != 'i';
			fprintf(p->out, "%s%s: off", sep, fewer[k]);
			sep = ", ";
		}
	if (once_in(p, 12))
		fprintf(p->out, "%shash-report: on", sep);
	fputs("}}\n", p->out);
}

static void draw_rings(struct plan *p, uint32_t size)
{
	uint32_t start = once_in(p, 2) ? 65536 - 1 - below(p, WRAP_NEAR) : 0;

	fprintf(p->out, "    ring: {size: %u, start: %u, ", size, start);
	fprintf(p->out, "event-idx: %s, ", on_off(p));
	fprintf(p->out, "indirect: %s, ", on_off(p));
	fprintf(p->out, "reset: %s}\n",
		rng_below(&p->queues, 2) ? "on" : "off");
}

static void draw_slots(struct plan *p)
{
	uint32_t slots = 2 + below(p, SLOTS_MOST - 1);
	uint32_t size = 128u << below(p, 3);
	const char *policy = WORD(p, "none", "immediate", "watermark", "credit",
				  "watermark");
	/* Who gives nothing and has no other way would be starved by design. */
	bool other_way = once_in(p, 2) || policy[0] == 'n' ||
			 policy[0] == 'c' || !p->gifts;

	fprintf(p->out, "    bar: {slots: %u, slot-size: %u, ", slots, size);
	fprintf(p->out, "stride: %u}\n", size << once_in(p, 4));
	fprintf(p->out, "    gifts: {policy: %s, ", policy);
	fprintf(p->out, "low: %u, ", 1 + below(p, slots / 2));
	fprintf(p->out, "batch: %u}\n", 1 + below(p, 3));
	fprintf(p->out, "    fallback: %s\n", other_way ? "on" : "off");
}

/* Whatever has no slot can always go this way, however long it is. */
static void draw_private(struct plan *p, uint32_t ring)
{
	uint32_t size = 256u << below(p, 4);
	uint32_t least = (PLAN_FRAME_MOST + HEADER_MOST + size - 1) / size;
	uint32_t most = ring > least ? ring - least + 1 : 1;

	if (least > ring) {
		size = 2048;
		least = 1;
		most = ring;
	}
	fprintf(p->out, "    private-rx: %u\n", least + below(p, most));
	fprintf(p->out, "    private-size: %u\n", size);
}

/* Any path; the first one, which has most that can go wrong, more often. */
static const char *draw_path(struct plan *p)
{
	const uint32_t more = 3;
	uint32_t paths = 0, drawn;

	while (path_at(paths))
		paths++;
	drawn = below(p, more + paths);
	return path_at(drawn < more ? 0 : drawn - more)->name;
}

static void draw_link(struct plan *p, uint32_t a, uint32_t b)
{
	uint32_t size = 2u << below(p, RING_LOG_MOST);
	bool polls = once_in(p, 10);

	p->end[p->links][0] = (uint8_t)a;
	p->end[p->links++][1] = (uint8_t)b;
	fprintf(p->out, "  - ends: [vm%u, vm%u]\n", a + 1, b + 1);
	fprintf(p->out, "    path: %s\n", draw_path(p));
	draw_rings(p, size);
	draw_slots(p);
	fprintf(p->out, "    alloc: %s\n", WORD(p, "fifo", "lifo", "address"));
	draw_private(p, size);
	fprintf(p->out, "    host-poll: %s\n", polls ? "on" : "off");
}

/*
 * In every third world, further links beside one that is there: of the same
 * design or another, and the same way round or the other. They have a generator
 * of their own, so that all else is as it would be without them.
 */
static void draw_beside(struct plan *p, uint64_t seed)
{
	p->rng = (struct rng){seed ^ UINT64_C(0x626573696465)};
	if (below(p, 3))
		return;
	do {
		const uint8_t *end = p->end[below(p, p->links)];
		uint32_t turn = below(p, 2);

		draw_link(p, end[turn], end[!turn]);
	} while (p->links < LINKS_MOST && below(p, 2));
}

void world_write(uint64_t seed, FILE *out)
{
	struct plan p = {.out = out,
			 .gifts = true,
			 .rng = {seed},
			 .queues = {seed ^ UINT64_C(0x7175657565)}};
	uint32_t vms = 2 + once_in(&p, 4);

	fprintf(out, "name: swarm %" PRIu64 "\n", seed);
	fprintf(out, "seed: %" PRIu64 "\nschedule: random\n", seed);
	fprintf(out, "burst: %u\n", 1u << below(&p, 4));
	fprintf(out, "step: %s\n", WORD(&p, "burst", "action"));
	fputs("vms:\n", out);
	for (uint32_t i = 0; i < vms; i++)
		draw_vm(&p, i);
	fputs("links:\n", out);
	draw_link(&p, 0, 1);
	if (vms > 2)
		draw_link(&p, 1, 2);
	if (vms > 2 && once_in(&p, 2))
		draw_link(&p, 0, 2);
	if (p.links < LINKS_MOST)
		draw_beside(&p, seed);
	fputs("script: [heal]\n"
	      "expect: {delivered: 0}\n",
	      out); /* nothing has gone wrong yet */
}

/* In every third world, where a link lets them be. */
static void draw_queue_resets(struct plan *p, struct scenario *sc)
{
	if (rng_below(&p->queues, 3))
		return;
	sc->fault[sc->faults++] = (struct fault_config){
		.kind = FAULT_QUEUE_RESET,
		.has_one_in = true,
		.one_in = 20u << rng_below(&p->queues, 4),
		.features = schema_bits_default(&schema_features),
		.delay_ps = 1000,
	};
}

/* One that drivers may differ in; gifts only where there is another way. */
static uint32_t other_feature(struct plan *p, const struct scenario *sc)
{
	bool other_way = true;
	uint32_t bit;

	for (uint32_t i = 0; i < sc->world.links; i++)
		other_way &= sc->world.link[i].fallback;
	do
		bit = schema_features.bit[below(p, schema_features.count)].bit;
	while (bit == F_NET_GIFT && !other_way);
	return bit;
}

/* One kind of fault, seldom enough for packets to get through between. */
static void draw_fault(struct plan *p, struct scenario *sc)
{
	struct fault_config *c = &sc->fault[sc->faults++];

	*c = (struct fault_config){.delay_ps = 1000, .has_one_in = true};
	c->kind = (enum fault_kind)below(p, FAULT_LIE + 1);
	c->one_in = 20u << below(p, 4);
	c->features = schema_bits_default(&schema_features);
	switch (c->kind) {
	case FAULT_CRASH:
		c->times = 1;
		c->one_in = 300;
		break;
	case FAULT_LIE:
		c->times = 1 + below(p, 3);
		break;
	case FAULT_RE_PAIR:
		c->features ^= UINT64_C(1) << other_feature(p, sc);
		break;
	case FAULT_RESET:
	case FAULT_UNPAIR:
		c->one_in *= 2;
		break;
	default:
		break;
	}
}

void draw_faults(struct scenario *sc)
{
	struct plan p = {.rng = {sc->seed ^ UINT64_C(0x706c616e)},
			 .queues = {sc->seed ^ UINT64_C(0x71666c74)}};
	uint32_t kinds = below(&p, KINDS_MOST + 1);

	assert(sc->faults == 0);
	while (kinds--)
		draw_fault(&p, sc);
	draw_queue_resets(&p, sc);
}
