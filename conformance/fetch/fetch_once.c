/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Whoever reads a word twice that another one may write has to bear that it
 * changes between the two. Here it does: the model is compiled with a call at
 * each access to memory, and every step of a world at random that reads a word
 * of shared memory twice, for one chain or element, is done again with that
 * word changed in between. What comes of it must come of a change before the
 * first or behind the second as well, or one value was checked and another
 * used.
 *
 * A look ahead may make the host take in what is posted, which shows in no
 * event, and rarely in what follows: worlds of which all memory is hostile are
 * best tried in single actions, where nobody looks ahead.
 *
 * Indexes are for being read again, each time for a new answer. They change,
 * too, but only must lead nobody astray: a crash is found in any case.
 */
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

#include "sim/scenario/scenario.h"
#include "sim/swarm/swarm.h"
#include "sim/swarm/world_generator.h"
#include "sim/world/app.h"
#include "sim/world/world.h"

enum {
	ERROR = 160,
	AREAS = VM_MAX + LINK_MAX,
	INDEXES = 2 * QUEUE_MAX,
	WORDS = 1 << 16, /* that one step touches, and room between them */
	TWICE = 64,      /* of them, read again, that are looked at */
	VALUES = 5,
	SETTLE = 1000, /* steps until all is done */
	MOVES = 150,   /* before faults end */
	WROTE = 0xff   /* instead of a count of reads */
};

/* Memory that more than one party can write. */
struct area {
	const uint8_t *at;
	size_t size;
	char kind;
	uint32_t number;
};

/* The entries of an available ring: who reads one looks at a chain. */
struct entries {
	const uint8_t *at;
	size_t size;
};

/* A word of 16 bits that a step has touched. */
struct word {
	uint8_t *at;
	uint32_t step;
	uint32_t unit;
	uint32_t reads; /* in this step, before it wrote the word; or WROTE */
	uint32_t again; /* of them, in this unit */
};

/* One that was read again, after so many reads. */
struct twice {
	uint8_t *at;
	uint32_t reads;
};

/* When the word changes: around which of two reads. */
enum change { CHANGE_BEFORE, CHANGE_AMID, CHANGE_BEHIND };

static struct {
	struct area area[AREAS];
	uint32_t areas;
	struct word word[WORDS];
	uint32_t step;
	uint32_t unit; /* grows with each chain or element that is taken */
	struct entries entries[2 * INDEXES];
	uint32_t rings;
	const uint8_t *entry; /* the last one that was read in this step */
	const uint16_t *index[INDEXES]; /* that move then */
	uint32_t indexes;
	struct twice twice[TWICE];
	uint32_t twices;
	bool looks;               /* notes what is touched */
	uint32_t app;             /* it is the application that moves */
	const uint8_t *looked_up; /* whether it is the index of a ring: */
	bool is_index;
	/* what is changed, when, and who read it */
	uint8_t *target;
	uint16_t value;
	enum change change;
	uint32_t reads; /* still to come, before the first of the two */
	bool armed;
	bool pending;
	bool broke; /* a queue, as things are */
	const void *reader[2];
	uint32_t actor;
	uint64_t seed;
	/* a world as it was */
	uint8_t *saved[2];
	size_t room;
	uint64_t heard;  /* events of a step, in any order */
	uint64_t wanted; /* kinds of them that count */
	bool nested;     /* a step beside the world's own */
	uint64_t steps, again;
} f;

extern const char __executable_start;

int __real_memcmp(const void *a, const void *b, size_t size);
void *__real_memcpy(void *to, const void *from, size_t size);
void *__real_memmove(void *to, const void *from, size_t size);
void *__real_memset(void *to, int byte, size_t size);
void __real_world_step(struct world *w, uint32_t a);
void __wrap_world_step(struct world *w, uint32_t a);

static uint16_t word_load(const uint8_t *at)
{
	uint16_t v;

	__real_memcpy(&v, at, sizeof v);
	return le16toh(v);
}

static void word_store(uint8_t *at, uint16_t v)
{
	v = htole16(v);
	__real_memcpy(at, &v, sizeof v);
}

static const struct area *area_of(const uint8_t *at)
{
	for (uint32_t i = 0; i < f.areas; i++)
		if ((size_t)(at - f.area[i].at) < f.area[i].size)
			return &f.area[i];
	return NULL;
}

/* What is known of the word at @at in this step. */
static struct word *word_of(uint8_t *at)
{
	uint32_t i = (uint32_t)((uintptr_t)at >> 1) * 2654435761u % WORDS;

