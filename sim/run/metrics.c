/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/run/metrics.h"

#include <string.h>

enum { FIRST_INTERVAL_SHIFT = 20 };

static inline uint64_t *flight_at(const struct flight *f, uint32_t place)
{
	return &f->hash[place & f->mask];
}

static inline struct flight_run *flight_run(const struct flight *f, uint32_t n)
{
	return &f->run[n & f->run_mask];
}

/* After next moved on: the run that it is in. */
static void flight_turn(struct flight *f)
{
	while (f->run_next != f->run_head &&
	       (int32_t)(flight_run(f, f->run_next)->end - f->next) <= 0)
		f->run_next++;
}

/* The next @count packets, which were due then, go on with number @seq. */
static void flight_due(struct flight *f, uint64_t due_ps, uint32_t seq,
		       uint32_t count)
{
	struct flight_run *last = flight_run(f, f->run_head - 1);

	f->head += count;
	if (f->run_next != f->run_head && last->due_ps == due_ps &&
	    last->seq == seq) {
		last->end = f->head;
		last->seq += count;
		return;
	}
	*flight_run(f, f->run_head++) =
		(struct flight_run){due_ps, f->head, seq + count};
}

/* Of @count places from @place on, those that lie side by side. */
static inline uint32_t flight_row(const struct flight *f, uint32_t place,
				  uint32_t count)
{
	uint32_t most = f->mask + 1 - (place & f->mask);

	return most < count ? most : count;
}

static void hashes_take(uint64_t *restrict hash,
			const struct event_item *restrict item, uint32_t count)
{
	for (uint32_t k = 0; k < count; k++)
		hash[k] = item[k].addr;
}

/* How many of @count agree, up to the first that does not. */
static uint32_t hashes_agree(const uint64_t *hash,
			     const struct event_item *item, uint32_t count)
{
	uint64_t differ = 0;
	uint32_t k;

	for (k = 0; k < count; k++) /* nearly always all do: no branches */
		differ |= hash[k] ^ item[k].addr;
	for (k = 0; differ && k < count && hash[k] == item[k].addr;)
		k++;
	return differ ? k : count;
}

/* There are @count more; the oldest make room for them. */
static void flight_add(struct flight *f, const struct event_item *item,
		       uint32_t count)
{
	for (uint32_t k = 0, n; k < count; k += n) {
		n = flight_row(f, f->head + k, count - k);
		hashes_take(flight_at(f, f->head + k), item + k, n);
	}
	for (uint32_t k = 0, n; k < count; k += n) {
		uint64_t due_ps;

		n = app_due_take(f->due, count - k, &due_ps);
		flight_due(f, due_ps, item[k].a, n);
	}
	if (f->head - f->first <= f->mask + 1)
		return;
	f->first = f->head - f->mask - 1;
	if (f->head - f->next > f->mask + 1)
		f->next = f->first;
	flight_turn(f);
}

/* Those that were passed over and are gone need not be looked at again. */
static void flight_trim(struct flight *f)
{
	while (f->first != f->next && *flight_at(f, f->first) == 0)
		f->first++;
}

/*
 * The place of the frame that arrives with @hash: the first one like it, of
 * those that were not passed over if there is one. head: none.
 */
static uint32_t flight_find(const struct flight *f, uint64_t hash)
{
	uint32_t i;

	for (i = f->next; i != f->head; i++)
		if (*flight_at(f, i) == hash)
			return i;
	for (i = f->first; i != f->next; i++)
		if (*flight_at(f, i) == hash)
			return i;
	return f->head;
}

/* The run that @place is in, which is still known. */
static const struct flight_run *flight_run_of(const struct flight *f,
					      uint32_t place)
{
	uint32_t n = f->run_next;

	while ((int32_t)(flight_run(f, n - 1)->end - place) > 0)
		n--;
	while ((int32_t)(flight_run(f, n)->end - place) <= 0)
		n++;
	return flight_run(f, n);
}

