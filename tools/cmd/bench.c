/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * twinring bench: what the real ring code takes on this host. Knows options;
 * measuring and showing stand in tools/bench.
 */
#include <stdlib.h>
#include <string.h>

#include "model/numbers/limits.h"
#include "model/path/path.h"
#include "tools/bench/show.h"
#include "tools/cmd/command.h"
#include "tools/line/args.h"
#include "tools/plot/plot.h"
#include "tools/screen/output.h"
#include "tools/screen/progress.h"
#include "tools/system/interrupt.h"

enum { LIST_SIZE = 256 };

enum option {
	OPT_PATHS,
	OPT_BYTES,
	OPT_BATCH,
	OPT_POOL,
	OPT_PAYLOAD,
	OPT_REFEREES,
	OPT_ROUNDS,
	OPT_JSON,
	OPT_PLOT,
	OPT_NO_PROGRESS
};

struct request {
	struct sweep sweep;
	const char *json, *plot_file; /* NULL: not asked for */
	struct output json_to;
	struct plot *plot;
	bool progress;
	struct progress bar;
};

static const struct args_option options[] = {
	[OPT_PATHS] = {.name = "paths",
		       .value = "LIST",
		       .words = "paths to measure (shared-buffers,copy)"},
	[OPT_BYTES] = {.name = "bytes",
		       .value = "LIST",
		       .words = "frame sizes (64,256,512,1500,4096,65536)"},
	[OPT_BATCH] = {.name = "batch",
		       .value = "LIST",
		       .words = "packets in one step (32)"},
	[OPT_POOL] = {.name = "pool",
		      .value = "LIST",
		      .words = "how far buffers reach: L1,L2,L3,DRAM (all)"},
	[OPT_PAYLOAD] =
		{.name = "payload",
		 .value = "LIST",
		 .words = "untouched,read: whether the receiver reads (both)"},
	[OPT_REFEREES] = {.name = "referees",
			  .value = "LIST",
			  .words = "on,off: whether the ledger watches (both)"},
	[OPT_ROUNDS] = {.name = "rounds",
			.value = "N",
			.words = "laps of each case, in turn (11)"},
	[OPT_JSON] = {.name = "json",
		      .value = "FILE",
		      .words = "results for scripts; - is stdout",
		      .letter = 'j',
		      .kind = ARGS_OUTPUT,
		      .at = offsetof(struct request, json)},
	[OPT_PLOT] = {.name = "plot",
		      .value = "FILE",
		      .words = "a picture, .svg or .png",
		      .kind = ARGS_TEXT,
		      .at = offsetof(struct request, plot_file)},
	[OPT_NO_PROGRESS] = {.name = "no-progress",
			     .words = "no bar on a terminal",
			     .kind = ARGS_OFF,
			     .at = offsetof(struct request, progress)},
	{.name = NULL},
};

static int take_option(void *to, int option, const char *value);
static int perform(void *to, const struct args *a);

static const struct args_verb verb = {
	.name = "bench",
	.take = take_option,
	.perform = perform,
	.operands = "",
	.words = "Runs the real ring code with a clock: two guests and their "
		 "host workers in one\n"
		 "thread, balanced traffic, one path against the other in "
		 "turn, and all against a\n"
		 "bare loop in the same run. Every figure is measured here; "
		 "none is modelled.\n",
	.option = options,
	.examples = "  twinring bench\n"
		    "  twinring bench --bytes 64,1500 --pool L2,DRAM --json -\n"
		    "  twinring bench --paths shared-buffers,copy,vhost-pci "
		    "--plot bench.svg\n",
	.least = 0,
	.most = 0,
};

/* Calls @take for each word of a comma-separated @list; false ends it. */
static bool each_word(const char *list,
		      bool (*take)(void *to, const char *word), void *to)
{
	char copy[LIST_SIZE], *rest = copy, *word;
	bool good = *list && strlen(list) < sizeof copy;

	if (good)
		strcpy(copy, list);
	while (good && (word = strsep(&rest, ",")))
		good = take(to, word);
	return good;
}

static bool take_path(void *to, const char *word)
{
	struct sweep *s = to;
	const struct path_ops *path = path_find(word);

	if (!path || s->paths == SWEEP_PATHS)
		return false;
	s->path[s->paths++] = path->name;
	return true;
}

static bool take_number(const char *word, uint32_t least, uint32_t most,
			uint32_t *out)
{
	char *end;
	unsigned long v = strtoul(word, &end, 10);

	*out = (uint32_t)v;
	return word[0] >= '0' && word[0] <= '9' && !*end && v >= least &&
	       v <= most;
}

static bool take_bytes(void *to, const char *word)
{
	struct sweep *s = to;

	return s->sizes < SWEEP_SIZES &&
	       take_number(word, FRAME_MIN, FRAME_MAX, &s->bytes[s->sizes++]);
}

static bool take_batch(void *to, const char *word)
{
	struct sweep *s = to;

	return s->batches < SWEEP_BATCHES &&
	       take_number(word, 1, 256, &s->batch[s->batches++]);
}

static bool take_pool(void *to, const char *word)
{
	struct sweep *s = to;

	for (int p = 0; p < BENCH_POOLS; p++)
		if (strcmp(bench_pool_name((enum bench_pool)p), word) == 0)
			return s->pool[p] = true;
	return false;
}

