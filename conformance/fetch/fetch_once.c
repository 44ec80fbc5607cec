/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Whoever reads a word twice that another one may write has to bear that it
 * changes between the two. Here it does: the model is compiled with a call at
 * each access to memory, and every step of a world at random that reads a word
 * of shared memory twice, for one chain or element, is done again with that
 * word changed in between. What comes of it must come of a change before the
 * first or behind the second as well, or one value was checked and another
 * used.
 *
 * A look ahead may make the host take in what is posted, which shows in no
 * event, and rarely in what follows: worlds of which all memory is hostile are
 * best tried in single actions, where nobody looks ahead.
 *
 * Indexes are for being read again, each time for a new answer. They change,
 * too, but only must lead nobody astray: a crash is found in any case.
 */
#include "conformance/fetch/fetch_once.h"

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "sim/scenario/scenario.h"
#include "sim/swarm/swarm.h"
#include "sim/swarm/world_generator.h"

enum {
	ERROR = 160,
	MOVES = 150 /* before faults end */
};

struct fetch f;

/* It ran into the void, or into an assertion. */
static void on_crash(int number)
{
	signal(number, SIG_DFL);
	if (f.target) {
		f.armed = false;
		place_say("found a crash");
		fflush(stdout);
	}
	raise(number);
}

static bool scenario_try(struct swarm *s, struct scenario *sc)
{
	struct swarm_result result;
	char error[ERROR];

	f.seed = sc->seed;
	if (sc->faults == 0)
		draw_faults(sc);
	if (swarm_run(s, sc, &result, error, sizeof error))
		return true;
	fprintf(stderr, "%s\n", error);
	return false;
}

/* A world as @seed makes it. */
static struct scenario *scenario_made(uint64_t seed)
{
	struct scenario *sc = NULL;
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return NULL;
	world_write(seed, out);
	if (fclose(out) == 0)
		sc = scenario_parse("<seed>", text, size, NULL, 0, stderr);
	free(text);
	return sc;
}

static bool seeds_try(struct swarm *s, const char *file, uint64_t seeds)
{
	bool good = true;

	for (uint64_t seed = 1; seed <= seeds && good; seed++) {
		struct scenario *sc =
			file ? scenario_load(file, NULL, 0, stderr)
			     : scenario_made(seed);

		if (!sc)
			return false;
		sc->seed = seed;
		sc->schedule = SCHEDULE_RANDOM;
		good = scenario_try(s, sc);
		scenario_free(sc);
	}
	return good;
}

/* fetch_once SEEDS [SCENARIO...]: worlds made at random, or these. */
int main(int argc, char **argv)
{
	static const struct cost_model price;
	struct swarm_options options = {.price = &price, .moves = MOVES};
	struct swarm *s = swarm_open(&options);
	uint64_t seeds = argc > 1 ? strtoull(argv[1], NULL, 10) : 0;
	bool good = s && seeds;

	signal(SIGSEGV, on_crash);
	signal(SIGBUS, on_crash);
	signal(SIGABRT, on_crash);
	if (good && argc == 2)
		good = seeds_try(s, NULL, seeds);
	for (int i = 2; i < argc && good; i++)
		good = seeds_try(s, argv[i], seeds);
	printf("%" PRIu64 " steps, %" PRIu64 " times with a word changed that "
	       "was read again\n",
	       f.steps, f.again);
	swarm_close(s);
	free(f.saved[0]);
	free(f.saved[1]);
	return good ? EXIT_SUCCESS : EXIT_FAILURE;
}
