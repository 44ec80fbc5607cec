/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Both halves of each ring tell what they do; the witness tells it from the
 * bytes. After each step of a world the two must agree.
 */
#include "conformance/witness/split_witness.h"

#include <inttypes.h>
#include <stdlib.h>

#include "sim/world/world_fixture.h"

enum { TOLD_MAX = 4096, QUEUES = 2 * LINK_ENDS * NIC_QUEUES, WORDS = 4 };

/* Events in any order. */
struct heap {
	struct event event[TOLD_MAX];
	uint32_t count;
};

/* One queue: what its halves have told, and who looks at its bytes. */
struct witnessed {
	struct split_witness witness;
	struct heap available; /* not shown by an index yet */
	struct heap used;
	struct heap told; /* shown in this step */
	struct heap seen; /* by the witness */
	uint16_t word[WORDS];
	bool live;
	bool renewed; /* it began or ended in this step */
};

static struct fixture f;
static struct witnessed queue[QUEUES];
static uint32_t agreed;   /* events that both told */
static uint32_t chained;  /* of them, descriptors behind the first */
static uint32_t differ;   /* steps in which they did not agree */
static bool quiet;        /* a difference is what is expected */
static uint32_t overlook; /* this told event is forgotten; 0: none */

static void heap_add(struct heap *h, const struct event *e)
{
	assert(h->count < TOLD_MAX);
	h->event[h->count++] = (struct event){.kind = e->kind,
					      .queue = e->queue,
					      .a = e->a,
					      .addr = e->addr,
					      .len = e->len,
					      .b = e->b};
}

static void heap_move(struct heap *to, struct heap *from)
{
	for (uint32_t i = 0; i < from->count; i++)
		heap_add(to, &from->event[i]);
	from->count = 0;
}

static int order(const void *a, const void *b)
{
	return memcmp(a, b, sizeof(struct event));
}

static void witness_tells(void *to, const struct event *e)
{
	struct witnessed *q = to;
	const bool word = e->kind == EV_AVAIL_FLAGS ||
			  e->kind == EV_USED_EVENT ||
			  e->kind == EV_USED_FLAGS || e->kind == EV_AVAIL_EVENT;

	if (!word) /* what is stored twice in a step shows once */
		heap_add(&q->seen, e);
}

static void renew(uint32_t nic, uint32_t first, uint32_t last)
{
	for (uint32_t i = first; i <= last; i++) {
		struct witnessed *q = &queue[queue_of_nic(nic, i)];

		q->available.count = q->used.count = q->told.count = 0;
		q->renewed = true;
	}
}

/* What is said of one queue. */
static void half_tells(struct witnessed *q, const struct event *e)
{
	switch (e->kind) {
	case EV_DESC:
	case EV_AVAILABLE:
		heap_add(&q->available, e);
		break;
	case EV_USED:
		heap_add(&q->used, e);
		break;
	case EV_AVAIL_IDX:
		heap_move(&q->told, &q->available);
		heap_add(&q->told, e);
		break;
	case EV_USED_IDX:
		heap_move(&q->told, &q->used);
		heap_add(&q->told, e);
		break;
	case EV_AVAIL_FLAGS:
	case EV_USED_EVENT:
		q->word[e->kind == EV_USED_EVENT] = (uint16_t)e->a;
		break;
	case EV_USED_FLAGS:
	case EV_AVAIL_EVENT:
		q->word[2 + (e->kind == EV_AVAIL_EVENT)] = (uint16_t)e->a;
		break;
	default:
		break;
	}
}

static void on_event(const struct event *e)
{
	uint32_t nic = queue_nic(e->queue), one = e->queue % NIC_QUEUES;

	if (overlook && e->kind == EV_AVAILABLE && --overlook == 0)
		return;
	if (e->kind == EV_STATUS || e->kind == EV_CRASH)
		renew(nic, 0, NET_QUEUES - 1);
	else if (e->kind == EV_QUEUE_RESET || e->kind == EV_QUEUE_ENABLED)
		renew(nic, one, one);
	half_tells(&queue[e->queue], e);
}

static void on_flush(void *to, const struct event *ev, uint32_t places)
{
	struct event_walk walk = event_walk(ev, places);
	struct event e;

	(void)to;
	while (event_next(&walk, &e))
		on_event(&e);
}

