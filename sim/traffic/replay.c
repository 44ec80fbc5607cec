/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A capture as sources: who sends what to whom, and when. What fits into memory
 * is worked out beforehand, so that playing a packet is copying a row; of what
 * does not a window is held, for each source of its own.
 */
#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "sim/traffic/direction/direction.h"
#include "sim/traffic/feed.h"
#include "sim/traffic/lane.h"
#include "sim/traffic/replay_tell.h"
#include "sim/traffic/source.h"

/* Memory for all windows of a capture, and bytes of one block of them. */
#define LANES_MEMORY (UINT64_C(1) << 22)
#define BLOCK_LEAST  (UINT64_C(1) << 14)
#define BLOCK_MOST   (UINT64_C(1) << 18)
#define DAY_PS       UINT64_C(86400000000000000)

/* Rows pair by pair: the first of each pair; NULL: out of memory. */
static uint64_t *place_rows(const struct replay *r)
{
	uint32_t pairs = r->d->vms * r->d->vms;
	uint64_t *place = calloc(pairs, sizeof *place), sum = 0;

	for (uint32_t i = 0; place && i < pairs; i++) {
		place[i] = sum;
		sum += r->d->sent[i];
	}
	assert(!place || sum == r->rows);
	return place;
}

/*
 * Fills the rows of the recording; @place is the next free one of each pair.
 * False: the file changed.
 */
static bool fill_rows(const struct replay *r, struct feed *f, uint64_t *place)
{
	uint64_t used = 0;

	while (feed_next(f)) {
		uint64_t size = feed_room(f->packet.len);
		struct source_packet p;

		if (used + size > r->to->room)
			return false;
		p = feed_row(f, r->to->bytes + used);
		used += size;
		for (uint64_t to = f->to; to; to &= to - 1) {
			uint32_t vm = (uint32_t)__builtin_ctzll(to);

			r->to->row[place[f->from * r->d->vms + vm]++] = p;
		}
	}
	return !f->failed;
}

static bool hold_in_memory(struct replay *r, const struct feed_plan *plan)
{
	uint64_t *place = place_rows(r);
	struct feed f;
	bool ok;

	r->to->bytes = malloc(r->to->room);
	r->to->row = calloc(r->rows + 1, sizeof *r->to->row);
	if (!place || !r->to->bytes || !r->to->row || !feed_begin(&f, plan)) {
		free(place);
		return replay_fail_memory(r);
	}
	ok = fill_rows(r, &f, place);
	feed_end(&f);
	free(place);
	capture_let_go(&r->to->c);
	return ok || replay_fail_changed(r);
}

/* Whether all of the capture is held, and is then paid for. */
static bool fits(struct replay *r)
{
	uint64_t need = r->rows * sizeof *r->to->row + r->to->room;

	if (need > r->l->memory)
		return false;
	r->l->memory -= need;
	return true;
}

/* The pace that all sources of the capture share. */
static struct source paced(const struct replay *r)
{
	const struct capture *c = r->c;
	struct source s = {.rate = 1};
	uint64_t span;

	if (feed_is_rate(r->traffic)) {
		source_set_rate(&s, r->d->full, r->traffic->rate);
	} else if (r->traffic->pace == PACE_ASAP ||
		   r->traffic->pace == PACE_RATE) {
		s.asap = true;
	} else if (c->count > 1) {
		span = c->span_ps;
		s.period =
			feed_scaled(r->traffic, span + span / (c->count - 1));
	}
	return s;
}

/* When the last packet of a pass is due, at the latest. */
static uint64_t last_due(const struct replay *r)
{
	const struct traffic_config *t = r->traffic;
	unsigned __int128 end = r->d->full;

	if (feed_is_rate(t))
		return (uint64_t)(end * SECOND_PS / t->rate);
	return feed_scaled(t, r->c->span_ps);
}

/* Bytes that each of so many windows may hold in a block. */
static uint64_t block_bytes(uint32_t windows)
{
	uint64_t bytes = LANES_MEMORY / windows;

	if (bytes < BLOCK_LEAST)
		return BLOCK_LEAST;
	return bytes < BLOCK_MOST ? bytes : BLOCK_MOST;
}

/* Gives @s what it plays: rows from @first on, or a window of its own. */
static bool set_rows(struct replay *r, struct source *s, uint64_t first)
{
	if (r->to->row) {
		s->packet = r->to->row + first;
		return true;
	}
	s->lane = lane_open(&r->to->plan, s->from, s->to, s->pass,
			    block_bytes(r->pairs));
	return s->lane || replay_fail_memory(r);
}

static bool add_source(struct replay *r, struct source *s, uint64_t count,
		       uint64_t first)
{
	uint32_t repeat = r->traffic->repeat ? r->traffic->repeat : 1;

	if (count > UINT32_MAX)
		return source_fail(r->l, EXIT_UNREADABLE,
				   "%s: %" PRIu64 " packets from one VM to "
				   "another; at most 4294967295 are possible",
				   r->traffic->pcap, count);
	s->pass = (uint32_t)count;
	s->total = count * repeat;
	if (!set_rows(r, s, first))
		return false;
	if (source_add(r->l, s))
		return true;
	lane_close(s->lane);
	return false;
}

