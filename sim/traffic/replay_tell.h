/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What is said of a capture that is played: what was done to its frames, and
 * why it cannot be. Knows words; not how packets are made.
 */
#ifndef TWINRING_SIM_TRAFFIC_REPLAY_TELL_H
#define TWINRING_SIM_TRAFFIC_REPLAY_TELL_H

#include "sim/traffic/direction/direction.h"
#include "sim/traffic/source.h"

/* One capture on its way to become sources. */
struct replay {
	struct source_list *l;
	const struct scenario *sc;
	const struct traffic_config *traffic;
	struct recording *to;
	const struct capture *c;   /* of to */
	const struct direction *d; /* of to */
	uint64_t rows;             /* packets of all sources */
	uint32_t pairs;            /* sources */
};

/* Whether the times of the recording matter. */
static inline bool replay_keeps_time(const struct traffic_config *t)
{
	return t->pace == PACE_RECORDED || t->pace == PACE_SCALED;
}

/* Says, and counts, what was done to the frames. */
void replay_tell(struct replay *r);

/* Each is false, with words in r->l: no memory; the file is another now; */
bool replay_fail_memory(struct replay *r);
bool replay_fail_changed(struct replay *r);

/* the scenario cannot be: words with the place of the traffic entry; */
__attribute__((format(printf, 2, 3))) bool replay_fail_entry(struct replay *r,
							     const char *format,
							     ...);

/* what direction-by: asks for does not tell two ends apart; */
bool replay_fail_one_endpoint(struct replay *r);

/* who talks to whom would be lost: there is no link for it. */
bool replay_fail_torn(struct replay *r);

#endif
