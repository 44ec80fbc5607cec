/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * One target of fuzzing: bytes that mean no harm to it, whatever they are. A
 * fuzzer calls it with what it makes up; replay.c with what files hold.
 */
#ifndef TWINRING_CONFORMANCE_FUZZ_FUZZ_H
#define TWINRING_CONFORMANCE_FUZZ_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

/* The name is libFuzzer's. Returns 0; what should not be ends in abort(). */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Where words go that nobody reads. */
static inline FILE *fuzz_nowhere(void)
{
	static FILE *nowhere;

	if (!nowhere)
		nowhere = fopen("/dev/null", "w");
	if (!nowhere)
		abort();
	return nowhere;
}

#endif
