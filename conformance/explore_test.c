/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Whether canonical bytes say all that matters: states that have the same ones
 * though their memory differs must allow the same moves, and each move must
 * lead to the same canonical bytes again, or break a rule in all of them.
 */
#include <stdio.h>

#include "conformance/referees.h"
#include "model/unit.h"
#include "sim/search/search.h"
#include "sim/search/subject.h"
#define XXH_INLINE_ALL
#include <xxhash.h>

enum { STATES = 3000, STROLL = 5000, TABLE = 1 << 16, ERROR = 256 };

static const char *const head = "name: small\n"
				"vms: [{name: a}, {name: b}]\n"
				"links:\n"
				"  - ends: [a, b]\n"
				"    private-size: 128\n";

/* A digest, and what was found to hold for all that have it. */
struct entry {
	uint64_t digest;
	uint64_t value;
};

static struct entry *entry_of(struct entry *table, uint64_t digest)
{
	uint32_t i = (uint32_t)digest % TABLE;

	while (table[i].digest && table[i].digest != digest)
		i = (i + 1) % TABLE;
	return &table[i];
}

struct checker {
	struct subject s;
	struct entry *raw;    /* memory as it is: seen */
	struct entry *folded; /* canonical bytes: what can follow */
	uint64_t **state;     /* snapshots in the order of discovery */
	uint32_t states;
	uint32_t merged; /* states that were like another one */
	uint32_t wrong;
};

static struct scenario *scenario_of(const char *step, const char *rest)
{
	char text[2048];

	snprintf(text, sizeof text, "%s%s%s", step, head, rest);
	return scenario_parse("test", text, strlen(text), NULL, 0, stderr);
}

static void keep(struct checker *c)
{
	struct entry *e = entry_of(c->raw, subject_digest_raw(&c->s));
	uint32_t words = subject_words(&c->s);

	if (e->digest || c->states == STATES)
		return;
	e->digest = subject_digest_raw(&c->s);
	c->state[c->states] = calloc(words + 1, sizeof(uint64_t));
	subject_save(&c->s, c->state[c->states++]);
}

/* What move @m leads to, as one number. */
static uint64_t outcome(struct checker *c, uint32_t m)
{
	uint64_t digest;

	if (!subject_can(&c->s, m))
		return 0;
	subject_do(&c->s, m);
	if (c->s.findings)
		return 1;
	digest = subject_digest(&c->s);
	keep(c);
	if (!subject_rests(&c->s))
		return digest;
	subject_finish(&c->s);
	return c->s.findings ? 2 : digest;
}

static void state_check(struct checker *c, const uint64_t *state)
{
	uint64_t out[MOVES_MAX], value;
	struct entry *e;

	subject_restore(&c->s, state);
	e = entry_of(c->folded, subject_digest(&c->s));
	for (uint32_t m = 0; m < c->s.moves; m++) {
		out[m] = outcome(c, m);
		subject_restore(&c->s, state);
	}
	value = XXH3_64bits(out, c->s.moves * sizeof out[0]);
	if (e->digest) {
		c->merged++;
		c->wrong += e->value != value;
	}
	*e = (struct entry){subject_digest(&c->s), value};
}

static void forget(struct checker *c)
{
	while (c->states)
		free(c->state[--c->states]);
	memset(c->raw, 0, TABLE * sizeof *c->raw);
	memset(c->folded, 0, TABLE * sizeof *c->folded);
	c->merged = c->wrong = 0;
}

/* Some move that can happen now. */
static uint32_t any_move(const struct subject *s, struct dice *dice)
{
	uint32_t can[MOVES_MAX], n = 0;

	for (uint32_t m = 0; m < s->moves; m++)
		if (subject_can(s, m))
			can[n++] = m;
	return n ? can[dice_below(dice, n)] : MOVES_MAX;
}

/* A long way on, where indexes and numbers have counted up. */
static void stroll(struct checker *c)
{
	uint64_t *here = calloc(subject_words(&c->s) + 1, sizeof *here);
	struct dice dice = {7};

	CU_ASSERT_FATAL(here != NULL);
	subject_rewind(&c->s);
	for (uint32_t i = 0; i < STROLL; i++) {
		uint32_t m = any_move(&c->s, &dice);

		if (m != MOVES_MAX)
			subject_do(&c->s, m);
		if (m == MOVES_MAX || c->s.findings)
			subject_rewind(&c->s);
		subject_save(&c->s, here);
		state_check(c, here);
	}
	free(here);
}

