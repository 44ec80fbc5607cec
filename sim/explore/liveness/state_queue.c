/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/explore/liveness/state_queue.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { CHUNK = 1 << 20, GROUP = 8 };

struct state_chunk {
	struct state_chunk *next;
	uint32_t used;
	_Alignas(8) uint8_t bytes[];
};

/*
 * A record: this, then a byte for each group of eight words, a bit for each
 * that differs, then those words, each from where a multiple of 8 begins.
 */
struct record {
	uint32_t index;
	uint32_t words; /* that differ */
};

void state_queue_open(struct state_queue *f, const uint64_t *first,
		      uint32_t words)
{
	assert(words % GROUP == 0);
	*f = (struct state_queue){.first = first, .words = words};
}

void state_queue_close(struct state_queue *f)
{
	while (f->head) {
		struct state_chunk *next = f->head->next;

		free(f->head);
		f->head = next;
	}
	f->tail = NULL;
}

/* Bytes of the masks, so that words behind them are aligned. */
static uint32_t masks_size(const struct state_queue *f)
{
	return (f->words / GROUP + 7) / 8 * 8;
}

/* Room for the longest record there can be. */
static uint32_t record_max(const struct state_queue *f)
{
	return (uint32_t)sizeof(struct record) + masks_size(f) +
	       f->words * (uint32_t)sizeof(uint64_t);
}

static struct state_chunk *chunk_with_room(struct state_queue *f)
{
	uint32_t size = record_max(f) > CHUNK ? record_max(f) : CHUNK;
	struct state_chunk *c = f->tail;

	if (c && size - c->used >= record_max(f))
		return c;
	c = malloc(sizeof *c + size);
	if (!c)
		return NULL;
	c->next = NULL;
	c->used = 0;
	f->bytes += size;
	if (f->bytes > f->most)
		f->most = f->bytes;
	if (f->tail)
		f->tail->next = c;
	else
		f->head = c;
	f->tail = c;
	return c;
}

static uint32_t group_mask(const uint64_t *a, const uint64_t *b)
{
	uint64_t any = 0;
	uint32_t mask = 0;

	for (uint32_t i = 0; i < GROUP; i++)
		any |= a[i] ^ b[i];
	for (uint32_t i = 0; i < GROUP && any; i++)
		mask |= (uint32_t)(a[i] != b[i]) << i;
	return mask;
}

/* Writes what differs to @out; the bytes that it took. */
static uint32_t record_write(const struct state_queue *f, uint32_t index,
			     const uint64_t *state, uint8_t *out)
{
	struct record *r = (struct record *)out;
	uint8_t *masks = (uint8_t *)(r + 1);
	uint64_t *begin = (uint64_t *)(masks + masks_size(f)), *at = begin;

	for (uint32_t i = 0; i < f->words; i += GROUP) {
		uint32_t mask = group_mask(state + i, f->first + i);

		masks[i / GROUP] = (uint8_t)mask;
		for (; mask; mask &= mask - 1)
			*at++ = state[i + (uint32_t)__builtin_ctz(mask)];
	}
	*r = (struct record){index, (uint32_t)(at - begin)};
	return (uint32_t)((uint8_t *)at - out);
}

bool state_queue_put(struct state_queue *f, uint32_t index,
		     const uint64_t *state)
{
	struct state_chunk *c = chunk_with_room(f);

	if (!c)
		return false;
	c->used += record_write(f, index, state, c->bytes + c->used);
	f->count++;
	return true;
}

static uint32_t record_read(const struct state_queue *f, const uint8_t *in,
			    uint32_t *index, uint64_t *state)
{
	const struct record *r = (const struct record *)in;
	const uint8_t *masks = (const uint8_t *)(r + 1);
	const uint64_t *at = (const uint64_t *)(masks + masks_size(f));

	memcpy(state, f->first, f->words * sizeof *state);
	*index = r->index;
	for (uint32_t i = 0; i < f->words; i += GROUP)
		for (uint32_t m = masks[i / GROUP]; m; m &= m - 1)
			state[i + (uint32_t)__builtin_ctz(m)] = *at++;
	return (uint32_t)((const uint8_t *)at - in);
}

static void chunk_drop(struct state_queue *f)
{
	struct state_chunk *c = f->head;

	f->bytes -= record_max(f) > CHUNK ? record_max(f) : CHUNK;
	f->head = c->next;
	if (!f->head)
		f->tail = NULL;
	f->read = 0;
	free(c);
}

uint32_t state_queue_take(struct state_queue *f, uint64_t *state)
{
	uint32_t index;

	assert(f->count > 0);
	if (f->read == f->head->used)
		chunk_drop(f);
	f->read += record_read(f, f->head->bytes + f->read, &index, state);
	f->count--;
	return index;
}
