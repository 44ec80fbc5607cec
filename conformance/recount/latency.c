/* SPDX-License-Identifier: BSD-3-Clause */
#include "conformance/recount/recount.h"

static int by_frame(const void *a, const void *b)
{
	const struct frame *x = a, *y = b;

	if (x->flow != y->flow)
		return x->flow < y->flow ? -1 : 1;
	if (x->hash != y->hash)
		return x->hash < y->hash ? -1 : 1;
	return x->place < y->place ? -1 : x->place > y->place;
}

static int by_size(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

static struct frame *sent_as(const struct frame *d)
{
	size_t low = 0, high = s.sent.count;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (by_frame(&s.sent.at[middle],
			     &(struct frame){.flow = d->flow,
					     .hash = d->hash}) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == s.sent.count || s.sent.at[low].flow != d->flow ||
	    s.sent.at[low].hash != d->hash)
		return NULL;
	return &s.sent.at[low];
}

/* Every frame is unlike all others on its way, or this could not be told. */
void latencies_find(void)
{
	struct frame *f = s.sent.at;

	if (s.sent.count)
		qsort(f, s.sent.count, sizeof *f, by_frame);
	for (size_t i = 1; i < s.sent.count; i++)
		if (f[i].flow == f[i - 1].flow && f[i].hash == f[i - 1].hash)
			give_up("frames of equal bytes", s.end[0][0]);
	for (uint32_t i = 0; i < s.links; i++)
		s.link[i].latency =
			calloc(s.delivered.count + 1, sizeof(uint64_t));
	s.all.latency = calloc(s.delivered.count + 1, sizeof(uint64_t));
	for (size_t i = 0; i < s.delivered.count; i++) {
		const struct frame *d = &s.delivered.at[i];
		struct frame *was = sent_as(d);
		struct figures *l = &s.link[d->flow / 2];

		if (!was || was->gone)
			continue;
		was->gone = true;
		l->latency[l->latencies++] = d->ps - was->ps;
		s.all.latency[s.all.latencies++] = d->ps - was->ps;
	}
}

/* A percentile as documented: the end of its bucket, 128 to the octave. */
static uint64_t percentile(const struct figures *f, uint64_t per_million)
{
	size_t rank = (size_t)((f->latencies * per_million + 999999) / 1000000);
	uint64_t value = f->latency[rank ? rank - 1 : 0], width = 1;

	while (value / width >= 256)
		width *= 2;
	value = (value / width + 1) * width - 1;
	return value < f->latency[f->latencies - 1]
		       ? value
		       : f->latency[f->latencies - 1];
}

void put_latency(const char *at, struct figures *f)
{
	unsigned __int128 sum = 0;

	if (f->latencies == 0) {
		printf("%smodelled.latency_ps null\n", at);
		return;
	}
	qsort(f->latency, f->latencies, sizeof *f->latency, by_size);
	for (size_t i = 0; i < f->latencies; i++)
		sum += f->latency[i];
#define PUT(key, value) \
	printf("%smodelled.latency_ps." key " %" PRIu64 "\n", at, value)
	PUT("packets", (uint64_t)f->latencies);
	PUT("min", f->latency[0]);
	PUT("mean", (uint64_t)(sum / f->latencies));
	PUT("p50", percentile(f, 500000));
	PUT("p90", percentile(f, 900000));
	PUT("p99", percentile(f, 990000));
	PUT("p999", percentile(f, 999000));
	PUT("max", f->latency[f->latencies - 1]);
#undef PUT
}
