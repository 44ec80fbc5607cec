/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/explore/trace/counterexample.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/scenario/scenario.h"

/* A text that is cut where it gets too long. */
struct text {
	char *at;
	size_t size;
	size_t used;
};

static void __attribute__((format(printf, 2, 3)))
text_add(struct text *t, const char *format, ...)
{
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(t->at + t->used, t->size - t->used, format, args);
	va_end(args);
	if (n > 0)
		t->used += (size_t)n;
	if (t->used >= t->size)
		t->used = t->size - 1;
}

/* Which slot an event's address is in, as words; else nothing. */
static void slot_words(struct text *t, const struct world *w,
		       const struct event *e)
{
	uint32_t link = queue_link(&w->cfg->numbers, e->queue);
	uint64_t off = e->addr -
		       w->map.link[link]
			       .bar_gpa[queue_end(&w->cfg->numbers, e->queue)];

	if (off < w->map.link[link].bar_size)
		text_add(t, " slot %u",
			 (unsigned)(off / w->cfg->link[link].bar.stride));
	else
		text_add(t, " private buffer");
}

/* Memory accesses are many and say little. */
static bool worth_telling(const struct event *e)
{
	switch ((enum event_kind)e->kind) {
	case EV_STORE_COMMITTED: /* words of suppression are told of themselves
				  */
		return e->a == EV_AVAIL_IDX || e->a == EV_USED_IDX ||
		       e->len != sizeof(uint16_t);
	case EV_DESC:
	case EV_GUEST_READ:
	case EV_GUEST_WRITE:
	case EV_HOST_READ:
	case EV_HOST_WRITE:
	case EV_HEADER:
		return false;
	default:
		return true;
	}
}

static void event_words(struct text *t, const struct world *w,
			const struct event *e)
{
	text_add(t, "%s %s", queue_is_tx(e->queue) ? "tx" : "rx",
		 event_name((enum event_kind)e->kind));
	switch ((enum event_kind)e->kind) {
	case EV_AVAILABLE:
		slot_words(t, w, e);
		break;
	case EV_USED:
	case EV_USED_CONSUMED:
		text_add(t, " head %u", e->a);
		break;
	case EV_AVAIL_IDX:
	case EV_USED_IDX:
	case EV_AVAIL_FLAGS:
	case EV_USED_FLAGS:
	case EV_USED_EVENT:
	case EV_AVAIL_EVENT:
	case EV_SEND:
	case EV_GIFT:
	case EV_GIFTED:
	case EV_RETURNED:
		text_add(t, " %u", e->a);
		break;
	case EV_STORE_BUFFERED:
	case EV_STORE_COMMITTED:
		text_add(t, " %s", event_name((enum event_kind)e->a));
		if (e->len == sizeof(uint16_t))
			text_add(t, " %u", e->b);
		break;
	default:
		break;
	}
}

/* Whom an event tells something; whoever did it if nobody. */
static uint32_t told_to(const struct world *w, const struct event *e)
{
	bool seen = e->kind == EV_STORE_COMMITTED;
	enum event_kind kind = (enum event_kind)(seen ? e->a : e->kind);
	bool index = kind == EV_AVAIL_IDX || kind == EV_USED_IDX;

	if (index && w->stores && !seen)
		return e->actor; /* it tells nothing before it is seen */
	switch (kind) {
	case EV_AVAIL_IDX:
	case EV_KICK:
		return path_server(w->cfg, e->queue);
	case EV_USED_IDX:
	case EV_USED_NOTIFICATION:
		return actor_guest(
			w->cfg->link[queue_link(&w->cfg->numbers, e->queue)]
				.end[queue_end(&w->cfg->numbers, e->queue)]);
	default:
		return e->actor;
	}
}

struct endpoint_classifier {
	const struct world *w;
	struct trace_step *step;
	struct text what; /* all of it in one line */
};

static void event_tell(struct endpoint_classifier *t, const struct event *e)
{
	char words[TRACE_MESSAGE];
	struct text text = {words, sizeof words, 0};

	if (!worth_telling(e))
		return;
	event_words(&text, t->w, e);
	text_add(&t->what, "%s%s", t->what.used ? ", " : "", words);
	if (t->step->marks == TRACE_MESSAGES) {
		strcpy(t->step->mark[TRACE_MESSAGES - 1].text, "and more");
		t->step->mark[TRACE_MESSAGES - 1].to = e->actor;
		t->step->mark[TRACE_MESSAGES - 1].from = e->actor;
		return;
	}
	t->step->mark[t->step->marks] = (struct trace_message){
		.from = e->actor, .to = told_to(t->w, e)};
	memcpy(t->step->mark[t->step->marks++].text, words, sizeof words);
}

