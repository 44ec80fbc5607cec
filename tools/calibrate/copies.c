/* SPDX-License-Identifier: BSD-3-Clause */
/* Copies, by their size and by how far away the bytes are. */
#include <stdlib.h>
#include <string.h>

#include "tools/calibrate/measure.h"
#include "tools/system/clock.h"

enum {
	SMALL = 64,
	LARGE = 2048,  /* a slot */
	ONCE = 1 << 21 /* bytes that a round copies at least */
};

static const struct {
	const char *name;
	uint64_t bytes; /* of source and target together */
} levels[LEVELS] = {
	[LEVEL_L1] = {"L1", 16 << 10},
	[LEVEL_L2] = {"L2", 256 << 10},
	[LEVEL_L3] = {"L3", 4 << 20},
	[LEVEL_DRAM] = {"DRAM", 256 << 20},
};

uint64_t measure_level_bytes(enum cache_level level)
{
	return levels[level].bytes;
}

const char *measure_level_name(enum cache_level level)
{
	return levels[level].name;
}

/* What is written at @at may be read by anybody. */
static inline void seen(const void *at)
{
	__asm__ volatile("" : : "r"(at) : "memory");
}

/* Picoseconds for a copy of @piece bytes from one half of @at to the other. */
static uint64_t copy_ps(uint8_t *at, uint64_t bytes, uint64_t piece)
{
	uint64_t half = bytes / 2, places = half / LARGE;
	uint64_t count = ONCE / LARGE > places ? ONCE / LARGE : places;
	uint64_t begin = clock_ns(), place = 0;

	for (uint64_t i = 0; i < count; i++) {
		uint8_t *from = at + place * LARGE;

		memcpy(from + half, from, piece);
		seen(from + half);
		place = place + 1 == places ? 0 : place + 1;
	}
	return (clock_ns() - begin) * 1000 / count;
}

/* Large copies less small ones tell what a byte takes, both what else. */
static void measure_level(struct measures *m, uint8_t *at,
			  enum cache_level level)
{
	uint64_t bytes = levels[level].bytes;
	uint64_t byte[MEASURE_ROUNDS], begin[MEASURE_ROUNDS];

	copy_ps(at, bytes, LARGE);
	for (uint32_t i = 0; i < MEASURE_ROUNDS; i++) {
		uint64_t small = copy_ps(at, bytes, SMALL);
		uint64_t large = copy_ps(at, bytes, LARGE);
		uint64_t more = large > small ? large - small : 0;

		byte[i] = more / (LARGE - SMALL);
		begin[i] =
			small > byte[i] * SMALL ? small - byte[i] * SMALL : 0;
	}
	m->copy_byte[level] = measure_of(byte);
	if (level == LEVEL_L2)
		m->copy_begin = measure_of(begin);
}

/* A checksum of sorts over bytes that are as near as can be. */
static void measure_reading(struct measures *m, const uint8_t *at)
{
	enum { LAPS = 200 };
	uint64_t ps[MEASURE_ROUNDS];

	for (uint32_t i = 0; i < MEASURE_ROUNDS; i++) {
		uint64_t begin = clock_ns(), sum = 0, word;

		for (uint32_t lap = 0; lap < LAPS; lap++) {
			for (uint32_t k = 0; k < LARGE; k += sizeof word) {
				memcpy(&word, at + k, sizeof word);
				sum += word;
			}
			seen(&sum);
		}
		ps[i] = (clock_ns() - begin) * 1000 / (LAPS * LARGE);
	}
	m->read_byte = measure_of(ps);
}

bool measure_copies(struct measures *m)
{
	uint64_t most = levels[LEVEL_DRAM].bytes;
	uint8_t *at = aligned_alloc(4096, most);

	if (!at)
		return false;
	memset(at, 1, most); /* or all of it would be one page of zeros */
	for (int level = 0; level < LEVELS; level++)
		measure_level(m, at, (enum cache_level)level);
	measure_reading(m, at);
	free(at);
	return true;
}
