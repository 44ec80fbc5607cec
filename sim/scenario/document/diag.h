/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Everything that is wrong with a scenario, in order of place, each with its
 * line and a caret. Knows text and places; not what a scenario means.
 */
#ifndef TWINRING_SIM_SCENARIO_DOCUMENT_DIAG_H
#define TWINRING_SIM_SCENARIO_DOCUMENT_DIAG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* One --set key=value; messages name it by its text. */
struct scenario_override {
	const char *text;
};

enum { DIAG_MAX = 20, DIAG_TEXT = 320 };

struct diag_place {
	uint32_t set;    /* 1 + number of the override; 0: the file */
	uint32_t line;   /* from 1; 0: the file as a whole */
	uint32_t column; /* from 1, in characters */
	uint32_t length; /* characters to underline, cut at the line's end */
};

struct diag_entry {
	struct diag_place at;
	char text[DIAG_TEXT];
};

struct diag {
	const char *file; /* as messages name it */
	const char *text; /* the whole file, or NULL */
	size_t size;
	const struct scenario_override *set;
	struct diag_entry entry[DIAG_MAX]; /* sorted; the first ones win */
	uint32_t count;
	uint32_t more;  /* not kept for want of room */
	uint32_t found; /* every one, repeated ones too */
};

void diag_init(struct diag *d, const char *file,
	       const struct scenario_override *set);

/* The text that places refer to; it must outlive @d. */
void diag_source(struct diag *d, const char *text, size_t size);

/* Notes an error; the same words about the same place are noted once. */
void diag_error(struct diag *d, struct diag_place at, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Whether more errors would only be counted: no need to work on words. */
bool diag_full(const struct diag *d);

/* The place of byte @offset of the source. */
struct diag_place diag_place_at(const struct diag *d, size_t offset);

void diag_print(const struct diag *d, FILE *out);

#endif
