/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/explore/bfs/frontier.h"

#include <stdlib.h>

#define ROOM_WORDS (UINT64_C(1) << 31)

static uint64_t room_bytes(const struct frontier_room *r)
{
	return (uint64_t)r->chunks * FRONTIER_CHUNK * r->words *
	       sizeof *r->word;
}

bool frontier_room_open(struct frontier_room *r, uint32_t numbers, bool shared)
{
	size_t size = sizeof(struct waiting) + numbers * sizeof(uint32_t);

	*r = (struct frontier_room){.words = (uint32_t)((size + 7) / 8)};
	r->chunks = (uint32_t)(ROOM_WORDS / FRONTIER_CHUNK / r->words);
	r->word = shared_arena_map_row(room_bytes(r), shared);
	r->empty = malloc(r->chunks * sizeof *r->empty);
	return r->word && r->empty;
}

void frontier_room_close(struct frontier_room *r)
{
	if (r->word)
		shared_arena_unmap(r->word, room_bytes(r));
	free(r->empty);
	*r = (struct frontier_room){0};
}

bool frontier_open(struct frontier *l, struct frontier_room *room, bool shared)
{
	*l = (struct frontier){.room = room};
	l->chunk =
		shared_arena_map_row(room->chunks * sizeof *l->chunk, shared);
	return l->chunk;
}

void frontier_close(struct frontier *l)
{
	if (l->chunk)
		shared_arena_unmap(l->chunk,
				   l->room->chunks * sizeof *l->chunk);
	*l = (struct frontier){0};
}

/* The one that was emptied last has been written to last; false: none. */
static bool chunk_take(struct frontier_room *r, uint32_t *chunk)
{
	if (!r->empties && r->used == r->chunks)
		return false;
	*chunk = r->empties ? r->empty[--r->empties] : r->used++;
	return true;
}

bool frontier_extend(struct frontier *l, uint64_t more)
{
	uint64_t n = (l->count + FRONTIER_CHUNK - 1) >> FRONTIER_CHUNK_BITS;

	for (; n << FRONTIER_CHUNK_BITS < l->count + more; n++)
		if (!chunk_take(l->room, &l->chunk[n]))
			return false;
	l->count += more;
	return true;
}

void frontier_drop(struct frontier *l, uint64_t n)
{
	for (; (l->dropped + 1) << FRONTIER_CHUNK_BITS <= n; l->dropped++)
		l->room->empty[l->room->empties++] = l->chunk[l->dropped];
}

void frontier_clear(struct frontier *l)
{
	frontier_drop(l,
		      (l->count + FRONTIER_CHUNK - 1) & ~(FRONTIER_CHUNK - 1));
	l->count = l->dropped = 0;
}
