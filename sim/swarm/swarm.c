/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/swarm/swarm.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/swarm/trial.h"
#include "sim/swarm/world_generator.h"

enum {
	ERROR_SIZE = 160,
	MOVES_LEAST = 40,
	SHRINK_STEPS = 30000000,
	TIMER_STEPS = 256, /* of others, before a timer runs out */
	SIZES = 4,         /* lengths of frames that one world sends */
	FRAME_LEAST = 14,
	SEVERAL = 24 /* frames, below the room of a script */
};

/* What was chosen at random for one world, beside its scenario. */
struct habits {
	uint32_t moves;
	uint32_t sends;   /* frames, in a hundred moves */
	uint32_t expires; /* timers that run out, likewise */
	uint32_t size[SIZES];
	bool silent[NIC_MAX]; /* NICs that send nothing */
	struct rng ways;      /* by which of several links a frame goes */
};

struct swarm {
	struct swarm_options opt;
	struct cell cell;
	struct rng rng;
	struct habits habits;
	struct script_op *line; /* that were done, while recording */
	uint32_t lines;
	bool record;
};

struct swarm *swarm_open(const struct swarm_options *options)
{
	struct swarm *s = calloc(1, sizeof *s);

	if (!s)
		return NULL;
	s->opt = *options;
	s->line = calloc(SWARM_LINES_MAX, sizeof *s->line);
	if (s->line)
		return s;
	free(s);
	return NULL;
}

void swarm_close(struct swarm *s)
{
	if (!s)
		return;
	trial_free(&s->cell);
	free(s->line);
	free(s);
}

static uint32_t below(struct swarm *s, uint32_t n)
{
	return rng_below(&s->rng, n);
}

static void on_told(void *to, const struct script_op *op)
{
	struct swarm *s = to;

	if (s->record && s->lines < SWARM_LINES_MAX)
		s->line[s->lines++] = *op;
}

static bool line_do(struct swarm *s, const struct script_op *op)
{
	if (!trial_do(&s->cell, op))
		return false;
	on_told(s, op);
	return true;
}

static void habits_throw(struct swarm *s, const struct scenario *sc)
{
	struct habits *h = &s->habits;
	bool one_way = below(s, 3) == 0;

	h->moves = s->opt.moves
			   ? s->opt.moves
			   : MOVES_LEAST + below(s, SWARM_MOVES_MAX -
							    MOVES_LEAST + 1);
	h->sends = 1 + below(s, 20);
	h->expires = below(s, 8);
	for (uint32_t i = 0; i < SIZES; i++)
		h->size[i] = FRAME_LEAST +
			     below(s, i ? PLAN_FRAME_MOST - FRAME_LEAST : 80);
	for (uint32_t nic = 0; nic < nic_count(&sc->world.numbers); nic++)
		h->silent[nic] = one_way && below(s, 2);
	h->ways = (struct rng){sc->seed ^ UINT64_C(0x77617973)};
}

static bool is_ready(const struct actor *a)
{
	return a->state == ACTOR_READY;
}

/* A timer may run out as soon as it is set. */
static bool is_timed(const struct actor *a)
{
	return a->timer_ps && actor_can_expire(a);
}

/*
 * Any actor but @bad (NO_ACTOR: nobody is) of which @holds is true; NO_ACTOR:
 * there is none.
 */
static uint32_t any_actor(struct swarm *s, uint32_t bad,
			  bool (*holds)(const struct actor *))
{
	const struct world *w = &s->cell.w;
	uint32_t n = 0, pick;

	for (uint32_t i = 0; i < w->actors; i++)
		n += i != bad && holds(&w->actor[i]);
	if (n == 0)
		return NO_ACTOR;
	pick = below(s, n);
	for (uint32_t i = 0;; i++)
		if (i != bad && holds(&w->actor[i]) && pick-- == 0)
			return i;
}

static bool actor_do(struct swarm *s, enum script_verb verb, uint32_t a)
{
	struct script_op op = {.verb = verb, .actor = a, .value = 1, .more = 1};

	return a != NO_ACTOR && line_do(s, &op);
}

static bool send_do(struct swarm *s, uint32_t nic, uint32_t bytes, bool any)
{
	const struct world_config *c = s->cell.w.cfg;
	struct script_op op = {.verb = SCRIPT_SEND,
			       .actor = nic_vm(c, nic),
			       .link = any ? ANY_LINK
					   : nic_link(&c->numbers, nic),
			       .to = nic_vm(c, nic_beyond(&c->numbers, nic)),
			       .value = bytes,
			       .more = 1};

	return !s->cell.w.vm[op.actor].crashed && line_do(s, &op);
}

/* Where several links join two VMs, half of the frames go by any of them. */
static bool goes_by_any(struct swarm *s, uint32_t nic)
{
	return s->cell.app.nic[nic].common && rng_below(&s->habits.ways, 2);
}

