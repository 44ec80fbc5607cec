/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/swarm/trial.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

#include "sim/scenario/scenario.h"

enum { HISTORY = 512, TEXT_SIZE = 128 };

/* Faults bring it about by themselves, or the scenario expects it. */
static bool excused(void *to, const struct finding *f)
{
	const struct scenario *sc = to;

	return faults_excuse(sc, f) ||
	       clause_list_has(&sc->expect.violations, f->clause);
}

static void __attribute__((cold, noinline, format(printf, 3, 4)))
found(struct cell *c, enum clause clause, const char *format, ...)
{
	struct finding f = {
		.clause = clause,
		.event = {.actor = c->w.probe->actor, .time = c->w.probe->time},
		.link = c->w.moved_link,
		.slot = NO_SLOT};
	va_list args;

	va_start(args, format);
	vsnprintf(f.detail, sizeof f.detail, format, args);
	va_end(args);
	court_report(&c->court, &f);
}

/* However memory looks, a step does no more than its rings can hold. */
static uint64_t work_bound(const struct world_config *c)
{
	uint64_t ring = 0;

	for (uint32_t i = 0; i < c->links; i++)
		if (c->link[i].ring.size > ring)
			ring = c->link[i].ring.size;
	return 8 * (c->burst + 2) * (ring + 4) + 4 * (ring + 2) * (ring + 2) +
	       64;
}

