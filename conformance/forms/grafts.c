/* SPDX-License-Identifier: BSD-3-Clause */
#include "conformance/forms/grafts.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "conformance/forms/left_out.h"
#include "conformance/forms/looks.h"
#include "sim/explore/sut/footprint.h"

enum { GRAFTS_MAX = 1 << 14, TRIES = 16 };

/* A byte of a state that a site looks at. */
struct graft {
	const struct canon_site *site;
	uint32_t word; /* of a snapshot */
	uint32_t byte;
	bool missed;
};

/*
 * A byte that came from elsewhere may make forms do what they never do, an
 * assertion among it: each is tried in a process of its own, as far as it goes.
 */
struct grafts {
	uint32_t count;
	uint32_t next; /* to be tried */
	struct graft graft[GRAFTS_MAX];
};

/* What is collected, from the looks at all states. */
struct collection {
	struct grafts *all;
	const struct sut *s;
	const uint8_t *moving;
	uint8_t *known; /* bytes that are collected, by site and word */
	size_t words;
};

static void on_look(void *to, const struct canon_site *site, size_t word,
		    uint8_t bytes, bool early)
{
	struct collection *c = to;
	const uint32_t number = c->s->number_of[word];
	uint8_t *known =
		&c->known[(site - __start_canon_sites) * (ptrdiff_t)c->words +
			  (ptrdiff_t)word];

	(void)early; /* whether it is written is what is tried */
	bytes &= c->moving[word] & (uint8_t) ~*known;
	if (!bytes || number >= c->s->words || left_out_is_missed(site))
		return;
	*known |= bytes;
	for (uint32_t k = 0; k < FOOTPRINT_WORD; k++)
		if (bytes & 1u << k && c->all->count < GRAFTS_MAX)
			c->all->graft[c->all->count++] =
				(struct graft){site, number, k, false};
}

/*
 * State @i, and the same with the byte that state @from has there: whether they
 * are told apart, and not any more where the site is left out.
 */
static bool graft_missed(struct states *st, const struct graft *g, uint32_t i,
			 uint32_t from)
{
	struct canon_site *site = (struct canon_site *)g->site;
	uint64_t own, own_without, grafted, grafted_without;

	states_show(st, i);
	own = sut_digest(&st->s);
	own_without = left_out_digest(&st->s, site);
	states_graft(st, i, g->word, g->byte, from);
	grafted = sut_digest(&st->s);
	grafted_without = left_out_digest(&st->s, site);
	return own != grafted && own_without == grafted_without;
}

/* Another state, behind @i by turns, that has it differ; @i: there is none. */
static uint32_t other(const struct states *st, const struct graft *g,
		      uint32_t i)
{
	uint32_t from = (i + 1) % st->count;

	while (from != i && !states_differ(st, i, from, g->word, g->byte))
		from = (from + 1) % st->count;
	return from;
}

static void graft_try(struct states *st, struct graft *g)
{
	const uint32_t stride = 1 + st->count / TRIES;

	for (uint32_t i = 0; i < st->count && !g->missed; i += stride) {
		uint32_t from = other(st, g, i);

		g->missed = from != i && graft_missed(st, g, i, from);
	}
}

/* In a child: from the next one on, to the end or as far as it goes. */
static void try_all(struct states *st, struct grafts *all)
{
	int nothing = open("/dev/null", O_WRONLY);

	dup2(nothing, STDERR_FILENO);
	while (all->next < all->count) {
		struct graft *g = &all->graft[all->next++];

		graft_try(st, g);
	}
	_exit(0);
}

static void children_try(struct states *st, struct grafts *all)
{
	while (all->next < all->count) {
		pid_t child = fork();
		int status;

		assert(child >= 0);
		if (child == 0)
			try_all(st, all);
		waitpid(child, &status, 0);
	}
}

void grafts_try(struct states *st, const uint8_t *moving)
{
	struct grafts *all = mmap(NULL, sizeof *all, PROT_READ | PROT_WRITE,
				  MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	struct collection c = {all, &st->s, moving, NULL,
			       st->s.w.state.size / FOOTPRINT_WORD};

	c.known = calloc((size_t)(__stop_canon_sites - __start_canon_sites),
			 c.words);
	assert(all != MAP_FAILED && c.known);
	fflush(NULL);
	for (uint32_t i = 0; i < st->count; i++) {
		states_show(st, i);
		looks_of(&st->s, on_look, &c);
	}
	children_try(st, all);
	for (uint32_t i = 0; i < all->count; i++)
		if (all->graft[i].missed)
			left_out_missed(all->graft[i].site);
	munmap(all, sizeof *all);
	free(c.known);
}
