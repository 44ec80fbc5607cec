/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * twinring swarm: many tiny worlds, each as its seed says, with faults
 * and a time to heal. Knows options, files and processes; no rule.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/referees.h"
#include "sim/swarm/swarm.h"
#include "sim/text/value.h"
#include "sim/text/visible.h"
#include "tools/cmd/command.h"
#include "tools/format/repeat.h"
#include "tools/line/args.h"
#include "tools/line/load.h"
#include "tools/line/options.h"
#include "tools/line/profile.h"
#include "tools/report/swarm.h"
#include "tools/screen/output.h"
#include "tools/screen/progress.h"
#include "tools/swarm/jobs.h"
#include "tools/swarm/worlds.h"
#include "tools/system/clock.h"
#include "tools/system/cores.h"
#include "tools/system/interrupt.h"

enum { ERROR_SIZE = 512, SEEDS_DEFAULT = 1000 };

#define WORLDS_MAX    (UINT64_C(1) << 32)
#define SEEDS_IN_TIME (UINT64_C(1) << 26) /* with --for alone */
#define PROFILE       "host-2023"

static int take_option(void *to, int option, const char *value);
static int perform(void *to, const struct args *a);

enum option {
	SEEDS,
	JOBS,
	FOR,
	FIRST,
	SET,
	SAVE,
	JSON,
	PRINT_CONFIG,
	NO_PROGRESS,
	QUIET
};

struct request {
	uint64_t last, limit_ns;
	uint64_t jobs;
	bool stop_first, print_config, progress, quiet;
	struct load_sets sets;
	const char *save, *json;
	struct output save_to, json_to;
	struct worlds of; /* its last seed is last */
	struct cost_model price;
	struct progress bar;
	struct swarm *swarm; /* each process its own copy */
	uint64_t worlds;
	bool seeds_given;
	bool endless; /* as many seeds as there is time for */
};

static const struct args_option options[] = {
	[SEEDS] = {.name = "seeds",
		   .value = "A..B",
		   .words = "one world for each of them, or for each and\n"
			    "each SCENARIO; 1..1000 if it is absent,\n"
			    "and with --for as many as there is time for"},
	[JOBS] = {.name = "jobs",
		  .value = "N",
		  .words = "so many processes, as many as there are cores\n"
			   "if it is absent; what comes out is the same"},
	[FOR] = {.name = "for",
		 .value = "TIME",
		 .words = "begin no world after that time: 30s, 500ms"},
	[FIRST] = OPTION_ON("first", request, stop_first,
			    "end at the first that fails"),
	[SET] = OPTION_SET("change any key of every world, as often as you\n"
			   "like: rules.epoch=off, path=copy"),
	[SAVE] =
		OPTION_OUTPUT("save", request, save,
			      "make the first failure short and write it as a\n"
			      "scenario that twinring run repeats"),
	[JSON] = OPTION_JSON(request),
	[PRINT_CONFIG] = OPTION_ON("print-config", request, print_config,
				   "show the worlds as scenarios, run none"),
	[NO_PROGRESS] = OPTION_NO_PROGRESS(request, "count"),
	[QUIET] = OPTION_QUIET(request, "what was violated"),
	{.name = NULL},
};

static const struct args_verb verb = {
	.name = "swarm",
	.take = take_option,
	.perform = perform,
	.operands = "[SCENARIO]...",
	.words = "Runs many tiny worlds. Each seed chooses sizes, policies and "
		 "features, who steps\n"
		 "when, which frames are sent and what goes wrong; then all "
		 "faults end, and what is\n"
		 "owed must happen. With SCENARIOs, their machines and links "
		 "stay as they are.\n",
	.option = options,
	.examples = "  twinring swarm --seeds 1..100000\n"
		    "  twinring swarm --set rules.epoch=off --first --save "
		    "story.yaml\n"
		    "  twinring run story.yaml\n",
	.least = 0,
	.most = WORLDS_FILES_MAX,
};

/* What is kept of each world. */
struct outcome {
	uint64_t digest;
	uint32_t steps, strikes, writes, work;
};

static int take_seeds(struct request *q, const char *value)
{
	char *end;

	errno = 0;
	q->of.first = strtoull(value, &end, 10);
	if (value[0] < '0' || value[0] > '9' || errno)
		end = (char *)value;
	if (end != value && strncmp(end, "..", 2) == 0 && end[2] >= '0' &&
	    end[2] <= '9') {
		q->last = strtoull(end + 2, &end, 10);
		q->seeds_given = true;
		if (*end == '\0' && !errno && q->last >= q->of.first &&
		    q->last - q->of.first < WORLDS_MAX)
			return EXIT_PASSED;
	}
	return args_refuse(&verb,
			   "'--seeds' needs A..B, A not above B, not '%.60s'",
			   value);
}

static int take_time(struct request *q, const char *value)
{
	uint64_t ps;

	if (value_time(value, &ps) == VALUE_OK && ps >= 1000) {
		q->limit_ns = ps / 1000;
		return EXIT_PASSED;
	}
	return args_refuse(
		&verb, "'--for' needs a time such as 30s, not '%.60s'", value);
}

