/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A way through a world as a story: does it again, and notes what each move
 * showed and who then believed to hold each slot.
 */
#ifndef TWINRING_SIM_SEARCH_TALE_H
#define TWINRING_SIM_SEARCH_TALE_H

#include "sim/search/search.h"
#include "sim/search/subject.h"

/*
 * Fills in the steps of @v from @count moves, from the first state on; false:
 * out of memory.
 */
bool tale_tell(struct subject *s, const uint8_t *move, uint32_t count,
	       struct search_violation *v);

#endif
