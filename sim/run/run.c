/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/run/run.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/court/court.h"
#include "sim/play/fault.h"
#include "sim/play/lasso.h"
#include "sim/play/script_do.h"
#include "sim/run/event_trace.h"
#include "sim/run/expectation.h"
#include "sim/run/metrics.h"
#include "sim/text/visible.h"
#include "sim/world/progress.h"
#include "sim/world/schedule.h"

enum {
	PROGRESS_EVERY = 4096,     /* between two reports */
	QUIET_STEPS_MAX = 2000000, /* without a packet: never at rest */
	ERROR_SIZE = 256
};

struct run {
	const struct scenario *sc;
	const struct run_options *opt;
	struct run_result *r;
	struct tape *tape;
	struct world w;
	struct app app;
	struct metrics metrics;
	struct scheduler sched;
	struct faults faults;
	struct court court;
	struct event_trace trace;
};

/* The driver whose step it was, and how many slots it holds; NULL: none. */
static const struct guest_driver *holder(const struct run *run, uint32_t a,
					 uint32_t *held)
{
	const struct guest_driver *d;

	if (a >= run->sc->world.vms)
		return NULL;
	d = world_driver(&run->w, a, run->w.moved_link);
	return d && d->ops->slots && d->ops->slots->held(d, held) ? d : NULL;
}

/* After a step: counts to their link, and what the stepping end holds. */
static void step_book(void *to, uint32_t a)
{
	struct run *run = to;
	uint32_t link = run->w.moved_link;
	uint32_t held = 0;
	const struct guest_driver *d = holder(run, a, &held);

	metrics_step(&run->metrics, a, link, run->w.cost);
	if (d)
		metrics_held(&run->metrics, link,
			     nic_end(&run->w.cfg->numbers, d->nic), held,
			     run->w.probe->time);
	if (run->trace.out)
		event_trace_step(&run->trace, a, d ? &held : NULL);
}

static struct court_setup court_wanted(struct run *run)
{
	struct run_result *r = run->r;

	return (struct court_setup){
		.referee = run->opt->referee,
		.referees = run->opt->check ? run->opt->referees : 0,
		.guard = run->opt->guard,
		.counts = &metrics_subscriptions,
		.counter = &run->metrics,
		.room = r->violation,
		.rooms = sizeof r->violation / sizeof r->violation[0],
		.most = RUN_VIOLATIONS_KEPT,
		.stories = true,
	};
}

static void actors_note(struct run *run)
{
	const struct world_config *c = &run->sc->world;

	for (uint32_t i = 0; i < run->w.actors; i++) {
		const struct actor *a = &run->w.actor[i];
		struct actor_result *r = &run->r->actor[i];

		snprintf(r->name, sizeof r->name, "%s", a->name);
		r->from_ps = i < c->vms ? c->vm[i].start_ps : 0;
		r->party = a->part->party;
		r->core = a->core;
		r->acts = a->state != ACTOR_DEAD;
		r->polls = a->poll && r->acts;
	}
}

static bool world_begin(struct run *run, char *error, size_t size)
{
	const struct world_config *c = &run->sc->world;
	const struct court_setup wanted = court_wanted(run);
	struct world_setup s = {
		.cfg = c,
		.app = &app_ops,
		.app_ctx = &run->app,
		.extra_state = app_size(c, run->tape),
		.guard = run->opt->guard,
		.extra_other = court_size(&wanted, c) + metrics_size(c),
	};

	if (!world_open(&run->w, &s, error, size))
		return false;
	app_init(&run->app, c, run->tape, run->w.probe, &run->w.state);
	metrics_init(&run->metrics, run->r, c, &run->w.extra);
	actors_note(run);
	app_measure(&run->app, run->metrics.due,
		    nic_count(&run->w.cfg->numbers));
	court_begin(&run->court, &wanted, &run->w);
	run->trace =
		(struct event_trace){run->opt->trace, &run->w, &run->metrics};
	if (run->trace.out)
		event_trace_actors(&run->trace);
	run->court.hear = run->trace.out ? event_trace_hear : NULL;
	run->court.hears = &run->trace;
	run->sched = (struct scheduler){
		.w = &run->w,
		.price = run->opt->price,
		.random = run->sc->schedule == SCHEDULE_RANDOM,
		.rng = {run->sc->seed},
		.stop = run->opt->stop,
		.stepped = step_book,
		.to = run,
	};
	faults_init(&run->faults, run->sc, &run->sched, &run->app);
	return true;
}

