/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A plan into an outcome: runs a scenario under virtual time or at random, with
 * referees watching, and says what happened. Knows no rule and no path.
 */
#ifndef TWINRING_SIM_RUN_RUN_H
#define TWINRING_SIM_RUN_RUN_H

#include <signal.h>

#include "sim/court/event_history.h"
#include "sim/run/histogram.h"
#include "sim/scenario/schema/config.h"
#include "sim/traffic/direction/direction.h"
#include "sim/traffic/replayed.h"
#include "sim/world/cost_model.h"
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
	const char *reject_reason; /* words, when it is not joined */
	/* by the mappings: what end i reaches of the other end's memory */
	struct exposure exposure[2];
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

struct run_options {
	const struct referee_ops *const *referee;
	uint32_t referees;
	const struct cost_model *price;
	bool check;                       /* referees watch */
	const struct poisoner_ops *guard; /* NULL: drivers reach all slots */
	const char *pcap_out; /* folder for delivered packets, or NULL */
	FILE *trace;          /* every event as a line of text, or NULL */
	FILE *talk;           /* notices about inputs */
	/*
	 * Packets done and in all (0: unknown), when all inputs are read and
	 * now and then; may be NULL.
	 */
	void (*progress)(void *to, uint64_t done, uint64_t total,
			 uint64_t virtual_ps);
	void *progress_to;
	const volatile sig_atomic_t *stop; /* set: end early; may be NULL */
};

enum run_end {
	RUN_DONE,       /* *out is filled in, held says how it went */
	RUN_BAD,        /* the scenario cannot be run: exit code 2 */
	RUN_UNREADABLE, /* an input cannot be read: exit code 3 */
	RUN_FAILED      /* out of memory, output cannot be written: code 4 */
};

/* Runs @sc. Where it returns anything but RUN_DONE, @error says why. */
enum run_end run_scenario(const struct scenario *sc,
			  const struct run_options *options,
			  struct run_result **out, char *error, size_t size);

void run_result_free(struct run_result *r);

#endif