	while (f.word[i].step == f.step && f.word[i].at != at)
		i = (i + 1) % WORDS;
	if (f.word[i].step != f.step)
		f.word[i] = (struct word){.at = at, .step = f.step};
	return &f.word[i];
}

static void word_note(uint8_t *at, bool write)
{
	struct word *w = word_of(at);

	if (w->reads == WROTE)
		return;
	if (write) {
		w->reads = WROTE;
		return;
	}
	if (w->unit != f.unit)
		w->again = 0;
	w->unit = f.unit;
	w->reads++;
	if (++w->again == 2 && f.twices < TWICE)
		f.twice[f.twices++] = (struct twice){at, w->reads - 1};
}

/* Kinds of events that say what became of buffers and packets. */
static const enum event_kind progress[] = {
	EV_DESC,       EV_AVAILABLE,   EV_USED_CONSUMED, EV_USED,   EV_BROKEN,
	EV_GUEST_READ, EV_GUEST_WRITE, EV_HOST_WRITE,    EV_SEND,   EV_DELIVER,
	EV_REFUSE,     EV_FAIL,        EV_GIFT,          EV_GIFTED, EV_RETURNED,
	EV_DROP,       EV_PAIR,        EV_UNPAIR,        EV_STATUS,
};

/* The word that was read before this is changed now. */
static void change_now(void)
{
	if (!f.pending)
		return;
	f.pending = false;
	word_store(f.target, f.value);
}

/* A read of some bytes, while one word of them is about to change. */
static void armed_look(const uint8_t *at, size_t size, const void *reader)
{
	if (f.target + 1 < at || f.target >= at + size)
		return;
	if (f.reads > 1) {
		f.reads--;
		return;
	}
	if (f.reads == 1) {
		f.reads = 0;
		f.reader[0] = reader;
		f.pending = f.change != CHANGE_BEHIND;
		if (f.change == CHANGE_BEFORE)
			change_now();
	} else if (!f.reader[1]) {
		f.reader[1] = reader;
		f.pending = f.change == CHANGE_BEHIND;
	}
}

/* Whether a chain or an element is taken by writing here. */
static bool is_progress(const uint8_t *at, size_t size)
{
	for (uint32_t i = 0; i < f.indexes; i++)
		if ((size_t)((const uint8_t *)f.index[i] - at) < size)
			return true;
	return false;
}

/* Whether a device half turns to another chain by reading here. */
static bool is_next_chain(const uint8_t *at)
{
	if (at == f.entry)
		return false;
	for (uint32_t i = 0; i < f.rings; i++)
		if ((size_t)(at - f.entries[i].at) < f.entries[i].size) {
			f.entry = at;
			return true;
		}
	return false;
}

static void touch(const volatile void *p, size_t size, bool write,
		  const void *reader)
{
	uint8_t *at = (uint8_t *)(uintptr_t)p;

	if (f.armed) {
		change_now();
		if (!write && !f.app)
			armed_look(at, size, reader);
		return;
	}
	if (!f.looks || f.app)
		return;
	if (write ? is_progress(at, size) : is_next_chain(at))
		f.unit++;
	if (!area_of(at))
		return;
	for (uintptr_t k = (uintptr_t)at & ~(uintptr_t)1;
	     k < (uintptr_t)at + size; k += 2)
		word_note((uint8_t *)k, write);
}

/* Told apart by who reads: the function that the compiler's call stands in. */
#define accessed(at, size, write) \
	touch(at, size, write, __builtin_return_address(0))
#define accessed_range accessed
#include "sim/explore/sut/access_calls.h"
ACCESS_LIBRARY(__wrap_, __real_)

/*
 * Applications hash what they are given, by words that overlap. What they make
 * of bytes that change is theirs to know.
 */
extern const struct app_ops __real_app_ops, __wrap_app_ops;

static enum app_answer wrap_peek(void *to, uint32_t nic, struct app_packet *out,
				 uint64_t *wait_ps)
{
	return __real_app_ops.peek(to, nic, out, wait_ps);
}

static void wrap_taken(void *to, uint32_t nic, bool refused)
{
	__real_app_ops.taken(to, nic, refused);
}

static uint32_t wrap_fill(void *to, uint32_t nic, const struct app_buffers *at,
			  struct app_batch *out)
{
	return __real_app_ops.fill(to, nic, at, out);
}

static void wrap_deliver(void *to, uint32_t nic,
			 const struct app_segment *piece, uint32_t count,
			 uint32_t len)
{
	f.app++;
	__real_app_ops.deliver(to, nic, piece, count, len);
	f.app--;
}

