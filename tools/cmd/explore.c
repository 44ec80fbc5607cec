/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * twinring explore: every order of events of a small world, and the shortest
 * story of whatever goes wrong. Knows options and files; no rule.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "conformance/watched.h"
#include "sim/explore/store/shared_arena.h"
#include "sim/explore/trace/counterexample.h"
#include "sim/text/visible.h"
#include "tools/cmd/command.h"
#include "tools/format/as_text.h"
#include "tools/line/args.h"
#include "tools/line/load.h"
#include "tools/line/options.h"
#include "tools/line/profile.h"
#include "tools/report/explore.h"
#include "tools/screen/output.h"
#include "tools/screen/progress.h"
#include "tools/system/clock.h"
#include "tools/system/cores.h"
#include "tools/system/interrupt.h"

enum { ERROR_SIZE = 512 };

enum option {
	SET,
	MEMORY,
	MAX_STATES,
	MAX_DEPTH,
	JOBS,
	FIRST,
	ALLOW_INCOMPLETE,
	SEED,
	NO_REDUCTION,
	NO_SYMMETRY,
	UNFOLDED,
	AUDIT,
	SAVE,
	CHART,
	JSON,
	BENCH,
	NO_PROGRESS,
	QUIET
};

struct request {
	uint64_t max_states, max_depth, jobs, seed;
	const char *file;
	struct load_sets sets;
	const char *save, *chart, *json; /* NULL: not asked for */
	struct output save_to, chart_to, json_to;
	bool first, allow_incomplete, unfolded, no_reduction, no_symmetry,
		audit, bench;
	bool progress, quiet;
	struct scenario *sc;
	struct cost_model price;
	struct progress bar;
};

static const struct args_option options[] = {
	[SET] = OPTION_SET("change any key of the scenario, as often as\n"
			   "you like: explore.resets=1, bar.slots=3,\n"
			   "rules.post-before-send=off"),
	[MEMORY] = {.name = "memory",
		    .value = "sc|tso|pso",
		    .words = "short for --set memory=...: whether stores to\n"
			     "rings are seen at once, late but in order, or\n"
			     "late in any order that barriers leave"},
	[MAX_STATES] = {.name = "max-states",
			.value = "N",
			.words = "stop when N states were found"},
	[MAX_DEPTH] = {.name = "max-depth",
		       .value = "N",
		       .words = "look at no state more than N moves away"},
	[JOBS] = {.name = "jobs",
		  .value = "N",
		  .words = "N processes look at states (1); what they find\n"
			   "is the same for any N"},
	[FIRST] = OPTION_ON("first", request, first,
			    "stop at the first violation"),
	[ALLOW_INCOMPLETE] =
		OPTION_ON("allow-incomplete", request, allow_incomplete,
			  "exit status 0 also where a limit cut it\n"
			  "off (else 5) and all held so far"),
	[SEED] = {.name = "seed",
		  .value = "N",
		  .words = "other digests of states: counts stay the same,\n"
			   "and what one run left out by mistaking a state\n"
			   "for another, another seed's would find"},
	[NO_REDUCTION] = OPTION_ON("no-reduction", request, no_reduction,
				   "try moves in every order, also where it\n"
				   "makes no difference"),
	[NO_SYMMETRY] = OPTION_ON("no-symmetry", request, no_symmetry,
				  "count states apart that are like but for\n"
				  "which of their slots is which"),
	[UNFOLDED] = OPTION_ON("unfolded", request, unfolded,
			       "compare memory as it is, so that whatever\n"
			       "counts up makes a new state: for checking\n"
			       "the search itself, with --max-depth"),
	[AUDIT] = OPTION_ON("audit", request, audit,
			    "do every move by the code itself, also where\n"
			    "what it does is known, and compare; slow"),
	[SAVE] = OPTION_OUTPUT("save", request, save,
			       "write the shortest story as a scenario that\n"
			       "twinring run repeats"),
	[CHART] =
		OPTION_OUTPUT("chart", request, chart,
			      "draw the shortest story, SVG: a lane for each\n"
			      "party, and who holds each slot"),
	[JSON] = OPTION_JSON(request),
	[BENCH] = OPTION_ON("bench", request, bench,
			    "measure: explore five times with one process and\n"
			    "five times with N (as many as there are cores),\n"
			    "in turn, and print the speeds and the gain"),
	[NO_PROGRESS] = OPTION_NO_PROGRESS(request, "count"),
	[QUIET] = OPTION_QUIET(request, "what was violated"),
	{.name = NULL},
};

static int take_option(void *to, int option, const char *value);
static int perform(void *to, const struct args *a);

