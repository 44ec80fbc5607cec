/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The driver's half of a virtqueue: the contract that every layout fulfils.
 * Who uses it knows no layout, and asks what it wants to know by functions.
 *
 * A driver adds chains, publishes them and kicks; it takes what was used. A
 * half keeps its own account of descriptors and never believes the device: a
 * device that breaks a rule ends a take with RING_BROKEN, and the half does
 * nothing more until it begins anew. Chains are counted modulo 2^16, from
 * where the ring began: that is what events say.
 */
#ifndef TWINRING_MODEL_RING_VQ_DRIVER_H
#define TWINRING_MODEL_RING_VQ_DRIVER_H

#include "model/memory/arena.h"
#include "model/ring/split/split_driver_batch.h"
#include "model/ring/vq_layout.h"

/* Private: who embeds it looks at nothing in it. */
struct vq_driver {
	union {
		struct split_driver split;
	};
	uint8_t layout; /* enum vq_layout */
};

/* Bytes of the parts of a queue of @size descriptors, a power of two. */
static inline struct vq_parts vq_parts(enum vq_layout l, uint16_t size)
{
	return VQ_ASK(l, parts, size);
}

/* Bytes of guest memory for the indirect tables of such a queue. */
static inline uint64_t vq_table_bytes(enum vq_layout l, uint16_t size)
{
	return VQ_ASK(l, table_bytes, size);
}

/* What the driver half of such a queue keeps in @arena, and how much it is. */
static inline size_t vq_account_bytes(enum vq_layout l, uint16_t size)
{
	return VQ_ASK(l, account_bytes, size);
}

static inline void *vq_account_new(enum vq_layout l, uint16_t size,
				   struct arena *arena)
{
	return VQ_ASK(l, account_new, size, arena);
}

/* Begins an empty queue and writes its memory, which has to be there. */
void vq_driver_begin(struct vq_driver *q, const struct vq_driver_setup *s);

/* A constant where there is only one. */
static inline enum vq_layout vq_driver_layout(const struct vq_driver *q)
{
	return VQ_LAYOUTS == 1 ? (enum vq_layout)0 : (enum vq_layout)q->layout;
}

/* Descriptors, of all and free ones. */
static inline uint16_t vq_driver_size(const struct vq_driver *q)
{
	return VQ_CALL(q, driver_size);
}

static inline uint16_t vq_driver_free(const struct vq_driver *q)
{
	return VQ_CALL(q, driver_free);
}

/* The device broke a rule: nothing can be added or taken any more. */
static inline bool vq_driver_broken(const struct vq_driver *q)
{
	return VQ_CALL(q, driver_broken);
}

/* Descriptors that a chain of @segs segments would take. */
static inline uint16_t vq_driver_needs(const struct vq_driver *q, uint32_t segs)
{
	return VQ_CALL(q, driver_needs, segs);
}

/*
 * Writes a chain of @count segments, readable ones first, at least one. The
 * device must not look at it before vq_driver_publish(). @cookie comes back
 * when it is taken. False, and nothing is done: the free descriptors do not
 * suffice, or the queue is broken.
 */
static inline bool vq_driver_add(struct vq_driver *q,
				 const struct ring_seg *seg, uint32_t count,
				 uint32_t cookie)
{
	return VQ_CALL(q, driver_add, seg, count, cookie);
}

/* Makes all chains that were added available (SPLIT-IDX-DRV-1). */
static inline void vq_driver_publish(struct vq_driver *q)
{
	VQ_CALL(q, driver_publish);
}

/*
 * True when the device wants a kick for what was published since the last
 * call (SPLIT-KICK-DRV-1, SPLIT-ANOTIF-DRV-4 and -6). The caller then kicks.
 */
static inline bool vq_driver_kick_wanted(struct vq_driver *q)
{
	return VQ_CALL(q, driver_kick_wanted);
}

/*
 * Whether there is something to take; loads what the device wrote when all
 * that was known of it is taken. RING_BROKEN, with the rule in @why: the queue
 * has broken, now or before, when @why is left as it was.
 */
static inline enum ring_end vq_driver_ready(struct vq_driver *q,
					    struct verdict *why)
{
	return VQ_CALL(q, driver_ready, why);
}

