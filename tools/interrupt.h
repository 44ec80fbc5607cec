/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Ctrl-C: the first one asks whatever runs to come to an end and to print what
 * it has, the second one ends the program at once.
 */
#ifndef TWINRING_TOOLS_INTERRUPT_H
#define TWINRING_TOOLS_INTERRUPT_H

#include <signal.h>

/* Not 0: come to an end. Set by a signal, or by whoever sees a reason. */
extern volatile sig_atomic_t interrupt_stop;

/* The signal that came first, SIGINT or SIGTERM; 0: none did. */
extern volatile sig_atomic_t interrupt_signal;

void interrupt_watch(void);

#endif
