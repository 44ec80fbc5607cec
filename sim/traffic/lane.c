/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/traffic/lane.h"

#include <assert.h>
#include <stdlib.h>

#include "model/guest/app.h"

enum { ROWS_MAX = 512 };

_Static_assert((int)ROWS_MAX >= (int)APP_BATCH_MAX, "a block holds a run");

static bool fail(struct lane *l, struct lane_block *b, const char *words)
{
	b->count = 0;
	l->problem = words;
	return false;
}

struct lane *lane_open(const struct feed_plan *plan, uint8_t from, uint8_t to,
		       uint32_t pass, uint64_t block_bytes)
{
	struct lane *l = calloc(1, sizeof *l);

	if (!l)
		return NULL;
	l->pass = pass;
	l->block_bytes = block_bytes;
	l->from = from;
	l->to = to;
	if (!feed_begin(&l->feed, plan)) {
		free(l);
		return NULL;
	}
	return l;
}

void lane_close(struct lane *l)
{
	if (!l)
		return;
	for (int i = 0; i < LANE_BLOCKS; i++) {
		free(l->block[i].row);
		free(l->block[i].bytes);
	}
	feed_end(&l->feed);
	free(l);
}

static bool make_room(struct lane_block *b, uint64_t bytes)
{
	uint64_t room = b->room ? b->room : 4096;
	uint8_t *bigger;

	if (!b->row)
		b->row = malloc(ROWS_MAX * sizeof *b->row);
	if (!b->row)
		return false;
	while (room < bytes)
		room += room / 4;
	if (room == b->room)
		return true;
	bigger = realloc(b->bytes, room);
	if (!bigger)
		return false;
	b->bytes = bigger;
	b->room = room;
	return true;
}

/* The next packet of ours; false: the file was changed. */
static bool next_of_lane(struct lane *l)
{
	while (feed_next(&l->feed))
		if (l->feed.from == l->from && l->feed.to >> l->to & 1)
			return true;
	return false;
}

static bool is_full(const struct lane *l, const struct lane_block *b,
		    uint64_t used)
{
	return b->count == ROWS_MAX ||
	       (b->count >= APP_BATCH_MAX && used >= l->block_bytes);
}

/* Fills a block with what comes next. False with a problem set. */
static bool fill(struct lane *l, struct lane_block *b)
{
	uint64_t used = 0;
	const uint8_t *at;

	b->first = l->next;
	b->count = 0;
	while (l->next < l->pass && !is_full(l, b, used)) {
		uint64_t size;

		if (!next_of_lane(l))
			return fail(l, b, "it changed while it was played");
		size = feed_room(l->feed.packet.len);
		if (!make_room(b, used + size))
			return fail(l, b, "out of memory");
		b->row[b->count++] = feed_row(&l->feed, b->bytes + used);
		used += size;
		l->next++;
	}
	at = b->bytes; /* which does not move any more */
	for (uint32_t i = 0; i < b->count; i++) {
		b->row[i].bytes = at;
		at += feed_room(b->row[i].len);
	}
	return true;
}

const struct source_packet *lane_load(struct lane *l, uint32_t place)
{
	assert(place < l->pass);
	if (l->problem)
		return NULL;
	for (uint32_t i = 0; i < LANE_BLOCKS; i++) {
		const struct lane_block *b = &l->block[i];

		if (place - b->first < b->count) {
			l->now = i;
			return &b->row[place - b->first];
		}
	}
	if (place < l->next) {
		feed_rewind(&l->feed);
		l->next = 0;
	}
	do {
		l->last = (l->last + 1) % LANE_BLOCKS;
		if (!fill(l, &l->block[l->last]))
			return NULL;
	} while (place >= l->next);
	l->now = l->last;
	return &l->block[l->now].row[place - l->block[l->now].first];
}
