/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The bytes are a world of two or three machines, and what happens in it: the
 * first few say what world it is, then each four a line of a script. What
 * cannot be done is passed over. In the end all heals, and nothing may be owed
 * or have been broken; where b is hostile, nothing that it cannot reach.
 */
#include <string.h>

#include "conformance/fuzz/fuzz.h"
#include "conformance/referees.h"
#include "sim/scenario/scenario.h"
#include "sim/swarm/trial.h"

enum {
	LINES_MAX = 120,
	LINE_BYTES = 4,
	WORLD_BYTES = 3,
	HOSTILE = 1,
	ACTORS = 3 + 4, /* at most */
	CALM_ROUNDS = 4
};

struct fuzz {
	struct cell cell;
	struct scenario *sc;
	bool hostile;
	struct script_op line[LINES_MAX + CALM_ROUNDS * ACTORS + 4];
	uint32_t lines;
};

static const char *const on_off[] = {"off", "on"};

static void link_put(FILE *out, const uint8_t *b, const char *ends)
{
	static const char *const path[] = {"shared-buffers", "copy",
					   "vhost-pci", "e1000"};
	static const char *const gifts[] = {"none", "immediate", "watermark",
					    "credit"};
	uint32_t which = b[0] % 4;
	bool queues = which < 2; /* that are reset by themselves */

	fprintf(out,
		"  - ends: [%s]\n"
		"    path: %s\n"
		"    ring: {size: %u, start: %u, event-idx: %s, indirect: %s, "
		"reset: %s}\n"
		"    private-rx: %u\n"
		"    private-size: 512\n",
		ends, path[which], 8u << (b[1] & 1), b[1] & 4 ? 65530u : 0,
		on_off[b[1] >> 3 & 1], on_off[b[1] >> 4 & 1],
		on_off[queues && b[1] & 32], 2u + (b[1] >> 7));
	if (which == 0)
		fprintf(out,
			"    bar: {slots: %u, slot-size: 256}\n"
			"    gifts: {policy: %s, low: 1, batch: %u}\n",
			2u + (b[2] & 3), gifts[b[2] >> 2 & 3],
			1u + (b[2] >> 4 & 1));
}

static struct scenario *world_of(const uint8_t *b, bool hostile)
{
	char *text = NULL;
	size_t size;
	struct scenario *sc;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		abort();
	fprintf(out,
		"name: fuzz\nstep: %s\n"
		"vms: [{name: a}, {name: b}%s]\nlinks:\n",
		b[0] & 64 ? "action" : "burst", hostile ? ", {name: c}" : "");
	/* Of mirrored rings, either end may be the hostile one. */
	link_put(out, b, hostile && b[1] & 64 ? "b, a" : "a, b");
	if (hostile)
		fputs("  - {ends: [a, c], bar: {slots: 4, slot-size: 256}}\n"
		      "faults: [{kind: hostile, who: b, every: 1000000}]\n",
		      out);
	fputs("script: [run]\n", out);
	if (fclose(out) != 0)
		abort();
	sc = scenario_parse("fuzz.yaml", text, size, NULL, 0, stderr);
	free(text);
	if (!sc)
		abort();
	return sc;
}

/* What machines and the host may do, and what may be done to them. */
static struct script_op honest_line(const uint8_t *b, uint32_t vms)
{
	static const enum script_verb verbs[] = {
		SCRIPT_STEP,      SCRIPT_STEP,      SCRIPT_STEP,
		SCRIPT_EXPIRE,    SCRIPT_SEND,      SCRIPT_SEND,
		SCRIPT_RESET,     SCRIPT_RESET_RX,  SCRIPT_RESET_TX,
		SCRIPT_DROP_KICK, SCRIPT_DROP_CALL, SCRIPT_KICK,
		SCRIPT_CALL,      SCRIPT_UNPAIR,    SCRIPT_PAIR,
		SCRIPT_STEP,
	};
	struct script_op op = {.verb = verbs[b[0] & 15],
			       .actor = b[1] % vms,
			       .value = 1,
			       .more = 1};

