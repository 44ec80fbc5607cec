/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A generator entry of the traffic as sources: how many, how often, which
 * waits for which. A value of 0 in the entry stands for "not given".
 */
#include <assert.h>
#include <inttypes.h>

#include "sim/traffic/generate.h"
#include "sim/traffic/source.h"

enum { STREAMS_PER_ENTRY = 4 };

/* One generator entry on its way to become sources. */
struct synthetic {
	struct source_list *l;
	const struct scenario *sc;
	const struct traffic_config *traffic;
	uint32_t number; /* of the entry */
	uint32_t stream; /* of the next generator */
};

static enum generate_shape shape_of(enum traffic_kind kind)
{
	switch (kind) {
	case TRAFFIC_IMIX:
		return GENERATE_IMIX;
	case TRAFFIC_ONE_WAY:
		return GENERATE_DRAWN;
	case TRAFFIC_FIXED:
	case TRAFFIC_REQUEST_RESPONSE:
	case TRAFFIC_BURSTS:
	case TRAFFIC_PCAP:
		break;
	}
	return GENERATE_FIXED;
}

static uint64_t total_of(const struct traffic_config *t)
{
	uint64_t total;

	if (__builtin_mul_overflow(t->packets, t->repeat ? t->repeat : 1,
				   &total))
		return UINT64_MAX - 1;
	return total;
}

static void set_pace(struct source *s, const struct traffic_config *t)
{
	s->rate = 1;
	s->pass = 1;
	if (t->kind == TRAFFIC_BURSTS) {
		s->pass = t->burst ? t->burst : 1;
		s->period = t->gap_ps;
	} else if (t->pace == PACE_RATE && t->rate && s->loop != LOOP_ANSWERS) {
		source_set_rate(s, 1, t->rate);
	}
	s->asap = s->period == 0 && s->period_rest == 0;
}

static struct source *add(struct synthetic *y, uint8_t from, uint8_t to,
			  uint32_t bytes, enum source_loop loop)
{
	const struct traffic_config *t = y->traffic;
	struct generator_config config = {.shape = shape_of(t->kind),
					  .bytes = bytes,
					  .seed = y->sc->seed,
					  .stream = y->stream++,
					  .from = from,
					  .to = to};
	struct source s = {.from = from,
			   .to = to,
			   .loop = loop,
			   .window = t->window ? t->window : 1,
			   .total = total_of(t)};
	struct source *added;

	set_pace(&s, t);
	s.generator = generate_open(&config);
	if (!s.generator) {
		source_fail(y->l, EXIT_UNREADABLE, "out of memory");
		return NULL;
	}
	added = source_add(y->l, &s);
	if (!added)
		generate_close(s.generator);
	return added;
}

/* Questions one way and answers the other, each other's peer. */
static bool add_loop(struct synthetic *y, uint8_t from, uint8_t to)
{
	const struct traffic_config *t = y->traffic;
	uint32_t first = y->l->count;

	if (!add(y, from, to, t->bytes, LOOP_QUESTIONS) ||
	    !add(y, to, from, t->reply_bytes, LOOP_ANSWERS))
		return false;
	y->l->source[first].peer = first + 1;
	y->l->source[first + 1].peer = first;
	return true;
}

static bool add_one(struct synthetic *y, uint8_t from, uint8_t to)
{
	if (y->traffic->kind == TRAFFIC_REQUEST_RESPONSE)
		return add_loop(y, from, to);
	return add(y, from, to, y->traffic->bytes, LOOP_OPEN) != NULL;
}

static bool check_bytes(struct synthetic *y, uint32_t bytes)
{
	if (bytes >= GENERATE_MIN && bytes <= GENERATE_MAX)
		return true;
	return source_fail(y->l, EXIT_BAD_SCENARIO,
			   "traffic[%" PRIu32 "]: a frame of %" PRIu32
			   " bytes; 14 to 262144 are possible",
			   y->number, bytes);
}

static bool check_ends(struct synthetic *y)
{
	const struct world_config *w = &y->sc->world;
	const struct traffic_config *t = y->traffic;

	for (uint32_t i = 0; i < w->links; i++) {
		const uint8_t *end = w->link[i].end;

		if ((end[0] == t->from && end[1] == t->to) ||
		    (end[1] == t->from && end[0] == t->to))
			return true;
	}
	return source_fail(y->l, EXIT_BAD_SCENARIO,
			   "traffic[%" PRIu32 "]: no link joins VM %u and "
			   "VM %u",
			   y->number, t->from, t->to);
}

static bool check(struct synthetic *y)
{
	const struct traffic_config *t = y->traffic;

	if (t->kind != TRAFFIC_IMIX && !check_bytes(y, t->bytes))
		return false;
	if (t->kind == TRAFFIC_REQUEST_RESPONSE &&
	    !check_bytes(y, t->reply_bytes))
		return false;
	return check_ends(y);
}

bool synthetic_add(struct source_list *l, const struct scenario *sc, uint32_t n)
{
	struct synthetic y = {.l = l,
			      .sc = sc,
			      .traffic = &sc->traffic[n],
			      .number = n,
			      .stream = STREAMS_PER_ENTRY * n};
	uint8_t from = y.traffic->from;
	uint8_t to = y.traffic->to;

	assert(y.traffic->kind != TRAFFIC_PCAP);
	if (!check(&y) || !add_one(&y, from, to))
		return false;
	return !y.traffic->both || add_one(&y, to, from);
}
