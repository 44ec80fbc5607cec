/* SPDX-License-Identifier: BSD-3-Clause */
#include "tools/report/explore.h"

#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "sim/text/visible.h"
#include "tools/format/json.h"
#include "tools/format/repeat.h"
#include "tools/line/version.h"
#include "tools/report/chart.h"
#include "tools/report/lanes.h"

enum { LANE_LEAST = 7, DIGEST_BITS = 64 };

static int by_value(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

static uint64_t median_ns(const struct explored *o, uint32_t n)
{
	return o->bench[n].ns[o->rounds / 2];
}

void explored_sort(struct explored *o)
{
	assert(o->rounds > 0 && o->cases > 0);
	for (uint32_t i = 0; i < o->cases; i++)
		qsort(o->bench[i].ns, o->rounds, sizeof o->bench[i].ns[0],
		      by_value);
	o->wall_ns = median_ns(o, 0);
}

static uint64_t per_second(uint64_t count, uint64_t ns)
{
	return (uint64_t)((unsigned __int128)count * 1000000000u /
			  (ns ? ns : 1));
}

/* What is kept for good, by states that were seen, in tenths of a byte. */
static uint64_t state_tenths(const struct search_result *r)
{
	return 10 *
	       (r->visited_bytes + r->parent_log_bytes + r->remembered_bytes) /
	       r->states;
}

/*
 * log2 of n^2 / 2^65, rounded up: how likely one of n digests, of states and of
 * what is remembered, was taken for another.
 */
static uint32_t omission_bits(const struct search_result *r)
{
	uint64_t digests = r->states + r->remembered;
	uint32_t bits = 0;

	while (bits < 32 && digests >> bits)
		bits++;
	return DIGEST_BITS + 1 - 2 * bits;
}

static bool only_expected(const struct scenario *sc,
			  const struct search_result *r)
{
	for (uint32_t i = 0; i < r->violations; i++)
		if (!clause_list_has(&sc->expect.violations,
				     r->violation[i].finding.clause))
			return false;
	return true;
}

bool explored_passed(const struct scenario *sc, const struct search_result *r)
{
	const struct clause_list *all = &sc->expect.violations;

	if (!only_expected(sc, r))
		return false;
	for (uint32_t i = 0; i < all->count && !r->enough; i++)
		if (!search_found(r, all->clause[i]))
			return false;
	return true;
}

bool explored_cut_off(const struct search_result *r)
{
	return !r->complete && !r->enough;
}

static int lane_width(const struct lanes *l)
{
	int width = LANE_LEAST;

	for (uint32_t i = 0; i < l->count; i++)
		if ((int)strlen(l->name[i]) > width)
			width = (int)strlen(l->name[i]);
	return width;
}

static void put_step(FILE *out, const struct lanes *l, int width,
		     uint32_t number, const struct trace_step *s)
{
	char verb[SCRIPT_LINE];

	lanes_verb(l, s, verb, sizeof verb);
	fprintf(out, "  %3" PRIu32 " ", number);
	for (uint32_t i = 0; i < l->count; i++)
		fprintf(out, " %-*s", width, i == s->actor ? verb : ".");
	if (s->actor >= l->count)
		fprintf(out, " %s", verb);
	if (*s->slots)
		fprintf(out, " [%s]", s->slots);
	fprintf(out, " %s\n", s->what);
}

static void put_violation(FILE *out, const struct explored *o,
			  const struct search_violation *v)
{
	const struct finding *f = &v->finding;
	struct lanes l = lanes_of(&o->sc->world);
	int width = lane_width(&l);

	fprintf(out, "\n%s: %s\n", clause_info(f->clause)->id,
		clause_info(f->clause)->words);
	fprintf(out, "  after %" PRIu32 " moves%s", v->steps,
		v->at_rest ? ", quiescent" : "");
	if (v->cycle)
		fprintf(out, ", the last %" PRIu32 " for ever", v->cycle);
	fprintf(out, ": %s, link %" PRIu32, v->actor, f->link);
	if (f->slot != NO_SLOT)
		fprintf(out, ", slot %" PRIu32, f->slot);
	fprintf(out, ": %s\n\n      ", f->detail);
	for (uint32_t i = 0; i < l.count; i++)
		fprintf(out, " %-*s", width, l.name[i]);
	fprintf(out, "%s\n", *v->step->slots ? " [who holds slots]" : "");
	for (uint32_t i = 0; i < v->steps; i++) {
		if (v->cycle && i == v->steps - v->cycle)
			fprintf(out, "       from here on, round and round:\n");
		put_step(out, &l, width, i + 1, &v->step[i]);
	}
}

void explored_print_violations(FILE *out, const struct explored *o)
{
	const struct search_result *r = o->result;

	for (uint32_t i = 0; i < r->violations; i++)
		put_violation(out, o, &r->violation[i]);
	if (r->violations == 0)
		return;
	fprintf(out, "\nto %s %s again\n  ", o->saved ? "see" : "find",
		clause_info(r->violation[0].finding.clause)->id);
	if (o->saved)
		repeat_put(out,
			   &(struct repeat){.verb = "run", .file = o->saved});
	else
		repeat_put(out, o->again);
	fputc('\n', out);
}

/* How much faster several processes were than one, in hundredths. */
static uint64_t gain_hundredths(const struct explored *o)
{
	return 100 * median_ns(o, 0) / median_ns(o, 1);
}

/* What pages the memory is in that several processes share. */
static const char *pages_word(const struct explored *o)
{
	return o->large ? "large" : "small";
}

static void put_bench(FILE *out, const struct explored *o)
{
	uint64_t states = o->result->states, gain;

	fprintf(out,
		"  states/s, median (least to most) of %" PRIu32
		" rounds in turn\n",
		o->rounds);
	for (uint32_t i = 0; i < o->cases; i++)
		fprintf(out,
			"    --jobs %" PRIu32 " %9" PRIu64 " (%" PRIu64
			" to %" PRIu64 ")\n",
			o->bench[i].jobs, per_second(states, median_ns(o, i)),
			per_second(states, o->bench[i].ns[o->rounds - 1]),
			per_second(states, o->bench[i].ns[0]));
	if (o->cases < 2)
		return;
	gain = gain_hundredths(o);
	fprintf(out,
		"    %" PRIu32 " processes are %" PRIu64 ".%02u times as fast"
		" as one\n",
		o->bench[1].jobs, gain / 100, (unsigned)(gain % 100));
	fprintf(out, "    what they share is in %s pages\n", pages_word(o));
}

/* What is done at once, so that no order within it is tried. */
static const char *step_words(const struct scenario *sc)
{
	if (sc->explore.grain)
		return "all that is done with one slot";
	if (!sc->world.one_action)
		return "a whole turn of a driver or a worker";
	return "an index and all that it covers; a chain with its entry; a "
	       "copy; "
	       "a look at suppression with its kick or call; looks that find "
	       "nothing";
}

static void put_liveness(FILE *out, const struct explored *o)
{
	const struct search_result *r = o->result;

	if (r->judged)
		fprintf(out,
			"  what can last for ever was looked for among %" PRIu64
			" states: %" PRIu64 " found\n",
			r->judged, r->cycles);
	else if (o->sc->explore.liveness)
		fprintf(out, "  what can last for ever was not looked for\n");
}

void explored_print(FILE *out, const struct explored *o)
{
	const struct search_result *r = o->result;
	uint64_t tenths = state_tenths(r);

	fprintf(out, "%s: %s\n", VISIBLE(o->sc->name),
		r->violations && explored_passed(o->sc, r)
			? "violated, as expected"
		: !explored_passed(o->sc, r)
			? r->violations == 0
				  ? "NOT VIOLATED, though it was expected"
			  : only_expected(o->sc, r)
				  ? "NOT ALL VIOLATED that was expected"
				  : "VIOLATED"
		: r->complete ? "clean"
			      : "clean as far as it went");
	fprintf(out, "  %s: %s%s\n", VISIBLE(o->sc->file),
		r->complete ? "complete" : "not complete, ",
		r->complete ? "" : r->why);
	fprintf(out,
		"  %" PRIu64 " states, %" PRIu64 " transitions, depth %" PRIu32
		", %" PRIu64 " quiescent\n",
		r->states, r->transitions, r->depth, r->rests);
	fprintf(out,
		"  %" PRIu64 ".%03u s measured: %" PRIu64 " states/s, %" PRIu64
		" transitions/s\n",
		o->wall_ns / 1000000000u,
		(unsigned)(o->wall_ns / 1000000 % 1000),
		per_second(r->states, o->wall_ns),
		per_second(r->transitions, o->wall_ns));
	fprintf(out,
		"  %" PRIu64 ".%" PRIu64 " bytes a state; %" PRIu32
		" bytes a snapshot, those that "
		"waited took %" PRIu64 " KiB at most\n",
		tenths / 10, tenths % 10, r->snapshot_bytes,
		r->frontier_bytes >> 10);
	fprintf(out,
		"  %" PRIu64 " MiB resident at most, what processes share "
		"counted in each\n",
		o->resident_bytes >> 20);
	fprintf(out, "  probability of an omission: 2^-%" PRIu32 " at most\n",
		omission_bits(r));
	fprintf(out, "  one step holds: %s\n", step_words(o->sc));
	put_liveness(out, o);
	if (o->rounds)
		put_bench(out, o);
	if (r->found)
		fprintf(out,
			"  %" PRIu64 " moves broke a rule, %" PRIu32
			" clauses\n",
			r->found, r->violations);
	explored_print_violations(out, o);
}

static void json_steps(struct json *j, const struct search_violation *v)
{
	json_array(j, "story");
	for (uint32_t i = 0; i < v->steps; i++) {
		json_object(j, NULL);
		json_text(j, "move", v->step[i].move);
		json_text(j, "what", v->step[i].what);
		json_text(j, "slots", v->step[i].slots);
		json_object_end(j);
	}
	json_array_end(j);
}

static void json_violation(struct json *j, const struct search_violation *v,
			   const char *saved)
{
	json_object(j, NULL);
	json_text(j, "clause", clause_info(v->finding.clause)->id);
	json_text(j, "words", clause_info(v->finding.clause)->words);
	json_text(j, "actor", v->actor);
	json_number(j, "link", v->finding.link);
	if (v->finding.slot != NO_SLOT)
		json_number(j, "slot", v->finding.slot);
	else
		json_null(j, "slot");
	json_text(j, "detail", v->finding.detail);
	json_bool(j, "at_rest", v->at_rest);
	json_number(j, "steps", v->steps);
	json_number(j, "cycle", v->cycle);
	json_text(j, "scenario_saved", saved);
	json_steps(j, v);
	json_object_end(j);
}

static void json_bench(struct json *j, const struct explored *o)
{
	uint64_t states = o->result->states;

	json_array(j, "bench");
	for (uint32_t i = 0; i < o->cases; i++) {
		const uint64_t *ns = o->bench[i].ns;

		json_object(j, NULL);
		json_number(j, "jobs", o->bench[i].jobs);
		json_number(j, "rounds", o->rounds);
		json_object(j, "states_per_second");
		json_number(j, "min", per_second(states, ns[o->rounds - 1]));
		json_number(j, "median", per_second(states, median_ns(o, i)));
		json_number(j, "max", per_second(states, ns[0]));
		json_object_end(j);
		json_object_end(j);
	}
	json_array_end(j);
	if (o->cases == 2)
		json_decimal(j, "gain", gain_hundredths(o), 2);
	else
		json_null(j, "gain");
	json_text(j, "shared_pages", o->cases == 2 ? pages_word(o) : NULL);
}

void explored_json(FILE *out, const void *what)
{
	const struct explored *o = what;
	const struct search_result *r = o->result;
	struct json j = json_to(out);

	json_object(&j, NULL);
	json_text(&j, "schema", "twinring-explore-1");
	json_text(&j, "version", TWINRING_VERSION);
	json_text(&j, "build", version_git_id());
	json_object(&j, "scenario");
	json_text(&j, "file", o->sc->file);
	json_text(&j, "name", o->sc->name);
	json_object_end(&j);
	json_text(&j, "config", o->config);
	json_bool(&j, "complete", r->complete);
	json_text(&j, "incomplete_because", r->why);
	json_bool(&j, "interrupted", r->interrupted);
	json_number(&j, "states", r->states);
	json_number(&j, "transitions", r->transitions);
	json_number(&j, "depth", r->depth);
	json_number(&j, "states_at_rest", r->rests);
	json_number(&j, "frontier_bytes_max", r->frontier_bytes);
	json_text(&j, "one_step_holds", step_words(o->sc));
	json_text(&j, "reduction", r->reduced ? "sleep sets" : "none");
	json_text(&j, "symmetry", r->symmetric ? "slots" : "none");
	json_number(&j, "seed", o->seed);
	json_number(&j, "omission_log2_below", omission_bits(r));
	json_number(&j, "violating_moves", r->found);
	json_number(&j, "liveness_states", r->judged);
	json_array(&j, "violations");
	for (uint32_t i = 0; i < r->violations; i++)
		json_violation(&j, &r->violation[i], i ? NULL : o->saved);
	json_array_end(&j);
	json_decimal(&j, "bytes_per_state", state_tenths(r), 1);
	json_number(&j, "resident_bytes_max", o->resident_bytes);
	json_decimal(&j, "seconds", o->wall_ns / 1000, 6);
	json_number(&j, "states_per_second", per_second(r->states, o->wall_ns));
	json_bench(&j, o);
	json_object_end(&j);
	json_end(&j);
}

void explored_chart(FILE *out, const void *what)
{
	const struct explored *o = what;

	chart_write(out, &(struct chart_counterexample){
				 o->sc, &o->result->violation[0]});
}