static void queue_begin(uint32_t id)
{
	struct witnessed *q = &queue[id];
	const struct nic *n = &f.w.link[queue_link(&f.w.cfg->numbers, id)]
				       .nic[queue_end(&f.w.cfg->numbers, id)];
	const struct device_queue *dq = &n->dev.queue[queue_is_tx(id)];

	q->renewed = false;
	q->told.count = 0;
	q->live = device_live(&n->dev) && dq->enabled && !n->vm->crashed;
	if (!q->live)
		return;
	q->witness = (struct split_witness){.mem = &n->vm->mem,
					    .desc = dq->area.desc,
					    .avail = dq->area.driver,
					    .used = dq->area.device,
					    .size = dq->area.size,
					    .queue = (uint16_t)id};
	CU_ASSERT(split_witness_begin(&q->witness));
	memcpy(q->word, q->witness.word, sizeof q->word);
}

static void differs(const char *what, uint32_t id)
{
	differ++;
	if (!quiet)
		printf("\nqueue %u at %" PRIu64 ": %s\n", id, f.w.probe->time,
		       what);
}

static void show(const char *who, const struct heap *h)
{
	for (uint32_t i = 0; i < h->count && !quiet; i++) {
		const struct event *e = &h->event[i];

		printf("  %s: %s a %" PRIx32 " addr %" PRIx64 " len %" PRIu32
		       " b %" PRIx32 "\n",
		       who, event_name((enum event_kind)e->kind), e->a, e->addr,
		       e->len, e->b);
	}
}

/* What both have told of one queue in this step. */
static void queue_compare(uint32_t id)
{
	struct witnessed *q = &queue[id];

	q->seen.count = 0;
	if (!split_witness_look(&q->witness, witness_tells, q))
		differs("the bytes are no ring's", id);
	if (memcmp(q->word, q->witness.word, sizeof q->word) != 0)
		differs("a word is not as it was told", id);
	qsort(q->told.event, q->told.count, sizeof(struct event), order);
	qsort(q->seen.event, q->seen.count, sizeof(struct event), order);
	if (q->told.count != q->seen.count ||
	    memcmp(q->told.event, q->seen.event,
		   q->told.count * sizeof(struct event)) != 0) {
		differs("other events than were told", id);
		show("told", &q->told);
		show("seen", &q->seen);
	}
	agreed += q->told.count;
	for (uint32_t i = 0; i < q->told.count; i++)
		chained += q->told.event[i].kind == EV_DESC;
	q->told.count = 0;
}

static void stepped(void *to, uint32_t actor)
{
	(void)to;
	(void)actor;
	probe_flush(f.w.probe);
	for (uint32_t id = 0; id < queue_count(&f.w.cfg->numbers); id++) {
		if (queue[id].renewed)
			queue_begin(id);
		else if (queue[id].live)
			queue_compare(id);
		else
			queue[id].told.count = 0;
	}
}

static void open_world(const char *yaml)
{
	memset(queue, 0, sizeof queue);
	agreed = chained = differ = 0;
	fixture_open(&f, yaml);
	CU_ASSERT_FATAL(queue_count(&f.w.cfg->numbers) <= QUEUES);
	f.w.probe->flush = on_flush;
	f.sched.stepped = stepped;
}

#define WORLD(vm, link, rest)                                    \
	"name: t\nvms: [{name: vm1" vm "}, {name: vm2" vm "}]\n" \
	"links:\n  - ends: [vm1, vm2]\n" link rest
#define MIX                                                                   \
	"traffic: [{generate: imix, packets: 300, from: vm1, to: vm2, both: " \
	"on}]\n"

static const char *const paths[] = {"shared-buffers", "copy", "vhost-pci"};

/* All frames of a mix over each path, by its notifications and chains. */
static void mix(const char *step, const char *ring, bool many)
{
	for (uint32_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
		char yaml[1000];

		snprintf(yaml, sizeof yaml,
			 "step: %s\n" WORLD("", "    path: %s\n    ring: %s\n",
					    MIX),
			 step, paths[i], ring);
		open_world(yaml);
		fixture_settle(&f);
		CU_ASSERT(agreed > 1000);
		CU_ASSERT_EQUAL(chained > 100, many);
		CU_ASSERT_EQUAL(differ, 0);
		fixture_close(&f);
	}
}

