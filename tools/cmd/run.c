/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * twinring run: one scenario under virtual time or at random, with all referees
 * watching, and what came of it. Knows options and files; no rule.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "conformance/poisoner.h"
#include "conformance/referees.h"
#include "sim/explore/search.h"
#include "sim/text/visible.h"
#include "tools/cmd/command.h"
#include "tools/format/as_text.h"
#include "tools/format/repeat.h"
#include "tools/line/args.h"
#include "tools/line/load.h"
#include "tools/line/options.h"
#include "tools/line/profile.h"
#include "tools/report/chart.h"
#include "tools/report/json_run.h"
#include "tools/report/junit.h"
#include "tools/report/text.h"
#include "tools/screen/output.h"
#include "tools/screen/progress.h"
#include "tools/system/clock.h"
#include "tools/system/interrupt.h"

enum { ERROR_SIZE = 1024 };

enum option {
	SET,
	SEED,
	SCHEDULE,
	PROFILE,
	JSON,
	JUNIT,
	PCAP_OUT,
	TRACE,
	CHART,
	NO_CHECK,
	PRINT_CONFIG,
	NO_PROGRESS,
	QUIET
};

/* The command line, and what it led to. */
struct request {
	const char *file;
	struct load_sets sets;
	char *owned[SETS_MAX]; /* texts made for --seed and its like */
	const char *json, *junit, *trace, *chart; /* NULL: not asked for */
	const char *pcap_out;                     /* likewise */
	struct output json_to, junit_to, trace_to, chart_to;
	bool check, print_config, progress, quiet;
	struct scenario *sc;
	struct cost_model price;
	struct progress bar;
	FILE *trace_out;
};

static const struct args_option options[] = {
	[SET] = OPTION_SET("change any key of the scenario, as often as\n"
			   "you like: ring.size=64, links[0].path=copy,\n"
			   "rules.epoch=off, traffic.packets=1000"),
	[SEED] = {.name = "seed",
		  .value = "N",
		  .words = "short for --set seed=N"},
	[SCHEDULE] = {.name = "schedule",
		      .value = "time|random",
		      .words = "who steps next; short for --set schedule=..."},
	[PROFILE] = {.name = "profile",
		     .value = "NAME|FILE",
		     .words = "prices of what is counted; short for\n"
			      "--set profile=..."},
	[JSON] = OPTION_JSON(request),
	[JUNIT] =
		OPTION_OUTPUT("junit", request, junit, "write it as JUnit XML"),
	[PCAP_OUT] = {.name = "pcap-out",
		      .value = "DIR",
		      .words = "write what each VM received to DIR/VM.pcap"},
	[TRACE] =
		OPTION_OUTPUT("trace", request, trace,
			      "write every event as a line of text, and what\n"
			      "each step cost (docs/JSON.md)"),
	[CHART] = OPTION_OUTPUT(
		"chart", request, chart,
		"draw a script that breaks a rule, SVG: a lane for\n"
		"each party, and who holds each slot"),
	[NO_CHECK] = {.name = "no-check",
		      .words = "let no referee watch, to see what they cost",
		      .kind = ARGS_OFF,
		      .at = offsetof(struct request, check)},
	[PRINT_CONFIG] =
		OPTION_ON("print-config", request, print_config,
			  "print the scenario with all defaults and what\n"
			  "was --set, and run nothing"),
	[NO_PROGRESS] = OPTION_NO_PROGRESS(request, "bar"),
	[QUIET] = OPTION_QUIET(request, "what failed"),
	{.name = NULL},
};

static int take_option(void *to, int option, const char *value);
static int perform(void *to, const struct args *a);

static const struct args_verb verb = {
	.name = "run",
	.take = take_option,
	.perform = perform,
	.operands = "SCENARIO",
	.words =
		"Runs SCENARIO (- is standard input) and judges every event of "
		"it. Same scenario\n"
		"and seed, same events: the digest tells. A FILE that is - is "
		"standard output,\n"
		"which then carries nothing else.\n",
	.option = options,
	.examples =
		"  twinring run my.yaml --seed 7 --schedule random\n"
		"  twinring run conformance/scenarios/rule-epoch.yaml --set "
		"rules.epoch=off\n"
		"  twinring run my.yaml --set path=copy --json - | jq "
		".modelled\n"
		"  twinring run my.yaml --print-config | twinring run -\n",
	.least = 1,
	.most = 1,
};

