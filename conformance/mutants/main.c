/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * twinring with an error planted in it, which is the first word of the command;
 * "none" plants none, "list" tells their names.
 */
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "model/mutant.h"

enum mutant mutant_on;

static const char *const names[MUTANTS] = {
	[MUTANT_NONE] = "none",
#define MUTANT_ROW(id, name, words) [MUTANT_##id] = (name),
#include "model/mutants.def"
#undef MUTANT_ROW
};

/* The linker puts the one in the place of main(), which is the other. */
int __wrap_main(int argc, char **argv);
int __real_main(int argc, char **argv);

static int list(void)
{
	for (uint32_t m = MUTANT_NONE + 1; m < MUTANTS; m++)
		puts(names[m]);
	return 0;
}

int __wrap_main(int argc, char **argv)
{
	uint32_t m = 0;

	if (argc > 1 && strcmp(argv[1], "list") == 0)
		return list();
	while (argc > 1 && m < MUTANTS && strcmp(argv[1], names[m]) != 0)
		m++;
	if (argc < 2 || m == MUTANTS) {
		fprintf(stderr, "usage: %s none|list|MUTANT VERB...\n",
			argv[0]);
		return 2;
	}
	mutant_on = (enum mutant)m;
	argv[1] = argv[0];
	return __real_main(argc - 1, argv + 1);
}
