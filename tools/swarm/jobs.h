/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Many small pieces of work for several processes, with results that do not
 * depend on how many there are. Knows numbers and processes; not the work.
 */
#ifndef TWINRING_TOOLS_SWARM_JOBS_H
#define TWINRING_TOOLS_SWARM_JOBS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/system/child.h"

enum { JOBS_MAX = 256 }; /* processes at most */

enum item_state {
	ITEM_NEW,
	ITEM_BEGUN, /* afterwards: it brought its process down */
	ITEM_DONE,
	ITEM_FAILED, /* done, and not well */
	ITEM_BAD,    /* cannot be done at all */
	ITEM_OUT     /* likewise, for want of memory */
};

struct jobs {
	uint64_t items;
	size_t size; /* bytes of a result */
	uint32_t jobs;
	bool first;        /* nothing behind the first that fails */
	uint64_t until_ns; /* begin none after this; 0: no limit */
	/* Fills in @result, all zero before. */
	enum item_state (*work)(void *to, uint64_t item, void *result);
	void *to;
	/* Now and then, with items that were begun; may be NULL. */
	void (*progress)(void *to, uint64_t begun);
	/* after the work */
	uint8_t *state;  /* of each item */
	uint8_t *result; /* likewise */
	uint64_t done;   /* items in a row from the first on that are done */
	uint64_t down;   /* an item that brought a process down, or items */
	char lost[CHILD_WORDS]; /* how a process ended too early; "": none */
	bool bad;               /* an item cannot be done */
	bool out;               /* for want of memory */
};

/* False with words on standard error: no memory, or no processes. */
bool jobs_run(struct jobs *j);
void jobs_free(struct jobs *j);

#endif
