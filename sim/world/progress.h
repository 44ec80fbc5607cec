/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What may last: a frame that its driver does not take, a send that is parked,
 * gifts or steps without a packet. Knows how a world shows them and what ends
 * them; how long is for ever, and whether that is wrong, it must not know.
 */
#ifndef TWINRING_SIM_WORLD_PROGRESS_H
#define TWINRING_SIM_WORLD_PROGRESS_H

#include "sim/watch/referee.h"
#include "sim/world/app.h"
#include "sim/world/world.h"

/* Masks of worlds of more NICs say nothing of them. */
enum { PROGRESS_NICS = 6 };

/* Bits of a mask; those with a number are of a NIC each. */
enum {
	PROGRESS_STEPS = 1, /* no packet moves: so it is until one does */
	PROGRESS_GIFT = 2,  /* a slot is given */
	PROGRESS_SEND = 4,  /* a frame waits for the driver */
	PROGRESS_PARK = PROGRESS_SEND << PROGRESS_NICS /* a send is parked */
};

_Static_assert((PROGRESS_PARK << PROGRESS_NICS) - 1 <= UINT16_MAX,
	       "a mask has 16 bits");

/* How far packets have come, to see whether something ended. */
struct progress_mark {
	uint64_t taken[PROGRESS_NICS]; /* frames, by drivers */
	uint32_t arrived[PROGRESS_NICS];
	uint16_t
		forwarded[PROGRESS_NICS]; /* sends that are off the host's hands
					   */
};

void progress_mark(const struct world *w, const struct app *a,
		   struct progress_mark *m);

/* What lasts now. A frame need not be sent while it has nowhere to go. */
uint16_t progress_now(const struct world *w, const struct app *a);

/*
 * What has ended since @m was taken, if only to begin again. PROGRESS_GIFT says
 * that the step since then gave a slot.
 */
uint16_t progress_ended(const struct world *w, const struct app *a,
			const struct progress_mark *m);

/* Referees that are told of what does not end, and who hears what they say. */
struct progress_judges {
	const struct referee_ops *const *referee;
	uint32_t referees;
	void (*report)(void *to, const struct finding *f);
	void *to;
};

void progress_tell(const struct world *w, const struct unended *u,
		   const struct progress_judges *judges);

/*
 * Tells of each of @mask, which lasts for ever while all move. PROGRESS_GIFT
 * explains PROGRESS_STEPS.
 */
void progress_report(const struct world *w, uint16_t mask,
		     const struct progress_judges *judges);

/*
 * Tells of what waits though nobody moves: in a world that came to rest at @now
 * it waits for ever. Worlds of any size are looked at.
 */
void progress_rest(const struct world *w, const struct app *a, uint64_t now,
		   const struct progress_judges *judges);

/*
 * Why frames of @nic may wait for ever: words, or NULL where they may not. One
 * of its ends is dead, or unpaired from the other, or a notification got lost.
 */
const char *progress_excuse(const struct world *w, uint32_t nic);

#endif
