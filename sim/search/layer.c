/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/search/layer.h"

#include <stdlib.h>

#define ROOM_WORDS (UINT64_C(1) << 31)

static uint64_t room_bytes(const struct layer_room *r)
{
	return (uint64_t)r->chunks * LAYER_CHUNK * r->words * sizeof *r->word;
}

bool layer_room_open(struct layer_room *r, uint32_t numbers, bool shared)
{
	size_t size = sizeof(struct waiting) + numbers * sizeof(uint32_t);

	*r = (struct layer_room){.words = (uint32_t)((size + 7) / 8)};
	r->chunks = (uint32_t)(ROOM_WORDS / LAYER_CHUNK / r->words);
	r->word = share_map_row(room_bytes(r), shared);
	r->empty = malloc(r->chunks * sizeof *r->empty);
	return r->word && r->empty;
}

void layer_room_close(struct layer_room *r)
{
	if (r->word)
		share_unmap(r->word, room_bytes(r));
	free(r->empty);
	*r = (struct layer_room){0};
}

bool layer_open(struct layer *l, struct layer_room *room, bool shared)
{
	*l = (struct layer){.room = room};
	l->chunk = share_map_row(room->chunks * sizeof *l->chunk, shared);
	return l->chunk;
}

void layer_close(struct layer *l)
{
	if (l->chunk)
		share_unmap(l->chunk, l->room->chunks * sizeof *l->chunk);
	*l = (struct layer){0};
}

/* The one that was emptied last has been written to last; false: none. */
static bool chunk_take(struct layer_room *r, uint32_t *chunk)
{
	if (!r->empties && r->used == r->chunks)
		return false;
	*chunk = r->empties ? r->empty[--r->empties] : r->used++;
	return true;
}

bool layer_extend(struct layer *l, uint64_t more)
{
	uint64_t n = (l->count + LAYER_CHUNK - 1) >> LAYER_CHUNK_BITS;

	for (; n << LAYER_CHUNK_BITS < l->count + more; n++)
		if (!chunk_take(l->room, &l->chunk[n]))
			return false;
	l->count += more;
	return true;
}

void layer_drop(struct layer *l, uint64_t n)
{
	for (; (l->dropped + 1) << LAYER_CHUNK_BITS <= n; l->dropped++)
		l->room->empty[l->room->empties++] = l->chunk[l->dropped];
}

void layer_clear(struct layer *l)
{
	layer_drop(l, (l->count + LAYER_CHUNK - 1) & ~(LAYER_CHUNK - 1));
	l->count = l->dropped = 0;
}
