/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Signals that ask the program to end, from a terminal or from whoever started
 * it. Knows signals; not what runs.
 */
#ifndef TWINRING_TOOLS_SYSTEM_INTERRUPT_H
#define TWINRING_TOOLS_SYSTEM_INTERRUPT_H

#include <signal.h>

/* Not 0: come to an end. Set by a signal, or by whoever sees a reason. */
extern volatile sig_atomic_t interrupt_stop;

/* The signal that came first: INT, TERM, HUP or QUIT; 0: none did. */
extern volatile sig_atomic_t interrupt_signal;

/*
 * From now on such a signal ends the program at once: exit status 128 +
 * signal, and no half file is left.
 */
void interrupt_watch(void);

/*
 * From now on the first one asks whatever runs to come to an end and to print
 * what it has; only the second one ends the program at once.
 */
void interrupt_ask(void);

#endif
