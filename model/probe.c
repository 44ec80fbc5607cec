/* SPDX-License-Identifier: BSD-3-Clause */
#include "model/probe.h"

#include <assert.h>

/* Apart, so that whoever emits need not keep its registers for a call. */
__attribute__((noinline)) void probe_flush(struct probe *p)
{
	if (p->seen != p->head)
		p->flush(p->listener, p);
	assert(p->seen == p->head);
	p->flush_at = p->head + (p->mask < 2 * PROBE_BATCH ? p->mask / 2 + 1
							   : PROBE_BATCH);
}