	switch (op.verb) {
	case SCRIPT_STEP:
	case SCRIPT_EXPIRE:
		op.actor = b[1] % (vms + 2 * (vms - 1)); /* hosts as well */
		op.value = op.verb == SCRIPT_STEP ? 1 + b[2] % 4 : 1;
		break;
	case SCRIPT_SEND:
		op.link = op.actor == 2 || (op.actor == 0 && b[1] & 64);
		op.to = op.actor ? 0 : 1 + op.link;
		op.value = 14 + 3u * b[2];
		break;
	case SCRIPT_UNPAIR:
	case SCRIPT_PAIR:
		op.actor = NO_ACTOR;
		break;
	default:
		break;
	}
	return op;
}

/* Whatever b may write: its RAM, the slots, a register. */
static struct script_op hostile_line(const uint8_t *b)
{
	struct script_op op = {.verb = SCRIPT_POKE,
			       .actor = HOSTILE,
			       .link = b[0] >> 4 & 1,
			       .value = (uint32_t)b[1] << 6 | (b[2] & 62),
			       .more = b[3]};

	if (b[0] & 32)
		op.more = b[2] & 1 ? 0xffffu - b[3] : (uint32_t)b[3] << 8;
	if ((b[0] & 15) == 15)
		op = (struct script_op){.verb = SCRIPT_REGISTER,
					.actor = HOSTILE,
					.value = b[1],
					.more = b[2] | (uint32_t)b[3] << 8};
	return op;
}

static void line_do(struct fuzz *f, struct script_op op)
{
	if (!trial_failed(&f->cell) && trial_do(&f->cell, &op))
		f->line[f->lines++] = op;
}

static void lines_do(struct fuzz *f, const uint8_t *b, size_t size)
{
	for (uint32_t n = 0; n < LINES_MAX && size >= LINE_BYTES; n++) {
		line_do(f, f->hostile && b[0] & 128
				   ? hostile_line(b)
				   : honest_line(b, f->sc->world.vms));
		b += LINE_BYTES;
		size -= LINE_BYTES;
	}
}

/* While b does nothing more, nobody else toils for what it has written. */
static void calm(struct fuzz *f)
{
	struct script_op op = {.verb = SCRIPT_RUN, .value = 1, .more = 1};

	for (uint32_t round = 0; round < CALM_ROUNDS && f->hostile; round++)
		for (op.actor = 0; op.actor < f->cell.w.actors; op.actor++)
			if (op.actor != HOSTILE)
				line_do(f, op);
}

/* Faults end, and all that is owed has to happen. */
static void rest(struct fuzz *f)
{
	const struct script_op heal = {.verb = SCRIPT_HEAL, .actor = NO_ACTOR};
	const struct script_op run = {.verb = SCRIPT_RUN, .actor = NO_ACTOR};

	calm(f);
	faults_heal(&f->cell.faults);
	line_do(f, heal);
	line_do(f, run);
	if (!trial_failed(&f->cell) && trial_quiescent(&f->cell))
		trial_finish(&f->cell);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct fuzz f;
	static const struct cost_model price;
	struct swarm_result result;
	char error[512];

	if (size < WORLD_BYTES + LINE_BYTES)
		return 0;
	f.lines = 0;
	f.hostile = data[0] >> 7;
	f.sc = world_of(data, f.hostile);
	if (!trial_begin(&f.cell,
			 &(struct trial_setup){.sc = f.sc,
					       .referee = referees,
					       .referees = REFEREES,
					       .price = &price},
			 error, sizeof error)) {
		fprintf(stderr, "%s\n", error);
		abort();
	}
	lines_do(&f, data + WORLD_BYTES, size - WORLD_BYTES);
	rest(&f);
	trial_result(&f.cell, &result);
	if (result.failed) {
		fprintf(stderr, "%s: %s\n",
			clause_info(result.finding.clause)->id,
			result.finding.detail);
		trial_write(f.sc, f.line, f.lines, &result, stderr);
		abort();
	}
	trial_end(&f.cell);
	scenario_free(f.sc);
	return 0;
}
