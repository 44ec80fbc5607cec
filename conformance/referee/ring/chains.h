/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The chains that one split queue's driver has exposed, rebuilt from events.
 * Knows descriptors and what may be in a chain; must not know indexes,
 * notifications, or the code of either half.
 */
#ifndef TWINRING_CONFORMANCE_REFEREE_RING_CHAINS_H
#define TWINRING_CONFORMANCE_REFEREE_RING_CHAINS_H

#include <stdbool.h>

#include "model/clauses.h"
#include "model/event.h"
#include "model/memory/arena.h"

enum chain_state {
	CHAIN_FREE,
	CHAIN_MEMBER,  /* behind the head of an exposed chain */
	CHAIN_EXPOSED, /* head of a chain that the device may hold */
	CHAIN_USED     /* head of a chain with a used element */
};

/* What is known of a descriptor of the table. */
struct chain_note {
	uint32_t room;  /* writable bytes of a head's chain, at most 2^32-1 */
	uint32_t len;   /* what its used element says */
	uint16_t at;    /* EXPOSED: available position; USED: used position;
			   MEMBER: its head */
	uint16_t next;  /* in the chain */
	uint16_t count; /* of a head: descriptors taken from the table */
	uint16_t state; /* enum chain_state */
};

/* A descriptor written since the last available entry. */
struct chain_desc {
	uint64_t addr;
	uint32_t len;
	uint16_t index;
	uint16_t flags;
	uint16_t next;
	bool walked;
};

/* Guest-physical memory in which an indirect table may lie. */
struct chain_memory {
	uint64_t gpa;
	uint64_t size; /* 0: none */
};

struct chains {
	struct chain_note *note;  /* one a descriptor */
	struct chain_desc *fresh; /* room for the table's size */
	uint32_t fresh_count;     /* may exceed the room: then not all kept */
	uint32_t outstanding;     /* exposed and without a used element */
	uint16_t size;
	uint16_t used_idx; /* used elements that the driver can see */
	bool indirect;
	struct chain_memory memory[2];
};

/* Bytes of arena that one queue of @size takes. */
size_t chains_bytes(uint16_t size);

void chains_init(struct chains *c, uint16_t size, bool indirect,
		 struct arena *arena);

/* Nothing is exposed any more; used elements count from @start. */
void chains_reset(struct chains *c, uint16_t start);

/* True when position @at lies below index @idx, modulo 2^16. */
static inline bool chains_below(uint16_t at, uint16_t idx)
{
	return (uint16_t)(idx - 1 - at) < 0x8000;
}

/* True when the driver has not got descriptor @index back. */
bool chains_live(const struct chains *c, uint16_t index);

/* Remembers the descriptor of a DESC event; false, with the rule, when it
 * breaks one. */
bool chains_desc(struct chains *c, const struct event *ev, struct verdict *why);

/*
 * The same for a run of them, from the @k-th on up to the first that needs a
 * closer look: how many.
 */
uint32_t chains_desc_batch(struct chains *c, const struct event *ev,
			   uint32_t k);

/*
 * Exposes the chain of an OFFER event whose head lies inside the table. False,
 * with the rule, when the chain breaks one; it is exposed all the same, as
 * far as it could be followed.
 */
bool chains_offer(struct chains *c, const struct event *ev,
		  struct verdict *why);

/* Frees what stands behind @head in its chain. */
void chains_members_free(struct chains *c, uint16_t head);

/* The driver has taken @head's used element: its descriptors are free. */
void chains_release(struct chains *c, uint16_t head);

#endif
