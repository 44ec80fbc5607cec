/* SPDX-License-Identifier: BSD-3-Clause */
/* Calls into the kernel that wake nobody and concern this core alone. */
#define _GNU_SOURCE
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "tools/calibrate/measure.h"
#include "tools/calibrate/pages.h"
#include "tools/system/clock.h"

enum { CALLS = 500 };

static void measure_syscall(struct measures *m)
{
	uint64_t ps[MEASURE_ROUNDS];

	for (uint32_t i = 0; i < MEASURE_ROUNDS; i++) {
		uint64_t begin = clock_ns();

		for (uint32_t k = 0; k < CALLS; k++)
			syscall(SYS_getppid);
		ps[i] = (clock_ns() - begin) * 1000 / CALLS;
	}
	m->syscall = measure_of(ps);
}

static void measure_eventfd(struct measures *m)
{
	uint64_t ps[MEASURE_ROUNDS], one = 1;
	int fd = eventfd(0, EFD_CLOEXEC);
	bool good = fd >= 0;

	for (uint32_t i = 0; i < MEASURE_ROUNDS && good; i++) {
		uint64_t begin = clock_ns();

		for (uint32_t k = 0; k < CALLS; k++)
			good &= write(fd, &one, sizeof one) == sizeof one;
		ps[i] = (clock_ns() - begin) * 1000 / CALLS;
	}
	if (good)
		m->eventfd = measure_of(ps);
	if (fd >= 0)
		close(fd);
}

/* A page goes to the place of another, which is gone then. */
static void measure_moves(struct measures *m)
{
	enum { PAGE = 4096, MOVES = 100 };
	uint64_t ps[MEASURE_ROUNDS];
	bool good = true;

	for (uint32_t i = 0; i < MEASURE_ROUNDS && good; i++) {
		uint8_t *at = pages_map(MOVES + 1);
		uint64_t begin;

		if (!at)
			return;
		begin = clock_ns();
		for (uint32_t k = 0; k < MOVES; k++)
			good &= mremap(at + k * PAGE, PAGE, PAGE,
				       MREMAP_MAYMOVE | MREMAP_FIXED,
				       at + (k + 1) * PAGE) != MAP_FAILED;
		ps[i] = (clock_ns() - begin) * 1000 / MOVES;
		munmap(at, (MOVES + 1) * PAGE);
	}
	if (good)
		m->move = measure_less(measure_of(ps), m->syscall);
}

bool measure_calls(struct measures *m)
{
	uint8_t *page = pages_map(1);
	uint64_t ps[MEASURE_ROUNDS];
	bool good = page;

	measure_syscall(m);
	measure_eventfd(m);
	measure_moves(m);
	for (uint32_t i = 0; i < MEASURE_ROUNDS && good; i++)
		good = pages_protect_ps(page, &ps[i]);
	if (good)
		m->protect = measure_less(measure_of(ps), m->syscall);
	if (page)
		pages_unmap(page, 1);
	return page;
}
