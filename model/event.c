/* SPDX-License-Identifier: BSD-3-Clause */
#include "model/event.h"

enum { OFFER_WRITE = 2, ONE_SEGMENT = 1 << 16, HEADER_FIELD = 1 };

/* Kinds of events that a fused batch tells of, in their order. */
static const uint8_t parts[EVENT_ALL - EVENT_KINDS][FUSED_PARTS] = {
	[FUSED_SEND - EVENT_KINDS] = {EV_GUEST_WRITE, EV_AVAILABLE,
				      EV_AVAILABLE},
	[FUSED_FORWARD - EVENT_KINDS] = {EV_HOST_WRITE, EV_USED, EV_USED},
	[FUSED_TAKE -
		EVENT_KINDS] = {EV_USED_CONSUMED, EV_GUEST_READ, EV_GUEST_READ},
};

uint64_t fused_kinds(uint32_t kind)
{
	uint64_t kinds = 0;

	assert(kind >= EVENT_KINDS && kind < EVENT_ALL);
	for (uint32_t i = 0; i < FUSED_PARTS; i++)
		kinds |= UINT64_C(1) << parts[kind - EVENT_KINDS][i];
	return kinds;
}

/* The head of a part, but for what makes it a run. */
static struct event part_head(const struct event *e, uint32_t part)
{
	struct event head = {.kind = parts[event_kind(e) - EVENT_KINDS][part],
			     .actor = e->actor,
			     .queue = e->queue,
			     .time = e->time};
	uint16_t rx = (uint16_t)e->b, tx = (uint16_t)(e->b >> 16);

	switch (head.kind) {
	case EV_AVAILABLE:
		head.b = part == 1 ? OFFER_WRITE | (uint32_t)rx << 16
				   : (uint32_t)tx << 16;
		if (part == 1)
			head.queue = queue_rx(e->queue);
		break;
	case EV_USED:
		head.b = part == 1 ? rx : tx;
		if (part == 1)
			head.queue = queue_rx_beyond(e->queue);
		break;
	case EV_USED_CONSUMED:
		break;
	default: /* an access to the memory of a VM */
		head.b = e->len;
		break;
	}
	return head;
}

static struct event_item part_item(const struct event *e, uint32_t part,
				   const struct event_item *i)
{
	uint32_t of = (uint32_t)e->addr; /* bytes of a slot, or of a header */

	switch (parts[event_kind(e) - EVENT_KINDS][part]) {
	case EV_AVAILABLE:
		return part == 1
			       ? (struct event_item){i->addr, of,
						     fused_rx(i) | ONE_SEGMENT}
			       : (struct event_item){i->addr, i->len,
						     fused_tx(i) | ONE_SEGMENT};
	case EV_USED:
		return part == 1 ? (struct event_item){0, i->len, fused_rx(i)}
				 : (struct event_item){0, 0, fused_tx(i)};
	case EV_HOST_WRITE:
		return (struct event_item){i->addr, of, HEADER_FIELD};
	case EV_USED_CONSUMED:
		return (struct event_item){0, i->len, i->a};
	default:
		return (struct event_item){i->addr, i->len, 0};
	}
}

void fused_part(const struct event *e, uint32_t part, struct event *out)
{
	struct event_item *item = (struct event_item *)(out + 1);
	uint32_t count = event_count(e);

	assert(part < event_parts(event_kind(e)) && count <= EVENT_BATCH_MAX);
	*out = part_head(e, part);
	out->kind |= EVENT_BATCH;
	out->a = count;
	for (uint32_t k = 0; k < count; k++)
		item[k] = part_item(e, part, &event_items(e)[k]);
}

struct event fused_nth(const struct event *e, uint32_t k)
{
	uint32_t part = k / event_count(e);
	struct event one = part_head(e, part);

	k %= event_count(e);
	one.item = part_item(e, part, &event_items(e)[k]);
	return event_at(one, k);
}
