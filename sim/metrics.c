/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/metrics.h"

enum { AREA_SHIFT = 20, FIRST_INTERVAL_SHIFT = 20 };

/* All packets that stand at @e. */
static void flow_add(struct flow_count *f, const struct event *e)
{
	const struct event_item *item = event_items(e);
	uint32_t count = event_count(e);

	f->packets += count;
	for (uint32_t k = 0; k < count; k++)
		f->bytes += item[k].len;
}

static struct tally *tally_of(struct metrics *m, const struct event *e)
{
	return &m->r->link[queue_link(e->queue)].tally;
}

static void on_send(void *self, const struct event *e)
{
	struct metrics *m = self;

	if (m->r->all.sent.packets == 0)
		m->r->first_ps = e->time;
	m->r->all.sent.packets += event_count(e);
	m->answered[e->queue >> 1] += event_count(e);
	flow_add(&tally_of(m, e)->sent, e);
}

static void on_deliver(void *self, const struct event *e)
{
	struct metrics *m = self;

	flow_add(&tally_of(m, e)->delivered, e);
	m->r->last_ps = e->time;
}

static void on_refuse(void *self, const struct event *e)
{
	struct metrics *m = self;

	m->answered[e->queue >> 1] += event_count(e);
	flow_add(&tally_of(m, e)->too_large, e);
}

static void on_fail(void *self, const struct event *e)
{
	struct metrics *m = self;

	tally_of(m, e)->returned++;
	app_flight_pop(m->app, e->queue >> 1, 0);
}

static void on_drop(void *self, const struct event *e)
{
	struct metrics *m = self;

	tally_of(m, e)->dropped++;
	app_flight_pop(m->app, e->queue >> 1, 0);
}

static void on_no_kick(void *self, const struct event *e)
{
	tally_of(self, e)->kicks_spared++;
}

static void on_no_call(void *self, const struct event *e)
{
	tally_of(self, e)->calls_spared++;
}

/* An epoch begins or ends: nothing is under way any more. */
static void on_epoch(void *self, const struct event *e)
{
	struct metrics *m = self;
	uint32_t link = queue_link(e->queue);

	app_flight_clear(m->app, 2 * link);
	app_flight_clear(m->app, 2 * link + 1);
}

const struct event_ears metrics_ears = {
	.whole = EARS_WHOLE(SEND) | EARS_WHOLE(DELIVER) | EARS_WHOLE(REFUSE),
	.ear =
		{
			[EV_SEND] = on_send,
			[EV_DELIVER] = on_deliver,
			[EV_REFUSE] = on_refuse,
			[EV_FAIL] = on_fail,
			[EV_DROP] = on_drop,
			[EV_NO_KICK] = on_no_kick,
			[EV_NO_CALL] = on_no_call,
			[EV_PAIR] = on_epoch,
			[EV_UNPAIR] = on_epoch,
		},
};

void metrics_step(struct metrics *m, uint32_t link,
		  const struct cost_meter *cost)
{
	uint64_t *count = m->r->link[link].tally.count;

	for (int k = 0; k < COST_KINDS; k++)
		count[k] += cost->count[k];
}

static void area_add(struct held_meter *h, uint64_t now)
{
	h->area += ((now - h->last_ps) >> AREA_SHIFT) * h->now;
	h->last_ps = now;
}

/* Every second point goes; the interval doubles. */
static void series_thin(struct held_series *s)
{
	for (uint32_t i = 0; i < RUN_SERIES / 2; i++)
		s->point[i] = s->point[2 * i];
	s->points = RUN_SERIES / 2;
	s->interval_ps *= 2;
}

static void series_to(struct held_meter *h, struct held_series *s, uint64_t now)
{
	while (h->next_ps <= now) {
		if (s->points == RUN_SERIES) {
			series_thin(s);
			h->next_ps = h->begin_ps + s->points * s->interval_ps;
			continue;
		}
		s->point[s->points++] = h->now;
		h->next_ps += s->interval_ps;
	}
}

void metrics_held(struct metrics *m, uint32_t link, uint32_t end,
		  uint32_t slots, uint64_t now)
{
	struct held_meter *h = &m->held[link][end];
	struct held_series *s = &m->r->link[link].held[end];

	if (!h->begun) {
		h->begun = true;
		h->begin_ps = h->last_ps = h->next_ps = now;
		h->now = s->min = s->max = slots;
		s->interval_ps = UINT64_C(1) << FIRST_INTERVAL_SHIFT;
	}
	series_to(h, s, now);
	if (slots == h->now)
		return;
	area_add(h, now);
	h->now = slots;
	if (slots < s->min)
		s->min = slots;
	if (slots > s->max)
		s->max = slots;
}

static void held_finish(struct held_meter *h, struct held_series *s,
			uint64_t now)
{
	uint64_t span;

	if (!h->begun)
		return;
	series_to(h, s, now);
	area_add(h, now);
	span = (now - h->begin_ps) >> AREA_SHIFT;
	s->mean_milli =
		span ? h->area / span * 1000 + h->area % span * 1000 / span
		     : (uint64_t)h->now * 1000;
}

static void flow_sum(struct flow_count *to, const struct flow_count *from)
{
	to->packets += from->packets;
	to->bytes += from->bytes;
}

static void tally_sum(struct tally *to, const struct tally *from)
{
	flow_sum(&to->sent, &from->sent);
	flow_sum(&to->delivered, &from->delivered);
	flow_sum(&to->lost, &from->lost);
	flow_sum(&to->too_large, &from->too_large);
	to->dropped += from->dropped;
	to->returned += from->returned;
	to->kicks_spared += from->kicks_spared;
	to->calls_spared += from->calls_spared;
	for (int k = 0; k < COST_KINDS; k++)
		to->count[k] += from->count[k];
	histogram_merge(to->latency, from->latency);
}

static uint64_t less(uint64_t a, uint64_t b)
{
	return a > b ? a - b : 0;
}

void metrics_finish(struct metrics *m, uint64_t now)
{
	struct run_result *r = m->r;

	r->all.sent.packets = 0;
	for (uint32_t i = 0; i < r->links; i++) {
		struct tally *t = &r->link[i].tally;

		t->lost.packets = less(t->sent.packets, t->delivered.packets);
		t->lost.bytes = less(t->sent.bytes, t->delivered.bytes);
		tally_sum(&r->all, t);
		for (uint32_t end = 0; end < 2; end++)
			held_finish(&m->held[i][end], &r->link[i].held[end],
				    now);
	}
}