static void move(struct swarm *s)
{
	const struct habits *h = &s->habits;
	uint32_t throw = below(s, 100);

	if (throw < h->sends) {
		uint32_t nic = below(s, nic_count(&s->cell.w.cfg->numbers));

		if (!h->silent[nic])
			send_do(s, nic, h->size[below(s, SIZES)],
				goes_by_any(s, nic));
	} else if (throw < h->sends + h->expires) {
		actor_do(s, SCRIPT_EXPIRE, any_actor(s, NO_ACTOR, is_timed));
	} else if (!actor_do(s, SCRIPT_STEP,
			     any_actor(s, NO_ACTOR, is_ready))) {
		actor_do(s, SCRIPT_EXPIRE, any_actor(s, NO_ACTOR, is_timed));
	}
}

/* Frames come, faults strike, and nothing wrong may happen. */
static void safety(struct swarm *s)
{
	for (uint32_t n = 0; n < s->habits.moves && !trial_failed(&s->cell);
	     n++) {
		move(s);
		if (!s->cell.faults.over)
			faults_step(&s->cell.faults);
	}
}

/* Until all rest: a timer runs out when nobody else moves, or at last. */
static void settle(struct swarm *s)
{
	for (uint32_t n = 1; n < SWARM_SETTLE_MAX && !trial_failed(&s->cell);
	     n++) {
		if (n % TIMER_STEPS &&
		    actor_do(s, SCRIPT_STEP, any_actor(s, NO_ACTOR, is_ready)))
			continue;
		if (!actor_do(s, SCRIPT_EXPIRE,
			      any_actor(s, NO_ACTOR, is_timed)) &&
		    trial_quiescent(&s->cell))
			return;
	}
	if (!trial_failed(&s->cell))
		trial_restless(&s->cell, SWARM_SETTLE_MAX);
}

/* A hostile VM that still lives, or NO_ACTOR. */
static uint32_t hostile(const struct swarm *s)
{
	const struct scenario *sc = s->cell.setup.sc;

	for (uint32_t i = 0; i < sc->faults; i++) {
		const struct fault_config *c = &sc->fault[i];

		if (c->kind == FAULT_HOSTILE && c->has_who &&
		    !s->cell.w.vm[c->who].crashed)
			return c->who;
	}
	return NO_ACTOR;
}

/*
 * Once a hostile VM does nothing more, all others rest, until a timer runs out
 * at least: nobody toils for what it has written.
 */
static void calm(struct swarm *s)
{
	uint32_t bad = hostile(s);

	if (bad == NO_ACTOR)
		return;
	for (uint32_t n = 0; n < SWARM_SETTLE_MAX && !trial_failed(&s->cell);
	     n++)
		if (!actor_do(s, SCRIPT_STEP, any_actor(s, bad, is_ready)))
			return;
	if (!trial_failed(&s->cell))
		trial_restless(&s->cell, SWARM_SETTLE_MAX);
}

/* More frames than one link has room for, by any that join the two VMs. */
static void several_do(struct swarm *s, uint32_t nic)
{
	for (uint32_t n = rng_below(&s->habits.ways, SEVERAL); n; n--)
		send_do(s, nic, s->habits.size[0], true);
}

/*
 * Faults end; what is owed must happen, and every link must work again, by
 * itself and beside others.
 */
static void liveness(struct swarm *s)
{
	const struct world_config *c = s->cell.w.cfg;

	calm(s);
	if (!s->cell.faults.over)
		faults_heal(&s->cell.faults);
	settle(s);
	for (uint32_t nic = 0;
	     nic < nic_count(&c->numbers) && !trial_failed(&s->cell); nic++)
		send_do(s, nic, s->habits.size[0], false);
	settle(s);
	for (uint32_t nic = 0;
	     nic < nic_count(&c->numbers) && !trial_failed(&s->cell); nic++)
		if (s->cell.app.nic[nic].common)
			several_do(s, nic);
	settle(s);
}

static struct trial_setup setup_of(struct swarm *s, const struct scenario *sc)
{
	return (struct trial_setup){
		.sc = sc,
		.referee = s->opt.referee,
		.referees = s->opt.referees,
		.price = s->opt.price,
		.told = on_told,
		.to = s,
	};
}

bool swarm_run(struct swarm *s, const struct scenario *sc,
	       struct swarm_result *out, char *error, size_t size)
{
	const struct trial_setup setup = setup_of(s, sc);

	s->rng = (struct rng){sc->seed};
	s->lines = 0;
	if (!trial_begin(&s->cell, &setup, error, size))
		return false;
	habits_throw(s, sc);
	safety(s);
	if (!trial_failed(&s->cell))
		liveness(s);
	if (!trial_failed(&s->cell))
		trial_finish(&s->cell);
	trial_result(&s->cell, out);
	trial_end(&s->cell);
	return true;
}