/* Frames arrive as they were sent, up to the first that does not: how many. */
static uint32_t flight_land(struct flight *f, const struct event_item *item,
			    uint32_t count, struct histogram *h, uint64_t now)
{
	const struct flight_run *r = flight_run(f, f->run_next);
	uint32_t k;

	if (f->first != f->next || f->run_next == f->run_head)
		return 0;
	if (count > r->end - f->next)
		count = r->end - f->next;
	k = hashes_agree(flight_at(f, f->next), item,
			 flight_row(f, f->next, count));
	if (k)
		histogram_add(h, now - r->due_ps, k);
	f->first = f->next += k;
	f->run_next += f->next == r->end;
	return k;
}

/* One arrives after others were lost, or before them. Strangers do not count.
 */
static void flight_land_odd(struct flight *f, uint64_t hash,
			    struct histogram *h, uint64_t now)
{
	uint32_t i = flight_find(f, hash);

	if (i == f->head)
		return;
	histogram_add(h, now - flight_run_of(f, i)->due_ps, 1);
	*flight_at(f, i) = 0;
	if (i - f->first >= f->next - f->first)
		f->next = i + 1;
	flight_turn(f);
	flight_trim(f);
}

/* The sender has the packet of number @seq back. */
static void flight_back(struct flight *f, uint32_t seq)
{
	for (uint32_t i = f->first; i != f->head; i++) {
		const struct flight_run *r = flight_run_of(f, i);

		if (seq == r->seq - (r->end - i))
			*flight_at(f, i) = 0;
	}
	flight_trim(f);
}

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
	return &m->r->link[queue_link(m->numbers, e->queue)].tally;
}

static void on_send(void *self, const struct event *e)
{
	struct metrics *m = self;
	struct flight *f = &m->flight[queue_nic(e->queue)];

	if (m->r->all.sent.packets == 0)
		m->r->first_ps = e->time;
	m->r->all.sent.packets += event_count(e);
	m->answered[queue_nic(e->queue)] += event_count(e);
	flow_add(&tally_of(m, e)->sent, e);
	flight_add(f, event_items(e), event_count(e));
}

static void on_deliver(void *self, const struct event *e)
{
	struct metrics *m = self;
	struct flight *f =
		&m->flight[nic_beyond(m->numbers, queue_nic(e->queue))];
	struct histogram *h = tally_of(m, e)->latency;
	const struct event_item *item = event_items(e);
	uint32_t count = event_count(e), k = 0;

	flow_add(&tally_of(m, e)->delivered, e);
	m->r->last_ps = e->time;
	while (k < count) {
		uint32_t n = flight_land(f, item + k, count - k, h, e->time);

		if (!n)
			flight_land_odd(f, item[k].addr, h, e->time);
		k += n + !n;
	}
}

static void on_refuse(void *self, const struct event *e)
{
	struct metrics *m = self;

	m->answered[queue_nic(e->queue)] += event_count(e);
	flow_add(&tally_of(m, e)->too_large, e);
}

static void on_fail(void *self, const struct event *e)
{
	struct metrics *m = self;

	tally_of(m, e)->returned++;
	flight_back(&m->flight[queue_nic(e->queue)], e->a);
}

static void on_drop(void *self, const struct event *e)
{
	tally_of(self, e)->dropped++;
}

static void on_no_kick(void *self, const struct event *e)
{
	tally_of(self, e)->kicks_suppressed++;
}

static void on_no_call(void *self, const struct event *e)
{
	tally_of(self, e)->calls_suppressed++;
}

/* Whoever dies spins no more. */
static void on_crash(void *self, const struct event *e)
{
	struct metrics *m = self;

	m->r->actor[e->actor].to_ps = e->time;
}

