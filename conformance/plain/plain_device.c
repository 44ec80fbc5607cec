/* SPDX-License-Identifier: BSD-3-Clause */
#include "model/ring/split/split_device_batch.h"

/* A descriptor, each byte of it loaded once. */
struct plain_desc {
	uint64_t addr;
	uint32_t len;
	uint16_t flags, next;
};

/* A chain as far as it was walked. */
struct plain_walk {
	const uint8_t *table;
	uint32_t entries;
	bool nested;
};

static const uint8_t *entry_at(const struct split_device *q, uint16_t index)
{
	return q->at.avail + SPLIT_RING + 2u * (index & (q->size - 1u));
}

static uint8_t *element_at(const struct split_device *q, uint16_t index)
{
	return q->at.used + SPLIT_RING +
	       (size_t)SPLIT_USED_SIZE * (index & (q->size - 1u));
}

struct vq_resume split_resume_at(uint16_t start)
{
	return (struct vq_resume){{.index = start}, {.index = start}};
}

bool split_device_begin(struct split_device *q, const struct vq_device_setup *s,
			struct verdict *why)
{
	struct split_bytes at;

	if (!split_map(&s->area, s->mem, &at, why))
		return false;
	memset(q, 0, sizeof *q);
	q->at = at;
	q->mem = s->mem;
	q->stores = s->mem->stores;
	q->probe = s->probe;
	q->cost = s->cost;
	q->queue = s->queue;
	q->size = s->area.size;
	q->seen = q->popped = s->from.chain.index;
	q->given = q->published = q->called = s->from.used.index;
	q->event_idx = s->event_idx;
	q->indirect = s->indirect;
	q->live = true;
	return true;
}

struct vq_resume split_device_end(struct split_device *q)
{
	q->live = false;
	return (struct vq_resume){{.index = q->popped}, {.index = q->given}};
}

bool split_device_remap(struct split_device *q, const struct vq_area *area,
			const struct gmem *mem, struct verdict *why)
{
	struct split_bytes at;

	if (!split_map(area, mem, &at, why))
		return false;
	q->at = at;
	q->mem = mem;
	q->stores = mem->stores;
	return true;
}

void split_device_break(struct split_device *q, const struct verdict *why)
{
	q->broken = true;
	probe_emit(q->probe, EV_BROKEN, q->queue, why->broken, 0, 0, 0);
}

bool split_device_pending(const struct split_device *q)
{
	if (!q->live || q->broken)
		return false;
	return q->seen != q->popped ||
	       gmem_load16_acquire(q->at.avail + SPLIT_IDX) != q->popped;
}

enum ring_end split_device_ready(struct split_device *q, struct verdict *why)
{
	uint16_t idx;

	if (!q->live || q->broken)
		return RING_EMPTY;
	if (q->seen != q->popped)
		return RING_CHAIN;
	idx = gmem_load16_acquire(q->at.avail + SPLIT_IDX);
	cost_count(q->cost, COST_INDEX, 1);
	if ((uint16_t)(idx - q->popped) > q->size ||
	    (uint16_t)(idx - q->published) > q->size) {
		verdict_set(why, CLAUSE_SPLIT_AVAIL_OVERRUN,
			    "available index %u behind %u popped, %u used", idx,
			    q->popped, q->published);
		split_device_break(q, why);
		return RING_BROKEN;
	}
	q->seen = idx;
	return idx == q->popped ? RING_EMPTY : RING_CHAIN;
}

static struct plain_desc load(const uint8_t *at)
{
	_Alignas(8) uint8_t d[SPLIT_DESC_SIZE];

	for (uint32_t i = 0; i < sizeof d; i++)
		d[i] = ((const volatile uint8_t *)at)[i];
	return (struct plain_desc){gmem_load64(d),
				   gmem_load32(d + SPLIT_DESC_LEN),
				   gmem_load16(d + SPLIT_DESC_FLAGS),
				   gmem_load16(d + SPLIT_DESC_NEXT)};
}

/* Enters the table that @d refers to, and loads its first descriptor. */
static enum clause enter_table(const struct split_device *q,
			       struct plain_walk *at, struct plain_desc *d)
{
	if (at->nested)
		return CLAUSE_SPLIT_INDIR_NEST;
	if (!q->indirect)
		return CLAUSE_SPLIT_INDIR_FEATURE;
	if (d->flags & SPLIT_NEXT)
		return CLAUSE_SPLIT_INDIR_NEXT;
	at->nested = true;
	at->table = gmem_at(q->mem, d->addr, d->len);
	at->entries = d->len / SPLIT_DESC_SIZE;
	if (!at->table || d->len == 0 || d->len % SPLIT_DESC_SIZE)
		return CLAUSE_SPLIT_INDIR_TABLE;
	*d = load(at->table);
	return CLAUSE_NONE;
}

