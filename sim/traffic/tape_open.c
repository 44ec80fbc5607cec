/* SPDX-License-Identifier: BSD-3-Clause */
/* Sources sorted by pair of VMs, and what is wrong with them taken together. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "sim/traffic/generate.h"
#include "sim/traffic/tape_pairs.h"

/* Captures are held while all of them take no more; the rest is read as it is
 * played: 64 MiB. */
#define TAPE_MEMORY (UINT64_C(1) << 26)

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
