/* SPDX-License-Identifier: BSD-3-Clause */
#include "conformance/referee/ring/queue_watch.h"

#include "conformance/referee/finding.h"

void queue_watch_reset(struct queue_watch *q)
{
	uint16_t s = q->start;

	chains_reset(&q->chains, s);
	q->avail_written = q->avail_idx = s;
	q->used_written = q->taken = s;
	notification_due_reset(&q->kick, s);
	notification_due_reset(&q->call, s);
	q->span = (struct span){0};
	q->was |= q->live;
	q->live = q->stopped = false;
	q->asked = q->away = q->again = false;
	q->driver_misbehaved = q->device_misbehaved = false;
}

/* Who does it is another guest, which works the rings out of its own memory. */
static bool by_mirror(const struct ringwatch *w, const struct event *ev)
{
	const struct world_config *c = w->setup.config;

	return ev->actor < c->vms && ev->actor != queue_vm(c, ev->queue);
}

__attribute__((cold)) void queue_watch_too_loud(const struct ringwatch *w,
						const struct queue_watch *q,
						const struct event *ev)
{
	enum clause broken = q->was ? CLAUSE_DEV_RESET_QUIET : CLAUSE_DEV_QUIET;

	if (q->was && by_mirror(w, ev))
		broken = CLAUSE_EXT_MIRROR_STOP;
	if (q->away)
		broken = ev->kind == EV_USED_NOTIFICATION ? CLAUSE_QRESET_MUTE
							  : CLAUSE_QRESET_QUIET;
	referee_finding(&w->setup, ev, broken, NO_SLOT, "%s while %s",
			event_name((enum event_kind)ev->kind),
			q->away ? "the queue is reset"
				: "DRIVER_OK is not set");
}

/* A head's chain; what stands behind it is told with it. */
static void note_canon(const struct queue_watch *q, uint32_t id,
		       struct canon *f)
{
	const struct chain_note *n = &q->chains.note[id];
	uint16_t next = n->next;

	canon_u8(f, n->state);
	if (n->state == CHAIN_FREE)
		return;
	if (n->state == CHAIN_MEMBER) {
		canon_head(f, q->id, n->at);
		return;
	}
	canon_u32(f, n->room);
	canon_u32(f, n->len);
	if (n->state == CHAIN_USED)
		canon_index(f, q->id, n->at);
	else
		canon_event(f, n->at, q->avail_idx);
	canon_u16(f, n->count);
	for (uint16_t k = 1; k < n->count; k++) {
		canon_head(f, q->id, next);
		next = q->chains.note[next].next;
	}
}

static void notification_due_canon(const struct notification_due *o,
				   uint32_t id, struct canon *f)
{
	canon_index(f, id, o->told);
	canon_u16(f, o->flags);
	if (o->event_idx)
		canon_event(f, o->event, o->told);
}

void queue_watch_canon(const struct queue_watch *q, struct canon *f)
{
	assert(q->chains.fresh_count == 0);
	canon_index(f, q->id, q->avail_written);
	canon_index(f, q->id, q->avail_idx);
	canon_index(f, q->id, q->used_written);
	canon_index(f, q->id, q->taken);
	canon_index(f, q->id, q->chains.used_idx);
	canon_u32(f, q->chains.outstanding);
	notification_due_canon(&q->kick, q->id, f);
	notification_due_canon(&q->call, q->id, f);
	canon_flags(f, q->live, q->was, q->stopped, q->driver_misbehaved,
		    q->device_misbehaved, q->asked, q->away, q->again,
		    q->span.counted);
	canon_u32(f, q->span.left);
	canon_u32(f, q->span.used);
	canon_u16(f, q->span.buffers);
	for (uint32_t k = 0; k < q->chains.size; k++) {
		uint32_t head = canon_queue(f, q->id)->raw[k];

		canon_of_head(f, q->id, head);
		note_canon(q, head, f);
		canon_of_end(f);
	}
}