static int add_set(struct request *q, const char *text)
{
	return load_set(&verb, &q->sets, text);
}

/* --seed 7 is --set seed=7. */
static int add_short(struct request *q, const char *key, const char *value)
{
	size_t size = strlen(key) + strlen(value) + 2;
	uint32_t at = q->sets.count;
	char *text;

	if (at == SETS_MAX)
		return add_set(q, NULL);
	text = malloc(size);
	if (!text) {
		fprintf(stderr, "twinring: out of memory\n");
		return EXIT_FAILED;
	}
	snprintf(text, size, "%s=%s", key, value);
	q->owned[at] = text;
	return add_set(q, text);
}

static int take_pcap_out(struct request *q, const char *value)
{
	if (output_is_stdout(value))
		return args_refuse(&verb, "'--pcap-out' needs a folder, which "
					  "- is not");
	q->pcap_out = value;
	return EXIT_PASSED;
}

static int take_option(void *to, int option, const char *value)
{
	if (option == SET)
		return add_set(to, value);
	if (option == PCAP_OUT)
		return take_pcap_out(to, value);
	return add_short(to, options[option].name, value);
}

/* All that is to be written has somewhere to go before anything runs. */
static int open_outputs(struct request *q)
{
	if (!output_open(&q->json_to, q->json) ||
	    !output_open(&q->junit_to, q->junit) ||
	    !output_open(&q->trace_to, q->trace) ||
	    !output_open(&q->chart_to, q->chart))
		return EXIT_FAILED;
	if (!q->trace)
		return EXIT_PASSED;
	q->trace_out = output_stream(&q->trace_to);
	return q->trace_out ? EXIT_PASSED : EXIT_FAILED;
}

/* What was not written is as it was. */
static void discard_outputs(struct request *q)
{
	output_discard(&q->json_to);
	output_discard(&q->junit_to);
	output_discard(&q->chart_to);
}

/* The effective scenario as YAML. */
static void write_config(FILE *out, const void *what)
{
	scenario_print(what, out);
}

static int result_code(const struct run_result *r)
{
	if (r->interrupted)
		return interrupt_signal ? EXIT_SIGNAL + interrupt_signal
					: EXIT_FAILED;
	return r->held ? EXIT_PASSED : EXIT_VIOLATED;
}

/* Where standard output is not taken by a FILE, people read it. */
static void print_report(const struct request *q, const struct outcome *o)
{
	bool colour = progress_colour(STDOUT_FILENO);

	if (output_is_stdout(q->json) || output_is_stdout(q->junit) ||
	    output_is_stdout(q->trace) || output_is_stdout(q->chart))
		return;
	if (!q->quiet)
		text_run(stdout, o, colour);
	else if (!o->result->held)
		text_verdict(stdout, o, colour);
}

/* The script once more, told move by move; nothing where nothing broke. */
static bool write_chart(struct request *q, const struct run_result *r)
{
	const struct search_options again = {
		.referee = referees,
		.referees = REFEREES,
		.price = &q->price,
	};
	struct search_violation v;
	char error[ERROR_SIZE] = "";
	bool done;

	if (r->violations_kept == 0)
		return true;
	if (search_retell(q->sc, &again,
			  &r->violation[r->violations_kept - 1].finding, &v,
			  error, sizeof error)) {
		done = output_write(&q->chart_to, chart_write,
				    &(struct chart_counterexample){q->sc, &v});
	} else {
		fprintf(stderr, "twinring: no chart: %s\n", VISIBLE(error));
		done = false;
	}
	free(v.step);
	return done;
}