static void wrap_arrive(void *to, uint32_t nic, const struct app_buffers *in,
			const uint32_t *len)
{
	f.app++;
	__real_app_ops.arrive(to, nic, in, len);
	f.app--;
}

const struct app_ops __wrap_app_ops = {
	.peek = wrap_peek,
	.taken = wrap_taken,
	.fill = wrap_fill,
	.arrive = wrap_arrive,
	.deliver = wrap_deliver,
};

static void area_add(const uint8_t *at, size_t size, char kind, uint32_t number)
{
	if (size)
		f.area[f.areas++] = (struct area){at, size, kind, number};
}

static void areas_find(const struct world *w)
{
	f.areas = 0;
	for (uint32_t i = 0; i < w->cfg->vms; i++)
		area_add(w->vm[i].ram, w->vm[i].ram_size, 'R', i);
	for (uint32_t i = 0; i < w->cfg->links; i++)
		area_add(w->link[i].region, w->map.link[i].bar_size, 'B', i);
}

/* Has @see look at each ring that drivers work. */
static void rings_each(const struct world *w,
		       void (*see)(const struct world *w, uint32_t vm,
				   const struct guest_ring *r))
{
	for (uint32_t vm = 0; vm < w->cfg->vms; vm++)
		for (uint32_t i = 0; i < w->guest[vm].drivers; i++) {
			struct guest_driver *d = w->guest[vm].driver[i];
			struct guest_ring ring[NIC_QUEUES];
			uint32_t rings = d->ops->rings(d, ring);

			for (uint32_t q = 0; q < rings; q++)
				see(w, vm, &ring[q]);
		}
}

static void index_add(const uint16_t *at)
{
	f.index[f.indexes++] = at;
}

static void ring_index_add(const struct world *w, uint32_t vm,
			   const struct guest_ring *r)
{
	(void)w;
	(void)vm;
	index_add(r->at);
}

/* Indexes of their own by which parties say how far they have come. */
static void indexes_find(const struct world *w)
{
	f.indexes = 0;
	for (uint32_t i = 0; i < nic_count(&w->cfg->numbers); i++) {
		index_add(vq_device_popped_at(
			&w->link[nic_link(&w->cfg->numbers, i)]
				 .nic[nic_end(&w->cfg->numbers, i)]
				 .rx));
		index_add(vq_device_popped_at(
			&w->link[nic_link(&w->cfg->numbers, i)]
				 .nic[nic_end(&w->cfg->numbers, i)]
				 .tx));
	}
	rings_each(w, ring_index_add);
}

/* The bytes of a ring of @vm's own. */
static struct split_bytes bytes_of(const struct world *w, uint32_t vm,
				   const struct guest_ring *r)
{
	struct split_bytes at;
	bool mapped = split_map(&r->area, &w->vm[vm].mem, &at, NULL);

	assert(mapped);
	(void)mapped;
	return at;
}

static void entries_add(const struct world *w, uint32_t vm,
			const struct guest_ring *r)
{
	if (r->own)
		f.entries[f.rings++] =
			(struct entries){bytes_of(w, vm, r).avail + SPLIT_RING,
					 r->area.size * sizeof(uint16_t)};
}

/* Where drivers put their available rings. */
static void entries_find(const struct world *w)
{
	f.rings = 0;
	f.entry = NULL;
	rings_each(w, entries_add);
}

static void is_index(const struct world *w, uint32_t vm,
		     const struct guest_ring *r)
{
	struct split_bytes at;

	if (!r->own)
		return;
	at = bytes_of(w, vm, r);
	f.is_index |= f.looked_up == at.avail + SPLIT_IDX ||
		      f.looked_up == at.used + SPLIT_IDX;
}

/*
 * Whether an index of a ring lies at @at: one that is for being read again,
 * each time for a new answer.
 */
static bool is_any_index(const struct world *w, const uint8_t *at)
{
	f.looked_up = at;
	f.is_index = false;
	rings_each(w, is_index);
	return f.is_index;
}

/* Where in the program, for those who know its symbols. */
static unsigned long code(const void *reader)
{
	return (unsigned long)((const char *)reader - &__executable_start);
}

