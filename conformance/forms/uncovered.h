/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Whether canonical forms cover what moves read: bytes of a state that a move
 * reads before it writes them, that can change, and that no form looks at. Each
 * must be in uncovered.def, with a reason. Knows what lies where; not what it
 * is for.
 */
#ifndef TWINRING_CONFORMANCE_FORMS_UNCOVERED_H
#define TWINRING_CONFORMANCE_FORMS_UNCOVERED_H

#include "conformance/forms/states.h"

/* Notes what lies where in all worlds that are built from now on. */
void uncovered_begin(void);

/*
 * Looks at all of @st. @moving, a bit for each byte by word of the state, all
 * zero at first: which ones moves read, and are not the same in all states.
 */
void uncovered_look(struct states *st, const char *world, uint8_t *moving);

/*
 * Prints what is neither covered, in any world, nor listed, and rows of the
 * list that are not needed; how many of both.
 */
uint32_t uncovered_tell(void);

/* How many rows there are. */
uint32_t uncovered_rows(void);

/* The world is closed: what lay there lies there no more. */
void uncovered_forget(void);

#endif
