/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The device's half of a virtqueue: the contract that every layout fulfils.
 * Who uses it knows no layout, and asks what it wants to know by functions.
 *
 * A device pops chains, uses them in any order, publishes and calls. Whatever
 * the driver put into memory may be a lie: a half loads each shared word once,
 * checks it and uses the copy. A driver that breaks a rule ends a pop with
 * RING_BROKEN, and the half does nothing more until it begins anew; what was
 * used before can still be published. Works on the ring of any guest whose
 * memory it is given. Chains are counted as by the driver's half.
 */
#ifndef TWINRING_MODEL_RING_VQ_DEVICE_H
#define TWINRING_MODEL_RING_VQ_DEVICE_H

#include "model/ring/split/split_device_batch.h"
#include "model/ring/vq_layout.h"

/* Private: who embeds it looks at nothing in it. All zeros: not begun. */
struct vq_device {
	union {
		struct split_device split;
	};
	uint8_t layout; /* enum vq_layout */
};

/* From where a queue goes on that begins at @start, as its driver's half. */
static inline struct vq_resume vq_resume_at(enum vq_layout l, uint16_t start)
{
	return VQ_ASK(l, resume_at, start);
}

/*
 * Maps the ring and begins: from now on it is live. False, with the rule in
 * @why, when the driver's addresses cannot be used; the half is as it was.
 */
bool vq_device_begin(struct vq_device *q, const struct vq_device_setup *s,
		     struct verdict *why);

/* A constant where there is only one. */
static inline enum vq_layout vq_device_layout(const struct vq_device *q)
{
	return VQ_LAYOUTS == 1 ? (enum vq_layout)0 : (enum vq_layout)q->layout;
}

/* It has begun and not ended. */
static inline bool vq_device_live(const struct vq_device *q)
{
	return VQ_CALL(q, device_live);
}

/* The driver broke a rule. */
static inline bool vq_device_broken(const struct vq_device *q)
{
	return VQ_CALL(q, device_broken);
}

/* It is live, and its driver has broken no rule. */
static inline bool vq_device_works(const struct vq_device *q)
{
	return vq_device_live(q) && !vq_device_broken(q);
}

/*
 * Ends: nothing is popped, published or stored any more, until it begins. The
 * value says from where another half, or this one, goes on: behind all chains
 * that were popped, and all elements that were used. What was popped and not
 * used is still the caller's to use, after that.
 */
static inline struct vq_resume vq_device_end(struct vq_device *q)
{
	return VQ_CALL(q, device_end);
}

/*
 * The windows of guest memory have changed: @area, in @mem, is the ring that it
 * was, with the same bytes in it. False, with the rule in @why, when it cannot
 * be reached; the half is as it was.
 */
static inline bool vq_device_remap(struct vq_device *q,
				   const struct vq_area *area,
				   const struct gmem *mem, struct verdict *why)
{
	return VQ_CALL(q, device_remap, area, mem, why);
}

static inline uint16_t vq_device_queue(const struct vq_device *q)
{
	return VQ_CALL(q, device_queue);
}

static inline uint16_t vq_device_size(const struct vq_device *q)
{
	return VQ_CALL(q, device_size);
}

/* True when the driver has offered chains that were not popped; one load. */
static inline bool vq_device_pending(const struct vq_device *q)
{
	return VQ_CALL(q, device_pending);
}

/*
 * Whether there are chains to pop; loads what the driver wrote when all that
 * was known of it is popped. RING_EMPTY where it is not live or has broken.
 */
static inline enum ring_end vq_device_ready(struct vq_device *q,
					    struct verdict *why)
{
	return VQ_CALL(q, device_ready, why);
}

/*
 * Pops the next chain into *out, whose seg array has room for the ring's size.
 * RING_BROKEN, with the rule in @why, breaks the queue.
 */
static inline enum ring_end vq_device_pop(struct vq_device *q,
					  struct ring_chain *out,
					  struct verdict *why)
{
	return VQ_CALL(q, device_pop, out, why);
}

/*
 * Reads the chain that begins at @head, a number below the size, without
 * popping it. Used to look again at a chain that was popped earlier; what the
 * driver changed since is checked anew. False names the rule.
 */
static inline bool vq_device_walk(const struct vq_device *q, uint16_t head,
				  struct ring_chain *out, struct verdict *why)
{
	return VQ_CALL(q, device_walk, head, out, why);
}

/*
 * Gives a chain back that was popped, in any order; the driver must not look
 * before vq_device_publish(). @len: bytes that were written into it.
 */
static inline void vq_device_used(struct vq_device *q, uint16_t head,
				  uint32_t len)
{
	VQ_CALL(q, device_used, head, len);
}

/* Makes all used elements visible (SPLIT-USED-DEV-1). */
static inline void vq_device_publish(struct vq_device *q)
{
	VQ_CALL(q, device_publish);
}

/* The driver broke the rule in @why, as whoever popped its chains found. */
static inline void vq_device_break(struct vq_device *q,
				   const struct verdict *why)
{
	VQ_CALL(q, device_break, why);
}

/* True when the driver wants to be called for what was published since. */
static inline bool vq_device_call_wanted(struct vq_device *q)
{
	return VQ_CALL(q, device_call_wanted);
}