/* 0 for bytes, of which there may be any number. */
static const uint8_t is_work[COST_KINDS] = {
#define COST(id, name, payer, sort, words)                       \
	[COST_##id] = COST_SORT_##sort != COST_SORT_BYTE &&      \
		      COST_SORT_##sort != COST_SORT_HOST_BYTE && \
		      COST_SORT_##sort != COST_SORT_GUEST_BYTE,
#include "model/costs.def"
#undef COST
};

/* Things that were counted, bytes apart. */
static uint64_t work_of(const struct cost_meter *m)
{
	uint64_t sum = 0;

	for (int k = 0; k < COST_KINDS; k++)
		sum += m->count[k] * is_work[k];
	return sum;
}

static void on_stepped(void *to, uint32_t actor)
{
	struct cell *c = to;
	uint64_t work = work_of(c->w.cost);

	c->steps++;
	if (work > c->work)
		c->work = work;
	if (work > c->work_max)
		found(c, CLAUSE_EXT_BOUNDED,
		      "%s did %llu things in one step, %llu are enough",
		      c->w.actor[actor].name, (unsigned long long)work,
		      (unsigned long long)c->work_max);
}

/* A VM's step may make the host act on its links. */
static struct actor_set writers_of(const struct world *w, uint32_t vm,
				   uint64_t gpa)
{
	struct actor_set granted = {0}, all;

	for (uint32_t i = 0; i < w->map.grants; i++) {
		const struct grant *g = &w->map.grant[i];

		if (g->vm == vm && g->gpa == gpa && g->write)
			actor_set_add(&granted, g->actor);
	}
	all = granted;
	for (uint32_t i = 0; i < nic_count(&w->cfg->numbers); i++) {
		const struct link_config *l =
			&w->cfg->link[nic_link(&w->cfg->numbers, i)];

		if (!actor_set_has(&granted, actor_worker(w->cfg, i)))
			continue;
		for (uint32_t k = 0; k < l->members; k++)
			actor_set_add(&all, actor_guest(l->end[k]));
	}
	return all;
}

static struct region *region_add(struct cell *c, const uint8_t *at, size_t size,
				 struct actor_set writers)
{
	struct region *r = &c->region[c->regions++];

	*r = (struct region){.at = at, .size = size, .writers = writers};
	r->digest = XXH3_64bits(at, size);
	return r;
}

/* All memory of machines, if one of them is hostile. */
static void regions_find(struct cell *c)
{
	const struct world *w = &c->w;
	struct region *r;
	bool hostile = false;

	c->regions = 0;
	for (uint32_t i = 0; i < c->setup.sc->faults; i++)
		hostile |= c->setup.sc->fault[i].kind == FAULT_HOSTILE;
	if (!hostile)
		return;
	for (uint32_t vm = 0; vm < w->cfg->vms; vm++) {
		r = region_add(c, w->vm[vm].ram, w->vm[vm].ram_size,
			       writers_of(w, vm, w->vm[vm].ram_gpa));
		snprintf(r->name, sizeof r->name, "RAM of %s",
			 w->cfg->vm[vm].name);
	}
	for (uint32_t i = 0; i < w->cfg->links; i++) {
		uint32_t vm = w->cfg->link[i].end[0];

		if (!w->map.link[i].bar_size)
			continue;
		r = region_add(c, w->link[i].region, w->map.link[i].bar_size,
			       writers_of(w, vm, w->map.link[i].bar_gpa[0]));
		snprintf(r->name, sizeof r->name, "slots of link %u", i);
	}
}

/* Nothing changed but what @actor may write (NO_ACTOR: anybody acted). */
static void regions_check(struct cell *c, uint32_t actor)
{
	for (uint32_t i = 0; i < c->regions; i++) {
		struct region *r = &c->region[i];
		uint64_t digest = XXH3_64bits(r->at, r->size);

		if (digest != r->digest && actor != NO_ACTOR &&
		    !actor_set_has(&r->writers, actor))
			found(c, CLAUSE_EXT_REACH, "a move of %s changed %s",
			      c->w.actor[actor].name, r->name);
		r->digest = digest;
	}
}

static struct court_setup court_wanted(struct cell *c,
				       const struct trial_setup *setup)
{
	return (struct court_setup){
		.referee = setup->referee,
		.referees = setup->referees,
		.excuses = excused,
		.to = (void *)setup->sc,
		.room = &c->first,
		.rooms = 1,
		.most = 1,
	};
}

bool trial_begin(struct cell *c, const struct trial_setup *setup, char *error,
		 size_t size)
{
	const struct world_config *cfg = &setup->sc->world;
	const struct court_setup wanted = court_wanted(c, setup);
	struct world_setup s = {
		.cfg = cfg,
		.app = &app_ops,
		.app_ctx = &c->app,
		.extra_state = app_size(cfg, NULL),
		.extra_other = court_size(&wanted, cfg),
		.history = HISTORY,
		.block = &c->block,
	};

	c->setup = *setup;
	c->steps = 0;
	c->work = 0;
	c->at_rest = false;
	c->work_max = work_bound(cfg);
	if (!court_digests(&c->court)) {
		snprintf(error, size, "out of memory");
		return false;
	}
	if (!world_open(&c->w, &s, error, size))
		return false;
	app_init(&c->app, cfg, NULL, c->w.probe, &c->w.state);
	court_begin(&c->court, &wanted, &c->w);
	c->sched = (struct scheduler){.w = &c->w,
				      .price = setup->price,
				      .random = setup->sc->schedule ==
						SCHEDULE_RANDOM,
				      .rng = {setup->sc->seed},
				      .stepped = on_stepped,
				      .to = c};
	faults_init(&c->faults, setup->sc, &c->sched, &c->app);
	c->faults.told = setup->told;
	c->faults.to = setup->to;
	if (!script_do_all(setup->sc, &c->sched, &c->app, error, size)) {
		trial_end(c);
		return false;
	}
	regions_find(c);
	return true;
}

bool trial_do(struct cell *c, const struct script_op *op)
{
	char error[TEXT_SIZE];
	bool step = op->verb == SCRIPT_STEP || op->verb == SCRIPT_EXPIRE;
	bool done;

	regions_check(c, NO_ACTOR); /* what faults did since */
	done = script_do(op, &c->sched, &c->app, error, sizeof error);
	regions_check(c, step ? op->actor : NO_ACTOR);
	if (done || op->verb != SCRIPT_RUN)
		return done;
	trial_restless(c, SWARM_SETTLE_MAX);
	return true;
}

bool trial_quiescent(const struct cell *c)
{
	return schedule_due(&c->sched) == UINT64_MAX;
}

void trial_restless(struct cell *c, uint32_t steps)
{
	court_unended(&c->court,
		      &(struct unended){.kind = UNENDED_HEALED,
					.nic = nic_id(&c->w.cfg->numbers,
						      c->w.moved_link, 0),
					.now = c->w.probe->time,
					.steps = steps,
					.actor = c->w.probe->actor});
}

void trial_finish(struct cell *c)
{
	bool before = trial_failed(c);

	if (before)
		court_owed(&c->court, c->w.probe->time);
	else
		court_rest(&c->court, &c->app, NULL, c->w.probe->time);
	c->at_rest = trial_failed(c) && !before;
}

void trial_result(const struct cell *c, struct swarm_result *out)
{
	*out = (struct swarm_result){
		.digest = court_digest(&c->court),
		.steps = c->steps,
		.strikes = (uint32_t)c->faults.strikes,
		.writes = (uint32_t)c->faults.writes,
		.work = (uint32_t)c->work,
		.failed = trial_failed(c),
		.at_rest = c->at_rest,
		.finding = c->first.finding,
		.broken = c->court.clauses,
	};
}

void trial_end(struct cell *c)
{
	world_close(&c->w);
}

void trial_free(struct cell *c)
{
	world_block_free(&c->block);
	court_free(&c->court);
}

/* "vm1 step" again and again is "vm1 step 3". */
static uint32_t alike(const struct script_op *line, uint32_t lines)
{
	uint32_t n = 1;

	while (n < lines && line[0].verb == SCRIPT_STEP &&
	       line[n].verb == SCRIPT_STEP && line[n].actor == line[0].actor)
		n++;
	return n;
}

bool trial_write(const struct scenario *sc, const struct script_op *line,
		 uint32_t lines, const struct swarm_result *r, FILE *out)
{
	struct scenario told = *sc;
	uint32_t at = sc->script_lines, same;

	told.script = calloc(at + lines + 1, sizeof *told.script);
	if (!told.script)
		return false;
	if (at)
		memcpy(told.script, sc->script, at * sizeof *told.script);
	for (uint32_t i = 0; i < lines; i += same) {
		struct script_op op = line[i];

		same = alike(line + i, lines - i);
		if (op.verb == SCRIPT_STEP)
			op.value = same;
		script_text(&op, &sc->world, told.script[at++].text,
			    SCRIPT_LINE);
	}
	told.script_lines = at;
	told.has_explore = false;
	told.traffics = told.faults = 0;
	told.expect = (struct expect_config){
		.has_violations = true,
		.violations = r->broken,
	};
	fprintf(out, "# %s\n# %s\n", clause_info(r->finding.clause)->id,
		r->finding.detail);
	scenario_print(&told, out);
	free(told.script);
	return true;
}
