/* SPDX-License-Identifier: BSD-3-Clause */
#include "model/ring/split/split_device.h"

#include "model/mutant.h"
#include "model/ring/split/split_device_batch.h"

/* A descriptor as it was when it was loaded. */
struct desc {
	uint64_t addr;
	uint32_t len;
	uint16_t flags;
	uint16_t next;
};

bool split_device_begin(struct split_device *q, const struct vq_device_setup *s,
			struct verdict *why)
{
	struct split_bytes at;

	if (!split_map(&s->area, s->mem, &at, why))
		return false;
	memset(q, 0, sizeof *q); /* what lies between the fields, too */
	q->at = at;
	q->mem = s->mem;
	q->probe = s->probe;
	q->cost = s->cost;
	q->stores = s->mem->stores;
	q->queue = s->queue;
	q->size = s->area.size;
	q->avail_idx = q->avail_seen = s->from.chain.index;
	q->used_idx = q->published = q->called = s->from.used.index;
	q->event_idx = s->event_idx;
	q->indirect = s->indirect;
	q->live = true;
	return true;
}

bool split_device_remap(struct split_device *q, const struct vq_area *area,
			const struct gmem *mem, struct verdict *why)
{
	struct split_bytes at;

	assert(area->size == q->size);
	if (!split_map(area, mem, &at, why))
		return false;
	q->at = at;
	q->mem = mem;
	q->stores = mem->stores;
	return true;
}

__attribute__((cold)) void split_device_break(struct split_device *q,
					      const struct verdict *why)
{
	assert(why->broken != CLAUSE_NONE);
	q->broken = true;
	probe_emit(q->probe, EV_BROKEN, q->queue, why->broken, 0, 0, 0);
}

__attribute__((cold, noinline)) static enum ring_end device_stop(
	struct split_device *q, struct verdict *why)
{
	split_device_break(q, why);
	return RING_BROKEN;
}

/*
 * Loads the driver's index; false when it claims that more chains are out than
 * the table has descriptors, counting those that were taken and not yet given
 * back where the driver can see it.
 */
static bool avail_load(struct split_device *q, struct verdict *why)
{
	/* ORDER_DESC_BEFORE_AVAIL: pairs with split_driver_publish. */
	uint16_t idx = gmem_load16_acquire(q->at.avail + SPLIT_IDX);

	cost_count(q->cost, COST_INDEX, 1);
	if ((uint16_t)(idx - q->avail_idx) > q->size ||
	    (uint16_t)(idx - q->published) > q->size) {
		verdict_set(why, CLAUSE_SPLIT_AVAIL_OVERRUN,
			    "available index %u, next %u, used %u, size %u",
			    idx, q->avail_idx, q->published, q->size);
		return false;
	}
	q->avail_seen = idx;
	return true;
}

enum ring_end split_device_ready(struct split_device *q, struct verdict *why)
{
	if (!q->live || q->broken)
		return RING_EMPTY;
	if (q->avail_idx != q->avail_seen)
		return RING_CHAIN;
	if (!avail_load(q, why))
		return device_stop(q, why);
	return q->avail_idx == q->avail_seen ? RING_EMPTY : RING_CHAIN;
}

/* Loads each word once. Tables in guest memory need not be aligned. */
static inline struct desc desc_load_aligned(const uint8_t *d)
{
	uint32_t tail = gmem_load32(d + SPLIT_DESC_FLAGS);

	return (struct desc){.addr = gmem_load64(d),
			     .len = gmem_load32(d + SPLIT_DESC_LEN),
			     .flags = (uint16_t)tail,
			     .next = (uint16_t)(tail >> 16)};
}

static __attribute__((noinline)) struct desc desc_load_odd(const uint8_t *d)
{
	_Alignas(8) uint8_t copy[SPLIT_DESC_SIZE];

	for (uint32_t i = 0; i < SPLIT_DESC_SIZE; i++)
		copy[i] = ((const volatile uint8_t *)d)[i];
	return desc_load_aligned(copy);
}

static inline struct desc desc_load(const uint8_t *d)
{
	return (uintptr_t)d % 8 ? desc_load_odd(d) : desc_load_aligned(d);
}