static int take_option(void *to, int option, const char *value)
{
	struct request *q = to;

	if (option == SEEDS)
		return take_seeds(q, value);
	if (option == JOBS)
		return args_number(&verb, "jobs", value, JOBS_MAX, &q->jobs);
	if (option == FOR)
		return take_time(q, value);
	return load_set(&verb, &q->sets, value);
}

static bool world_run(struct request *q, uint64_t world,
		      struct swarm_result *out)
{
	struct scenario copy, *sc = worlds_scenario(&q->of, world, &copy);
	char error[ERROR_SIZE] = "";
	bool done;

	if (!sc)
		return false;
	done = swarm_run(q->swarm, sc, out, error, sizeof error);
	if (!done)
		fprintf(stderr, "twinring: seed %" PRIu64 ": %s\n",
			worlds_seed(&q->of, world), VISIBLE(error));
	worlds_drop(&q->of, sc);
	return done;
}

static enum item_state on_work(void *to, uint64_t item, void *result)
{
	struct request *q = to;
	struct outcome *o = result;
	struct swarm_result r;

	errno = 0;
	if (!world_run(q, item, &r))
		return errno == ENOMEM ? ITEM_OUT : ITEM_BAD;
	*o = (struct outcome){r.digest, r.steps, r.strikes, r.writes, r.work};
	return r.failed ? ITEM_FAILED : ITEM_DONE;
}

static void on_progress(void *to, uint64_t begun)
{
	struct request *q = to;

	progress_draw_swarm(&q->bar, begun, q->endless ? 0 : q->worlds);
}

/* In the order of seeds, so that it does not matter who ran which. */
static uint64_t mix(uint64_t sum, uint64_t digest)
{
	struct rng d = {sum ^ digest};

	return rng_next(&d);
}

/* The command that runs one world again; the caller frees it. */
static char *repeat_text(const struct request *q, const char *file,
			 uint64_t seed)
{
	char words[64];

	snprintf(words, sizeof words, "--seeds %" PRIu64 "..%" PRIu64, seed,
		 seed);
	return repeat_command(&(struct repeat){.verb = "swarm",
					       .file = file,
					       .options = words,
					       .seeded = true,
					       .set = q->sets.set,
					       .sets = q->sets.count});
}

static void failure_tell(struct request *q, uint64_t world, struct swarmed *s)
{
	struct swarmed_failure *f = &s->failure[s->failures];
	struct scenario copy, *sc = worlds_scenario(&q->of, world, &copy);
	uint32_t actor;

	if (!sc || !world_run(q, world, &f->result)) {
		worlds_drop(&q->of, sc);
		return;
	}
	f->seed = worlds_seed(&q->of, world);
	f->file = worlds_file(&q->of, world);
	f->command = repeat_text(q, f->file, f->seed);
	actor = f->result.finding.event.actor;
	if (actor < sc->world.vms)
		snprintf(f->actor, sizeof f->actor, "%s",
			 sc->world.vm[actor].name);
	else
		snprintf(f->actor, sizeof f->actor, "host");
	worlds_drop(&q->of, sc);
	s->failures += f->command != NULL;
}

static void sum_up(struct request *q, const struct jobs *j, struct swarmed *s)
{
	const struct outcome *o = (const struct outcome *)j->result;

	s->worlds = j->done;
	s->interrupted = interrupt_stop;
	for (uint64_t i = 0; i < j->done; i++) {
		s->digest = mix(s->digest, o[i].digest);
		s->steps += o[i].steps;
		s->strikes += o[i].strikes;
		s->writes += o[i].writes;
		if (o[i].work > s->work)
			s->work = o[i].work;
		if (j->state[i] != ITEM_FAILED)
			continue;
		s->failed++;
		if (s->failures < SWARMED_FAILURES)
			failure_tell(q, i, s);
	}
}

/* A process ended too early: how, and where it was then. */
static int tell_lost(const struct request *q, const struct jobs *j)
{
	const char *file = worlds_file(&q->of, j->down);
	char *command;

	fprintf(stderr, "twinring: a process %s", j->lost);
	if (j->down == j->items) {
		fprintf(stderr, " between two worlds\n");
		return EXIT_FAILED;
	}
	command = repeat_text(q, file, worlds_seed(&q->of, j->down));
	fprintf(stderr, " in the world of\n  %s\n", command ? command : "");
	free(command);
	return EXIT_FAILED;
}

/* Makes the first failure short and writes it; false after words. */
static bool failure_write(struct request *q, const struct swarmed_failure *f,
			  FILE *out)
{
	char error[ERROR_SIZE] = "out of memory";
	struct scenario copy, *sc;
	bool done;

	sc = worlds_scenario(&q->of, worlds_number(&q->of, f->seed, f->file),
			     &copy);
	done = sc && out && swarm_write(q->swarm, sc, out, error, sizeof error);
	if (!done)
		fprintf(stderr, "twinring: %s\n", VISIBLE(error));
	if (sc)
		worlds_drop(&q->of, sc);
	return done;
}

