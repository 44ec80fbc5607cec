/* SPDX-License-Identifier: BSD-3-Clause */
#include "tools/swarm/worlds.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/swarm/world_generator.h"

uint64_t worlds_seed(const struct worlds *w, uint64_t world)
{
	return w->first + world / (w->files ? w->files : 1);
}

/* The scenario that @seed makes; NULL after words on standard error. */
static struct scenario *scenario_made(const struct worlds *w, uint64_t seed)
{
	char name[40], *text = NULL;
	struct scenario *sc;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (out)
		world_write(seed, out);
	if (!out || fclose(out) != 0) {
		fprintf(stderr, "twinring: out of memory\n");
		free(text);
		return NULL;
	}
	snprintf(name, sizeof name, "<seed %" PRIu64 ">", seed);
	sc = scenario_parse(name, text, size, w->sets->set, w->sets->count,
			    stderr);
	free(text);
	if (sc && sc->faults == 0)
		draw_faults(sc);
	return sc;
}

/* A named scenario, for this seed. */
static struct scenario *scenario_named(const struct worlds *w, uint64_t world,
				       struct scenario *copy)
{
	*copy = *w->sc[world % w->files];
	copy->seed = worlds_seed(w, world);
	copy->schedule = SCHEDULE_RANDOM;
	if (copy->faults == 0)
		draw_faults(copy);
	return copy;
}

struct scenario *worlds_scenario(const struct worlds *w, uint64_t world,
				 struct scenario *copy)
{
	return w->files ? scenario_named(w, world, copy)
			: scenario_made(w, worlds_seed(w, world));
}

void worlds_drop(const struct worlds *w, struct scenario *sc)
{
	if (w->files == 0)
		scenario_free(sc);
}

const char *worlds_file(const struct worlds *w, uint64_t world)
{
	return w->files ? w->file[world % w->files] : NULL;
}

uint64_t worlds_number(const struct worlds *w, uint64_t seed, const char *file)
{
	uint64_t world = seed - w->first;
	uint32_t n = 0;

	if (!file)
		return world;
	while (strcmp(w->file[n], file) != 0)
		n++;
	return world * w->files + n;
}
