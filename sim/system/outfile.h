/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Files on their way: written under a name of their own beside the file that
 * they are to become, and renamed when they are complete. Nobody ever reads
 * half of one, and what cannot be written, or would overwrite what is read or
 * written as well, is said when it is opened. Knows files; not what is in them.
 */
#ifndef TWINRING_SIM_SYSTEM_OUTFILE_H
#define TWINRING_SIM_SYSTEM_OUTFILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct outfile;

/*
 * Notes that @path, "-" for standard input, is an input: no output may become
 * it from now on. False: no memory.
 */
bool outfile_reads(const char *path);

/*
 * Begins what is to become @path, with the mode of the file that is there.
 * Devices and pipes are written as they are, when they are first asked for.
 * NULL with words in @error.
 */
struct outfile *outfile_open(const char *path, char *error, size_t size);

/* Where to write. NULL, for devices and pipes: see errno. */
FILE *outfile_stream(struct outfile *o);

/*
 * Completes it. False with words in @error: an older file is still there. @o is
 * freed anyway.
 */
bool outfile_close(struct outfile *o, char *error, size_t size);

/* Leaves things as they were; @o may be NULL. */
void outfile_discard(struct outfile *o);

/* Removes whatever is not complete; a handler of signals may call it. */
void outfile_drop_all(void);

#endif
