/* SPDX-License-Identifier: BSD-3-Clause */
/* Each cell is in one block; those that go together are in the same. */
#include "sim/search/blocks.h"

#include <string.h>

#include "model/unit.h"
#include "sim/dice.h"

enum { STEPS = 128, STATES = 64, MANY = 900, WORDS = STEPS / 64 };

static uint64_t written[MANY * WORDS], held[MANY * STATES];

static struct blocks_sample sample_of(uint32_t cells)
{
	memset(written, 0, sizeof written);
	memset(held, 0, sizeof held);
	return (struct blocks_sample){.cells = cells,
				      .steps = STEPS,
				      .states = STATES,
				      .written = written,
				      .held = held};
}

/* Says all places, of so many cells, in blocks. */
static void check(const struct blocks *b, uint32_t cells)
{
	uint32_t seen = 0;

	CU_ASSERT_TRUE_FATAL(b->count > 0 && b->count <= BLOCKS_MAX);
	for (uint32_t n = 0; n < b->count; n++) {
		uint32_t size = blocks_size(b, n);

		for (uint32_t i = 0; i < size; i++, seen++) {
			uint32_t cell = b->cell[b->first[n] + i];

			CU_ASSERT_TRUE_FATAL(cell < cells + CELLS_LATER);
			CU_ASSERT_EQUAL(b->of[cell], n);
			CU_ASSERT_EQUAL(b->place[cell], n << 16 | (size + i));
		}
	}
	CU_ASSERT_EQUAL(seen, cells + CELLS_LATER);
}

/* Two by two, never with the others, and each pair has two contents. */
static void pairs_are_found(void)
{
	struct blocks_sample s = sample_of(6);
	struct blocks b;

	for (uint32_t cell = 0; cell < 6; cell++) {
		written[cell * WORDS] = UINT64_C(1) << cell / 2;
		for (uint32_t i = 0; i < STATES; i++)
			held[cell * STATES + i] =
				(i >> cell / 2 & 1) * UINT64_C(1) << 60;
	}
	CU_ASSERT_TRUE_FATAL(blocks_open(&b, &s));
	check(&b, 6);
	for (uint32_t cell = 0; cell < 6; cell += 2)
		CU_ASSERT_EQUAL(b.of[cell], b.of[cell + 1]);
	blocks_close(&b);
}

/* More than there can be blocks, or groups, and of all kinds. */
static void any_number_fits(void)
{
	struct dice d = {1};

	for (uint32_t cells = 0; cells <= MANY; cells += 300) {
		struct blocks_sample s = sample_of(cells);
		struct blocks b;

		for (uint32_t i = 0; i < cells * WORDS; i++)
			written[i] = dice_throw(&d) & dice_throw(&d);
		for (uint32_t i = 0; i < cells * STATES; i++)
			held[i] = dice_throw(&d);
		CU_ASSERT_TRUE_FATAL(blocks_open(&b, &s));
		check(&b, cells);
		blocks_close(&b);
	}
}

static const struct unit_case cases[] = {
	{"pairs are found", pairs_are_found},
	{"any number fits", any_number_fits},
};

UNIT_MAIN("blocks", cases)