/* It is written whole or not at all. */
static bool failure_save(struct request *q, const struct swarmed_failure *f)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	bool done = failure_write(q, f, out);

	if (out && fclose(out) != 0)
		done = false;
	done = done && output_write(&q->save_to, output_text, text);
	free(text);
	return done;
}

static int report(struct request *q, struct swarmed *s)
{
	int code = s->failed ? EXIT_VIOLATED : EXIT_PASSED;

	if (q->save && s->failures && !failure_save(q, &s->failure[0]))
		code = EXIT_FAILED;
	if (!output_is_stdout(q->json) && !output_is_stdout(q->save)) {
		if (!q->quiet)
			swarmed_print(stdout, s);
		else
			swarmed_print_failures(stdout, s);
	}
	if (q->json && !output_write(&q->json_to, swarmed_json, s))
		code = EXIT_FAILED;
	if (s->interrupted && interrupt_signal)
		code = EXIT_SIGNAL + interrupt_signal;
	return code;
}

static int worlds_run(struct request *q)
{
	struct swarmed s = {.first = q->of.first,
			    .last = q->last,
			    .scenarios = q->of.files,
			    .jobs = (uint32_t)q->jobs,
			    .saved = q->save};
	uint64_t begun = clock_ns();
	struct jobs j = {
		.items = q->worlds,
		.size = sizeof(struct outcome),
		.jobs = (uint32_t)q->jobs,
		.first = q->stop_first,
		.until_ns = q->limit_ns ? begun + q->limit_ns : 0,
		.work = on_work,
		.progress = on_progress,
		.to = q,
	};
	int code = EXIT_FAILED;

	interrupt_ask();
	progress_begin(&q->bar, q->progress && !q->quiet);
	if (jobs_run(&j)) {
		progress_end(&q->bar);
		s.wall_ns = clock_ns() - begun;
		if (q->endless)
			s.last = worlds_seed(&q->of, j.done ? j.done - 1 : 0);
		sum_up(q, &j, &s);
		code = *j.lost ? tell_lost(q, &j)
		       : j.out ? EXIT_FAILED
		       : j.bad ? EXIT_USAGE
			       : report(q, &s);
	}
	for (uint32_t i = 0; i < s.failures; i++)
		free(s.failure[i].command);
	jobs_free(&j);
	return code;
}

static int worlds_print(const struct request *q)
{
	errno = 0;
	for (uint64_t i = 0; i < q->worlds; i++) {
		struct scenario copy, *sc = worlds_scenario(&q->of, i, &copy);

		if (!sc)
			return exit_code_of(EXIT_USAGE);
		if (i)
			puts("---");
		scenario_print(sc, stdout);
		worlds_drop(&q->of, sc);
	}
	return EXIT_PASSED;
}

static int scenarios_load(struct request *q)
{
	for (uint32_t i = 0; i < q->of.files; i++) {
		int code = load_scenario(q->of.file[i], &q->sets, &q->of.sc[i]);

		if (code != EXIT_PASSED)
			return code;
		if (q->of.sc[i]->traffics == 0)
			continue;
		fprintf(stderr,
			"twinring: %s: a swarm has packets of its own: leave "
			"traffic out\n",
			q->of.file[i]);
		return EXIT_USAGE;
	}
	return EXIT_PASSED;
}

static int perform(void *to, const struct args *a)
{
	struct request *q = to;
	const struct swarm_options opt = {.referee = referees,
					  .referees = REFEREES,
					  .price = &q->price,
					  .stop = &interrupt_stop};
	int code;

	q->of.sets = &q->sets;
	q->of.file = a->operand;
	q->of.files = a->operands;
	code = scenarios_load(q);
	q->endless = q->limit_ns && !q->seeds_given && !q->print_config;
	if (q->endless)
		q->last = q->of.first + SEEDS_IN_TIME - 1;
	q->worlds =
		(q->last - q->of.first + 1) * (q->of.files ? q->of.files : 1);
	if (code == EXIT_PASSED)
		code = profile_load(PROFILE, &q->price, stderr);
	if (code == EXIT_PASSED && !q->print_config &&
	    (!output_open(&q->json_to, q->json) ||
	     !output_open(&q->save_to, q->save)))
		code = EXIT_FAILED;
	if (code != EXIT_PASSED)
		return code;
	if (q->print_config)
		return worlds_print(q);
	q->swarm = swarm_open(&opt);
	if (!q->swarm) {
		fprintf(stderr, "twinring: out of memory\n");
		return EXIT_FAILED;
	}
	code = worlds_run(q);
	swarm_close(q->swarm);
	return code;
}

int cmd_swarm(int argc, char **argv)
{
	struct request q = {.of = {.first = 1},
			    .last = SEEDS_DEFAULT,
			    .jobs = cores_online(),
			    .progress = true};
	int code = args_perform(&verb, &q, argc, argv);

	output_discard(&q.json_to);
	output_discard(&q.save_to);
	for (uint32_t i = 0; i < q.of.files; i++)
		scenario_free(q.of.sc[i]);
	return code;
}
