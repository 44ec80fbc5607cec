/* SPDX-License-Identifier: BSD-3-Clause */
#include "model/tap/tap.h"

#include "model/host/bridge.h"
#include "model/host/classic.h"
#include "model/mutant.h"
#include "model/virtio/packet_canon.h"

enum {
	PORTS = LINK_ENDS,
	BYTES_MAX =
		1 << 22, /* of one queue; that is 64 of the longest frames */
	ETHERNET = 14    /* bytes of a header, without which it is no frame */
};

/* A packet buffer: where its bytes lie, and which NIC sent it. */
struct tap_frame {
	uint32_t at;
	uint32_t len; /* with the header before it */
	uint32_t from;
};

/* Frames that came for one end, oldest first. */
struct tap {
	struct tap_frame *frame; /* room for one more than it may hold */
	uint32_t begin;          /* its bytes, of all memory of taps */
	uint32_t first;
	uint32_t count;
};

/*
 * Memory, from address 0 on: where a frame is until it is known which way it
 * goes, then the bytes of each queue. Bytes behind the last frame of a queue
 * are written before they are read.
 */
struct taps {
	struct bridge bridge;
	struct gmem mem;
	struct gmem_window window;
	struct tap tap[PORTS];
	uint32_t room;  /* frames of a queue */
	uint32_t bytes; /* likewise; no frame is longer */
	void *beside;   /* for the path */
};

static struct taps *of(const struct link *l)
{
	return l->own;
}

void **tap_beside(const struct link *l)
{
	return &of(l)->beside;
}

/* As many as so many receive buffers hold. */
static uint32_t queue_bytes(const struct link_config *cfg)
{
	uint64_t bytes = (uint64_t)cfg->tap_queue * cfg->private_size;

	return bytes < BYTES_MAX ? (uint32_t)bytes : BYTES_MAX;
}

size_t tap_arena(const struct link_config *cfg)
{
	return sizeof(struct taps) +
	       PORTS * (cfg->tap_queue + 1) * sizeof(struct tap_frame) +
	       (PORTS + 1) * queue_bytes(cfg) + 64;
}

void tap_begin(struct link *l, const struct link_setup *s, struct arena *arena)
{
	struct taps *t = arena_new(arena, struct taps, 1);
	uint32_t bytes = queue_bytes(s->cfg), all = (PORTS + 1) * bytes;

	t->bridge.ports = PORTS;
	t->room = s->cfg->tap_queue;
	t->bytes = bytes;
	for (uint32_t i = 0; i < PORTS; i++) {
		t->tap[i].frame =
			arena_new(arena, struct tap_frame, t->room + 1);
		t->tap[i].begin = (i + 1) * bytes;
	}
	t->window = (struct gmem_window){
		.size = all, .base = arena_new(arena, uint8_t, all)};
	t->mem = (struct gmem){.window = &t->window, .count = 1, .room = 1};
	l->own = t;
}

/* The @i-th frame of a queue; the one behind the last is free. */
static struct tap_frame *frame_at(const struct taps *t, const struct tap *q,
				  uint32_t i)
{
	return &q->frame[(q->first + i) % (t->room + 1)];
}

/*
 * Where @len bytes more fit, which lie in one piece; UINT32_MAX: nowhere. Free
 * are those behind the last frame and before the first, which may be behind it.
 */
static uint32_t bytes_find(const struct taps *t, const struct tap *q,
			   uint32_t len)
{
	const struct tap_frame *first, *last;
	uint32_t behind;

	if (q->count == 0)
		return len <= t->bytes ? 0 : UINT32_MAX;
	first = frame_at(t, q, 0);
	last = frame_at(t, q, q->count - 1);
	behind = last->at + last->len;
	if (last->at < first->at)
		return len <= first->at - behind ? behind : UINT32_MAX;
	if (len <= t->bytes - behind)
		return behind;
	return len <= first->at ? 0 : UINT32_MAX;
}

/* Its device takes frames in, or will again. */
static bool end_takes(const struct nic *n)
{
	return vq_device_works(&n->rx) || nic_rx_in_reset(n);
}

/* Says that a frame came into the queue of @n, or left it: @b, as in events. */
static void frame_tell(const struct nic *n, enum event_kind kind,
		       const struct tap_frame *m, uint32_t b)
{
	probe_emit(n->link->probe, kind, queue_of_nic(n->number, NET_RX),
		   m->from, 0, m->len, b);
}

/* The frame of @len bytes, at the beginning, comes to @to; false: no room. */
static bool frame_put(struct link *l, struct nic *to, uint32_t from,
		      uint32_t len)
{
	struct taps *t = of(l);
	struct tap *q = &t->tap[to->end];
	uint32_t at = bytes_find(t, q, len);
	struct tap_frame *m = frame_at(t, q, q->count);

	if (!end_takes(to) || at == UINT32_MAX ||
	    q->count >= t->room + MUTANT(TAP_OVERFULL))
		return false;
	*m = (struct tap_frame){.at = at, .len = len, .from = from};
	memcpy(t->window.base + q->begin + at, t->window.base, len);
	q->count++;
	frame_tell(to, EV_TAP_IN, m, q->count);
	if (!MUTANT(TAP_NO_SIGNAL))
		signal_raise(&l->worker[to->end].signal, l->cost);
	return true;
}

/* The first frame of @n has left its queue. */
static void frame_over(struct nic *n, bool delivered)
{
	struct taps *t = of(n->link);
	struct tap *q = &t->tap[n->end];

	frame_tell(n, EV_TAP_OUT, frame_at(t, q, 0), delivered);
	if (delivered && MUTANT(TAP_TWICE))
		return;
	q->first = (q->first + 1) % (t->room + 1);
	q->count--;
}

