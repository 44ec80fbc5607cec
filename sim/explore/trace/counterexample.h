/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A way through a world as a counterexample: does it again, and notes what each
 * move showed and who then believed to hold each slot.
 */
#ifndef TWINRING_SIM_EXPLORE_TRACE_COUNTEREXAMPLE_H
#define TWINRING_SIM_EXPLORE_TRACE_COUNTEREXAMPLE_H

#include "sim/explore/search.h"
#include "sim/explore/sut/sut.h"

/*
 * Fills in the steps of @v from @count moves, from the first state on; false:
 * out of memory.
 */
bool counterexample_tell(struct sut *s, const uint8_t *move, uint32_t count,
			 struct search_violation *v);

#endif
