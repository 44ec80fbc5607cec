/* SPDX-License-Identifier: BSD-3-Clause */
#include "conformance/recount/recount.h"

/* What was held just before @ps, or at first. */
static uint64_t held_before(const struct helds *h, uint64_t ps)
{
	uint64_t slots = h->count ? h->at[0].slots : 0;

	for (size_t i = 0; i < h->count && h->at[i].ps < ps; i++)
		slots = h->at[i].slots;
	return slots;
}

static void put_points(const char *at, const struct helds *h)
{
	uint64_t begin = h->at[0].ps, interval = UINT64_C(1) << 20;
	uint64_t count;

	while ((s.last_ps - begin) / interval >= POINTS)
		interval *= 2;
	count = (s.last_ps - begin) / interval + 1;
	printf("%s.interval_ps %" PRIu64 "\n", at, interval);
	for (uint64_t i = 0; i < count; i++)
		printf("%s.points.%" PRIu64 " %" PRIu64 "\n", at, i,
		       held_before(h, begin + i * interval));
}

void put_held(const char *at, const struct helds *h)
{
	unsigned __int128 area = 0;
	uint64_t least, most, span;

	if (h->count == 0) {
		printf("%s.min 0\n%s.max 0\n%s.mean_milli 0\n%s.interval_ps "
		       "0\n%s.points []\n",
		       at, at, at, at, at);
		return;
	}
	least = most = h->at[0].slots;
	for (size_t i = 0; i < h->count; i++) {
		uint64_t until = i + 1 < h->count ? h->at[i + 1].ps : s.last_ps;
		uint64_t slots = h->at[i].slots;

		least = slots < least ? slots : least;
		most = slots > most ? slots : most;
		area += (unsigned __int128)slots * (until - h->at[i].ps);
	}
	span = s.last_ps - h->at[0].ps;
	printf("%s.min %" PRIu64 "\n%s.max %" PRIu64 "\n%s.mean_milli %" PRIu64
	       "\n",
	       at, least, at, most, at,
	       span ? (uint64_t)(area * 1000 / span)
		    : h->at[h->count - 1].slots * 1000);
	put_points(at, h);
}