/* Ends early when memory changes that snapshots do not hold. */
static void walk(struct checker *c)
{
	forget(c);
	subject_rewind(&c->s);
	keep(c);
	for (uint32_t i = 0; i < c->states; i++) {
		state_check(c, c->state[i]);
		if (subject_learn(&c->s))
			return walk(c);
	}
}

/* Returns how many states were merged; none may be merged wrongly. */
static uint32_t check_steps(const char *step, const char *rest)
{
	static const struct price price;
	struct checker c = {.states = 0};
	struct scenario *sc = scenario_of(step, rest);
	char error[ERROR] = "";
	uint32_t merged;

	CU_ASSERT_FATAL(sc != NULL);
	c.raw = calloc(TABLE, sizeof *c.raw);
	c.folded = calloc(TABLE, sizeof *c.folded);
	c.state = calloc(STATES, sizeof *c.state);
	CU_ASSERT_FATAL(c.raw && c.folded && c.state);
	CU_ASSERT_FATAL(subject_open(&c.s, sc, referees, REFEREES, &price,
				     error, sizeof error));
	do {
		walk(&c);
		stroll(&c);
	} while (subject_learn(&c.s));
	CU_ASSERT_EQUAL(c.wrong, 0);
	if (c.wrong)
		printf("%u of %u merged wrongly\n", c.wrong, c.merged);
	merged = c.merged;
	forget(&c);
	free(c.raw);
	free(c.folded);
	free(c.state);
	subject_close(&c.s);
	scenario_free(sc);
	return merged;
}

static uint32_t check(const char *rest)
{
	return check_steps("step: action\n", rest);
}

static void drivers_begin(void)
{
	check("    ring: {size: 2}\n"
	      "    bar: {slots: 2, slot-size: 128}\n"
	      "    private-rx: 0\n"
	      "explore: {sends: 1}\n");
}

static void endless_traffic(void)
{
	/* The same again and again, with other numbers. */
	uint32_t merged = check("    ring: {size: 2, event-idx: off}\n"
				"    bar: {slots: 2, slot-size: 128}\n"
				"    private-rx: 0\n"
				"    fallback: off\n"
				"script: [run]\n"
				"explore: {endless: on}\n");

	CU_ASSERT(merged > 1000);
}

static void event_index(void)
{
	check("    ring: {size: 4, event-idx: on, start: 65533}\n"
	      "    bar: {slots: 4, slot-size: 128}\n"
	      "    private-rx: 0\n"
	      "script: [run, a send 60 x7, run]\n"
	      "explore: {endless: on}\n");
}

static void private_buffers(void)
{
	check("    ring: {size: 4}\n"
	      "    bar: {slots: 2, slot-size: 128}\n"
	      "    private-rx: 2\n"
	      "script: [run, a send 60 x9, run]\n"
	      "explore: {endless: on}\n");
}

static void copies_only(void)
{
	check("    path: copy\n"
	      "    ring: {size: 2}\n"
	      "    private-rx: 2\n"
	      "script: [run, a send 60 x9, run]\n"
	      "explore: {endless: on}\n");
}

static void mirrored_rings(void)
{
	check("    path: vhost-pci\n"
	      "    ring: {size: 2}\n"
	      "    private-rx: 2\n"
	      "script: [run, a send 60 x9, b send 60 x9, run]\n"
	      "explore: {endless: on}\n");
	check("    path: vhost-pci\n"
	      "    ring: {size: 2, event-idx: off, start: 65535}\n"
	      "    private-rx: 2\n"
	      "explore: {sends: 1, resets: 2, crashes: 1}\n");
}

static void resets(void)
{
	check("    ring: {size: 2}\n"
	      "    bar: {slots: 2, slot-size: 128}\n"
	      "    private-rx: 0\n"
	      "script: [run, a send 60, a step 5]\n"
	      "explore: {sends: 1, resets: 2, crashes: 1, unpairs: 1}\n");
}

static void several_slots_a_frame(void)
{
	check("    ring: {size: 4, indirect: on}\n"
	      "    bar: {slots: 4, slot-size: 64}\n"
	      "    private-rx: 0\n"
	      "script: [run, a send 90 x3, run]\n"
	      "explore: {endless: on, bytes: 90}\n");
}