/* Does @count lines again, leaving out what cannot be done, as `run` would. */
static bool replay(struct swarm *s, const struct scenario *sc,
		   const struct script_op *line, uint32_t count,
		   struct swarm_result *out)
{
	const struct trial_setup setup = setup_of(s, sc);
	char error[ERROR_SIZE];

	s->lines = 0;
	if (!trial_begin(&s->cell, &setup, error, sizeof error))
		return false;
	for (uint32_t i = 0; i < count && !trial_failed(&s->cell); i++)
		line_do(s, &line[i]);
	if (trial_quiescent(&s->cell))
		trial_finish(&s->cell);
	trial_result(&s->cell, out);
	trial_end(&s->cell);
	return true;
}

/* A list of lines that fails, and how. */
struct failure {
	const struct scenario *sc;
	struct swarm_result result;
	struct script_op *line;
	uint32_t lines;
	struct script_op *trial;
	uint32_t tail;   /* lines at the end that stay: the end of all faults */
	uint64_t budget; /* steps that may still be spent on it */
};

/* Whether @count lines of the trial fail alike; they are kept if so. */
static bool fails_alike(struct swarm *s, struct failure *f, uint32_t count)
{
	struct swarm_result r;

	if (s->opt.stop && *s->opt.stop)
		f->budget = 0;
	if (!f->budget || !replay(s, f->sc, f->trial, count, &r))
		return false;
	f->budget -= r.steps < f->budget ? r.steps : f->budget;
	if (!r.failed || r.finding.clause != f->result.finding.clause)
		return false;
	f->lines = s->lines;
	f->result = r;
	memcpy(f->line, s->line, s->lines * sizeof *f->line);
	return true;
}

/* Leaves out @count lines from @at on. */
static bool shorten(struct swarm *s, struct failure *f, uint32_t at,
		    uint32_t count)
{
	uint32_t behind = f->lines - at - count;

	memcpy(f->trial, f->line, at * sizeof *f->trial);
	memcpy(f->trial + at, f->line + at + count, behind * sizeof *f->trial);
	return fails_alike(s, f, at + behind);
}

/* Ever smaller parts, until no single line can be left out. */
static void shrink(struct swarm *s, struct failure *f)
{
	uint32_t part = (f->lines - f->tail) / 2;
	bool shorter = true;

	while (part > 1 || shorter) {
		part = part ? part : 1;
		shorter = false;
		for (uint32_t at = f->lines - f->tail; at > 0;) {
			uint32_t count = at < part ? at : part;

			at -= count;
			if (at + count + f->tail <= f->lines)
				shorter |= shorten(s, f, at, count);
		}
		if (part == 1 && !shorter)
			break;
		part /= 2;
	}
}

/*
 * Rest by one word, if it fails as well: who steps when matters no more. What
 * never rests is told up to the end of its faults.
 */
static void rest_in_a_word(struct swarm *s, struct failure *f)
{
	const struct script_op heal = {.verb = SCRIPT_HEAL, .actor = NO_ACTOR};
	const struct script_op run = {.verb = SCRIPT_RUN, .actor = NO_ACTOR};
	bool restless = f->result.finding.clause == CLAUSE_EXT_SETTLED;

	if (!f->result.at_rest && !restless)
		return;
	while (restless && f->line[f->lines - 1].verb != SCRIPT_HEAL)
		f->lines--;
	memcpy(f->trial, f->line, f->lines * sizeof *f->trial);
	f->trial[f->lines] = heal;
	f->trial[f->lines + 1] = run;
	if (fails_alike(s, f, f->lines + 2))
		f->tail = 2;
}

static bool record(struct swarm *s, struct failure *f, char *error, size_t size)
{
	bool done;

	s->record = true;
	done = swarm_run(s, f->sc, &f->result, error, size);
	if (done && !f->result.failed) {
		snprintf(error, size, "this seed breaks nothing");
		done = false;
	}
	f->lines = s->lines;
	f->line = calloc(SWARM_LINES_MAX + 2, sizeof *f->line);
	f->trial = calloc(SWARM_LINES_MAX + 2, sizeof *f->trial);
	if (!f->line || !f->trial) {
		snprintf(error, size, "out of memory");
		return false;
	}
	memcpy(f->line, s->line, s->lines * sizeof *f->line);
	return done;
}

bool swarm_write(struct swarm *s, const struct scenario *sc, FILE *out,
		 char *error, size_t size)
{
	struct failure f = {.sc = sc, .budget = SHRINK_STEPS};
	bool done = record(s, &f, error, size);

	if (done) {
		rest_in_a_word(s, &f);
		shrink(s, &f);
		done = trial_write(sc, f.line, f.lines, &f.result, out);
		if (!done)
			snprintf(error, size, "out of memory");
	}
	s->record = false;
	free(f.line);
	free(f.trial);
	return done;
}
