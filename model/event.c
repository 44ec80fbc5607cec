/* SPDX-License-Identifier: BSD-3-Clause */
#include "model/event.h"

enum { AVAILABLE_WRITE = 2, ONE_SEGMENT = 1 << 16 };

/* As the table says it. */
enum from_queue { QUEUE_OWN, QUEUE_RX, QUEUE_BEYOND };
enum from_b { B_NONE, B_VM, B_RX, B_TX, B_POSTED, B_SENT };
enum from_addr { ADDR_NONE, ADDR_ADDR };
enum from_len { LEN_NONE, LEN_LEN, LEN_SIZE };
enum from_a { A_NONE, A_FIELD, A_ID, A_RX, A_TX, A_RX_ONE, A_TX_ONE };

struct part {
	uint8_t kind;
	enum from_queue queue;
	enum from_b b;
	enum from_addr addr;
	enum from_len len;
	enum from_a a;
};

#define PART(kind, queue, b, addr, len, a)                                     \
	{                                                                      \
		EV_##kind, QUEUE_##queue, B_##b, ADDR_##addr, LEN_##len, A_##a \
	}
static const struct part parts[EVENT_ALL - EVENT_KINDS][FUSED_PARTS] = {
#define FUSED(id, words, ...) [FUSED_##id - EVENT_KINDS] = {__VA_ARGS__},
#include "model/fused.def"
#undef FUSED
};

const uint8_t fused_counts[EVENT_ALL - EVENT_KINDS] = {
#define FUSED(id, words, ...)        \
	[FUSED_##id - EVENT_KINDS] = \
		sizeof((struct part[]){__VA_ARGS__}) / sizeof(struct part),
#include "model/fused.def"
#undef FUSED
};
#undef PART

static const struct part *part_of(const struct event *e, uint32_t part)
{
	assert(part < event_parts(event_kind(e)));
	return &parts[event_kind(e) - EVENT_KINDS][part];
}

uint64_t fused_kinds(uint32_t kind)
{
	uint64_t kinds = 0;

	assert(kind >= EVENT_KINDS && kind < EVENT_ALL);
	for (uint32_t i = 0; i < event_parts(kind); i++)
		kinds |= UINT64_C(1) << parts[kind - EVENT_KINDS][i].kind;
	return kinds;
}

static uint16_t queue_from(const struct event *e, enum from_queue from)
{
	switch (from) {
	case QUEUE_RX:
		return queue_rx(e->queue);
	case QUEUE_BEYOND:
		return fused_receiver(e);
	default:
		return e->queue;
	}
}

static uint32_t b_from(const struct event *e, enum from_b from)
{
	const uint16_t rx = (uint16_t)e->b, tx = (uint16_t)(e->b >> 16);

	switch (from) {
	case B_VM:
		return e->len;
	case B_RX:
		return rx;
	case B_TX:
		return tx;
	case B_POSTED:
		return AVAILABLE_WRITE | (uint32_t)rx << 16;
	case B_SENT:
		return (uint32_t)tx << 16;
	default:
		return 0;
	}
}

static uint32_t a_from(const struct event_item *i, enum from_a from)
{
	switch (from) {
	case A_FIELD:
		return 1;
	case A_ID:
		return i->a;
	case A_RX:
		return fused_rx(i);
	case A_TX:
		return fused_tx(i);
	case A_RX_ONE:
		return fused_rx(i) | ONE_SEGMENT;
	case A_TX_ONE:
		return fused_tx(i) | ONE_SEGMENT;
	default:
		return 0;
	}
}

/* The head of a part, but for what makes it a run. */
static struct event part_head(const struct event *e, const struct part *p)
{
	return (struct event){.kind = p->kind,
			      .actor = e->actor,
			      .queue = queue_from(e, p->queue),
			      .b = b_from(e, p->b),
			      .time = e->time};
}

static struct event_item part_item(const struct event *e, const struct part *p,
				   const struct event_item *i)
{
	const uint32_t len[] = {
		[LEN_LEN] = i->len, [LEN_SIZE] = (uint32_t)e->addr};

	return (struct event_item){p->addr == ADDR_ADDR ? i->addr : 0,
				   len[p->len], a_from(i, p->a)};
}

void fused_part(const struct event *e, uint32_t part, struct event *out)
{
	struct event_item *item = (struct event_item *)(out + 1);
	const struct part *p = part_of(e, part);
	uint32_t count = event_count(e);

	assert(count <= EVENT_BATCH_MAX);
	*out = part_head(e, p);
	out->kind |= EVENT_BATCH;
	out->a = count;
	for (uint32_t k = 0; k < count; k++)
		item[k] = part_item(e, p, &event_items(e)[k]);
}

struct event fused_nth(const struct event *e, uint32_t k)
{
	const struct part *p = part_of(e, k / event_count(e));
	struct event one = part_head(e, p);

	k %= event_count(e);
	one.item = part_item(e, p, &event_items(e)[k]);
	return event_at(one, k);
}