/* The command that shows it again; the caller frees it. */
static char *repeat_text(const struct request *q)
{
	char words[64];

	snprintf(words, sizeof words, "--seed %" PRIu64 "%s", q->sc->seed,
		 q->check ? "" : " --no-check");
	return repeat_command(&(struct repeat){
		.verb = "run",
		.file = q->file,
		.options = words,
		.seeded = true,
		.set = q->sets.set,
		.sets = q->sets.count,
		.captured = repeat_captured(q->sc),
	});
}

static int report(struct request *q, struct outcome *o)
{
	char *config = as_text(write_config, q->sc);
	char *repeat = repeat_text(q);
	int code = result_code(o->result);

	o->config = config;
	o->repeat = repeat;
	if (!config || !repeat) {
		fprintf(stderr, "twinring: out of memory\n");
		code = EXIT_FAILED;
	} else {
		print_report(q, o);
		if (q->json && !output_write(&q->json_to, json_run, o))
			code = EXIT_FAILED;
		if (q->junit && !output_write(&q->junit_to, junit_run, o))
			code = EXIT_FAILED;
		if (q->chart && !write_chart(q, o->result))
			code = EXIT_FAILED;
	}
	free(config);
	free(repeat);
	return code;
}

/* Nobody reads the trace any more: to go on would be for nothing. */
static void on_progress(void *to, uint64_t done, uint64_t total,
			uint64_t virtual_ps)
{
	struct request *q = to;

	interrupt_ask(); /* there is something to be lost */
	progress_draw(&q->bar, done, total, virtual_ps);
	if (q->trace_out && ferror(q->trace_out))
		interrupt_stop = 1;
}

static int run_and_report(struct request *q)
{
	const struct run_options run = {
		.referee = referees,
		.referees = REFEREES,
		.price = &q->price,
		.check = q->check,
		/* A scenario that has rules broken on purpose is let. */
		.guard = q->sc->expect.violations.count ? NULL
							: POISONER_OR_NONE,
		.pcap_out = q->pcap_out,
		.trace = q->trace_out,
		.talk = stderr,
		.progress = on_progress,
		.progress_to = q,
		.stop = &interrupt_stop,
	};
	struct run_result *result = NULL;
	char error[ERROR_SIZE] = "";
	uint64_t begun = clock_ns();
	enum run_end end;
	int code;

	progress_begin(&q->bar, q->progress && !q->quiet);
	end = run_scenario(q->sc, &run, &result, error, sizeof error);
	progress_end(&q->bar);
	code = outcome_code(end);
	if (end == RUN_DONE)
		code = report(q, &(struct outcome){
					 .sc = q->sc,
					 .result = result,
					 .price = &q->price,
					 .wall_ns = clock_ns() - begun,
					 .checked = q->check,
				 });
	else
		fprintf(stderr, "%s\n", VISIBLE(error));
	run_result_free(result);
	return code;
}

/* Everything that can be wrong before anything runs. */
static int prepare(struct request *q, const char *file)
{
	int code = load_scenario(file, &q->sets, &q->sc);

	q->file = file;
	if (code == EXIT_PASSED && !q->print_config)
		code = profile_load(q->sc->profile, &q->price, stderr);
	if (code == EXIT_PASSED && !q->print_config)
		code = open_outputs(q);
	if (code == EXIT_PASSED && q->chart && q->sc->script_lines == 0)
		code = args_refuse(&verb,
				   "'--chart' needs a scenario with a script");
	return code;
}

static int perform(void *to, const struct args *a)
{
	struct request *q = to;
	int code = prepare(q, a->operand[0]);

	if (code != EXIT_PASSED)
		return code;
	if (q->print_config) {
		scenario_print(q->sc, stdout);
		return EXIT_PASSED;
	}
	code = run_and_report(q);
	return output_close(&q->trace_to) ? code : EXIT_FAILED;
}

int cmd_run(int argc, char **argv)
{
	struct request q = {.check = true, .progress = true};
	int code = args_perform(&verb, &q, argc, argv);

	discard_outputs(&q);
	scenario_free(q.sc);
	for (uint32_t i = 0; i < q.sets.count; i++)
		free(q.owned[i]);
	return code;
}
