/* SPDX-License-Identifier: BSD-3-Clause */
#include "conformance/referee/ring/span.h"

enum { HEADER_COUNTS = 12 /* bytes: shorter ones have no num_buffers */ };

void span_begin(struct span *s, const struct event *header)
{
	*s = (struct span){.left = header->len,
			   .buffers = (uint16_t)(header->a >> 16),
			   .counted = header->b >= HEADER_COUNTS};
}

bool span_odd(struct span *s, uint32_t len, uint32_t room, struct verdict *why)
{
	const struct span was = *s;

	s->used++;
	s->left -= len;
	if (len < was.left) {
		verdict_set(why, CLAUSE_NET_RX_FULL,
			    "%u bytes in a buffer for %u, and more in the next",
			    len, room);
		return false;
	}
	*s = (struct span){0};
	if (!was.counted || was.used + 1 == was.buffers)
		return true;
	verdict_set(why, CLAUSE_NET_RX_NUM,
		    "num_buffers is %u, the packet is in %u", was.buffers,
		    was.used + 1);
	return false;
}

bool span_shown(struct span *s, struct verdict *why)
{
	const struct span was = *s;

	*s = (struct span){0};
	if (!was.left)
		return true;
	verdict_set(why, CLAUSE_NET_RX_TOGETHER,
		    "%u buffers of a packet are visible, %u of its bytes not",
		    was.used, was.left);
	return false;
}
