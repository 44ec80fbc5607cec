/* SPDX-License-Identifier: BSD-3-Clause */
#include "conformance/referee/progress.h"

#include <inttypes.h>

#include "conformance/referee/finding.h"

/* The transmit queue of a NIC, and who fills it. */
static struct event event_of(const struct world_config *c,
			     const struct unended *u)
{
	return (struct event){.actor = actor_guest(nic_vm(c, u->nic)),
			      .queue = queue_of_nic(u->nic, NET_TX),
			      .time = u->now};
}

static const char *how_long(const struct unended *u)
{
	return u->at_rest ? "and nobody moves" : "however all go on";
}

static void busy_finding(const struct referee_setup *s, const struct unended *u)
{
	const struct numbering *n = &s->config->numbers;
	const struct event ev = {.actor = u->actor,
				 .queue = queue_first(n, nic_link(n, u->nic)),
				 .time = u->now};

	referee_finding(s, &ev, CLAUSE_EXT_SETTLED, NO_SLOT,
			"%" PRIu64 " steps %s, and still busy", u->steps,
			u->kind == UNENDED_HEALED ? "after the last fault"
						  : "without a packet");
}

static void progress_unended(const struct referee_setup *s,
			     const struct unended *u)
{
	const struct world_config *c = s->config;
	const char *vm = c->vm[nic_vm(c, u->nic)].name;
	struct event ev = event_of(c, u);

	switch (u->kind) {
	case UNENDED_SEND:
		referee_finding(s, &ev, CLAUSE_EXT_SEND, NO_SLOT,
				"%s has a frame to send, %s", vm, how_long(u));
		break;
	case UNENDED_PARK:
		referee_finding(s, &ev, CLAUSE_EXT_PARK, NO_SLOT,
				"a send of %s stays parked, %s", vm,
				how_long(u));
		break;
	case UNENDED_TAKEN:
		referee_finding(s, &ev, CLAUSE_EXT_SEND, NO_SLOT,
				"%s took %" PRIu64 " frames to send, and sent "
				"or refused %" PRIu64,
				vm, u->taken, u->done);
		break;
	case UNENDED_GIFTS:
		referee_finding(s, &ev, CLAUSE_EXT_GIFT_ENDS, NO_SLOT,
				"slots are given to and fro without a packet");
		break;
	case UNENDED_STEPS:
		referee_finding(s, &ev, CLAUSE_EXT_SETTLED, NO_SLOT,
				"all go on for ever without a packet");
		break;
	case UNENDED_BUSY:
	case UNENDED_HEALED:
		busy_finding(s, u);
		break;
	}
}

static size_t progress_size(const struct world_config *c)
{
	(void)c;
	return 0;
}

static void *progress_create(const struct referee_setup *s)
{
	(void)s;
	return NULL;
}

static const struct event_subscriptions subscriptions;

const struct referee_ops progress_referee = {
	.name = "progress",
	.words = "what must happen does not wait for ever",
	.size = progress_size,
	.create = progress_create,
	.subscriptions = &subscriptions,
	.unended = progress_unended,
};
