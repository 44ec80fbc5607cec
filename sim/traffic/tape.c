/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Sources sorted by pair of VMs, and how they are played. A peek looks at the
 * sources of one pair only, which in most worlds is one.
 */
#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "sim/traffic/generate.h"
#include "sim/traffic/source.h"
#include "sim/traffic/tape.h"

/* Captures are held while all of them take no more; the rest is read as it is
 * played: 64 MiB. */
#define TAPE_MEMORY (UINT64_C(1) << 26)

/* The sources from one VM to another: a stretch of tape.source. */
struct pair {
	uint32_t first;
	uint16_t count;
	bool loops; /* some of them wait for deliveries */
};

struct tape {
	struct source *source; /* by pair, then as they were added */
	uint32_t sources;
	uint64_t packets;
	uint32_t vms;
	struct pair *pair; /* by sender, then receiver */
	struct recording *recording[TRAFFIC_MAX];
};

static struct pair *pair_of(const struct tape *t, uint32_t from, uint32_t to)
{
	assert(from < t->vms && to < t->vms);
	return &t->pair[from * t->vms + to];
}

static int by_pair(const void *a, const void *b)
{
	const struct source *x = a;
	const struct source *y = b;

	if (x->from != y->from)
		return x->from < y->from ? -1 : 1;
	if (x->to != y->to)
		return x->to < y->to ? -1 : 1;
	return x->number < y->number ? -1 : 1;
}

/* Peers are named by number of adding; afterwards by place. */
static bool sort_sources(struct tape *t)
{
	uint32_t *place = calloc(t->sources + 1, sizeof *place);

	if (!place)
		return false;
	if (t->sources)
		qsort(t->source, t->sources, sizeof *t->source, by_pair);
	for (uint32_t i = 0; i < t->sources; i++)
		place[t->source[i].number] = i;
	for (uint32_t i = 0; i < t->sources; i++)
		if (t->source[i].loop != LOOP_OPEN)
			t->source[i].peer = place[t->source[i].peer];
	free(place);
	return true;
}

static bool fill_pairs(struct tape *t)
{
	t->pair = calloc((size_t)t->vms * t->vms, sizeof *t->pair);
	if (!t->pair)
		return false;
	for (uint32_t i = 0; i < t->sources; i++) {
		const struct source *s = &t->source[i];
		struct pair *p = pair_of(t, s->from, s->to);

		if (!p->count)
			p->first = i;
		p->count++;
		p->loops |= s->loop != LOOP_OPEN;
		assert(p->first + p->count == i + 1);
		if (__builtin_add_overflow(t->packets, s->total, &t->packets))
			t->packets = UINT64_MAX;
	}
	return true;
}

/* Due times are added without a check while playing; here is the check. */
static bool ends_in_time(const struct source *s)
{
	unsigned __int128 passes = s->total ? (s->total - 1) / s->pass : 0;
	unsigned __int128 end = passes * s->period;

	if (end > CAPTURE_SPAN_MAX_PS)
		return false;
	end += passes * s->period_rest / s->rate;
	end += s->last_due;
	return end <= CAPTURE_SPAN_MAX_PS;
}

static bool check_entry(struct source_list *l, const struct scenario *sc,
			uint32_t n)
{
	const struct traffic_config *t = &sc->traffic[n];

	if (sc->world.vms < 2 || sc->world.links < 1)
		return source_fail(l, EXIT_BAD_SCENARIO,
				   "traffic[%" PRIu32 "]: it needs two VMs and "
				   "a link",
				   n);
	if (t->pace == PACE_RATE && t->rate > SECOND_PS)
		return source_fail(l, EXIT_BAD_SCENARIO,
				   "traffic[%" PRIu32 "]: a rate of %" PRIu64
				   "; at most %" PRIu64 " packets a second are "
				   "possible",
				   n, t->rate, SECOND_PS);
	return true;
}

static bool add_entry(struct source_list *l, const struct scenario *sc,
		      uint32_t n)
{
	uint32_t first = l->count;
	bool is_pcap = sc->traffic[n].kind == TRAFFIC_PCAP;

	if (!check_entry(l, sc, n))
		return false;
	if (!(is_pcap ? replay_add(l, sc, n) : synthetic_add(l, sc, n)))
		return false;
	for (uint32_t i = first; i < l->count; i++)
		if (!ends_in_time(&l->source[i]))
			return source_fail(
				l, EXIT_BAD_SCENARIO,
				"traffic[%" PRIu32 "]: it lasts longer than "
				"200 days; %s",
				n,
				is_pcap ? "give max-gap or repeat it less"
					: "ask for fewer packets or for more "
					  "a second");
	return true;
}

