/* SPDX-License-Identifier: BSD-3-Clause */
#include "tools/calibrate/pages.h"

#include <string.h>
#include <sys/mman.h>

#include "tools/system/clock.h"

enum { PAGE = 4096, PAIRS = 100 };

uint8_t *pages_map(uint32_t count)
{
	size_t size = (size_t)count * PAGE;
	uint8_t *at = mmap(NULL, size, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (at == MAP_FAILED)
		return NULL;
	madvise(at, size, MADV_NOHUGEPAGE);
	memset(at, 1, size);
	return at;
}

void pages_unmap(uint8_t *at, uint32_t count)
{
	munmap(at, (size_t)count * PAGE);
}

bool pages_protect_ps(uint8_t *page, uint64_t *ps)
{
	volatile uint8_t *byte = page;
	uint64_t begin = clock_ns();
	bool good = true;

	for (uint32_t i = 0; i < PAIRS; i++) {
		good &= mprotect(page, PAGE, PROT_READ) == 0;
		good &= mprotect(page, PAGE, PROT_READ | PROT_WRITE) == 0;
		*byte = 2; /* so that there is a translation to take back */
	}
	*ps = (clock_ns() - begin) * 1000 / (2 * PAIRS);
	return good;
}