static bool take_payload(void *to, const char *word)
{
	struct sweep *s = to;
	bool read = strcmp(word, "read") == 0;

	s->read[read] = true;
	return read || strcmp(word, "untouched") == 0;
}

static bool take_referees(void *to, const char *word)
{
	struct sweep *s = to;
	bool on = strcmp(word, "on") == 0;

	s->referees[on] = true;
	return on || strcmp(word, "off") == 0;
}

static bool take(struct sweep *s, enum option o, const char *value)
{
	switch (o) {
	case OPT_PATHS:
		return each_word(value, take_path, s);
	case OPT_BYTES:
		return each_word(value, take_bytes, s);
	case OPT_BATCH:
		return each_word(value, take_batch, s);
	case OPT_POOL:
		return each_word(value, take_pool, s);
	case OPT_PAYLOAD:
		return each_word(value, take_payload, s);
	case OPT_REFEREES:
		return each_word(value, take_referees, s);
	case OPT_ROUNDS:
		return take_number(value, 1, 1000, &s->rounds);
	case OPT_JSON:
	case OPT_PLOT:
	case OPT_NO_PROGRESS:
		break;
	}
	return false;
}

static int take_option(void *to, int option, const char *value)
{
	struct request *q = to;

	return args_value(&verb, option, value,
			  take(&q->sweep, (enum option)option, value));
}

/* What was not asked for is the default. */
static void fill_defaults(struct sweep *s)
{
	if (!s->paths)
		each_word("shared-buffers,copy", take_path, s);
	if (!s->sizes)
		each_word("64,256,512,1500,4096,65536", take_bytes, s);
	if (!s->batches)
		each_word("32", take_batch, s);
	if (!s->pool[0] && !s->pool[1] && !s->pool[2] && !s->pool[3])
		each_word("L1,L2,L3,DRAM", take_pool, s);
	if (!s->read[0] && !s->read[1])
		each_word("untouched,read", take_payload, s);
	if (!s->referees[0] && !s->referees[1])
		each_word("on,off", take_referees, s);
	if (!s->rounds)
		s->rounds = 11;
	s->packets = 20000;
	s->stop = &interrupt_stop;
}

static void on_progress(void *to, uint32_t done, uint32_t total)
{
	struct request *q = to;

	progress_draw(&q->bar, done, total, 0);
}

static bool draw(struct request *q, const struct sweep_result *r)
{
	FILE *in = plot_input(q->plot);
	struct plot *p = q->plot;

	q->plot = NULL;
	fprintf(in, "paths = '");
	for (uint32_t i = 0; i < q->sweep.paths; i++)
		fprintf(in, "%s ", q->sweep.path[i]);
	fprintf(in, "'\npools = '");
	for (uint32_t i = 0; i < BENCH_POOLS; i++)
		if (q->sweep.pool[i])
			fprintf(in, "%s ", bench_pool_name((enum bench_pool)i));
	fprintf(in, "'\npayloads = '%s%s", q->sweep.read[0] ? "untouched " : "",
		q->sweep.read[1] ? "read" : "");
	fprintf(in,
		"'\nreferees = '%s'\nbatch = %u\n"
		"title_text = 'measured on this host: one packet through the "
		"real ring code, batch %u, ownership referee %s'\n$rows << "
		"EOD\n",
		q->sweep.referees[1] ? "on" : "off", q->sweep.batch[0],
		q->sweep.batch[0], q->sweep.referees[1] ? "on" : "off");
	show_data(in, r);
	fprintf(in, "EOD\n");
	return plot_end(p, "bench");
}

/* All that is to be written has somewhere to go before anything runs. */
static bool open_outputs(struct request *q)
{
	if (!output_open(&q->json_to, q->json))
		return false;
	if (q->plot_file)
		q->plot = plot_begin(q->plot_file);
	return q->plot || !q->plot_file;
}

static int report(struct request *q, const struct sweep_result *r)
{
	int code =
		r->interrupted ? EXIT_SIGNAL + interrupt_signal : EXIT_PASSED;

	for (uint32_t i = 0; i < r->rows; i++)
		if (r->row[i].violations) {
			fprintf(stderr,
				"twinring: %s broke a rule while it was "
				"measured; its figures mean nothing\n",
				r->row[i].c.path);
			code = EXIT_VIOLATED;
			break;
		}
	if (!output_is_stdout(q->json))
		show_table(stdout, r);
	if (q->json && !output_write(&q->json_to, show_json, r))
		code = EXIT_FAILED;
	if (q->plot && r->rows && !draw(q, r))
		code = EXIT_FAILED;
	return code;
}

static int perform(void *to, const struct args *a)
{
	struct request *q = to;
	struct sweep_result r;
	char error[128];
	int code;
	bool good;

	(void)a;
	fill_defaults(&q->sweep);
	if (!open_outputs(q))
		return EXIT_FAILED;
	interrupt_ask();
	progress_begin(&q->bar, q->progress);
	good = sweep_run(&q->sweep, &r, on_progress, q, error, sizeof error);
	progress_end(&q->bar);
	if (!good)
		fprintf(stderr, "twinring: %s\n", error);
	code = good ? report(q, &r) : EXIT_FAILED;
	free(r.row);
	return code;
}

int cmd_bench(int argc, char **argv)
{
	struct request q = {.progress = true};
	int code = args_perform(&verb, &q, argc, argv);

	output_discard(&q.json_to);
	plot_discard(q.plot);
	return code;
}
