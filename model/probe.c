/* SPDX-License-Identifier: BSD-3-Clause */
#include "model/probe.h"

/* What can be overwritten before the next flush is history no longer. */
static void history_cut(struct probe *p)
{
	uint64_t end = p->head + PROBE_BATCH + PROBE_OPEN * PROBE_SLACK;

	while (p->oldest != p->head && end - p->oldest > p->mask)
		p->oldest += event_size(&p->ring[p->oldest & p->mask]);
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
	history_cut(p);
	p->flush_at = p->head + (p->mask < 2 * PROBE_BATCH ? p->mask / 2 + 1
							   : PROBE_BATCH);
}
