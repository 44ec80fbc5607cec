/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Whatever acts in a world: a guest, a worker of the host. A scheduler moves it
 * step by step, and knows no more of it than stands here.
 */
#ifndef TWINRING_MODEL_ACTOR_PART_H
#define TWINRING_MODEL_ACTOR_PART_H

#include "model/actor/signal.h"
#include "model/actor/step.h"

struct part;

struct part_ops {
	/*
	 * Works. With @one it stops after the first action that another party
	 * could observe. @expired: the wait of the last step ran out.
	 */
	enum step_end (*step)(struct part *p, bool one, bool expired,
			      uint64_t *wait_ps);
	/*
	 * It is about to work or to sleep, and will not look at everything
	 * again before that: a signal that comes now is for the next pass.
	 */
	bool (*midway)(const struct part *p);
	/* It was signalled, and looks at all it has. NULL: it always does. */
	void (*woken)(struct part *p);
	/* The time of its last wait goes on though it works. NULL: never. */
	bool (*timed)(const struct part *p);
};

/* First in whatever acts. */
struct part {
	const struct part_ops *ops;
	struct signal *signal; /* wakes it */
	/* Shares the core of this one: the two never run at once. NULL: none.
	 */
	const struct part *beside;
	uint32_t link;    /* on whose account its last step was */
	enum party party; /* whose time its steps take */
};

#endif
