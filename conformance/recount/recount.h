/* SPDX-License-Identifier: BSD-3-Clause */
/* What is counted again, for the files of this program alone. */
#ifndef TWINRING_CONFORMANCE_RECOUNT_RECOUNT_H
#define TWINRING_CONFORMANCE_RECOUNT_RECOUNT_H

#include <assert.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	LINKS = 8,
	COSTS = 64,
	ACTORS = 32,
	PARTIES = 8,
	POINTS = 256,
	LINE = 1024,
	NAME = 64
};

/* A frame that was sent or delivered. */
struct frame {
	uint64_t hash, ps;
	uint32_t flow;  /* 2 * link + end of the sender */
	uint32_t place; /* of the line in the trace */
	bool gone;      /* sent, and delivered already */
};

struct frames {
	struct frame *at;
	size_t count, room;
};

/* What one end held after a step. */
struct held {
	uint64_t ps;
	uint64_t slots;
};

struct helds {
	struct held *at;
	size_t count, room;
};

struct figures {
	uint64_t taken[2];             /* packets sent or refused, by end */
	uint64_t packets[4], bytes[4]; /* by enum flow_kind */
	uint64_t dropped, returned, kicks_suppressed, calls_suppressed;
	uint64_t cost[COSTS];
	uint64_t gifts; /* slots */
	uint64_t *latency;
	size_t latencies;
};

/* Who acts, and the time that its steps took. */
struct actor {
	char name[NAME];
	uint32_t party, core;
	bool polls;
	uint64_t from_ps, to_ps; /* to_ps 0: to the end */
	uint64_t paid[PARTIES];
};

enum flow_kind { SENT, DELIVERED, TOO_LARGE, LOST };

/* All that is known. */
struct recount {
	char end[LINKS][2][NAME];
	uint32_t links;
	uint64_t offered[LINKS][2]; /* packets that the traffic has */
	char cost[COSTS][NAME];
	uint64_t price[COSTS];
	char payer[COSTS][NAME];
	char party[PARTIES][NAME];
	uint32_t parties;
	struct actor actor[ACTORS];
	uint32_t actors;
	uint32_t costs;
	struct figures link[LINKS], all;
	struct helds held[LINKS][2];
	bool paired[LINKS];
	uint64_t slots[LINKS];
	struct frames sent, delivered;
	uint64_t last_ps; /* of all lines */
	uint64_t done_ps; /* when the last step is paid for */
	uint64_t first_sent, last_delivered;
	bool any_sent;
};

extern struct recount s;

void __attribute__((noreturn)) give_up(const char *why, const char *what);

/* The number of a party, which is new or not. */
uint32_t party_of(const char *name);

/* trace.c: reads the trace from standard input. */
void trace_read(void);

/* latency.c: when frames were sent that were delivered; what comes of it. */
void latencies_find(void);
void put_latency(const char *at, struct figures *f);

/* held.c: slots that one end held, over time. */
void put_held(const char *at, const struct helds *h);

/* cpu.c: processor time by party and core. */
void put_cpu(void);

#endif
