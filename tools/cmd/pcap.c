/* SPDX-License-Identifier: BSD-3-Clause */
/* twinring pcap: captures as a scenario would see them. */
#include <stdio.h>
#include <string.h>

#include "sim/text/visible.h"
#include "sim/traffic/capture/capture.h"
#include "sim/traffic/direction/capture_info.h"
#include "tools/cmd/command.h"
#include "tools/line/args.h"
#include "tools/line/load.h"

static const struct args_option options[] = {{.name = NULL}};

static int perform(void *to, const struct args *a);

static const struct args_verb verb = {
	.name = "pcap",
	.perform = perform,
	.operands = "info FILE...",
	.words =
		"Says what is in each FILE: form, sizes, times, and what tells "
		"its two sides apart\n"
		"(direction-by of a scenario). Reads pcap and pcapng of any "
		"byte order and\n"
		"resolution, packed by gzip, bzip2, xz, zstd or not; - is "
		"standard input. A file that "
		"breaks off is described\n"
		"as far as it goes, with exit status 3.\n",
	.option = options,
	.examples = "  twinring pcap info traces/*.pcap\n"
		    "  tcpdump -w - | twinring pcap info -\n",
	.least = 2,
	.most = UINT32_MAX,
};

/* @first: no other description comes before. */
static int describe(const char *file, bool *first)
{
	const struct capture_options as_is = {.pad = true};
	struct capture c;
	char error[512];
	int code = EXIT_PASSED;

	errno = 0;
	if (!capture_open(file, &as_is, &c, error, sizeof error)) {
		fprintf(stderr, "%s\n", VISIBLE(error));
		return exit_code_of(EXIT_INPUT);
	}
	if (!*first)
		putchar('\n');
	*first = false;
	if (!capture_describe(&c, VISIBLE(load_name(file)), stdout, error,
			      sizeof error)) {
		fprintf(stderr, "%s\n", VISIBLE(error));
		code = exit_code_of(EXIT_INPUT);
	}
	if (c.damaged) {
		fprintf(stderr, "%s: breaks off: %s\n",
			VISIBLE(load_name(file)), c.problem);
		if (code == EXIT_PASSED)
			code = EXIT_INPUT;
	}
	capture_close(&c);
	return code;
}

static int perform(void *to, const struct args *a)
{
	int worst = EXIT_PASSED;
	bool first = true;

	(void)to;
	if (strcmp(a->operand[0], "info") != 0)
		return args_refuse(&verb, "unknown word '%s'; there is 'info'",
				   a->operand[0]);
	for (uint32_t i = 1; i < a->operands; i++) {
		int code = describe(a->operand[i], &first);

		if (code > worst)
			worst = code;
	}
	return worst;
}

int cmd_pcap(int argc, char **argv)
{
	return args_perform(&verb, NULL, argc, argv);
}