/* Adds a descriptor to a chain of @most; false names the broken rule. */
static inline bool chain_add(struct ring_chain *out, const struct desc *d,
			     uint32_t most, struct verdict *why)
{
	bool write = d->flags & SPLIT_WRITE;

	if (out->count == most) {
		verdict_set(why, CLAUSE_SPLIT_CHAIN_LONG,
			    "head %u: more than %u descriptors", out->head,
			    most);
		return false;
	}
	if (!write && out->count != out->readable) {
		verdict_set(why, CLAUSE_SPLIT_ORDER,
			    "head %u: readable segment %u after a writable one",
			    out->head, out->count);
		return false;
	}
	out->read_len += write ? 0 : d->len;
	out->write_len += write ? d->len : 0;
	if (out->read_len + out->write_len > UINT64_C(1) << 32) {
		verdict_set(why, CLAUSE_SPLIT_CHAIN_BYTES,
			    "head %u: more than 2^32 bytes", out->head);
		return false;
	}
	ring_seg_set(&out->seg[out->count++], d->addr, d->len, write);
	out->readable = (uint16_t)(out->readable + !write);
	return true;
}

/* The table that @d refers to; NULL names the broken rule. */
static const uint8_t *indirect_table(const struct split_device *q,
				     const struct desc *d, uint16_t head,
				     struct verdict *why)
{
	const uint8_t *table;

	if (!q->indirect) {
		verdict_set(why, CLAUSE_SPLIT_INDIR_FEATURE,
			    "head %u: INDIRECT is not negotiated", head);
		return NULL;
	}
	if (d->flags & SPLIT_NEXT) {
		verdict_set(why, CLAUSE_SPLIT_INDIR_NEXT,
			    "head %u: INDIRECT and NEXT", head);
		return NULL;
	}
	table = gmem_at(q->mem, d->addr, d->len);
	if (d->len == 0 || d->len % SPLIT_DESC_SIZE || !table) {
		verdict_set(why, CLAUSE_SPLIT_INDIR_TABLE,
			    "head %u: table of %u bytes at %#llx", head, d->len,
			    (unsigned long long)d->addr);
		return NULL;
	}
	return table;
}

/*
 * The descriptor behind @d, in the table of *entries at *table, or the first of
 * the table that @d refers to; false on a broken rule.
 */
static inline bool chain_next(const struct split_device *q, uint16_t head,
			      struct desc *d, const uint8_t **table,
			      uint32_t *entries, struct verdict *why)
{
	const bool nested = *table != q->at.desc;

	if (d->flags & SPLIT_INDIRECT) {
		if (nested) {
			verdict_set(why, CLAUSE_SPLIT_INDIR_NEST,
				    "head %u: nested table", head);
			return false;
		}
		*table = indirect_table(q, d, head, why);
		if (!*table)
			return false;
		*entries = d->len / SPLIT_DESC_SIZE;
		*d = desc_load(*table);
		return true;
	}
	if (d->next >= *entries) {
		verdict_set(why,
			    nested ? CLAUSE_SPLIT_INDIR_TABLE
				   : CLAUSE_SPLIT_HEAD,
			    "head %u: next %u of %u", head, d->next, *entries);
		return false;
	}
	*d = desc_load(*table + (uint32_t)d->next * SPLIT_DESC_SIZE);
	return true;
}

bool split_device_walk(const struct split_device *q, uint16_t head,
		       struct ring_chain *out, struct verdict *why)
{
	const uint8_t *table = q->at.desc;
	uint32_t entries = q->size;
	struct desc d = desc_load(table + (uint32_t)head * SPLIT_DESC_SIZE);
	struct ring_chain c = *out; /* which no store can change */

	assert(head < q->size);
	c.head = head;
	c.count = c.readable = 0;
	c.read_len = c.write_len = 0;
	for (;;) {
		if (!(d.flags & SPLIT_INDIRECT)) {
			if (!chain_add(&c, &d, q->size, why))
				return false;
			if (!(d.flags & SPLIT_NEXT))
				break;
		}
		if (!chain_next(q, head, &d, &table, &entries, why))
			return false;
	}
	*out = c;
	return true;
}

bool split_device_pending(const struct split_device *q)
{
	if (!q->live || q->broken || MUTANT(DEVICE_NO_LOOK))
		return false;
	return q->avail_idx != q->avail_seen ||
	       gmem_load16_acquire(q->at.avail + SPLIT_IDX) != q->avail_idx;
}

