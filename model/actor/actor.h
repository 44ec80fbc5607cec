/* SPDX-License-Identifier: BSD-3-Clause */
/* How those who act are numbered and called. */
#ifndef TWINRING_MODEL_ACTOR_ACTOR_H
#define TWINRING_MODEL_ACTOR_ACTOR_H

#include <stdio.h>

#include "model/config.h"
#include "model/event.h"

enum { NO_ACTOR = 0xffffffff };

/* Guests are actors 0 to vms - 1; then a host worker for each NIC. */
static inline actor_id actor_guest(uint32_t vm)
{
	return (actor_id)vm;
}

/* The worker that serves what NIC @nic transmits. */
static inline actor_id actor_worker(const struct world_config *c, uint32_t nic)
{
	return (actor_id)(c->vms + nic);
}

/* The worker that serves what the VM at @end of @link transmits. */
static inline actor_id actor_host(const struct world_config *c, uint32_t link,
				  uint32_t end)
{
	return actor_worker(c, nic_id(&c->numbers, link, end));
}

static inline uint32_t actor_count(const struct world_config *c)
{
	return c->vms + nic_count(&c->numbers);
}

/* A set of actors; all zero is the empty one. */
struct actor_set {
	uint64_t word[(ACTOR_MAX + 63) / 64];
};

static inline void actor_set_add(struct actor_set *s, uint32_t actor)
{
	assert(actor < ACTOR_MAX);
	s->word[actor / 64] |= UINT64_C(1) << actor % 64;
}

static inline bool actor_set_has(const struct actor_set *s, uint32_t actor)
{
	assert(actor < ACTOR_MAX);
	return s->word[actor / 64] >> actor % 64 & 1;
}

/* "vm1", or "host0.vm1" for the worker that serves what vm1 sends on link 0. */
static inline void actor_name(const struct world_config *c, uint32_t actor,
			      char *out, size_t size)
{
	uint32_t worker = actor - c->vms;

	if (actor < c->vms)
		snprintf(out, size, "%s", c->vm[actor].name);
	else if (worker >= nic_count(&c->numbers))
		snprintf(out, size, "actor %u",
			 actor); /* nobody that there is */
	else
		snprintf(out, size, "host%u.%s", nic_link(&c->numbers, worker),
			 c->vm[nic_vm(c, worker)].name);
}

#endif
