/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Processes that this one starts: they end when it does, whatever it dies of,
 * and no others are waited for. Knows processes; not what they do.
 */
#ifndef TWINRING_SIM_SYSTEM_CHILD_H
#define TWINRING_SIM_SYSTEM_CHILD_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

enum { CHILD_WORDS = 128 }; /* bytes of what child_words() writes */

/*
 * As fork(). The child is deaf to what asks all of a group to end, which is for
 * its parent to answer, and is killed when that ends. -1: see errno.
 */
pid_t child_begin(void);

/*
 * Whether child @pid has ended; if so, it is gone and *status says how. With
 * @wait it is waited for.
 */
bool child_ended(pid_t pid, bool wait, int *status);

/* Kills @pid, if it is one. It still has to be waited for. */
void child_kill(pid_t pid);

/* Whether @pid has ended and nobody has waited for it yet. */
bool child_is_dead(pid_t pid);

/* Sleeps for a thousandth of a second: nothing else tells of an end to come. */
void child_moment(void);

/* In words: "ended with exit status 4", "was killed by signal 9 (Killed)". */
const char *child_words(int status, char *out, size_t size);

#endif