/* Says what is wrong with @head, which lies outside of the table. */
__attribute__((cold, noinline)) static enum ring_end head_wrong(
	struct split_device *q, uint16_t head, struct verdict *why)
{
	verdict_set(why, CLAUSE_SPLIT_HEAD, "head %u, queue size %u", head,
		    q->size);
	return device_stop(q, why);
}

enum ring_end split_device_pop(struct split_device *q, struct ring_chain *out,
			       struct verdict *why)
{
	uint16_t head;
	enum ring_end end = split_device_ready(q, why);

	if (end != RING_CHAIN)
		return end;
	head = gmem_load16(q->at.avail + SPLIT_RING +
			   2u * (q->avail_idx & (q->size - 1u)));
	if (head >= q->size)
		return head_wrong(q, head, why);
	if (!split_device_walk(q, head, out, why))
		return device_stop(q, why);
	q->avail_idx++;
	cost_count(q->cost, COST_ENTRY, 1);
	cost_count(q->cost, COST_DESC, out->count);
	return RING_CHAIN;
}

__attribute__((cold, noinline)) void split_push_used_late(
	struct split_device *q)
{
	store_entry(q->stores, split_used_element(q), q->late, sizeof q->late,
		    q->queue, EV_USED);
	memset(q->late, 0, sizeof q->late);
}

void split_device_used(struct split_device *q, uint16_t head, uint32_t len)
{
	struct split_push_used_cursor u = split_push_used_begin(q);

	split_push_used_put(&u, head, len);
	split_push_used_told(split_push_used_tell(q, 1), head, len);
	probe_batch_end(q->probe);
	split_push_used_end(q, &u, 1);
}

void split_device_publish(struct split_device *q)
{
	if (q->published == q->used_idx)
		return;
	/* ORDER_USED_BEFORE_IDX: pairs with split_driver_take. */
	store_index(q->stores, BARRIER_DEVICE_PUBLISH, q->at.used + SPLIT_IDX,
		    q->used_idx, q->queue, EV_USED_IDX);
	probe_emit(q->probe, EV_USED_IDX, q->queue, q->used_idx, 0, 0,
		   q->published);
	cost_count(q->cost, COST_INDEX, 1);
	q->published = q->used_idx;
}

bool split_device_call_wanted(struct split_device *q)
{
	uint16_t old = q->called;
	bool wanted;

	if (q->published == old)
		return false;
	q->called = q->published;
	/* ORDER_USED_BEFORE_SUPPRESSION: pairs with split_driver_calls_on. */
	store_fence(q->stores, BARRIER_DEVICE_CALL, q->queue);
	if (q->event_idx)
		wanted = ring_event_passed(
			gmem_load16(split_used_event(&q->at, q->size)),
			q->published, old);
	else
		wanted = !(gmem_load16(q->at.avail + SPLIT_FLAGS) &
			   SPLIT_NO_INTERRUPT);
	wanted &= !MUTANT(DEVICE_NO_CALL);
	wanted |= MUTANT(DEVICE_ALL_CALLS);
	cost_count(q->cost, COST_INDEX, 1);
	probe_emit(q->probe,
		   wanted ? EV_USED_NOTIFICATION : EV_NO_USED_NOTIFICATION,
		   q->queue, q->published, 0, 0, old);
	return wanted;
}

bool split_device_kicks_off(struct split_device *q)
{
	if (q->event_idx || q->kicks_off || !q->live)
		return false;
	q->kicks_off = true;
	store_word(q->stores, q->probe, q->at.used + SPLIT_FLAGS,
		   SPLIT_NO_NOTIFY, q->queue, EV_USED_FLAGS);
	cost_count(q->cost, COST_INDEX, 1);
	return true;
}

bool split_device_kicks_on(struct split_device *q)
{
	if (!q->live || q->broken)
		return false;
	if (MUTANT(DEVICE_NO_ASK))
		return true;
	if (q->event_idx) {
		store_word(q->stores, q->probe,
			   split_avail_event(&q->at, q->size), q->avail_idx,
			   q->queue, EV_AVAIL_EVENT);
	} else if (q->kicks_off) {
		q->kicks_off = false;
		store_word(q->stores, q->probe, q->at.used + SPLIT_FLAGS, 0,
			   q->queue, EV_USED_FLAGS);
	}
	cost_count(q->cost, COST_INDEX, 1);
	/* ORDER_SUPPRESSION_BEFORE_AVAIL: pairs with kick_wanted. */
	store_fence(q->stores, BARRIER_DEVICE_SLEEP, q->queue);
	return true;
}