static void the_old_rules(void)
{
	check("    ring: {size: 2}\n"
	      "    bar: {slots: 3, slot-size: 128}\n"
	      "    private-rx: 0\n"
	      "    rules: 2015\n"
	      "script: [run]\n"
	      "explore: {endless: on, resets: 1}\n");
}

static void lies(void)
{
	check("    ring: {size: 4}\n"
	      "    bar: {slots: 2, slot-size: 128}\n"
	      "    private-rx: 0\n"
	      "    rules: {hold-map: off}\n"
	      "script: [run]\n"
	      "explore:\n"
	      "  endless: on\n"
	      "  lies: 2\n"
	      "  overlook: [EXT-ONE-OWNER, EXT-TOUCH]\n");
}

/* States behind a broken rule are states like any others. */
static void what_is_overlooked(void)
{
	check("    ring: {size: 2}\n"
	      "    bar: {slots: 2, slot-size: 128}\n"
	      "    private-rx: 0\n"
	      "    rules: {post-before-send: off, one-outcome: off}\n"
	      "script: [run]\n"
	      "explore: {endless: on, overlook: [EXT-POST-FIRST]}\n");
}

static void whole_moves(void)
{
	/* Few abstract states, and all that came before makes no difference. */
	uint32_t merged = check_steps("burst: 1\n",
				      "    ring: {size: 4}\n"
				      "    bar: {slots: 3, slot-size: 128}\n"
				      "    private-rx: 0\n"
				      "    fallback: off\n"
				      "    gifts: {low: 1, batch: 1}\n"
				      "script: [run]\n"
				      "explore: {grain: slot}\n");

	CU_ASSERT(merged > 1000);
}

/* Stores that wait are part of a state. */
static void stores_in_order(void)
{
	check("    ring: {size: 2, event-idx: off}\n"
	      "    bar: {slots: 2, slot-size: 128}\n"
	      "    private-rx: 0\n"
	      "memory: tso\n"
	      "script: [run]\n"
	      "explore: {endless: on}\n");
	check("    path: copy\n"
	      "    ring: {size: 4, start: 65533}\n"
	      "    private-rx: 2\n"
	      "memory: tso\n"
	      "barriers: {driver-kick: off, device-sleep: off}\n"
	      "script: [run, a send 60 x9, run]\n"
	      "explore: {endless: on, resets: 1}\n");
}

static void stores_of_a_mirror(void)
{
	check("    path: vhost-pci\n"
	      "    ring: {size: 2, event-idx: off}\n"
	      "    private-rx: 2\n"
	      "memory: tso\n"
	      "script: [run]\n"
	      "explore: {endless: on, resets: 1, crashes: 1}\n");
	check("    path: vhost-pci\n"
	      "    ring: {size: 4, start: 65533}\n"
	      "    private-rx: 2\n"
	      "memory: pso\n"
	      "barriers: {device-sleep: off}\n"
	      "script: [run, a send 60 x3, run]\n"
	      "explore: {endless: on, resets: 1}\n");
}

static void stores_in_any_order(void)
{
	check("    path: copy\n"
	      "    ring: {size: 2}\n"
	      "    private-rx: 2\n"
	      "memory: pso\n"
	      "script: [run, a send 60 x9, run]\n"
	      "explore: {endless: on}\n");
	check("    ring: {size: 4, event-idx: off, indirect: on, start: "
	      "65533}\n"
	      "    bar: {slots: 4, slot-size: 64}\n"
	      "    private-rx: 0\n"
	      "memory: pso\n"
	      "barriers: {driver-sleep: off, device-call: off}\n"
	      "script: [run, a send 90 x3, run]\n"
	      "explore: {endless: on, bytes: 90, resets: 1}\n");
}

static const struct unit_case cases[] = {
	{"drivers begin", drivers_begin},
	{"endless traffic", endless_traffic},
	{"event index", event_index},
	{"private buffers", private_buffers},
	{"copies only", copies_only},
	{"mirrored rings", mirrored_rings},
	{"resets, crashes, partings", resets},
	{"several slots a frame", several_slots_a_frame},
	{"the old rules", the_old_rules},
	{"what is overlooked", what_is_overlooked},
	{"whole moves", whole_moves},
	{"lies", lies},
	{"stores in order", stores_in_order},
	{"stores of a mirror", stores_of_a_mirror},
	{"stores in any order", stores_in_any_order},
};

UNIT_MAIN("explore", cases)
