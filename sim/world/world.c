/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/world/world.h"

#include <stdio.h>
#include <sys/mman.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

#include "sim/world/world_build.h"

enum { PAGE = 4096, HUGE_PAGE = 2 << 20 };

static uint64_t round_up(uint64_t n, uint64_t to)
{
	return (n + to - 1) / to * to;
}

static void *block_map(size_t size)
{
	void *p = mmap(NULL, size, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	return p == MAP_FAILED ? NULL : p;
}

/* The same block again, where it is large enough; as zero as a new one. */
static void *block_again(struct world_block *b, size_t state, size_t extra)
{
	if (b->size >= state + extra) {
		memset(b->at, 0, b->used[0]);
		memset((uint8_t *)b->at + b->extra, 0, b->used[1]);
	} else {
		world_block_free(b);
		b->at = block_map(state + extra);
		b->size = b->at ? state + extra : 0;
	}
	b->extra = state;
	b->used[0] = b->used[1] = 0;
	return b->at;
}

void world_block_free(struct world_block *b)
{
	if (b->at)
		munmap(b->at, b->size);
	*b = (struct world_block){0};
}

/* Whether taking interrupts is counted anywhere. */
static bool keeps_interrupts(const struct world_config *c)
{
	for (uint32_t i = 0; i < c->links; i++)
		if (c->link[i].interrupts != INTERRUPTS_BARE)
			return true;
	return false;
}

bool world_open(struct world *w, const struct world_setup *s, char *error,
		size_t size)
{
	uint32_t history = s->history ? s->history : HISTORY_EVENTS;
	size_t state =
		round_up(world_build_size(s->cfg) + s->extra_state, HUGE_PAGE);
	size_t extra =
		round_up((history + PROBE_SLACK) * sizeof(struct event) +
				 s->extra_other +
				 sizeof(struct interrupt_book) + 64 * PAGE,
			 HUGE_PAGE);

	memset(w, 0, sizeof *w);
	w->cfg = s->cfg;
	w->app = s->app;
	w->app_ctx = s->app_ctx;
	w->block_size = state + extra;
	w->lent = s->block;
	w->block = s->block ? block_again(s->block, state, extra)
			    : block_map(w->block_size);
	if (!w->block) {
		snprintf(error, size, "no memory for a world of %zu MiB",
			 w->block_size >> 20);
		return false;
	}
	if (!w->lent)
		madvise(w->block, w->block_size, MADV_HUGEPAGE);
	w->state = (struct arena){.base = w->block, .size = state};
	w->extra = (struct arena){.base = (uint8_t *)w->block + state,
				  .size = extra};
	w->probe = arena_new(&w->extra, struct probe, 1);
	w->probe->ring =
		arena_new(&w->extra, struct event, history + PROBE_SLACK);
	w->probe->mask = history - 1;
	w->probe->wanted = UINT64_MAX;
	w->cost = arena_new(&w->extra, struct cost_meter, 1);
	if (keeps_interrupts(w->cfg))
		w->interrupts = arena_new(&w->extra, struct interrupt_book, 1);
	world_build(w, s->guard);
	return true;
}

void world_close(struct world *w)
{
	if (w->block && w->lent) {
		w->lent->used[0] = w->state.used;
		w->lent->used[1] = w->extra.used;
	} else if (w->block) {
		munmap(w->block, w->block_size);
	}
	memset(w, 0, sizeof *w);
}

size_t world_state_size(const struct world *w)
{
	return w->state.used;
}

void world_save(const struct world *w, void *to)
{
	memcpy(to, w->state.base, w->state.used);
}

void world_restore(struct world *w, const void *from)
{
	memcpy(w->state.base, from, w->state.used);
}

uint64_t world_digest(const struct world *w)
{
	return XXH3_64bits(w->state.base, w->state.used);
}

struct guest_driver *world_driver(const struct world *w, uint32_t vm,
				  uint32_t link)
{
	return guest_driver_on(&w->guest[vm], link);
}

struct exposure world_exposure(const struct world *w, uint32_t who,
			       uint32_t whose)
{
	struct exposure e = {0, 0};
	const struct gmem *m = &w->vm[who].mem;

	for (uint32_t i = 0; i < m->count; i++) {
		const struct gmem_window *win = &m->window[i];
		const struct link_config *l = &w->cfg->link[win->owner];

		if (win->kind == GMEM_PEER_RAM && win->owner == whose)
			e.ram += win->size;
		if (win->kind == GMEM_BAR &&
		    (l->end[0] == whose || l->end[1] == whose))
			e.shared += win->size;
	}
	return e;
}