/* Nobody is there to be called: it counts as decided. */
static inline void vq_device_call_omit(struct vq_device *q)
{
	VQ_CALL(q, device_call_omit);
}

/* Asks for no kicks. False: nothing had to be stored for it. */
static inline bool vq_device_kicks_off(struct vq_device *q)
{
	return VQ_CALL(q, device_kicks_off);
}

/*
 * Asks for a kick at the next chain. One that was offered before the driver
 * could see this brings none: who wants to sleep looks again. False: the queue
 * has stopped, and nobody is asked.
 */
static inline bool vq_device_kicks_on(struct vq_device *q)
{
	return VQ_CALL(q, device_kicks_on);
}

/* How many chains were offered, as far as was looked, popped, ... */
static inline uint16_t vq_device_seen(const struct vq_device *q)
{
	return VQ_CALL(q, device_seen);
}

static inline uint16_t vq_device_popped(const struct vq_device *q)
{
	return VQ_CALL(q, device_popped);
}

/* Where the half keeps that: for those who watch what is loaded. */
static inline const uint16_t *vq_device_popped_at(const struct vq_device *q)
{
	return VQ_CALL(q, device_popped_at);
}

/* ... used, published, decided to call for or not. */
static inline uint16_t vq_device_given(const struct vq_device *q)
{
	return VQ_CALL(q, device_given);
}

static inline uint16_t vq_device_published(const struct vq_device *q)
{
	return VQ_CALL(q, device_published);
}

static inline uint16_t vq_device_called(const struct vq_device *q)
{
	return VQ_CALL(q, device_called);
}

/* Something was used that is not published; published, and not decided. */
static inline bool vq_device_unpublished(const struct vq_device *q)
{
	return vq_device_published(q) != vq_device_given(q);
}

static inline bool vq_device_undecided(const struct vq_device *q)
{
	return vq_device_called(q) != vq_device_published(q);
}

/* Without EVENT_IDX: kicks are suppressed by a flag now. */
static inline bool vq_device_kicks_are_off(const struct vq_device *q)
{
	return VQ_CALL(q, device_kicks_are_off);
}

/*
 * Loops. Chains of one buffer each are popped, and used, one behind the other,
 * by cursors as in the driver's half. A chain that is anything else is left
 * for vq_device_pop().
 */

struct vq_pop_cursor {
	union {
		struct split_pop_cursor split;
	};
	uint8_t layout;
};

/* Of @most chains, those that were offered and can be popped in a run. */
static inline uint32_t vq_pop_most(const struct vq_device *q, uint32_t most)
{
	return VQ_CALL(q, pop_most, most);
}

/* Begins with chains that are all of them device-writable, or all not. */
VQ_INLINE struct vq_pop_cursor vq_pop_begin(const struct vq_device *q,
					    const enum vq_layout l, bool write)
{
	struct vq_pop_cursor p = {.layout = (uint8_t)l};

	p.split = split_pop_begin(&q->split, write);
	return p;
}

/*
 * Looks at the next chain, each word of it loaded once; false when it is not as
 * it has to be in a run.
 */
VQ_INLINE bool vq_pop_look(const struct vq_pop_cursor *p,
			   struct ring_buffer *out)
{
	return VQ_CALL(p, pop_look, out);
}

/* Pops the chain that was looked at. */
VQ_INLINE void vq_pop_take(struct vq_pop_cursor *p)
{
	VQ_CALL(p, pop_take);
}

/* @count have been popped. */
VQ_INLINE void vq_pop_end(struct vq_device *q, const struct vq_pop_cursor *p,
			  uint32_t count)
{
	split_pop_end(&q->split, &p->split, count);
}

struct vq_push_used_cursor {
	union {
		struct split_push_used_cursor split;
	};
	uint8_t layout;
};

/*
 * Of @most used chains, those that can be given back in a run: one where it may
 * wait to be seen, fewer where the ring comes round.
 */
static inline uint32_t vq_push_used_most(const struct vq_device *q,
					 uint32_t most)
{
	return VQ_CALL(q, push_used_most, most);
}

/* Begins with what vq_push_used_most() says. */
VQ_INLINE struct vq_push_used_cursor vq_push_used_begin(struct vq_device *q,
							const enum vq_layout l)
{
	struct vq_push_used_cursor u = {.layout = (uint8_t)l};

	u.split = split_push_used_begin(&q->split);
	return u;
}

/* The run of events that tells of them, in the same order. */
static inline struct event_item *vq_push_used_tell(const struct vq_device *q,
						   uint32_t count)
{
	return VQ_CALL(q, push_used_tell, count);
}

static inline void vq_push_used_told(struct event_item *i, uint32_t head,
				     uint32_t len)
{
	event_item_set(i, 0, len, head);
}

/* The next one. */
VQ_INLINE void vq_push_used_put(struct vq_push_used_cursor *u, uint32_t head,
				uint32_t len)
{
	VQ_CALL(u, push_used_put, head, len);
}

/*
 * @count have been put, all of which had been popped; what tells of them is
 * complete.
 */
VQ_INLINE void vq_push_used_end(struct vq_device *q,
				const struct vq_push_used_cursor *u,
				uint32_t count)
{
	split_push_used_end(&q->split, &u->split, count);
}

#endif
