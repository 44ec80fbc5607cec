/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A way through a world as a counterexample: does it again, and notes what each
 * move showed and who then believed to hold each slot.
 */
#ifndef TWINRING_SIM_EXPLORE_TRACE_COUNTEREXAMPLE_H
#define TWINRING_SIM_EXPLORE_TRACE_COUNTEREXAMPLE_H

#include "sim/explore/sut/sut.h"
#include "sim/explore/trace/result.h"

/*
 * Fills in the steps of @v from @count moves, from the first state on; false:
 * out of memory.
 */
bool counterexample_tell(struct sut *s, const uint8_t *move, uint32_t count,
			 struct search_violation *v);

/*
 * Writes @v as a scenario that run replays to the same clauses. False: out of
 * memory.
 */
bool counterexample_write(const struct scenario *sc,
			  const struct search_violation *v, FILE *out);

/*
 * Tells the script of @s, which was built, as the counterexample of v->finding,
 * which a run of it found: a line is a move, and each step of a line with
 * several. False with words in @error when it cannot be told; the caller frees
 * @v->step.
 */
bool counterexample_retell(struct sut *s, struct search_violation *v,
			   char *error, size_t size);

#endif
