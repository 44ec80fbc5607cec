/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/court/event_history.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

/* The slot that @e names, seen from whose queue it is of; NO_SLOT: none. */
static uint32_t slot_of(const struct world *w, const struct event *e)
{
	const struct numbering *n = &w->cfg->numbers;
	uint32_t link = queue_link(n, e->queue);
	uint32_t end = queue_end(n, e->queue);
	uint64_t off = e->addr - w->map.link[link].bar_gpa[end];

	if (off >= w->map.link[link].bar_size)
		return NO_SLOT;
	return (uint32_t)(off / w->cfg->link[link].bar.stride);
}

static const char *direction(const struct event *e)
{
	return queue_is_tx(e->queue) ? "tx" : "rx";
}

static const char *vm_name(const struct world *w, const struct event *e)
{
	return w->cfg->vm[queue_vm(w->cfg, e->queue)].name;
}

/* What an address means: a slot of the link, or memory of a VM. */
static void place_text(const struct world *w, const struct event *e, char *out,
		       size_t size)
{
	uint32_t slot = slot_of(w, e);

	if (slot != NO_SLOT)
		snprintf(out, size, "slot %" PRIu32, slot);
	else
		snprintf(out, size, "%#" PRIx64, e->addr);
}

static void detail_text(const struct world *w, const struct event *e, char *out,
			size_t size)
{
	char place[40];

	place_text(w, e, place, sizeof place);
	switch ((enum event_kind)e->kind) {
	case EV_AVAILABLE:
		snprintf(out, size, "%s, %" PRIu32 " bytes, head %" PRIu32,
			 place, e->len, e->a & 0xffff);
		break;
	case EV_DESC:
	case EV_GUEST_READ:
	case EV_GUEST_WRITE:
	case EV_HOST_READ:
	case EV_HOST_WRITE:
		snprintf(out, size, "%s, %" PRIu32 " bytes", place, e->len);
		break;
	case EV_HEADER:
		snprintf(out, size,
			 "%s, %" PRIu32 " bytes, flags %#x, gso %u, "
			 "buffers %u",
			 place, e->len, (unsigned)(e->a & 0xff),
			 (unsigned)(e->a >> 8 & 0xff), (unsigned)(e->a >> 16));
		break;
	case EV_USED:
	case EV_USED_CONSUMED:
		snprintf(out, size, "head %" PRIu32 ", %" PRIu32 " bytes", e->a,
			 e->len);
		break;
	case EV_SEND:
	case EV_REFUSE:
		snprintf(out, size, "packet %" PRIu32 ", %" PRIu32 " bytes",
			 e->a, e->len);
		break;
	case EV_PAIR:
		snprintf(out, size, "epoch %" PRIu32 ", %" PRIu32 " slots",
			 e->a, e->b);
		break;
	case EV_DELIVER:
		snprintf(out, size, "%" PRIu32 " bytes", e->len);
		break;
	case EV_STORE_BUFFERED:
	case EV_STORE_COMMITTED:
		snprintf(out, size, "%s %" PRIu32,
			 event_name((enum event_kind)e->a), e->b);
		break;
	default:
		snprintf(out, size, "%" PRIu32, e->a);
		break;
	}
}

const char *history_actor(const struct world *w, actor_id actor)
{
	return actor < w->actors ? w->actor[actor].name : "-";
}

void history_line(const struct world *w, const struct event *e, char *out,
		  size_t size)
{
	char detail[100];

	detail_text(w, e, detail, sizeof detail);
	snprintf(out, size, "%10" PRIu64 ".%03u ns  %-10s %-12s %s.%s %s",
		 e->time / 1000, (unsigned)(e->time % 1000),
		 history_actor(w, e->actor), event_name(e->kind), vm_name(w, e),
		 direction(e), detail);
}

/* Which slot each head stands for, learnt from the history itself. */
struct heads {
	uint32_t *slot; /* by queue of the link and head */
	uint32_t size;
};

static uint32_t *head_slot(const struct world *w, const struct heads *h,
			   const struct event *e)
{
	uint32_t head = e->a & 0xffff;

	return &h->slot[(queue_of_link(&w->cfg->numbers, e->queue)) * h->size +
			(head & (h->size - 1))];
}

/* The slot that @e is about; offers are remembered for later heads. */
static uint32_t event_slot(const struct world *w, const struct heads *h,
			   const struct event *e)
{
	switch ((enum event_kind)e->kind) {
	case EV_AVAILABLE:
		*head_slot(w, h, e) = slot_of(w, e);
		return *head_slot(w, h, e);
	case EV_DESC:
	case EV_GUEST_READ:
	case EV_GUEST_WRITE:
	case EV_HOST_WRITE:
	case EV_HEADER:
		return slot_of(w, e);
	case EV_USED:
	case EV_USED_CONSUMED:
		return *head_slot(w, h, e);
	case EV_GIFT:
	case EV_GIFTED:
	case EV_RETURNED:
		return e->a;
	default:
		return NO_SLOT;
	}
}

/* Life-cycle events belong into every story of their link. */
static bool turning_point(const struct event *e)
{
	return e->kind == EV_PAIR || e->kind == EV_UNPAIR ||
	       e->kind == EV_CRASH || e->kind == EV_PARK ||
	       (e->kind == EV_STATUS && e->a == 0);
}

static bool concerns(const struct world *w, const struct heads *h,
		     const struct finding *f, const struct event *e)
{
	uint32_t slot;

	if (queue_link(&w->cfg->numbers, e->queue) != f->link)
		return false;
	slot = event_slot(w, h, e);
	if (turning_point(e))
		return true;
	if (f->slot != NO_SLOT)
		return slot == f->slot;
	return e->queue == f->event.queue;
}

static void line_add(const struct world *w, struct violation *v,
		     const struct event *e)
{
	if (v->history_lines == HISTORY_LINES) {
		memmove(v->story[0], v->story[1],
			(HISTORY_LINES - 1) * sizeof v->story[0]);
		v->history_lines--;
	}
	history_line(w, e, v->story[v->history_lines++], HISTORY_LINE);
}

bool history_tell(const struct world *w, struct violation *v)
{
	const struct finding *f = &v->finding;
	struct probe_walk walk = {.p = w->probe, .at = probe_oldest(w->probe)};
	struct heads h = {.size = w->cfg->link[f->link].ring.size};
	uint32_t heads = w->cfg->link[f->link].members * NIC_QUEUES * h.size;
	struct event e;

	h.slot = malloc(heads * sizeof *h.slot);
	if (!h.slot)
		return false;
	for (uint32_t i = 0; i < heads; i++)
		h.slot[i] = NO_SLOT;
	while (probe_next(&walk, &e)) {
		if (concerns(w, &h, f, &e))
			line_add(w, v, &e);
		/* Stop at the event itself: what follows came later. */
		if (e.time == f->event.time && e.kind == f->event.kind &&
		    e.queue == f->event.queue && e.a == f->event.a &&
		    e.addr == f->event.addr && e.b == f->event.b &&
		    f->event.kind)
			break;
	}
	free(h.slot);
	return true;
}
