/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A source of packets: one traffic entry, from one VM to another. Shared by
 * those who make sources and by the tape, which plays them; nobody else.
 *
 * All sources keep time the same way. A pass of pass packets is played again
 * and again; with each pass the due times move on by period ps and by
 * period_rest / rate of one ps. Fractions are carried, so that the n-th packet
 * of a rate is due at exactly n / rate seconds, without a division.
 */
#ifndef TWINRING_SIM_TRAFFIC_SOURCE_H
#define TWINRING_SIM_TRAFFIC_SOURCE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "model/config.h"
#include "sim/traffic/capture.h"
#include "sim/scenario/scenario.h"

struct generator;

/* A packet of a capture, ready to be handed out. */
struct source_packet {
	const uint8_t *bytes;
	uint64_t hash;
	uint64_t due;  /* within a pass */
	uint64_t rest; /* of due, in 1 / rate ps */
	uint32_t len;
	uint16_t gso_size;
	uint16_t hdr_len;
	uint16_t csum_start;
	uint16_t csum_offset;
	uint8_t gso_type;
	bool copied;
};

enum source_loop { LOOP_OPEN, LOOP_QUESTIONS, LOOP_ANSWERS };

struct source {
	uint64_t total; /* packets in all passes */
	uint32_t pass;  /* packets of a pass, > 0 */
	uint8_t from, to;
	uint8_t loop;    /* enum source_loop */
	uint32_t window; /* questions that may be unanswered */
	uint32_t peer;   /* loop: the source the other way */
	uint32_t number; /* order of adding; ties are decided by it */
	uint64_t period;
	uint64_t period_rest;
	uint64_t rate; /* packets a second; 1 where there is no rate */
	const struct source_packet *packet; /* captures: pass of them */
	struct generator *generator;        /* else */
};

/* Sources under construction, and what they use. */
struct source_list {
	struct source *source;
	uint32_t count;
	uint32_t room;
	struct capture *capture;        /* one for each traffic entry */
	struct source_packet **packets; /* the same */
	FILE *talk;                     /* NULL: notices are dropped */
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

/* Writes "FILE: ..." to the talk, if there is one. */
void source_notice(struct source_list *l, const char *file, const char *format,
		   ...) __attribute__((format(printf, 3, 4)));

/* Sets the period of a pass of @packets at @rate packets a second. */
void source_set_rate(struct source *s, uint64_t packets, uint64_t rate);

/* Adds the sources of traffic entry @n, a capture. */
bool replay_add(struct source_list *l, const struct scenario *sc, uint32_t n);

/* Adds the sources of traffic entry @n, a generator. */
bool synthetic_add(struct source_list *l, const struct scenario *sc,
		   uint32_t n);

#endif