/* Follows @d to the descriptor behind it. */
static enum clause follow(const struct plain_walk *at, struct plain_desc *d)
{
	if (d->next >= at->entries)
		return at->nested ? CLAUSE_SPLIT_INDIR_TABLE
				  : CLAUSE_SPLIT_HEAD;
	*d = load(at->table + (size_t)SPLIT_DESC_SIZE * d->next);
	return CLAUSE_NONE;
}

/* Adds the segment that @d describes. */
static enum clause add_segment(const struct split_device *q,
			       const struct plain_desc *d,
			       struct ring_chain *out)
{
	const bool write = d->flags & SPLIT_WRITE;

	if (out->count == q->size)
		return CLAUSE_SPLIT_CHAIN_LONG;
	if (!write && out->readable < out->count)
		return CLAUSE_SPLIT_ORDER;
	if (write)
		out->write_len += d->len;
	else
		out->read_len += d->len;
	if (out->read_len + out->write_len > UINT64_C(1) << 32)
		return CLAUSE_SPLIT_CHAIN_BYTES;
	ring_seg_set(&out->seg[out->count++], d->addr, d->len, write);
	if (!write)
		out->readable++;
	return CLAUSE_NONE;
}

static enum clause walk(const struct split_device *q, struct ring_chain *out)
{
	struct plain_walk at = {q->at.desc, q->size, false};
	struct plain_desc d =
		load(q->at.desc + (size_t)SPLIT_DESC_SIZE * out->head);
	enum clause wrong;

	do {
		if (d.flags & SPLIT_INDIRECT) {
			wrong = enter_table(q, &at, &d);
			continue;
		}
		wrong = add_segment(q, &d, out);
		if (wrong == CLAUSE_NONE && !(d.flags & SPLIT_NEXT))
			return CLAUSE_NONE;
		if (wrong == CLAUSE_NONE)
			wrong = follow(&at, &d);
	} while (wrong == CLAUSE_NONE);
	return wrong;
}

bool split_device_walk(const struct split_device *q, uint16_t head,
		       struct ring_chain *out, struct verdict *why)
{
	enum clause wrong;

	*out = (struct ring_chain){.head = head, .seg = out->seg};
	wrong = head < q->size ? walk(q, out) : CLAUSE_SPLIT_HEAD;
	if (wrong != CLAUSE_NONE)
		verdict_set(why, wrong, "the chain that begins at %u", head);
	return wrong == CLAUSE_NONE;
}

enum ring_end split_device_pop(struct split_device *q, struct ring_chain *out,
			       struct verdict *why)
{
	enum ring_end end = split_device_ready(q, why);

	if (end != RING_CHAIN)
		return end;
	if (!split_device_walk(q, gmem_load16(entry_at(q, q->popped)), out,
			       why)) {
		split_device_break(q, why);
		return RING_BROKEN;
	}
	q->popped++;
	cost_count(q->cost, COST_ENTRY, 1);
	cost_count(q->cost, COST_DESC, out->count);
	return RING_CHAIN;
}

void split_device_used(struct split_device *q, uint16_t head, uint32_t len)
{
	struct split_push_used_cursor u = split_push_used_begin(q);

	split_push_used_put(&u, head, len);
	event_item_set(split_push_used_tell(q, 1), 0, len, head);
	probe_batch_end(q->probe);
	split_push_used_end(q, &u, 1);
}

void split_device_publish(struct split_device *q)
{
	if (q->published == q->given)
		return;
	store_index(q->stores, BARRIER_DEVICE_PUBLISH, q->at.used + SPLIT_IDX,
		    q->given, q->queue, EV_USED_IDX);
	probe_emit(q->probe, EV_USED_IDX, q->queue, q->given, 0, 0,
		   q->published);
	cost_count(q->cost, COST_INDEX, 1);
	q->published = q->given;
}

bool split_device_call_wanted(struct split_device *q)
{
	const uint16_t old = q->called;
	bool wanted;

	if (old == q->published)
		return false;
	q->called = q->published;
	store_fence(q->stores, BARRIER_DEVICE_CALL, q->queue);
	cost_count(q->cost, COST_INDEX, 1);
	if (q->event_idx) {
		uint16_t event = gmem_load16(split_used_event(&q->at, q->size));

		wanted = (uint16_t)(q->published - event - 1) <
			 (uint16_t)(q->published - old);
	} else {
		wanted = !(gmem_load16(q->at.avail + SPLIT_FLAGS) &
			   SPLIT_NO_INTERRUPT);
	}
	probe_emit(q->probe,
		   wanted ? EV_USED_NOTIFICATION : EV_NO_USED_NOTIFICATION,
		   q->queue, q->published, 0, 0, old);
	return wanted;
}

void split_device_call_omit(struct split_device *q)
{
	q->called = q->published;
}