/*
 * Takes the chain that was used next: its cookie and the bytes that the device
 * says it wrote. RING_BROKEN, with the rule in @why, when the device names no
 * exposed chain or more bytes than it has room for.
 */
static inline enum ring_end vq_driver_take(struct vq_driver *q,
					   uint32_t *cookie, uint32_t *len,
					   struct verdict *why)
{
	return VQ_CALL(q, driver_take, cookie, len, why);
}

/* Asks for no interrupts. False: nothing had to be stored for it. */
static inline bool vq_driver_calls_off(struct vq_driver *q)
{
	return VQ_CALL(q, driver_calls_off);
}

/*
 * Asks for an interrupt at the next used element. One that was written before
 * the device could see this brings none: who wants to sleep looks again.
 */
static inline void vq_driver_calls_on(struct vq_driver *q)
{
	VQ_CALL(q, driver_calls_on);
}

/* Whether there are used elements that were not taken; one load. */
static inline bool vq_driver_pending(const struct vq_driver *q)
{
	return VQ_CALL(q, driver_pending);
}

/*
 * A queue that was reset by itself, its used elements taken. Chains that are
 * still out are neither used nor lost: they are offered again, as they stand
 * in the table.
 */

/*
 * Their heads, in the order in which they were offered, at the beginning of
 * @head, which has room for twice the ring's size; how many.
 */
static inline uint32_t vq_driver_out(const struct vq_driver *q, uint16_t *head)
{
	return VQ_CALL(q, driver_out, head);
}

/* Begins at @start, before the queue is enabled. */
static inline void vq_driver_restart(struct vq_driver *q, uint16_t start)
{
	VQ_CALL(q, driver_restart, start);
}

/* Offers the @count chains again, once it is. */
static inline void vq_driver_reexpose(struct vq_driver *q, const uint16_t *head,
				      uint32_t count)
{
	VQ_CALL(q, driver_reexpose, head, count);
}

/* How many chains were added, published, decided to kick for or not, ... */
static inline uint16_t vq_driver_added(const struct vq_driver *q)
{
	return VQ_CALL(q, driver_added);
}

static inline uint16_t vq_driver_published(const struct vq_driver *q)
{
	return VQ_CALL(q, driver_published);
}

static inline uint16_t vq_driver_kicked(const struct vq_driver *q)
{
	return VQ_CALL(q, driver_kicked);
}

/* ... used, as far as was looked, and taken. */
static inline uint16_t vq_driver_seen(const struct vq_driver *q)
{
	return VQ_CALL(q, driver_seen);
}

static inline uint16_t vq_driver_taken(const struct vq_driver *q)
{
	return VQ_CALL(q, driver_taken);
}

/* Something was added that is not published; published, and not decided. */
static inline bool vq_driver_unpublished(const struct vq_driver *q)
{
	return vq_driver_published(q) != vq_driver_added(q);
}

static inline bool vq_driver_undecided(const struct vq_driver *q)
{
	return vq_driver_kicked(q) != vq_driver_published(q);
}

/* Where the half keeps that: for those who watch what is loaded. */
static inline const uint16_t *vq_driver_taken_at(const struct vq_driver *q)
{
	return VQ_CALL(q, driver_taken_at);
}

/* EVENT_IDX is negotiated; else: interrupts are suppressed by a flag now. */
static inline bool vq_driver_event_idx(const struct vq_driver *q)
{
	return VQ_CALL(q, driver_event_idx);
}

static inline bool vq_driver_calls_are_off(const struct vq_driver *q)
{
	return VQ_CALL(q, driver_calls_are_off);
}

/* What is remembered of descriptor @i, one of the ring's. */
static inline struct vq_note vq_driver_note(const struct vq_driver *q,
					    uint32_t i)
{
	return VQ_CALL(q, driver_note, i);
}

/*
 * The free descriptor that is taken first; behind a free one, the one that is
 * taken next; behind one of a chain, the chain's next.
 */
static inline uint32_t vq_driver_free_head(const struct vq_driver *q)
{
	return VQ_CALL(q, driver_free_head);
}

