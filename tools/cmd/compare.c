/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * twinring compare: one scenario over several paths, side by side. Runs them in
 * turn; knows columns, no path.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/referees.h"
#include "model/path/path.h"
#include "sim/run/run.h"
#include "sim/text/visible.h"
#include "tools/cmd/command.h"
#include "tools/format/repeat.h"
#include "tools/line/args.h"
#include "tools/line/load.h"
#include "tools/line/options.h"
#include "tools/line/profile.h"
#include "tools/plot/plot.h"
#include "tools/report/comparison.h"
#include "tools/report/outcome.h"
#include "tools/screen/output.h"
#include "tools/system/clock.h"
#include "tools/system/interrupt.h"

enum {
	COLUMNS_MOST = COMPARISON_PATHS,
	SETS_MOST = 64,
	ROUNDS_MOST = 99,
	ERROR_SIZE = 512
};

enum option { OPT_PATHS, OPT_SET, OPT_PROFILE, OPT_ROUNDS, OPT_PLOT, OPT_JSON };

/* One path and what came of it. */
struct column {
	const char *path;
	char set[64];
	struct scenario *sc;
	struct run_result *r[COMPARISON_PROFILES]; /* of the first round */
	uint64_t ns[ROUNDS_MOST]; /* measured, thousandths of ns a packet */
	uint32_t rounds;          /* that were measured */
	uint64_t median;
};

struct request {
	const char *file;
	const char *plot_file, *json; /* NULL: none is asked for */
	struct output json_to;
	struct plot *plot;
	struct load_sets sets; /* and room for one that says the path */
	struct column column[COLUMNS_MOST];
	const char *profile[COMPARISON_PROFILES];
	struct cost_model price[COMPARISON_PROFILES];
	uint32_t columns, profiles, rounds;
};

static const struct args_option options[] = {
	[OPT_PATHS] = {.name = "paths",
		       .value = "LIST",
		       .words = "paths, one a column (all of them)"},
	[OPT_SET] = {.name = "set",
		     .value = "KEY=VALUE",
		     .words = "changes a key, as in run",
		     .letter = 's'},
	[OPT_PROFILE] = {.name = "profile",
			 .value = "NAME|FILE",
			 .words = "prices of what is counted; as often as you\n"
				  "like: each by its own, and who is best"},
	[OPT_ROUNDS] = {.name = "rounds",
			.value = "N",
			.words = "runs of each path, in turn (5)"},
	[OPT_PLOT] = {.name = "plot",
		      .value = "FILE",
		      .words = "a picture, .svg or .png",
		      .kind = ARGS_TEXT,
		      .at = offsetof(struct request, plot_file)},
	[OPT_JSON] = OPTION_JSON(request),
	{.name = NULL},
};

static int take_option(void *to, int option, const char *value);
static int perform(void *to, const struct args *a);

static const struct args_verb verb = {
	.name = "compare",
	.take = take_option,
	.perform = perform,
	.operands = "SCENARIO",
	.words = "Runs a scenario over several paths and puts what came of it "
		 "side by side. Only\n"
		 "violations count as failures: what one path is expected to "
		 "copy, another is not.\n",
	.option = options,
	.examples = "  twinring compare conformance/scenarios/http.yaml\n"
		    "  twinring compare my.yaml --paths shared-buffers,copy "
		    "--plot my.svg\n"
		    "  twinring compare my.yaml --profile host-2009 --profile "
		    "host-2023\n",
	.least = 1,
	.most = 1,
};

static bool take_paths(struct request *q, const char *list)
{
	char *copy = strdup(list), *rest = copy, *word;
	bool good = copy;

	while (good && (word = strsep(&rest, ","))) {
		const struct path_ops *path = path_find(word);

		good = path && q->columns < COLUMNS_MOST;
		if (good)
			q->column[q->columns++].path = path->name;
	}
	free(copy);
	return good;
}

static bool take_rounds(struct request *q, const char *value)
{
	char *end;
	unsigned long n = strtoul(value, &end, 10);

	q->rounds = (uint32_t)n;
	return value[0] >= '0' && value[0] <= '9' && !*end && n >= 1 &&
	       n <= ROUNDS_MOST;
}

static bool take_set(struct request *q, const char *value)
{
	if (q->sets.count == SETS_MOST)
		return false;
	q->sets.set[q->sets.count++].text = value;
	return true;
}

static bool take_profile(struct request *q, const char *value)
{
	if (q->profiles == COMPARISON_PROFILES)
		return false;
	q->profile[q->profiles++] = value;
	return true;
}

