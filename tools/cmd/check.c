/* SPDX-License-Identifier: BSD-3-Clause */
/* twinring check: is a scenario well-formed? Reads it and runs nothing. */
#include <stdio.h>

#include "sim/scenario/scenario.h"
#include "sim/text/visible.h"
#include "tools/cmd/command.h"
#include "tools/line/args.h"
#include "tools/line/load.h"

static const struct args_option options[] = {{.name = NULL}};

static const struct args_verb verb = {
	.name = "check",
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
	int code = load_scenario(file, NULL, 0, &sc);

	if (code == EXIT_PASSED)
		fprintf(stderr, "%s: ok\n", VISIBLE(load_name(file)));
	scenario_free(sc);
	return code;
}

int cmd_check(int argc, char **argv)
{
	int worst = EXIT_PASSED;
	struct args a;

	args_begin(&a, &verb, argc, argv);
	if (args_next(&a) != ARGS_DONE)
		return a.exit_code;
	for (uint32_t i = 0; i < a.operands; i++) {
		int code = check_file(a.operand[i]);

		if (code > worst)
			worst = code;
	}
	return worst;
}
