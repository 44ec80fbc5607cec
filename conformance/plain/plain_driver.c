/* SPDX-License-Identifier: BSD-3-Clause */
#include "model/ring/split/split_driver_batch.h"

static uint8_t *entry_at(const struct split_driver *q, uint16_t index)
{
	return q->at.avail + SPLIT_RING + 2u * (index & (q->size - 1u));
}

static const uint8_t *element_at(const struct split_driver *q, uint32_t index)
{
	return q->at.used + SPLIT_RING +
	       (size_t)SPLIT_USED_SIZE * (index & (q->size - 1u));
}

static uint8_t *desc_at(const struct split_driver *q, uint32_t i)
{
	return q->at.desc + (size_t)SPLIT_DESC_SIZE * i;
}

uint64_t split_table_bytes(uint16_t size)
{
	return (uint64_t)SPLIT_INDIRECT_MAX * SPLIT_DESC_SIZE * size;
}

size_t split_account_bytes(uint16_t size)
{
	return sizeof(struct plain_note) * size;
}

void *split_account_new(uint16_t size, struct arena *arena)
{
	return arena_new(arena, struct plain_note, size);
}

void split_driver_begin(struct split_driver *q, const struct vq_driver_setup *s)
{
	const uint16_t size = s->area.size;
	struct split_bytes at;

	if (!split_map(&s->area, s->mem, &at, NULL))
		assert(!"the driver's own ring");
	*q = (struct split_driver){.at = at,
				   .note = s->account,
				   .probe = s->probe,
				   .cost = s->cost,
				   .stores = s->mem->stores,
				   .table_gpa = s->table_gpa,
				   .queue = s->queue,
				   .size = size,
				   .free = size,
				   .event_idx = s->event_idx};
	if (s->table_gpa)
		q->table =
			gmem_at(s->mem, s->table_gpa, split_table_bytes(size));
	memset(q->note, 0, split_account_bytes(size));
	memset(q->at.desc, 0, split_desc_bytes(size));
	for (uint32_t i = 0; i < size; i++)
		q->note[i].stack = (uint16_t)(size - 1 - i);
	split_driver_restart(q, s->start);
}

void split_driver_restart(struct split_driver *q, uint16_t start)
{
	q->added = q->published = q->kicked = start;
	q->seen = q->taken = start;
	q->calls_off = q->broken = false;
	split_words_begin(&q->at, q->size, start);
}

/* Stores @size bytes of what an index will cover. */
static void put(const struct split_driver *q, uint8_t *at, const void *bytes,
		uint32_t size, enum event_kind kind)
{
	if (q->stores)
		store_entry(q->stores, at, bytes, size, q->queue, kind);
	else
		memcpy(at, bytes, size);
}

static void put_desc(const struct split_driver *q, uint8_t *at, uint64_t addr,
		     uint32_t len, uint16_t flags, uint16_t next)
{
	_Alignas(8) uint8_t d[SPLIT_DESC_SIZE];

	gmem_store64(d, addr);
	gmem_store32(d + SPLIT_DESC_LEN, len);
	gmem_store16(d + SPLIT_DESC_FLAGS, flags);
	gmem_store16(d + SPLIT_DESC_NEXT, next);
	put(q, at, d, sizeof d, EV_DESC);
}

static void put_entry(const struct split_driver *q, uint16_t index,
		      uint16_t head)
{
	_Alignas(2) uint8_t bytes[2];

	gmem_store16(bytes, head);
	put(q, entry_at(q, index), bytes, sizeof bytes, EV_AVAILABLE);
}

uint16_t split_driver_needs(const struct split_driver *q, uint32_t segs)
{
	if (q->table && segs > 1 && segs <= SPLIT_INDIRECT_MAX)
		return 1;
	return (uint16_t)segs;
}

/* Flags of segment @k of a chain of @count. */
static uint16_t flags_of(const struct ring_seg *seg, uint32_t k, uint32_t count)
{
	uint16_t flags = seg[k].write ? SPLIT_WRITE : 0;

	return k + 1 < count ? flags | SPLIT_NEXT : flags;
}

/* One descriptor of a chain behind the first, in whichever table. */
static void put_segment(struct split_driver *q, uint8_t *at, uint32_t index,
			const struct ring_seg *s, uint16_t flags, uint16_t next)
{
	put_desc(q, at, s->gpa, s->len, flags, next);
	probe_emit(q->probe, EV_DESC, q->queue, index, s->gpa, s->len,
		   flags | (uint32_t)next << 16);
}

