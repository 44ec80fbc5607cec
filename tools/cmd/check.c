/* SPDX-License-Identifier: BSD-3-Clause */
/* twinring check: is a scenario well-formed? Reads it and runs nothing. */
#include <stdio.h>

#include "sim/scenario/scenario.h"
#include "sim/text/visible.h"
#include "tools/cmd/command.h"
#include "tools/line/args.h"
#include "tools/line/load.h"

static const struct args_option options[] = {{.name = NULL}};

static int perform(void *to, const struct args *a);

static const struct args_verb verb = {
	.name = "check",
	.perform = perform,
	.operands = "SCENARIO...",
	.words = "Reads scenarios and says everything that is wrong with "
		 "them, each with its\n"
		 "file, line and column. Runs nothing and opens no capture. "
		 "- is standard input.\n",
	.option = options,
	.examples = "  twinring check conformance/scenarios/*.yaml\n"
		    "  twinring check - <my.yaml && twinring run my.yaml\n",
	.least = 1,
	.most = UINT32_MAX,
};

static int check_file(const char *file)
{
	struct scenario *sc;
	int code = load_scenario(file, NULL, &sc);

	if (code == EXIT_PASSED)
		fprintf(stderr, "%s: ok\n", VISIBLE(load_name(file)));
	scenario_free(sc);
	return code;
}

static int perform(void *to, const struct args *a)
{
	int worst = EXIT_PASSED;

	(void)to;
	for (uint32_t i = 0; i < a->operands; i++) {
		int code = check_file(a->operand[i]);

		if (code > worst)
			worst = code;
	}
	return worst;
}

int cmd_check(int argc, char **argv)
{
	return args_perform(&verb, NULL, argc, argv);
}
