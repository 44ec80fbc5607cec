/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A source of packets: one traffic entry, from one VM to another. Shared by
 * those who make sources and by the tape, which plays them; nobody else.
 *
 * All sources keep time the same way. A pass of pass packets is played again
 * and again; with each pass the due times move on by period ps and by
 * period_rest / rate of one ps. Fractions are carried over, so that the n-th
 * packet of a rate is due at exactly n / rate seconds, without a division.
 */
#ifndef TWINRING_SIM_TRAFFIC_SOURCE_H
#define TWINRING_SIM_TRAFFIC_SOURCE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "model/config.h"
#include "sim/scenario/schema/config.h"
#include "sim/traffic/lane.h"
#include "sim/traffic/replayed.h"

struct generator;

/* A capture as it is played. */
struct recording {
	struct capture c;
	struct direction d;
	struct replayed told;
	struct feed_plan plan;
	struct source_packet *row; /* of all sources; NULL: they have lanes */
	uint8_t *bytes;            /* what rows point to */
	uint64_t room;             /* of bytes */
};

enum source_loop { LOOP_OPEN, LOOP_QUESTIONS, LOOP_ANSWERS };

struct source {
	uint64_t total; /* packets in all passes */
	uint32_t pass;  /* packets of a pass, > 0 */
	uint8_t from, to;
	uint8_t loop;    /* enum source_loop */
	bool asap;       /* due as soon as it is asked for; other times are 0 */
	uint32_t window; /* questions that may be unanswered */
	uint32_t peer;   /* loop: the source the other way */
	uint32_t number; /* order of adding; ties are decided by it */
	uint64_t period;
	uint64_t period_rest;
	uint64_t rate;     /* packets a second; 1 where there is no rate */
	uint64_t last_due; /* captures: of a pass, at the latest */
	const struct source_packet *packet; /* captures: pass of them */
	struct lane *lane;                  /* else, of what is large; owned */
	struct generator *generator;        /* else */
};

/* Sources under construction, and what they use. */
struct source_list {
	struct source *source;
	uint32_t count;
	uint32_t room;
	struct recording **recording; /* one for each traffic entry, or NULL */
	uint64_t memory;              /* bytes that recordings may still hold */
	struct replayed *told;        /* notices go there, too */
	FILE *talk;                   /* NULL: notices are dropped */
	char *error;
	uint32_t size;
	int exit_code;
};

enum {
	EXIT_BAD_SCENARIO = 2,
	EXIT_UNREADABLE = 3,
};

#define SECOND_PS UINT64_C(1000000000000)

/* Adds a source; NULL with a message in l->error when memory is out. */
struct source *source_add(struct source_list *l, const struct source *s);

/* Writes a message and the exit code; always false. */
bool source_fail(struct source_list *l, int exit_code, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Keeps words on the capture that is told of, and writes "FILE: ..." to the
 * talk, if there is one. */
void source_notice(struct source_list *l, const char *file, const char *format,
		   ...) __attribute__((format(printf, 3, 4)));

/* Sets the period of a pass of @packets at @rate packets a second. */
void source_set_rate(struct source *s, uint64_t packets, uint64_t rate);

/* Adds the sources of traffic entry @n, a capture. */
bool replay_add(struct source_list *l, const struct scenario *sc, uint32_t n);
void replay_free(struct recording *r);

/* Adds the sources of traffic entry @n, a generator. */
bool synthetic_add(struct source_list *l, const struct scenario *sc,
		   uint32_t n);

#endif
