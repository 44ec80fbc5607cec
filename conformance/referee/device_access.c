/* SPDX-License-Identifier: BSD-3-Clause */
#include "conformance/referee/device_access.h"

#include <string.h>

#include "conformance/referee/finding.h"

enum { DESC_WRITE = 2, DESC_INDIRECT = 4 };
enum { STATUS_DRIVER_OK = 4 };
enum { ROOM = 4 }; /* pieces kept for each descriptor of a ring, on average */

/* Memory in a chain that is out: device-readable, or an indirect table. */
struct piece {
	uint64_t addr;
	uint32_t len;  /* 0: a place without a piece */
	uint16_t next; /* in its chain, or of those without a piece; + 1 */
	bool table;
};

/* The pieces of one queue, and what filters most writes. */
struct queue_pieces {
	struct piece *piece;
	uint16_t *first; /* by head; + 1 */
	uint32_t places;
	uint32_t fresh; /* places that were never used */
	uint32_t count; /* pieces */
	uint64_t low;   /* no piece begins below, or ends behind */
	uint64_t high;
	uint64_t table; /* the descriptor table */
	uint64_t table_size;
	uint64_t bar; /* slots are none of ours */
	uint64_t bar_size;
	uint16_t free;    /* places that were used before; + 1 */
	uint16_t pending; /* of a chain without an available entry yet; + 1 */
	uint16_t size;
	uint8_t vm;
	uint16_t next_of_vm; /* another queue of that VM; + 1 */
	uint16_t id;
};

struct device_access {
	struct referee_setup setup;
	struct queue_pieces *queue;
	bool *live; /* by NIC: DRIVER_OK */
	uint32_t queues;
	uint16_t first_of_vm[VM_MAX]; /* queue; + 1 */
};

/* A place for a piece, or 0; where there is none, one more is not judged. */
static uint16_t place_take(struct queue_pieces *q)
{
	uint16_t at = q->free;

	if (at)
		q->free = q->piece[at - 1].next;
	else if (q->fresh < q->places)
		at = (uint16_t)++q->fresh;
	return at;
}

static void piece_add(struct queue_pieces *q, uint16_t *list, uint64_t addr,
		      uint32_t len, bool table)
{
	uint16_t at;

	if (!len || addr - q->bar < q->bar_size || !(at = place_take(q)))
		return;
	q->piece[at - 1] = (struct piece){addr, len, *list, table};
	*list = at;
	if (!q->count++ || addr < q->low)
		q->low = addr;
	if (q->count == 1 || addr + len > q->high)
		q->high = addr + len;
}

static void pieces_drop(struct queue_pieces *q, uint16_t *list)
{
	while (*list) {
		struct piece *p = &q->piece[*list - 1];
		uint16_t at = *list;

		*list = p->next;
		*p = (struct piece){.next = q->free};
		q->free = at;
		q->count--;
	}
}

static void queue_forget(struct queue_pieces *q)
{
	memset(q->first, 0, q->size * sizeof q->first[0]);
	memset(q->piece, 0, q->fresh * sizeof q->piece[0]);
	q->fresh = q->count = 0;
	q->free = q->pending = 0;
}

static void on_desc(void *self, const struct event *ev)
{
	const struct device_access *d = self;
	struct queue_pieces *q = &d->queue[ev->queue];
	const struct event_item *item = event_items(ev);
	const uint32_t count = event_count(ev);
	const bool table = ev->b & DESC_INDIRECT; /* in a run, all or none */

	if (!table && ev->b & DESC_WRITE)
		return;
	for (uint32_t k = 0; k < count; k++)
		piece_add(q, &q->pending, item[k].addr, item[k].len, table);
}

/* Chains are out: what was written since the one before is the first's. */
static void on_available(void *self, const struct event *ev)
{
	const struct device_access *d = self;
	struct queue_pieces *q = &d->queue[ev->queue];
	const struct event_item *item = event_items(ev);
	bool table = ev->b & DESC_INDIRECT, read = !(ev->b & DESC_WRITE);

	if (!table && !read && !q->pending && !q->count)
		return;
	for (uint32_t k = 0; k < event_count(ev); k++) {
		uint32_t head = item[k].a & 0xffff;

		if (head >= q->size) {
			pieces_drop(q, &q->pending);
			continue;
		}
		pieces_drop(q, &q->first[head]);
		q->first[head] = q->pending;
		q->pending = 0;
		if (table || read)
			piece_add(q, &q->first[head], item[k].addr, item[k].len,
				  table);
	}
}