/*
 * The segments behind the first, linked, written from the last one on. Free
 * descriptors are taken in that order. The value is what stands behind the
 * head.
 */
static uint16_t put_linked(struct split_driver *q, const struct ring_seg *seg,
			   uint32_t count)
{
	uint16_t next = 0;

	for (uint32_t k = count - 1; k > 0; k--) {
		uint16_t i = plain_free(q, count - k);

		put_segment(q, desc_at(q, i), i, &seg[k],
			    flags_of(seg, k, count), next);
		q->note[i].next = next;
		next = i;
	}
	return next;
}

/* All segments, in @head's own table; the value is where that is. */
static uint64_t put_table(struct split_driver *q, uint16_t head,
			  const struct ring_seg *seg, uint32_t count)
{
	const size_t at = (size_t)head * SPLIT_INDIRECT_MAX * SPLIT_DESC_SIZE;

	for (uint32_t k = 0; k < count; k++)
		put_segment(q, q->table + at + (size_t)k * SPLIT_DESC_SIZE, k,
			    &seg[k], flags_of(seg, k, count),
			    (uint16_t)(k + 1));
	return q->table_gpa + at;
}

static void note_head(struct split_driver *q, uint16_t head, uint32_t cookie,
		      uint32_t room, uint32_t count)
{
	struct plain_note *n = &q->note[head];

	n->cookie = cookie;
	n->room = room;
	n->count = count;
	n->serial = q->serial++;
}

bool split_driver_add(struct split_driver *q, const struct ring_seg *seg,
		      uint32_t count, uint32_t cookie)
{
	const uint16_t takes = split_driver_needs(q, count);
	uint64_t addr = seg[0].gpa;
	uint32_t len = seg[0].len, room = 0;
	uint16_t head, flags = flags_of(seg, 0, count), next = 0;

	assert(count > 0);
	if (q->broken || count > q->size || takes > q->free)
		return false;
	head = plain_free(q, 0);
	if (takes < count) {
		addr = put_table(q, head, seg, count);
		len = count * SPLIT_DESC_SIZE;
		flags = SPLIT_INDIRECT;
	} else {
		next = put_linked(q, seg, count);
	}
	for (uint32_t k = 0; k < count; k++)
		room += seg[k].write ? seg[k].len : 0;
	q->note[head].next = next;
	note_head(q, head, cookie, room, takes);
	put_desc(q, desc_at(q, head), addr, len, flags, next);
	put_entry(q, q->added, head);
	probe_emit(q->probe, EV_AVAILABLE, q->queue, head | count << 16, addr,
		   len, flags | (uint32_t)q->added << 16);
	q->added++;
	q->free = (uint16_t)(q->free - takes);
	cost_count(q->cost, COST_DESC, count);
	cost_count(q->cost, COST_ENTRY, 1);
	return true;
}

void split_driver_publish(struct split_driver *q)
{
	if (q->published == q->added)
		return;
	store_index(q->stores, BARRIER_DRIVER_PUBLISH, q->at.avail + SPLIT_IDX,
		    q->added, q->queue, EV_AVAIL_IDX);
	probe_emit(q->probe, EV_AVAIL_IDX, q->queue, q->added, 0, 0,
		   q->published);
	cost_count(q->cost, COST_INDEX, 1);
	q->published = q->added;
}

bool split_driver_kick_wanted(struct split_driver *q)
{
	const uint16_t old = q->kicked;
	bool wanted;

	if (old == q->published)
		return false;
	q->kicked = q->published;
	store_fence(q->stores, BARRIER_DRIVER_KICK, q->queue);
	cost_count(q->cost, COST_INDEX, 1);
	if (q->event_idx) {
		uint16_t event =
			gmem_load16(split_avail_event(&q->at, q->size));

		wanted = (uint16_t)(q->published - event - 1) <
			 (uint16_t)(q->published - old);
	} else {
		wanted = !(gmem_load16(q->at.used + SPLIT_FLAGS) &
			   SPLIT_NO_NOTIFY);
	}
	probe_emit(q->probe, wanted ? EV_KICK : EV_NO_KICK, q->queue,
		   q->published, 0, 0, old);
	return wanted;
}

enum ring_end split_driver_ready(struct split_driver *q, struct verdict *why)
{
	uint16_t idx;

