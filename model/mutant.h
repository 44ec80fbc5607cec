/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Errors that are planted, one at a time, to see that a search finds them: a
 * look, a request or a notification that is left out, or comes too late. The
 * program itself has none of them: there, MUTANT() is a constant.
 */
#ifndef TWINRING_MODEL_MUTANT_H
#define TWINRING_MODEL_MUTANT_H

enum mutant {
	MUTANT_NONE,
#define MUTANT_ROW(id, name, words) MUTANT_##id,
#include "model/mutants.def"
#undef MUTANT_ROW
	MUTANTS
};

#ifdef TWINRING_MUTANTS
extern enum mutant mutant_on; /* the one that is planted */
#define MUTANT(id) (mutant_on == MUTANT_##id)
#else
#define MUTANT(id) 0
#endif

/* Of two alike, the one of a receive queue or that of a transmit queue. */
#define MUTANT_OF(tx, id) ((tx) ? MUTANT(id##_TX) : MUTANT(id##_RX))

#endif