/* It is dropped: nobody's fault. */
static void frame_drop(struct nic *n)
{
	const struct taps *t = of(n->link);
	const struct tap_frame *m = frame_at(t, &t->tap[n->end], 0);

	probe_emit(n->link->probe, EV_DROP, queue_of_nic(m->from, NET_TX),
		   CLAUSE_NONE, 0, m->len, 0);
	frame_over(n, false);
}

static void frames_drop(struct nic *n)
{
	while (of(n->link)->tap[n->end].count)
		frame_drop(n);
}

bool tap_stop(struct nic *n, bool was_live)
{
	(void)was_live;
	if (!MUTANT(TAP_STALE))
		frames_drop(n);
	return false;
}

void tap_give_up(struct worker *w)
{
	frame_drop(&w->link->nic[w->end]);
}

static struct iov_copy copying(const struct link *l)
{
	return (struct iov_copy){l->probe,      l->cost,       EV_HOST_READ,
				 EV_HOST_WRITE, COST_TAP_COPY, COST_TAP_BYTE};
}

/* A place in the kernel's memory: its bytes are no event. */
static struct cursor buffer(const struct taps *t, struct ring_seg *seg)
{
	return (struct cursor){
		.mem = &t->mem, .seg = seg, .count = 1, .vm = NO_VM};
}

/* Copies @frame bytes behind a header, from the chain that @w holds. */
static void frame_take(struct worker *w, uint32_t frame)
{
	const struct link *l = w->link;
	struct taps *t = of(l);
	struct iov_copy m = copying(l);
	struct ring_seg seg = {.gpa = NET_HDR_COMMON, .len = frame};
	struct cursor src = classic_frame(w), dst = buffer(t, &seg);
	struct virtio_net_hdr h = {0};
	bool there = iov_copy_get(&m, &src, &h, l->nic[w->end].hdr_len) &&
		     iov_copy_move(&m, &dst, &src, frame);

	assert(there); /* classic_is_frame() has looked */
	memcpy(t->window.base, &h, NET_HDR_COMMON);
}

/* Brings what was copied to where the bridge says; false: nobody has it. */
static bool frame_bridge(struct link *l, uint32_t end, uint32_t len)
{
	struct taps *t = of(l);
	uint64_t ports =
		bridge_ports(&t->bridge, t->window.base + NET_HDR_COMMON, end);
	bool had = false;

	for (uint32_t i = 0; i < PORTS; i++)
		if (ports >> i & 1)
			had |= frame_put(l, &l->nic[i], l->nic[end].number,
					 len);
	return had;
}

bool tap_write(struct worker *w)
{
	struct nic *n = &w->link->nic[w->end];
	uint64_t frame = w->held.chain.read_len - n->hdr_len;
	uint32_t len = NET_HDR_COMMON + (uint32_t)frame;

	if (!classic_is_frame(w))
		return false;
	if (frame < ETHERNET || frame > w->link->cfg->max_frame ||
	    len > of(w->link)->bytes) {
		classic_drop(w);
		return false;
	}
	frame_take(w, (uint32_t)frame);
	if (frame_bridge(w->link, w->end, len))
		vq_device_used(&n->tx, w->held.chain.head, 0);
	else
		classic_drop(w);
	return true;
}

/* Copies the first frame of @n into its receive buffers. */
static enum line_end frame_give(struct nic *n)
{
	struct taps *t = of(n->link);
	const struct tap *q = &t->tap[n->end];
	const struct tap_frame *m = frame_at(t, q, 0);
	struct iov_copy how = copying(n->link);
	struct rx_form form = {n->dev.accepted, n->hdr_len};
	uint32_t frame = m->len - NET_HDR_COMMON;
	struct ring_seg seg = {.gpa = q->begin + m->at + NET_HDR_COMMON,
			       .len = frame};
	struct cursor src = buffer(t, &seg);
	struct virtio_net_hdr h = {0};

	memcpy(&h, t->window.base + q->begin + m->at, NET_HDR_COMMON);
	return posted_rx_deliver(&n->line, &how, &src, &h, frame, &form);
}

enum delivery tap_read(struct worker *w)
{
	struct nic *n = &w->link->nic[w->end];

	if (!of(w->link)->tap[w->end].count)
		return DELIVER_NONE;
	if (!vq_device_works(&n->rx)) {
		if (!end_takes(n))
			frames_drop(n);
		return DELIVER_NONE;
	}
	switch (frame_give(n)) {
	case LINE_WAIT:
		return DELIVER_WAIT;
	case LINE_DONE:
		frame_over(n, true);
		return DELIVERED;
	case LINE_BROKEN:
		nic_rx_fail(n);
		frames_drop(n);
	}
	return DELIVER_NONE;
}

/* What waits in the queue of @end. */
static void queue_canon(const struct link *l, uint32_t end, struct canon *f)
{
	const struct taps *t = of(l);
	const struct tap *q = &t->tap[end];
	struct packet_senders from = {.link = l->index,
				      .first = l->nic[0].number,
				      .members = l->cfg->members,
				      .vm = l->cfg->end};

	canon_u32(f, q->count);
	for (uint32_t i = 0; i < q->count; i++) {
		const struct tap_frame *m = frame_at(t, q, i);

		canon_u32(f, m->at);
		canon_u32(f, m->len);
		canon_u8(f, (uint8_t)m->from);
		from.nic = m->from;
		packet_canon(&from, f, t->window.base + q->begin + m->at,
			     m->len, 0);
	}
}

void tap_canon(const struct link *l, struct canon *f)
{
	bridge_canon(&of(l)->bridge, f);
	for (uint32_t end = 0; end < PORTS; end++)
		queue_canon(l, end, f);
}
