/* SPDX-License-Identifier: BSD-3-Clause */
#define _GNU_SOURCE
#include "conformance/poisoner.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>
#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/asan_interface.h>
#else
#include <valgrind/memcheck.h>
#endif

#include "conformance/referee/ledger.h"
#include "model/slots/bar.h"

enum {
	POISONER_PAGE = 4096,
	POISONER_SLOTS = 4096 /* each is looked at after each batch of events */
};

/* The slots of one link, as each end's driver sees them. */
struct views {
	uint8_t *bar;     /* as the host sees them */
	uint8_t *view[2]; /* the same bytes elsewhere; NULL: not guarded */
	uint8_t *closed[2];
	int file;
};

static struct views views[LINK_MAX];

/* What the guard knows of a world: a ledger of its own. */
struct watch {
	const struct world_config *config;
	void *ledger;
};

static void slot_close(uint8_t *at, uint32_t size, bool closed)
{
#if defined(__SANITIZE_ADDRESS__)
	if (closed)
		__asan_poison_memory_region(at, size);
	else
		__asan_unpoison_memory_region(at, size);
#else
	if (closed)
		(void)VALGRIND_MAKE_MEM_NOACCESS(at, size);
	else
		(void)VALGRIND_MAKE_MEM_DEFINED(at, size);
#endif
}

static void give_up(const char *what)
{
	perror(what);
	abort();
}

/* Puts the pages of @bar into a file, so that they can be seen twice. */
static int share(uint8_t *bar, size_t size)
{
	int file = memfd_create("slots", 0);

	if (file < 0 || pwrite(file, bar, size, 0) != (ssize_t)size)
		give_up("guard: no file for slots");
	if (mmap(bar, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED,
		 file, 0) != bar)
		give_up("guard: slots cannot be shared");
	return file;
}

/* The file of the bytes at @bar, which several links may have in common. */
static int file_of(uint32_t link, uint8_t *bar, size_t size)
{
	for (uint32_t i = 0; i <= link; i++)
		if (views[i].bar == bar)
			return views[i].file;
	return share(bar, size);
}

static uint8_t *poisoner_view(const struct world_config *c, uint32_t link,
			      uint32_t end, uint8_t *bar, uint64_t size)
{
	size_t pages =
		(size + POISONER_PAGE - 1) / POISONER_PAGE * POISONER_PAGE;
	struct views *v = &views[link];
	uint8_t *view;

	if (c->link[link].rules != RULES_ALL ||
	    c->link[link].bar.slots > POISONER_SLOTS)
		return bar;
	v->file = file_of(link, bar, pages);
	v->bar = bar;
	view = mmap(NULL, pages, PROT_READ | PROT_WRITE, MAP_SHARED, v->file,
		    0);
	if (view == MAP_FAILED)
		give_up("guard: no view of slots");
	v->view[end] = view;
	v->closed[end] = calloc(c->link[link].bar.slots, 1);
	if (!v->closed[end])
		give_up("guard");
	return view;
}

static void end_follow(const struct watch *w, uint32_t link, uint32_t end)
{
	const struct bar_config *bar = &w->config->link[link].bar;
	struct views *v = &views[link];

	for (uint32_t s = 0; v->view[end] && s < bar->slots; s++) {
		bool closed = !ledger_lets_touch(w->ledger, link, end, s);

		if (v->closed[end][s] == closed)
			continue;
		v->closed[end][s] = closed;
		slot_close(v->view[end] + (uint64_t)s * bar->stride,
			   bar->slot_size, closed);
	}
}

static void poisoner_watch(void *self, const struct event *ev, uint32_t places)
{
	struct watch *w = self;

	referee_watch(&ledger_referee, w->ledger, ev, places);
	for (uint32_t link = 0; link < w->config->links; link++)
		for (uint32_t end = 0; end < 2; end++)
			end_follow(w, link, end);
}

/* What is found is for the referees to say. */
static void nothing(void *to, const struct finding *f)
{
	(void)to;
	(void)f;
}

static size_t poisoner_size(const struct world_config *c)
{
	return ledger_referee.size(c) + sizeof(struct watch) + 64;
}

static void *poisoner_create(const struct referee_setup *s)
{
	struct watch *w = arena_new(s->arena, struct watch, 1);
	struct referee_setup own = *s;

	own.report = nothing;
	w->config = s->config;
	w->ledger = ledger_referee.create(&own);
	return w;
}

static const struct referee_ops poisoner_referee = {
	.name = "guard",
	.words = "slots that a VM does not hold cannot be reached",
	.size = poisoner_size,
	.create = poisoner_create,
};

const struct poisoner_ops guard = {
	.referee = &poisoner_referee,
	.watch = poisoner_watch,
	.view = poisoner_view,
};
