/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What a scenario says, as plain data: the world, its traffic or script, and
 * what is expected of it. Filled along the schema; constant while it runs.
 */
#ifndef TWINRING_SIM_SCENARIO_SCHEMA_CONFIG_H
#define TWINRING_SIM_SCENARIO_SCHEMA_CONFIG_H

#include <stdbool.h>
#include <stdint.h>

#include "model/clauses.h"
#include "model/config.h"

enum traffic_kind {
	TRAFFIC_PCAP,
	TRAFFIC_FIXED,            /* bytes each, from one VM to another */
	TRAFFIC_IMIX,             /* 64, 594 and 1518 bytes as 7 : 4 : 1 */
	TRAFFIC_ONE_WAY,          /* sizes drawn evenly from 60 to bytes */
	TRAFFIC_REQUEST_RESPONSE, /* an answer follows its question */
	TRAFFIC_BURSTS,           /* burst packets at once, then a gap */
};

enum direction_by {
	DIRECTION_AUTO,
	DIRECTION_MAC,
	DIRECTION_IP,
	DIRECTION_PORT
};
enum pace { PACE_RECORDED, PACE_SCALED, PACE_RATE, PACE_ASAP };
enum snapped { SNAPPED_PAD, SNAPPED_KEEP };
enum damaged { DAMAGED_REFUSE, DAMAGED_USE };

struct traffic_config {
	enum traffic_kind kind;
	char *pcap; /* resolved path, or "-" */
	enum direction_by direction_by;
	enum pace pace;
	uint32_t scale_percent; /* pace scaled: 200 is twice as fast */
	uint64_t rate;          /* pace rate: packets a second */
	uint64_t max_gap_ps;    /* longer gaps of a capture are cut; 0: none */
	uint32_t repeat;
	enum snapped snapped;
	enum damaged damaged;
	uint32_t bytes;       /* frame length */
	uint32_t reply_bytes; /* request-response */
	uint32_t window;      /* request-response: questions under way */
	uint64_t packets;
	uint32_t burst;
	uint64_t gap_ps;
	uint8_t from, to; /* VM numbers, generators only */
	bool both;        /* generators: the same the other way too */
	uint32_t line;    /* in the scenario file; 0: in an override */
	uint32_t column;
};

enum schedule { SCHEDULE_TIME, SCHEDULE_RANDOM };

/* What a scenario promises; a key that was not given expects nothing. */
struct expect_config {
	bool has_violations;
	struct clause_list violations; /* none: none may be violated */
	bool has_host_bytes_copied, has_lost, has_delivered, has_digest;
	uint64_t host_bytes_copied;
	uint64_t lost;
	uint64_t delivered;
	uint64_t digest;
};

enum grain { GRAIN_STEP, GRAIN_SLOT };

/* What a search may let happen besides the steps of actors. */
struct explore_config {
	uint32_t sends;        /* frames that each end of a link sends in all */
	uint32_t waiting;      /* of them, with the application at most */
	uint32_t bytes;        /* of each frame */
	uint32_t resets;       /* of any VM, in all */
	uint32_t queue_resets; /* of single queues, in all */
	uint32_t crashes;
	uint32_t unpairs; /* of any link, in all; each may be paired again */
	uint32_t lies;    /* of drivers about slots, in all */
	bool endless;     /* sends without end */
	bool liveness;    /* cycles are looked for as well */
	/* What these break ends no way: what it leads to is looked for. */
	struct clause_list overlook;
	uint8_t grain; /* enum grain: what a move is */
};

/* What can go wrong; sim/fault has what each means. */
enum fault_kind {
	FAULT_LOST_KICK,
	FAULT_LATE_KICK,
	FAULT_LOST_CALL,
	FAULT_LATE_CALL,
	FAULT_SPURIOUS_KICK,
	FAULT_SPURIOUS_CALL,
	FAULT_RESET,
	FAULT_CRASH,
	FAULT_UNPAIR,
	FAULT_RE_PAIR, /* with other features */
	FAULT_LIE,
	FAULT_HOSTILE,
	FAULT_QUEUE_RESET, /* of one queue, whichever */
	FAULT_KINDS
};

/* One of at, every and one_in is given. */
struct fault_config {
	enum fault_kind kind;
	uint64_t at_ps;
	uint32_t every;  /* steps */
	uint32_t one_in; /* steps, by chance */
	uint32_t times;  /* at most; 0: any number */
	uint32_t link;
	uint64_t delay_ps;
	uint64_t features;
	uint8_t who; /* VM */
	bool has_at, has_every, has_one_in, has_who, has_link;
};

struct script_line {
	char text[SCRIPT_LINE];
	uint32_t line; /* in the scenario file */
	uint32_t column;
};

struct scenario {
	char *file; /* as it was named; "-" is standard input */
	char *name;
	char *profile; /* price profile: a name or a path ending in .yaml */
	uint64_t seed;
	enum schedule schedule;
	struct world_config world;
	/* Where links of the world stand: first those of the one list. */
	uint32_t listed_links, listed_networks;
	struct traffic_config traffic[TRAFFIC_MAX];
	uint32_t traffics;
	struct fault_config fault[FAULT_MAX];
	uint32_t faults;
	struct script_line *script;
	uint32_t script_lines;
	struct explore_config explore;
	bool has_explore;
	struct expect_config expect;
};

#endif
