/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * For tests only: whether canonical forms say all that matters. States that
 * have the same ones though their memory differs must allow the same moves,
 * and each move must lead to the same canonical form again, or break a rule
 * in all of them.
 */
#ifndef TWINRING_CONFORMANCE_EXPLORE_CHECK_H
#define TWINRING_CONFORMANCE_EXPLORE_CHECK_H

#include <stdio.h>

#include "conformance/referees.h"
#include "model/unit.h"
#include "sim/explore/search.h"
#include "sim/explore/sut/sut.h"
#include "sim/scenario/scenario.h"
#define XXH_INLINE_ALL
#include <xxhash.h>

enum {
	VARIABLES = 1 << 12, /* room for those that are learnt later */
	STATES = 3000,
	STROLL = 5000,
	TABLE = 1 << 16,
	ERROR = 256
};

static const char *const head = "name: small\n"
				"vms: [{name: a}, {name: b}]\n"
				"links:\n"
				"  - ends: [a, b]\n"
				"    private-size: 128\n";

/* A digest, and what was found to hold for all that have it. */
struct entry {
	uint64_t digest;
	uint64_t value;
	uint64_t numbered; /* digest of the last one, slots by their numbers */
};

static inline struct entry *digest_entry(struct entry *table, uint64_t digest)
{
	uint32_t i = (uint32_t)digest % TABLE;

	while (table[i].digest && table[i].digest != digest)
		i = (i + 1) % TABLE;
	return &table[i];
}

struct checker {
	struct sut s;
	struct entry *raw;   /* memory as it is: seen */
	struct entry *forms; /* canonical form: what can follow */
	uint64_t **state;    /* snapshots in the order of discovery */
	uint32_t states;
	uint32_t merged;  /* states that were like another one */
	uint32_t swapped; /* of these, with other slots in their places */
	uint32_t wrong;
};

static inline struct scenario *scenario_of(const char *step, const char *rest)
{
	char text[2048];

	snprintf(text, sizeof text, "%s%s%s", step, head, rest);
	return scenario_parse("test", text, strlen(text), NULL, 0, stderr);
}

static inline void keep(struct checker *c)
{
	struct entry *e = digest_entry(c->raw, sut_digest_raw(&c->s));

	if (e->digest || c->states == STATES)
		return;
	e->digest = sut_digest_raw(&c->s);
	c->state[c->states] = calloc(VARIABLES, sizeof(uint64_t));
	sut_save(&c->s, c->state[c->states++]);
}

/* What move @m leads to, as one number. */
static inline uint64_t outcome(struct checker *c, uint32_t m)
{
	uint64_t digest;

	if (!sut_can(&c->s, m))
		return 0;
	sut_do(&c->s, m);
	sut_learn(&c->s);
	if (sut_broken(&c->s))
		return 1;
	digest = sut_digest(&c->s);
	keep(c);
	if (!sut_quiescent(&c->s))
		return digest;
	sut_finish(&c->s);
	sut_learn(&c->s); /* a later restore puts back what referees wrote */
	return sut_broken(&c->s) ? 2 : digest;
}

/* The digest by which states that only swap slots are apart. */
static inline uint64_t numbered(struct checker *c)
{
	bool before = c->s.view.numbers;
	uint64_t digest;

	sut_numbers(&c->s, true);
	digest = sut_digest(&c->s);
	sut_numbers(&c->s, before);
	return digest;
}

static inline void state_check(struct checker *c, const uint64_t *state)
{
	uint64_t out[MOVES_MAX], value;
	struct entry *e;

	sut_restore(&c->s, state);
	e = digest_entry(c->forms, sut_digest(&c->s));
	for (uint32_t m = 0; m < c->s.moves; m++) {
		out[m] = outcome(c, m);
		if (out[m])
			sut_restore(&c->s, state);
	}
	value = XXH3_64bits(out, c->s.moves * sizeof out[0]);
	if (e->digest) {
		c->merged++;
		c->wrong += e->value != value;
		c->swapped += e->numbered != numbered(c);
	}
	*e = (struct entry){sut_digest(&c->s), value, numbered(c)};
}

static inline void forget(struct checker *c)
{
	while (c->states)
		free(c->state[--c->states]);
	memset(c->raw, 0, TABLE * sizeof *c->raw);
	memset(c->forms, 0, TABLE * sizeof *c->forms);
	c->merged = c->swapped = c->wrong = 0;
}

/* Some move that can happen now. */
static inline uint32_t any_move(const struct sut *s, struct rng *rng)
{
	uint32_t can[MOVES_MAX], n = 0;

	for (uint32_t m = 0; m < s->moves; m++)
		if (sut_can(s, m))
			can[n++] = m;
	return n ? can[rng_below(rng, n)] : MOVES_MAX;
}

/* A long way on, where indexes and numbers have counted up. */
static inline void stroll(struct checker *c)
{
	uint64_t *here = calloc(VARIABLES, sizeof *here);
	struct rng rng = {7};

	CU_ASSERT_FATAL(here != NULL);
	sut_rewind(&c->s);
	for (uint32_t i = 0; i < STROLL; i++) {
		uint32_t m = any_move(&c->s, &rng);

		if (m != MOVES_MAX)
			sut_do(&c->s, m);
		sut_learn(&c->s);
		if (m == MOVES_MAX || sut_broken(&c->s))
			sut_rewind(&c->s);
		sut_save(&c->s, here);
		state_check(c, here);
	}
	free(here);
}

static inline void walk(struct checker *c)
{
	forget(c);
	sut_rewind(&c->s);
	keep(c);
	for (uint32_t i = 0; i < c->states; i++)
		state_check(c, c->state[i]);
}

/* What was found, for those who expect something of it. */
struct checked {
	uint32_t merged, swapped;
};

/* None may be merged wrongly. */
static inline struct checked check_steps(const char *step, const char *rest)
{
	static const struct cost_model price;
	struct checker c = {.states = 0};
	struct scenario *sc = scenario_of(step, rest);
	char error[ERROR] = "";
	struct checked found;

	CU_ASSERT_FATAL(sc != NULL);
	c.raw = calloc(TABLE, sizeof *c.raw);
	c.forms = calloc(TABLE, sizeof *c.forms);
	c.state = calloc(STATES, sizeof *c.state);
	CU_ASSERT_FATAL(c.raw && c.forms && c.state);
	CU_ASSERT_FATAL(sut_open(&c.s, sc, referees, REFEREES, &price, error,
				 sizeof error));
	walk(&c);
	stroll(&c);
	CU_ASSERT_EQUAL(c.wrong, 0);
	if (c.wrong)
		printf("%u of %u merged wrongly\n", c.wrong, c.merged);
	found = (struct checked){c.merged, c.swapped};
	forget(&c);
	free(c.raw);
	free(c.forms);
	free(c.state);
	sut_close(&c.s);
	scenario_free(sc);
	return found;
}

static inline struct checked check(const char *rest)
{
	return check_steps("step: action\n", rest);
}

#endif