static uint64_t packets_done(const struct run *run)
{
	uint64_t n = 0;

	for (uint32_t i = 0; i < run->r->links; i++)
		n += run->r->link[i].tally.delivered.packets;
	return n;
}

/* Packets taken from sources: the sign that a run is getting on. */
static uint64_t packets_moved(const struct run *run)
{
	uint64_t n = packets_done(run);

	for (uint32_t i = 0; i < nic_count(&run->w.cfg->numbers); i++)
		n += run->app.nic[i].seq;
	return n;
}

static void never_settles(struct run *run, uint32_t steps)
{
	const struct unended u = {.kind = UNENDED_BUSY,
				  .now = run->w.probe->time,
				  .steps = steps,
				  .actor = run->w.probe->actor};

	court_unended(&run->court, &u);
}

/*
 * Who is next, once what goes wrong before that has gone wrong. When nobody
 * is, all faults end: what is owed then has to be made good.
 */
static uint32_t next_actor(struct run *run)
{
	while (!run->faults.over) {
		uint64_t due = faults_next(&run->faults);
		uint64_t step = schedule_due(&run->sched);

		if (step < due)
			break;
		if (due != UINT64_MAX)
			faults_wait(&run->faults);
		else
			faults_heal(&run->faults);
	}
	return schedule_next(&run->sched);
}

static void run_traffic(struct run *run)
{
	uint64_t total = run->tape ? tape_packets(run->tape) : 0;
	uint64_t moved = 0, moved_at = 0;
	uint32_t a;

	while ((a = next_actor(run)) != NO_ACTOR) {
		schedule_step(&run->sched, a);
		/* The guard has to know before the next one moves. */
		if (run->opt->guard)
			probe_flush(run->w.probe);
		schedule_flush_some(&run->sched, a);
		if (!run->faults.over)
			faults_step(&run->faults);
		if (++run->r->steps % PROGRESS_EVERY)
			continue;
		if (schedule_stopped(&run->sched)) {
			run->r->interrupted = true;
			return;
		}
		if (run->opt->progress)
			run->opt->progress(run->opt->progress_to,
					   packets_done(run), total,
					   run->w.probe->time);
		if (packets_moved(run) != moved) {
			moved = packets_moved(run);
			moved_at = run->r->steps;
		} else if (run->r->steps - moved_at > QUIET_STEPS_MAX) {
			never_settles(run, QUIET_STEPS_MAX);
			return;
		}
	}
	run->r->settled = true;
}

/* The @count lines before line @end once more: they lead round for ever. */
static bool lines_again(struct run *run, uint32_t end, uint32_t count,
			char *error, size_t size)
{
	const struct script_line *line = run->sc->script;
	struct script_op op;
	struct lasso lasso;
	uint16_t lasts;
	bool done = true;

	if (count > end) {
		snprintf(error, size, "there are %u lines before it", end);
		return false;
	}
	if (!lasso_begin(&lasso, &run->w, &run->app, error, size))
		return false;
	for (uint32_t i = end - count; i < end && done; i++) {
		done = script_parse(&op, &run->sc->world, line[i].text, error,
				    size) &&
		       script_do(&op, &run->sched, &run->app, error, size);
		if (done)
			lasso_done(&lasso, &op);
	}
	done = done && lasso_judge(&lasso, &lasts, error, size);
	lasso_close(&lasso);
	if (done)
		court_lasts(&run->court, lasts);
	return done;
}

