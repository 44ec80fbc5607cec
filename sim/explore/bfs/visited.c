/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/explore/bfs/visited.h"

#include <stdlib.h>
#include <string.h>

enum {
	LINES_FIRST = 1 << 12,
	PIECE = 256,    /* lines that one worker moves */
	LAST = 1 << 12, /* that are moved all at once */
	LOOKS = 1 << 20 /* at a number, before it is asked who is left */
};

/* Room for them, and for what does not fit where it belongs. */
#define LINES_MAX (UINT64_C(1) << 28)
#define BLOCK     (sizeof(struct visited_line) * (LINES_MAX + (LINES_MAX >> 4)))

bool visited_open(struct visited *v, bool shared)
{
	*v = (struct visited){0};
	v->head = shared_arena_map(sizeof *v->head, shared);
	v->line = shared_arena_map(BLOCK, shared);
	if (!v->head || !v->line)
		return false;
	v->head->lines = LINES_FIRST;
	return true;
}

void visited_close(struct visited *v)
{
	shared_arena_unmap(v->head, sizeof *v->head);
	shared_arena_unmap(v->line, BLOCK);
	*v = (struct visited){0};
}

static uint64_t key_of(uint64_t digest)
{
	return digest + (digest == 0);
}

/* Whoever added it is about to say its number, or is no more: 0. */
static uint32_t number_wait(const struct visited *v, const uint32_t *at)
{
	uint32_t number, looks = 0;

	while (!(number = __atomic_load_n(at, __ATOMIC_ACQUIRE))) {
		shared_arena_pause();
		if (++looks % LOOKS == 0 && v->lost && v->lost(v->lost_to))
			break;
	}
	return number;
}

uint32_t visited_add(struct visited *v, uint64_t digest, uint32_t number)
{
	uint64_t key = key_of(digest);

	for (struct visited_line *l = visited_line(v, key);; l++)
		for (uint32_t i = 0; i < VISITED_A_LINE; i++) {
			uint64_t there = __atomic_load_n(&l->digest[i],
							 __ATOMIC_RELAXED);

			if (!there &&
			    __atomic_compare_exchange_n(
				    &l->digest[i], &there, key, false,
				    __ATOMIC_RELAXED, __ATOMIC_RELAXED)) {
				__atomic_store_n(&l->number[i], number,
						 __ATOMIC_RELEASE);
				return number;
			}
			if (there == key)
				return number_wait(v, &l->number[i]);
		}
}

/* At three quarters, runs of full lines get long. */
static uint64_t lines_for(uint64_t count)
{
	uint64_t lines = LINES_FIRST;

	while (lines * VISITED_A_LINE * 3 / 4 < count)
		lines += lines / 2;
	return lines;
}

uint64_t visited_bytes(uint64_t count)
{
	return lines_for(count) * sizeof(struct visited_line);
}

/*
 * Lines move in stages, from the end on, and the upper third of what is left
 * moves to where nothing is any more. It begins behind a line that has room:
 * so what is in it belongs there.
 */
static void stage_begin(struct visited *v)
{
	struct visited_head *h = v->head;

	h->from = h->to > LAST ? 2 * h->to / 3 + 2 : 0;
	while (h->from && h->from < h->to &&
	       v->line[h->from - 1].digest[VISITED_A_LINE - 1])
		h->from++;
	if (h->from == h->to)
		h->from = 0;
}

static void moves_begin(struct visited *v, uint64_t lines)
{
	v->head->to = v->head->lines;
	while (v->line[v->head->to].digest[0])
		v->head->to++;
	v->head->lines = lines;
	stage_begin(v);
}

bool visited_room(struct visited *v, uint64_t count)
{
	uint64_t lines = lines_for(count);

	if (lines < v->head->lines)
		lines = v->head->lines;
	if (lines > LINES_MAX)
		return false;
	if (lines != v->head->lines)
		moves_begin(v, lines);
	return true;
}

uint32_t visited_pieces(const struct visited *v)
{
	const struct visited_head *h = v->head;

	return h->from ? (uint32_t)((h->to - h->from + PIECE - 1) / PIECE)
		       : h->to != 0;
}

void visited_moved(struct visited *v)
{
	v->head->to = v->head->from;
	stage_begin(v);
}

static void line_move(struct visited *v, const struct visited_line *l)
{
	for (uint32_t i = 0; i < VISITED_A_LINE && l->digest[i]; i++)
		visited_add(v, l->digest[i], l->number[i]);
}

/* Where they were, others belong now. False: no memory. */
static bool last_move(struct visited *v)
{
	size_t size = v->head->to * sizeof *v->line;
	struct visited_line *copy = malloc(size);

	if (!copy)
		return false;
	memcpy(copy, v->line, size);
	memset(v->line, 0, size);
	for (uint64_t n = 0; n < v->head->to; n++)
		line_move(v, &copy[n]);
	free(copy);
	return true;
}

bool visited_move(struct visited *v, uint32_t piece)
{
	const struct visited_head *h = v->head;
	uint64_t from = h->from + (uint64_t)piece * PIECE, to = from + PIECE;

	if (!h->from)
		return last_move(v);
	if (to > h->to)
		to = h->to;
	for (uint64_t n = from; n < to; n++)
		line_move(v, &v->line[n]);
	memset(&v->line[from], 0, (to - from) * sizeof *v->line);
	return true;
}
