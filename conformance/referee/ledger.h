/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The one authority on who owns each slot: rebuilt from events alone. In the
 * real system nobody knows this, so no model may ask it. Knows slots and
 * rings' events; must not know drivers, hosts or what they believe.
 */
#ifndef TWINRING_CONFORMANCE_REFEREE_LEDGER_H
#define TWINRING_CONFORMANCE_REFEREE_LEDGER_H

#include "sim/watch/referee.h"

extern const struct referee_ops ledger_referee;

/*
 * Whether the VM at @end may touch @slot now, or as soon as it looks at its
 * used ring. True where the link has no pool whose slots could be judged.
 */
bool ledger_lets_touch(const void *ledger, uint32_t link, uint32_t end,
		       uint32_t slot);

#endif