/* The whole script, or as far as the world comes to rest when it has to. */
static bool run_script(struct run *run, char *error, size_t size)
{
	for (uint32_t i = 0; i < run->sc->script_lines; i++) {
		const struct script_line *l = &run->sc->script[i];
		char why[ERROR_SIZE];
		struct script_op op;

		if (schedule_stopped(&run->sched))
			break;
		if (!script_parse(&op, &run->sc->world, l->text, why,
				  sizeof why))
			return script_failed(run->sc, l, why, error, size);
		if (op.verb == SCRIPT_REPEAT
			    ? lines_again(run, i, op.value, why, sizeof why)
			    : script_do(&op, &run->sched, &run->app, why,
					sizeof why))
			continue;
		if (op.verb != SCRIPT_RUN)
			return script_failed(run->sc, l, why, error, size);
		never_settles(run, SCRIPT_STEPS_MAX);
		return true;
	}
	return true;
}

/* Whoever has not died is there to the end. */
static void actors_sum(struct run *run)
{
	for (uint32_t i = 0; i < run->r->actors; i++)
		if (run->r->actor[i].to_ps == 0)
			run->r->actor[i].to_ps = run->sched.last_ps;
}

static void links_sum(struct run *run)
{
	for (uint32_t i = 0; i < run->r->links; i++) {
		struct link_result *lr = &run->r->link[i];
		const struct link *l = &run->w.link[i];

		lr->paired = l->paired;
		lr->slots_used = l->paired ? l->slots.slots : 0;
		lr->reject_reason = reject_reason_words(
			(enum reject_reason)l->reject_reason);
		for (uint32_t end = 0; end < 2; end++)
			lr->exposure[end] = world_exposure(
				&run->w, l->cfg->end[end], l->cfg->end[!end]);
	}
}

/* Whether an earlier NIC sends from and to the same VMs as @nic. */
static bool is_another(const struct app_nic *all, uint32_t nic)
{
	for (uint32_t i = 0; i < nic; i++)
		if (all[i].from == all[nic].from && all[i].to == all[nic].to)
			return true;
	return false;
}

/* Why what is left for @nic was not taken. */
static const char *unsent_why(const struct run *run, uint32_t nic)
{
	const char *excuse = progress_excuse(&run->w, nic);

	if (!run->r->settled)
		return "the run ended before it was at rest";
	if (!app_waits(&run->app, nic))
		return "it waits for frames that never arrived";
	return excuse ? excuse : "its driver did not take it";
}

static void unsent_sum(struct run *run)
{
	const struct app_nic *all = run->app.nic;

	for (uint32_t nic = 0;
	     run->tape && nic < nic_count(&run->w.cfg->numbers); nic++) {
		struct unsent *u =
			&run->r->link[nic_link(&run->w.cfg->numbers, nic)]
				 .unsent[nic_end(&run->w.cfg->numbers, nic)];

		if (is_another(all, nic))
			continue;
		u->packets = tape_left(run->tape, run->app.cursor,
				       all[nic].from, all[nic].to);
		if (__builtin_add_overflow(run->r->unsent, u->packets,
					   &run->r->unsent))
			run->r->unsent = UINT64_MAX;
		if (u->packets)
			u->why = unsent_why(run, nic);
	}
}

static void findings_sum(struct run *run)
{
	struct run_result *r = run->r;

	r->violations = run->court.found;
	r->violations_kept = run->court.kept;
	memcpy(r->broken, run->court.broken, sizeof r->broken);
}

static void replays_sum(struct run *run)
{
	struct run_result *r = run->r;

	for (uint32_t i = 0; run->tape && i < run->sc->traffics; i++) {
		const struct replayed *told = tape_replayed(run->tape, i);

		if (told)
			r->replayed[r->replays++] = *told;
	}
}

static void run_finish(struct run *run)
{
	struct run_result *r = run->r;
	uint64_t now = run->w.probe->time;

	probe_flush(run->w.probe);
	if (now < run->sched.last_ps)
		now = run->sched.last_ps;
	if (r->settled)
		court_rest(&run->court, &run->app, run->metrics.answered, now);
	metrics_finish(&run->metrics, run->w.probe->time);
	links_sum(run);
	actors_sum(run);
	r->virtual_ps = run->sched.last_ps;
	r->digest = court_digest(&run->court);
	findings_sum(run);
	unsent_sum(run);
	replays_sum(run);
	expectation_judge(&run->sc->expect, run->opt->check, !run->tape, r);
}

