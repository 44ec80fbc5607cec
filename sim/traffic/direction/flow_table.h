/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A set of short keys that numbers them as they come, with a mark for each.
 * The numbers depend on the order of adding and on nothing else.
 */
#ifndef TWINRING_SIM_TRAFFIC_DIRECTION_FLOW_TABLE_H
#define TWINRING_SIM_TRAFFIC_DIRECTION_FLOW_TABLE_H

#include <stdbool.h>
#include <stdint.h>

#define FLOW_NONE UINT32_MAX

/* Unused bytes are zero, so that keys compare as memory. */
struct key {
	uint8_t bytes[40];
};

/* All zero: an empty set. */
struct flow_table {
	struct key *key;
	uint8_t *mark;    /* the user's, 0 when a key is added */
	uint32_t *bucket; /* number + 1, 0: free */
	uint32_t count;
	uint32_t room; /* buckets, a power of two, or 0 */
};

/* The number of @key, or FLOW_NONE. */
uint32_t flow_table_find(const struct flow_table *s, const struct key *key);

/* The same, added if it was not there; FLOW_NONE when memory is out. */
uint32_t flow_table_add(struct flow_table *s, const struct key *key);

void flow_table_free(struct flow_table *s);

#endif