static inline uint32_t vq_driver_behind(const struct vq_driver *q, uint32_t i)
{
	return VQ_CALL(q, driver_behind, i);
}

/* Where the ring is, and its indirect tables, or NULL. */
static inline struct vq_bytes vq_driver_bytes(const struct vq_driver *q)
{
	return VQ_CALL(q, driver_bytes);
}

static inline const uint8_t *vq_driver_table(const struct vq_driver *q)
{
	return VQ_CALL(q, driver_table);
}

/*
 * Loops. Chains of one buffer each are added, and taken, one behind the other:
 * what a loop needs of the queue is in a cursor, so that one loop can work two
 * queues and do its own work with each buffer. The caller asks how many are
 * possible, begins, puts or looks and takes, and ends with their number; there
 * is one cursor a queue at a time, and nothing else is done with the queue
 * meanwhile. Chains of several are for vq_driver_add() and vq_driver_take().
 */

struct vq_add_cursor {
	union {
		struct split_add_cursor split;
	};
	uint8_t layout;
};

/*
 * Of @most buffers, those that can be added in a run: fewer where descriptors
 * are out, stores may wait to be seen, or the ring comes round; 0 only where
 * none can be added, or none is asked for.
 */
static inline uint32_t vq_add_most(const struct vq_driver *q, uint32_t most)
{
	return VQ_CALL(q, add_most, most);
}

/*
 * Begins with @count buffers, as many as are possible. The device may write
 * @room bytes of each; 0: it may only read them.
 */
VQ_INLINE struct vq_add_cursor vq_add_begin(struct vq_driver *q,
					    const enum vq_layout l,
					    uint32_t count, uint32_t room)
{
	struct vq_add_cursor a = {.layout = (uint8_t)l};

	a.split = split_add_begin(&q->split, count, room);
	return a;
}

/* The run of events that tells of them, in the same order. */
static inline struct event_item *vq_add_tell(const struct vq_driver *q,
					     uint32_t count, uint32_t room)
{
	return VQ_CALL(q, add_tell, count, room);
}

static inline void vq_add_told(struct event_item *i, uint64_t addr,
			       uint32_t len, uint32_t head)
{
	event_item_set(i, addr, len, head | 1 << 16);
}

/*
 * The next buffer; the device may read @len bytes where it may not write. The
 * value is the chain's head.
 */
VQ_INLINE uint32_t vq_add_put(struct vq_add_cursor *a, uint64_t addr,
			      uint32_t len, uint32_t cookie)
{
	return VQ_CALL(a, add_put, addr, len, cookie);
}

/* All @count have been put; what tells of them is complete. */
VQ_INLINE void vq_add_end(struct vq_driver *q, const struct vq_add_cursor *a,
			  uint32_t count)
{
	split_add_end(&q->split, &a->split, count);
}

struct vq_get_cursor {
	union {
		struct split_get_cursor split;
	};
	uint8_t layout;
};

/* Of @most used chains, those that are there and can be taken in a run. */
static inline uint32_t vq_get_most(const struct vq_driver *q, uint32_t most)
{
	return VQ_CALL(q, get_most, most);
}

/* Begins with what vq_get_most() says. */
VQ_INLINE struct vq_get_cursor vq_get_begin(const struct vq_driver *q,
					    const enum vq_layout l)
{
	struct vq_get_cursor g = {.layout = (uint8_t)l};

	g.split = split_get_begin(&q->split);
	return g;
}

/*
 * Looks at the next one, each word of it loaded once; false when its chain is
 * not one exposed descriptor with as much room.
 */
VQ_INLINE bool vq_get_look(const struct vq_get_cursor *g, struct vq_used *out)
{
	return VQ_CALL(g, get_look, out);
}

/* Takes the one that was looked at. */
VQ_INLINE void vq_get_take(struct vq_get_cursor *g, const struct vq_used *u)
{
	VQ_CALL(g, get_take, u);
}

/* @count have been taken. */
VQ_INLINE void vq_get_end(struct vq_driver *q, const struct vq_get_cursor *g,
			  uint32_t count)
{
	split_get_end(&q->split, &g->split, count);
}

#endif