static const struct args_verb verb = {
	.name = "explore",
	.take = take_option,
	.perform = perform,
	.operands = "SCENARIO",
	.words = "Tries every order of events of SCENARIO (- is standard "
		 "input), from the state\n"
		 "in which its script ends, with what its key explore lets "
		 "happen. The code that\n"
		 "runs is the same as in a run; all referees watch every "
		 "step.\n",
	.option = options,
	.examples =
		"  twinring explore conformance/scenarios/races/clean-2.yaml\n"
		"  twinring explore my.yaml --set rules=2015 --first --save "
		"race.yaml\n"
		"  twinring run race.yaml\n"
		"  twinring explore my.yaml --first --chart race.svg\n",
	.least = 1,
	.most = 1,
};

/* --memory tso is --set memory=tso. */
static int take_memory(struct request *q, const char *value)
{
	static const char *const sets[] = {"memory=sc", "memory=tso",
					   "memory=pso"};

	for (uint32_t i = 0; i < sizeof sets / sizeof sets[0]; i++)
		if (strcmp(value, strchr(sets[i], '=') + 1) == 0)
			return load_set(&verb, &q->sets, sets[i]);
	return args_refuse(
		&verb, "'--memory' needs sc, tso or pso, not '%.60s'", value);
}

static int take_option(void *to, int option, const char *value)
{
	struct request *q = to;

	switch ((enum option)option) {
	case SET:
		return load_set(&verb, &q->sets, value);
	case MEMORY:
		return take_memory(q, value);
	case MAX_STATES:
		return args_number(&verb, "max-states", value,
				   SEARCH_STATES_MAX, &q->max_states);
	case MAX_DEPTH:
		return args_number(&verb, "max-depth", value, SEARCH_STATES_MAX,
				   &q->max_depth);
	case JOBS:
		return args_number(&verb, "jobs", value, SEARCH_JOBS_MAX,
				   &q->jobs);
	case SEED:
		return args_number(&verb, "seed", value, UINT64_MAX, &q->seed);
	default: /* its kind says what it does */
		return EXIT_PASSED;
	}
}

static void on_progress(void *to, uint64_t states, uint64_t waiting,
			uint32_t depth)
{
	struct request *q = to;

	progress_draw_search(&q->bar, states, waiting, depth);
}

static int end_code(enum search_end end)
{
	return end == SEARCH_DONE  ? EXIT_PASSED
	       : end == SEARCH_BAD ? EXIT_USAGE
				   : EXIT_FAILED;
}

/* What all processes had in memory at most, each by itself. */
static uint64_t resident_bytes(uint64_t jobs)
{
	struct rusage self, worker;

	getrusage(RUSAGE_SELF, &self);
	getrusage(RUSAGE_CHILDREN, &worker); /* the largest one */
	return 1024 *
	       ((uint64_t)self.ru_maxrss +
		(jobs > 1 ? (jobs - 1) * (uint64_t)worker.ru_maxrss : 0));
}

/* One exploration by @jobs processes, 0 for one; its result is @o's. */
static int explore_once(struct request *q, uint64_t jobs, struct explored *o)
{
	const struct search_options search = {
		.referee = watched_referees,
		.referees = REFEREES,
		.price = &q->price,
		.max_states = q->max_states,
		.max_depth = (uint32_t)q->max_depth,
		.first = q->first,
		.raw = q->unfolded,
		.no_reduction = q->no_reduction,
		.no_symmetry = q->no_symmetry,
		.seed = q->seed,
		.jobs = (uint32_t)jobs,
		.audit = q->audit,
		.progress = on_progress,
		.progress_to = q,
		.stop = &interrupt_stop,
	};
	char error[ERROR_SIZE] = "";
	uint64_t begun = clock_ns();
	enum search_end end;

	interrupt_ask();
	progress_begin(&q->bar, q->progress && !q->quiet);
	errno = 0;
	end = watched_search_scenario(q->sc, &search, &o->result, error,
				      sizeof error);
	progress_end(&q->bar);
	o->wall_ns = clock_ns() - begun;
	o->resident_bytes = resident_bytes(jobs);
	o->seed = q->seed;
	if (end != SEARCH_DONE)
		fprintf(stderr, "twinring: %s\n", VISIBLE(error));
	return end == SEARCH_DONE ? EXIT_PASSED : exit_code_of(end_code(end));
}

/* With one process, and with as many as were asked for or can run at once. */
static void cases_choose(const struct request *q, struct explored *o)
{
	uint64_t jobs = q->jobs ? q->jobs : cores_online();

	if (jobs > SEARCH_JOBS_MAX)
		jobs = SEARCH_JOBS_MAX;
	o->bench[0].jobs = 1;
	o->bench[1].jobs = (uint32_t)jobs;
	o->cases = jobs > 1 ? 2 : 1;
}

/*
 * The same again, each case in turn: the result is one. Where somebody asked to
 * stop, it is part of one, and there is nothing to compare.
 */
