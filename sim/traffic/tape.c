/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * How sources are played. A peek looks at the sources of one pair of VMs only,
 * which in most worlds is one.
 */
#include <string.h>

#include "sim/traffic/generate.h"
#include "sim/traffic/tape_pairs.h"

const struct placement *tape_placement(const struct tape *t, uint32_t n)
{
	assert(n < TRAFFIC_MAX);
	return t->recording[n] ? &t->recording[n]->d.placement : NULL;
}

const struct replayed *tape_replayed(const struct tape *t, uint32_t traffic)
{
	assert(traffic < TRAFFIC_MAX);
	return t->recording[traffic] ? &t->recording[traffic]->told : NULL;
}

uint32_t tape_cursors(const struct tape *t)
{
	return t->sources;
}

uint64_t tape_packets(const struct tape *t)
{
	return t->packets;
}

/* The packet of a capture at @place of a pass; NULL: it cannot be read. */
static inline const struct source_packet *row_at(const struct source *s,
						 uint32_t place)
{
	return s->packet ? &s->packet[place] : lane_row(s->lane, place);
}

/* True if the source has a packet, whose due time is then set. */
static inline bool is_ready(const struct source *s, const struct tape_cursor *c,
			    uint64_t *due_ps)
{
	if (c->next == s->total)
		return false;
	if (s->loop == LOOP_QUESTIONS && c->next - c->credit >= s->window)
		return false;
	if (s->loop == LOOP_ANSWERS && c->next >= c->credit)
		return false;
	*due_ps = c->base_ps;
	if (!s->generator) {
		const struct source_packet *p = row_at(s, c->place);

		if (!p)
			return false;
		*due_ps += p->due + (c->rest + p->rest >= s->rate);
	}
	return true;
}

static inline void hand_out(const struct source *s, const struct tape_cursor *c,
			    struct app_packet *out)
{
	*out = (struct app_packet){.seq = c->next, .to = s->to};
	if (!s->generator) {
		const struct source_packet *p = row_at(s, c->place);

		out->bytes = p->bytes;
		out->hash = p->hash;
		out->len = p->len;
		out->gso_size = p->gso_size;
		out->hdr_len = p->hdr_len;
		out->csum_start = p->csum_start;
		out->csum_offset = p->csum_offset;
		out->gso_type = p->gso_type;
		out->copied = p->copied;
	} else {
		generate_frame(s->generator, c->next, out);
	}
}

/* The source that is due first, or UINT32_MAX; its time in *due_ps. */
static uint32_t pick(const struct tape *t, const struct tape_cursor *cursors,
		     const struct pair *p, uint64_t *due_ps)
{
	uint32_t best = UINT32_MAX;
	uint64_t due;

	for (uint32_t i = p->first; i < p->first + p->count; i++)
		if (is_ready(&t->source[i], &cursors[i], &due) &&
		    (best == UINT32_MAX || due < *due_ps)) {
			best = i;
			*due_ps = due;
		}
	return best;
}

enum app_answer tape_peek(const struct tape *t, struct tape_cursor *cursors,
			  uint32_t from, uint32_t to, struct app_packet *out,
			  uint64_t *due_ps)
{
	const struct pair *p = pair_of(t, from, to);
	uint32_t at = p->first;

	if (p->count == 1) {
		if (!is_ready(&t->source[at], &cursors[at], due_ps))
			return APP_NOTHING;
	} else {
		at = pick(t, cursors, p, due_ps);
		if (at == UINT32_MAX)
			return APP_NOTHING;
		cursors[p->first].peeked = at - p->first;
	}
	if (t->source[at].asap)
		*due_ps = TAPE_ASAP;
	hand_out(&t->source[at], &cursors[at], out);
	return APP_PACKET;
}

/* The packet at the cursor is gone; the next may be of the next pass. */
static inline void advance(const struct source *s, struct tape_cursor *c)
{
	c->next++;
	if (++c->place != s->pass)
		return;
	c->place = 0;
	c->base_ps += s->period;
	c->rest += s->period_rest;
	if (c->rest >= s->rate) {
		c->rest -= s->rate;
		c->base_ps++;
	}
}

/*
 * Moves *@c over packets that are due at @now, @most of them; how many. What
 * belongs to the loop alone no store can change.
 */
