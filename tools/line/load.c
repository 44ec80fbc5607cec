/* SPDX-License-Identifier: BSD-3-Clause */
#include "tools/line/load.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sim/system/outfile.h"
#include "tools/line/exit_code.h"

enum { STDIN_LIMIT = 2 << 20 }; /* bytes; no scenario is as long */

int load_set(const struct args_verb *verb, struct load_sets *sets,
	     const char *text)
{
	if (sets->count == SETS_MAX)
		return args_refuse(verb, "more than %d times --set", SETS_MAX);
	sets->set[sets->count++].text = text;
	return EXIT_PASSED;
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

/* No output may become any of them. False: no memory. */
static bool note_inputs(const char *file, const struct scenario *sc)
{
	bool noted = outfile_reads(file);

	for (uint32_t i = 0; i < sc->traffics && noted; i++)
		if (sc->traffic[i].pcap)
			noted = outfile_reads(sc->traffic[i].pcap);
	return noted;
}

/* Standard input gives its bytes once, and a verb may want them several times.
 */
static struct {
	char *text;
	size_t size;
	bool taken;
} standard_input;

static bool stdin_take(void)
{
	FILE *copy = open_memstream(&standard_input.text, &standard_input.size);
	char part[4096];
	size_t n, left = STDIN_LIMIT;

	if (!copy)
		return false;
	while (left && (n = fread(part, 1, sizeof part, stdin)) > 0) {
		fwrite(part, 1, n, copy);
		left -= n < left ? n : left;
	}
	standard_input.taken = fclose(copy) == 0 && !ferror(stdin);
	return standard_input.taken;
}

static struct scenario *from_stdin(const struct scenario_override *set,
				   uint32_t count)
{
	if (standard_input.taken || stdin_take())
		return scenario_parse("-", standard_input.text,
				      standard_input.size, set, count, stderr);
	fprintf(stderr, "%s: error: %s\n", load_name("-"), strerror(errno));
	return NULL;
}

int load_scenario(const char *file, const struct load_sets *sets,
		  struct scenario **out)
{
	const struct scenario_override *set = sets ? sets->set : NULL;
	uint32_t count = sets ? sets->count : 0;

	errno = 0;
	*out = strcmp(file, "-") == 0 ? from_stdin(set, count)
				      : scenario_load(file, set, count, stderr);
	if (*out && note_inputs(file, *out))
		return EXIT_PASSED;
	if (*out) {
		fprintf(stderr, "twinring: out of memory\n");
		scenario_free(*out);
		*out = NULL;
		return EXIT_FAILED;
	}
	if (errno == ENOMEM)
		return EXIT_FAILED;
	return can_read(file) ? EXIT_USAGE : EXIT_INPUT;
}
