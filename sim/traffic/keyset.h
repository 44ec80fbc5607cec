/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A set of short keys that numbers them as they come, with a mark for each.
 * The numbers depend on the order of adding and on nothing else.
 */
#ifndef TWINRING_SIM_TRAFFIC_KEYSET_H
#define TWINRING_SIM_TRAFFIC_KEYSET_H

#include <stdbool.h>
#include <stdint.h>

#define KEYSET_NONE UINT32_MAX

/* Unused bytes are zero, so that keys compare as memory. */
struct key {
	uint8_t bytes[40];
};

/* All zero: an empty set. */
struct keyset {
	struct key *key;
	uint8_t *mark;    /* the user's, 0 when a key is added */
	uint32_t *bucket; /* number + 1, 0: free */
	uint32_t count;
	uint32_t room; /* buckets, a power of two, or 0 */
};

/* The number of @key, or KEYSET_NONE. */
uint32_t keyset_find(const struct keyset *s, const struct key *key);

/* The same, added if it was not there; KEYSET_NONE when memory is out. */
uint32_t keyset_add(struct keyset *s, const struct key *key);

void keyset_free(struct keyset *s);

#endif
