/* SPDX-License-Identifier: BSD-3-Clause */
/* A variable is bytes of memory, whichever end of a number they are. */
#include "sim/explore/sut/variables.h"

#include <string.h>

#include "model/unit.h"
#include "sim/explore/sut/footprint.h"

enum { WORDS = 2 };

static uint64_t memory[WORDS], first[WORDS];

static struct sut sut_of_memory(void)
{
	static uint64_t *word[WORDS] = {&memory[0], &memory[1]};
	static uint32_t number_of[WORDS] = {0, 1};
	struct sut s = {.word = word,
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

static void variables_begin(struct variables *c, const struct sut *s)
{
	CU_ASSERT_TRUE_FATAL(variables_open(c, s));
	footprint_fill();
	variables_cut(c);
	variables_take(c);
}

static void variables_end(struct variables *c)
{
	variables_close(c);
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
	struct sut s = sut_of_memory();
	struct variables c;

	variables_begin(&c, &s);
	CU_ASSERT_EQUAL_FATAL(c.count, sizeof bytes / sizeof bytes[0]);
	for (uint32_t i = 0; i < c.count; i++)
		CU_ASSERT_EQUAL(memcmp(&c.variable[i].mask, bytes[i], 8), 0);
	variables_end(&c);
}

/* A byte that changes shows in its variable and in no other. */
static void a_byte_is_in_its_cell(void)
{
	static const uint8_t variable_of[] = {0, 0, 1, 1, 2, 2, 2, 3};
	struct sut s = sut_of_memory();
	struct variables c;

	variables_begin(&c, &s);
	for (uint32_t b = 0; b < sizeof variable_of; b++) {
		((uint8_t *)memory)[b] ^= 1;
		for (uint32_t i = 0; i < c.count; i++)
			CU_ASSERT_EQUAL(variables_now(&c, i) != 0,
					i == variable_of[b]);
		((uint8_t *)memory)[b] ^= 1;
	}
	variables_end(&c);
}

static void what_is_read_is_found(void)
{
	uint16_t variable[8];
	uint64_t seen[1] = {0}, written[1] = {0};
	struct trie_reads reads = {variable, 0, seen};
	struct sut s = sut_of_memory();
	struct variables c;

	variables_begin(&c, &s);
	variables_read(&c, &reads);
	variables_written(&c, written);
	CU_ASSERT_EQUAL_FATAL(reads.count, 1);
	CU_ASSERT_EQUAL(variable[0], 1);
	CU_ASSERT_EQUAL(written[0], UINT64_C(1) << 3);
	variables_end(&c);
}

static const struct unit_case cases[] = {
	{"a mask is bytes of memory", a_mask_is_bytes_of_memory},
	{"a byte is in its cell", a_byte_is_in_its_cell},
	{"what is read is found", what_is_read_is_found},
};

UNIT_MAIN("cells", cases)