static void on_events(void *to, const struct event *ev, uint32_t places)
{
	struct endpoint_classifier *t = to;
	struct event_walk walk = event_walk(ev, places);
	struct event one;

	while (event_next(&walk, &one))
		event_tell(t, &one);
}

static bool believes(const struct world *w, uint32_t vm, uint32_t slot)
{
	const struct guest_driver *d = w->guest[vm].driver[0];

	return d->ops->slots && d->ops->slots->holds(d, slot);
}

static uint8_t holder_of(const struct world *w, uint32_t slot)
{
	const uint8_t *end = w->cfg->link[0].end;
	bool a = believes(w, end[0], slot), b = believes(w, end[1], slot);

	return a && b ? HELD_BY_BOTH : a ? end[0] : b ? end[1] : HELD_BY_NOBODY;
}

/* Of the first link; "vm1 vm2 - !" in words. */
static void slots_tell(const struct world *w, struct trace_step *step)
{
	struct text t = {step->slots, sizeof step->slots, 0};

	step->slots[0] = '\0';
	if (!path_has_slots(w->link[0].path))
		return;
	for (uint32_t s = 0; s < w->cfg->link[0].bar.slots && s < TRACE_SLOTS;
	     s++) {
		uint8_t holder = holder_of(w, s);

		step->holder[step->holders++] = holder;
		text_add(&t, "%s%s", s ? " " : "",
			 holder == HELD_BY_BOTH     ? "!"
			 : holder == HELD_BY_NOBODY ? "-"
						    : w->cfg->vm[holder].name);
	}
}

static void step_tell(struct sut *s, uint32_t move, struct trace_step *step)
{
	struct endpoint_classifier t = {
		&s->w, step, {step->what, sizeof step->what, 0}};
	uint32_t overlooked = s->court.excused.count;

	s->court.hear = on_events;
	s->court.hears = &t;
	sut_move_text(s, move, step->move, sizeof step->move);
	step->actor = s->move[move].op.actor;
	sut_do(s, move);
	slots_tell(&s->w, step);
	s->court.hear = NULL;
	if (sut_broken(s))
		step->broken = sut_finding(s, 0)->clause;
	else if (s->court.excused.count > overlooked)
		step->broken = s->court.excused.clause[overlooked];
}

/* A run that ends at rest is asked what is owed, whatever broke before. */
static void run_ends(struct sut *s, struct search_violation *v)
{
	if (sut_quiescent(s))
		sut_finish(s);
	for (uint32_t i = 0; i < s->court.excused.count; i++)
		clause_list_add(&v->clauses, s->court.excused.clause[i]);
	for (uint32_t i = 0; i < s->court.kept; i++)
		clause_list_add(&v->clauses, sut_finding(s, i)->clause);
}

bool counterexample_tell(struct sut *s, const uint8_t *move, uint32_t count,
			 struct search_violation *v)
{
	v->step = calloc(count ? count : 1, sizeof *v->step);
	if (!v->step)
		return false;
	v->steps = count;
	sut_rewind(s);
	s->court.excused = s->begun_with;
	for (uint32_t i = 0; i < count; i++)
		step_tell(s, move[i], &v->step[i]);
	run_ends(s, v);
	if (v->at_rest && count)
		v->step[count - 1].broken = v->finding.clause;
	return true;
}

enum { RETOLD_MAX = 4096, WHY = 128 };

/* How many moves a line of a script is; 0: it cannot be understood. */
static uint32_t moves_of(const struct scenario *sc, uint32_t line,
			 struct script_op *op)
{
	char why[WHY];

	if (!script_parse(op, &sc->world, sc->script[line].text, why,
			  sizeof why))
		return 0;
	return op->verb == SCRIPT_STEP ? op->value : 1;
}

static uint32_t moves_in(const struct scenario *sc)
{
	uint32_t moves = 0;
	struct script_op op;

	for (uint32_t i = 0; i < sc->script_lines && moves <= RETOLD_MAX; i++)
		moves += moves_of(sc, i, &op);
	return moves;
}