	if (q->broken)
		return RING_BROKEN;
	if (q->seen != q->taken)
		return RING_CHAIN;
	idx = gmem_load16_acquire(q->at.used + SPLIT_IDX);
	cost_count(q->cost, COST_INDEX, 1);
	if ((uint16_t)(idx - q->taken) > q->size - q->free) {
		verdict_set(why, CLAUSE_SPLIT_HEAD,
			    "used index %u behind %u, of %u that are out", idx,
			    q->taken, q->size - q->free);
		q->broken = true;
		return RING_BROKEN;
	}
	q->seen = idx;
	return idx == q->taken ? RING_EMPTY : RING_CHAIN;
}

/* What is wrong with an element. */
static enum clause element_wrong(const struct split_driver *q, uint32_t id,
				 uint32_t len)
{
	if (id >= q->size || q->note[id].count == 0)
		return CLAUSE_SPLIT_HEAD;
	return len > q->note[id].room ? CLAUSE_SPLIT_USED_LEN : CLAUSE_NONE;
}

/* Frees @head's chain, so that its descriptors are taken in their order. */
static void free_chain(struct split_driver *q, uint16_t head)
{
	const uint32_t count = q->note[head].count;
	uint16_t i = head;

	for (uint32_t k = count; k > 0; k--) {
		q->note[q->free + k - 1].stack = i;
		i = q->note[i].next;
	}
	q->free = (uint16_t)(q->free + count);
	q->note[head].count = 0;
}

enum ring_end split_driver_take(struct split_driver *q, uint32_t *cookie,
				uint32_t *len, struct verdict *why)
{
	const uint8_t *element = element_at(q, q->taken);
	enum ring_end end = split_driver_ready(q, why);
	enum clause wrong;
	uint32_t id;

	if (end != RING_CHAIN)
		return end;
	id = gmem_load32(element);
	*len = gmem_load32(element + SPLIT_USED_LEN);
	wrong = element_wrong(q, id, *len);
	if (wrong != CLAUSE_NONE) {
		verdict_set(why, wrong, "used element %u of %u bytes", id,
			    *len);
		q->broken = true;
		return RING_BROKEN;
	}
	*cookie = q->note[id].cookie;
	q->taken++;
	free_chain(q, (uint16_t)id);
	cost_count(q->cost, COST_ENTRY, 1);
	probe_emit(q->probe, EV_USED_CONSUMED, q->queue, id, 0, *len, 0);
	return RING_CHAIN;
}

bool split_driver_calls_off(struct split_driver *q)
{
	if (q->event_idx || q->calls_off)
		return false;
	q->calls_off = true;
	cost_count(q->cost, COST_INDEX, 1);
	store_word(q->stores, q->probe, q->at.avail + SPLIT_FLAGS,
		   SPLIT_NO_INTERRUPT, q->queue, EV_AVAIL_FLAGS);
	return true;
}

void split_driver_calls_on(struct split_driver *q)
{
	cost_count(q->cost, COST_INDEX, 1);
	if (q->event_idx)
		store_word(q->stores, q->probe,
			   split_used_event(&q->at, q->size), q->taken,
			   q->queue, EV_USED_EVENT);
	else if (q->calls_off)
		store_word(q->stores, q->probe, q->at.avail + SPLIT_FLAGS, 0,
			   q->queue, EV_AVAIL_FLAGS);
	q->calls_off = false;
	store_fence(q->stores, BARRIER_DRIVER_SLEEP, q->queue);
}

bool split_driver_pending(const struct split_driver *q)
{
	return q->seen != q->taken ||
	       gmem_load16_acquire(q->at.used + SPLIT_IDX) != q->taken;
}

/* Tells of the segments behind the first of @head's chain; how many it has. */
static uint32_t tell_chain(struct split_driver *q, uint16_t head, bool table,
			   uint32_t len)
{
	const uint32_t segs =
		table ? len / SPLIT_DESC_SIZE : q->note[head].count;
	uint16_t i = q->note[head].next;

	for (uint32_t k = !table; k < segs; k++) {
		const size_t own = (size_t)head * SPLIT_INDIRECT_MAX + k;
		const uint8_t *d = table ? q->table + own * SPLIT_DESC_SIZE
					 : desc_at(q, i);

		probe_emit(q->probe, EV_DESC, q->queue, table ? k : i,
			   gmem_load64(d), gmem_load32(d + SPLIT_DESC_LEN),
			   gmem_load32(d + SPLIT_DESC_FLAGS));
		i = table ? i : q->note[i].next;
	}
	return segs;
}

