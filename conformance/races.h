/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The catalogue of races: holes that the proposal of 2015 and its rivals leave
 * open, which scenario shows each, and what searches of that scenario found.
 * Knows two tables, one written by hand and one by searches; searches nothing.
 */
#ifndef TWINRING_CONFORMANCE_RACES_H
#define TWINRING_CONFORMANCE_RACES_H

#include <stdbool.h>
#include <stdint.h>

struct race {
	const char *id;       /* 1, V1, M1; several rows may share one */
	const char *hole;     /* what it is, in a few words */
	const char *scenario; /* its file's stem; "": no search can tell */
	const char *rules;    /* that close it, or "all"; "": none does */
	const char *words; /* what the scenario shows, or why there is none */
};

/* Row @i, or NULL behind the last one. */
const struct race *race_at(uint32_t i);

/* What a search of a scenario found. */
struct race_seen {
	const char *scenario;
	const char *clause; /* that was broken first; "": none ever is */
	uint32_t steps;     /* moves of the shortest way to it */
	uint64_t states;    /* that were found until then, or in all */
	bool complete;      /* those are all, where none is broken */
	uint64_t tso;       /* the same where stores wait, if none is broken */
	bool tso_complete;
};

/* The same search where the rules that close the race hold. */
struct race_closed {
	const char *scenario;
	uint64_t states;
	bool complete; /* those are all; else clean so far */
};

/* What is known of @scenario, or NULL. */
const struct race_seen *race_seen(const char *scenario);
const struct race_closed *race_closed(const char *scenario);

/*
 * "found"; "impossible", where all states were seen; "clean", where the search
 * ended before; "not-expressible"; "not-searched" until it is.
 */
const char *race_verdict(const struct race *r);

#endif
