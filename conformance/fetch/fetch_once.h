/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What the files of this program share: a world that is tried, which of its
 * memory more than one party writes, and what a step does with it.
 */
#ifndef TWINRING_CONFORMANCE_FETCH_FETCH_ONCE_H
#define TWINRING_CONFORMANCE_FETCH_FETCH_ONCE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

#include "sim/world/app.h"
#include "sim/world/world.h"

enum {
	AREAS = VM_MAX + LINK_MAX,
	INDEXES = 2 * QUEUE_MAX,
	WORDS = 1 << 16, /* that one step touches, and room between them */
	TWICE = 64,      /* of them, read again, that are looked at */
	WROTE = 0xff     /* instead of a count of reads */
};

/* Memory that more than one party can write. */
struct area {
	const uint8_t *at;
	size_t size;
	char kind;
	uint32_t number;
};

/* The entries of an available ring: who reads one looks at a chain. */
struct entries {
	const uint8_t *at;
	size_t size;
};

/* A word of 16 bits that a step has touched. */
struct word {
	uint8_t *at;
	uint32_t step;
	uint32_t unit;
	uint32_t reads; /* in this step, before it wrote the word; or WROTE */
	uint32_t again; /* of them, in this unit */
};

/* One that was read again, after so many reads. */
struct twice {
	uint8_t *at;
	uint32_t reads;
};

/* When the word changes: around which of two reads. */
enum change { CHANGE_BEFORE, CHANGE_AMID, CHANGE_BEHIND };

struct fetch {
	struct area area[AREAS];
	uint32_t areas;
	struct word word[WORDS];
	uint32_t step;
	uint32_t unit; /* grows with each chain or element that is taken */
	struct entries entries[2 * INDEXES];
	uint32_t rings;
	const uint8_t *entry; /* the last one that was read in this step */
	const uint16_t *index[INDEXES]; /* that move then */
	uint32_t indexes;
	struct twice twice[TWICE];
	uint32_t twices;
	bool looks;               /* notes what is touched */
	uint32_t app;             /* it is the application that moves */
	const uint8_t *looked_up; /* whether it is the index of a ring: */
	bool is_index;
	/* what is changed, when, and who read it */
	uint8_t *target;
	uint16_t value;
	enum change change;
	uint32_t reads; /* still to come, before the first of the two */
	bool armed;
	bool pending;
	bool broke; /* a queue, as things are */
	const void *reader[2];
	uint32_t actor;
	uint64_t seed;
	/* a world as it was */
	uint8_t *saved[2];
	size_t room;
	uint64_t heard;  /* events of a step, in any order */
	uint64_t wanted; /* kinds of them that count */
	bool nested;     /* a step beside the world's own */
	uint64_t steps, again;
};

extern struct fetch f;

int __real_memcmp(const void *a, const void *b, size_t size);
void *__real_memcpy(void *to, const void *from, size_t size);
void *__real_memmove(void *to, const void *from, size_t size);
void *__real_memset(void *to, int byte, size_t size);
void __real_world_step(struct world *w, uint32_t a);
void __wrap_world_step(struct world *w, uint32_t a);

static inline uint16_t word_load(const uint8_t *at)
{
	uint16_t v;

	__real_memcpy(&v, at, sizeof v);
	return le16toh(v);
}

static inline void word_store(uint8_t *at, uint16_t v)
{
	v = htole16(v);
	__real_memcpy(at, &v, sizeof v);
}

/* touches.c: what is known of the word at @at in this step. */
struct word *word_of(uint8_t *at);

/* places.c: memory that several parties write, indexes and entries in @w. */
void places_find(const struct world *w);

/* Where @at lies in that memory; NULL: it does not. */
const struct area *area_of(const uint8_t *at);

/*
 * Whether an index of a ring lies at @at: one that is for being read again,
 * each time for a new answer.
 */
bool is_any_index(const struct world *w, const uint8_t *at);

/* Says what was found, @what, and where. */
void place_say(const char *what);

#endif
