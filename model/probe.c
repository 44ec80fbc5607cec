/* SPDX-License-Identifier: BSD-3-Clause */
#include "model/probe.h"

/* Something begins at the head: history may, later. */
static void anchor_set(struct probe *p)
{
	uint64_t last = p->anchor[(p->anchors - 1) % PROBE_ANCHORS];

	if (p->anchors && p->head - last <= p->mask / PROBE_ANCHORS)
		return;
	p->anchor[p->anchors++ % PROBE_ANCHORS] = p->head;
}

uint64_t probe_oldest(const struct probe *p)
{
	uint32_t first = 0;

	if (p->head <= p->mask)
		return 0;
	if (p->anchors > PROBE_ANCHORS)
		first = p->anchors - PROBE_ANCHORS;
	for (uint32_t i = first; i < p->anchors; i++)
		if (p->head - p->anchor[i % PROBE_ANCHORS] <= p->mask)
			return p->anchor[i % PROBE_ANCHORS];
	return p->head;
}

/* Apart, so that whoever emits need not keep its registers for a call. */
__attribute__((noinline)) void probe_flush(struct probe *p)
{
	while (p->seen != p->head) {
		uint32_t at = (uint32_t)p->seen & p->mask;
		uint64_t count = p->head - p->seen;

		/* To the end of the ring, and of the run that lies there. */
		if (count > p->mask + 1u - at)
			count = p->mask + 1u - at + p->spill;
		p->flush(p->listener, &p->ring[at], (uint32_t)count);
		p->seen += count;
	}
	p->spill = 0;
	anchor_set(p);
	p->flush_at =
		p->head + (p->mask < 2 * PROBE_PENDING_MAX ? p->mask / 2 + 1
							   : PROBE_PENDING_MAX);
}

void probe_want(struct probe *p, uint64_t kinds)
{
	p->wanted = kinds;
	for (uint32_t kind = EVENT_KINDS; kind < EVENT_ALL; kind++)
		if (kinds & fused_kinds(kind))
			p->wanted |= UINT64_C(1) << kind;
}

void probe_batches_cut(struct probe *p, const struct probe_batches *runs,
		       uint32_t count)
{
	struct event was[PROBE_OPEN * EVENT_BATCH_PLACES];
	uint32_t places = 0;

	for (uint64_t at = runs->head; at != p->head;) {
		const struct event *run = &p->ring[at & p->mask];
		uint32_t size = event_size(run);

		assert(event_count(run) == runs->count);
		assert(places + size <= PROBE_OPEN * EVENT_BATCH_PLACES);
		memcpy(&was[places], run, size * sizeof *run);
		places += size;
		at += size;
	}
	p->head = runs->head;
	p->spill = runs->spill;
	for (uint32_t at = 0; at < places; at += event_size(&was[at])) {
		const struct event *run = &was[at];
		uint32_t kind = event_kind(run);
		struct event_item *item =
			kind < EVENT_KINDS
				? probe_batch_begin(p, (enum event_kind)kind,
						    run->queue, count, run->b)
				: probe_fused_begin(p, *run, count);

		memcpy(item, event_items(run), count * sizeof *item);
	}
}
