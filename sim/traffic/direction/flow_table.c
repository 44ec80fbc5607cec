/* SPDX-License-Identifier: BSD-3-Clause */
/* Open addressing with linear steps, at most half full. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include "sim/traffic/direction/flow_table.h"

enum { FIRST_ROOM = 64 };

/* The bucket of @key, or the free one where it belongs. */
static uint32_t bucket_of(const struct flow_table *s, const struct key *key)
{
	uint32_t mask = s->room - 1;
	uint32_t at = (uint32_t)XXH3_64bits(key, sizeof *key) & mask;

	assert(s->room && s->count < s->room);
	while (s->bucket[at] &&
	       memcmp(&s->key[s->bucket[at] - 1], key, sizeof *key) != 0)
		at = (at + 1) & mask;
	return at;
}

uint32_t flow_table_find(const struct flow_table *s, const struct key *key)
{
	return s->room ? s->bucket[bucket_of(s, key)] - 1 : FLOW_NONE;
}

static bool grow(struct flow_table *s)
{
	struct flow_table bigger = {.count = s->count,
				    .room = s->room ? 2 * s->room : FIRST_ROOM};

	if (bigger.room == 0)
		return false;
	bigger.bucket = calloc(bigger.room, sizeof *bigger.bucket);
	bigger.key = calloc(bigger.room / 2, sizeof *bigger.key);
	bigger.mark = calloc(bigger.room / 2, sizeof *bigger.mark);
	if (!bigger.bucket || !bigger.key || !bigger.mark) {
		flow_table_free(&bigger);
		return false;
	}
	for (uint32_t i = 0; i < s->count; i++) {
		bigger.bucket[bucket_of(&bigger, &s->key[i])] = i + 1;
		bigger.key[i] = s->key[i];
		bigger.mark[i] = s->mark[i];
	}
	flow_table_free(s);
	*s = bigger;
	return true;
}

uint32_t flow_table_add(struct flow_table *s, const struct key *key)
{
	uint32_t at;

	if (2 * (uint64_t)s->count >= s->room && !grow(s))
		return FLOW_NONE;
	at = bucket_of(s, key);
	if (s->bucket[at] == 0) {
		s->key[s->count] = *key;
		s->bucket[at] = ++s->count;
	}
	return s->bucket[at] - 1;
}

void flow_table_free(struct flow_table *s)
{
	free(s->bucket);
	free(s->key);
	free(s->mark);
	memset(s, 0, sizeof *s);
}