const struct event_subscriptions metrics_subscriptions = {
	.whole = SUBSCRIBE_BATCH(SEND) | SUBSCRIBE_BATCH(DELIVER) |
		 SUBSCRIBE_BATCH(REFUSE),
	.handler =
		{
			[EV_SEND] = on_send,
			[EV_DELIVER] = on_deliver,
			[EV_REFUSE] = on_refuse,
			[EV_FAIL] = on_fail,
			[EV_DROP] = on_drop,
			[EV_CRASH] = on_crash,
			[EV_NO_KICK] = on_no_kick,
			[EV_NO_USED_NOTIFICATION] = on_no_call,
		},
};

static void counts_add(uint64_t *restrict to, const uint64_t *restrict from)
{
	for (int k = 0; k < COST_KINDS; k++)
		to[k] += from[k];
}

void metrics_step(struct metrics *m, uint32_t actor, uint32_t link,
		  const struct cost_meter *cost)
{
	counts_add(m->r->link[link].tally.count, cost->count);
	counts_add(m->r->actor[actor].count, cost->count);
}

static void area_add(struct held_meter *h, uint64_t now)
{
	h->area += (unsigned __int128)(now - h->last_ps) * h->now;
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
	span = now - h->begin_ps;
	s->mean_milli = span ? (uint64_t)(h->area * 1000 / span)
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
	to->kicks_suppressed += from->kicks_suppressed;
	to->calls_suppressed += from->calls_suppressed;
	counts_add(to->count, from->count);
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

/* Packets that can be under way on one NIC at most. */
static uint32_t flight_room(const struct link_config *l)
{
	return l->bar.slots + 3u * l->ring.size + l->private_rx + 64;
}

/* Packets whose events wait to be heard at most. */
enum { UNHEARD = 2 * (PROBE_PENDING_MAX + EVENT_BATCH_PLACES) + APP_BATCH_MAX };

static uint32_t power_of_two(uint32_t least)
{
	uint32_t n = 1;

	while (n < least)
		n *= 2;
	return n;
}

size_t metrics_size(const struct world_config *c)
{
	size_t size =
		256 + nic_count(&c->numbers) *
			      (sizeof(struct held_meter) +
			       sizeof(struct flight) + sizeof(struct app_due));

	for (uint32_t i = 0; i < c->links; i++)
		size += c->link[i].members *
			(power_of_two(flight_room(&c->link[i])) *
				 (sizeof(uint64_t) +
				  2 * sizeof(struct flight_run)) +
			 power_of_two(UNHEARD) * sizeof(struct due_run) + 64);
	return size;
}

void metrics_init(struct metrics *m, struct run_result *r,
		  const struct world_config *c, struct arena *arena)
{
	m->r = r;
	m->numbers = &c->numbers;
	m->held = arena_take(arena, c->links * sizeof *m->held, 16);
	m->flight = arena_new(arena, struct flight, nic_count(m->numbers));
	m->due = arena_new(arena, struct app_due, nic_count(m->numbers));
	for (uint32_t i = 0; i < nic_count(m->numbers); i++) {
		uint32_t room = power_of_two(
			flight_room(&c->link[nic_link(m->numbers, i)]));
		uint32_t dues = power_of_two(UNHEARD);

		m->due[i] = (struct app_due){
			.run = arena_new(arena, struct due_run, dues),
			.mask = dues - 1};
		m->flight[i] = (struct flight){
			.hash = arena_new(arena, uint64_t, room),
			.run = arena_new(arena, struct flight_run, 2 * room),
			.due = &m->due[i],
			.mask = room - 1,
			.run_mask = 2 * room - 1};
	}
}

uint64_t metrics_due(const struct metrics *m, uint32_t nic, uint32_t ahead)
{
	const struct app_due *d = &m->due[nic];
	uint32_t n = d->tail;

	for (; n != d->head && ahead >= d->run[n & d->mask].count; n++)
		ahead -= d->run[n & d->mask].count;
	return n == d->head ? *d->shown : d->run[n & d->mask].ps;
}
