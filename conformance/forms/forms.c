/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Whether canonical forms say all that matters, and nothing that does not: in
 * some states of each world of a list, every byte that a move reads must be
 * looked at by some form (uncovered.h), and whatever any form writes must be
 * missed in some world where it is left out (left_out.h, grafts.h).
 *
 *	forms WORLDS SURVIVORS STATES
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conformance/forms/grafts.h"
#include "conformance/forms/left_out.h"
#include "conformance/forms/uncovered.h"
#include "conformance/referees.h"
#include "model/mutant.h"
#include "sim/explore/sut/footprint.h"
#include "sim/scenario/scenario.h"

enum { LINE = 512, SETS_MAX = 16, ERROR = 256 };

enum mutant mutant_on; /* none: it is forms that lack something */

/* A scenario, and what is to be set in it, from a line of the list. */
static struct scenario *world_load(char *line)
{
	struct scenario_override set[SETS_MAX];
	char *word = strtok(line, " \n");
	const char *file = word;
	uint32_t sets = 0;

	while ((word = strtok(NULL, " \n")) && sets < SETS_MAX)
		set[sets++].text = word;
	return scenario_load(file, set, sets, stderr);
}

/*
 * One world, with referees or without: what a part of the model forgets, a
 * referee may happen to remember. False: there is no such world.
 */
static bool world_look(const struct scenario *sc, const char *name,
		       uint32_t judges, uint32_t most)
{
	struct states st;
	char error[ERROR];
	uint8_t *moving;

	if (!states_open(&st, sc, judges, most, error, sizeof error)) {
		printf("%s: %s\n", name, error);
		return false;
	}
	moving = calloc(st.s.w.state.size / FOOTPRINT_WORD, sizeof *moving);
	assert(moving);
	if (sc->explore.grain == GRAIN_STEP) /* else, much is left out */
		uncovered_look(&st, name, moving);
	left_out_try(&st);
	grafts_try(&st, moving);
	free(moving);
	printf("%6u states of %s%s\n", st.count, name,
	       judges ? "" : ", unjudged");
	states_close(&st);
	uncovered_forget();
	return true;
}

/* False: something is wrong with the world of @line. */
static bool line_look(char *line, uint32_t most)
{
	char name[LINE];
	struct scenario *sc;
	bool done;

	snprintf(name, sizeof name, "%.*s", (int)strcspn(line, "\n"), line);
	sc = world_load(line);
	done = sc && world_look(sc, name, REFEREES, most) &&
	       world_look(sc, name, 0, most);
	scenario_free(sc);
	return done;
}

static uint32_t worlds_look(FILE *in, uint32_t most)
{
	char line[LINE];
	uint32_t bad = 0;

	while (fgets(line, sizeof line, in))
		if (line[0] != '#' && line[0] != '\n')
			bad += !line_look(line, most);
	return bad;
}

int main(int argc, char **argv)
{
	uint32_t bad, lefts, missed;
	FILE *in;

	if (argc != 4) {
		fprintf(stderr, "usage: %s WORLDS SURVIVORS STATES\n", argv[0]);
		return 2;
	}
	in = fopen(argv[1], "r");
	if (!in) {
		fprintf(stderr, "%s: %s\n", argv[1], strerror(errno));
		return 2;
	}
	uncovered_begin();
	bad = worlds_look(in, (uint32_t)strtoul(argv[3], NULL, 10));
	fclose(in);
	bad += uncovered_tell();
	lefts = left_out_count(&missed);
	bad += left_out_tell(argv[2]);
	printf("%u things that forms write, %u of them missed where they are "
	       "left out; %u exceptions to what they have to look at\n",
	       lefts, missed, uncovered_rows());
	return bad != 0;
}
