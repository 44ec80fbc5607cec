/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Whether something can last for ever though everybody moves: frames that wait
 * for their driver, parked sends, gifts or steps without a packet. Knows what
 * is fair: whoever can always do a step does it, timers run out, and stores
 * are seen.
 */
#ifndef TWINRING_SIM_EXPLORE_LIVENESS_LIVENESS_H
#define TWINRING_SIM_EXPLORE_LIVENESS_LIVENESS_H

#include <signal.h>

#include "sim/explore/sut/sut.h"
#include "sim/explore/trace/result.h"

/* False with words in @error where @sc cannot be asked. */
bool liveness_can(const struct scenario *sc, char *error, size_t size);

/*
 * Walks all of @s once more and adds what it finds to @r, one way to each
 * clause, unless *@stop is set before the end. False: out of memory.
 */
bool liveness_judge(struct sut *s, struct search_result *r,
		    const volatile sig_atomic_t *stop);

#endif