static void bursts(void)
{
	mix("burst", "{size: 64, event-idx: on}", false);
	mix("burst", "{size: 64, event-idx: off}", false);
	mix("burst", "{size: 32, event-idx: on, start: 65530}", false);
}

static void single_actions(void)
{
	mix("action", "{size: 64, event-idx: on}", false);
	mix("action", "{size: 64, event-idx: off}", false);
}

/* Frames of many buffers: chains that are linked, and tables. */
static void chains(void)
{
	mix("burst",
	    "{size: 64, indirect: on}\n    private-size: 128\n"
	    "    bar: {slots: 16, slot-size: 128}",
	    true);
	mix("burst",
	    "{size: 64, indirect: off}\n    private-size: 128\n"
	    "    bar: {slots: 16, slot-size: 128}",
	    true);
}

/* Resets of devices and of single queues, and a machine that dies. */
static void lives(void)
{
	static const char *const lines[] = {
		"vm1 send 60", "vm2 send 90", "vm1 step 3", "vm1 reset",
		"run",         "vm1 send 70", "run",        "vm2 reset",
		"run",         "vm2 send 80", "run",        "vm2 crash",
		"run",
	};

	for (uint32_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
		char yaml[1000];

		snprintf(yaml, sizeof yaml,
			 "step: action\n" WORLD("", "    path: %s\n",
						"script: [run]\n"),
			 paths[i]);
		open_world(yaml);
		fixture_do(&f, "run");
		for (uint32_t k = 0; k < sizeof lines / sizeof lines[0]; k++)
			fixture_do(&f, lines[k]);
		CU_ASSERT(agreed > 50);
		CU_ASSERT_EQUAL(differ, 0);
		fixture_close(&f);
	}
}

static void queue_resets(void)
{
	static const char *const lines[] = {
		"run", "vm1 send 60",  "vm1 step 2",   "vm1 reset tx",
		"run", "vm2 reset rx", "run",          "vm1 send 61",
		"run", "vm2 send 62",  "vm1 reset rx", "run",
	};

	open_world("step: action\n" WORLD("", "    ring: {reset: on}\n",
					  "script: [run]\n"));
	for (uint32_t k = 0; k < sizeof lines / sizeof lines[0]; k++)
		fixture_do(&f, lines[k]);
	CU_ASSERT(agreed > 50);
	CU_ASSERT_EQUAL(differ, 0);
	fixture_close(&f);
}

/* A half that keeps something to itself is found out. */
static void a_secret(void)
{
	quiet = true;
	open_world(WORLD("", "", MIX));
	overlook = 500;
	fixture_settle(&f);
	CU_ASSERT_EQUAL(overlook, 0);
	CU_ASSERT_EQUAL(differ, 1);
	fixture_close(&f);
	quiet = false;
}

/* So is a byte that somebody changes and nobody tells of. */
static void a_secret_byte(void)
{
	static const char *const words[] = {"avail-flags", "used index"};

	quiet = true;
	for (uint32_t i = 0; i < sizeof words / sizeof words[0]; i++) {
		const struct device_queue *q;
		uint64_t at;
		uint8_t *byte;

		open_world(WORLD("", "", "script: [run]\n"));
		fixture_do(&f, "run");
		q = &f.w.link[0].nic[0].dev.queue[NET_TX];
		at = i ? q->area.device + 2 : q->area.driver;
		byte = gmem_at(&f.w.vm[0].mem, at, 2);
		gmem_store16(byte, (uint16_t)(gmem_load16(byte) + 1));
		fixture_do(&f, "vm2 kick");
		fixture_do(&f, "run");
		CU_ASSERT(differ > 0);
		fixture_close(&f);
	}
	quiet = false;
}

static const struct unit_case cases[] = {
	{"bursts", bursts},
	{"single actions", single_actions},
	{"chains", chains},
	{"lives", lives},
	{"queue resets", queue_resets},
	{"a secret", a_secret},
	{"a secret byte", a_secret_byte},
};

UNIT_MAIN("split_witness", cases)
