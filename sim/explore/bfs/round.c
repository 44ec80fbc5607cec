/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/explore/bfs/round.h"

#include <assert.h>
#include <string.h>

bool round_open(struct round *r, uint32_t workers)
{
	uint64_t words;

	assert(workers <= ROUND_WORKERS_MAX);
	r->workers = workers;
	words = round_states(r) * expand_words_max(r->e);
	r->head = shared_arena_map(sizeof *r->head, workers > 1);
	for (uint32_t i = 0; i < workers; i++)
		if (!shared_pool_open(&r->out[i], words, workers > 1))
			return false;
	return r->head;
}

void round_close(struct round *r)
{
	for (uint32_t i = 0; i < r->workers; i++)
		shared_pool_close(&r->out[i]);
	shared_arena_unmap(r->head, sizeof *r->head);
	*r = (struct round){0};
}

void round_begin(struct round *r, uint32_t side, uint64_t first, uint64_t count)
{
	struct round_head *h = r->head;

	assert(count <= round_states(r));
	h->round++;
	h->side = side;
	h->first = first;
	h->count = count;
}

void round_forget(struct round *r, uint32_t worker)
{
	*r->out[worker].used = 0;
}

uint32_t round_batch_states(const struct round *r, uint32_t n)
{
	uint64_t rest = r->head->count - (uint64_t)n * BATCH_STATES;

	return rest < BATCH_STATES ? (uint32_t)rest : BATCH_STATES;
}

static void batch_look(struct round *r, uint32_t worker, uint32_t n)
{
	struct shared_pool *out = &r->out[worker];
	uint32_t states = round_batch_states(r, n);
	struct expand *e = r->e;

	r->head->batch[n] = (struct batch){.worker = worker, .at = *out->used};
	e->round = r->head->round;
	e->frontier = &r->frontier[r->head->side];
	ownership_begin(e->ownership);
	*out->used +=
		expand_states(e, r->head->first + n * BATCH_STATES, states,
			      n * BATCH_STATES, &out->word[*out->used]);
}

static void arrival_count(struct batch *b, struct looked *l, struct arrival *a,
			  uint32_t round)
{
	a->wins = a->clause == CLAUSE_NONE &&
		  owner_won(a->owner, round, a->order);
	l->fresh += a->wins;
	b->special |= a->clause != CLAUSE_NONE || (a->wins && a->rests);
}

static void batch_count(struct round *r, uint32_t n)
{
	struct batch *b = &r->head->batch[n];
	uint64_t *at = round_found(r, n);

	for (uint32_t i = round_batch_states(r, n); i; i--) {
		struct looked *l = (struct looked *)at;

		at += sizeof *l / 8;
		l->fresh = 0;
		for (uint32_t k = 0; k < l->arrivals; k++) {
			arrival_count(b, l, (struct arrival *)at,
				      r->head->round);
			at += arrival_words(r->e);
		}
		b->transitions += l->transitions;
		b->fresh += l->fresh;
	}
	b->waits = b->fresh;
}

/* It waits to be looked at, with all others of its depth. */
static void state_wait(struct round *r, const struct arrival *a, uint64_t index,
		       uint64_t number)
{
	struct waiting *w = frontier_at(&r->frontier[!r->head->side], number);

	w->digest = a->digest;
	w->owner = ownership_number(r->e->ownership, a->owner);
	w->index = (uint32_t)index;
	memcpy(w->number, a->number, expand_numbers(r->e) * sizeof *w->number);
}

static void batch_place(struct round *r, uint32_t n)
{
	const struct batch *b = &r->head->batch[n];
	uint64_t *at = round_found(r, n), index = b->index, number = b->number;
	uint32_t states = round_batch_states(r, n);

	ownership_begin(r->e->ownership);
	for (uint32_t i = 0; i < states; i++) {
		const struct looked *l = (struct looked *)at;
		uint32_t parent = round_state(r, n * BATCH_STATES + i)->index;

		at += sizeof *l / 8;
		for (uint32_t k = 0; k < l->arrivals; k++) {
			const struct arrival *a = (struct arrival *)at;

			at += arrival_words(r->e);
			if (!a->wins)
				continue;
			parent_log_set(r->parent_log, index, parent, a->move);
			a->owner->order = OWNER_PLACED;
			if (!a->owes)
				state_wait(r, a, index, number++);
			index++;
		}
	}
}

uint32_t round_parts(const struct round *r, enum round_task task)
{
	return task == ROUND_ROOM ? visited_pieces(r->e->visited)
				  : round_batches(r);
}

void round_do(struct round *r, enum round_task task, uint32_t worker,
	      uint32_t n)
{
	switch (task) {
	case ROUND_LOOK:
		batch_look(r, worker, n);
		break;
	case ROUND_COUNT:
		batch_count(r, n);
		break;
	case ROUND_PLACE:
		batch_place(r, n);
		break;
	case ROUND_ROOM:
		r->e->cache.failed |= !visited_move(r->e->visited, n);
		break;
	}
}