static void place_say(const char *what)
{
	const struct area *a = area_of(f.target);

	printf("%s: seed %" PRIu64 ", actor %u, %s %u at %#lx, changed to %#x "
	       "between 0x%lx and 0x%lx\n",
	       what, f.seed, f.actor, a->kind == 'R' ? "RAM of VM" : "BAR",
	       a->number, (unsigned long)(f.target - a->at), f.value,
	       code(f.reader[0]), f.reader[1] ? code(f.reader[1]) : 0);
}

/* It ran into the void, or into an assertion. */
static void on_crash(int number)
{
	signal(number, SIG_DFL);
	if (f.target) {
		f.armed = false;
		place_say("found a crash");
		fflush(stdout);
	}
	raise(number);
}

/* Events one by one, however they were told and in which order. */
static void on_flush(void *listener, const struct event *ev, uint32_t places)
{
	struct event_walk walk = event_walk(ev, places);
	struct event e;

	(void)listener;
	while (event_next(&walk, &e)) {
		e.time = 0;
		if (e.kind == EV_USED)
			e.addr = 0; /* means nothing there */
		if (f.wanted >> e.kind & 1)
			f.heard += XXH3_64bits(&e, sizeof e);
	}
}

/* A world around a step: what a repetition must leave as it was. */
struct around {
	struct world world;
	struct probe probe;
	struct cost_meter cost;
	struct app app;
};

static void around_keep(struct around *a, const struct world *w)
{
	a->world = *w;
	a->probe = *w->probe;
	a->cost = *w->cost;
	a->app = *(const struct app *)w->app_ctx;
}

static void around_restore(const struct around *a, struct world *w)
{
	*w = a->world;
	*w->probe = a->probe;
	*w->cost = a->cost;
	*(struct app *)w->app_ctx = a->app;
}

/* Does the step once more. */
static void once_more(struct world *w, const struct around *before,
		      uint32_t reads, enum change change)
{
	around_restore(before, w);
	__real_memcpy(w->state.base, f.saved[0], w->state.used);
	w->probe->flush = on_flush;
	f.heard = 0;
	f.reader[0] = f.reader[1] = NULL;
	f.change = change;
	f.reads = reads;
	f.armed = true;
	f.pending = false;
	__real_world_step(w, f.actor);
	f.armed = false;
	probe_flush(w->probe);
}

/* What comes of it at once, as a digest that leaves the word itself out. */
static uint64_t at_once(struct world *w, const struct around *before,
			uint32_t reads, enum change change)
{
	f.wanted = UINT64_MAX;
	once_more(w, before, reads, change);
	word_store(f.target, 0);
	return f.heard + XXH3_64bits(w->state.base, w->state.used);
}

/* As the scheduler does behind a step. */
static void signalled_wake(struct world *w)
{
	for (uint32_t a; (a = world_signalled(w)) != NO_SIGNAL;) {
		struct actor *actor = &w->actor[a];

		if (actor->state != ACTOR_RESTING &&
		    actor->state != ACTOR_WAITING)
			continue;
		actor->state = ACTOR_READY;
		actor->ready_ps = w->probe->time;
	}
}

/*
 * What comes of it in the end. Whether somebody had looked before or not may
 * make a difference for a while: who is told when is left out.
 */
static uint64_t at_last(struct world *w, const struct around *before,
			uint32_t reads, enum change change)
{
	static const struct cost_model price;
	struct scheduler s = {
		.w = w, .price = &price, .stepped = schedule_untold};
	uint32_t a;

	f.wanted = 0;
	for (uint32_t i = 0; i < sizeof progress / sizeof progress[0]; i++)
		f.wanted |= UINT64_C(1) << progress[i];
	once_more(w, before, reads, change);
	word_store(f.target, f.value);
	signalled_wake(w);
	for (uint32_t n = 0; n < SETTLE; n++) {
		a = schedule_next(&s);
		if (a == NO_ACTOR)
			break;
		schedule_step(&s, a);
	}
	probe_flush(w->probe);
	return f.heard;
}

typedef uint64_t outcome(struct world *w, const struct around *before,
			 uint32_t reads, enum change change);

/* A change in between is like one before, or like one behind. */
static bool is_borne(struct world *w, const struct around *before,
		     uint32_t reads, outcome *look)
{
	uint64_t amid = look(w, before, reads, CHANGE_AMID);

	return amid == look(w, before, reads, CHANGE_BEHIND) ||
	       amid == look(w, before, reads, CHANGE_BEFORE);
}

