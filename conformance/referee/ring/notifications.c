/* SPDX-License-Identifier: BSD-3-Clause */
#include "conformance/referee/ring/notifications.h"

#include "conformance/referee/finding.h"

/* Nobody was told of index @idx though somebody should have been. */
__attribute__((cold, noinline)) static void not_told(
	const struct ringwatch *w, const struct event *ev,
	const struct notification_due *o, uint16_t idx, bool kick)
{
	enum clause broken;

	if (o->event_idx)
		broken = kick ? CLAUSE_SPLIT_KICK_EVENT
			      : CLAUSE_SPLIT_CALL_EVENT;
	else
		broken = kick ? CLAUSE_SPLIT_KICK_FLAG : CLAUSE_SPLIT_CALL_FLAG;
	referee_finding(&w->setup, ev, broken, NO_SLOT,
			"no %s for entries %u to %u, %s %u",
			kick ? "kick" : "call", o->told, (uint16_t)(idx - 1),
			o->event_idx ? "event" : "flags",
			o->event_idx ? o->event : o->flags);
}

void notifications_kick(void *self, const struct event *ev)
{
	const struct ringwatch *w = self;
	struct queue_watch *q = queue_of(w, ev);

	if (ev->kind == EV_NO_KICK &&
	    notification_due_now(&q->kick, q->avail_idx))
		not_told(w, ev, &q->kick, q->avail_idx, true);
	q->kick.told = q->avail_idx;
}

/* The device looks at the flags and calls in one step: they stand as it saw
 * them. */
static void muted(const struct ringwatch *w, const struct queue_watch *q,
		  const struct event *ev)
{
	if (!q->call.event_idx && q->call.flags & 1 && !q->driver_misbehaved)
		referee_finding(&w->setup, ev, CLAUSE_SPLIT_CALL_MUTED, NO_SLOT,
				"a call for index %u, flags 1",
				q->chains.used_idx);
}

void notifications_call(void *self, const struct event *ev)
{
	const struct ringwatch *w = self;
	struct queue_watch *q = queue_of(w, ev);

	if (ev->kind == EV_USED_NOTIFICATION && !q->live)
		queue_watch_too_loud(w, q, ev);
	else if (ev->kind == EV_USED_NOTIFICATION)
		muted(w, q, ev);
	if (ev->kind == EV_NO_USED_NOTIFICATION &&
	    notification_due_now(&q->call, q->chains.used_idx))
		not_told(w, ev, &q->call, q->chains.used_idx, false);
	q->call.told = q->chains.used_idx;
}

/* A suppression word; the driver's rules calls, the device's rules kicks. */
void notifications_word(void *self, const struct event *ev)
{
	const struct ringwatch *w = self;
	struct queue_watch *q = queue_of(w, ev);
	bool device = ev->kind == EV_USED_FLAGS || ev->kind == EV_AVAIL_EVENT;
	struct notification_due *o = device ? &q->kick : &q->call;

	if (device && !q->live && (q->was || q->away))
		queue_watch_too_loud(w, q, ev);
	if (ev->kind == EV_USED_EVENT || ev->kind == EV_AVAIL_EVENT) {
		o->event = (uint16_t)ev->a;
		return;
	}
	o->flags = (uint16_t)ev->a;
	if (ev->a > (o->event_idx ? 0 : 1))
		referee_finding(&w->setup, ev,
				device ? CLAUSE_SPLIT_USED_FLAGS
				       : CLAUSE_SPLIT_AVAIL_FLAGS,
				NO_SLOT, "flags %u%s", ev->a,
				o->event_idx ? " with EVENT_IDX" : "");
}

/* The run is at rest: a decision that was never made is a refusal. */
void notifications_finish(const struct ringwatch *w,
			  const struct queue_watch *q, uint64_t now)
{
	const struct event kick = {.kind = EV_AVAIL_IDX,
				   .actor = q->driver,
				   .queue = q->id,
				   .a = q->avail_idx,
				   .b = q->kick.told,
				   .time = now};
	const struct event call = {.kind = EV_USED_IDX,
				   .actor = q->device,
				   .queue = q->id,
				   .a = q->chains.used_idx,
				   .b = q->call.told,
				   .time = now};

	if (!q->live || q->stopped)
		return;
	if (notification_due_now(&q->kick, q->avail_idx))
		not_told(w, &kick, &q->kick, q->avail_idx, true);
	if (notification_due_now(&q->call, q->chains.used_idx))
		not_told(w, &call, &q->call, q->chains.used_idx, false);
}