static void on_used(void *self, const struct event *ev)
{
	const struct device_access *d = self;
	struct queue_pieces *q = &d->queue[ev->queue];
	const struct event_item *item = event_items(ev);

	for (uint32_t k = 0; q->count && k < event_count(ev); k++)
		if (item[k].a < q->size)
			pieces_drop(q, &q->first[item[k].a]);
}

static bool meets(uint64_t a, uint64_t a_len, uint64_t b, uint64_t b_len)
{
	return a < b + b_len && b < a + a_len;
}

__attribute__((cold, noinline)) static void wrote_wrong(
	const struct device_access *d, const struct event *ev, bool table)
{
	referee_finding(&d->setup, ev,
			table ? CLAUSE_SPLIT_TABLE_READONLY
			      : CLAUSE_SPLIT_DESC_READONLY,
			NO_SLOT, "%u bytes at %#llx are written, %s", ev->len,
			(unsigned long long)ev->addr,
			table ? "which are of a descriptor table"
			      : "which were given to be read");
}

/* The write @one against all that is out on @q. */
static void judge_one(const struct device_access *d,
		      const struct queue_pieces *q, const struct event *one)
{
	if (meets(one->addr, one->len, q->table, q->table_size))
		wrote_wrong(d, one, true);
	for (uint32_t k = 0; k < q->fresh; k++) {
		const struct piece *p = &q->piece[k];

		if (!p->len || !meets(one->addr, one->len, p->addr, p->len))
			continue;
		wrote_wrong(d, one, p->table);
		return;
	}
}

/* Writes of a device to its driver's memory, which nearly all lie far off. */
static void judge(const struct device_access *d, const struct event *ev)
{
	const struct event_item *item = event_items(ev);
	uint32_t count = event_count(ev);
	uint64_t low = UINT64_MAX, high = 0;

	for (uint32_t k = 0; k < count; k++) {
		if (item[k].addr < low)
			low = item[k].addr;
		if (item[k].addr + item[k].len > high)
			high = item[k].addr + item[k].len;
	}
	if (ev->b >= VM_MAX)
		return;
	for (uint16_t at = d->first_of_vm[ev->b]; at;) {
		const struct queue_pieces *q = &d->queue[at - 1];

		at = q->next_of_vm;
		if (!meets(low, high - low, q->table, q->table_size) &&
		    !(q->count && low < q->high && q->low < high))
			continue;
		for (uint32_t k = 0; k < count; k++) {
			struct event one = event_nth(ev, k);

			judge_one(d, q, &one);
		}
	}
}

static void on_host_write(void *self, const struct event *ev)
{
	judge(self, ev);
}

/* A guest in the memory of another one, whose rings it works. */
static void mirror(const struct device_access *d, const struct event *ev)
{
	const struct world_config *c = d->setup.config;

	if (!d->live[queue_nic(ev->queue)])
		referee_finding(
			&d->setup, ev, CLAUSE_EXT_MIRROR_STOP, NO_SLOT,
			"%s is in the memory of %s, whose driver does not run",
			c->vm[ev->actor].name,
			ev->b < c->vms ? c->vm[ev->b].name : "no VM");
}

static bool is_mirror(const struct device_access *d, const struct event *ev)
{
	return ev->b != ev->actor && ev->actor < d->setup.config->vms;
}

static void on_guest_read(void *self, const struct event *ev)
{
	if (is_mirror(self, ev))
		mirror(self, ev);
}

static void on_guest_write(void *self, const struct event *ev)
{
	if (!is_mirror(self, ev))
		return;
	mirror(self, ev);
	judge(self, ev);
}

/* A status write is for all queues of the NIC. */
static void on_status(void *self, const struct event *ev)
{
	const struct device_access *d = self;
	uint32_t nic = queue_nic(ev->queue);

	d->live[nic] = ev->a & STATUS_DRIVER_OK;
	if (ev->a)
		return;
	for (uint32_t i = 0; i < NIC_QUEUES; i++)
		queue_forget(&d->queue[queue_of_nic(nic, i)]);
}

static void on_queue_reset(void *self, const struct event *ev)
{
	const struct device_access *d = self;

	queue_forget(&d->queue[ev->queue]);
}

/* A VM is dead, and so are its drivers. */
static void on_crash(void *self, const struct event *ev)
{
	const struct device_access *d = self;
	uint8_t dead = d->queue[ev->queue].vm;

	for (uint32_t i = 0; i < d->queues; i++)
		if (d->queue[i].vm == dead)
			d->live[queue_nic(i)] = false;
}