static bool add_sources(struct replay *r)
{
	struct source s = paced(r);
	uint64_t first = 0;

	s.last_due = last_due(r);
	for (uint32_t from = 0; from < r->d->vms; from++)
		for (uint32_t to = 0; to < r->d->vms; to++) {
			uint64_t count = *direction_sent(r->d, from, to);

			s.from = (uint8_t)from;
			s.to = (uint8_t)to;
			if (count && !add_source(r, &s, count, first))
				return false;
			first += count;
		}
	if (r->to->row)
		direction_free(&r->to->d);
	return true;
}

static bool make_packets(struct replay *r)
{
	r->to->plan = (struct feed_plan){.c = r->c,
					 .d = r->d,
					 .world = &r->sc->world,
					 .traffic = r->traffic};
	for (uint32_t i = 0; i < r->d->vms * r->d->vms; i++) {
		r->rows += r->d->sent[i];
		r->pairs += r->d->sent[i] > 0;
	}
	r->to->room = r->c->bytes + r->c->count * (FEED_ALIGN - 1);
	if (fits(r) && !hold_in_memory(r, &r->to->plan))
		return false;
	return add_sources(r);
}

static bool has_link(const struct world_config *w, uint32_t vm)
{
	for (uint32_t i = 0; i < w->links; i++)
		if (w->link[i].end[0] == vm || w->link[i].end[1] == vm)
			return true;
	return false;
}

/* The links forward what the endpoints say, from where they live. */
static bool check_placement(struct replay *r)
{
	const struct world_config *w = &r->sc->world;

	if (r->d->placement.torn_packets)
		return replay_fail_torn(r);
	if (r->d->by_guess && !has_link(w, 0))
		return replay_fail_entry(
			r,
			"%" PRIu64 " packets do not tell who sends "
			"and are taken as %s's, where no link ends",
			r->d->by_guess, w->vm[0].name);
	return true;
}

static bool find_directions(struct replay *r)
{
	switch (direction_find(r->c, &r->sc->world, r->traffic->direction_by,
			       true, &r->to->d)) {
	case DIRECTION_FOUND:
		return true;
	case DIRECTION_ONE_ENDPOINT:
		return replay_fail_one_endpoint(r);
	case DIRECTION_CHANGED:
		return replay_fail_changed(r);
	case DIRECTION_NO_MEMORY:
		break;
	}
	return source_fail(r->l, EXIT_UNREADABLE, "%s: %s", r->traffic->pcap,
			   strerror(errno));
}

static bool spans_too_long(const struct replay *r)
{
	return replay_keeps_time(r->traffic) &&
	       r->to->c.span_ps > CAPTURE_SPAN_MAX_PS;
}

/*
 * Gaps are kept as far as the clock goes; beyond that, and unless the scenario
 * says otherwise, those above a day are cut to one, which is told like any
 * other cut. False: out of memory.
 */
static bool cut_long_gaps(struct replay *r)
{
	if (r->traffic->max_gap_ps || !spans_too_long(r))
		return true;
	return capture_limit_gaps(&r->to->c, DAY_PS);
}

static bool read_capture(struct replay *r)
{
	struct capture *c = &r->to->c;
	const struct traffic_config *t = r->traffic;
	struct capture_options options = {.pad = t->snapped == SNAPPED_PAD,
					  .max_gap_ps = t->max_gap_ps};

	if (!capture_open(t->pcap, &options, c, r->l->error, r->l->size)) {
		r->l->exit_code = EXIT_UNREADABLE;
		return false;
	}
	if (!cut_long_gaps(r))
		return source_fail(r->l, EXIT_UNREADABLE, "%s: out of memory",
				   t->pcap);
	if (spans_too_long(r))
		return source_fail(r->l, EXIT_BAD_SCENARIO,
				   "%s: it spans more than 200 days; give "
				   "max-gap, or pace: asap",
				   t->pcap);
	if (!c->damaged || t->damaged == DAMAGED_USE)
		return true;
	return source_fail(r->l, EXIT_UNREADABLE,
			   "%s: %s; %" PRIu64 " good packets before it",
			   t->pcap, c->problem, c->count);
}

bool replay_add(struct source_list *l, const struct scenario *sc, uint32_t n)
{
	struct replay r = {.l = l, .sc = sc, .traffic = &sc->traffic[n]};

	assert(r.traffic->kind == TRAFFIC_PCAP && r.traffic->pcap);
	r.to = calloc(1, sizeof *r.to);
	if (!r.to)
		return replay_fail_memory(&r);
	l->recording[n] = r.to;
	r.to->told.traffic = n;
	l->told = &r.to->told;
	r.c = &r.to->c;
	r.d = &r.to->d;
	if (!read_capture(&r) || !find_directions(&r) || !check_placement(&r) ||
	    !make_packets(&r))
		return false;
	replay_tell(&r);
	return true;
}

void replay_free(struct recording *to)
{
	if (!to)
		return;
	capture_close(&to->c);
	direction_free(&to->d);
	free(to->row);
	free(to->bytes);
	free(to);
}
