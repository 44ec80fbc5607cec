/* SPDX-License-Identifier: BSD-3-Clause */
#include "tools/load.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tools/command.h"

int load_set(const struct args_verb *verb, struct scenario_override *set,
	     uint32_t *sets, const char *text)
{
	if (*sets == SETS_MAX)
		return args_refuse(verb, "more than %d times --set", SETS_MAX);
	set[(*sets)++].text = text;
	return EXIT_HELD;
}

const char *load_name(const char *file)
{
	return strcmp(file, "-") == 0 ? "<stdin>" : file;
}

/* Whether there is anything to read: bad text is another matter. */
static bool can_read(const char *file)
{
	struct stat st;

	if (strcmp(file, "-") == 0)
		return !ferror(stdin);
	return stat(file, &st) == 0 && !S_ISDIR(st.st_mode) &&
	       access(file, R_OK) == 0;
}

int load_scenario(const char *file, const struct scenario_override *set,
		  uint32_t count, struct scenario **out)
{
	errno = 0;
	*out = scenario_load(file, set, count, stderr);
	if (*out)
		return EXIT_HELD;
	if (errno == ENOMEM)
		return EXIT_FAILED;
	return can_read(file) ? EXIT_USAGE : EXIT_INPUT;
}