static uint32_t due_run(const struct source *source, struct tape_cursor *c,
			uint64_t now, uint64_t *due_ps, uint32_t most)
{
	const struct source s = *source;
	struct tape_cursor at = *c;
	uint32_t k = 0;

	while (k < most && is_ready(&s, &at, &due_ps[k]) && due_ps[k] <= now) {
		advance(&s, &at);
		k++;
	}
	*c = at;
	return k;
}

/* Writes @most packets of a capture, up to one that is not for there. */
static uint32_t capture_run(const struct source *s, uint32_t place,
			    const struct app_buffers *to, uint32_t most,
			    struct app_frame *out)
{
	uint32_t k;

	for (k = 0; k < most; k++) {
		const struct source_packet *p = row_at(s, place);

		if (p->len > to->room || p->copied || p->gso_type)
			break;
		memcpy(app_buffer(to, k), p->bytes, p->len);
		out[k] = (struct app_frame){p->hash, p->len};
		place = place + 1 == s->pass ? 0 : place + 1;
	}
	return k;
}

uint32_t tape_fill(const struct tape *t, struct tape_cursor *cursors,
		   uint32_t from, uint32_t to, const struct tape_order *o)
{
	const struct pair *p = pair_of(t, from, to);
	const struct source *s = &t->source[p->first];
	struct tape_cursor *c = &cursors[p->first], then;
	uint32_t due, count;

	if (p->count != 1)
		return 0;
	then = *c;
	due = due_run(s, &then, o->now, o->due_ps, o->to.count);
	count = s->generator ? generate_run(s->generator, c->next, &o->to, due,
					    o->out)
			     : capture_run(s, c->place, &o->to, due, o->out);
	if (count < due)
		due_run(s, c, o->now, o->due_ps, count);
	else
		*c = then;
	for (uint32_t k = 0; s->asap && k < count; k++)
		o->due_ps[k] = o->now;
	return count;
}

void tape_take(const struct tape *t, struct tape_cursor *cursors, uint32_t from,
	       uint32_t to)
{
	const struct pair *p = pair_of(t, from, to);
	uint32_t peeked = cursors[p->first].peeked;
	const struct source *s = &t->source[p->first + peeked];
	struct tape_cursor *c = &cursors[p->first + peeked];

	assert(peeked < p->count && c->next < s->total);
	advance(s, c);
	if (p->count > 1)
		cursors[p->first].peeked = 0;
}

uint64_t tape_left(const struct tape *t, const struct tape_cursor *cursors,
		   uint32_t from, uint32_t to)
{
	const struct pair *p = pair_of(t, from, to);
	uint64_t left = 0;

	for (uint32_t i = p->first; i < p->first + p->count; i++)
		left += t->source[i].total - cursors[i].next;
	return left;
}

bool tape_waits(const struct tape *t, const struct tape_cursor *cursors,
		uint32_t from, uint32_t to)
{
	uint64_t due_ps = 0;

	return pick(t, cursors, pair_of(t, from, to), &due_ps) != UINT32_MAX;
}

bool tape_follows(const struct tape *t, uint32_t from, uint32_t to)
{
	return pair_of(t, from, to)->loops;
}

void tape_delivered(const struct tape *t, struct tape_cursor *cursors,
		    uint32_t from, uint32_t to, uint32_t len)
{
	const struct pair *p = pair_of(t, from, to);

	if (!p->loops)
		return;
	for (uint32_t i = p->first; i < p->first + p->count; i++) {
		const struct source *s = &t->source[i];

		if (s->loop == LOOP_OPEN || generate_len(s->generator) != len)
			continue;
		if (cursors[s->peer].credit == cursors[i].next)
			continue; /* all of its packets have arrived */
		cursors[s->peer].credit++;
		return;
	}
}

bool tape_problem(const struct tape *t, char *error, uint32_t size)
{
	for (uint32_t i = 0; i < t->sources; i++) {
		const struct lane *l = t->source[i].lane;

		if (!l || !l->problem)
			continue;
		snprintf(error, size, "%s: %s", l->feed.plan->traffic->pcap,
			 l->problem);
		return true;
	}
	return false;
}
