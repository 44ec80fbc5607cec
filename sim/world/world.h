/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The world: every machine, ring and belief of a run in one block of memory,
 * at one address. A snapshot is a copy of it. Actors move it step by step;
 * who steps next is for a scheduler to decide.
 */
#ifndef TWINRING_SIM_WORLD_WORLD_H
#define TWINRING_SIM_WORLD_WORLD_H

#include "model/guest/guest.h"
#include "model/host/worker.h"
#include "model/path/path.h"
#include "sim/watch/poisoner.h"

enum { HISTORY_EVENTS = 4096 };

enum actor_state { ACTOR_READY, ACTOR_RESTING, ACTOR_WAITING, ACTOR_DEAD };

struct actor {
	struct part *part;
	uint64_t ready_ps; /* READY: not before; WAITING: its timer */
	uint64_t timer_ps; /* when what it waits for is over; 0: never */
	uint64_t busy_ps;  /* when its last step is paid for */
	uint64_t core_ps;  /* until then its core is taken by some step */
	uint32_t core;     /* number of an actor: its own, or whose it shares */
	uint8_t state;     /* enum actor_state */
	bool poll;         /* looks again whenever another has moved */
	bool expired;      /* its timer has run out */
	char name[2 * NAME_SIZE];
};

/*
 * It has begun to look at what there is to do, and goes on with that: whoever
 * signals it now may have come too late to be seen. So that stays until it
 * begins to look again, and keeps it from sleeping before.
 */
static inline bool actor_midway(const struct actor *a)
{
	return a->part->ops->midway(a->part);
}

enum { DROPS_MAX = 15 };

/* Notifications of one NIC that a fault takes away. */
struct dropped_notifications {
	uint8_t lose[2]; /* so many of the next: kicks, calls */
	bool lost;       /* any was, and nobody made up for it */
};

struct world {
	const struct world_config *cfg;
	struct arena state; /* what a search compares */
	struct arena extra; /* history, referees: cannot change the future */
	struct world_map map;
	struct probe *probe;               /* in extra, as all behind it */
	struct cost_meter *cost;           /* of the step that runs */
	struct interrupt_book *interrupts; /* NULL: none is kept */
	const struct app_ops *app;
	void *app_ctx;
	/* in state */
	struct vm *vm;
	struct guest *guest;
	struct link *link;
	struct dropped_notifications *dropped; /* by NIC */
	struct actor *actor;
	struct store_buffers *stores; /* NULL: every store is seen at once */
	uint32_t actors;
	bool polls;          /* some actor does */
	bool shares;         /* some actor shares the core of another */
	uint32_t moved_link; /* on whose account the last step was */
	uint64_t block_size;
	void *block;
	struct world_block *lent; /* whose block it is, or NULL */
};

/* Memory that one world after another lies in; all zero at first. */
struct world_block {
	void *at;
	size_t size;
	size_t extra;   /* where the second arena begins */
	size_t used[2]; /* of each arena, by the world before */
};

struct world_setup {
	const struct world_config *cfg;
	const struct app_ops *app;
	void *app_ctx;
	size_t extra_state; /* bytes that the caller takes from state */
	size_t extra_other; /* and from extra */
	uint32_t history;   /* events kept, a power of two; 0: the default */
	const struct poisoner_ops
		*guard;            /* NULL: drivers see slots as they lie */
	struct world_block *block; /* NULL: memory of its own */
};

/*
 * Builds a world; drivers begin at their first step. False with words in
 * @error when there is not enough memory.
 */
bool world_open(struct world *w, const struct world_setup *s, char *error,
		size_t size);
void world_close(struct world *w);
void world_block_free(struct world_block *b);

/* One step of actor @a; its new state is set, its signal was taken. */
void world_step(struct world *w, uint32_t a);

/* Whether any actor's stores wait to be seen. */
bool world_stores_wait(const struct world *w);

enum { NO_SIGNAL = 0xffffffff };

/*
 * An actor that was signalled since it was last told of here; NO_SIGNAL: there
 * is none. Who was signalled before and has not looked is awake already.
 */
uint32_t world_signalled(struct world *w);

/* Everything that a search may compare: a copy, and back at the same place. */
size_t world_state_size(const struct world *w);
void world_save(const struct world *w, void *to);
void world_restore(struct world *w, const void *from);
uint64_t world_digest(const struct world *w);

/* The driver of @vm on @link, or NULL. */
struct guest_driver *world_driver(const struct world *w, uint32_t vm,
				  uint32_t link);

/* A VM resets its drivers, or dies. */
void world_reset_vm(struct world *w, uint32_t vm);
void world_crash_vm(struct world *w, uint32_t vm);

/*
 * The driver of @vm on @link resets queue @queue by itself; false when it
 * cannot now.
 */
bool world_reset_queue(struct world *w, uint32_t vm, uint32_t link,
		       uint32_t queue);

/* A VM resets its drivers, which accept @features from now on. */
void world_accept(struct world *w, uint32_t vm, uint64_t features);

/*
 * A VM writes @value at @off of memory that it can reach: the window of that
 * number, its own RAM first. False: there is no such word.
 */
bool world_poke(struct world *w, uint32_t vm, uint32_t window, uint64_t off,
		uint16_t value);

/* The next kick of the driver of @nic, or call for it, is lost. */
bool world_lose(struct world *w, uint32_t nic, bool call);

/* The host parts the ends of @link, and joins them again if they can be. */
void world_unpair(struct world *w, uint32_t link);
void world_pair(struct world *w, uint32_t link);

/* A kick by the driver of @nic, or a call for it, that nobody asked for. */
void world_kick(struct world *w, uint32_t nic);
void world_call(struct world *w, uint32_t nic);

/*
 * A VM writes a register of its device on @link; from 0x1000 on, its table of
 * MSI-X. False: it has no such device.
 */
bool world_register(struct world *w, uint32_t vm, uint32_t link, uint32_t off,
		    uint32_t value);

/* Faults end: unpaired links are paired, lost notifications sent again. */
void world_heal(struct world *w);

/* Bytes of @whose memory that @who can reach, by the mappings (DESIGN). */
struct exposure {
	uint64_t ram;    /* of the other VM's RAM */
	uint64_t shared; /* of slots that both can reach */
};

struct exposure world_exposure(const struct world *w, uint32_t who,
			       uint32_t whose);

#endif
