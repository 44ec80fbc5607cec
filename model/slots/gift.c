/* SPDX-License-Identifier: BSD-3-Clause */
#include "model/slots/gift.h"

static uint32_t least(uint32_t a, uint32_t b)
{
	return a < b ? a : b;
}

uint32_t gift_count(const struct gift_config *g, const struct gift_view *v)
{
	uint32_t half;

	if (v->mine < v->lent + (g->odd ? 1 : 2))
		return 0;
	half = (v->mine - v->lent + g->odd) / 2;
	switch (g->policy) {
	case GIFT_IMMEDIATE:
		return half;
	case GIFT_WATERMARK:
		return v->lent < g->low || v->lent == 0 ? least(half, g->batch)
							: 0;
	case GIFT_CREDIT:
		return v->asked ? least(half, g->batch) : 0;
	case GIFT_NONE:
	case GIFT_POLICIES:
		break;
	}
	return 0;
}

uint32_t gift_floor(const struct gift_config *g, uint32_t slots)
{
	switch (g->policy) {
	case GIFT_NONE:
	case GIFT_POLICIES:
		break;
	case GIFT_IMMEDIATE:
		return slots / 2;
	case GIFT_WATERMARK: /* gives again until the mark is reached */
		return least(g->low, slots / 2);
	case GIFT_CREDIT: /* gives once: who waits cannot ask again */
		return least(least(g->low, g->batch), slots / 2);
	}
	return 0;
}
