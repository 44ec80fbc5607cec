/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * twinring compare: one scenario over several paths, side by side. Modelled
 * and measured figures stand in tables of their own. Knows columns; no path.
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
#include "tools/line/profile.h"
#include "tools/plot/plot.h"
#include "tools/report/outcome.h"
#include "tools/system/clock.h"
#include "tools/system/interrupt.h"

enum { COLUMNS_MOST = 8, SETS_MOST = 64, ROUNDS_MOST = 99, ERROR_SIZE = 512 };

enum option { OPT_PATHS, OPT_SET, OPT_ROUNDS, OPT_PLOT };

/* One path and what came of it. */
struct column {
	const char *path;
	char set[64];
	struct scenario *sc;
	struct run_result *r;     /* of the first round */
	uint64_t ns[ROUNDS_MOST]; /* measured, thousandths of ns a packet */
	uint32_t rounds;          /* that were measured */
	uint64_t median;
};

struct request {
	const char *file;
	const char *plot_file; /* NULL: none is asked for */
	struct plot *plot;
	struct load_sets sets; /* and room for one that says the path */
	struct column column[COLUMNS_MOST];
	struct cost_model price;
	uint32_t columns, rounds;
};

static const struct args_option options[] = {
	[OPT_PATHS] = {.name = "paths",
		       .value = "LIST",
		       .words = "paths, one a column (all of them)"},
	[OPT_SET] = {.name = "set",
		     .value = "KEY=VALUE",
		     .words = "changes a key, as in run",
		     .letter = 's'},
	[OPT_ROUNDS] = {.name = "rounds",
			.value = "N",
			.words = "runs of each path, in turn (5)"},
	[OPT_PLOT] = {.name = "plot",
		      .value = "FILE",
		      .words = "a picture, .svg or .png",
		      .kind = ARGS_TEXT,
		      .at = offsetof(struct request, plot_file)},
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
		    "--plot my.svg\n",
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

static int take_option(void *to, int option, const char *value)
{
	bool good = option == OPT_PATHS ? take_paths(to, value)
		    : option == OPT_SET ? take_set(to, value)
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

static int column_run(struct request *q, struct column *c, uint32_t round)
{
	const struct run_options run = {
		.referee = referees,
		.referees = REFEREES,
		.price = &q->price,
		.check = true,
		.talk = round == 0 && c == q->column ? stderr : NULL,
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
	c->ns[c->rounds++] = (clock_ns() - begin) * 1000 / packets;
	if (round == 0)
		c->r = r;
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
	if (code == EXIT_PASSED)
		code = profile_load(q->column[0].sc->profile, &q->price,
				    stderr);
	return code;
}

/* Every path once, then again: a machine that drifts does so for all. */
static int run_all(struct request *q)
{
	int code = EXIT_PASSED;

	for (uint32_t n = 0; n < q->rounds; n++)
		for (uint32_t i = 0;
		     i < q->columns && code == EXIT_PASSED && !interrupt_stop;
		     i++)
			code = column_run(q, &q->column[i], n);
	for (uint32_t i = 0; i < q->columns; i++) {
		struct column *c = &q->column[i];

		qsort(c->ns, c->rounds, sizeof c->ns[0], ascending);
		c->median = c->ns[c->rounds / 2];
	}
	return code;
}

/* What stands in a row of the table, from one column's result. */
struct row {
	const char *name;
	uint64_t (*value)(const struct column *c);
	uint64_t unit; /* 0: whole numbers; of it, fractions are shown */
	int digits;    /* of the fraction, 3 or 6 */
};

static uint64_t packets(const struct column *c)
{
	return c->r->all.delivered.packets;
}

static uint64_t bytes(const struct column *c)
{
	return c->r->all.delivered.bytes;
}

static uint64_t lost(const struct column *c)
{
	return c->r->all.lost.packets;
}

static uint64_t too_large(const struct column *c)
{
	return c->r->all.too_large.packets;
}

static uint64_t host_bytes(const struct column *c)
{
	return cost_sum(c->r->all.count, COST_SORT_HOST_BYTE);
}

static uint64_t guest_bytes(const struct column *c)
{
	return cost_sum(c->r->all.count, COST_SORT_GUEST_BYTE);
}

static uint64_t exits(const struct column *c)
{
	return cost_sum(c->r->all.count, COST_SORT_EXIT);
}

static uint64_t interrupts(const struct column *c)
{
	return c->r->all.count[COST_INTERRUPT];
}

static uint64_t gifts(const struct column *c)
{
	return c->r->all.count[COST_GIFT];
}

static uint64_t violations(const struct column *c)
{
	return c->r->violations;
}

/* Bytes of another VM's RAM that some VM can reach, over all links. */
static uint64_t reach_ram(const struct column *c)
{
	uint64_t sum = 0;

	for (uint32_t i = 0; i < c->r->links; i++)
		sum += c->r->link[i].exposure[0].ram +
		       c->r->link[i].exposure[1].ram;
	return sum;
}

/* Bytes that both ends of a link can reach. */
static uint64_t reach_shared(const struct column *c)
{
	uint64_t sum = 0;

	for (uint32_t i = 0; i < c->r->links; i++)
		sum += c->r->link[i].exposure[0].shared;
	return sum;
}

/* Packets a second of virtual time; 0 where none passed. */
static uint64_t rate(const struct column *c)
{
	return figures_of(c->r, &c->r->all).packets_per_second;
}

static uint64_t p50(const struct column *c)
{
	return histogram_percentile(c->r->all.latency, 500000);
}

static uint64_t p99(const struct column *c)
{
	return histogram_percentile(c->r->all.latency, 990000);
}

static uint64_t p999(const struct column *c)
{
	return histogram_percentile(c->r->all.latency, 999000);
}

static uint64_t fastest(const struct column *c)
{
	return c->ns[0];
}

static uint64_t middle(const struct column *c)
{
	return c->median;
}

static const struct row counted[] = {
	{"packets delivered", packets, 0, 0},
	{"bytes delivered", bytes, 0, 0},
	{"packets lost", lost, 0, 0},
	{"packets too large", too_large, 0, 0},
	{"bytes copied by the host", host_bytes, 0, 0},
	{"bytes copied by guests", guest_bytes, 0, 0},
	{"exits", exits, 0, 0},
	{"interrupts", interrupts, 0, 0},
	{"gifts", gifts, 0, 0},
	{"RAM open to another VM", reach_ram, 0, 0},
	{"slots that both can reach", reach_shared, 0, 0},
	{"violations", violations, 0, 0},
	{0},
};

static const struct row modelled[] = {
	{"Mpps", rate, 1, 6},
	{"latency p50, us", p50, 1000, 3},
	{"latency p99, us", p99, 1000, 3},
	{"latency p99.9, us", p999, 1000, 3},
	{0},
};

static const struct row measured[] = {
	{"ns a packet, fastest", fastest, 1, 3},
	{"ns a packet, median", middle, 1, 3},
	{0},
};

static void print_value(const struct row *r, const struct column *c)
{
	const uint64_t one = r->digits == 6 ? 1000000 : 1000;
	uint64_t v = r->value(c);

	if (r->unit == 0) {
		printf(" %15" PRIu64, v);
		return;
	}
	v /= r->unit;
	printf(" %*" PRIu64 ".%0*" PRIu64, 14 - r->digits, v / one, r->digits,
	       v % one);
}

/* Columns of which there is anything to say: some may not have come to run. */
static uint32_t columns_done(const struct request *q)
{
	uint32_t n = 0;

	while (n < q->columns && q->column[n].rounds)
		n++;
	return n;
}

static void print_rows(const struct request *q, const struct row *rows,
		       const char *title)
{
	printf("\n%s\n", title);
	for (const struct row *r = rows; r->name; r++) {
		printf("  %-26s", r->name);
		for (uint32_t i = 0; i < columns_done(q); i++)
			print_value(r, &q->column[i]);
		putchar('\n');
	}
}

static void print_all(const struct request *q)
{
	uint32_t done = columns_done(q);
	char title[160];

	printf("%s\n\n  %-26s", VISIBLE(q->column[0].sc->name), "");
	for (uint32_t i = 0; i < done; i++)
		printf(" %15s", q->column[i].path);
	putchar('\n');
	print_rows(q, counted, "counted");
	snprintf(title, sizeof title, "modelled (virtual time, profile %s)",
		 q->price.name);
	print_rows(q, modelled, title);
	snprintf(title, sizeof title,
		 "measured (this host's clock, the whole simulator with all "
		 "referees, %u rounds in turn)",
		 q->column[done - 1].rounds);
	print_rows(q, measured, title);
}

static bool draw(struct request *q)
{
	struct plot *p = q->plot;
	FILE *in = plot_input(p);

	q->plot = NULL;
	fprintf(in, "title_text = ");
	plot_text(p, q->column[0].sc->name);
	fprintf(in, "\n$rows << EOD\n");
	for (uint32_t i = 0; i < columns_done(q); i++) {
		const struct column *c = &q->column[i];
		uint64_t n = packets(c) ? packets(c) : 1;

		fprintf(in,
			"%s %" PRIu64 " %" PRIu64 " %" PRIu64 ".%03" PRIu64
			" %" PRIu64 ".%03" PRIu64 " %" PRIu64 " %" PRIu64
			" %" PRIu64 "\n",
			c->path, host_bytes(c) / n, guest_bytes(c) / n,
			p50(c) / 1000000, p50(c) / 1000 % 1000,
			p99(c) / 1000000, p99(c) / 1000 % 1000,
			reach_ram(c) >> 10, reach_shared(c) >> 10,
			c->median / 1000);
	}
	fprintf(in, "EOD\n");
	return plot_end(p, "demo");
}

/* Says which rules broke, and how to see more of it. */
static int judge(struct request *q)
{
	int code = EXIT_PASSED;

	for (uint32_t i = 0; i < columns_done(q); i++) {
		const struct column *c = &q->column[i];
		const struct repeat again = {.verb = "run",
					     .file = q->file,
					     .set = q->sets.set,
					     .sets = q->sets.count + 1};

		if (c->r->violations == 0)
			continue;
		fprintf(stderr, "twinring: %s: %s was broken; to see how\n  ",
			c->path,
			clause_info(c->r->violation[0].finding.clause)->id);
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
	int code;

	if (columns_done(q) == 0) {
		fprintf(stderr, "twinring: interrupted before any path was "
				"through\n");
		return EXIT_SIGNAL + interrupt_signal;
	}
	print_all(q);
	code = judge(q);
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
	for (uint32_t i = 0; i < q.columns; i++) {
		scenario_free(q.column[i].sc);
		run_result_free(q.column[i].r);
	}
	return code;
}