static int take_option(void *to, int option, const char *value)
{
	bool good = option == OPT_PATHS     ? take_paths(to, value)
		    : option == OPT_SET     ? take_set(to, value)
		    : option == OPT_PROFILE ? take_profile(to, value)
					    : take_rounds(to, value);

	return args_value(&verb, option, value, good);
}

static int column_load(struct request *q, struct column *c)
{
	int code;

	snprintf(c->set, sizeof c->set, "path=%s", c->path);
	q->sets.set[q->sets.count].text = c->set;
	q->sets.count++;
	code = load_scenario(q->file, &q->sets, &c->sc);
	q->sets.count--;
	return code;
}

/* A capture from standard input is there once, and every run wants it. */
static int refuse_capture(const struct request *q)
{
	if (!repeat_captured(q->column[0].sc))
		return EXIT_PASSED;
	return args_refuse(&verb, "a capture from standard input can be read "
				  "once, not for each path: give a file");
}

/* Inputs are read: from now on there is something to be lost. */
static void on_progress(void *to, uint64_t done, uint64_t total,
			uint64_t virtual_ps)
{
	(void)to, (void)done, (void)total, (void)virtual_ps;
	interrupt_ask();
}

static int column_run(struct request *q, struct column *c, uint32_t round,
		      uint32_t profile)
{
	const struct run_options run = {
		.referee = referees,
		.referees = REFEREES,
		.price = &q->price[profile],
		.check = true,
		.talk = round + profile == 0 && c == q->column ? stderr : NULL,
		.progress = on_progress,
		.stop = &interrupt_stop,
	};
	struct run_result *r;
	char error[ERROR_SIZE];
	uint64_t begin = clock_ns(), packets;
	enum run_end end = run_scenario(c->sc, &run, &r, error, sizeof error);

	if (end != RUN_DONE) {
		fprintf(stderr, "%s\n", VISIBLE(error));
		return outcome_code(end);
	}
	if (r->interrupted) {
		run_result_free(r); /* it says nothing of the whole */
		return EXIT_PASSED;
	}
	packets = r->all.delivered.packets ? r->all.delivered.packets : 1;
	if (profile == 0)
		c->ns[c->rounds++] = (clock_ns() - begin) * 1000 / packets;
	if (round == 0)
		c->r[profile] = r;
	else
		run_result_free(r);
	return EXIT_PASSED;
}

