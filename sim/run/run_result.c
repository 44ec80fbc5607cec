/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/run/run_result.h"

#include <stdlib.h>

#include "model/actor/actor.h"

struct run_result *run_result_new(const struct world_config *c,
				  uint32_t traffics)
{
	struct run_result *r = calloc(1, sizeof *r);
	bool good = r;

	if (!r)
		return NULL;
	r->links = c->links;
	r->link = calloc(c->links, sizeof *r->link);
	r->all.latency = calloc(1, sizeof *r->all.latency);
	r->actors = actor_count(c);
	r->actor = calloc(r->actors, sizeof *r->actor);
	r->replayed = calloc(traffics + 1, sizeof *r->replayed);
	good = r->link && r->all.latency && r->replayed && r->actor;
	for (uint32_t i = 0; good && i < c->links; i++) {
		r->link[i].tally.latency =
			calloc(1, sizeof *r->link[i].tally.latency);
		good = r->link[i].tally.latency;
	}
	if (good)
		return r;
	run_result_free(r);
	return NULL;
}

void run_result_free(struct run_result *r)
{
	if (!r)
		return;
	free(r->placement);
	for (uint32_t i = 0; r->link && i < r->links; i++)
		free(r->link[i].tally.latency);
	free(r->all.latency);
	free(r->replayed);
	free(r->actor);
	free(r->link);
	free(r);
}