void split_driver_reexpose(struct split_driver *q, const uint16_t *head,
			   uint32_t count)
{
	for (uint32_t k = 0; k < count; k++) {
		const uint8_t *d = desc_at(q, head[k]);
		const uint32_t len = gmem_load32(d + SPLIT_DESC_LEN);
		const uint16_t flags = gmem_load16(d + SPLIT_DESC_FLAGS);
		uint32_t segs =
			tell_chain(q, head[k], flags & SPLIT_INDIRECT, len);

		q->note[head[k]].serial = q->serial++;
		put_entry(q, q->added, head[k]);
		probe_emit(q->probe, EV_AVAILABLE, q->queue,
			   head[k] | segs << 16, gmem_load64(d), len,
			   flags | (uint32_t)q->added << 16);
		q->added++;
		cost_count(q->cost, COST_DESC, segs);
		cost_count(q->cost, COST_ENTRY, 1);
	}
}

/* Of @most places from @index on, those before the ring comes round. */
static uint32_t in_a_run(const struct split_driver *q, uint16_t index,
			 uint32_t most)
{
	const uint32_t rest = q->size - (index & (q->size - 1u));

	most = batch_most(most);
	return most < rest ? most : rest;
}

uint32_t split_add_most(const struct split_driver *q, uint32_t most)
{
	if (q->broken || q->free == 0 || most == 0)
		return 0;
	if (store_entries_wait(q->stores))
		return 1;
	return in_a_run(q, q->added, most < q->free ? most : q->free);
}

struct split_add_cursor split_add_begin(struct split_driver *q, uint32_t count,
					uint32_t room)
{
	assert(count <= q->free && !q->broken);
	return (struct split_add_cursor){.q = q, .room = room};
}

struct event_item *split_add_tell(const struct split_driver *q, uint32_t count,
				  uint32_t room)
{
	return probe_batch_begin(q->probe, EV_AVAILABLE, q->queue, count,
				 (room ? SPLIT_WRITE : 0) | (uint32_t)q->added
								    << 16);
}

uint32_t split_add_put(struct split_add_cursor *a, uint64_t addr, uint32_t len,
		       uint32_t cookie)
{
	struct split_driver *q = a->q;
	const uint16_t head = plain_free(q, a->put);

	note_head(q, head, cookie, a->room, 1);
	put_desc(q, desc_at(q, head), addr, a->room ? a->room : len,
		 a->room ? SPLIT_WRITE : 0, 0);
	put_entry(q, (uint16_t)(q->added + a->put), head);
	a->put++;
	return head;
}

void split_add_end(struct split_driver *q, const struct split_add_cursor *a,
		   uint32_t count)
{
	assert(a->q == q && a->put == count);
	q->free = (uint16_t)(q->free - count);
	q->added = (uint16_t)(q->added + count);
	cost_count(q->cost, COST_DESC, count);
	cost_count(q->cost, COST_ENTRY, count);
}

uint32_t split_get_most(const struct split_driver *q, uint32_t most)
{
	const uint32_t there = (uint16_t)(q->seen - q->taken);

	return in_a_run(q, q->taken, most < there ? most : there);
}

struct split_get_cursor split_get_begin(const struct split_driver *q)
{
	return (struct split_get_cursor){.q = q, .note = q->note};
}

bool split_get_look(const struct split_get_cursor *g, struct vq_used *out)
{
	const uint8_t *element = element_at(g->q, g->q->taken + g->taken);

	out->id = gmem_load32(element);
	out->len = gmem_load32(element + SPLIT_USED_LEN);
	if (element_wrong(g->q, out->id, out->len) != CLAUSE_NONE)
		return false;
	out->cookie = g->note[out->id].cookie;
	return g->note[out->id].count == 1;
}

void split_get_take(struct split_get_cursor *g, const struct vq_used *u)
{
	g->note[g->q->free + g->taken].stack = (uint16_t)u->id;
	g->note[u->id].count = 0;
	g->taken++;
}

void split_get_end(struct split_driver *q, const struct split_get_cursor *g,
		   uint32_t count)
{
	assert(g->q == q && g->taken == count);
	q->free = (uint16_t)(q->free + count);
	q->taken = (uint16_t)(q->taken + count);
	cost_count(q->cost, COST_ENTRY, count);
}
