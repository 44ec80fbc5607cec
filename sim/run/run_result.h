/* SPDX-License-Identifier: BSD-3-Clause */
/* What a run shows: plain data, which outlives its world. */
#ifndef TWINRING_SIM_RUN_RUN_RESULT_H
#define TWINRING_SIM_RUN_RUN_RESULT_H

#include "sim/court/event_history.h"
#include "sim/run/histogram.h"
#include "sim/scenario/schema/config.h"
#include "sim/traffic/direction/direction.h"
#include "sim/traffic/replayed.h"
#include "sim/world/world.h"

enum {
	RUN_VIOLATIONS_KEPT = 64, /* and the first one of each clause */
	RUN_SERIES = 256
};

struct flow_count {
	uint64_t packets;
	uint64_t bytes;
};

/* Slots that one end believes to hold, over virtual time. */
struct held_series {
	uint32_t min, max;
	uint64_t mean_milli;  /* thousandths of a slot, weighted by time */
	uint64_t interval_ps; /* between points */
	uint32_t points;
	uint32_t point[RUN_SERIES];
};

/* What happened on one link, or on all of them. */
struct tally {
	struct flow_count sent;      /* accepted by a driver */
	struct flow_count delivered; /* to an application */
	struct flow_count lost;      /* sent and not delivered */
	struct flow_count too_large; /* refused: no buffer can hold them */
	uint64_t dropped;            /* of the lost: by the host */
	uint64_t returned;           /* of the lost: given back to the sender */
	uint64_t count[COST_KINDS];
	uint64_t kicks_suppressed; /* NO_KICK and NO_CALL decisions */
	uint64_t calls_suppressed;
	struct histogram *latency; /* picoseconds */
};

/* Frames that no driver took from its application. */
struct unsent {
	uint64_t packets;
	const char *why; /* words, where there are any */
};

struct link_result {
	struct tally tally;
	/* of the traffic from each end; the first link of two VMs has it all */
	struct unsent unsent[2];
	struct held_series held[2];
	uint32_t slots_used; /* as the host published them */
	bool paired;
	const char *reject_reason; /* words, when it is not paired */
	/* by the mappings: what end i reaches of the other end's memory */
	struct exposure exposure[2];
};

/* Who acted, what its steps counted, and when it was there. */
struct actor_result {
	char name[2 * NAME_SIZE];
	uint64_t count[COST_KINDS];
	uint64_t from_ps, to_ps;
	enum party party;
	uint32_t core; /* number of an actor: its own, or whose it shares */
	bool acts;     /* false: its path has nothing to do for it */
	bool polls;    /* as long as it was there */
};

/* Where an expectation of the scenario did not hold. */
struct unmet {
	char what[160];
};

/* Who is where in a capture of the scenario. */
struct run_placement {
	uint32_t traffic; /* which entry */
	struct placement p;
};

struct run_result {
	uint64_t digest; /* of all events, in order */
	uint64_t steps;
	uint64_t virtual_ps;        /* when the last step was done */
	uint64_t first_ps, last_ps; /* first packet sent, last delivered */
	uint64_t unsent;            /* frames that no driver took */
	bool interrupted;
	bool settled; /* came to rest by itself */
	struct tally all;
	struct link_result *link; /* one for each link */
	uint32_t links;
	struct actor_result *actor;
	uint32_t actors;
	struct run_placement *placement; /* one for each capture */
	uint32_t placements;
	uint64_t violations;       /* all that were found */
	bool broken[CLAUSE_COUNT]; /* at least once */
	struct violation violation[RUN_VIOLATIONS_KEPT + CLAUSE_COUNT];
	uint32_t violations_kept;
	struct replayed *replayed; /* of each capture, in order */
	uint32_t replays;
	struct unmet unmet[8];
	uint32_t unmets;
	bool held; /* every expectation, exit code 0 */
};

/*
 * Nothing has happened yet, on links of @c, with so many entries of traffic.
 * NULL: no memory.
 */
struct run_result *run_result_new(const struct world_config *c,
				  uint32_t traffics);

void run_result_free(struct run_result *r);

#endif