/* One word that was read twice: is that borne? */
static void word_try(struct world *w, const struct around *before,
		     const struct twice *t)
{
	uint16_t old = word_load(f.saved[0] + (t->at - w->state.base));
	const uint16_t value[VALUES] = {(uint16_t)~old, (uint16_t)(old + 1),
					(uint16_t)(old ^ 2), 0,
					(uint16_t)(old | 0xfff0)};

	bool index = is_any_index(w, t->at);

	f.target = t->at;
	for (uint32_t i = 0; i < VALUES; i++) {
		f.value = value[i];
		f.again++;
		if (is_borne(w, before, t->reads, at_once) || index ||
		    is_borne(w, before, t->reads, at_last))
			continue;
		once_more(w, before, t->reads, CHANGE_AMID); /* who read it */
		place_say("found a double fetch");
		exit(EXIT_FAILURE); /* the memory of this world is no use */
	}
}

static void room_make(size_t size)
{
	if (size <= f.room)
		return;
	f.room = size;
	for (uint32_t i = 0; i < 2; i++) {
		free(f.saved[i]);
		f.saved[i] = malloc(size);
		if (!f.saved[i])
			abort();
	}
}

/* The step is done: and now again for each word that it read twice. */
static void step_repeat(struct world *w, struct around *before)
{
	struct around after;

	probe_flush(w->probe);
	before->probe = *w->probe; /* its listener has heard the step */
	__real_memcpy(f.saved[1], w->state.base, w->state.used);
	around_keep(&after, w);
	for (uint32_t i = 0; i < f.twices; i++)
		if (word_of(f.twice[i].at)->reads != WROTE)
			word_try(w, before, &f.twice[i]);
	around_restore(&after, w);
	__real_memcpy(w->state.base, f.saved[1], w->state.used);
	f.target = NULL;
}

/* Does the step, and again for each word that it reads twice. */
void __wrap_world_step(struct world *w, uint32_t a)
{
	struct around before;

	if (f.nested) {
		__real_world_step(w, a);
		return;
	}
	f.nested = true;
	probe_flush(w->probe);
	areas_find(w);
	indexes_find(w);
	entries_find(w);
	room_make(w->state.used);
	__real_memcpy(f.saved[0], w->state.base, w->state.used);
	around_keep(&before, w);
	f.step++;
	f.steps++;
	f.twices = 0;
	f.actor = a;
	f.looks = true;
	__real_world_step(w, a);
	f.looks = false;
	if (f.twices)
		step_repeat(w, &before);
	f.nested = false;
}

static bool scenario_try(struct swarm *s, struct scenario *sc)
{
	struct swarm_result result;
	char error[ERROR];

	f.seed = sc->seed;
	if (sc->faults == 0)
		draw_faults(sc);
	if (swarm_run(s, sc, &result, error, sizeof error))
		return true;
	fprintf(stderr, "%s\n", error);
	return false;
}

/* A world as @seed makes it. */
static struct scenario *scenario_made(uint64_t seed)
{
	struct scenario *sc = NULL;
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return NULL;
	world_write(seed, out);
	if (fclose(out) == 0)
		sc = scenario_parse("<seed>", text, size, NULL, 0, stderr);
	free(text);
	return sc;
}

static bool seeds_try(struct swarm *s, const char *file, uint64_t seeds)
{
	bool good = true;

	for (uint64_t seed = 1; seed <= seeds && good; seed++) {
		struct scenario *sc =
			file ? scenario_load(file, NULL, 0, stderr)
			     : scenario_made(seed);

		if (!sc)
			return false;
		sc->seed = seed;
		sc->schedule = SCHEDULE_RANDOM;
		good = scenario_try(s, sc);
		scenario_free(sc);
	}
	return good;
}

/* fetch_once SEEDS [SCENARIO...]: worlds made at random, or these. */
int main(int argc, char **argv)
{
	static const struct cost_model price;
	struct swarm_options options = {.price = &price, .moves = MOVES};
	struct swarm *s = swarm_open(&options);
	uint64_t seeds = argc > 1 ? strtoull(argv[1], NULL, 10) : 0;
	bool good = s && seeds;

	signal(SIGSEGV, on_crash);
	signal(SIGBUS, on_crash);
	signal(SIGABRT, on_crash);
	if (good && argc == 2)
		good = seeds_try(s, NULL, seeds);
	for (int i = 2; i < argc && good; i++)
		good = seeds_try(s, argv[i], seeds);
	printf("%" PRIu64 " steps, %" PRIu64 " times with a word changed that "
	       "was read again\n",
	       f.steps, f.again);
	swarm_close(s);
	free(f.saved[0]);
	free(f.saved[1]);
	return good ? EXIT_SUCCESS : EXIT_FAILURE;
}