bool split_device_kicks_off(struct split_device *q)
{
	if (!q->live || q->event_idx || q->kicks_off)
		return false;
	q->kicks_off = true;
	cost_count(q->cost, COST_INDEX, 1);
	store_word(q->stores, q->probe, q->at.used + SPLIT_FLAGS,
		   SPLIT_NO_NOTIFY, q->queue, EV_USED_FLAGS);
	return true;
}

bool split_device_kicks_on(struct split_device *q)
{
	if (!q->live || q->broken)
		return false;
	cost_count(q->cost, COST_INDEX, 1);
	if (q->event_idx)
		store_word(q->stores, q->probe,
			   split_avail_event(&q->at, q->size), q->popped,
			   q->queue, EV_AVAIL_EVENT);
	else if (q->kicks_off)
		store_word(q->stores, q->probe, q->at.used + SPLIT_FLAGS, 0,
			   q->queue, EV_USED_FLAGS);
	q->kicks_off = false;
	store_fence(q->stores, BARRIER_DEVICE_SLEEP, q->queue);
	return true;
}

bool split_device_live(const struct split_device *q)
{
	return q->live;
}

bool split_device_broken(const struct split_device *q)
{
	return q->broken;
}

uint16_t split_device_queue(const struct split_device *q)
{
	return q->queue;
}

uint16_t split_device_size(const struct split_device *q)
{
	return q->size;
}

uint16_t split_device_seen(const struct split_device *q)
{
	return q->seen;
}

uint16_t split_device_popped(const struct split_device *q)
{
	return q->popped;
}

const uint16_t *split_device_popped_at(const struct split_device *q)
{
	return &q->popped;
}

uint16_t split_device_given(const struct split_device *q)
{
	return q->given;
}

uint16_t split_device_published(const struct split_device *q)
{
	return q->published;
}

uint16_t split_device_called(const struct split_device *q)
{
	return q->called;
}

bool split_device_kicks_are_off(const struct split_device *q)
{
	return q->kicks_off;
}

/* Of @most places from @index on, those before the ring comes round. */
static uint32_t in_a_run(const struct split_device *q, uint16_t index,
			 uint32_t most)
{
	const uint32_t rest = q->size - (index & (q->size - 1u));

	most = batch_most(most);
	return most < rest ? most : rest;
}

uint32_t split_pop_most(const struct split_device *q, uint32_t most)
{
	const uint32_t there = (uint16_t)(q->seen - q->popped);

	return in_a_run(q, q->popped, most < there ? most : there);
}

struct split_pop_cursor split_pop_begin(const struct split_device *q,
					bool write)
{
	return (struct split_pop_cursor){
		.q = q, .flags = write ? SPLIT_WRITE : 0, .next = q->popped};
}

bool split_pop_look(const struct split_pop_cursor *p, struct ring_buffer *out)
{
	struct plain_desc d;

	out->head = gmem_load16(entry_at(p->q, p->next));
	if (out->head >= p->q->size)
		return false;
	d = load(p->q->at.desc + (size_t)SPLIT_DESC_SIZE * out->head);
	out->gpa = d.addr;
	out->len = d.len;
	return (d.flags & (SPLIT_NEXT | SPLIT_WRITE | SPLIT_INDIRECT)) ==
	       p->flags;
}

void split_pop_take(struct split_pop_cursor *p)
{
	p->next++;
}

void split_pop_end(struct split_device *q, const struct split_pop_cursor *p,
		   uint32_t count)
{
	assert(p->q == q && p->next == (uint16_t)(q->popped + count));
	q->popped = p->next;
	cost_count(q->cost, COST_ENTRY, count);
	cost_count(q->cost, COST_DESC, count);
}

uint32_t split_push_used_most(const struct split_device *q, uint32_t most)
{
	if (store_entries_wait(q->stores) && most)
		return 1;
	return in_a_run(q, q->given, most);
}

struct split_push_used_cursor split_push_used_begin(struct split_device *q)
{
	return (struct split_push_used_cursor){.q = q, .next = q->given};
}

struct event_item *split_push_used_tell(const struct split_device *q,
					uint32_t count)
{
	return probe_batch_begin(q->probe, EV_USED, q->queue, count, q->given);
}

void split_push_used_put(struct split_push_used_cursor *u, uint32_t head,
			 uint32_t len)
{
	_Alignas(4) uint8_t bytes[SPLIT_USED_SIZE];
	uint8_t *at = element_at(u->q, u->next++);

	gmem_store32(bytes, head);
	gmem_store32(bytes + SPLIT_USED_LEN, len);
	if (u->q->stores)
		store_entry(u->q->stores, at, bytes, sizeof bytes, u->q->queue,
			    EV_USED);
	else
		memcpy(at, bytes, sizeof bytes);
}

void split_push_used_end(struct split_device *q,
			 const struct split_push_used_cursor *u, uint32_t count)
{
	assert(u->q == q && u->next == (uint16_t)(q->given + count));
	assert((uint16_t)(q->popped - q->given) >= count);
	q->given = u->next;
	cost_count(q->cost, COST_ENTRY, count);
}
