/* SPDX-License-Identifier: BSD-3-Clause */
#include "conformance/forms/states.h"

#include <stdlib.h>
#include <string.h>

#include "conformance/referees.h"
#include "sim/explore/cache/profiling_walk.h"

enum {
	NEAR = 2,   /* one of so many is among the nearest */
	WAY = 256,  /* moves of a random way */
	STRIDE = 8, /* of its states, one of so many is kept */
	WAYS_PER_STATE = 16
};

bool states_digest_new(uint64_t *table, uint32_t size, uint64_t digest)
{
	uint32_t i = (uint32_t)digest & (size - 1);

	while (table[i] && table[i] != digest)
		i = (i + 1) & (size - 1);
	if (table[i])
		return false;
	table[i] = digest;
	return true;
}

/* The state in which the system under test is, if it is new. */
static void keep(struct states *st)
{
	uint32_t words = st->s.words;
	uint64_t *to;

	if (st->count == st->most ||
	    !states_digest_new(st->digest, st->size, sut_digest(&st->s)))
		return;
	assert(words <= STATES_WORDS);
	to = malloc((words + 1) * sizeof *to);
	assert(to);
	to[0] = words;
	sut_save(&st->s, to + 1);
	st->kept[st->count++] = to;
}

static void show(struct states *st, const uint64_t *snapshot)
{
	memcpy(st->here, snapshot + 1, snapshot[0] * sizeof *snapshot);
	memset(st->here + snapshot[0], 0,
	       (STATES_WORDS - snapshot[0]) * sizeof *snapshot);
	sut_restore(&st->s, st->here);
}

void states_show(struct states *st, uint32_t i)
{
	show(st, st->kept[i]);
}

/* Byte @byte of word @word of the @i-th snapshot; words behind it are as they
 * were at first. */
static uint8_t byte_of(const struct states *st, uint32_t i, uint32_t word,
		       uint32_t byte)
{
	const uint64_t *kept = st->kept[i];

	return word < kept[0] ? ((const uint8_t *)&kept[1 + word])[byte] : 0;
}

bool states_differ(const struct states *st, uint32_t i, uint32_t from,
		   uint32_t word, uint32_t byte)
{
	return byte_of(st, i, word, byte) != byte_of(st, from, word, byte);
}

void states_graft(struct states *st, uint32_t i, uint32_t word, uint32_t byte,
		  uint32_t from)
{
	states_show(st, i);
	((uint8_t *)&st->here[word])[byte] = byte_of(st, from, word, byte);
	sut_restore(&st->s, st->here);
}

/* Nobody moves, and something is owed: no way goes on. The state is lost. */
static bool ends(struct states *st)
{
	if (!sut_quiescent(&st->s))
		return false;
	sut_finish(&st->s);
	sut_learn(&st->s);
	return sut_broken(&st->s);
}

/*
 * Does move @m; false: nothing goes on from where it leads to, which with
 * @kept is kept.
 */
static bool move(struct states *st, uint32_t m, bool kept)
{
	uint64_t *behind = malloc((STATES_WORDS + 1) * sizeof *behind);
	bool broken;

	assert(behind);
	sut_do(&st->s, m);
	sut_learn(&st->s);
	broken = sut_broken(&st->s);
	if (!broken) {
		behind[0] = st->s.words;
		sut_save(&st->s, behind + 1);
		broken = ends(st);
		show(st, behind);
	}
	if (!broken && kept)
		keep(st);
	free(behind);
	return !broken;
}

static void nearest(struct states *st)
{
	uint32_t most = st->most;

	st->most = most / NEAR;
	keep(st);
	for (uint32_t i = 0; i < st->count && st->count < st->most; i++)
		for (uint32_t m = 0; m < st->s.moves; m++) {
			states_show(st, i);
			if (sut_can(&st->s, m))
				move(st, m, true);
		}
	st->most = most;
}

/* From the first state on, for a while. */
static void way(struct states *st, struct walk *walk)
{
	uint8_t can[MOVES_MAX];
	uint32_t n;

	states_show(st, 0);
	for (uint32_t i = 0; i < WAY && st->count < st->most; i++) {
		n = 0;
		for (uint32_t m = 0; m < st->s.moves; m++)
			if (sut_can(&st->s, m))
				can[n++] = (uint8_t)m;
		if (!n || !move(st, walk_pick(walk, can, n), i % STRIDE == 0))
			return;
	}
}

bool states_open(struct states *st, const struct scenario *sc, uint32_t judges,
		 uint32_t most, char *error, size_t size)
{
	static const struct cost_model price;
	struct walk walk = {.rng = {3}};

	*st = (struct states){.most = most, .size = 1};
	while (st->size < 2 * most)
		st->size *= 2;
	if (!sut_open(&st->s, sc, referees, judges, &price, error, size))
		return false;
	st->kept = calloc(most, sizeof *st->kept);
	st->digest = calloc(st->size, sizeof *st->digest);
	st->here = calloc(STATES_WORDS, sizeof *st->here);
	assert(st->kept && st->digest && st->here);
	sut_rewind(&st->s);
	nearest(st);
	for (uint32_t i = 0; i < WAYS_PER_STATE * most / WAY; i++)
		if (st->count < most)
			way(st, &walk);
	return true;
}

void states_close(struct states *st)
{
	for (uint32_t i = 0; i < st->count; i++)
		free(st->kept[i]);
	free(st->kept);
	free(st->digest);
	free(st->here);
	sut_close(&st->s);
}