static int explore_bench(struct request *q, struct explored *o)
{
	cases_choose(q, o);
	for (; o->rounds < EXPLORED_ROUNDS; o->rounds++)
		for (uint32_t i = 0; i < o->cases; i++) {
			int code;

			search_result_free(o->result);
			o->result = NULL;
			code = explore_once(q, o->bench[i].jobs, o);
			if (code != EXIT_PASSED)
				return code;
			o->bench[i].ns[o->rounds] = o->wall_ns;
			if (o->result->interrupted) {
				o->rounds = o->cases = 0;
				return EXIT_PASSED;
			}
		}
	explored_sort(o);
	o->large = shared_arena_large();
	return EXIT_PASSED;
}

static int result_code(const struct request *q, const struct search_result *r)
{
	if (r->interrupted)
		return interrupt_signal ? EXIT_SIGNAL + interrupt_signal
					: EXIT_FAILED;
	if (!explored_passed(q->sc, r))
		return EXIT_VIOLATED;
	return explored_cut_off(r) && !q->allow_incomplete ? EXIT_INCOMPLETE
							   : EXIT_PASSED;
}

/* The scenario as it was explored. */
static void write_config(FILE *out, const void *what)
{
	scenario_print(what, out);
}

/* The story is written whole or not at all. */
static bool counterexample_save(struct output *to, const struct explored *o)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	bool done = out &&
		    counterexample_write(o->sc, &o->result->violation[0], out);

	if (out && fclose(out) != 0)
		done = false;
	if (!done)
		fprintf(stderr, "twinring: out of memory\n");
	done = done && output_write(to, output_text, text);
	free(text);
	return done;
}

/* The options that change what is found. */
static void options_text(const struct request *q, char *out, size_t size)
{
	size_t n = 0;

	*out = '\0';
	if (q->max_states)
		n += (size_t)snprintf(out + n, size - n,
				      " --max-states %" PRIu64, q->max_states);
	if (q->max_depth)
		n += (size_t)snprintf(out + n, size - n,
				      " --max-depth %" PRIu64, q->max_depth);
	if (q->jobs)
		n += (size_t)snprintf(out + n, size - n, " --jobs %" PRIu64,
				      q->jobs);
	if (q->seed)
		n += (size_t)snprintf(out + n, size - n, " --seed %" PRIu64,
				      q->seed);
	snprintf(out + n, size - n, "%s%s%s%s%s%s", q->first ? " --first" : "",
		 q->allow_incomplete ? " --allow-incomplete" : "",
		 q->no_reduction ? " --no-reduction" : "",
		 q->no_symmetry ? " --no-symmetry" : "",
		 q->unfolded ? " --unfolded" : "", q->audit ? " --audit" : "");
}

static int report(struct request *q, struct explored *o)
{
	int code = result_code(q, o->result);
	char *config = as_text(write_config, q->sc), words[256];
	struct repeat again = {.verb = "explore",
			       .file = q->file,
			       .options = words,
			       .set = q->sets.set,
			       .sets = q->sets.count};

	if (!config) {
		fprintf(stderr, "twinring: out of memory\n");
		return EXIT_FAILED;
	}
	options_text(q, words, sizeof words);
	again.options += *words == ' '; /* a blank leads */
	o->again = &again;
	o->config = config;
	if (!output_is_stdout(q->json) && !output_is_stdout(q->save) &&
	    !output_is_stdout(q->chart)) {
		if (!q->quiet)
			explored_print(stdout, o);
		else if (o->result->violations)
			explored_print_violations(stdout, o);
	}
	if (q->json && !output_write(&q->json_to, explored_json, o))
		code = EXIT_FAILED;
	if (q->save && o->result->violations &&
	    !counterexample_save(&q->save_to, o))
		code = EXIT_FAILED;
	if (q->chart && o->result->violations &&
	    !output_write(&q->chart_to, explored_chart, o))
		code = EXIT_FAILED;
	free(config);
	return code;
}

static int perform(void *to, const struct args *a)
{
	struct request *q = to;
	struct explored o = {0};
	int code;

	q->file = a->operand[0];
	code = load_scenario(q->file, &q->sets, &q->sc);
	if (code == EXIT_PASSED)
		code = profile_load(q->sc->profile, &q->price, stderr);
	if (code == EXIT_PASSED && (!output_open(&q->json_to, q->json) ||
				    !output_open(&q->save_to, q->save) ||
				    !output_open(&q->chart_to, q->chart)))
		code = EXIT_FAILED;
	if (code != EXIT_PASSED)
		return code;
	o.sc = q->sc;
	o.saved = q->save;
	code = q->bench ? explore_bench(q, &o) : explore_once(q, q->jobs, &o);
	if (code == EXIT_PASSED)
		code = report(q, &o);
	search_result_free(o.result);
	return code;
}

int cmd_explore(int argc, char **argv)
{
	struct request q = {.progress = true};
	int code = args_perform(&verb, &q, argc, argv);

	output_discard(&q.json_to);
	output_discard(&q.save_to);
	output_discard(&q.chart_to);
	scenario_free(q.sc);
	return code;
}