static int ascending(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

static int load_all(struct request *q)
{
	int code = EXIT_PASSED;

	for (uint32_t i = 0; i < q->columns && code == EXIT_PASSED; i++)
		code = column_load(q, &q->column[i]);
	if (code == EXIT_PASSED)
		code = refuse_capture(q);
	if (code == EXIT_PASSED && q->profiles == 0)
		q->profile[q->profiles++] = q->column[0].sc->profile;
	for (uint32_t n = 0; n < q->profiles && code == EXIT_PASSED; n++)
		code = profile_load(q->profile[n], &q->price[n], stderr);
	return code;
}

/* All paths in turn. */
static int run_round(struct request *q, uint32_t round, uint32_t profile)
{
	int code = EXIT_PASSED;

	for (uint32_t i = 0;
	     i < q->columns && code == EXIT_PASSED && !interrupt_stop; i++)
		code = column_run(q, &q->column[i], round, profile);
	return code;
}

/*
 * Every path once by each profile, then again by the first: a machine that
 * drifts does so for all.
 */
static int run_all(struct request *q)
{
	int code = EXIT_PASSED;

	for (uint32_t n = 0; n < q->profiles && code == EXIT_PASSED; n++)
		code = run_round(q, 0, n);
	for (uint32_t n = 1; n < q->rounds && code == EXIT_PASSED; n++)
		code = run_round(q, n, 0);
	for (uint32_t i = 0; i < q->columns; i++) {
		struct column *c = &q->column[i];

		qsort(c->ns, c->rounds, sizeof c->ns[0], ascending);
		c->median = c->ns[c->rounds / 2];
	}
	return code;
}

/* Columns of which there is anything to say: some may not have come to run. */
static uint32_t columns_done(const struct request *q)
{
	uint32_t n = 0;

	while (n < q->columns && q->column[n].r[q->profiles - 1])
		n++;
	return n;
}

/* What there is to be shown. */
static struct comparison compared(const struct request *q)
{
	struct comparison c = {.file = q->file,
			       .title = q->column[0].sc->name,
			       .paths = columns_done(q),
			       .profiles = q->profiles};

	c.rounds = q->column[c.paths - 1].rounds;
	for (uint32_t n = 0; n < c.profiles; n++)
		c.price[n] = q->price[n];
	for (uint32_t i = 0; i < c.paths; i++) {
		const struct column *from = &q->column[i];

		c.path[i] = (struct comparison_path){.name = from->path,
						     .fastest = from->ns[0],
						     .median = from->median};
		for (uint32_t n = 0; n < c.profiles; n++)
			c.path[i].r[n] = from->r[n];
	}
	return c;
}

/* Bytes by the packet, or microseconds with three digits behind the point. */
static void draw_path(FILE *in, const struct column *c)
{
	const struct run_result *r = c->r[0];
	const uint64_t *count = r->all.count;
	uint64_t p50 = histogram_percentile(r->all.latency, 500000);
	uint64_t p99 = histogram_percentile(r->all.latency, 990000);
	uint64_t n = r->all.delivered.packets;

	n = n ? n : 1;
	fprintf(in,
		"%s %" PRIu64 " %" PRIu64 " %" PRIu64 ".%03" PRIu64 " %" PRIu64
		".%03" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 "\n",
		c->path, cost_sum(count, COST_SORT_HOST_BYTE) / n,
		cost_sum(count, COST_SORT_GUEST_BYTE) / n, p50 / 1000000,
		p50 / 1000 % 1000, p99 / 1000000, p99 / 1000 % 1000,
		comparison_reach_ram(r) >> 10, comparison_reach_slots(r) >> 10,
		c->median / 1000);
}

static bool draw(struct request *q)
{
	struct plot *p = q->plot;
	FILE *in = plot_input(p);

	q->plot = NULL;
	fprintf(in, "title_text = ");
	plot_text(p, q->column[0].sc->name);
	fprintf(in, "\n$rows << EOD\n");
	for (uint32_t i = 0; i < columns_done(q); i++)
		draw_path(in, &q->column[i]);
	fprintf(in, "EOD\n");
	return plot_end(p, "demo");
}

/* Of the first profile by which @c broke a rule; NULL: none was. */
static const struct run_result *broken(const struct request *q,
				       const struct column *c)
{
	for (uint32_t n = 0; n < q->profiles; n++)
		if (c->r[n]->violations)
			return c->r[n];
	return NULL;
}

/* Says which rules broke, and how to see more of it. */
static int judge(struct request *q)
{
	int code = EXIT_PASSED;

	for (uint32_t i = 0; i < columns_done(q); i++) {
		const struct column *c = &q->column[i];
		const struct run_result *r = broken(q, c);
		const struct repeat again = {.verb = "run",
					     .file = q->file,
					     .set = q->sets.set,
					     .sets = q->sets.count + 1};

		if (!r)
			continue;
		fprintf(stderr, "twinring: %s: %s was broken; to see how\n  ",
			c->path,
			clause_info(r->violation[0].finding.clause)->id);
		q->sets.set[q->sets.count].text = c->set;
		repeat_put(stderr, &again);
		fputc('\n', stderr);
		code = EXIT_VIOLATED;
	}
	return code;
}

/* What there is, also of what was interrupted. */
static int report(struct request *q)
{
	struct comparison c;
	int code;

	if (columns_done(q) == 0) {
		fprintf(stderr, "twinring: interrupted before any path was "
				"through\n");
		return EXIT_SIGNAL + interrupt_signal;
	}
	c = compared(q);
	if (!output_is_stdout(q->json))
		comparison_text(stdout, &c);
	code = judge(q);
	if (q->json && !output_write(&q->json_to, comparison_json, &c))
		code = EXIT_FAILED;
	if (q->plot && !draw(q))
		code = EXIT_FAILED;
	if (!interrupt_stop)
		return code;
	fprintf(stderr, "twinring: interrupted: this is what there is\n");
	return EXIT_SIGNAL + interrupt_signal;
}

static int perform(void *to, const struct args *a)
{
	struct request *q = to;
	int code;

	q->file = a->operand[0];
	for (uint32_t i = 0; q->columns == i && path_at(i); i++)
		q->column[q->columns++].path = path_at(i)->name;
	code = load_all(q);
	if (code != EXIT_PASSED)
		return code;
	if (!output_open(&q->json_to, q->json))
		return EXIT_FAILED;
	if (q->plot_file && !(q->plot = plot_begin(q->plot_file)))
		return EXIT_FAILED;
	code = run_all(q);
	return code == EXIT_PASSED ? report(q) : code;
}

int cmd_compare(int argc, char **argv)
{
	struct request q = {.rounds = 5};
	int code = args_perform(&verb, &q, argc, argv);

	plot_discard(q.plot);
	output_discard(&q.json_to);
	for (uint32_t i = 0; i < q.columns; i++) {
		scenario_free(q.column[i].sc);
		for (uint32_t n = 0; n < q.profiles; n++)
			run_result_free(q.column[i].r[n]);
	}
	return code;
}
