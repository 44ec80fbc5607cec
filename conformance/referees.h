/* SPDX-License-Identifier: BSD-3-Clause */
/* All referees, in the order in which they watch. */
#ifndef TWINRING_CONFORMANCE_REFEREES_H
#define TWINRING_CONFORMANCE_REFEREES_H

#include "sim/watch/referee.h"

enum { REFEREES = 9 };

_Static_assert((int)REFEREES <= (int)REFEREES_MAX, "all judge at once");

extern const struct referee_ops *const referees[REFEREES];

#endif
