/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * twinring calibrate: prices of what is counted, measured on this machine, as a
 * profile for --profile. Knows options and files; what is measured how is in
 * tools/calibrate.
 */
#include <inttypes.h>

#include "tools/calibrate/profile_out.h"
#include "tools/cmd/command.h"
#include "tools/line/args.h"
#include "tools/line/options.h"
#include "tools/line/profile.h"
#include "tools/screen/output.h"

enum option { OUTPUT, BASE };

struct request {
	const char *file, *base;
	struct output to;
	struct calibration c;
};

static const struct args_option options[] = {
	[OUTPUT] = {.name = "output",
		    .value = "FILE",
		    .words = "the profile; it has to be named",
		    .letter = 'o',
		    .kind = ARGS_OUTPUT,
		    .at = offsetof(struct request, file)},
	[BASE] = {.name = "base",
		  .value = "NAME|FILE",
		  .words = "prices of what cannot be measured (host-2023)",
		  .kind = ARGS_TEXT,
		  .at = offsetof(struct request, base)},
	{.name = NULL},
};

static int perform(void *to, const struct args *a);

static const struct args_verb verb = {
	.name = "calibrate",
	.perform = perform,
	.operands = "",
	.words = "Measures on this machine what copies, lines between cores, "
		 "calls into the kernel,\n"
		 "wake-ups and changes of page tables take, and writes a "
		 "profile with these prices.\n"
		 "Best on a machine that does nothing else. Exits of guests "
		 "are not measured.\n",
	.option = options,
	.examples = "  twinring calibrate -o here.yaml\n"
		    "  twinring run my.yaml --profile here.yaml\n",
};

static int measure(struct measures *m)
{
	if (measure_copies(m) && measure_calls(m) && measure_cores(m))
		return EXIT_PASSED;
	fprintf(stderr, "twinring: no memory or no thread to measure with\n");
	return EXIT_FAILED;
}

static int perform(void *to, const struct args *a)
{
	struct request *q = to;
	int code;

	(void)a;
	if (!q->file)
		return args_refuse(&verb, "where to? '--output FILE' says");
	code = profile_load(q->base, &q->c.base, stderr);
	if (code != EXIT_PASSED)
		return code;
	if (!output_open(&q->to, q->file))
		return EXIT_FAILED;
	code = measure(&q->c.measured);
	if (code == EXIT_PASSED && !output_write(&q->to, profile_out, &q->c))
		code = EXIT_FAILED;
	if (code == EXIT_PASSED && !output_is_stdout(q->file))
		printf("%" PRIu32 " of %" PRIu32 " prices follow from what was "
		       "measured, the others are those of %s\n",
		       profile_rows_measured(&q->c), profile_rows(),
		       q->c.base.name);
	return code;
}

int cmd_calibrate(int argc, char **argv)
{
	struct request q = {.base = "host-2023"};
	int code = args_perform(&verb, &q, argc, argv);

	output_discard(&q.to);
	return code;
}
