/* SPDX-License-Identifier: BSD-3-Clause */
#include "tools/bench/cold.h"

#if defined(__SSE2__)
#include <emmintrin.h>

enum { LINE = 64 };

bool cold_flush(const uint8_t *at, size_t size)
{
	for (size_t i = 0; i < size; i += LINE)
		_mm_clflush(at + i);
	_mm_mfence();
	return true;
}
#else
bool cold_flush(const uint8_t *at, size_t size)
{
	(void)at;
	(void)size;
	return false;
}
#endif
