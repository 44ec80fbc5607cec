/* SPDX-License-Identifier: BSD-3-Clause */
/* A cell is bytes of memory, whichever end of a number they are. */
#include "sim/search/cells.h"

#include <string.h>

#include "model/unit.h"
#include "sim/search/footprint.h"

enum { WORDS = 2 };

static uint64_t memory[WORDS], first[WORDS];

static struct subject subject_of_memory(void)
{
	static uint64_t *word[WORDS] = {&memory[0], &memory[1]};
	static uint32_t number_of[WORDS] = {0, 1};
	struct subject s = {.word = word,
			    .word_first = first,
			    .words = WORDS,
			    .state_first = first,
			    .number_of = number_of};

	s.w.state.base = (uint8_t *)memory;
	s.w.state.size = sizeof memory;
	memset(memory, 0x5a, sizeof memory);
	memcpy(first, memory, sizeof first);
	return s;
}

/* The code reads bytes 2 and 3 of the first word, and writes byte 7. */
static void footprint_fill(void)
{
	CU_ASSERT_TRUE_FATAL(footprint_open(memory, sizeof memory));
	footprint.read[0] = 0x0c;
	footprint.written[0] = 0x80;
	footprint.touched[0] = 0;
	footprint.count = 1;
}

static void cells_begin(struct cells *c, const struct subject *s)
{
	CU_ASSERT_TRUE_FATAL(cells_open(c, s));
	footprint_fill();
	cells_cut(c);
	cells_take(c);
}

static void cells_end(struct cells *c)
{
	cells_close(c);
	footprint_close();
}

static void a_mask_is_bytes_of_memory(void)
{
	static const uint8_t bytes[][8] = {
		{255, 255},
		{0, 0, 255, 255},
		{0, 0, 0, 0, 255, 255, 255},
		{[7] = 255},
		{255, 255, 255, 255, 255, 255, 255, 255}};
	struct subject s = subject_of_memory();
	struct cells c;

	cells_begin(&c, &s);
	CU_ASSERT_EQUAL_FATAL(c.count, sizeof bytes / sizeof bytes[0]);
	for (uint32_t i = 0; i < c.count; i++)
		CU_ASSERT_EQUAL(memcmp(&c.cell[i].mask, bytes[i], 8), 0);
	cells_end(&c);
}

/* A byte that changes shows in its cell and in no other. */
static void a_byte_is_in_its_cell(void)
{
	static const uint8_t cell_of[] = {0, 0, 1, 1, 2, 2, 2, 3};
	struct subject s = subject_of_memory();
	struct cells c;

	cells_begin(&c, &s);
	for (uint32_t b = 0; b < sizeof cell_of; b++) {
		((uint8_t *)memory)[b] ^= 1;
		for (uint32_t i = 0; i < c.count; i++)
			CU_ASSERT_EQUAL(cells_now(&c, i) != 0, i == cell_of[b]);
		((uint8_t *)memory)[b] ^= 1;
	}
	cells_end(&c);
}

static void what_is_read_is_found(void)
{
	uint16_t cell[8];
	uint64_t seen[1] = {0}, written[1] = {0};
	struct memo_reads reads = {cell, 0, seen};
	struct subject s = subject_of_memory();
	struct cells c;

	cells_begin(&c, &s);
	cells_read(&c, &reads);
	cells_written(&c, written);
	CU_ASSERT_EQUAL_FATAL(reads.count, 1);
	CU_ASSERT_EQUAL(cell[0], 1);
	CU_ASSERT_EQUAL(written[0], UINT64_C(1) << 3);
	cells_end(&c);
}

static const struct unit_case cases[] = {
	{"a mask is bytes of memory", a_mask_is_bytes_of_memory},
	{"a byte is in its cell", a_byte_is_in_its_cell},
	{"what is read is found", what_is_read_is_found},
};

UNIT_MAIN("cells", cases)
