/* SPDX-License-Identifier: BSD-3-Clause */
/* What takes two cores: lines between them, wake-ups, shootdowns. */
#define _GNU_SOURCE
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "tools/calibrate/measure.h"
#include "tools/calibrate/pages.h"
#include "tools/system/clock.h"

enum {
	TRIPS = 2000,
	ASLEEP_NS = 50000,  /* so long after it began to, the other sleeps */
	ROUND_NS = 20000000 /* a round that others disturb ends here */
};

enum job { JOB_NONE, JOB_ECHO, JOB_SLEEP, JOB_SPIN, JOB_END };

/* The other thread, on a core of its own. */
static struct {
	_Alignas(128) atomic_uint ball; /* odd: it is the other's turn */
	_Alignas(128) atomic_int job;
	_Alignas(128) atomic_int doing;
	_Alignas(128) atomic_ullong woke_ns;
	int fd;
} shared;

static bool pin(int nth)
{
	cpu_set_t all, one;
	int cpu = 0;

	if (sched_getaffinity(0, sizeof all, &all) != 0)
		return false;
	for (; cpu < CPU_SETSIZE; cpu++)
		if (CPU_ISSET(cpu, &all) && nth-- == 0)
			break;
	if (cpu == CPU_SETSIZE)
		return false;
	CPU_ZERO(&one);
	CPU_SET(cpu, &one);
	return pthread_setaffinity_np(pthread_self(), sizeof one, &one) == 0;
}

static void echo(void)
{
	while (atomic_load(&shared.job) == JOB_ECHO) {
		unsigned ball = atomic_load_explicit(&shared.ball,
						     memory_order_acquire);

		if (ball % 2)
			atomic_store_explicit(&shared.ball, ball + 1,
					      memory_order_release);
	}
}

static void sleep_on(void)
{
	uint64_t value;

	if (read(shared.fd, &value, sizeof value) == sizeof value)
		atomic_store(&shared.woke_ns, clock_ns());
	atomic_store(&shared.job, JOB_NONE);
}

static void *other(void *pinned)
{
	*(bool *)pinned = pin(1);
	for (int job; (job = atomic_load(&shared.job)) != JOB_END;) {
		atomic_store(&shared.doing, job);
		if (job == JOB_ECHO)
			echo();
		if (job == JOB_SLEEP)
			sleep_on();
	}
	return NULL;
}

/* The other thread is at it. */
static void give(enum job job)
{
	atomic_store(&shared.job, (int)job);
	while (atomic_load(&shared.doing) != (int)job)
		;
}

/* There and back, as often as it goes in a round's time. */
static uint64_t line_ps(void)
{
	uint64_t begin = clock_ns(), now = begin;
	uint32_t trips = 0;

	while (trips < TRIPS && now - begin < ROUND_NS) {
		unsigned ball = atomic_load(&shared.ball);

		atomic_store_explicit(&shared.ball, ball + 1,
				      memory_order_release);
		while (atomic_load_explicit(&shared.ball,
					    memory_order_acquire) == ball + 1)
			;
		if (++trips % 64 == 0)
			now = clock_ns();
	}
	return (clock_ns() - begin) * 1000 / (2 * (uint64_t)trips);
}

static void measure_line(struct measures *m)
{
	uint64_t ps[MEASURE_ROUNDS];

	give(JOB_ECHO);
	for (uint32_t i = 0; i < MEASURE_ROUNDS; i++)
		ps[i] = line_ps();
	give(JOB_NONE);
	m->line = measure_of(ps);
}

/* One that sleeps is woken: what that takes here, and until it runs there. */
static bool wake_once(uint64_t *here, uint64_t *there)
{
	uint64_t one = 1, begin, end;

	atomic_store(&shared.woke_ns, 0);
	give(JOB_SLEEP);
	for (begin = clock_ns(); clock_ns() - begin < ASLEEP_NS;)
		;
	begin = clock_ns();
	if (write(shared.fd, &one, sizeof one) != sizeof one)
		return false;
	end = clock_ns();
	while (atomic_load(&shared.job) == JOB_SLEEP)
		;
	*here = (end - begin) * 1000;
	*there = atomic_load(&shared.woke_ns);
	*there = *there > end ? (*there - end) * 1000 : 1;
	return true;
}

static void measure_wakes(struct measures *m)
{
	uint64_t here[MEASURE_ROUNDS], there[MEASURE_ROUNDS];

	for (uint32_t i = 0; i < MEASURE_ROUNDS; i++)
		if (!wake_once(&here[i], &there[i]))
			return;
	m->wake = measure_of(here);
	m->wake_delay = measure_of(there);
}

static void measure_shootdowns(struct measures *m)
{
	uint64_t ps[MEASURE_ROUNDS];
	uint8_t *page = pages_map(1);
	bool good = page;

	give(JOB_SPIN);
	for (uint32_t i = 0; i < MEASURE_ROUNDS && good; i++)
		good = pages_protect_ps(page, &ps[i]);
	give(JOB_NONE);
	if (good)
		m->shootdown = measure_less(
			measure_less(measure_of(ps), m->syscall), m->protect);
	if (page)
		pages_unmap(page, 1);
}

static void measure_pair(struct measures *m)
{
	measure_line(m);
	measure_wakes(m);
	measure_shootdowns(m);
}

bool measure_cores(struct measures *m)
{
	cpu_set_t before;
	pthread_t thread;
	bool pinned = false;

	shared.fd = eventfd(0, EFD_CLOEXEC);
	atomic_store(&shared.job, JOB_SPIN);
	atomic_store(&shared.doing, JOB_NONE);
	if (shared.fd < 0)
		return false;
	if (pthread_create(&thread, NULL, other, &pinned) != 0) {
		close(shared.fd);
		return false;
	}
	give(JOB_SPIN);
	if (pinned && sched_getaffinity(0, sizeof before, &before) == 0 &&
	    pin(0)) {
		measure_pair(m);
		sched_setaffinity(0, sizeof before, &before);
	}
	atomic_store(&shared.job, JOB_END);
	pthread_join(thread, NULL);
	close(shared.fd);
	return true;
}