/* What broke in one move, the first of it. */
static void finding_note(struct sut *s, struct search_violation *v,
			 struct trace_step *step)
{
	if (!sut_broken(s))
		return;
	if (!clause_list_has(&v->clauses, sut_finding(s, 0)->clause))
		step->broken = sut_finding(s, 0)->clause;
	clause_list_add(&v->clauses, sut_finding(s, 0)->clause);
	court_forget(&s->court);
}

/* One move of a script; false when it cannot be done. */
static bool op_tell(struct sut *s, const struct script_op *op,
		    struct trace_step *step)
{
	struct endpoint_classifier t = {
		&s->w, step, {step->what, sizeof step->what, 0}};
	char why[WHY];
	bool done;

	s->court.hear = on_events;
	s->court.hears = &t;
	script_text(op, &s->sc->world, step->move, sizeof step->move);
	step->actor = op->actor;
	/* What goes on for ever is told once. */
	done = op->verb == SCRIPT_REPEAT ||
	       script_do(op, &s->sched, &s->app, why, sizeof why);
	slots_tell(&s->w, step);
	s->court.hear = NULL;
	return done;
}

/* False when a line cannot be done. */
static bool script_tell(struct sut *s, struct search_violation *v)
{
	struct trace_step *step = v->step;
	struct script_op op;

	for (uint32_t i = 0; i < s->sc->script_lines; i++) {
		uint32_t moves = moves_of(s->sc, i, &op);

		if (op.verb == SCRIPT_STEP)
			op.value = 1;
		while (moves--) {
			step = &v->step[v->steps++];
			if (!op_tell(s, &op, step))
				return false;
			finding_note(s, v, step);
		}
	}
	if (!sut_quiescent(s))
		return true;
	sut_finish(s);
	finding_note(s, v, step);
	return true;
}

static bool retell(struct sut *s, struct search_violation *v, char *error,
		   size_t size)
{
	uint8_t actor = v->finding.event.actor;

	s->sched.random = s->sc->schedule == SCHEDULE_RANDOM;
	s->sched.rng = (struct rng){s->sc->seed};
	if (!script_tell(s, v)) {
		snprintf(error, size, "move %u cannot be done", v->steps);
		return false;
	}
	snprintf(v->actor, sizeof v->actor, "%s",
		 actor < s->w.actors ? s->w.actor[actor].name : "-");
	return true;
}

bool counterexample_retell(struct sut *s, struct search_violation *v,
			   char *error, size_t size)
{
	uint32_t moves = moves_in(s->sc);

	if (moves == 0 || moves > RETOLD_MAX) {
		snprintf(error, size, "%u moves or more, told are 1 to %d",
			 moves, RETOLD_MAX);
		return false;
	}
	v->step = calloc(moves, sizeof *v->step);
	if (!v->step) {
		snprintf(error, size, "out of memory");
		return false;
	}
	return retell(s, v, error, size);
}

/*
 * "vm1 step" again and again is "vm1 step 3"; what goes on for ever is written
 * move by move.
 */
static uint32_t lines_fill(const struct search_violation *v,
			   struct script_line *line)
{
	uint32_t lines = 0, same, stem = v->steps - v->cycle;

	for (uint32_t i = 0; i < v->steps; i += same) {
		const char *move = v->step[i].move;
		size_t length = strlen(move);
		bool step =
			length > 5 && strcmp(move + length - 5, " step") == 0;

		for (same = 1; step && i + same < stem &&
			       strcmp(v->step[i + same].move, move) == 0;)
			same++;
		snprintf(line[lines].text, SCRIPT_LINE,
			 same > 1 ? "%s %u" : "%s", move, same);
		lines++;
	}
	if (v->cycle)
		snprintf(line[lines++].text, SCRIPT_LINE, "repeat %u",
			 v->cycle);
	return lines;
}

/* The run that @v tells of, in words of @out; @sc's own script comes first. */
bool counterexample_write(const struct scenario *sc,
			  const struct search_violation *v, FILE *out)
{
	struct scenario told = *sc;
	uint32_t before = sc->script_lines;

	told.script = calloc(before + v->steps + 2, sizeof *told.script);
	if (!told.script)
		return false;
	if (before)
		memcpy(told.script, sc->script, before * sizeof *told.script);
	told.script_lines = before + lines_fill(v, told.script + before);
	told.has_explore = false;
	told.traffics = 0;
	told.expect = (struct expect_config){.has_violations = true,
					     .violations = v->clauses};
	fprintf(out, "# %s\n# %s\n", clause_info(v->finding.clause)->id,
		v->finding.detail);
	scenario_print(&told, out);
	free(told.script);
	return true;
}
