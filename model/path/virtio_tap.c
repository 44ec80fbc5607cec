/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * virtio-net that the monitor of each VM emulates in user space, before a tap:
 * a thread of it writes what the guest sends, frame by frame, and reads what
 * comes. Each of that is a call into the kernel, and a copy there; a kick
 * leaves the guest for the monitor, which passes it on to that thread.
 */
#include "model/path/path.h"
#include "model/host/classic.h"
#include "model/tap/tap.h"

/* Whether it was the monitor or the kernel that wrote it, the thread reads. */
enum { KICK_EVENTFDS = 2 };

static void calls(const struct link *l)
{
	cost_count(l->cost, COST_SYSCALL, 1);
}

static enum forward forward(struct worker *w)
{
	if (tap_write(w))
		calls(w->link);
	return FORWARDED;
}

static enum delivery deliver(struct worker *w)
{
	enum delivery d = tap_read(w);

	if (d == DELIVERED)
		calls(w->link);
	return d;
}

static void kicked(struct nic *n)
{
	cost_count(n->link->cost, COST_EVENTFD, KICK_EVENTFDS);
}

static void interrupts(struct nic *n)
{
	calls(n->link);
}

/* It waits for its tap and for kicks, by poll(). */
static void sleeps(struct worker *w)
{
	calls(w->link);
}

const struct path_ops path_virtio_tap = {
	.name = "virtio-tap",
	.words = "each VM's monitor copies packets to and from a tap of the "
		 "host's bridge",
	.members_min = 2,
	.members_max = 2,
	.exits = EXITS_HEAVY,
	.party = PARTY_EMULATOR,
	.arena = tap_arena,
	.begin = tap_begin,
	.stop = tap_stop,
	.kicked = kicked,
	.interrupts = interrupts,
	.sleeps = sleeps,
	.canon = tap_canon,
	.forward = forward,
	.deliver = deliver,
	.give_up = tap_give_up,
	.posted = classic_posted,
	.posted_batch = classic_posted_batch,
};