/* Standard input can be read once: as the scenario or as one capture. */
static bool check_stdin(struct source_list *l, const struct scenario *sc)
{
	uint32_t readers = sc->file && strcmp(sc->file, "-") == 0;

	for (uint32_t i = 0; i < sc->traffics; i++)
		readers += sc->traffic[i].kind == TRAFFIC_PCAP &&
			   strcmp(sc->traffic[i].pcap, "-") == 0;
	if (readers <= 1)
		return true;
	return source_fail(l, EXIT_BAD_SCENARIO,
			   "standard input (-) is named %" PRIu32
			   " times; it can be read once",
			   readers);
}

static bool crosses(const struct source_list *l, const struct link_config *link)
{
	for (uint32_t i = 0; i < l->count; i++) {
		uint8_t from = l->source[i].from, to = l->source[i].to;

		if ((link->end[0] == from && link->end[1] == to) ||
		    (link->end[0] == to && link->end[1] == from))
			return true;
	}
	return false;
}

static uint32_t captures_of(const struct scenario *sc)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < sc->traffics; i++)
		n += sc->traffic[i].kind == TRAFFIC_PCAP;
	return n;
}

static bool all_on_one(struct source_list *l, const struct world_config *w,
		       uint32_t captures, uint32_t link)
{
	return source_fail(l, EXIT_BAD_SCENARIO,
			   "all %" PRIu32 " captures cross link %" PRIu32
			   ", %s - %s, and no other: endpoint k of each "
			   "capture lives in VM k mod %" PRIu32
			   "; give them a scenario each, or leave out the "
			   "other links",
			   captures, link, w->vm[w->link[link].end[0]].name,
			   w->vm[w->link[link].end[1]].name, w->vms);
}

static void tell_idle(struct source_list *l, const struct scenario *sc,
		      uint32_t link)
{
	const struct world_config *w = &sc->world;

	source_notice(l, sc->file ? sc->file : "-",
		      "no packet crosses link %" PRIu32
		      ", %s - %s: endpoint k of each capture lives in VM k "
		      "mod %" PRIu32,
		      link, w->vm[w->link[link].end[0]].name,
		      w->vm[w->link[link].end[1]].name, w->vms);
}

/*
 * Of several captures it is easily thought that each has a link of its own. If
 * all of them are on one, nobody can have meant it.
 */
static bool check_links(struct source_list *l, const struct scenario *sc)
{
	const struct world_config *w = &sc->world;
	uint32_t captures = captures_of(sc), used = 0, last = 0;

	if (!captures || !l->count)
		return true;
	for (uint32_t i = 0; i < w->links; i++)
		if (crosses(l, &w->link[i])) {
			last = i;
			used++;
		}
	if (captures > 1 && w->links > 1 && used == 1)
		return all_on_one(l, w, captures, last);
	for (uint32_t i = 0; i < w->links; i++)
		if (!crosses(l, &w->link[i]))
			tell_idle(l, sc, i);
	return true;
}

static bool open_all(struct tape *t, struct source_list *l,
		     const struct scenario *sc)
{
	bool ok = check_stdin(l, sc);

	for (uint32_t i = 0; ok && i < sc->traffics; i++)
		ok = add_entry(l, sc, i);
	t->source = l->source;
	t->sources = l->count;
	if (ok && !sort_sources(t))
		ok = source_fail(l, EXIT_UNREADABLE, "out of memory");
	ok = ok && check_links(l, sc);
	if (ok && !fill_pairs(t))
		ok = source_fail(l, EXIT_UNREADABLE, "out of memory");
	return ok;
}

struct tape *tape_open(const struct scenario *sc, FILE *talk, char *error,
		       uint32_t size, int *exit_code)
{
	struct tape *t = calloc(1, sizeof *t);
	struct source_list l = {.talk = talk, .error = error, .size = size};

	assert(sc->traffics <= TRAFFIC_MAX);
	assert(sc->world.vms > 0 && sc->world.vms <= VM_MAX);
	if (!t) {
		source_fail(&l, EXIT_UNREADABLE, "out of memory");
		*exit_code = l.exit_code;
		return NULL;
	}
	t->vms = sc->world.vms;
	l.recording = t->recording;
	l.memory = TAPE_MEMORY;
	if (!open_all(t, &l, sc)) {
		*exit_code = l.exit_code;
		tape_close(t);
		return NULL;
	}
	return t;
}

void tape_close(struct tape *t)
{
	if (!t)
		return;
	for (uint32_t i = 0; i < t->sources; i++) {
		generate_close(t->source[i].generator);
		lane_close(t->source[i].lane);
	}
	for (uint32_t i = 0; i < TRAFFIC_MAX; i++)
		replay_free(t->recording[i]);
	free(t->pair);
	free(t->source);
	free(t);
}

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