/* A fault that was to strike once has to be seen to, where it did not. */
static void warn_unstruck(struct run *run)
{
	const struct scenario *sc = run->sc;

	for (uint32_t i = 0; i < sc->faults && run->opt->talk; i++)
		if (run->r->settled && sc->fault[i].has_at &&
		    run->faults.struck[i] == 0)
			fprintf(run->opt->talk,
				"%s: warning: faults[%u] never struck: at no "
				"time from its 'at' on could it be done\n",
				VISIBLE(sc->file), i);
}

static enum run_end run_world(struct run *run, char *error, size_t size)
{
	if (!world_begin(run, error, size))
		return RUN_FAILED;
	if (run->opt->progress)
		run->opt->progress(run->opt->progress_to, 0, 0, 0);
	if (run->sc->script_lines) {
		if (!run_script(run, error, size))
			return RUN_BAD;
		run->r->settled = schedule_next(&run->sched) == NO_ACTOR;
		run->r->interrupted = schedule_stopped(&run->sched);
		run->r->settled &= !run->r->interrupted;
	} else {
		run_traffic(run);
		warn_unstruck(run);
	}
	if (run->tape && tape_problem(run->tape, error, (uint32_t)size))
		return RUN_UNREADABLE;
	run_finish(run);
	if (!run->court.untold)
		return RUN_DONE;
	snprintf(error, size, "out of memory");
	return RUN_FAILED;
}

/* Who lives where, for the report. */
static bool placements_keep(struct run *run)
{
	struct run_result *r = run->r;

	r->placement = calloc(run->sc->traffics + 1, sizeof *r->placement);
	for (uint32_t i = 0; r->placement && i < run->sc->traffics; i++) {
		const struct placement *p = tape_placement(run->tape, i);

		if (p)
			r->placement[r->placements++] =
				(struct run_placement){i, *p};
	}
	return r->placement;
}

/* Allocates what outlives the world, then runs. */
static enum run_end run_begin(struct run *run, char *error, size_t size)
{
	const struct world_config *c = &run->sc->world;
	int code = 2;

	if (run->sc->traffics) {
		errno = 0;
		run->tape = tape_open(run->sc, run->opt->talk, error,
				      (uint32_t)size, &code);
		if (!run->tape && errno == ENOMEM)
			return RUN_FAILED;
		if (!run->tape)
			return code == 3 ? RUN_UNREADABLE : RUN_BAD;
	}
	run->r = run_result_new(c, run->sc->traffics);
	if (!run->r || !court_digests(&run->court) || !placements_keep(run)) {
		snprintf(error, size, "out of memory");
		return RUN_FAILED;
	}
	return run_world(run, error, size);
}

/* Deliveries have somewhere to go before any input is read. */
static enum run_end run_kept(struct run *run, char *error, size_t size)
{
	enum run_end end;

	if (!run->opt->pcap_out)
		return run_begin(run, error, size);
	run->app.pcap = pcap_out_open(run->opt->pcap_out, &run->sc->world,
				      error, (uint32_t)size);
	if (!run->app.pcap)
		return RUN_FAILED;
	end = run_begin(run, error, size);
	if (end != RUN_DONE)
		pcap_out_discard(run->app.pcap);
	else if (!pcap_out_close(run->app.pcap, error, (uint32_t)size))
		end = RUN_FAILED;
	return end;
}

enum run_end run_scenario(const struct scenario *sc,
			  const struct run_options *options,
			  struct run_result **out, char *error, size_t size)
{
	struct run run = {.sc = sc, .opt = options};
	enum run_end end = run_kept(&run, error, size);

	world_close(&run.w);
	tape_close(run.tape);
	court_free(&run.court);
	if (end != RUN_DONE) {
		run_result_free(run.r);
		run.r = NULL;
	}
	*out = run.r;
	return end;
}