/* Slots are written and read there, and used: they are the ledger's. */
static void on_fused(void *self, const struct event *ev)
{
	(void)self;
	(void)ev;
}

static const struct event_subscriptions subscriptions = {
	.whole = SUBSCRIBE_BATCH(DESC) | SUBSCRIBE_BATCH(AVAILABLE) |
		 SUBSCRIBE_BATCH(USED) | SUBSCRIBE_BATCH(HOST_WRITE) |
		 SUBSCRIBE_BATCH(GUEST_READ) | SUBSCRIBE_BATCH(GUEST_WRITE) |
		 SUBSCRIBE_FUSED,
	.handler = {
		[EV_DESC] = on_desc,
		[EV_AVAILABLE] = on_available,
		[EV_USED] = on_used,
		[EV_HOST_WRITE] = on_host_write,
		[EV_GUEST_READ] = on_guest_read,
		[EV_GUEST_WRITE] = on_guest_write,
		[EV_STATUS] = on_status,
		[EV_QUEUE_RESET] = on_queue_reset,
		[EV_CRASH] = on_crash,
		[FUSED_SEND] = on_fused,
		[FUSED_FORWARD] = on_fused,
		[FUSED_TAKE] = on_fused,
	}};

static uint32_t places_of(const struct link_config *l)
{
	uint32_t places = ROOM * (uint32_t)l->ring.size;

	return places < UINT16_MAX ? places : UINT16_MAX - 1;
}

static size_t device_access_size(const struct world_config *c)
{
	size_t sum = sizeof(struct device_access) + 256;

	for (uint32_t i = 0; i < c->links; i++)
		sum += c->link[i].members * NIC_QUEUES *
		       (sizeof(struct queue_pieces) + sizeof(bool) +
			c->link[i].ring.size * sizeof(uint16_t) +
			places_of(&c->link[i]) * sizeof(struct piece) + 64);
	return sum;
}

static void queue_create(struct device_access *d, uint32_t id)
{
	const struct referee_setup *s = &d->setup;
	const struct numbering *n = &s->config->numbers;
	uint32_t link = queue_link(n, id), end = queue_end(n, id);
	const struct link_config *c = &s->config->link[link];
	struct queue_pieces *q = &d->queue[id];

	*q = (struct queue_pieces){
		.id = (uint16_t)id,
		.vm = c->end[end],
		.size = c->ring.size,
		.places = places_of(c),
		.first = arena_new(s->arena, uint16_t, c->ring.size),
		.piece = arena_new(s->arena, struct piece, places_of(c)),
		.table = s->map->table[id].gpa,
		.table_size = s->map->table[id].size,
		.bar = s->map->link[link].bar_gpa[end],
		.bar_size = s->map->link[link].bar_size,
		.next_of_vm = d->first_of_vm[c->end[end]],
	};
	d->first_of_vm[q->vm] = (uint16_t)(id + 1);
}

static void *device_access_create(const struct referee_setup *s)
{
	struct device_access *d = arena_new(s->arena, struct device_access, 1);

	d->setup = *s;
	d->queues = queue_count(&s->config->numbers);
	d->queue = arena_new(s->arena, struct queue_pieces, d->queues);
	d->live = arena_new(s->arena, bool, nic_count(&s->config->numbers));
	for (uint32_t id = 0; id < d->queues; id++)
		queue_create(d, id);
	return d;
}

/* Where the table of a chain is depends on its head, which has a name. */
static void device_access_canon(const void *self, uint32_t id, struct canon *f)
{
	const struct device_access *d = self;
	const struct queue_pieces *q = &d->queue[id];

	if (id >= d->queues)
		return;
	assert(!q->pending);
	canon_u8(f, d->live[queue_nic(id)]);
	for (uint32_t k = 0; q->count && k < q->size; k++) {
		uint32_t head = canon_queue(f, id)->raw[k];

		canon_of_head(f, id, head);
		for (uint16_t at = q->first[head]; at;) {
			const struct piece *p = &q->piece[at - 1];

			canon_u8(f, (uint8_t)(1 + p->table));
			canon_u64(f, p->table ? 0 : p->addr);
			canon_u32(f, p->len);
			at = p->next;
		}
		canon_u8(f, 0);
		canon_of_end(f);
	}
}

const struct referee_ops device_access_referee = {
	.name = "device-access",
	.words = "devices write only what they were given to write",
	.size = device_access_size,
	.create = device_access_create,
	.subscriptions = &subscriptions,
	.canon = device_access_canon,
};
